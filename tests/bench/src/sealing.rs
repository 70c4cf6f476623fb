//! The results of the bench `sealing`.

use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    results::Results,
    spread::Spread,
};

/// The sizes that are sealed, in bytes; the last is the largest value that can be stored.
pub const SIZES: [usize; 3] = [32, 4 * 1024, 49_104];

/// An implementation that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sealer {
    /// This workspace's library.
    GitHubSecrets,
    /// libsodium, built from its C source.
    Libsodium,
    /// dryoc, in Rust.
    Dryoc,
}

impl Sealer {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 3] = [Self::GitHubSecrets, Self::Libsodium, Self::Dryoc];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHubSecrets => "github-secrets",
            Self::Libsodium => "libsodium",
            Self::Dryoc => "dryoc",
        }
    }
}

/// How long one implementation took in one round.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Time {
    /// The implementation.
    pub sealer: Sealer,
    /// The size of the value, in bytes.
    pub size: usize,
    /// From a value to the base64 text of its box: the median of the round.
    pub microseconds: f64,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sealing {
    /// The times, round by round.
    pub times: Vec<Time>,
}

impl Results for Sealing {
    const FILE: &str = "sealing.json";
}

impl Sealing {
    /// Returns how long an implementation takes, in microseconds.
    pub(crate) fn time(&self, sealer: Sealer, size: usize) -> Option<Spread> {
        Spread::of(self.measured(sealer, size))
    }

    /// Returns the library's time as a multiple of another implementation's, round by round.
    fn ratio(&self, other: Sealer, size: usize) -> Option<Spread> {
        let ours = self.measured(Sealer::GitHubSecrets, size);
        let theirs = self.measured(other, size);
        Spread::of(ours.zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    fn measured(&self, sealer: Sealer, size: usize) -> impl Iterator<Item = f64> {
        let times = self.times.iter();
        let times = times.filter(move |time| time.sealer == sealer && time.size == size);
        times.map(|time| time.microseconds)
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let case = |other, size, most: f64| {
            let ratio = self.ratio(other, size)?;
            Some(Case {
                at: format!("{size} B"),
                measured: format!("{ratio:.2}"),
                met: ratio.median <= most,
            })
        };
        let [small, middle, _] = SIZES;
        [
            (
                "sealing takes at most 1.2 times as long as libsodium's",
                case(Sealer::Libsodium, small, 1.2),
            ),
            (
                "sealing takes at most 1.3 times as long as libsodium's",
                case(Sealer::Libsodium, middle, 1.3),
            ),
            (
                "sealing is level with dryoc's: at most 1.05 times as long",
                case(Sealer::Dryoc, small, 1.05),
            ),
        ]
        .into_iter()
        .filter_map(|(aim, case)| {
            Some(Aim {
                aim,
                cases: vec![case?],
            })
        })
        .collect()
    }

    pub(crate) fn section(&self) -> String {
        let mut text = SEALING.trim_start().to_owned();
        for size in SIZES {
            text.extend(self.row(size));
        }
        text
    }

    fn row(&self, size: usize) -> Option<String> {
        let mut row = format!("| {size} B |");
        for sealer in Sealer::ALL {
            row.push_str(&format!(" {:.1} |", self.time(sealer, size)?));
        }
        for other in [Sealer::Libsodium, Sealer::Dryoc] {
            row.push_str(&format!(" {:.2} |", self.ratio(other, size)?));
        }
        row.push('\n');
        Some(row)
    }
}

const SEALING: &str = "
## Sealing

From a value to the base64 text of its sealed box: by `PublicKey::seal`, by libsodium's
`crypto_box_seal`, and by [dryoc](https://crates.io/crates/dryoc) 2, all with the same base64
encoder. The three are measured alternately; each round contributes its median. Times are in
microseconds: the median of all rounds, with the least and the greatest in brackets. Ratios compare
measurements of the same round.

The largest value takes longer because of Salsa20: libsodium and dryoc use the processor's vector
instructions for it, and the `salsa20` crate does not.

| value | github-secrets | libsodium | dryoc | ÷ libsodium | ÷ dryoc |
|--:|--:|--:|--:|--:|--:|
";
