//! The secrets of one owner in one store, and the methods that all of them have.
//!
//! Further methods of [`Secrets`] are in files of their own: `any.rs`, `repositories.rs`,
//! `rotate.rs` and `set_access.rs` here, and `batch/begin.rs`.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{
    secret::{Secret, read_page},
    store::SecretStore,
    stored::Stored,
};
use crate::{
    Action, Error, InheritingRepository, IntoSecretName, Organization, Owner, Pages, Place,
    PublicKey, Repositories, SecretValue, Store, User, Visibility,
    core::Core,
    http::{List, PER_PAGE},
    owner::WriteAccess,
    place::OwnerName,
};

/// The secrets of one owner in one store.
///
/// The type of the owner decides what can be done:
///
/// | secrets of | created by | access argument of `set` | and they have |
/// |---|---|---|---|
/// | [`Organization`] | [`actions`](Organization::actions), [`agents`](Organization::agents), [`codespaces`](Organization::codespaces), [`dependabot`](Organization::dependabot) | [`Visibility`] | `set_access`, `repositories` |
/// | [`Repository`] | [`codespaces`], [`dependabot`] | nothing | |
/// | [`InheritingRepository`] | [`actions`], [`agents`] | nothing | `organization_secrets` |
/// | [`Environment`] | [`environment`] | nothing | |
/// | [`User`] | [`codespaces`](User::codespaces) | [`Repositories`] | `repositories` |
/// | [`AnyOwner`] | [`GitHub::secrets`] | [`AnyAccess`] | all of these, checked at run time |
///
/// [`Repository`]: crate::Repository
/// [`codespaces`]: crate::Repository::codespaces
/// [`dependabot`]: crate::Repository::dependabot
/// [`actions`]: crate::Repository::actions
/// [`agents`]: crate::Repository::agents
/// [`Environment`]: crate::Environment
/// [`environment`]: crate::Repository::environment
/// [`AnyOwner`]: crate::AnyOwner
/// [`AnyAccess`]: crate::AnyAccess
/// [`GitHub::secrets`]: crate::GitHub::secrets
///
/// Secrets of different owners have different types. They turn into [`AnySecrets`], which fit into
/// one `Vec` and are distinguished by their [`place`](Secrets::place):
///
/// ```no_run
/// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
/// use github_secrets::AnySecrets;
///
/// let repo = github.repo("acme/website")?;
/// let places: Vec<AnySecrets> = vec![
///     repo.actions().into(),
///     repo.dependabot().into(),
///     repo.environment("production")?.into(),
/// ];
/// for secrets in places {
///     let stored = secrets.set("NPM_TOKEN", "correct horse", ()).await?;
///     println!("{}: {stored}", secrets.place());
/// }
/// # Ok(())
/// # }
/// ```
///
/// [`AnySecrets`]: crate::AnySecrets
///
/// A call that the owner does not support does not compile:
///
/// ```compile_fail,E0061
/// # async fn example(repo: github_secrets::Repository) -> Result<(), github_secrets::Error> {
/// use github_secrets::Visibility;
///
/// // The secrets of a repository have no visibility.
/// repo.actions().set("DB_PASSWORD", "correct horse", Visibility::All).await?;
/// # Ok(())
/// # }
/// ```
pub struct Secrets<O: Owner> {
    pub(crate) store: SecretStore,
    owner: PhantomData<fn() -> O>,
}

