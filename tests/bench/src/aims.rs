//! What the measurements are held against.

use crate::{
    delivery::{AT_ONCE, CONNECTIONS, Client, Delivery, PROCESSOR, REQUESTS},
    sealing::{SIZES, Sealer, Sealing},
};

/// An aim, and each case that it was measured in.
pub(crate) struct Aim {
    pub(crate) aim: &'static str,
    pub(crate) cases: Vec<Case>,
}

pub(crate) struct Case {
    pub(crate) at: String,
    pub(crate) measured: String,
    pub(crate) met: bool,
}

impl Aim {
    /// Whether it is met, or where it is not.
    pub(crate) fn verdict(&self) -> String {
        let missed = self.cases.iter().filter(|case| !case.met);
        let missed: Vec<&str> = missed.map(|case| case.at.as_str()).collect();
        match missed.is_empty() {
            true => "met".to_owned(),
            false => format!("**not met** at {}", missed.join(", ")),
        }
    }
}

/// The aims of the bench `delivery`.
pub(crate) fn of_delivery(delivery: &Delivery) -> Vec<Aim> {
    let ours = |measure, at_once| delivery.spread(measure, Client::GitHubSecrets, at_once);
    let cases = |case: &dyn Fn(usize) -> Option<(String, bool)>| {
        let cases = AT_ONCE.into_iter().filter_map(|at_once| {
            let (measured, met) = case(at_once)?;
            let at = format!("{at_once} at once");
            Some(Case { at, measured, met })
        });
        cases.collect()
    };
    let wanted = (delivery.secrets + 1) as f64;
    vec![
        Aim {
            aim: "no more processor time than octocrab",
            cases: cases(&|at_once| {
                let ratio = delivery.ratio(PROCESSOR, at_once)?;
                Some((format!("{ratio:.2} of it"), ratio.median <= 1.0))
            }),
        },
        Aim {
            aim: "never more connections than secrets at once",
            cases: cases(&|at_once| {
                let connections = ours(CONNECTIONS, at_once)?;
                Some((format!("{connections:.0}"), connections.greatest <= at_once as f64))
            }),
        },
        Aim {
            aim: "one request for each secret, and one for the public key",
            cases: cases(&|at_once| {
                let requests = ours(REQUESTS, at_once)?;
                let met = requests.least == wanted && requests.greatest == wanted;
                Some((format!("{requests:.0}"), met))
            }),
        },
    ]
}

/// The aims of the bench `sealing`.
pub(crate) fn of_sealing(sealing: &Sealing) -> Vec<Aim> {
    let cases = |to, most: &[(usize, f64)]| {
        let cases = most.iter().filter_map(|&(size, most)| {
            let ratio = sealing.ratio(to, size)?.median;
            let (at, measured) = (format!("{size} B"), format!("{ratio:.2} of it"));
            Some(Case { at, measured, met: ratio <= most })
        });
        cases.collect()
    };
    let [small, medium, _] = SIZES;
    vec![
        Aim {
            aim: "sealing takes no more than 1.2 of libsodium's time at 32 B, and 1.3 at 4 KiB",
            cases: cases(Sealer::Libsodium, &[(small, 1.2), (medium, 1.3)]),
        },
        Aim {
            aim: "sealing is level with dryoc at 32 B: no more than 1.05 of its time",
            cases: cases(Sealer::Dryoc, &[(small, 1.05)]),
        },
    ]
}
