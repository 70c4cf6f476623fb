//! Where secrets are, as the command line names it.

use std::{env, fmt};

use clap::{Args, ValueEnum};
use github_secrets::{SecretName, Store};

use crate::failure::Failure;

/// Variables of the environment that GitHub Actions sets.
const REPOSITORY_VARIABLE: &str = "GITHUB_REPOSITORY";

/// One store of one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Organization { login: String, store: Store },
    Repository { full_name: String, store: Store },
    Environment { repository: String, name: String },
    User,
}

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
    /// Returns [`Failure::Usage`] if no owner is given, or a store that the owner does not have.
    pub(crate) fn place(self) -> Result<Place, Failure> {
        let store = self.app.map(Store::from);
        if self.user {
            return match store {
                None | Some(Store::Codespaces) => Ok(Place::User),
                Some(_) => Err(Failure::Usage(
                    "a user has Codespaces secrets only; leave out --app, or give --org or --repo"
                        .to_owned(),
                )),
            };
        }
        let store = store.unwrap_or(Store::Actions);
        if let Some(login) = self.org {
            return Ok(Place::Organization { login, store });
        }
        let Some(full_name) = self.repo.or_else(default_repository) else {
            let missing = if self.env.is_some() {
                "an environment needs --repo OWNER/NAME"
            } else {
                "no place is given; use --org LOGIN, --repo OWNER/NAME or --user"
            };
            return Err(Failure::Usage(format!(
                "{missing}, or set {REPOSITORY_VARIABLE}"
            )));
        };
        match self.env {
            None => Ok(Place::Repository { full_name, store }),
            Some(name) if store == Store::Actions => Ok(Place::Environment {
                repository: full_name,
                name,
            }),
            Some(_) => Err(Failure::Usage(
                "an environment has Actions secrets only; leave out --app or --env".to_owned(),
            )),
        }
    }
}

fn default_repository() -> Option<String> {
    let repository = env::var(REPOSITORY_VARIABLE).ok()?;
    (!repository.is_empty()).then_some(repository)
}

/// Checks the name of a secret from the command line.
pub(crate) fn secret_name(name: &str) -> Result<SecretName, Failure> {
    SecretName::new(name).map_err(|error| Failure::Usage(error.to_string()))
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

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization { login, store } => {
                write!(
                    f,
                    "the {} secrets of the organization {login}",
                    title(*store)
                )
            }
            Self::Repository { full_name, store } => {
                write!(
                    f,
                    "the {} secrets of the repository {full_name}",
                    title(*store)
                )
            }
            Self::Environment { repository, name } => {
                write!(f, "the secrets of the environment {name:?} of {repository}")
            }
            Self::User => f.write_str("the user's Codespaces secrets"),
        }
    }
}

fn title(store: Store) -> &'static str {
    match store {
        Store::Actions => "Actions",
        Store::Agents => "Agents",
        Store::Codespaces => "Codespaces",
        Store::Dependabot => "Dependabot",
        _ => store.as_str(),
    }
}