impl Secrets<Organization> {
    /// Creates or updates a secret, and returns whether it is new.
    ///
    /// This fetches the public key, unless it was fetched in the last minutes, seals the value and
    /// sends it. **It replaces the visibility as well**: an existing secret gets exactly the one
    /// that you pass. To change the value alone, use [`rotate`](Self::rotate). To change the
    /// visibility alone, use [`set_access`](Self::set_access).
    ///
    /// If GitHub says that the value was sealed to another key, the key is fetched again, and the
    /// value is sealed and sent once more. Attempts whose response was lost are repeated. A
    /// repeated attempt can find the secret that the first one created. The secret's age then shows
    /// whether it existed before. If that is not certain, the result is
    /// [`Stored::CreatedOrUpdated`].
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// use github_secrets::Visibility;
    ///
    /// let secrets = github.org("acme")?.codespaces();
    /// secrets.set("DB_PASSWORD", "correct horse", Visibility::selected(["website"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`], [`Error::Value`] or [`Error::Repository`] before anything is sent,
    /// [`Error::Key`] before the value is sent, and the [errors of any
    /// request](Error#errors-of-any-request). [`Error::may_have_taken_effect`] says whether the
    /// value may be stored despite the error.
    pub async fn set(
        &self,
        name: impl IntoSecretName,
        value: impl Into<SecretValue>,
        visibility: Visibility,
    ) -> Result<Stored, Error> {
        self.set_with(name, value.into(), visibility).await
    }
}

impl Secrets<User> {
    /// Creates or updates a secret, and returns whether it is new.
    ///
    /// **It replaces the selected repositories as well**: an existing secret gets exactly those
    /// that you pass. To change the value alone, use [`rotate`](Self::rotate). Repositories are
    /// given as `owner/name` or by id.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// use github_secrets::Repositories;
    ///
    /// let secrets = github.user().codespaces();
    /// let repositories = Repositories::selected(["octocat/hello-world"]);
    /// secrets.set("DOTFILES_TOKEN", "correct horse", repositories).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`], [`Error::Value`] or [`Error::Repository`] before anything is sent,
    /// [`Error::Key`] before the value is sent, and the [errors of any
    /// request](Error#errors-of-any-request). [`Error::may_have_taken_effect`] says whether the
    /// value may be stored despite the error.
    pub async fn set(
        &self,
        name: impl IntoSecretName,
        value: impl Into<SecretValue>,
        repositories: Repositories,
    ) -> Result<Stored, Error> {
        self.set_with(name, value.into(), repositories).await
    }
}

impl<O: Owner<Access = ()>> Secrets<O> {
    /// Creates or updates a secret, and returns whether it is new.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let secrets = github.repo("acme/website")?.actions();
    /// secrets.set("DB_PASSWORD", "correct horse").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] or [`Error::Value`] before anything is sent, [`Error::Key`] before
    /// the value is sent, [`Error::Moved`] if the repository belongs to another owner now, and the
    /// [errors of any request](Error#errors-of-any-request). [`Error::may_have_taken_effect`] says
    /// whether the value may be stored despite the error.
    pub async fn set(
        &self,
        name: impl IntoSecretName,
        value: impl Into<SecretValue>,
    ) -> Result<Stored, Error> {
        self.set_with(name, value.into(), ()).await
    }
}

