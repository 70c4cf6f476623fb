//! One secret by the program `github-secrets` and by `gh`, alternately.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use clap::Parser;
use github_secrets_bench::{
    gh,
    loopback::{self, Server, build_program},
    program::{Program, Requests, Run, Sets},
    report,
    results::Results,
};
use measured::TOKEN;

const RESULTS: &str = env!("CARGO_TARGET_TMPDIR");

#[derive(Parser)]
struct Arguments {
    /// How often each program sets a secret.
    #[arg(long, default_value_t = 100)]
    rounds: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { rounds, .. } = Arguments::parse();
    let target = Path::new(RESULTS).parent().context("no target folder")?;
    let file = build_program(target)?;
    let gh = gh::version()?;
    if gh.is_none() {
        eprintln!("gh is not measured: it is not installed");
    }
    let mut sets = Sets {
        gh,
        runs: Vec::new(),
        requests: Vec::new(),
    };
    for tls in [false, true] {
        measure(&mut sets, &file, rounds, tls)?;
    }
    let results = Path::new(RESULTS);
    sets.save(results)?;
    report::write(results)
}

/// Measures the programs, each with a server of its own. Every round changes who goes first.
fn measure(sets: &mut Sets, file: &Path, rounds: usize, tls: bool) -> anyhow::Result<()> {
    let mut contestants = vec![Contestant::start(Program::GitHubSecrets, file, tls)?];
    if sets.gh.is_some() {
        contestants.push(Contestant::start(Program::Gh, Path::new("gh"), tls)?);
    }
    for round in 0..rounds {
        if round % 20 == 0 {
            let scheme = if tls { "https" } else { "http" };
            eprintln!("{scheme}: round {} of {rounds}", round + 1);
        }
        for contestant in &contestants {
            let usage = contestant.set(round)?;
            let program = contestant.program;
            sets.runs.push(Run {
                program,
                tls,
                usage,
            });
        }
        contestants.reverse();
    }
    for Contestant {
        program, server, ..
    } in contestants
    {
        let seen = server.finish()?;
        ensure!(seen.stored == rounds, "{} secrets are stored", seen.stored);
        let each = seen.requests as f64 / rounds as f64;
        sets.requests.push(Requests { program, tls, each });
    }
    Ok(())
}

/// A program and its server.
struct Contestant {
    program: Program,
    file: PathBuf,
    server: Server,
    environment: Vec<(&'static str, String)>,
}

impl Contestant {
    fn start(program: Program, file: &Path, tls: bool) -> anyhow::Result<Self> {
        let folder = Path::new(RESULTS).join("gh");
        fs::create_dir_all(&folder)?;
        let certificate = folder.join(format!("{program:?}.pem"));
        let certificate = tls.then_some(certificate.as_path());
        let server = Server::start(env!("CARGO_BIN_EXE_server"), certificate)?;
        let url = server.url();
        // The program knows gh's variables, but takes plain HTTP to loopback addresses only.
        let environment = if program == Program::GitHubSecrets && !tls {
            let url = url.to_owned();
            vec![("GITHUB_API_URL", url), ("GH_TOKEN", TOKEN.to_owned())]
        } else {
            gh::environment(url, certificate, &folder)?
        };
        Ok(Self {
            program,
            file: file.to_owned(),
            server,
            environment,
        })
    }

    fn set(&self, round: usize) -> anyhow::Result<measured::Usage> {
        let name = measured::name(round);
        let (repository, value) = (measured::repository(0), measured::value(&name));
        let mut environment = self.environment.clone();
        let command = match self.program {
            Program::Gh => gh::set(&repository, &name, &value),
            Program::GitHubSecrets => {
                environment.push(("SECRET_VALUE", value));
                let file = self.file.to_str().context("not Unicode")?;
                let words = [
                    file,
                    "set",
                    &name,
                    "--repo",
                    &repository,
                    "--value-env",
                    "SECRET_VALUE",
                ];
                words.map(str::to_owned).to_vec()
            }
        };
        loopback::run_all(env!("CARGO_BIN_EXE_commands"), &[command], &environment)
    }
}
