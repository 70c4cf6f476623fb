//! The results of the bench `sealing`, as criterion keeps them.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use crate::{
    aim::{Aim, Case},
    results::read,
    spread::Spread,
};

/// The name of the bench.
pub const NAME: &str = "sealing";

/// What seals.
pub const SEALERS: [&str; 3] = ["github-secrets", "libsodium", "dryoc"];

/// The sizes that are sealed, in bytes; the last is the largest value that GitHub takes.
pub const SIZES: [usize; 3] = [32, 4 * 1024, 49_104];

/// How long each of [`SEALERS`] takes for a value of one size, in microseconds: the median, between
/// the bounds that it is within with 95 % confidence.
pub(crate) struct Sealing {
    pub(crate) size: usize,
    pub(crate) times: [Spread; 3],
}

impl Sealing {
    /// Returns what was measured, or nothing if the bench did not run yet.
    pub(crate) fn load(results: &Path) -> anyhow::Result<Vec<Self>> {
        let mut measured = Vec::new();
        for size in SIZES {
            let [ours, libsodium, dryoc] = SEALERS.map(|sealer| time(results, sealer, size));
            if let (Some(ours), Some(libsodium), Some(dryoc)) = (ours?, libsodium?, dryoc?) {
                measured.push(Self {
                    size,
                    times: [ours, libsodium, dryoc],
                });
            }
        }
        Ok(measured)
    }

    /// Returns the library's time as a multiple of libsodium's and of dryoc's.
    pub(crate) fn ratios(&self) -> [f64; 2] {
        let [ours, libsodium, dryoc] = self.times;
        [ours.median / libsodium.median, ours.median / dryoc.median]
    }
}

pub(crate) fn aims(measured: &[Sealing]) -> Vec<Aim> {
    let case = |size: usize, ratio: usize, most: f64| {
        let sealing = measured.iter().find(|sealing| sealing.size == size)?;
        let ratio = sealing.ratios()[ratio];
        Some(Case {
            at: format!("{size} B"),
            measured: format!("{ratio:.2}"),
            // To the two decimals that are shown.
            met: (ratio * 100.0).round() <= most * 100.0,
        })
    };
    let [small, middle, _] = SIZES;
    [
        (
            "sealing takes at most 1.2 times as long as libsodium's",
            case(small, 0, 1.2),
        ),
        (
            "sealing takes at most 1.3 times as long as libsodium's",
            case(middle, 0, 1.3),
        ),
        ("sealing takes no longer than dryoc's", case(small, 1, 1.0)),
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

pub(crate) fn section(measured: &[Sealing]) -> String {
    let [ours, libsodium, dryoc] = SEALERS;
    let mut text = format!(
        "## Sealing\n\n\
         From a value to the base64 text of its sealed box: by `PublicKey::seal`, by libsodium's\n\
         `crypto_box_seal` and by dryoc 2.0's, each with the same base64 encoder. Times are in\n\
         microseconds: the median, and in brackets the bounds that it is within with 95 % confidence.\n\n\
         Large values take longer than libsodium's, since the `salsa20` crate has no SIMD.\n\n\
         | value | {ours} | {libsodium} | {dryoc} | of {libsodium} | of {dryoc} |\n\
         |--:|--:|--:|--:|--:|--:|\n"
    );
    for sealing in measured {
        let ([ours, libsodium, dryoc], [first, second]) = (sealing.times, sealing.ratios());
        text.push_str(&format!(
            "| {} B | {ours:.1} | {libsodium:.1} | {dryoc:.1} | {first:.2} | {second:.2} |\n",
            sealing.size
        ));
    }
    text
}

fn time(results: &Path, sealer: &str, size: usize) -> anyhow::Result<Option<Spread>> {
    #[derive(Deserialize)]
    struct Estimates {
        median: Estimate,
    }
    #[derive(Deserialize)]
    struct Estimate {
        point_estimate: f64,
        confidence_interval: Interval,
    }
    #[derive(Deserialize)]
    struct Interval {
        lower_bound: f64,
        upper_bound: f64,
    }
    let file = format!("../criterion/{NAME}/{sealer}/{size}/new/estimates.json");
    let Some(text) = read(&results.join(&file))? else {
        return Ok(None);
    };
    let Estimates { median } = serde_json::from_str(&text).context(file)?;
    Ok(Some(Spread {
        least: median.confidence_interval.lower_bound / 1e3,
        median: median.point_estimate / 1e3,
        greatest: median.confidence_interval.upper_bound / 1e3,
    }))
}
