//! Why an emulator does not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;

/// Why an emulator does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It cannot listen there.
    Listen {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives it no thread to run on.
    Thread {
        /// What the system says.
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
