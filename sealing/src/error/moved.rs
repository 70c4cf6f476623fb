//! A repository that belongs to somebody else now.

use std::{error::Error as StdError, fmt};

use super::target::Target;

/// A repository that belongs to another owner now.
///
/// Nothing was sent to the new owner, because the value may not be meant for them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RepositoryMoved {
    /// The repository that was asked for, as `owner/name`.
    pub from: String,
    /// The repository's current name, as `owner/name`.
    pub to: String,
    pub(crate) target: Target,
}

impl fmt::Display for RepositoryMoved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "could not {}: {} was transferred to {}, and nothing was sent there; if the secret \
             belongs there, use the new name{}",
            self.target,
            self.from,
            self.to,
            self.target.effect()
        )
    }
}

impl StdError for RepositoryMoved {}
