//! A new value for an existing secret, without a change of access.

use std::sync::Arc;

use futures_util::future::try_join;

use super::store::{Delivered, SecretStore};
use crate::{
    Access, Action, Change, Error, IntoSecretName, Owner, SecretChanged, SecretName, SecretValue,
    Secrets, Stored,
    error::present,
    http::{Call, Shutdown, run_in_task},
};

impl<O: Owner> Secrets<O> {
    /// Replaces the value of an existing secret without changing who can use it.
    ///
    /// GitHub accepts a value for an organization's or a user's secret only together with its
    /// visibility and its whole list of repositories. So this reads them, writes them back with the
    /// value, and reads them again: a change by somebody else is reported as
    /// [`Error::SecretChanged`]. GitHub has no conditional write, so a change between the first
    /// reading and the write, usually one round trip, is overwritten unnoticed.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let secrets = github.org("acme")?.actions();
    /// secrets.rotate("DB_PASSWORD", "better horse").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotFound`] if the secret does not exist: nothing is created.
    /// [`Error::Unverified`] means that the new value is stored; [`Error::SecretChanged`] says
    /// whether it is. The other errors are those of `set`.
    pub async fn rotate(
        &self,
        name: impl IntoSecretName,
        value: impl Into<SecretValue>,
    ) -> Result<(), Error> {
        // The value comes first, so that it is wiped when the name is refused.
        let (value, name) = (value.into(), name.into_secret_name()?);
        value.check()?;
        self.store.rotate_in_task(name, value).await
    }
}

impl SecretStore {
    /// Changes the value of a secret, whether or not the caller is polled meanwhile: what the call
    /// has reserved must not be kept from others by a caller who does something else.
    fn rotate_in_task(
        &self,
        name: SecretName,
        value: SecretValue,
    ) -> impl Future<Output = Result<(), Error>> {
        let target = self.target(Action::Set, Some(&name));
        let store = self.clone();
        let rotation = run_in_task(async move {
            let call = store.call();
            let result = store.rotate(&call, &name, &value).await;
            call.settle(result.map(|_| ()))
        });
        async move {
            rotation.await.unwrap_or_else(|Shutdown| {
                let error = self.call().shut_down(&target);
                Err(error.mark_effect_if(true))
            })
        }
    }

    pub(crate) async fn rotate(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        value: &SecretValue,
    ) -> Result<Delivered, Error> {
        let target = &self.target(Action::Set, Some(name));
        let rotate = || async {
            // The write must not wait for its turn after the reading, which would be old by then.
            call.reserve_write(target).await?;
            self.rotate_in_turn(call, name, value).await
        };
        call.write_what_is_read(target, rotate).await
    }

    /// Rotates a secret in the turn that the call has reserved.
    pub(crate) async fn rotate_in_turn(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        value: &SecretValue,
    ) -> Result<Delivered, Error> {
        // The key is fetched beside the reading, which would be old after it.
        let reading = try_join(self.access(call, name), self.key(call));
        let (before, key) = reading.await?;
        let delivered = self
            .seal_and_set(call, key, name, value, before.as_ref())
            .await?;
        if delivered.stored == Stored::Created {
            return Err(changed(name, true, Change::Recreated));
        }
        if let Some(before) = before {
            self.verify(call, name, true, before).await?;
        }
        Ok(delivered)
    }

    /// Checks that a secret can be used by those that were written.
    pub(crate) async fn verify(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        value_stored: bool,
        expected: Access,
    ) -> Result<(), Error> {
        match self.read_back(call, name, value_stored).await? {
            Some(found) if found == expected => Ok(()),
            Some(found) => Err(changed(
                name,
                value_stored,
                Change::Access { expected, found },
            )),
            None => Err(changed(name, value_stored, Change::Deleted)),
        }
    }

    /// Reads who can use a secret after a change that was made.
    pub(crate) async fn read_back(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        value_stored: bool,
    ) -> Result<Option<Access>, Error> {
        let found = present(self.access(call, name).await);
        let found = found.map_err(|source| Error::Unverified {
            name: name.clone(),
            value_stored,
            source: Box::new(source),
        })?;
        Ok(found.flatten())
    }
}

pub(crate) fn changed(name: &SecretName, value_stored: bool, change: Change) -> Error {
    Error::SecretChanged(Box::new(SecretChanged {
        name: name.clone(),
        value_stored,
        change,
    }))
}
