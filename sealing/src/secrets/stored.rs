//! Whether a secret was created, updated or deleted.

use std::fmt;

use crate::{
    Error,
    http::{Call, Response},
};

/// The result of setting a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stored {
    /// The secret is new.
    Created,
    /// The secret existed before and has a new value.
    Updated,
    /// The value is stored, but it is not known whether the secret is new: the response to the
    /// first attempt was lost, and a second attempt found the secret.
    CreatedOrUpdated,
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::CreatedOrUpdated => "created or updated",
        })
    }
}

/// The result of deleting a secret in a [`Batch`](crate::Batch), or a private registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deleted {
    /// It was deleted.
    Deleted,
    /// It did not exist, which the batch [allows](crate::Batch::allow_missing).
    Missing,
    /// It does not exist now, but it is not known whether this call deleted it: the response to the
    /// first attempt was lost, and a second attempt found nothing.
    DeletedOrMissing,
}

impl Deleted {
    /// Returns what a deletion did. If a response was lost before, finding nothing is a success.
    pub(crate) fn of(sent: Result<Response<()>, Error>, call: &Call) -> Result<Self, Error> {
        match sent {
            Ok(_) => Ok(Self::Deleted),
            Err(Error::NotFound(response))
                if call.may_have_taken_effect() && !response.names_what_is_missing() =>
            {
                Ok(Self::DeletedOrMissing)
            }
            Err(error) => Err(error),
        }
    }
}

impl fmt::Display for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Deleted => "deleted",
            Self::Missing => "did not exist",
            Self::DeletedOrMissing => "deleted or did not exist",
        })
    }
}
