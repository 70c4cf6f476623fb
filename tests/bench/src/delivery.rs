//! The results of the bench `delivery`: what storing many secrets takes.

use measured::Usage;
use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    loopback::Seen,
    results::Results,
    spread::Spread,
};

/// How many secrets are sent at once.
pub const AT_ONCE: [usize; 3] = [1, 16, 64];

/// A client that is measured: a package of its own, built by itself, so that none gets what another
/// turns on in the libraries that they share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Client {
    /// This workspace's library.
    GitHubSecrets,
    /// Octocrab, with crypto_box for the sealing.
    Octocrab,
    /// A loop over reqwest, with the library's sealing.
    Reqwest,
    /// A loop over hyper's connections, with the library's sealing.
    Hyper,
}

impl Client {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] = [
        Self::GitHubSecrets,
        Self::Octocrab,
        Self::Reqwest,
        Self::Hyper,
    ];

    /// Those that the library is compared with.
    const OTHERS: [Self; 3] = [Self::Octocrab, Self::Reqwest, Self::Hyper];

    /// Returns its name, which is that of its folder too.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHubSecrets => "github-secrets",
            Self::Octocrab => "octocrab",
            Self::Reqwest => "reqwest",
            Self::Hyper => "hyper",
        }
    }
}

/// One run of one client.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The client.
    pub client: Client,
    /// How many secrets were sent at once.
    pub at_once: usize,
    /// What it took.
    pub usage: Usage,
    /// What the server saw.
    pub seen: Seen,
}

/// What a client does for each secret, counted in the difference of two runs.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Count {
    /// The client.
    pub client: Client,
    /// How many secrets were sent at once.
    pub at_once: usize,
    /// Allocations for each secret.
    pub allocations: f64,
    /// Instructions in the program for each secret, if valgrind was there to count them.
    pub instructions: Option<f64>,
}

/// The connections that the library opened in several runs of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Connections {
    /// Whether they were encrypted.
    pub tls: bool,
    /// How many secrets were sent at once.
    pub at_once: usize,
    /// How many connections each run opened.
    pub opened: Vec<usize>,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// How many secrets each run stored.
    pub secrets: usize,
    /// The runs that were timed, round by round.
    pub runs: Vec<Run>,
    /// What was counted.
    pub counts: Vec<Count>,
    /// The runs whose connections were counted.
    pub connections: Vec<Connections>,
}

impl Results for Delivery {
    const FILE: &str = "delivery.json";
}

/// Something that is measured of a run.
#[derive(Clone, Copy)]
pub(crate) struct Measure {
    /// Its name, with its unit.
    pub(crate) title: &'static str,
    /// How many decimals of it mean something.
    pub(crate) decimals: usize,
    /// Its value for a run that stored this many secrets.
    of: fn(&Run, usize) -> f64,
}

pub(crate) const WALL: Measure = Measure {
    title: "wall time, ms",
    decimals: 0,
    of: |run, _| run.usage.wall * 1e3,
};

pub(crate) const PROCESSOR: Measure = Measure {
    title: "processor time per secret, µs",
    decimals: 0,
    of: |run, secrets| run.usage.processor() * 1e6 / secrets as f64,
};

pub(crate) const PEAK_MEMORY: Measure = Measure {
    title: "peak memory, MiB",
    decimals: 1,
    of: |run, _| run.usage.peak_mebibytes(),
};

const REQUESTS: Measure = Measure {
    title: "requests",
    decimals: 0,
    of: |run, _| run.seen.requests as f64,
};

const MEASURES: [Measure; 4] = [WALL, PROCESSOR, REQUESTS, PEAK_MEMORY];

impl Delivery {
    /// Returns what was measured of a client with this many secrets at once.
    pub(crate) fn spread(
        &self,
        measure: Measure,
        client: Client,
        at_once: usize,
    ) -> Option<Spread> {
        Spread::of(self.measured(measure, client, at_once))
    }

