//! The program `github-secrets`: GitHub's secrets from a command line.

mod access;
mod arguments;
mod commands;
mod connection;
mod console;
mod deletion;
mod delivery;
mod destination;
mod emulation;
mod failure;
mod input;
mod interruption;
mod place;
mod report;
mod scene;
mod secrets;
mod table;
mod usage;
mod value;

use std::{io, process::ExitCode};

use clap::CommandFactory;

use arguments::{Arguments, Command};
use console::Console;
use failure::Failure;

fn main() -> ExitCode {
    let arguments = match usage::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let console = Console::new(arguments.connection.show_github_message);
    match run(arguments, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(failure, &console),
    }
}

fn run(arguments: Arguments, console: &Console) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("the async runtime did not start: {error}")))?;
    let result = runtime.block_on(dispatch(arguments, console));
    // A prompt that was interrupted still waits for its line, on a thread of its own.
    runtime.shutdown_background();
    result
}

async fn dispatch(arguments: Arguments, console: &Console) -> Result<(), Failure> {
    let connection = &arguments.connection;
    match arguments.command {
        Command::Set(set) => set.run(connection, console).await,
        Command::Import(import) => import.run(connection, console).await,
        Command::Rotate(rotate) => rotate.run(connection, console).await,
        Command::Access(access) => access.run(connection, console).await,
        Command::List(list) => list.run(connection, console).await,
        Command::Show(show) => show.run(connection, console).await,
        Command::Delete(delete) => delete.run(connection, console).await,
        Command::Key(key) => key.run(connection, console).await,
        Command::Seal(seal) => seal.run(connection, console).await,
        Command::Registries(registries) => registries.run(connection, console).await,
        Command::Completions(completions) => completions.run(Arguments::command(), console),
    }
}

/// Writes an error and returns its exit code.
fn report(failure: Failure, console: &Console) -> ExitCode {
    let exit = failure.exit();
    match failure {
        // Whoever closed the pipe has read enough.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            return ExitCode::SUCCESS;
        }
        Failure::Output(error) => {
            console.error(format_args!("standard output cannot be written: {error}"));
        }
        Failure::Usage(message) | Failure::Failed(message) | Failure::Partly(message) => {
            console.error(message);
        }
        Failure::GitHub(error) => console.github_error("", &error),
        Failure::Reported(_) => {}
    }
    ExitCode::from(exit as u8)
}
