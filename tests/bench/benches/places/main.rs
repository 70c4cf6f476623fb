//! Storing secrets in many repositories over loopback: the library, octocrab and `gh`, run by run
//! in turn.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use clap::Parser;
use github_secrets_bench::{
    gh,
    loopback::{self, Server, build},
    places::{AT_ONCE, Client, Places, Run, SHAPES, Shape},
    report,
    results::Results,
};
use measured::Usage;

const RESULTS: &str = env!("CARGO_TARGET_TMPDIR");

#[derive(Parser)]
struct Arguments {
    /// How often everything is timed.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// How many of these rounds `gh` takes part in.
    #[arg(long, default_value_t = 3)]
    gh_rounds: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments {
        rounds, gh_rounds, ..
    } = Arguments::parse();
    let programs = Programs::build()?;
    let gh = gh::version()?;
    if gh.is_none() {
        eprintln!("gh is not measured: it is not installed");
    }
    let mut clients = Client::ALL;
    let mut runs = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        clients.rotate_left(1);
        for shape in SHAPES {
            for client in clients {
                if client != Client::Gh || gh.is_some() && round <= gh_rounds {
                    runs.push(programs.run(client, shape)?);
                }
            }
        }
    }
    let results = Path::new(RESULTS);
    Places { gh, runs }.save(results)?;
    report::write(results)
}

/// The programs that were built.
struct Programs {
    github_secrets: PathBuf,
    octocrab: PathBuf,
}

impl Programs {
    fn build() -> anyhow::Result<Self> {
        let target = Path::new(RESULTS).parent().context("no target folder")?;
        let program = |package: &str| {
            let folder = build(package, target)?;
            anyhow::Ok(folder.join(format!("{package}-places")))
        };
        Ok(Self {
            github_secrets: program("measured-github-secrets")?,
            octocrab: program("measured-octocrab")?,
        })
    }

    fn run(&self, client: Client, shape: Shape) -> anyhow::Result<Run> {
        let server = Server::start(env!("CARGO_BIN_EXE_server"), None)?;
        let usage = match client {
            Client::GitHubSecrets => run(&self.github_secrets, server.url(), shape)?,
            Client::Octocrab => run(&self.octocrab, server.url(), shape)?,
            Client::Gh => run_gh(server.url(), shape)?,
        };
        let seen = server.finish()?;
        ensure!(
            seen.stored == shape.places * shape.secrets,
            "{} secrets are stored",
            seen.stored
        );
        Ok(Run {
            client,
            shape,
            usage,
            seen,
        })
    }
}

fn run(program: &Path, url: &str, shape: Shape) -> anyhow::Result<Usage> {
    let numbers = [shape.secrets, AT_ONCE, shape.places].map(|number| number.to_string());
    loopback::run(Command::new(program).arg(url).args(numbers))
}

fn run_gh(url: &str, shape: Shape) -> anyhow::Result<Usage> {
    let folder = Path::new(RESULTS).join("gh");
    fs::create_dir_all(&folder)?;
    let pairs =
        (0..shape.places).flat_map(|place| (0..shape.secrets).map(move |secret| (place, secret)));
    let commands = pairs.map(|(place, secret)| {
        let name = measured::name(secret);
        gh::set(&measured::repository(place), &name, &measured::value(&name))
    });
    let commands: Vec<_> = commands.collect();
    let environment = gh::environment(url, None, &folder)?;
    loopback::run_all(env!("CARGO_BIN_EXE_commands"), &commands, &environment)
}
