//! The private registries of an organization.

mod change;
mod oidc;
mod settings;
mod wire;

use std::{collections::BTreeSet, fmt, sync::Arc};

use github_secrets_client::types::{PrivateRegistry as Found, PrivateRegistryPage};

pub use self::{
    oidc::Oidc,
    settings::{NewRegistry, RegistryAuth, RegistryType, RegistryUpdate, UnknownRegistryType},
};
use crate::{
    Access, Error, Operation, Organization, Pages, PublicKey, RegistryAction, RegistryError,
    SecretName, Visibility, VisibilityKind, calls,
    error::Target,
    http::{Call, List},
    key_cache::{FetchedKey, KeyScope},
    owner::{Core, WriteAccess},
    place::{Login, OwnerName},
    repository_ids::resolve,
};

/// The private registries of an organization: credentials that Dependabot and code scanning use.
///
/// They differ from secrets. GitHub gives a registry its name, and only the token or password is
/// secret; everything else can be read back, save the selected repositories
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

/// A private registry, without its secret value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrivateRegistry {
    /// The name that GitHub gave it.
    pub name: String,
    /// The kind of registry.
    pub registry_type: RegistryType,
    /// The address.
    pub url: Option<String>,
    /// The user name.
    pub username: Option<String>,
    /// Whether it replaces the public registry of its kind.
    pub replaces_base: bool,
    /// GitHub's name for the way in which it authenticates: `token`, for example.
    pub auth_type: String,
    /// The settings for OIDC, if it authenticates in that way.
    pub oidc: Option<Oidc>,
    /// The repositories that can use it.
    pub visibility: VisibilityKind,
    /// The ids of the selected repositories. Only `create` returns them; GitHub does not say them
    /// later.
    pub selected_repository_ids: Option<Vec<u64>>,
    /// The time of creation, as GitHub writes it.
    pub created_at: String,
    /// The time of the last change, as GitHub writes it.
    pub updated_at: String,
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
    /// its response was lost, the registries are listed instead: one of the same type and address
    /// that was not there before is returned as the new one.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Repository`] if repositories cannot be selected, [`Error::Key`] before the
    /// value is sent, and the errors of any request. If the error
    /// [may have taken effect](Error::may_have_taken_effect), look at the list before you repeat
    /// the call.
    pub async fn create(&self, registry: NewRegistry) -> Result<PrivateRegistry, Error> {
        let call = self.core.http.call();
        let result = self.create_in(&call, &registry).await;
        call.settle(result)
    }

    /// Returns the registries of the organization.
    pub fn list(&self) -> Pages<PrivateRegistry> {
        self.listing().pages(Arc::clone(&self.core.http))
    }

    /// Returns a registry, or `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Registry`] if the text cannot be the name of a registry, and the errors of
    /// any request.
    pub async fn find(&self, name: impl AsRef<str>) -> Result<Option<PrivateRegistry>, Error> {
        let name = check_name(name.as_ref())?;
        match self.look_up(&self.core.http.call(), &name).await {
            Ok(found) => Ok(Some(wire::read(found, None))),
            Err(Error::NotFound(response)) if !response.names_a_lack() => Ok(None),
            Err(error) => Err(error),
        }
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
        let call = self.core.http.call();
        let result = self.update_in(&call, &name, &update).await;
        call.settle(result)
    }

    /// Deletes a registry.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotFound`] if the registry does not exist, [`Error::Registry`] if the text
    /// cannot be the name of a registry, and the errors of any request.
    pub async fn delete(&self, name: impl AsRef<str>) -> Result<(), Error> {
        let name = check_name(name.as_ref())?;
        let target = self.target(RegistryAction::Delete, Some(&name));
        let call = self.core.http.call();
        let org = self.login.as_str();
        let request = |client| calls::delete_registry(client, org, name.as_str());
        match call.send(&target, request).await {
            Err(Error::NotFound(response)) if call.in_doubt() && !response.names_a_lack() => Ok(()),
            result => call.settle(result.map(|_| ())),
        }
    }

    /// Fetches the current public key, bypassing the cache.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Key`] if the key must not be sealed to, [`Error::NotFound`] if the
    /// organization does not exist or its plan or the token does not allow it, and the errors of
    /// any request.
    pub async fn public_key(&self) -> Result<PublicKey, Error> {
        let call = self.core.http.call();
        let key = self.fetch_key(&call).await?;
        let fetched = FetchedKey::new(key.clone(), &call);
        self.core.keys.keep(self.key_scope(), fetched);
        Ok(key)
    }

    async fn access(&self, call: &Call<'_>, visibility: &Visibility) -> Result<Access, Error> {
        let repositories = visibility.repositories().into_iter();
        let ids = resolve(call, &self.owner(), repositories).await?;
        Ok(ids.access(visibility).unwrap_or(Access::Private))
    }

    async fn look_up(&self, call: &Call<'_>, name: &SecretName) -> Result<Found, Error> {
        let target = self.target(RegistryAction::Find, Some(name));
        let org = self.login.as_str();
        let request = |client| calls::find_registry(client, org, name.as_str());
        Ok(call.send(&target, request).await?.value)
    }

    /// The registries of the same type and address.
    async fn matching(
        &self,
        call: &Call<'_>,
        registry: &NewRegistry,
    ) -> Result<Vec<PrivateRegistry>, Error> {
        let mut all = self.listing().all(call).await?;
        all.retain(|found| {
            found.registry_type == registry.registry_type
                && found.url.as_ref() == Some(&registry.url)
        });
        Ok(all)
    }

    async fn names(
        &self,
        call: &Call<'_>,
        registry: &NewRegistry,
    ) -> Result<BTreeSet<String>, Error> {
        let found = self.matching(call, registry).await?.into_iter();
        Ok(found.map(|registry| registry.name).collect())
    }

    fn listing(&self) -> List<PrivateRegistryPage, PrivateRegistry> {
        let login = self.login.clone();
        let first = move |client| {
            let login = login.clone();
            async move { calls::list_registries(client, login.as_str()).await }
        };
        List::new(
            self.target(RegistryAction::List, None),
            first,
            wire::read_page,
        )
    }

    async fn key_other_than(
        &self,
        refused: Option<&Arc<PublicKey>>,
        call: &Call<'_>,
    ) -> Result<Arc<PublicKey>, Error> {
        let target = self.target(RegistryAction::PublicKey, None);
        let registries = self.clone();
        let id = call.id();
        let fetch = move || async move {
            let call = registries.core.http.call().part_of(id);
            let key = registries.fetch_key(&call).await?;
            Ok(FetchedKey::new(key, &call))
        };
        let keys = &self.core.keys;
        keys.key(call, &target, self.key_scope(), refused, fetch)
            .await
    }

    async fn fetch_key(&self, call: &Call<'_>) -> Result<PublicKey, Error> {
        let target = self.target(RegistryAction::PublicKey, None);
        let org = self.login.as_str();
        let request = |client| calls::registry_public_key(client, org);
        let found = call.send(&target, request).await?.value;
        Ok(PublicKey::new(found.key_id.to_string(), &found.key)?)
    }

    fn key_scope(&self) -> KeyScope {
        KeyScope {
            owner: self.owner().folded(),
            store: None,
            token: None,
        }
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

impl fmt::Debug for PrivateRegistries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateRegistries({})", self.login)
    }
}
