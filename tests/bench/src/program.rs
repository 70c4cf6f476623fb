//! The results of the bench `program`: one secret, set by `github-secrets` and by `gh`.

use measured::Usage;
use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    results::Results,
    spread::Spread,
};

/// A program that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Program {
    /// This workspace's.
    GitHubSecrets,
    /// GitHub's own.
    Gh,
}

/// One run of one program.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The program.
    pub program: Program,
    /// Whether the connection was encrypted.
    pub tls: bool,
    /// What it took.
    pub usage: Usage,
}

/// How many requests a program sent for each secret.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Requests {
    /// The program.
    pub program: Program,
    /// Whether the connection was encrypted.
    pub tls: bool,
    /// Requests for each secret.
    pub each: f64,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sets {
    /// The version of `gh`, if it is installed.
    pub gh: Option<String>,
    /// The runs, round by round.
    pub runs: Vec<Run>,
    /// The requests of all runs.
    pub requests: Vec<Requests>,
}

impl Results for Sets {
    const FILE: &str = "program.json";
}

struct Measure {
    title: &'static str,
    of: fn(&Usage) -> f64,
}

const WALL: Measure = Measure {
    title: "wall time, ms",
    of: |usage| usage.wall * 1e3,
};

const PROCESSOR: Measure = Measure {
    title: "processor time, ms",
    of: |usage| usage.processor() * 1e3,
};

const PEAK_MEMORY: Measure = Measure {
    title: "peak memory, MiB",
    of: Usage::peak_mebibytes,
};

impl Sets {
    fn measured(
        &self,
        measure: &Measure,
        program: Program,
        tls: bool,
    ) -> impl Iterator<Item = f64> {
        let runs = self.runs.iter();
        let runs = runs.filter(move |run| run.program == program && run.tls == tls);
        runs.map(|run| (measure.of)(&run.usage))
    }

    fn spread(&self, measure: &Measure, program: Program, tls: bool) -> Option<Spread> {
        Spread::of(self.measured(measure, program, tls))
    }

    /// Returns this workspace's program's measure as a multiple of that of `gh`, round by round.
    fn ratio(&self, measure: &Measure, tls: bool) -> Option<Spread> {
        let ours = self.measured(measure, Program::GitHubSecrets, tls);
        let theirs = self.measured(measure, Program::Gh, tls);
        Spread::of(ours.zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    fn requests(&self, program: Program, tls: bool) -> Option<f64> {
        let mut requests = self.requests.iter();
        let requests = requests.find(|one| one.program == program && one.tls == tls)?;
        Some(requests.each)
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let cases = |measure: Measure, most: f64| {
            let cases = [false].into_iter().filter_map(|tls| {
                let ratio = self.ratio(&measure, tls)?;
                Some(Case {
                    at: scheme(tls).to_owned(),
                    measured: format!("{ratio:.2}"),
                    met: ratio.median <= most,
                })
            });
            cases.collect()
        };
        let aims = [
            Aim {
                aim: "one `set` by the program: at most 0.1 of gh's processor time",
                cases: cases(PROCESSOR, 0.1),
            },
            Aim {
                aim: "one `set` by the program: at most 0.1 of gh's wall time",
                cases: cases(WALL, 0.1),
            },
        ];
        // Without gh there is nothing to compare with.
        aims.into_iter()
            .filter(|aim| !aim.cases.is_empty())
            .collect()
    }

    pub(crate) fn section(&self) -> String {
        let rounds = self.measured(&WALL, Program::GitHubSecrets, false).count();
        let mut text = format!(
            "## The program\n\n\
             One secret of a repository is set over loopback by `github-secrets set` and by `gh secret \
             set`,\n{rounds} times, alternately. Times are those of the whole process, from start to \
             end.\n"
        );
        text.push_str(PROGRAM);
        match &self.gh {
            Some(version) => text.push_str(&format!("gh is version {version}.\n")),
            None => text.push_str("gh was not installed where this was measured.\n"),
        }
        text.push_str("\n| | | github-secrets | gh | ÷ gh |\n|---|---|--:|--:|--:|\n");
        for measure in [WALL, PROCESSOR, PEAK_MEMORY] {
            for tls in [false, true] {
                text.push_str(&self.row(&measure, tls));
            }
        }
        for tls in [false, true] {
            let [ours, theirs] = [Program::GitHubSecrets, Program::Gh].map(|program| {
                let requests = self.requests(program, tls);
                requests.map_or("–".to_owned(), |requests| format!("{requests}"))
            });
            text.push_str(&format!(
                "| requests | {} | {ours} | {theirs} | |\n",
                scheme(tls)
            ));
        }
        text
    }

    fn row(&self, measure: &Measure, tls: bool) -> String {
        let spread = |program| {
            let spread = self.spread(measure, program, tls);
            spread.map_or("–".to_owned(), |spread| format!("{spread:.1}"))
        };
        let ratio = self.ratio(measure, tls);
        format!(
            "| {} | {} | {} | {} | {} |\n",
            measure.title,
            scheme(tls),
            spread(Program::GitHubSecrets),
            spread(Program::Gh),
            ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}"))
        )
    }
}

fn scheme(tls: bool) -> &'static str {
    if tls { "https" } else { "http" }
}

const PROGRAM: &str = "
The server is the one of Delivery: it opens every box, and compares the value. Over https both
programs reach it through a proxy's `CONNECT`, and trust its certificate by `SSL_CERT_FILE`. Over
http gh has it as its proxy, since it uses plain HTTP in no other way; github-secrets connects to
it.

";
