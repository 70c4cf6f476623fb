//! What is wanted: which secrets belong where.

use std::collections::{BTreeMap, HashMap};

use crate::{
    AnyAccess, Error, IntoSecretName, ListedRepository, NewSecret, Place, SecretName, SecretValue,
    ValueError, owner::WriteAccess,
};

use super::SyncError;

/// Which secrets belong where, and which do not.
///
/// ```
/// use github_secrets::{
///     NewSecret, Place, Store, Visibility,
///     sync::{AccessRule, Desired},
/// };
///
/// let npm = NewSecret::new("NPM_TOKEN", "correct horse")?;
/// let mut desired = Desired::new();
/// for repository in ["acme/website", "acme/api"] {
///     desired.set(Place::repository(repository, Store::Actions)?, npm.clone())?;
///     desired.delete(Place::repository(repository, Store::Actions)?, "OLD_NPM_TOKEN")?;
/// }
/// let place = Place::organization("acme", Store::Agents)?;
/// desired.share(place, npm.visibility(Visibility::Private), AccessRule::Exact)?;
/// assert_eq!(desired.len(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Desired {
    pub(super) places: BTreeMap<Place, BTreeMap<SecretName, Wish>>,
    /// Repositories that are known already, by their full names in lower case.
    pub(super) known: HashMap<String, ListedRepository>,
}

/// What is wanted of one secret.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    Present {
        /// Without a value a plan can be made, and not applied.
        value: Option<SecretValue>,
        access: AnyAccess,
        rule: AccessRule,
    },
    Absent,
}

/// What is wanted of the access to a secret of an organization or a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccessRule {
    /// Exactly those who are named can use it. Where others can, the secret is written again.
    #[default]
    Exact,
    /// Those who are named can use a secret that is created. Later changes by others stay, as with
    /// [`rotate`](crate::Secrets::rotate).
    Keep,
}

impl Desired {
    /// Creates a list without any secret.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that a secret belongs in a place, with this value and exactly this access.
    ///
    /// # Errors
    ///
    /// Returns [`SyncError::Twice`] if something is wanted of this secret already,
    /// [`SyncError::EmptyValue`] if the value is empty, and [`Error::Access`] or [`Error::Value`]
    /// if access or value do not fit.
    pub fn set(
        &mut self,
        place: impl Into<Place>,
        secret: impl Into<NewSecret<AnyAccess>>,
    ) -> Result<(), SyncError> {
        self.share(place, secret, AccessRule::Exact)
    }

    /// Says that a secret belongs in a place, with this value, and what is wanted of its access.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`set`](Self::set).
    pub fn share(
        &mut self,
        place: impl Into<Place>,
        secret: impl Into<NewSecret<AnyAccess>>,
        rule: AccessRule,
    ) -> Result<(), SyncError> {
        let (name, value, access) = secret.into().into_parts();
        let place = place.into();
        if value.is_empty() {
            return Err(SyncError::EmptyValue { place, name });
        }
        value
            .check()
            .map_err(|error: ValueError| Error::from(error))?;
        self.present(place, name, Some(value), access, rule)
    }

    /// Says that a secret belongs in a place, without its value: for a plan that compares no
    /// values, and that cannot be applied.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`], [`Error::Access`] and [`SyncError::Twice`].
    pub fn name(
        &mut self,
        place: impl Into<Place>,
        name: impl IntoSecretName,
        access: impl Into<AnyAccess>,
        rule: AccessRule,
    ) -> Result<(), SyncError> {
        let name = name.into_secret_name().map_err(Error::from)?;
        self.present(place.into(), name, None, access.into(), rule)
    }

    /// Says that a secret does not belong in a place, whoever wrote it.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] and [`SyncError::Twice`].
    pub fn delete(
        &mut self,
        place: impl Into<Place>,
        name: impl IntoSecretName,
    ) -> Result<(), SyncError> {
        let name = name.into_secret_name().map_err(Error::from)?;
        self.add(place.into(), name, Wish::Absent)
    }

    /// Says which repositories there are, so that they need not be looked up: those of
    /// [`Organization::repositories`](crate::Organization::repositories).
    pub fn know(&mut self, repositories: impl IntoIterator<Item = ListedRepository>) {
        let repositories = repositories.into_iter();
        let by_name = repositories.map(|one| (one.full_name.to_ascii_lowercase(), one));
        self.known.extend(by_name);
    }

    /// Returns the number of secrets of which something is wanted.
    pub fn len(&self) -> usize {
        self.places.values().map(BTreeMap::len).sum()
    }

    /// Returns whether nothing is wanted.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn present(
        &mut self,
        place: Place,
        name: SecretName,
        value: Option<SecretValue>,
        access: AnyAccess,
        rule: AccessRule,
    ) -> Result<(), SyncError> {
        access.check(place.kind()).map_err(Error::from)?;
        let wish = Wish::Present {
            value,
            access,
            rule,
        };
        self.add(place, name, wish)
    }

    fn add(&mut self, place: Place, name: SecretName, wish: Wish) -> Result<(), SyncError> {
        let of_place = self.places.entry(place.clone()).or_default();
        if of_place.contains_key(&name) {
            return Err(SyncError::Twice { place, name });
        }
        of_place.insert(name, wish);
        Ok(())
    }
}

impl Wish {
    /// Returns the repositories whose ids have to be known.
    pub(super) fn repositories(&self) -> Option<&crate::Repositories> {
        match self {
            Self::Present { access, .. } => access.repositories(),
            Self::Absent => None,
        }
    }
}
