//! The command line, read by clap. An argument in a wrong place can be a secret: it is not
//! repeated.

mod habits;
mod similar;

use std::{
    env,
    io::{self, Write},
    iter,
    process::ExitCode,
};

use clap::{
    ArgMatches, CommandFactory, Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{arguments::Arguments, failure::Exit};

/// Reads the command line.
///
/// # Errors
///
/// Returns the exit code after help, the version or an error has been written.
pub(crate) fn parse() -> Result<Arguments, ExitCode> {
    let parsed = Arguments::try_parse().or_else(|error| {
        if !asks_for_help(&error) {
            return Err(error);
        }
        // `help` has no options, and what it prints is its own help as well.
        let arguments = env::args_os().filter(|it| HELP.iter().all(|help| it != help));
        Arguments::try_parse_from(arguments)
    });
    parsed.map_err(|error| match error.kind() {
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

const HELP: [&str; 2] = ["-h", "--help"];

/// Returns whether `help` was asked for its own help.
fn asks_for_help(error: &clap::Error) -> bool {
    let given = text(error, ContextKind::InvalidSubcommand);
    error.kind() == ErrorKind::InvalidSubcommand && given.is_some_and(|it| HELP.contains(&it))
}

fn report(mut error: clap::Error) {
    let message = match error.kind() {
        ErrorKind::UnknownArgument => unknown_argument(&error),
        ErrorKind::InvalidSubcommand => unknown_command(&error),
        ErrorKind::TooManyValues if asks_for_fields(&error) => habits::FIELDS.to_owned(),
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
    let Meant {
        command,
        name,
        has_json,
    } = meant();
    let given = text(error, ContextKind::InvalidArg).unwrap_or_default();
    if let Some(advice) = habits::option(&name, given) {
        return match given {
            "-b" | "--body" | "--value" => advice.to_owned(),
            _ => format!("there is no such option; {advice}"),
        };
    }
    if let Some(commands) = commands_with(given) {
        let there = if name.is_empty() {
            "before the command"
        } else {
            "here"
        };
        return format!("there is no such option {there}; {commands} it");
    }
    if let Some(option) = similar_option(given, &command) {
        return format!("there is no such option; did you mean `--{option}`?");
    }
    if habits::takes_a_value(&name) {
        let value = habits::VALUE;
        return format!("unexpected argument or unknown option; {value}");
    }
    if given.starts_with('-') {
        return "there is no such option".to_owned();
    }
    if has_json && habits::prints_json(&name) {
        return habits::FIELDS.to_owned();
    }
    let advice = match name.as_str() {
        "list" => {
            "; `show NAME` prints one secret, and a place is given with an option, such as \
                   --org LOGIN"
        }
        name if habits::is_about_places(name) => {
            "; a place is given with an option, such as --org LOGIN"
        }
        _ => "",
    };
    format!("unexpected argument{advice}")
}

fn unknown_command(error: &clap::Error) -> String {
    let given = text(error, ContextKind::InvalidSubcommand).unwrap_or_default();
    let Meant { command, name, .. } = meant();
    if let Some(advice) = habits::command(&name, given) {
        return format!("there is no such command; {advice}");
    }
    let visible = command.get_subcommands().filter(|it| !it.is_hide_set());
    let names = visible.flat_map(|it| iter::once(it.get_name()).chain(it.get_visible_aliases()));
    let similar = similar::with_a_slip(given, names);
    let similar = similar.map(|name| format!("; did you mean `{name}`?"));
    format!("there is no such command{}", similar.unwrap_or_default())
}

/// Returns the option of a command, without its dashes, that may be meant.
fn similar_option<'a>(given: &str, command: &'a clap::Command) -> Option<&'a str> {
    let given = habits::usual(given.strip_prefix("--")?);
    let names = || command.get_opts().filter_map(clap::Arg::get_long);
    let named = names().find(|name| *name == given);
    named
        .or_else(|| similar::with_a_slip(given, names()))
        .or_else(|| similar::beginning(given, names()))
}

/// Returns the commands that have an option, and the verb, unless none does.
fn commands_with(option: &str) -> Option<String> {
    fn has(command: &clap::Command, option: &str) -> bool {
        let mut options = command.get_opts();
        let is_option = |it: &clap::Arg| {
            let long = it.get_long().is_some_and(|it| option == format!("--{it}"));
            long || it.get_short().is_some_and(|it| option == format!("-{it}"))
        };
        options.any(is_option) || command.get_subcommands().any(|inner| has(inner, option))
    }
    let program = Arguments::command();
    let commands = program.get_subcommands().filter(|it| has(it, option));
    let names: Vec<&str> = commands.map(clap::Command::get_name).collect();
    match names.split_last()? {
        (last, []) => Some(format!("the command {last} has")),
        (last, others) => Some(format!(
            "the commands {} and {last} have",
            others.join(", ")
        )),
    }
}

/// Returns whether `--json` was given fields, as `gh` takes them.
fn asks_for_fields(error: &clap::Error) -> bool {
    text(error, ContextKind::InvalidArg) == Some("--json") && habits::prints_json(&meant().name)
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        _ => None,
    }
}

/// What a command line is for.
struct Meant {
    /// The command, with the options that every command has.
    command: clap::Command,
    /// Its name, which is empty before a command.
    name: String,
    has_json: bool,
}

fn meant() -> Meant {
    let mut command = Arguments::command().ignore_errors(true);
    command.build();
    let matches = command.clone().try_get_matches();
    let matches = matches.unwrap_or_default();
    let (mut name, mut innermost) = (String::new(), &matches);
    while let Some((inner, matches)) = innermost.subcommand() {
        if let Some(found) = command.find_subcommand(inner) {
            command = found.clone();
        }
        (name, innermost) = (inner.to_owned(), matches);
    }
    let has_json = |matches: &ArgMatches| {
        let flag = matches.try_get_one::<bool>("json");
        flag.ok().flatten().copied().unwrap_or_default()
    };
    Meant {
        command,
        name,
        has_json: has_json(innermost),
    }
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
