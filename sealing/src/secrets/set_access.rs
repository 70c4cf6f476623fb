//! A change of access to an existing secret, without its value.

use std::sync::Arc;

use futures_util::future::try_join;
use http::StatusCode;

use super::{rotate::changed, store::SecretStore};
use crate::{
    Access, Change, Error, IntoSecretName, Organization, OwnerKind, SecretName, Secrets, Store,
    Visibility, http::Call, owner::WriteAccess, repository_ids::resolve,
};

impl Secrets<Organization> {
    /// Changes who can use an existing secret without changing its value, and returns whether
    /// anything had to be changed.
    ///
    /// From one selection of repositories to another, this replaces the selection. For any other
    /// change it sends the update without a value that GitHub's description allows. GitHub does not
    /// document the effect of that, so the secret is read back.
    ///
    /// Agents secrets have no update without a value: only their selection can be replaced.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// use github_secrets::Visibility;
    ///
    /// let secrets = github.org("acme")?.actions();
    /// secrets.set_access("DB_PASSWORD", Visibility::selected(["website", "api"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotFound`] if the secret does not exist, [`Error::ValueRequired`] if GitHub
    /// makes this change only together with the value, [`Error::AccessNotChanged`] if GitHub
    /// accepts the change but does not apply it, [`Error::SecretChanged`] if somebody else changed
    /// the secret at the same time, [`Error::Unverified`] if it cannot be read back,
    /// [`Error::Repository`], and the [errors of any request](Error#errors-of-any-request).
    pub async fn set_access(
        &self,
        name: impl IntoSecretName,
        visibility: Visibility,
    ) -> Result<bool, Error> {
        let name = name.into_secret_name()?;
        let call = self.store.call();
        let result = self.store.set_access(&call, &name, &visibility).await;
        call.settle(result)
    }
}

impl SecretStore {
    pub(super) async fn set_access(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        access: &impl WriteAccess,
    ) -> Result<bool, Error> {
        let repositories = access.repositories().into_iter();
        let ids = resolve(call, &self.place.owner, repositories);
        let (ids, before) = try_join(ids, self.access(call, name)).await?;
        let (Some(wanted), Some(before)) = (ids.access(access), before) else {
            return Ok(false);
        };
        if wanted == before {
            return Ok(false);
        }
        let recreated = match (&before, &wanted) {
            (Access::Selected(_), Access::Selected(ids)) => {
                self.set_repositories(call, name, ids).await?;
                false
            }
            _ if self.needs_value() => return Err(Error::ValueRequired(name.clone())),
            _ => {
                let set = self.set(call, name, None, Some(&wanted)).await?;
                set.status() == StatusCode::CREATED
            }
        };
        if recreated {
            return Err(changed(name, false, Change::Recreated));
        }
        match self.read_back(call, name, false).await? {
            Some(found) if found == wanted => Ok(true),
            Some(found) if found == before => Err(Error::AccessNotChanged(name.clone())),
            Some(found) => Err(changed(
                name,
                false,
                Change::Access {
                    expected: wanted,
                    found,
                },
            )),
            None => Err(changed(name, false, Change::Deleted)),
        }
    }

    /// Returns whether every write takes a value, by GitHub's description.
    fn needs_value(&self) -> bool {
        self.kind() == OwnerKind::Organization && self.place.store == Store::Agents
    }
}
