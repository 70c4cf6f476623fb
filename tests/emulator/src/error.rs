//! The error of a set-up, or of a change, that is not possible.

use std::{fmt, io, net::SocketAddr};

use crate::place::Place;

/// An error from starting an [`Emulator`](crate::Emulator) or changing what it holds.
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
    /// A JSON text does not describe an emulator.
    InvalidSetup {
        /// What is wrong with it, and where.
        reason: String,
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
    /// No organization has this login.
    UnknownOrganization {
        /// The login.
        login: String,
    },
    /// The repository does not exist.
    UnknownRepository {
        /// The repository with its owner.
        full_name: String,
    },
    /// The place does not exist.
    UnknownPlace {
        /// The place.
        place: Place,
    },
    /// The secret does not exist.
    UnknownSecret {
        /// The place.
        place: Place,
        /// The name of the secret.
        name: String,
    },
    /// A secret is not possible at its place.
    InvalidSecret {
        /// The place.
        place: Place,
        /// The name of the secret.
        name: String,
        /// What is not possible.
        reason: &'static str,
    },
}

impl Error {
    pub(crate) fn unknown_repository(full_name: &str) -> Self {
        Self::UnknownRepository {
            full_name: full_name.to_owned(),
        }
    }

    pub(crate) fn duplicate_repository(name: &str) -> Self {
        Self::DuplicateRepository {
            name: name.to_owned(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } => write!(f, "cannot listen on {address}: {source}"),
            Self::Thread { source } => write!(f, "cannot start a thread: {source}"),
            Self::InvalidSetup { reason } => f.write_str(reason),
            Self::DuplicateOrganization { login } => {
                write!(
                    f,
                    "another organization has the login or the id of {login:?}"
                )
            }
            Self::DuplicateRepository { name } => {
                write!(f, "another repository has the name or the id of {name:?}")
            }
            Self::UnknownOrganization { login } => {
                write!(f, "there is no organization {login:?}")
            }
            Self::UnknownRepository { full_name } => {
                write!(f, "there is no repository {full_name:?}")
            }
            Self::UnknownPlace { place } => write!(f, "there is no place {place}"),
            Self::UnknownSecret { place, name } => {
                write!(f, "there is no secret {name:?} in {place}")
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
