//! What a batch does with each secret.

#![allow(
    private_interfaces,
    reason = "the sealed trait is public for the bounds of `Batch`, and nobody can name it"
)]

use std::{fmt, sync::Arc};

use super::item::BatchItem;
use crate::{
    Action, AnyAccess, Deleted, Error, SecretName, SecretValue, Stored, http::Call,
    repository_ids::RepositoryIds, secrets::SecretStore,
};

/// What a batch returns for a secret with which it succeeded: [`Stored`] or [`Deleted`].
///
/// This trait is sealed.
pub trait Outcome: Work + fmt::Display + fmt::Debug + Copy {}

impl Outcome for Stored {}

impl Outcome for Deleted {}

/// What is to be done with a secret, and how it is done.
pub trait Work: Sized + Send + 'static {
    type Job: Send + 'static;

    /// What each secret takes, as far as the limits are concerned, and is about if it fails.
    #[doc(hidden)]
    const ACTION: Action;

    /// What a secret is with which the batch succeeded.
    #[doc(hidden)]
    const SUCCESS: &str;

    /// Whether the place is looked at before its first secret.
    #[doc(hidden)]
    const OPENS: bool;

    /// Returns the access whose repositories have to be looked up.
    #[doc(hidden)]
    fn access(job: &Self::Job) -> Option<Arc<AnyAccess>>;

    #[doc(hidden)]
    fn run(
        store: &SecretStore,
        call: &Arc<Call>,
        ids: &RepositoryIds,
        name: &SecretName,
        job: Self::Job,
    ) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Says how many secrets had which result.
    #[doc(hidden)]
    fn summary(items: &[BatchItem<Self>]) -> String;
}

/// A value to be stored.
pub struct Write {
    pub(super) value: SecretValue,
    /// Who shall be able to use it; `None` for those who can now.
    pub(super) access: Option<Arc<AnyAccess>>,
}

impl Work for Stored {
    type Job = Write;

    const ACTION: Action = Action::Set;
    const SUCCESS: &str = "stored";
    const OPENS: bool = true;

    fn access(job: &Write) -> Option<Arc<AnyAccess>> {
        job.access.clone()
    }

    async fn run(
        store: &SecretStore,
        call: &Arc<Call>,
        ids: &RepositoryIds,
        name: &SecretName,
        job: Write,
    ) -> Result<Self, Error> {
        let Some(access) = job.access else {
            // A rotation is twice as large as a write, which would be as large with it.
            Box::pin(store.rotate(call, name, &job.value)).await?;
            return Ok(Self::Updated);
        };
        let (access, key) = (ids.access(&*access), store.key(call).await?);
        let set = store.seal_and_set(call, key, name, &job.value, access.as_ref());
        set.await.map(|delivered| delivered.stored)
    }

    fn summary(items: &[BatchItem<Self>]) -> String {
        let created = items.iter().filter(|item| item.was(Self::Created)).count();
        let stored = items.iter().filter(|item| item.result.is_ok()).count();
        format!("{created} created, {} updated", stored - created)
    }
}

/// A secret to be deleted.
pub struct Delete {
    pub(super) allow_missing: bool,
}

impl Work for Deleted {
    type Job = Delete;

    const ACTION: Action = Action::Delete;
    const SUCCESS: &str = "gone";
    const OPENS: bool = false;

    fn access(_: &Delete) -> Option<Arc<AnyAccess>> {
        None
    }

    async fn run(
        store: &SecretStore,
        call: &Arc<Call>,
        _: &RepositoryIds,
        name: &SecretName,
        job: Delete,
    ) -> Result<Self, Error> {
        let response = match store.send_delete(call, name).await {
            Ok(_) => return Ok(Self::Deleted),
            Err(Error::NotFound(response)) => response,
            Err(error) => return Err(error),
        };
        // GitHub responds alike where there is no such place, or none that the token may see. That
        // the place has a key shows that only the secret is missing.
        let missing = || Error::NotFound(response);
        match store.key(call).await {
            Ok(_) if call.may_have_taken_effect() => Ok(Self::DeletedOrMissing),
            Ok(_) if job.allow_missing => Ok(Self::Missing),
            Ok(_) => Err(missing()),
            Err(error) => Err(error.or_of_sent(missing)),
        }
    }

    fn summary(items: &[BatchItem<Self>]) -> String {
        let count = |result| items.iter().filter(|item| item.was(result)).count();
        let mut summary = format!("{} deleted", count(Self::Deleted));
        for result in [Self::Missing, Self::DeletedOrMissing] {
            match count(result) {
                0 => {}
                count => summary.push_str(&format!(", {count} {result}")),
            }
        }
        summary
    }
}
