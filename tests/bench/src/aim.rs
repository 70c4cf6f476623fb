//! What the measurements are held against.

/// An aim, and each case that it was measured in.
pub(crate) struct Aim {
    pub(crate) aim: &'static str,
    pub(crate) cases: Vec<Case>,
}

/// One measurement that an aim is about.
pub(crate) struct Case {
    pub(crate) at: String,
    pub(crate) measured: String,
    pub(crate) met: bool,
}

impl Aim {
    /// Returns whether it is met, or where it is not.
    pub(crate) fn verdict(&self) -> String {
        let missed = self.cases.iter().filter(|case| !case.met);
        let missed: Vec<&str> = missed.map(|case| case.at.as_str()).collect();
        if missed.is_empty() {
            "met".to_owned()
        } else {
            format!("**not met**: {}", missed.join(", "))
        }
    }
}
