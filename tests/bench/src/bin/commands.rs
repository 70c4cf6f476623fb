//! Runs programs one after another, as a loop in a shell does, and prints what they took together.
//!
//! It is a program of its own because the system counts the memory of child processes over the
//! whole life of their parent.

use std::{
    io,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, ensure};
use measured::Usage;
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::{TimeVal, TimeValLike},
};

/// Reads the command lines from standard input, as a JSON array of arrays.
fn main() -> anyhow::Result<()> {
    let commands: Vec<Vec<String>> = serde_json::from_reader(io::stdin())?;
    let begun = Instant::now();
    for command in &commands {
        let (program, arguments) = command.split_first().context("an empty command line")?;
        let status = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("{program} cannot be started"))?;
        ensure!(status.success(), "{command:?} failed");
    }
    let wall = begun.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
    let usage = Usage {
        wall,
        user: seconds(usage.user_time()),
        system: seconds(usage.system_time()),
        peak_memory: u64::try_from(usage.max_rss())? * 1024,
        allocations: None,
    };
    println!("{}", serde_json::to_string(&usage)?);
    Ok(())
}
