//! The command line, read by clap. What stands in a wrong place can be a secret: it is not
//! repeated.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{
    Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{arguments::Arguments, failure::Exit};

/// Reads the command line.
///
/// # Errors
///
/// Returns the exit code after help, the version or an error has been written.
pub(crate) fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                ExitCode::from(Exit::Failed as u8)
            }
            _ => ExitCode::SUCCESS,
        },
        _ => {
            report(error);
            ExitCode::from(Exit::Usage as u8)
        }
    })
}

fn report(mut error: clap::Error) {
    if let Some(message) = misplaced(&error) {
        let _ = writeln!(
            io::stderr(),
            "error: {message}\n\nFor more information, try '--help'."
        );
        return;
    }
    let hidden = || ContextValue::String("…".to_owned());
    if error.get(ContextKind::InvalidValue).is_some() {
        error.insert(ContextKind::InvalidValue, hidden());
    }
    let _ = error.print();
}

/// Returns what to say about an argument that nobody asked for.
fn misplaced(error: &clap::Error) -> Option<String> {
    const VALUE: &str = "there is an argument too many. A value does not belong on the command \
                         line, where others can see it; use standard input, --value-file or \
                         --value-env";
    match error.kind() {
        ErrorKind::UnknownArgument => match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(argument)) if is_option(argument) => None,
            _ => Some(VALUE.to_owned()),
        },
        ErrorKind::InvalidSubcommand => {
            let meant = match error.get(ContextKind::SuggestedSubcommand) {
                Some(ContextValue::Strings(names)) => names.first(),
                _ => None,
            };
            let meant = meant.map(|name| format!("; did you mean `{name}`?"));
            Some(format!(
                "there is no such command{}",
                meant.unwrap_or_default()
            ))
        }
        _ => None,
    }
}

/// Returns whether this is an option, and none that other programs take values by.
fn is_option(argument: &str) -> bool {
    argument.starts_with('-') && !["--value", "--body", "-b"].contains(&argument)
}
