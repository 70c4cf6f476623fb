//! The private registries of an organization. Creating and updating them is in `change.rs`.

mod change;
mod oidc;
mod registry;
mod settings;
mod wire;

use std::{fmt, sync::Arc};

use github_secrets_client::{
    Request, private_registries_delete_org_private_registry,
    private_registries_get_org_private_registry, private_registries_get_org_public_key,
    private_registries_list_org_private_registries,
    types::{PrivateRegistry as Found, PrivateRegistryPage, PublicKey as FoundKey},
};

pub use self::{
    oidc::Oidc,
    registry::PrivateRegistry,
    settings::{NewRegistry, ParseRegistryTypeError, RegistryAuth, RegistryType, RegistryUpdate},
};
use crate::{
    Access, Deleted, Error, Operation, Organization, Pages, PublicKey, RegistryAction,
    RegistryError, ResponseHead, ResponseProblem, SecretName, Visibility,
    core::Core,
    error::{Target, present},
    http::{Call, Entry, List, PER_PAGE, Page},
    keys::{KeyOwner, KeyScope},
    owner::WriteAccess,
    place::{Login, OwnerName},
    repository_ids::resolve,
};

/// The private registries of an organization: credentials that Dependabot and code scanning use.
///
/// They differ from secrets. GitHub gives a registry its name, and only the token or password is
/// secret; everything else can be read back, except for the selected repositories
/// ([documentation](https://docs.github.com/en/rest/private-registries/organization-configurations)).
///
/// ```no_run
/// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
/// use github_secrets::{NewRegistry, RegistryAuth, RegistryType, RegistryUpdate, Visibility};
///
/// let registries = github.org("acme")?.private_registries();
/// let registry = registries
///     .create(NewRegistry::new(
///         RegistryType::NpmRegistry,
///         "https://npm.acme.example",
///         RegistryAuth::token("correct horse"),
///         Visibility::Private,
///     )?)
///     .await?;
/// registries.update(&registry.name, RegistryUpdate::new().value("better horse")).await?;
/// registries.delete(&registry.name).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PrivateRegistries {
    core: Arc<Core>,
    login: Login,
}

impl Organization {
    /// Returns the organization's private registries.
    pub fn private_registries(&self) -> PrivateRegistries {
        PrivateRegistries {
            core: Arc::clone(&self.core),
            login: self.login.clone(),
        }
    }
}

impl PrivateRegistries {
    /// Creates a registry and returns it, with the name that GitHub gave it.
    ///
    /// Creating is not safe to repeat, so a request that may have been sent is not sent again. If
    /// its response was lost, the registries are listed instead: one that was not there before, and
    /// that has everything that was sent, is returned as the new one. GitHub does not return the
    /// secret value, so this cannot be compared.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Repository`] if repositories cannot be selected, [`Error::Key`] before the
    /// value is sent, and the [errors of any request](Error#errors-of-any-request). If the error
    /// [may have taken effect](Error::may_have_taken_effect), look at the list before you repeat
    /// the call.
    pub async fn create(&self, registry: NewRegistry) -> Result<PrivateRegistry, Error> {
        let call = Call::begin(&self.core.http);
        let result = self.create_in(&call, &registry).await;
        call.settle(result)
    }

    /// Returns the registries of the organization.
    pub fn list(&self) -> Pages<PrivateRegistry> {
        self.listing(wire::read_page)
            .pages(Arc::clone(&self.core.http))
    }

    /// Returns a registry, or `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Registry`] if the text cannot be the name of a registry, and the [errors of
    /// any request](Error#errors-of-any-request).
    pub async fn find(&self, name: impl AsRef<str>) -> Result<Option<PrivateRegistry>, Error> {
        let name = check_name(name.as_ref())?;
        let found = self.look_up(&Call::begin(&self.core.http), &name).await;
        let target = self.target(RegistryAction::Find, Some(&name));
        let found = present(found)?.map(|found| self.read(&target, found, None));
        found.transpose()
    }

