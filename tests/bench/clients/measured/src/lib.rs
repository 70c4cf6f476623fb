//! What every measured client has in common: its task, and what the task took.

mod allocations;

use std::{env, fs, time::Instant};

use anyhow::Context;
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::{TimeVal, TimeValLike},
};
use serde::{Deserialize, Serialize};
use tokio::runtime;

/// Where the server has the secrets of the organization `acme`.
pub const ROUTE: &str = "/orgs/acme/codespaces/secrets/";

/// A token of GitHub's form.
pub const TOKEN: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

/// The argument that lets a client count its allocations.
pub const COUNT: &str = "--count";

/// The work of a client.
pub struct Task {
    /// The address of the server.
    pub url: String,
    /// The names and values to store.
    pub secrets: Vec<(String, String)>,
    /// How many of them are sent at once.
    pub at_once: usize,
    /// The repositories to store each of them in, if not in the organization.
    pub repositories: Vec<String>,
}

/// What one run took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Usage {
    /// From before the client is built to after the last response, in seconds.
    pub wall: f64,
    /// Processor time in the program over the same time, in seconds.
    pub user: f64,
    /// Processor time in the system over the same time, in seconds.
    pub system: f64,
    /// The most memory that the process ever had resident, in bytes.
    pub peak_memory: u64,
    /// How often memory was allocated, if that was counted.
    pub allocations: Option<u64>,
}

impl Usage {
    /// Returns the processor time, in seconds.
    pub fn processor(&self) -> f64 {
        self.user + self.system
    }

    /// Returns the peak memory, in MiB.
    pub fn peak_mebibytes(&self) -> f64 {
        self.peak_memory as f64 / (1024.0 * 1024.0)
    }
}

/// Returns the name of a secret.
pub fn name(index: usize) -> String {
    format!("SECRET_{index:04}")
}

/// Returns the full name of a repository of the organization `acme`.
pub fn repository(index: usize) -> String {
    format!("acme/svc-{index:04}")
}

/// Returns the value, of 32 bytes, of the secret with this name.
pub fn value(name: &str) -> String {
    format!("{name:*>32}")
}

/// Does the task of the command line, `[--count] URL SECRETS AT_ONCE [REPOSITORIES]`, by `store`,
/// and prints what that took.
pub fn run(store: impl AsyncFnOnce(Task) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let task = task()?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let (begun, before) = (Instant::now(), getrusage(UsageWho::RUSAGE_SELF)?);
    runtime.block_on(store(task))?;
    let (wall, after) = (begun.elapsed(), getrusage(UsageWho::RUSAGE_SELF)?);
    let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
    let usage = Usage {
        wall: wall.as_secs_f64(),
        user: seconds(after.user_time() - before.user_time()),
        system: seconds(after.system_time() - before.system_time()),
        peak_memory: peak_memory()?,
        allocations: allocations::counted(),
    };
    println!("{}", serde_json::to_string(&usage)?);
    Ok(())
}

fn task() -> anyhow::Result<Task> {
    let mut arguments = env::args().skip(1).peekable();
    if arguments.next_if_eq(COUNT).is_some() {
        allocations::count();
    }
    let mut argument = || {
        arguments
            .next()
            .context("usage: [--count] URL SECRETS AT_ONCE [REPOSITORIES]")
    };
    let (url, secrets, at_once) = (argument()?, argument()?.parse()?, argument()?.parse()?);
    let repositories = arguments.next().map_or(Ok(0), |count| count.parse())?;
    let names = (0..secrets).map(name);
    Ok(Task {
        url,
        secrets: names.map(|name| (name.clone(), value(&name))).collect(),
        at_once,
        repositories: (0..repositories).map(repository).collect(),
    })
}

fn peak_memory() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status");
    let status = status.context("only Linux tells the peak memory")?;
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    Ok(peak.context("no VmHWM")?.trim().parse::<u64>()? * 1024)
}
