//! How a command fails, and its exit code.

use std::{error::Error as StdError, io};

use github_secrets::{Error, OwnerError, RegistryError, RepositoryError};

/// The reason why a command did not do everything that it was asked to do.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line or the environment is wrong. Nothing was sent.
    Usage(String),
    /// Nothing was stored or changed.
    Failed(String),
    /// A part of the work is done, or may be.
    Partly(String),
    /// The library's error.
    GitHub(Box<Error>),
    /// Several repositories were not found, for different reasons. Nothing was stored or changed.
    NotFound(Vec<Error>),
    /// Standard output was closed or is full. Nothing was stored or changed.
    Output(io::Error),
    /// The console has the details already.
    Reported(Exit),
}

/// The exit codes; 0 means that everything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Failed = 1,
    Usage = 2,
    Partly = 3,
    /// `plan --check` found something to do.
    Changes = 4,
}

impl Failure {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Failed(_) | Self::Output(_) | Self::NotFound(_) => Exit::Failed,
            Self::Partly(_) => Exit::Partly,
            Self::GitHub(error) if is_usage(error) => Exit::Usage,
            Self::GitHub(error) if error.may_have_taken_effect() => Exit::Partly,
            Self::GitHub(_) => Exit::Failed,
            Self::Reported(exit) => *exit,
        }
    }
}

/// Returns whether the command line or the environment is to blame.
fn is_usage(error: &Error) -> bool {
    match error {
        Error::Name(_)
        | Error::Owner(_)
        | Error::Place(_)
        | Error::Access(_)
        | Error::Configuration(_) => true,
        Error::Repository(error) => !matches!(error, RepositoryError::Unknown(_)),
        Error::Registry(error) => matches!(
            error,
            RegistryError::Name | RegistryError::Url | RegistryError::EmptyField(_)
        ),
        _ => false,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Repositories(errors) => Self::NotFound(errors),
            error => Self::GitHub(Box::new(error)),
        }
    }
}

impl From<OwnerError> for Failure {
    fn from(error: OwnerError) -> Self {
        Error::from(error).into()
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Returns the messages of an error and its sources.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let message = error.to_string();
        if !text.contains(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        source = error.source();
    }
    text
}
