//! The owners of secrets, as a caller holds them.
//!
//! Their methods are with their topics: secrets in `secrets/owners.rs`, private registries in
//! `registries.rs`, repositories and environments in `listings.rs`.

use std::{fmt, sync::Arc};

use github_secrets_client::users_get_authenticated;

use crate::{
    Access, AccessError, AnyAccess, Error, Operation, OwnerKind, Repositories, ResponseProblem,
    Visibility,
    core::Core,
    error::Target,
    http::Call,
    place::{EnvironmentName, Login, OwnerName, RepositoryName},
};

/// An owner of secrets: the type parameter of [`Secrets`](crate::Secrets).
///
/// This trait is sealed. It decides at compile time what the secrets of an owner can do.
pub trait Owner: sealed::Sealed + Send + Sync + 'static {
    /// The access argument of `set`: [`Visibility`] for an organization, [`Repositories`] for a
    /// user, nothing for a repository or an environment, and [`AnyAccess`] where the owner is known
    /// at run time only.
    type Access: WriteAccess;
}

pub(crate) mod sealed {
    pub trait Sealed {}

    /// An owner whose kind is known at compile time.
    pub trait Known: super::Owner {}

    impl Known for super::Organization {}
    impl Known for super::Repository {}
    impl Known for super::InheritingRepository {}
    impl Known for super::Environment {}
    impl Known for super::User {}

    impl Sealed for super::AnyOwner {}

    impl Sealed for super::Organization {}
    impl Sealed for super::Repository {}
    impl Sealed for super::InheritingRepository {}
    impl Sealed for super::Environment {}
    impl Sealed for super::User {}
}

/// The access argument of `set`.
pub trait WriteAccess: Into<AnyAccess> + Clone + fmt::Debug + Send + Sync + 'static {
    /// Returns the repositories that it names.
    #[doc(hidden)]
    fn repositories(&self) -> Option<&Repositories>;

    /// Returns the same in GitHub's terms; `ids` are those of the repositories.
    #[doc(hidden)]
    fn with_ids(&self, ids: Vec<u64>) -> Option<Access>;

    /// Checks that it fits a kind of owner, where the compiler has not.
    #[doc(hidden)]
    fn check(&self, _: OwnerKind) -> Result<(), AccessError> {
        Ok(())
    }
}

impl WriteAccess for Visibility {
    fn repositories(&self) -> Option<&Repositories> {
        match self {
            Self::Selected(repositories) => Some(repositories),
            Self::All | Self::Private => None,
        }
    }

    fn with_ids(&self, ids: Vec<u64>) -> Option<Access> {
        Some(match self {
            Self::All => Access::All,
            Self::Private => Access::Private,
            Self::Selected(_) => Access::selected(ids),
        })
    }
}

impl WriteAccess for Repositories {
    fn repositories(&self) -> Option<&Repositories> {
        Some(self)
    }

    fn with_ids(&self, ids: Vec<u64>) -> Option<Access> {
        Some(Access::selected(ids))
    }
}

impl WriteAccess for () {
    fn repositories(&self) -> Option<&Repositories> {
        None
    }

    fn with_ids(&self, _: Vec<u64>) -> Option<Access> {
        None
    }
}

impl WriteAccess for AnyAccess {
    fn repositories(&self) -> Option<&Repositories> {
        match self {
            Self::None => None,
            Self::Visibility(visibility) => visibility.repositories(),
            Self::Repositories(repositories) => Some(repositories),
        }
    }

    fn with_ids(&self, ids: Vec<u64>) -> Option<Access> {
        match self {
            Self::None => None,
            Self::Visibility(visibility) => visibility.with_ids(ids),
            Self::Repositories(repositories) => repositories.with_ids(ids),
        }
    }

    fn check(&self, owner: OwnerKind) -> Result<(), AccessError> {
        AnyAccess::check(self, owner)
    }
}

/// An organization on GitHub, from [`GitHub::org`](crate::GitHub::org).
#[derive(Clone)]
pub struct Organization {
    pub(crate) core: Arc<Core>,
    pub(crate) login: Login,
}

impl Organization {
    pub(crate) fn new(core: Arc<Core>, login: &str) -> Result<Self, Error> {
        let login = Login::new(login)?;
        Ok(Self { core, login })
    }

    pub(crate) fn name(&self) -> OwnerName {
        OwnerName::Organization(self.login.clone())
    }
}

/// A repository on GitHub, from [`GitHub::repo`](crate::GitHub::repo).
#[derive(Clone)]
pub struct Repository {
    pub(crate) core: Arc<Core>,
    pub(crate) full_name: RepositoryName,
}

impl Repository {
    pub(crate) fn new(core: Arc<Core>, full_name: &str) -> Result<Self, Error> {
        let full_name = RepositoryName::parse(full_name)?;
        Ok(Self { core, full_name })
    }

    pub(crate) fn name(&self) -> OwnerName {
        OwnerName::Repository(self.full_name.clone())
    }

    pub(crate) fn environment_name(&self, name: &str) -> Result<OwnerName, Error> {
        let name = EnvironmentName::new(name)?;
        Ok(OwnerName::Environment(self.full_name.clone(), name))
    }
}

/// A repository in a store whose organization shares secrets with its repositories: Actions or
/// Agents.
#[derive(Clone, Copy, Debug)]
pub enum InheritingRepository {}

/// An environment of a repository, from [`Repository::environment`].
#[derive(Clone, Copy, Debug)]
pub enum Environment {}

/// An owner that is known at run time only, from [`GitHub::secrets`](crate::GitHub::secrets).
#[derive(Clone, Copy, Debug)]
pub enum AnyOwner {}

/// The user that the token belongs to, from [`GitHub::user`](crate::GitHub::user).
#[derive(Clone)]
pub struct User {
    pub(crate) core: Arc<Core>,
}

impl User {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Returns the user's id, which stays the same when the login changes.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// println!("the token belongs to the user {}", github.user().id().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotAuthorized`] if the token belongs to no user, and the [errors of any
    /// request](Error#errors-of-any-request).
    pub async fn id(&self) -> Result<u64, Error> {
        find_user(&Call::begin(&self.core.http)).await
    }
}

/// Returns the id of the user that the token belongs to.
pub(crate) async fn find_user(call: &Arc<Call>) -> Result<u64, Error> {
    let target = Target::new(Operation::USER, OwnerName::User, None);
    let found = call.send(&target, users_get_authenticated()).await?;
    u64::try_from(found.value.id).map_err(|_| {
        let problem = ResponseProblem::Contradiction("the user has a negative id");
        Error::unexpected(&target, found.answered.head(), problem)
    })
}

impl Owner for Organization {
    type Access = Visibility;
}

impl Owner for Repository {
    type Access = ();
}

impl Owner for InheritingRepository {
    type Access = ();
}

impl Owner for Environment {
    type Access = ();
}

impl Owner for AnyOwner {
    type Access = AnyAccess;
}

impl Owner for User {
    type Access = Repositories;
}

impl fmt::Debug for Organization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Organization({})", self.login)
    }
}

impl fmt::Debug for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Repository({})", self.full_name)
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("User")
    }
}