    /// Changes a registry.
    ///
    /// GitHub's description gives `replaces_base` a default for updates as well, so the registry is
    /// read first, and the present setting is sent along.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotFound`] if the registry does not exist, [`Error::Registry`] if it cannot
    /// be changed in this way, and the errors of [`create`](Self::create).
    pub async fn update(&self, name: impl AsRef<str>, update: RegistryUpdate) -> Result<(), Error> {
        let name = check_name(name.as_ref())?;
        update.check()?;
        let call = Call::begin(&self.core.http);
        let result = self.update_in(&call, &name, &update).await;
        call.settle(result)
    }

    /// Deletes a registry.
    ///
    /// If the response to the first attempt was lost, and a second one finds no registry, the
    /// result is [`Deleted::DeletedOrMissing`].
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotFound`] if the registry does not exist, [`Error::Registry`] if the text
    /// cannot be the name of a registry, and the [errors of any
    /// request](Error#errors-of-any-request).
    pub async fn delete(&self, name: impl AsRef<str>) -> Result<Deleted, Error> {
        let name = check_name(name.as_ref())?;
        let target = self.target(RegistryAction::Delete, Some(&name));
        let call = Call::begin(&self.core.http);
        let org = self.login.as_str();
        let request = private_registries_delete_org_private_registry(org, name.as_str());
        call.settle(Deleted::of(call.send(&target, request).await, &call))
    }

    /// Fetches the current public key, bypassing the cache.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Key`] if the key is unsafe to seal to, [`Error::NotFound`] if the
    /// organization does not exist or its plan or the token does not allow it, and the [errors of
    /// any request](Error#errors-of-any-request).
    pub async fn public_key(&self) -> Result<PublicKey, Error> {
        let call = Call::begin(&self.core.http);
        self.core.keys.fetch(&call, self).await
    }

    async fn access(&self, call: &Arc<Call>, visibility: &Visibility) -> Result<Access, Error> {
        let repositories = visibility.repositories().into_iter();
        let ids = resolve(call, &self.owner(), repositories).await?;
        Ok(ids.access(visibility).unwrap_or(Access::Private))
    }

    async fn look_up(&self, call: &Arc<Call>, name: &SecretName) -> Result<Found, Error> {
        let target = self.target(RegistryAction::Find, Some(name));
        let org = self.login.as_str();
        let request = private_registries_get_org_private_registry(org, name.as_str());
        Ok(call.send(&target, request).await?.value)
    }

    /// Reads all registries, as GitHub writes them.
    async fn all(&self, call: &Arc<Call>) -> Result<Vec<Found>, Error> {
        self.listing(wire::found_page).whole(call).await
    }

    fn listing<T: Entry + Send + 'static>(
        &self,
        read: fn(PrivateRegistryPage) -> Page<T>,
    ) -> List<PrivateRegistryPage, T> {
        let org = self.login.as_str();
        let first =
            private_registries_list_org_private_registries(org, None, Some(PER_PAGE.into()));
        List::new(self.target(RegistryAction::List, None), first, read)
    }

    /// Returns a registry in the library's own terms; `selected` are the ids that were sent.
    fn read(
        &self,
        target: &Target,
        found: Found,
        selected: Option<Vec<u64>>,
    ) -> Result<PrivateRegistry, Error> {
        wire::read(found, selected).map_err(|what| {
            let problem = ResponseProblem::Contradiction(what);
            Error::unexpected(target, ResponseHead::default(), problem)
        })
    }

    fn owner(&self) -> OwnerName {
        OwnerName::Organization(self.login.clone())
    }

    fn target(&self, action: RegistryAction, name: Option<&SecretName>) -> Target {
        let name = name.map(SecretName::as_str);
        Target::new(Operation::registry(action), self.owner(), name)
    }
}

/// GitHub makes the names, in the form that the names of secrets have.
fn check_name(name: &str) -> Result<SecretName, RegistryError> {
    SecretName::new(name).map_err(|_| RegistryError::Name)
}

impl KeyOwner for PrivateRegistries {
    fn key_scope(&self) -> KeyScope {
        KeyScope {
            owner: self.owner().folded(),
            store: None,
            token: None,
        }
    }

    fn key_target(&self) -> Target {
        self.target(RegistryAction::PublicKey, None)
    }

    fn key_request(&self) -> Request<FoundKey> {
        private_registries_get_org_public_key(self.login.as_str())
    }
}

impl fmt::Debug for PrivateRegistries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateRegistries({})", self.login)
    }
}
