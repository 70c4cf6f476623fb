//! The command line, read by clap. What stands in a wrong place can be a secret: it is not repeated.

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
        let _ = writeln!(io::stderr(), "error: {message}; see --help");
        return;
    }
    let hidden = || ContextValue::String("…".to_owned());
    if error.get(ContextKind::InvalidValue).is_some() {
        error.insert(ContextKind::InvalidValue, hidden());
    }
    let _ = error.print();
}

/// Returns what to say about an argument that nobody asked for.
fn misplaced(error: &clap::Error) -> Option<&'static str> {
    const VALUE: &str = "a value does not belong on the command line, where others can see it; use \
                         standard input, --value-file or --value-env";
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else {
        return Some("there is an unexpected argument");
    };
    let is_value = ["--value", "--body", "-b"].contains(&argument.as_str());
    (is_value || !argument.starts_with('-')).then_some(VALUE)
}
