use std::fmt;

use crate::CharacterFault;

/// An error from checking the name of an organization, a repository or an environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {kind}'s name {fault}")]
#[non_exhaustive]
pub struct OwnerError {
    /// The kind of name that was checked.
    pub kind: OwnerNameKind,
    /// The reason why the name is refused.
    pub fault: OwnerFault,
}

impl OwnerError {
    pub(crate) fn new(kind: OwnerNameKind, fault: OwnerFault) -> Self {
        Self { kind, fault }
    }
}

/// A kind of name that an [`OwnerError`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnerNameKind {
    /// The login of an organization or of a repository's owner.
    Login,
    /// The name of a repository.
    Repository,
    /// The name of an environment.
    Environment,
}

impl fmt::Display for OwnerNameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "owner",
            Self::Repository => "repository",
            Self::Environment => "environment",
        })
    }
}

/// The reason why a name cannot belong to an organization, a repository or an environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OwnerFault {
    /// The name is empty.
    #[error("is empty")]
    Empty,
    /// The name has a character that is not allowed.
    #[error("has {0}; give the name alone, as in the address of its page")]
    Character(CharacterFault),
    /// The name consists of dots alone, which a path would take for another folder.
    #[error("consists of dots alone")]
    Dots,
    /// The name is longer than GitHub allows.
    #[error("has more than {maximum} characters")]
    TooLong {
        /// The largest number of characters that is accepted.
        maximum: usize,
    },
    /// The repository is not given with its owner.
    #[error("has no owner; give it as owner/name")]
    NoOwner,
}
