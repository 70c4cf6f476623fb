//! The program `github-secrets`: GitHub's secrets from a command line.

mod arguments;
mod commands;
mod console;
mod context;
mod delivery;
mod emulator;
mod environment;
mod failure;
mod input;
mod interruption;
mod lookup;
mod manifest;
mod matching;
mod options;
mod pattern;
mod plan_view;
mod planning;
mod prompt;
mod reading;
mod report;
mod server;
mod session;
mod state_file;
mod table;
mod terminal;
mod usage;
mod words;

use std::{io, process::ExitCode};

use clap::CommandFactory;

use arguments::{Arguments, Command};
use console::Console;
use context::Context;
use failure::Failure;

fn main() -> ExitCode {
    let Arguments {
        command,
        connection,
    } = match usage::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let context = Context::new(connection);
    let result = run(command, &context);
    context.console.interruption.release();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(failure, &context.console),
    }
}

fn run(command: Command, context: &Context) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("the async runtime did not start: {error}")))?;
    let result = runtime.block_on(dispatch(command, context));
    // A prompt or a write that was given up still waits, on a thread of its own.
    runtime.shutdown_background();
    result
}

async fn dispatch(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Set(set) => set.run(context).await,
        Command::Import(import) => import.run(context).await,
        Command::Rotate(rotate) => rotate.run(context).await,
        Command::Access(access) => access.run(context).await,
        Command::List(list) => list.run(context).await,
        Command::Audit(audit) => audit.run(context).await,
        Command::Plan(plan) => plan.run(context).await,
        Command::Apply(apply) => apply.run(context).await,
        Command::Show(show) => show.run(context).await,
        Command::Delete(delete) => delete.run(context).await,
        Command::Key(key) => key.run(context).await,
        Command::Seal(seal) => seal.run(context).await,
        Command::Registries(registries) => registries.run(context).await,
        Command::Completions(completions) => completions.run(Arguments::command(), context).await,
        Command::Man(man) => man.run(Arguments::command()),
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
        Failure::NotFound(errors) => {
            for error in &errors {
                console.github_error("", error);
            }
            console.error("nothing was changed, because not every repository was found");
        }
        Failure::Reported(_) => {}
    }
    ExitCode::from(exit as u8)
}
