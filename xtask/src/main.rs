//! The workspace's own tasks: `cargo xtask regen`.

mod regen;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::regen::{Regen, State};

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
    let outcome = match Cli::parse().task {
        None => Cli::command()
            .print_help()
            .map(|()| State::Fresh)
            .map_err(Into::into),
        Some(Task::Regen(regen)) => regen.run(&mut io::stdout().lock()),
    };
    match outcome {
        Ok(State::Fresh) => ExitCode::SUCCESS,
        Ok(State::Stale { command }) => fail(&format!("not up to date: run `{command}`")),
        Err(error) => fail(&format!("{error:#}")),
    }
}

fn fail(reason: &str) -> ExitCode {
    // When standard error is closed, the exit code has to do.
    let _ = writeln!(io::stderr(), "error: {reason}");
    ExitCode::FAILURE
}
