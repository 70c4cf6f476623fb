//! The results of the bench `delivery`.

use std::{fs, io, path::Path};

use anyhow::Context;
use measured::Usage;
use serde::{Deserialize, Serialize};

use crate::spread::Spread;

/// How many secrets are under way at once.
pub const AT_ONCE: [usize; 3] = [1, 16, 64];

const FILE: &str = "delivery.json";

/// A client that is measured: a package of its own, built by itself, so that none gets what another turns on in the
/// libraries that they share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Client {
    /// This workspace's library.
    GitHubSecrets,
    /// Octocrab, with crypto_box for the sealing.
    Octocrab,
}

impl Client {
    /// Both, in the order in which they are told of.
    pub const ALL: [Self; 2] = [Self::GitHubSecrets, Self::Octocrab];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHubSecrets => "github-secrets",
            Self::Octocrab => "octocrab",
        }
    }
}

/// What the server saw of one run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// How many requests came.
    pub requests: usize,
    /// How many connections were opened, over the whole run.
    pub connections: usize,
}

/// One run of one client.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The client.
    pub client: Client,
    /// How many secrets were under way at once.
    pub at_once: usize,
    /// What it took.
    pub usage: Usage,
    /// What the server saw.
    pub seen: Seen,
}

/// All runs of the bench; each round has one for every client and concurrency.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// How many secrets each run stored.
    pub secrets: usize,
    /// The runs in the order in which they were made, round by round.
    pub runs: Vec<Run>,
}

/// Something that is measured of a run.
#[derive(Clone, Copy)]
pub struct Measure {
    /// What it is called, with its unit.
    pub title: &'static str,
    /// How many decimals of it mean something.
    pub decimals: usize,
    /// It, for a run that stored this many secrets.
    pub of: fn(&Run, usize) -> f64,
}

/// From the first to the last moment.
pub const WALL: Measure = Measure {
    title: "wall time, ms",
    decimals: 0,
    of: |run, _| run.usage.wall * 1e3,
};

/// The processor's time, in the program and in the system.
pub const PROCESSOR: Measure = Measure {
    title: "processor time per secret, µs",
    decimals: 0,
    of: |run, secrets| (run.usage.user + run.usage.system) * 1e6 / secrets as f64,
};

/// The requests that the server saw.
pub const REQUESTS: Measure = Measure {
    title: "requests",
    decimals: 0,
    of: |run, _| run.seen.requests as f64,
};

/// The connections that the server saw.
pub const CONNECTIONS: Measure = Measure {
    title: "connections",
    decimals: 0,
    of: |run, _| run.seen.connections as f64,
};

/// The most memory that the client had.
pub const PEAK_MEMORY: Measure = Measure {
    title: "peak memory, MiB",
    decimals: 1,
    of: |run, _| run.usage.peak_memory as f64 / (1024.0 * 1024.0),
};

impl Delivery {
    /// All that is measured.
    pub const MEASURES: [Measure; 5] = [WALL, PROCESSOR, REQUESTS, CONNECTIONS, PEAK_MEMORY];

    /// What was measured of a client with this many secrets at once.
    pub fn spread(&self, measure: Measure, client: Client, at_once: usize) -> Option<Spread> {
        Spread::of(self.measured(measure, client, at_once))
    }

    /// By how much the library's measure is octocrab's, round by round.
    pub fn ratio(&self, measure: Measure, at_once: usize) -> Option<Spread> {
        let [ours, theirs] = Client::ALL.map(|client| self.measured(measure, client, at_once));
        Spread::of(ours.zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    fn measured(&self, measure: Measure, client: Client, at_once: usize) -> impl Iterator<Item = f64> {
        let runs = self.runs.iter();
        let runs = runs.filter(move |run| run.client == client && run.at_once == at_once);
        runs.map(move |run| (measure.of)(run, self.secrets))
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
