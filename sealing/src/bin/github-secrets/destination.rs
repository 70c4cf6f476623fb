//! Where values are written to, and who can use them there.

use std::fmt;

use github_secrets::{
    Batch, Environment, Error, GitHub, NewSecret, Organization, Repositories, Repository,
    SecretName, SecretValue, Secrets, Stored, User, Visibility,
};

use crate::{access::AccessOptions, failure::Failure, place::Place};

/// The secrets of a place, with the access that each write sets.
pub(crate) struct Destination {
    place: Place,
    writer: Writer,
}

enum Writer {
    Organization(Secrets<Organization>, Visibility),
    Repository(Secrets<Repository>),
    Environment(Secrets<Environment>),
    User(Secrets<User>, Repositories),
}

impl Destination {
    /// Returns the destination.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if the access is missing or not possible at the place, and the
    /// library's error if the place has a name that cannot be.
    pub(crate) fn new(
        github: &GitHub,
        place: Place,
        access: &AccessOptions,
    ) -> Result<Self, Failure> {
        let writer = match &place {
            Place::Organization { login, store } => {
                let visibility = access.visibility()?;
                Writer::Organization(github.org(login)?.secrets(*store), visibility)
            }
            Place::Repository { full_name, store } => {
                access.none()?;
                Writer::Repository(github.repo(full_name)?.secrets(*store))
            }
            Place::Environment { repository, name } => {
                access.none()?;
                Writer::Environment(github.repo(repository)?.environment(name)?)
            }
            Place::User => Writer::User(github.user().codespaces(), access.repositories()?),
        };
        Ok(Self { place, writer })
    }

    pub(crate) async fn set(&self, name: &SecretName, value: SecretValue) -> Result<Stored, Error> {
        match &self.writer {
            Writer::Organization(secrets, visibility) => {
                secrets.set(name, value, visibility.clone()).await
            }
            Writer::Repository(secrets) => secrets.set(name, value).await,
            Writer::Environment(secrets) => secrets.set(name, value).await,
            Writer::User(secrets, repositories) => {
                secrets.set(name, value, repositories.clone()).await
            }
        }
    }

    pub(crate) async fn set_all(&self, new: Vec<NewSecret>) -> Result<Batch, Error> {
        match &self.writer {
            Writer::Organization(secrets, visibility) => {
                let new = new.into_iter();
                let new = new.map(|secret| secret.visibility(visibility.clone()));
                secrets.set_all(new).await
            }
            Writer::Repository(secrets) => secrets.set_all(new).await,
            Writer::Environment(secrets) => secrets.set_all(new).await,
            Writer::User(secrets, repositories) => {
                let new = new.into_iter();
                let new = new.map(|secret| secret.repositories(repositories.clone()));
                secrets.set_all(new).await
            }
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(f)?;
        match &self.writer {
            Writer::Organization(_, visibility) => write!(f, ", {}", readers(visibility)),
            Writer::User(_, repositories) => write!(f, ", {}", selection(repositories)),
            Writer::Repository(_) | Writer::Environment(_) => Ok(()),
        }
    }
}

/// Returns who can use a secret with this visibility, in words.
pub(crate) fn readers(visibility: &Visibility) -> String {
    match visibility {
        Visibility::All => "for all repositories".to_owned(),
        Visibility::Private => "for private and internal repositories".to_owned(),
        Visibility::Selected(repositories) => selection(repositories),
        other => format!("for {other}"),
    }
}

/// Returns the selected repositories, in words.
pub(crate) fn selection(repositories: &Repositories) -> String {
    let names: Vec<_> = repositories.iter().map(ToString::to_string).collect();
    match names.as_slice() {
        [] => "for no repository".to_owned(),
        [one] => format!("for the repository {one}"),
        many => format!("for the repositories {}", many.join(", ")),
    }
}
