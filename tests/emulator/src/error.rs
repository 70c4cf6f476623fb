//! The error of an emulator that does not start.

use std::{fmt, io, net::SocketAddr};

use crate::place::Place;

/// An error from starting an [`Emulator`](crate::Emulator).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It cannot listen on the address.
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: io::Error,
    },
    /// It cannot start a thread.
    Thread {
        /// The system's error.
        source: io::Error,
    },
    /// Two organizations have this login or this id.
    DuplicateOrganization {
        /// The login of the second.
        login: String,
    },
    /// Two repositories have this id, or within an organization the same name.
    DuplicateRepository {
        /// The name of the second.
        name: String,
    },
    /// An environment was added to a repository that does not exist.
    UnknownRepository {
        /// The repository with its owner.
        full_name: String,
    },
    /// A secret to start with was added to a place that does not exist.
    UnknownPlace {
        /// The place.
        place: Place,
    },
    /// A secret to start with is not possible at its place.
    InvalidSecret {
        /// The place.
        place: Place,
        /// The name of the secret.
        name: String,
        /// What is not possible.
        reason: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } => write!(f, "cannot listen on {address}: {source}"),
            Self::Thread { source } => write!(f, "cannot start a thread: {source}"),
            Self::DuplicateOrganization { login } => {
                write!(
                    f,
                    "another organization has the login or the id of {login:?}"
                )
            }
            Self::DuplicateRepository { name } => {
                write!(f, "another repository has the name or the id of {name:?}")
            }
            Self::UnknownRepository { full_name } => {
                write!(f, "there is no repository {full_name:?} for an environment")
            }
            Self::UnknownPlace { place } => {
                write!(f, "there is no place {place} for a secret")
            }
            Self::InvalidSecret {
                place,
                name,
                reason,
            } => write!(
                f,
                "the secret {name:?} of {place} is not possible: {reason}"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } | Self::Thread { source } => Some(source),
            _ => None,
        }
    }
}
