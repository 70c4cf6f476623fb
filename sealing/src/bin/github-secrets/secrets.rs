//! The secrets of a place, whatever kind of owner it has.

use github_secrets::{
    Environment, Error, GitHub, Organization, Pages, PublicKey, Repository, Secret, SecretName,
    SecretValue, SelectedRepository, User,
};

use crate::place::Place;

/// The secrets of a place.
pub(crate) enum Secrets {
    Organization(github_secrets::Secrets<Organization>),
    Repository(github_secrets::Secrets<Repository>),
    Environment(github_secrets::Secrets<Environment>),
    User(github_secrets::Secrets<User>),
}

/// Does the same with the secrets of each kind of owner.
macro_rules! with_each {
    ($secrets:expr, $it:ident => $work:expr) => {
        match $secrets {
            Secrets::Organization($it) => $work,
            Secrets::Repository($it) => $work,
            Secrets::Environment($it) => $work,
            Secrets::User($it) => $work,
        }
    };
}

impl Secrets {
    pub(crate) fn new(github: &GitHub, place: &Place) -> Result<Self, Error> {
        Ok(match place {
            Place::Organization { login, store } => {
                Self::Organization(github.org(login)?.secrets(*store))
            }
            Place::Repository { full_name, store } => {
                Self::Repository(github.repo(full_name)?.secrets(*store))
            }
            Place::Environment { repository, name } => {
                Self::Environment(github.repo(repository)?.environment(name)?)
            }
            Place::User => Self::User(github.user().codespaces()),
        })
    }

    pub(crate) fn list(&self) -> Pages<Secret> {
        with_each!(self, secrets => secrets.list())
    }

    pub(crate) async fn find(&self, name: &SecretName) -> Result<Option<Secret>, Error> {
        with_each!(self, secrets => secrets.find(name).await)
    }

    pub(crate) async fn rotate(&self, name: &SecretName, value: SecretValue) -> Result<(), Error> {
        with_each!(self, secrets => secrets.rotate(name, value).await)
    }

    pub(crate) async fn delete(&self, name: &SecretName) -> Result<(), Error> {
        with_each!(self, secrets => secrets.delete(name).await)
    }

    pub(crate) async fn public_key(&self) -> Result<PublicKey, Error> {
        with_each!(self, secrets => secrets.public_key().await)
    }

    /// Returns the repositories that are selected for a secret; `None` where there is no selection.
    pub(crate) fn repositories(
        &self,
        name: &SecretName,
    ) -> Result<Option<Pages<SelectedRepository>>, Error> {
        Ok(match self {
            Self::Organization(secrets) => Some(secrets.repositories(name)?.list()),
            Self::User(secrets) => Some(secrets.repositories(name)?.list()),
            Self::Repository(_) | Self::Environment(_) => None,
        })
    }
}
