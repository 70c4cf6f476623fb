//! What a sync may do.

use super::judge::Rules;

/// What a sync may do.
///
/// ```
/// use github_secrets::sync::Options;
///
/// let options = Options::default().prune(true).max_deletes(3);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub(super) rules: Rules,
    pub(super) max_deletes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            max_deletes: 10,
        }
    }
}

impl Options {
    /// Sets whether secrets that this sync wrote, that are unchanged since and that are no longer
    /// wanted, are deleted.
    ///
    /// Default is false: they are left alone.
    pub fn prune(mut self, prune: bool) -> Self {
        self.rules.prune = prune;
        self
    }

    /// Sets whether wanted secrets that exist, and that this sync did not write, are overwritten.
    ///
    /// Default is false: they are left alone.
    pub fn take_over(mut self, take_over: bool) -> Self {
        self.rules.take_over = take_over;
        self
    }

    /// Sets whether a secret that somebody else has changed is left as it is.
    ///
    /// Default is false: its value is written again. A new value or another access is written in
    /// either case.
    pub fn keep_changed(mut self, keep_changed: bool) -> Self {
        self.rules.keep_changed = keep_changed;
        self
    }

    /// Sets how many secrets may be deleted. If there are more to delete, none is.
    ///
    /// Default is 10.
    pub fn max_deletes(mut self, secrets: usize) -> Self {
        self.max_deletes = secrets;
        self
    }
}