impl<O: Owner> Secrets<O> {
    /// Returns the secrets of the owner, without their values.
    ///
    /// ```no_run
    /// # use github_secrets::{Error, Secrets, User};
    /// # async fn example(secrets: Secrets<User>) -> Result<(), Error> {
    /// for secret in secrets.list().all().await? {
    ///     println!("{} was last changed at {}", secret.name, secret.updated_at);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pages<Secret> {
        self.store.list().pages(Arc::clone(&self.store.core.http))
    }

    /// Returns the secret's metadata, or `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name breaks GitHub's rules, and the [errors of any
    /// request](Error#errors-of-any-request). GitHub sends the same response if the secret does not
    /// exist and if the token has no access to it; [`public_key`] distinguishes the two.
    ///
    /// [`public_key`]: Self::public_key
    pub async fn find(&self, name: impl IntoSecretName) -> Result<Option<Secret>, Error> {
        let name = name.into_secret_name()?;
        self.store.find(&self.store.call(), &name).await
    }

    /// Deletes a secret.
    ///
    /// If the response to the first attempt was lost, a second one that finds no secret is a
    /// success, although the secret may not have existed before.
    /// [`GitHub::delete_all`](crate::GitHub::delete_all) distinguishes the two.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotFound`] if the secret does not exist, [`Error::Name`] if the name breaks
    /// GitHub's rules, and the [errors of any request](Error#errors-of-any-request).
    pub async fn delete(&self, name: impl IntoSecretName) -> Result<(), Error> {
        let name = name.into_secret_name()?;
        let call = self.store.call();
        let result = self.store.delete(&call, &name).await;
        call.settle(result.map(|_| ()))
    }

    /// Fetches the current public key, bypassing the cache.
    ///
    /// [`set`](Secrets::set) fetches the key by itself. Use this to seal a value yourself, or to
    /// find out whether the owner exists and the token may see it.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Key`] if the key is unsafe to seal to, [`Error::NotFound`] if the owner
    /// does not exist or its plan or the token does not allow it, and the [errors of any
    /// request](Error#errors-of-any-request).
    pub async fn public_key(&self) -> Result<PublicKey, Error> {
        let call = self.store.call();
        self.store.core.keys.fetch(&call, &self.store).await
    }

    /// Returns the store that the secrets are in.
    pub fn store(&self) -> Store {
        self.store.place.store()
    }

    /// Returns the place that the secrets are in.
    pub fn place(&self) -> &Place {
        &self.store.place
    }

    pub(crate) fn new(core: Arc<Core>, owner: OwnerName, store: Store) -> Self {
        Self::of(core, Place::new(owner, store))
    }

    pub(crate) fn of(core: Arc<Core>, place: Place) -> Self {
        let place = Arc::new(place);
        Self::from_store(SecretStore { core, place })
    }

    pub(super) fn from_store(store: SecretStore) -> Self {
        let owner = PhantomData;
        Self { store, owner }
    }

    pub(super) fn list_organization_secrets(&self) -> Pages<Secret> {
        let requests = self.store.requests();
        let first = requests.list_organization_secrets(None, Some(PER_PAGE.into()));
        let target = self.store.target(Action::ListOrganizationSecrets, None);
        List::new(target, first, read_page).pages(Arc::clone(&self.store.core.http))
    }

    pub(super) async fn set_with(
        &self,
        name: impl IntoSecretName,
        value: SecretValue,
        access: O::Access,
    ) -> Result<Stored, Error> {
        let name = name.into_secret_name()?;
        value.check()?;
        access.check(self.store.kind())?;
        let call = self.store.call();
        let set = async {
            let repositories = access.repositories().into_iter();
            let (ids, key) = self.store.prepare(&call, repositories).await?;
            let access = ids.access(&access);
            let set = self
                .store
                .seal_and_set(&call, key, &name, &value, access.as_ref());
            set.await.map(|delivered| delivered.stored)
        };
        let result = set.await;
        call.settle(result)
    }
}

impl Secrets<InheritingRepository> {
    /// Returns the secrets that the organization shares with this repository.
    ///
    /// GitHub does not say which visibility they have.
    ///
    /// ```no_run
    /// # async fn example(repo: github_secrets::Repository) -> Result<(), github_secrets::Error> {
    /// for secret in repo.actions().organization_secrets().all().await? {
    ///     println!("{}", secret.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn organization_secrets(&self) -> Pages<Secret> {
        self.list_organization_secrets()
    }
}

impl<O: Owner> From<Secrets<O>> for Place {
    fn from(secrets: Secrets<O>) -> Self {
        secrets.place().clone()
    }
}

impl<O: Owner> From<&Secrets<O>> for Place {
    fn from(secrets: &Secrets<O>) -> Self {
        secrets.place().clone()
    }
}

impl<O: Owner> Clone for Secrets<O> {
    fn clone(&self) -> Self {
        Self::from_store(self.store.clone())
    }
}

impl<O: Owner> fmt::Debug for Secrets<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.place())
    }
}
