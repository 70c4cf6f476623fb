//! An entry of a file, a fault of it, and where it was read from.

use std::{fmt, path::PathBuf};

use github_secrets::{SecretName, SecretValue};

/// A secret of a file.
pub(crate) struct Entry {
    pub(crate) line: usize,
    pub(crate) name: SecretName,
    pub(crate) value: SecretValue,
}

/// What is wrong with a line of a file.
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Where secrets were read from.
#[derive(Clone)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl Source {
    pub(super) fn is_json(&self) -> bool {
        let Self::File(path) = self else { return false };
        let extension = path.extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl Fault {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { line, message }
    }
}
