//! Storing many secrets over loopback: the library, octocrab and a loop over hyper, run by run in
//! turn.
//!
//! Each run has a client and a server in processes of their own; the server is this program,
//! started again in that role.

#[path = "../../../contract/src/oracle.rs"]
#[allow(
    dead_code,
    reason = "libsodium as the contract tests call it; not all is needed here"
)]
mod oracle;
mod running;
mod server;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use clap::{Parser, Subcommand};
use github_secrets_bench::{
    delivery::{AT_ONCE, Client, Connections, Count, Delivery, Run},
    report,
    results::Results,
};

use running::{Program, Work};

const RESULTS: &str = env!("CARGO_TARGET_TMPDIR");

/// How many secrets are stored where connections are counted, and how many are left out where what
/// a secret takes is the difference of two runs.
const FEW: usize = 200;

#[derive(Parser)]
struct Arguments {
    /// How often everything is timed.
    #[arg(long, default_value_t = 45)]
    rounds: usize,
    /// How many secrets are stored each time.
    #[arg(long, default_value_t = 1000)]
    secrets: usize,
    /// How often connections are counted.
    #[arg(long, default_value_t = 40)]
    runs: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

/// What this process is, if not the one that measures.
#[derive(Subcommand)]
#[command(hide = true)]
enum Role {
    /// A server; with a file for its certificate, one that speaks TLS.
    Server { certificate: Option<PathBuf> },
}

fn main() -> anyhow::Result<()> {
    let Arguments {
        rounds,
        secrets,
        runs,
        role,
        ..
    } = Arguments::parse();
    if let Some(Role::Server { certificate }) = role {
        return server::run(certificate.as_deref());
    }
    let mut programs = Vec::new();
    for client in Client::ALL {
        programs.push(Program {
            client,
            file: build(client)?,
        });
    }
    let [ours, ..] = &programs[..] else {
        return Ok(());
    };
    let delivery = Delivery {
        secrets,
        connections: connections(ours, runs)?,
        counts: counts(&programs, secrets)?,
        runs: timed(&mut programs.clone(), rounds, secrets)?,
    };
    let results = Path::new(RESULTS);
    delivery.save(results)?;
    report::write(results)
}

/// Builds the program of this client, by itself.
fn build(client: Client) -> anyhow::Result<PathBuf> {
    let package = format!("measured-{}", client.name());
    let target = Path::new(RESULTS).parent().context("no target folder")?;
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--locked",
            "--release",
            "--package",
            &package,
            "--target-dir",
        ])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    ensure!(built.success(), "{package} cannot be built");
    Ok(target.join("release").join(package))
}

/// Times all clients. Every round changes who goes first, so that no client always has the warmer
/// machine.
fn timed(programs: &mut [Program], rounds: usize, secrets: usize) -> anyhow::Result<Vec<Run>> {
    let mut runs = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        programs.rotate_left(1);
        for at_once in AT_ONCE {
            let work = Work {
                secrets,
                at_once,
                certificate: None,
            };
            for program in &*programs {
                let (usage, seen) = program.run(work)?;
                runs.push(Run {
                    client: program.client,
                    at_once,
                    usage,
                    seen,
                });
            }
        }
    }
    Ok(runs)
}

/// Counts what each secret takes: what more secrets take more.
fn counts(programs: &[Program], secrets: usize) -> anyhow::Result<Vec<Count>> {
    let mut counts = Vec::new();
    for at_once in AT_ONCE {
        let few = Work {
            secrets: FEW,
            at_once,
            certificate: None,
        };
        let many = Work {
            secrets: FEW + secrets,
            ..few
        };
        let each = |few: f64, many: f64| (many - few) / secrets as f64;
        for program in programs {
            eprintln!("counting: {}, {at_once} at once", program.client.name());
            let instructions = program.instructions(few)?.zip(program.instructions(many)?);
            counts.push(Count {
                client: program.client,
                at_once,
                allocations: each(program.allocations(few)?, program.allocations(many)?),
                instructions: instructions.map(|(few, many)| each(few, many)),
            });
        }
    }
    Ok(counts)
}

fn connections(ours: &Program, runs: usize) -> anyhow::Result<Vec<Connections>> {
    let file = Path::new(RESULTS).join("delivery.pem");
    let mut connections = Vec::new();
    for tls in [false, true] {
        for at_once in [8, 16, 64] {
            eprintln!(
                "connections: {at_once} at once, {}",
                if tls { "https" } else { "http" }
            );
            let certificate = tls.then_some(file.as_path());
            let work = Work {
                secrets: FEW,
                at_once,
                certificate,
            };
            let opened = (0..runs).map(|_| Ok(ours.run(work)?.1.connections));
            let opened = opened.collect::<anyhow::Result<_>>()?;
            connections.push(Connections {
                tls,
                at_once,
                opened,
            });
        }
    }
    Ok(connections)
}
