//! The result for one secret, as a command got it and as a row says it.

use github_secrets::{
    Deleted, Error, NotTried, Stored,
    sync::{Done, Skipped},
};

/// The result for one secret.
#[derive(Debug)]
pub(crate) enum ItemResult {
    Created,
    Updated,
    CreatedOrUpdated,
    /// It has the access already that it was to get.
    Unchanged,
    /// A repository can use it now, and could not before.
    Added,
    /// A repository could use it already.
    HadAccess,
    /// A repository cannot use it any more.
    Removed,
    /// A repository could not use it before.
    HadNoAccess,
    Deleted,
    /// It was to be deleted, and did not exist.
    Missing,
    DeletedOrMissing,
    Failed(Box<Error>),
    /// The repositories that were to use it were not all found.
    NotFound(Vec<Error>),
    /// It was being sent when the program had to end at once.
    Unknown,
    NotTried(NotTried),
    /// Another repository of the command was not found.
    HeldBack,
    Skipped(Skipped),
}

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Created,
    Updated,
    /// Stored, without knowing whether it existed before: the first response was lost.
    CreatedOrUpdated,
    Unchanged,
    Added,
    HadAccess,
    Removed,
    HadNoAccess,
    Deleted,
    Missing,
    /// It does not exist now, without knowing whether it did before: the first response was lost.
    DeletedOrMissing,
    Failed,
    /// Failed, and may be done all the same.
    InDoubt,
    NotTried,
}

impl Status {
    pub(super) const ALL: [Self; 14] = [
        Self::Created,
        Self::Updated,
        Self::CreatedOrUpdated,
        Self::Unchanged,
        Self::Added,
        Self::HadAccess,
        Self::Removed,
        Self::HadNoAccess,
        Self::Deleted,
        Self::Missing,
        Self::DeletedOrMissing,
        Self::Failed,
        Self::InDoubt,
        Self::NotTried,
    ];

    pub(super) fn of(result: &ItemResult) -> Self {
        match result {
            ItemResult::Created => Self::Created,
            ItemResult::Updated => Self::Updated,
            ItemResult::CreatedOrUpdated => Self::CreatedOrUpdated,
            ItemResult::Unchanged => Self::Unchanged,
            ItemResult::Added => Self::Added,
            ItemResult::HadAccess => Self::HadAccess,
            ItemResult::Removed => Self::Removed,
            ItemResult::HadNoAccess => Self::HadNoAccess,
            ItemResult::Deleted => Self::Deleted,
            ItemResult::Missing => Self::Missing,
            ItemResult::DeletedOrMissing => Self::DeletedOrMissing,
            ItemResult::Failed(error) if error.may_have_taken_effect() => Self::InDoubt,
            ItemResult::Failed(_) | ItemResult::NotFound(_) => Self::Failed,
            ItemResult::Unknown => Self::InDoubt,
            ItemResult::NotTried(_) | ItemResult::HeldBack | ItemResult::Skipped(_) => {
                Self::NotTried
            }
        }
    }

    pub(super) fn is_done(self) -> bool {
        !matches!(self, Self::Failed | Self::InDoubt | Self::NotTried)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::CreatedOrUpdated => "created or updated",
            Self::Unchanged => "unchanged",
            Self::Added => "added",
            Self::HadAccess => "had access",
            Self::Removed => "removed",
            Self::HadNoAccess => "had no access",
            Self::Deleted => "deleted",
            Self::Missing => "did not exist",
            Self::DeletedOrMissing => "deleted or did not exist",
            Self::Failed => "failed",
            Self::InDoubt => "unknown",
            Self::NotTried => "not tried",
        }
    }
}

impl From<Stored> for ItemResult {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Created => Self::Created,
            Stored::Updated => Self::Updated,
            _ => Self::CreatedOrUpdated,
        }
    }
}

impl From<Done> for ItemResult {
    fn from(done: Done) -> Self {
        match done {
            Done::Stored(stored) => stored.into(),
            _ => Self::Deleted,
        }
    }
}

impl From<Deleted> for ItemResult {
    fn from(deleted: Deleted) -> Self {
        match deleted {
            Deleted::Deleted => Self::Deleted,
            Deleted::Missing => Self::Missing,
            _ => Self::DeletedOrMissing,
        }
    }
}

impl<T: Into<Self>> From<Result<T, Error>> for ItemResult {
    fn from(result: Result<T, Error>) -> Self {
        result.map_or_else(Self::failed, Into::into)
    }
}

impl ItemResult {
    pub(crate) fn failed(error: Error) -> Self {
        match error {
            Error::NotTried(reason) => Self::NotTried(reason),
            Error::Repositories(errors) => Self::NotFound(errors),
            error => Self::Failed(Box::new(error)),
        }
    }
}
