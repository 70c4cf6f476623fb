//! The results of the bench `sealing`.

use std::{fs, io, path::Path};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::spread::Spread;

/// The sizes that are sealed, in bytes; the last is the largest value that can be stored.
pub const SIZES: [usize; 3] = [32, 4 * 1024, 49_104];

const FILE: &str = "sealing.json";

/// An implementation that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sealer {
    /// This workspace's library.
    GitHubSecrets,
    /// Libsodium, built from its C source.
    Libsodium,
    /// Dryoc, in Rust.
    Dryoc,
}

impl Sealer {
    /// All, in the order in which they are told of.
    pub const ALL: [Self; 3] = [Self::GitHubSecrets, Self::Libsodium, Self::Dryoc];

    /// What it is called.
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

/// All times of the bench; each round has one for every implementation and size.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sealing {
    /// The times in the order in which they were measured, round by round.
    pub times: Vec<Time>,
}

impl Sealing {
    /// How long an implementation takes, in microseconds.
    pub fn time(&self, sealer: Sealer, size: usize) -> Option<Spread> {
        Spread::of(self.measured(sealer, size))
    }

    /// By how much the library's time is that of another implementation, round by round.
    pub fn ratio(&self, to: Sealer, size: usize) -> Option<Spread> {
        let [ours, theirs] = [Sealer::GitHubSecrets, to].map(|sealer| self.measured(sealer, size));
        Spread::of(ours.zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    fn measured(&self, sealer: Sealer, size: usize) -> impl Iterator<Item = f64> {
        let times = self.times.iter();
        let times = times.filter(move |time| time.sealer == sealer && time.size == size);
        times.map(|time| time.microseconds)
    }

    /// Keeps the results for the report.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        Ok(fs::write(folder.join(FILE), serde_json::to_string(self)?)?)
    }

    /// The results that were kept, or `None` where there are none yet.
    pub fn load(folder: &Path) -> anyhow::Result<Option<Self>> {
        match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => Ok(Some(serde_json::from_str(&text).context(FILE)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
