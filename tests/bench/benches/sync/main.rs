//! Many repositories whose secrets are described in a file: the first run, and a run with nothing
//! to do; a loop over Octokit and one of `gh` next to it.

mod octokit;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use clap::Parser;
use github_secrets_bench::{
    gh,
    loopback::{self, build, build_program},
    report,
    results::Results,
    sync::{GH_SECRETS, REPOSITORIES, Run, SECRETS, Syncs, Way},
};
use github_secrets_emulator::{Emulator, Organization, Repository};
use measured::{TOKEN, Usage};
use tempfile::TempDir;

use octokit::Octokit;

const RESULTS: &str = env!("CARGO_TARGET_TMPDIR");
const COMMANDS: &str = env!("CARGO_BIN_EXE_commands");

/// 32 bytes that are no secret.
const KEY: &str = "VGhlIGtleSBvZiBhIHN0YXRlIHRvIG1lYXN1cmUuLi4=";

#[derive(Parser)]
struct Arguments {
    /// How often everything is measured.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { rounds, .. } = Arguments::parse();
    let target = Path::new(RESULTS).parent().context("no target folder")?;
    let programs = Programs {
        first: build("measured-sync", target)?.join("measured-sync"),
        github_secrets: build_program(target)?,
        octokit: Octokit::install()?,
        gh: gh::version()?,
    };
    if programs.gh.is_none() {
        eprintln!("gh is not measured: it is not installed");
    }
    let mut runs = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        programs.sync(&mut runs).await?;
        programs.loops(&mut runs).await?;
    }
    let Programs { gh, octokit, .. } = programs;
    let octokit = octokit.map(|octokit| octokit.versions);
    let results = Path::new(RESULTS);
    Syncs { gh, octokit, runs }.save(results)?;
    report::write(results)
}

struct Programs {
    first: PathBuf,
    github_secrets: PathBuf,
    octokit: Option<Octokit>,
    gh: Option<String>,
}

impl Programs {
    /// Measures the first run, and then the program with nothing to do.
    async fn sync(&self, runs: &mut Vec<Run>) -> anyhow::Result<()> {
        let (emulator, folder) = (start().await?, TempDir::new_in(RESULTS)?);
        let numbers = [SECRETS, 1, REPOSITORIES].map(|number| number.to_string());
        let mut first = Command::new(&self.first);
        first.arg(emulator.url()).args(numbers);
        first.env("STATE_FILE", folder.path().join("platform.state"));
        let usage = loopback::run(first.env("SECRETS_STATE_KEY", KEY))?;
        runs.push(run(Way::First, usage, &emulator));
        check(&emulator, REPOSITORIES * SECRETS)?;

        let file = folder.path().join("platform.toml");
        let names: Vec<_> = (0..SECRETS).map(measured::name).collect();
        let set = format!("[[set]]\nrepos = [\"acme/svc-*\"]\nsecrets = {names:?}\n");
        fs::write(&file, format!("version = 1\n{set}"))?;
        let mut environment = vec![
            ("GITHUB_API_URL", emulator.url()),
            ("GH_TOKEN", TOKEN.to_owned()),
            ("SECRETS_STATE_KEY", KEY.to_owned()),
        ];
        environment.extend(names.iter().map(|name| (&**name, measured::value(name))));
        let text = |path: &Path| path.to_str().map(str::to_owned).context("not Unicode");
        for (word, way) in [("plan", Way::Plan), ("apply", Way::Apply)] {
            emulator.forget_requests();
            let words = [text(&self.github_secrets)?, word.to_owned(), text(&file)?];
            let usage = loopback::run_all(COMMANDS, &[words.to_vec()], &environment)?;
            runs.push(run(way, usage, &emulator));
        }
        emulator.stop().await;
        Ok(())
    }

    /// Measures the loops, each with an emulator of its own.
    async fn loops(&self, runs: &mut Vec<Run>) -> anyhow::Result<()> {
        if let Some(octokit) = &self.octokit {
            let emulator = start().await?;
            let usage = octokit.run(COMMANDS, &emulator.url())?;
            runs.push(run(Way::Octokit, usage, &emulator));
            check(&emulator, REPOSITORIES * SECRETS)?;
            emulator.stop().await;
        }
        if self.gh.is_some() {
            let (emulator, folder) = (start().await?, TempDir::new_in(RESULTS)?);
            let commands = (0..GH_SECRETS).map(|index| {
                let name = measured::name(index % SECRETS);
                let repository = measured::repository(index / SECRETS);
                gh::set(&repository, &name, &measured::value(&name))
            });
            let commands: Vec<_> = commands.collect();
            let environment = gh::environment(&emulator.url(), None, folder.path())?;
            let usage = loopback::run_all(COMMANDS, &commands, &environment)?;
            runs.push(run(Way::Gh, usage, &emulator));
            check(&emulator, GH_SECRETS)?;
            emulator.stop().await;
        }
        Ok(())
    }
}

async fn start() -> anyhow::Result<Emulator> {
    let mut acme = Organization::new("acme");
    for (id, index) in (1..).zip(0..REPOSITORIES) {
        let name = measured::repository(index);
        let (_, name) = name.split_once('/').context("a full name")?;
        acme = acme.repository(Repository::new(id, name));
    }
    Ok(Emulator::builder().organization(acme).start().await?)
}

fn run(way: Way, usage: Usage, emulator: &Emulator) -> Run {
    let requests = emulator.requests().len();
    Run {
        way,
        usage,
        requests,
    }
}

/// Makes sure that so many secrets are stored, with their values, and no others.
fn check(emulator: &Emulator, secrets: usize) -> anyhow::Result<()> {
    let mut places = HashMap::<_, usize>::new();
    let stored = emulator.all_secrets();
    for (place, secret) in &stored {
        *places.entry(place.to_string()).or_default() += 1;
        let (name, value) = (secret.name(), secret.value());
        ensure!(
            value == measured::value(name).as_bytes(),
            "{name} of {place} has another value"
        );
    }
    ensure!(
        stored.len() == secrets && places.len() == secrets.div_ceil(SECRETS),
        "{} secrets are stored in {} places",
        stored.len(),
        places.len()
    );
    Ok(())
}