    /// Returns the library's measure as a multiple of another client's, round by round.
    fn ratio(&self, measure: Measure, other: Client, at_once: usize) -> Option<Spread> {
        let ours = self.measured(measure, Client::GitHubSecrets, at_once);
        let theirs = self.measured(measure, other, at_once);
        Spread::of(ours.zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    fn measured(
        &self,
        measure: Measure,
        client: Client,
        at_once: usize,
    ) -> impl Iterator<Item = f64> {
        let runs = self.runs.iter();
        let runs = runs.filter(move |run| run.client == client && run.at_once == at_once);
        runs.map(move |run| (measure.of)(run, self.secrets))
    }

    fn count(&self, client: Client, at_once: usize) -> Option<&Count> {
        let mut counts = self.counts.iter();
        counts.find(|count| count.client == client && count.at_once == at_once)
    }

    /// Returns the library's instructions as a multiple of those of the loop over reqwest.
    fn instructions(&self, at_once: usize) -> Option<f64> {
        let ours = self.count(Client::GitHubSecrets, at_once)?.instructions?;
        Some(ours / self.count(Client::Reqwest, at_once)?.instructions?)
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let processor = |other, most, at_once: &[usize]| {
            cases(at_once, |at_once| {
                let ratio = self.ratio(PROCESSOR, other, at_once)?;
                Some((format!("{ratio:.2}"), ratio.median <= most))
            })
        };
        let wanted = (self.secrets + 1) as f64;
        vec![
            Aim {
                aim: "at most 0.75 of octocrab's processor time",
                cases: processor(Client::Octocrab, 0.75, &AT_ONCE),
            },
            Aim {
                aim: "at most 1.08 times the processor time of the loop over reqwest",
                cases: processor(Client::Reqwest, 1.08, &AT_ONCE[1..]),
            },
            Aim {
                aim: "at most 1.03 times the instructions of the loop over reqwest",
                cases: cases(&AT_ONCE, |at_once| {
                    let ratio = self.instructions(at_once)?;
                    Some((format!("{ratio:.3}"), ratio <= 1.03))
                }),
            },
            Aim {
                aim: "at most 75 allocations for each secret",
                cases: cases(&AT_ONCE, |at_once| {
                    let count = self.count(Client::GitHubSecrets, at_once)?;
                    Some((
                        format!("{:.1}", count.allocations),
                        count.allocations <= 75.0,
                    ))
                }),
            },
            Aim {
                aim: "one request for each secret, and one for the public key",
                cases: cases(&AT_ONCE, |at_once| {
                    let requests = self.spread(REQUESTS, Client::GitHubSecrets, at_once)?;
                    let met = requests.least == wanted && requests.greatest == wanted;
                    Some((format!("{requests:.0}"), met))
                }),
            },
        ]
    }

    pub(crate) fn section(&self) -> String {
        let rounds = self.runs.len() / (AT_ONCE.len() * Client::ALL.len());
        let secrets = self.secrets;
        let mut text = format!(
            "## Delivery\n\n\
             {secrets} secrets of 32 bytes are stored over loopback, with 1, 16 or 64 at once, in {rounds}\n\
             rounds. The table shows medians, with the least and the greatest in brackets. Ratios compare runs\n\
             of the same round.\n\n"
        );
        text.push_str(DELIVERY.trim_start());
        text.push_str(
            "\n| | at once | github-secrets | octocrab | reqwest | hyper | ÷ octocrab | ÷ reqwest | ÷ hyper |\n",
        );
        text.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for measure in MEASURES {
            for at_once in AT_ONCE {
                text.extend(self.row(measure, at_once));
            }
        }
        text.push_str(&self.counts_section());
        text.push_str(&self.connections_section());
        text
    }

    fn row(&self, measure: Measure, at_once: usize) -> Option<String> {
        let Measure {
            title, decimals, ..
        } = measure;
        let mut row = format!("| {title} | {at_once} |");
        for client in Client::ALL {
            let spread = self.spread(measure, client, at_once)?;
            row.push_str(&format!(" {spread:.decimals$} |"));
        }
        for other in Client::OTHERS {
            let ratio = self.ratio(measure, other, at_once)?;
            row.push_str(&format!(" {ratio:.2} |"));
        }
        row.push('\n');
        Some(row)
    }

    fn counts_section(&self) -> String {
        let mut text = format!("\n{}\n", COUNTS.trim());
        for (title, of) in [
            (
                "allocations",
                (|count| Some(count.allocations)) as fn(&Count) -> Option<f64>,
            ),
            ("instructions", |count| count.instructions),
        ] {
            for at_once in AT_ONCE {
                let counts = Client::ALL.map(|client| of(self.count(client, at_once)?));
                if let [Some(ours), Some(octocrab), Some(reqwest), Some(hyper)] = counts {
                    let [of_octocrab, of_reqwest, of_hyper] =
                        [octocrab, reqwest, hyper].map(|theirs| ours / theirs);
                    text.push_str(&format!(
                        "| {title} | {at_once} | {ours:.0} | {octocrab:.0} | {reqwest:.0} | {hyper:.0} \
                         | {of_octocrab:.2} | {of_reqwest:.2} | {of_hyper:.2} |\n"
                    ));
                }
            }
        }
        text
    }

    fn connections_section(&self) -> String {
        let mut text = format!("\n{}\n", CONNECTIONS.trim());
        for connections in &self.connections {
            let Some(opened) = connections.spread() else {
                continue;
            };
            let scheme = if connections.tls { "https" } else { "http" };
            text.push_str(&format!(
                "| {scheme} | {} | {opened:.0} | {} of {} |\n",
                connections.at_once,
                connections.over(),
                connections.opened.len()
            ));
        }
        text
    }
}

const DELIVERY: &str = "
- Server and client are processes of their own, and each round starts with another client. Wall and
  processor time (user and system) are the client's, from before it is built until after the last
  response. Its memory is the peak of the whole process.
- The server is a small one built on hyper, with one thread. It responds 201 at once, with GitHub's
  headers, and counts requests and connections. When the client is done it opens every box: a run in
  which a secret is missing or has another value fails.
- github-secrets has default settings, except for `Limits::none()`: this server has no rate limits.
- octocrab has default settings. crypto_box seals, and `buffer_unordered` sends several at once.
  When it is built, octocrab reads the system's certificates, which takes about 8 ms;
  github-secrets does not for an `http` address.
- hyper is a loop written for this one task, with one connection for each secret at once and
  github-secrets's own sealing: a lower bound.
- reqwest is such a loop over reqwest, on which github-secrets is built, without TLS. Only what
  github-secrets takes more than this loop is its own.
";

const COUNTS: &str = "
What each secret takes: the difference between two runs, divided by the secrets that one of them
stores more. The client's allocator counts allocations, and valgrind's callgrind counts
instructions, without those of the kernel. Both vary little, even on a busy machine.

| for each secret | at once | github-secrets | octocrab | reqwest | hyper | ÷ octocrab | ÷ reqwest | ÷ hyper |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
";

const CONNECTIONS: &str = "
How many connections github-secrets opens for 200 secrets. The pool opens another one for each
request that finds none idle, so there can be a few more than secrets at once.

| | at once | connections | runs with more than secrets at once |
|---|--:|--:|--:|
";

impl Connections {
    fn spread(&self) -> Option<Spread> {
        Spread::of(self.opened.iter().map(|&opened| opened as f64))
    }

    fn over(&self) -> usize {
        self.opened
            .iter()
            .filter(|opened| **opened > self.at_once)
            .count()
    }
}

fn cases(at_once: &[usize], case: impl Fn(usize) -> Option<(String, bool)>) -> Vec<Case> {
    let cases = at_once.iter().filter_map(|&at_once| {
        let (measured, met) = case(at_once)?;
        let at = format!("{at_once} at once");
        Some(Case { at, measured, met })
    });
    cases.collect()
}
