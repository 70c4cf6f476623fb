//! The secrets that each place should have.

use std::collections::{BTreeMap, HashMap};

use crate::{
    AnyAccess, Error, IntoSecretName, ListedRepository, NewSecret, Place, SecretName, SecretValue,
    ValueError, owner::WriteAccess,
};

use super::SyncError;

/// The secrets that places should have, and those that they should not.
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
/// desired.set_with_rule(place, npm.visibility(Visibility::Private), AccessRule::Exact)?;
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
        /// Without a value, a plan can be made but not applied.
        value: Option<SecretValue>,
        access: AnyAccess,
        rule: AccessRule,
    },
    Absent,
}

/// A rule for the access to a secret of an organization or a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccessRule {
    /// The secret has exactly the given access. If it differs, the secret is written again.
    #[default]
    Exact,
    /// The secret is created with the given access. Later changes by others are kept, as with
    /// [`rotate`](crate::Secrets::rotate).
    Keep,
}

impl Desired {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret that the place should have, with this value and exactly this access.
    ///
    /// # Errors
    ///
    /// Returns [`SyncError::Twice`] if the secret was added before, [`SyncError::EmptyValue`] if
    /// the value is empty, [`Error::Value`] if it cannot be stored, and [`Error::Access`] if the
    /// access does not fit the place.
    pub fn set(
        &mut self,
        place: impl Into<Place>,
        secret: impl Into<NewSecret<AnyAccess>>,
    ) -> Result<(), SyncError> {
        self.set_with_rule(place, secret, AccessRule::Exact)
    }

    /// Adds a secret that the place should have, with this value and a rule for its access.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`set`](Self::set).
    pub fn set_with_rule(
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

    /// Adds a secret that the place should have, without its value.
    ///
    /// A plan can then be made, but it does not compare the value, and if the secret has to be
    /// written, that step ends with [`Skipped::NoValue`](super::Skipped::NoValue).
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name is not valid, [`Error::Access`] if the access does not
    /// fit the place, and [`SyncError::Twice`] if the secret was added before.
    pub fn set_without_value(
        &mut self,
        place: impl Into<Place>,
        name: impl IntoSecretName,
        access: impl Into<AnyAccess>,
        rule: AccessRule,
    ) -> Result<(), SyncError> {
        let name = name.into_secret_name().map_err(Error::from)?;
        self.present(place.into(), name, None, access.into(), rule)
    }

    /// Adds a secret that the place should not have. It is deleted even if this sync did not write
    /// it.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name is not valid, and [`SyncError::Twice`] if the secret was
    /// added before.
    pub fn delete(
        &mut self,
        place: impl Into<Place>,
        name: impl IntoSecretName,
    ) -> Result<(), SyncError> {
        let name = name.into_secret_name().map_err(Error::from)?;
        self.add(place.into(), name, Wish::Absent)
    }

    /// Adds repositories that you have listed already, with
    /// [`Organization::repositories`](crate::Organization::repositories), so that they are not
    /// looked up again.
    pub fn add_known_repositories(
        &mut self,
        repositories: impl IntoIterator<Item = ListedRepository>,
    ) {
        let repositories = repositories.into_iter();
        let by_name = repositories.map(|one| (one.full_name.to_ascii_lowercase(), one));
        self.known.extend(by_name);
    }

    /// Returns the number of secrets, including those that a place should not have.
    pub fn len(&self) -> usize {
        self.places.values().map(BTreeMap::len).sum()
    }

    /// Returns whether the list is empty.
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
