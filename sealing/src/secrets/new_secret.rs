//! The secrets of a batch before it is sent.

use std::collections::HashSet;

use crate::{
    AnyAccess, BatchError, Error, IntoSecretName, OwnerKind, Repositories, SecretName, SecretValue,
    Visibility, owner::WriteAccess,
};

/// A secret to be stored by [`Secrets::set_all`](crate::Secrets::set_all).
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
#[derive(Debug)]
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

    /// Sets the visibility: for the secrets of an organization.
    pub fn visibility(self, visibility: Visibility) -> NewSecret<Visibility> {
        self.with(visibility)
    }

    /// Sets the selected repositories: for the secrets of a user.
    pub fn repositories(self, repositories: Repositories) -> NewSecret<Repositories> {
        self.with(repositories)
    }

    /// Sets an access that is checked at run time: for [`AnySecrets`](crate::AnySecrets).
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

impl<A> NewSecret<A> {
    /// Returns the secret's name.
    pub fn name(&self) -> &SecretName {
        &self.name
    }
}

/// Checks everything that can be known to be wrong before anything is sent.
pub(super) fn check<A: WriteAccess>(
    new: &[NewSecret<A>],
    owner: OwnerKind,
) -> Result<(), BatchError> {
    let mut names = HashSet::with_capacity(new.len());
    for NewSecret {
        name,
        value,
        access,
    } in new
    {
        if let Some(first) = names.replace(name) {
            let (first, second) = (SecretName::clone(first), name.clone());
            return Err(BatchError::DuplicateName { first, second });
        }
        value.check().map_err(|error| BatchError::Value {
            name: name.clone(),
            error,
        })?;
        access.check(owner).map_err(|error| BatchError::Access {
            name: name.clone(),
            error,
        })?;
    }
    Ok(())
}
