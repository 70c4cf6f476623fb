//! Storing many secrets over loopback: the library, octocrab and loops over reqwest and hyper, run
//! by run in turn.
//!
//! Each run has a client and a server in processes of their own.

mod running;

use std::path::Path;

use anyhow::Context;
use clap::Parser;
use github_secrets_bench::{
    delivery::{AT_ONCE, Client, Connections, Count, Delivery, Run},
    loopback::build,
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
}

fn main() -> anyhow::Result<()> {
    let Arguments {
        rounds,
        secrets,
        runs,
        ..
    } = Arguments::parse();
    let target = Path::new(RESULTS).parent().context("no target folder")?;
    let mut programs = Vec::new();
    for client in Client::ALL {
        let package = format!("measured-{}", client.name());
        let file = build(&package, target)?.join(package);
        programs.push(Program { client, file });
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
