//! The result of one secret of a batch. It is serialized in `serialization.rs`.

use crate::{Error, Place, SecretName, Stored};

/// The result for one secret of a batch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BatchItem<T = Stored> {
    /// The place of the secret.
    pub place: Place,
    /// The secret's name.
    pub name: SecretName,
    /// The result. [`Error::NotTried`] means that the secret was never sent, and says why: an
    /// earlier error, a rejected token for example, would make all of them fail.
    pub result: Result<T, Error>,
}

impl<T> BatchItem<T> {
    pub(super) fn new(place: &Place, name: SecretName, result: Result<T, Error>) -> Self {
        Self {
            place: place.clone(),
            name,
            result,
        }
    }
}

impl<T: PartialEq> BatchItem<T> {
    pub(super) fn was(&self, outcome: T) -> bool {
        self.result.as_ref().is_ok_and(|result| *result == outcome)
    }
}
