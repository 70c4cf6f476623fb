//! Storing many secrets over loopback: the library against octocrab, run by run in turn.
//!
//! Each run has a client and a server in processes of their own; the server is this program, started again in that role.

#[path = "../../../contract/src/oracle.rs"]
#[allow(dead_code, reason = "libsodium as the contract tests call it; not all of it is needed here")]
mod oracle;
mod server;

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use clap::{Parser, Subcommand};
use github_secrets_bench::{
    delivery::{AT_ONCE, Client, Delivery, Run, Seen},
    report,
};
use measured::Usage;

const RESULTS: &str = env!("CARGO_TARGET_TMPDIR");

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
}

fn main() -> anyhow::Result<()> {
    let Arguments { rounds, secrets, role, .. } = Arguments::parse();
    if let Some(Role::Server) = role {
        return server::run();
    }
    let results = Path::new(RESULTS);
    measure(rounds, secrets)?.save(results)?;
    report::write(results)
}

/// Every round changes who goes first, so that no client always has the warmer machine.
fn measure(rounds: usize, secrets: usize) -> anyhow::Result<Delivery> {
    let mut clients = Vec::new();
    for client in Client::ALL {
        clients.push((client, build(client)?));
    }
    let mut runs = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        clients.reverse();
        for at_once in AT_ONCE {
            for (client, program) in &clients {
                let (usage, seen) = measure_one(program, secrets, at_once)?;
                runs.push(Run { client: *client, at_once, usage, seen });
            }
        }
    }
    Ok(Delivery { secrets, runs })
}

/// The program of this client, built by itself.
fn build(client: Client) -> anyhow::Result<PathBuf> {
    let package = format!("measured-{}", client.name());
    let target = Path::new(RESULTS).parent().context("no target folder")?;
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--release", "--package", &package, "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    ensure!(built.success(), "{package} cannot be built");
    Ok(target.join("release").join(package))
}

fn measure_one(program: &Path, secrets: usize, at_once: usize) -> anyhow::Result<(Usage, Seen)> {
    let mut server = Command::new(env::current_exe()?)
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(server.stdout.take().context("no output")?).lines();
    let url = lines.next().context("the server did not start")??;

    let output = Command::new(program)
        .args([&url, &secrets.to_string(), &at_once.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "{} failed", program.display());
    let usage = serde_json::from_slice(&output.stdout)?;

    drop(server.stdin.take());
    let seen = lines.next().context("the server saw that something is wrong")??;
    let seen = serde_json::from_str(&seen)?;
    ensure!(server.wait()?.success(), "the server failed");
    Ok((usage, seen))
}
