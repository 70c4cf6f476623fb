//! Storing many secrets over loopback: the library against octocrab, run by run in turn.
//!
//! Each run has a server and a client in processes of their own: this program, started again in that role.

mod client;
mod input;
#[path = "../../../contract/src/oracle.rs"]
#[allow(
    dead_code,
    reason = "libsodium as the contract tests call it; not all of it is needed here"
)]
mod oracle;
mod server;

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use clap::{Parser, Subcommand};
use github_secrets_bench::{
    delivery::{AT_ONCE, Client, Delivery, Run, Seen, Usage},
    report,
};

#[derive(Parser)]
struct Arguments {
    /// How often everything is measured.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// How many secrets are stored each time.
    #[arg(long, default_value_t = 1000)]
    secrets: usize,
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
    Server,
    Client {
        client: Client,
        url: String,
        secrets: usize,
        at_once: usize,
    },
}

fn main() -> anyhow::Result<()> {
    let Arguments {
        rounds,
        secrets,
        role,
        ..
    } = Arguments::parse();
    match role {
        Some(Role::Server) => server::run(),
        Some(Role::Client {
            client,
            url,
            secrets,
            at_once,
        }) => client::run(client, &url, secrets, at_once),
        None => {
            let results = Path::new(env!("CARGO_TARGET_TMPDIR"));
            measure(rounds, secrets)?.save(results)?;
            report::write(results)
        }
    }
}

/// Every round changes who goes first, so that no client always has the warmer machine.
fn measure(rounds: usize, secrets: usize) -> anyhow::Result<Delivery> {
    let mut runs = Vec::new();
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        for at_once in AT_ONCE {
            let mut clients = Client::ALL;
            if round % 2 == 1 {
                clients.reverse();
            }
            for client in clients {
                runs.push(measure_one(client, secrets, at_once)?);
            }
        }
    }
    Ok(Delivery { secrets, runs })
}

fn measure_one(client: Client, secrets: usize, at_once: usize) -> anyhow::Result<Run> {
    let program = env::current_exe()?;
    let mut server = Command::new(&program)
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(server.stdout.take().context("no output")?).lines();
    let url = lines.next().context("the server did not start")??;

    let output = Command::new(&program)
        .args([
            "client",
            client.name(),
            &url,
            &secrets.to_string(),
            &at_once.to_string(),
        ])
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "{} failed", client.name());
    let usage: Usage = serde_json::from_slice(&output.stdout)?;

    drop(server.stdin.take());
    let seen = lines
        .next()
        .context("the server saw that something is wrong")??;
    let seen: Seen = serde_json::from_str(&seen)?;
    ensure!(server.wait()?.success(), "the server failed");
    Ok(Run {
        client,
        at_once,
        usage,
        seen,
    })
}
