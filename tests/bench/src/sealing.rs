//! The results of the bench `sealing`, as criterion keeps them.

use std::{fs, io, path::Path};

use anyhow::Context;
use serde::Deserialize;

use crate::spread::Spread;

/// The name of the bench.
pub const NAME: &str = "sealing";

/// What seals: this workspace's library and libsodium.
pub const SEALERS: [&str; 2] = ["github-secrets", "libsodium"];

/// The sizes that are sealed, in bytes; the last is the largest value that can be stored.
pub const SIZES: [usize; 3] = [32, 4 * 1024, 49_104];

/// How long sealing takes each of [`SEALERS`], in microseconds: the median, between the bounds that it is within with
/// 95 % confidence. `None` where it was not measured yet.
pub fn times(results: &Path, size: usize) -> anyhow::Result<Option<[Spread; 2]>> {
    let [ours, theirs] = SEALERS.map(|sealer| time(results, sealer, size));
    Ok(ours?.zip(theirs?).map(|(ours, theirs)| [ours, theirs]))
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
    let text = match fs::read_to_string(results.join(&file)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Estimates { median } = serde_json::from_str(&text).context(file)?;
    Ok(Some(Spread {
        least: median.confidence_interval.lower_bound / 1e3,
        median: median.point_estimate / 1e3,
        greatest: median.confidence_interval.upper_bound / 1e3,
    }))
}
