//! The secrets of an owner that is known at run time only.

use crate::{
    AccessError, AnyAccess, AnyOwner, Error, IntoSecretName, OwnerKind, Pages, Secret,
    SecretRepositories, SecretValue, Secrets, Store, Stored, owner::sealed::Known,
};

/// The secrets of an owner that is known at run time only, from
/// [`GitHub::secrets`](crate::GitHub::secrets) or from any other [`Secrets`].
///
/// Methods that all owners have work in the same way. Whether an owner has the others is checked at
/// run time: if not, they fail with [`Error::Access`] before anything is sent.
///
/// ```no_run
/// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
/// use github_secrets::{AnySecrets, Place, Visibility};
///
/// let place: Place = "orgs/acme/actions".parse()?;
/// let secrets: AnySecrets = github.secrets(&place);
/// secrets.set("DB_PASSWORD", "correct horse", Visibility::Private).await?;
/// # Ok(())
/// # }
/// ```
pub type AnySecrets = Secrets<AnyOwner>;

impl Secrets<AnyOwner> {
    /// Creates or updates a secret, and returns whether it is new.
    ///
    /// The access is a [`Visibility`](crate::Visibility) for an organization,
    /// [`Repositories`](crate::Repositories) for a user, and `()` for a repository or an
    /// environment. An existing secret gets exactly the access that you pass.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Access`] before anything is sent if the access does not fit the owner, and
    /// the errors of `set` for that owner.
    pub async fn set(
        &self,
        name: impl IntoSecretName,
        value: impl Into<SecretValue>,
        access: impl Into<AnyAccess>,
    ) -> Result<Stored, Error> {
        self.set_with(name, value.into(), access.into()).await
    }

    /// Changes who can use an existing secret of an organization or a user without changing its
    /// value, and returns whether anything had to be changed.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Access`] before anything is sent if the access does not fit the owner, or
    /// if the secrets are those of a repository or an environment. The other errors are those of
    /// [`set_access`] for an organization.
    ///
    /// [`set_access`]: Secrets::<crate::Organization>::set_access
    pub async fn set_access(
        &self,
        name: impl IntoSecretName,
        access: impl Into<AnyAccess>,
    ) -> Result<bool, Error> {
        let name = name.into_secret_name()?;
        let access = access.into();
        access.check(self.place().kind())?;
        if access == AnyAccess::None {
            return Err(AccessError::NoAccess.into());
        }
        let call = self.store.call();
        let result = self.store.set_access(&call, &name, &access).await;
        call.settle(result)
    }

    /// Returns the repositories that are selected for a secret of an organization or a user.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name breaks GitHub's rules, and [`Error::Access`] if the
    /// secrets are those of a repository or an environment.
    pub fn repositories(
        &self,
        name: impl IntoSecretName,
    ) -> Result<SecretRepositories<AnyOwner>, Error> {
        if !self.store.has_access() {
            return Err(AccessError::NoAccess.into());
        }
        SecretRepositories::new(&self.store, name)
    }

    /// Returns the secrets that the organization shares with a repository, in Actions or Agents.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Access`] if these are not the Actions or Agents secrets of a repository.
    pub fn organization_secrets(&self) -> Result<Pages<Secret>, Error> {
        match (self.place().kind(), self.store()) {
            (OwnerKind::Repository, Store::Actions | Store::Agents) => {
                Ok(self.list_organization_secrets())
            }
            _ => Err(AccessError::NoOrganizationSecrets.into()),
        }
    }
}

impl<O: Known> From<Secrets<O>> for AnySecrets {
    fn from(secrets: Secrets<O>) -> Self {
        Self::from_store(secrets.store)
    }
}
