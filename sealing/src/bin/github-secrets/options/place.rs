//! Where secrets are, as the command line names it.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use github_secrets::{Place, SecretName, Store};

use crate::{
    environment::{self, REPOSITORY},
    failure::Failure,
};

#[derive(Debug, Args)]
#[command(next_help_heading = "Place")]
pub(crate) struct PlaceOptions {
    /// Secrets of an organization
    #[arg(short, long, value_name = "LOGIN", conflicts_with_all = ["repo", "env", "user"])]
    org: Option<String>,
    /// Secrets of a repository [default: the variable GITHUB_REPOSITORY]
    #[arg(short = 'R', long, value_name = "OWNER/NAME", conflicts_with = "user")]
    repo: Option<String>,
    /// Secrets of an environment of the repository
    #[arg(short, long, value_name = "NAME", conflicts_with = "user")]
    env: Option<String>,
    /// Secrets of the user that the token belongs to
    #[arg(short, long)]
    user: bool,
    /// actions, agents, codespaces or dependabot [default: actions; codespaces with --user]
    #[arg(short, long, value_enum, hide_possible_values = true)]
    app: Option<App>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum App {
    Actions,
    Agents,
    Codespaces,
    Dependabot,
}

impl PlaceOptions {
    /// Returns the place.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if no owner is given, or a store that the owner does not have,
    /// and the library's error if a name is not valid.
    pub(crate) fn place(&self) -> Result<Place, Failure> {
        let store = self.app.map(Store::from);
        if self.user {
            return match store {
                None | Some(Store::Codespaces) => Ok(Place::user()),
                Some(_) => Err(Failure::Usage(NO_USER_STORE.to_owned())),
            };
        }
        let store = store.unwrap_or(Store::Actions);
        if let Some(login) = &self.org {
            return Ok(Place::organization(login, store)?);
        }
        let full_name = match &self.repo {
            Some(repository) => Some(repository.clone()),
            None => environment::repository()?,
        };
        let Some(full_name) = full_name else {
            return Err(missing_owner(self.env.is_some()));
        };
        let Some(name) = &self.env else {
            return Ok(Place::repository(full_name, store)?);
        };
        environment_store(store)?;
        Ok(Place::environment(full_name, name)?)
    }
}

pub(super) const NO_USER_STORE: &str =
    "a user has Codespaces secrets only; leave out --app, or give --org or --repo";

/// Checks that an environment has this store.
pub(super) fn environment_store(store: Store) -> Result<(), Failure> {
    match store {
        Store::Actions => Ok(()),
        _ => Err(Failure::Usage(
            "an environment has Actions secrets only; leave out --app or --env".to_owned(),
        )),
    }
}

/// Returns the failure of a command line that names no owner.
pub(super) fn missing_owner(has_environment: bool) -> Failure {
    let missing = if has_environment {
        "an environment needs --repo OWNER/NAME"
    } else {
        "no place is given; use --org LOGIN, --repo OWNER/NAME or --user"
    };
    Failure::Usage(format!("{missing}, or set {REPOSITORY}"))
}

/// Checks the name of a secret from the command line.
pub(crate) fn secret_name(name: &str) -> Result<SecretName, Failure> {
    SecretName::new(name).map_err(|error| Failure::Usage(error.to_string()))
}

/// Checks the names of several secrets from the command line. One that comes twice is one.
pub(crate) fn secret_names(names: &[String]) -> Result<BTreeSet<SecretName>, Failure> {
    names.iter().map(|name| secret_name(name)).collect()
}

impl From<App> for Store {
    fn from(app: App) -> Self {
        match app {
            App::Actions => Self::Actions,
            App::Agents => Self::Agents,
            App::Codespaces => Self::Codespaces,
            App::Dependabot => Self::Dependabot,
        }
    }
}
