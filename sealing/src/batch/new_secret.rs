//! The secrets of a batch before it is sent.

use std::collections::HashSet;

use crate::{
    AnyAccess, BatchError, Error, IntoSecretName, Place, Repositories, SecretName, SecretValue,
    Visibility, owner::WriteAccess,
};

/// A secret to be stored by [`GitHub::set_all`](crate::GitHub::set_all) or
/// [`Secrets::set_all`](crate::Secrets::set_all). Clones share one value.
///
/// ```
/// use github_secrets::{NewSecret, Repositories, Visibility};
///
/// // For a repository or an environment:
/// let plain = NewSecret::new("DB_PASSWORD", "correct horse")?;
/// // For an organization:
/// let shared = NewSecret::new("DB_PASSWORD", "correct horse")?.visibility(Visibility::Private);
/// // For a user:
/// let own = NewSecret::new("DOTFILES_TOKEN", "correct horse")?
///     .repositories(Repositories::selected(["octocat/hello-world"]));
/// // For an owner that is known at run time only:
/// let any = NewSecret::new("DB_PASSWORD", "correct horse")?.access(Visibility::Private);
/// # let _ = (plain, shared, own, any);
/// # Ok::<(), github_secrets::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NewSecret<A = ()> {
    pub(super) name: SecretName,
    pub(super) value: SecretValue,
    pub(super) access: A,
}

impl NewSecret {
    /// Creates a secret with this name and value.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name breaks GitHub's rules.
    pub fn new(name: impl IntoSecretName, value: impl Into<SecretValue>) -> Result<Self, Error> {
        // The value comes first, so that it is wiped when the name is refused.
        let (value, name) = (value.into(), name.into_secret_name()?);
        let access = ();
        Ok(Self {
            name,
            value,
            access,
        })
    }

    /// Sets the visibility, for a secret of an organization.
    pub fn visibility(self, visibility: Visibility) -> NewSecret<Visibility> {
        self.with(visibility)
    }

    /// Sets the selected repositories, for a secret of a user.
    pub fn repositories(self, repositories: Repositories) -> NewSecret<Repositories> {
        self.with(repositories)
    }

    /// Sets an access that is checked at run time, for [`AnySecrets`](crate::AnySecrets).
    pub fn access(self, access: impl Into<AnyAccess>) -> NewSecret<AnyAccess> {
        self.with(access.into())
    }

    fn with<A>(self, access: A) -> NewSecret<A> {
        let Self { name, value, .. } = self;
        NewSecret {
            name,
            value,
            access,
        }
    }
}

impl<A: Into<AnyAccess>> NewSecret<A> {
    fn into_any(self) -> NewSecret<AnyAccess> {
        NewSecret {
            name: self.name,
            value: self.value,
            access: self.access.into(),
        }
    }
}

impl<A> NewSecret<A> {
    #[cfg(feature = "sync")]
    pub(crate) fn into_parts(self) -> (SecretName, SecretValue, A) {
        (self.name, self.value, self.access)
    }

    /// Returns the secret's name.
    pub fn name(&self) -> &SecretName {
        &self.name
    }
}

impl From<NewSecret> for NewSecret<AnyAccess> {
    fn from(new: NewSecret) -> Self {
        new.into_any()
    }
}

impl From<NewSecret<Visibility>> for NewSecret<AnyAccess> {
    fn from(new: NewSecret<Visibility>) -> Self {
        new.into_any()
    }
}

impl From<NewSecret<Repositories>> for NewSecret<AnyAccess> {
    fn from(new: NewSecret<Repositories>) -> Self {
        new.into_any()
    }
}

/// Refuses what is known to be wrong before anything is sent.
pub(super) struct Check<'n> {
    names: HashSet<(&'n Place, &'n SecretName)>,
}

impl<'n> Check<'n> {
    /// Prepares to check so many secrets.
    pub(super) fn of(count: usize) -> Self {
        let names = HashSet::with_capacity(count);
        Self { names }
    }

    pub(super) fn name(
        &mut self,
        place: &'n Place,
        name: &'n SecretName,
    ) -> Result<(), BatchError> {
        match self.names.replace((place, name)) {
            Some((_, first)) => Err(BatchError::DuplicateName {
                place: place.clone(),
                first: first.clone(),
                second: name.clone(),
            }),
            None => Ok(()),
        }
    }

    pub(super) fn secret<A: WriteAccess>(
        &mut self,
        place: &'n Place,
        new: &'n NewSecret<A>,
    ) -> Result<(), BatchError> {
        self.value(place, new)?;
        let checked = new.access.check(place.kind());
        checked.map_err(|error| BatchError::Access {
            place: place.clone(),
            name: new.name.clone(),
            error,
        })
    }

    pub(super) fn value<A>(
        &mut self,
        place: &'n Place,
        new: &'n NewSecret<A>,
    ) -> Result<(), BatchError> {
        self.name(place, &new.name)?;
        new.value.check().map_err(|error| BatchError::Value {
            place: place.clone(),
            name: new.name.clone(),
            error,
        })
    }
}
