//! The results of the bench `places`: what storing secrets in many repositories takes.

use measured::Usage;
use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    loopback::Seen,
    results::Results,
    spread::Spread,
};

/// How many secrets are sent at once, by the library and by octocrab.
pub const AT_ONCE: usize = 8;

/// A client that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Client {
    /// This workspace's library.
    GitHubSecrets,
    /// Octocrab, with crypto_box for the sealing.
    Octocrab,
    /// One process of `gh` for each secret.
    Gh,
}

impl Client {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 3] = [Self::GitHubSecrets, Self::Octocrab, Self::Gh];

    /// Those that the library is compared with.
    const OTHERS: [Self; 2] = [Self::Octocrab, Self::Gh];
}

/// How many repositories there are, and how many secrets in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The number of repositories.
    pub places: usize,
    /// The number of secrets in each.
    pub secrets: usize,
}

/// What is measured: as many secrets, in many places and in few.
pub const SHAPES: [Shape; 2] = [
    Shape {
        places: 300,
        secrets: 1,
    },
    Shape {
        places: 12,
        secrets: 25,
    },
];

impl Shape {
    /// Returns one key for each place, and one write for each secret.
    fn requests(self) -> usize {
        self.places * (1 + self.secrets)
    }

    fn name(self) -> String {
        format!("{} × {}", self.places, self.secrets)
    }
}

/// One run of one client.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The client.
    pub client: Client,
    /// What it stored.
    pub shape: Shape,
    /// What it took.
    pub usage: Usage,
    /// What the server saw.
    pub seen: Seen,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct Places {
    /// The version of `gh`, if it is installed.
    pub gh: Option<String>,
    /// The runs, round by round; `gh` takes part in the first rounds only.
    pub runs: Vec<Run>,
}

impl Results for Places {
    const FILE: &str = "places.json";
}

struct Measure {
    title: &'static str,
    decimals: usize,
    of: fn(&Run) -> f64,
}

const MEASURES: [Measure; 5] = [
    Measure {
        title: "wall time, ms",
        decimals: 0,
        of: |run| run.usage.wall * 1e3,
    },
    Measure {
        title: "processor time, ms",
        decimals: 0,
        of: |run| run.usage.processor() * 1e3,
    },
    REQUESTS,
    Measure {
        title: "connections",
        decimals: 0,
        of: |run| run.seen.connections as f64,
    },
    PEAK_MEMORY,
];

const REQUESTS: Measure = Measure {
    title: "requests",
    decimals: 0,
    of: |run| run.seen.requests as f64,
};

const PEAK_MEMORY: Measure = Measure {
    title: "peak memory, MiB",
    decimals: 1,
    of: |run| run.usage.peak_mebibytes(),
};

impl Places {
    fn measured(
        &self,
        measure: &Measure,
        client: Client,
        shape: Shape,
    ) -> impl Iterator<Item = f64> {
        let runs = self.runs.iter();
        let runs = runs.filter(move |run| run.client == client && run.shape == shape);
        runs.map(measure.of)
    }

    fn spread(&self, measure: &Measure, client: Client, shape: Shape) -> Option<Spread> {
        Spread::of(self.measured(measure, client, shape))
    }

    /// Returns the library's measure as a multiple of another client's, over the rounds that both
    /// took part in.
    fn ratio(&self, measure: &Measure, other: Client, shape: Shape) -> Option<Spread> {
        let ours = self.measured(measure, Client::GitHubSecrets, shape);
        let theirs = self.measured(measure, other, shape);
        Spread::of(ours.zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let cases = |measure: Measure, met: fn(Shape, Spread) -> bool| {
            let cases = SHAPES.into_iter().filter_map(|shape| {
                let decimals = measure.decimals;
                let spread = self.spread(&measure, Client::GitHubSecrets, shape)?;
                Some(Case {
                    at: shape.name(),
                    measured: format!("{spread:.decimals$}"),
                    met: met(shape, spread),
                })
            });
            cases.collect()
        };
        vec![
            Aim {
                aim: "many places: one request for each place's key, and one for each secret",
                cases: cases(REQUESTS, |shape, spread| {
                    let wanted = shape.requests() as f64;
                    spread.least == wanted && spread.greatest == wanted
                }),
            },
            Aim {
                aim: "many places: at most 10 MiB of memory",
                cases: cases(PEAK_MEMORY, |_, spread| spread.greatest <= 10.0),
            },
        ]
    }

    pub(crate) fn section(&self) -> String {
        let rounds = |client| self.measured(&REQUESTS, client, SHAPES[0]).count();
        let mut text = format!(
            "## Many places\n\n\
             Secrets of 32 bytes are stored in Actions secrets of repositories over loopback: one in \
             each of 300\n\
             repositories, and 25 in each of 12. {} rounds.\n",
            rounds(Client::GitHubSecrets)
        );
        text.push_str(PLACES);
        match &self.gh {
            Some(version) => text.push_str(&format!(
                "- gh is `gh secret set`, version {version}, one process after another for each \
                 secret, in {} rounds. Its\n  times are those of all its processes, its peak memory \
                 is that of the largest one. The server is\n  its proxy, since it uses plain HTTP \
                 in no other way.\n",
                rounds(Client::Gh)
            )),
            None => text.push_str("- gh was not installed where this was measured.\n"),
        }
        text.push_str(
            "\n| | places × secrets | github-secrets | octocrab | gh | ÷ octocrab | ÷ gh |\n\
             |---|--:|--:|--:|--:|--:|--:|\n",
        );
        for measure in &MEASURES {
            for shape in SHAPES {
                text.push_str(&self.row(measure, shape));
            }
        }
        text
    }

    fn row(&self, measure: &Measure, shape: Shape) -> String {
        let decimals = measure.decimals;
        let mut row = format!("| {} | {} |", measure.title, shape.name());
        for client in Client::ALL {
            match self.spread(measure, client, shape) {
                Some(spread) => row.push_str(&format!(" {spread:.decimals$} |")),
                None => row.push_str(" – |"),
            }
        }
        for other in Client::OTHERS {
            match self.ratio(measure, other, shape) {
                Some(ratio) => row.push_str(&format!(" {ratio:.3} |")),
                None => row.push_str(" – |"),
            }
        }
        row.push('\n');
        row
    }
}

const PLACES: &str = "
- The server is the one of Delivery. It opens every box: a run in which a secret is missing or has
  another value fails.
- github-secrets is one `GitHub::set_all` of all of them, 8 at once, with `Limits::none()` and
  otherwise default settings.
- octocrab is a loop that fetches all keys and then sends all secrets, each with
  `buffer_unordered(8)`; crypto_box seals.
";
