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
                let _ = writeln!(
                    io::stderr(),
                    "error: standard output cannot be written: {error}"
                );
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
    let message = match error.kind() {
        ErrorKind::UnknownArgument => unknown_argument(&error),
        ErrorKind::InvalidSubcommand => unknown_command(&error),
        _ => {
            hide_arguments(&mut error);
            let _ = error.print();
            return;
        }
    };
    let _ = writeln!(
        io::stderr(),
        "error: {message}\n\nFor more information, try '--help'."
    );
}

/// Returns what to say about an argument that nobody asked for. It can be a value.
fn unknown_argument(error: &clap::Error) -> String {
    match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(option)) => {
            format!("there is no such option; did you mean `{option}`?")
        }
        _ => "there is an argument too many, or an option that does not exist. A value does not \
              belong on the command line, where others can see it; use standard input, \
              --value-file or --value-env"
            .to_owned(),
    }
}

fn unknown_command(error: &clap::Error) -> String {
    let meant = match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(names)) => names.first(),
        _ => None,
    };
    let meant = meant.map(|name| format!("; did you mean `{name}`?"));
    format!("there is no such command{}", meant.unwrap_or_default())
}

/// Keeps what comes from the definition of the command line, and nothing that was given on it.
fn hide_arguments(error: &mut clap::Error) {
    const HARMLESS: [ContextKind; 11] = [
        // An option or an argument by the name that the definition gives it.
        ContextKind::InvalidArg,
        ContextKind::PriorArg,
        ContextKind::ValidSubcommand,
        ContextKind::ValidValue,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
        ContextKind::MinValues,
        ContextKind::ActualNumValues,
        ContextKind::ExpectedNumValues,
        ContextKind::Usage,
    ];
    let given: Vec<ContextKind> = error
        .context()
        .map(|(kind, _)| kind)
        .filter(|kind| !HARMLESS.contains(kind))
        .collect();
    for kind in given {
        if kind == ContextKind::InvalidValue {
            error.insert(kind, ContextValue::String("…".to_owned()));
        } else {
            error.remove(kind);
        }
    }
}
