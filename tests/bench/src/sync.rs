//! The results of the bench `sync`: many repositories whose secrets are described in a file.

use measured::Usage;
use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    results::Results,
    spread::Spread,
};

/// How many repositories there are.
pub const REPOSITORIES: usize = 300;

/// How many secrets each of them has.
pub const SECRETS: usize = 7;

/// How many secrets `gh` sets; the report multiplies what they take.
pub const GH_SECRETS: usize = 100;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// The first run, by the library.
    First,
    /// `github-secrets plan`, with nothing to do.
    Plan,
    /// `github-secrets apply`, with nothing to do.
    Apply,
    /// A loop over Octokit in Node.
    Octokit,
    /// One process of `gh` for each secret.
    Gh,
}

/// One run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Run {
    /// What ran.
    pub way: Way,
    /// What it took.
    pub usage: Usage,
    /// How many requests it sent.
    pub requests: usize,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct Syncs {
    /// The version of `gh`, if it is installed.
    pub gh: Option<String>,
    /// The versions of Node and Octokit, if they could be installed.
    pub octokit: Option<String>,
    /// The runs, round by round.
    pub runs: Vec<Run>,
}

impl Results for Syncs {
    const FILE: &str = "sync.json";
}

const ALL: usize = REPOSITORIES * SECRETS;

/// 300 repositories are three pages, of which the first is read twice; and a list of secrets each.
const NOTHING_TO_DO: f64 = (4 + REPOSITORIES) as f64;

impl Way {
    /// Returns how many times as much the whole task takes.
    fn scale(self) -> f64 {
        match self {
            Self::Gh => ALL as f64 / GH_SECRETS as f64,
            _ => 1.0,
        }
    }
}

impl Syncs {
    fn spread(&self, way: Way, of: impl Fn(&Run) -> f64) -> Option<Spread> {
        let runs = self.runs.iter().filter(|run| run.way == way);
        Spread::of(runs.map(of))
    }

    fn requests(&self, way: Way) -> Option<Spread> {
        self.spread(way, |run| run.requests as f64 * way.scale())
    }

    fn processor(&self, way: Way) -> Option<Spread> {
        self.spread(way, |run| run.usage.processor() * way.scale())
    }

    fn peak_memory(&self, way: Way) -> Option<Spread> {
        self.spread(way, |run| run.usage.peak_memory as f64 / 1e6)
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let cases = |met: &dyn Fn(Way) -> Option<(String, bool)>| {
            let cases = [("`plan`", Way::Plan), ("`apply`", Way::Apply)];
            let cases = cases.into_iter().filter_map(|(at, way)| {
                let (measured, met) = met(way)?;
                let at = at.to_owned();
                Some(Case { at, measured, met })
            });
            cases.collect()
        };
        vec![
            Aim {
                aim: "300 repositories with nothing to do: 304 requests",
                cases: cases(&|way| {
                    let requests = self.requests(way)?;
                    let wanted =
                        requests.least == NOTHING_TO_DO && requests.greatest == NOTHING_TO_DO;
                    Some((format!("{requests:.0}"), wanted))
                }),
            },
            Aim {
                aim: "300 repositories with nothing to do: less than 2 s of processor time",
                cases: cases(&|way| {
                    let processor = self.processor(way)?;
                    Some((format!("{processor:.2} s"), processor.greatest < 2.0))
                }),
            },
            Aim {
                aim: "300 repositories with nothing to do: less than 50 MB of memory",
                cases: cases(&|way| {
                    let memory = self.peak_memory(way)?;
                    Some((format!("{memory:.1} MB"), memory.greatest < 50.0))
                }),
            },
        ]
    }

    pub(crate) fn section(&self) -> String {
        let mut text = SYNC.trim_start().to_owned();
        match &self.octokit {
            Some(versions) => text.push_str(&format!(
                "- Octokit is a loop in Node that fetches the key of each repository and sends its \
                 secrets, one\n  after another ({versions}).\n"
            )),
            None => text.push_str(
                "- Octokit was not measured: Node and npm were not installed, or npm could not \
                 download it.\n",
            ),
        }
        match &self.gh {
            Some(version) => text.push_str(&format!(
                "- gh is `gh secret set`, version {version}, one process after another for each \
                 secret. {GH_SECRETS} secrets\n  were measured; requests and times are multiplied \
                 by {}.\n",
                Way::Gh.scale()
            )),
            None => text.push_str("- gh was not installed where this was measured.\n"),
        }
        text.push_str(TERRAFORM);
        text.push_str(TABLE);
        for (task, name, way) in [
            ("first run", "github-secrets", Way::First),
            ("first run", "Octokit loop", Way::Octokit),
            ("first run", "gh loop, scaled from 100", Way::Gh),
            ("nothing to do", "`github-secrets plan`", Way::Plan),
            ("nothing to do", "`github-secrets apply`", Way::Apply),
        ] {
            text.push_str(&self.row(task, name, way));
        }
        text.push_str(&format!(
            "| first run | Terraform, from its source | {} | – | – | – |\n\
             | nothing to do | Terraform, from its source | {ALL} | – | – | – |\n",
            4 * ALL
        ));
        text
    }

    fn row(&self, task: &str, name: &str, way: Way) -> String {
        let cell = |spread: Option<Spread>, decimals: usize| {
            spread.map_or("–".to_owned(), |spread| format!("{spread:.decimals$}"))
        };
        let wall = self.spread(way, |run| run.usage.wall * way.scale());
        format!(
            "| {task} | {name} | {} | {} | {} | {} |\n",
            cell(self.requests(way), 0),
            cell(self.processor(way), 2),
            cell(wall, 2),
            cell(self.peak_memory(way), 1)
        )
    }
}

const SYNC: &str = "
## Secrets from a file

A file says that 7 secrets of 32 bytes belong in each of 300 repositories: 2,100 secrets. The server
is `github-secrets-emulator`; after the first run every value is compared.

- The first run is what `github-secrets apply` does, but by the library with `Limits::none()`:
  within GitHub's limit of 80 writes a minute it would take 26 minutes, most of them waiting. Its
  state is the program's.
- With nothing to do, `plan` and `apply` are the program, as it is installed. A loop cannot know
  that there is nothing to do, and takes what the first run takes.
";

const TERRAFORM: &str = "\
- Terraform was not run. Its GitHub provider's
  [github_actions_secret](https://github.com/integrations/terraform-provider-github/blob/main/github/resource_github_actions_secret.go)
  with go-github 84 sends a request for each secret when it refreshes its state. For each new secret
  it sends four: the repository, its key, the write, and the secret's times. What it sends to begin
  with is not counted.
";

const TABLE: &str = "
| | | requests | processor time, s | wall time, s | peak memory, MB |
|---|---|--:|--:|--:|--:|
";
