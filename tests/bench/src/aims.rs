//! What the measurements are held against.

use std::path::Path;

use crate::{
    delivery::{AT_ONCE, CONNECTIONS, Client, Delivery, PROCESSOR, REQUESTS},
    sealing::{self, SIZES},
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

/// The aim of the bench `sealing`.
pub(crate) fn of_sealing(results: &Path) -> anyhow::Result<Aim> {
    let mut cases = Vec::new();
    for size in SIZES {
        if let Some([ours, theirs]) = sealing::times(results, size)? {
            let ratio = ours.median / theirs.median;
            cases.push(Case {
                at: format!("{size} B"),
                measured: format!("{ratio:.2} of its time"),
                met: ratio <= 1.0,
            });
        }
    }
    Ok(Aim { aim: "sealing is no slower than libsodium's", cases })
}
