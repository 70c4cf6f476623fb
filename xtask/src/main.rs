//! The workspace's own tasks: `cargo xtask regen`.

mod regen;
mod workspace;

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

use crate::regen::{Regen, Report};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The workspace's own tasks")]
struct Cli {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    Regen(Regen),
}

fn main() -> ExitCode {
    let report = match Cli::parse().task {
        None => Ok(Report {
            text: Cli::command().render_help().to_string(),
            failure: None,
        }),
        Some(Task::Regen(regen)) => regen.run(),
    };
    let failure = match report {
        Ok(report) => print(&report.text).or(report.failure),
        Err(error) => Some(format!("{error:#}")),
    };
    let Some(failure) = failure else {
        return ExitCode::SUCCESS;
    };
    // When standard error is closed, the exit code has to do.
    let _ = writeln!(io::stderr(), "error: {}", failure.trim_end());
    ExitCode::FAILURE
}

/// Prints `text`, and returns why that failed. A reader who has seen enough, as in `regen | head`,
/// is no failure.
fn print(text: &str) -> Option<String> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    let error = written.err()?;
    (error.kind() != ErrorKind::BrokenPipe).then(|| format!("cannot print the report: {error}"))
}
