//! Why a batch did not begin.

use crate::{AccessError, Place, SecretName, ValueError};

/// An error from checking the secrets of a batch, before any of them is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Two names are the same name to GitHub.
    #[error(
        "{first} and {second} in {place} are the same name to GitHub, which ignores case; remove \
         one"
    )]
    DuplicateName {
        /// The place of both.
        place: Place,
        /// The name that came first.
        first: SecretName,
        /// The later name.
        second: SecretName,
    },
    /// A value cannot be stored.
    #[error("{name}: {error} ({place})")]
    Value {
        /// The place of the secret.
        place: Place,
        /// The secret's name.
        name: SecretName,
        /// The reason why its value cannot be stored.
        error: ValueError,
    },
    /// The access does not fit the owner, which is known at run time only.
    #[error("{name}: {error} ({place})")]
    Access {
        /// The place of the secret.
        place: Place,
        /// The secret's name.
        name: SecretName,
        /// The reason why the access does not fit.
        error: AccessError,
    },
}
