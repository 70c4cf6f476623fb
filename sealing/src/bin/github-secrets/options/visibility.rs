//! Who can use a secret, as the command line says it.

use clap::{Args, ValueEnum};
use github_secrets::{AnyAccess, OwnerKind, Place, Repositories, RepositoryRef, Store, Visibility};

use super::repository::EMPTY;
use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(next_help_heading = "Access")]
pub(crate) struct AccessOptions {
    /// Which repositories of the organization can use it: all, private (and internal) or selected
    #[arg(
        short,
        long,
        value_enum,
        ignore_case = true,
        value_name = "KIND",
        hide_possible_values = true
    )]
    visibility: Option<Kind>,
    /// Let only these repositories use it, by name or id. A number is an id: write OWNER/2048 for
    /// the repository 2048
    #[arg(short, long, value_name = "NAME,NAME,…", value_delimiter = ',')]
    repos: Option<Vec<String>>,
    /// Let no repository use it for now
    #[arg(long, conflicts_with = "repos")]
    no_repos_selected: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    All,
    Private,
    Selected,
}

impl AccessOptions {
    /// Returns the access that a write to the secrets of this kind of owner sets.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if the access is missing, or not possible there.
    pub(crate) fn access(&self, owner: OwnerKind) -> Result<AnyAccess, Failure> {
        match owner {
            OwnerKind::Organization => {
                const WANTED: &str = "an organization's secret needs --visibility all or private, \
                                      --repos or --no-repos-selected; to change only the value \
                                      of an existing secret, use `rotate`";
                Ok(self.visibility(WANTED)?.into())
            }
            OwnerKind::User => Ok(self.repositories()?.into()),
            _ => self.none().map(AnyAccess::from),
        }
    }

    /// Returns the visibility, or what is `wanted` as an error.
    ///
    /// There is no default: an update replaces the visibility, so a default would take a secret
    /// away from those who use it, or show it to others.
    pub(crate) fn visibility(&self, wanted: &str) -> Result<Visibility, Failure> {
        self.visibility_if_given()?.ok_or_else(|| usage(wanted))
    }

    /// Returns whether no option says anything about access.
    pub(crate) fn is_left_out(&self) -> bool {
        self.visibility.is_none() && self.repos.is_none() && !self.no_repos_selected
    }

    /// Returns the visibility, or `None` if no option says anything about it.
    pub(crate) fn visibility_if_given(&self) -> Result<Option<Visibility>, Failure> {
        let selected = self.selected()?;
        match (self.visibility, selected) {
            (None | Some(Kind::Selected), Some(repositories)) => {
                Ok(Some(Visibility::Selected(repositories)))
            }
            (Some(_), Some(_)) if self.no_repos_selected => Err(usage(
                "--no-repos-selected can be used only with --visibility selected",
            )),
            (Some(_), Some(_)) => Err(usage("--repos can be used only with --visibility selected")),
            (Some(Kind::Selected), None) => Err(usage(
                "--visibility selected needs --repos NAME,NAME or --no-repos-selected",
            )),
            (Some(Kind::All), None) => Ok(Some(Visibility::All)),
            (Some(Kind::Private), None) => Ok(Some(Visibility::Private)),
            (None, None) => Ok(None),
        }
    }

    /// Returns the repositories of a user's secret.
    fn repositories(&self) -> Result<Repositories, Failure> {
        match (self.visibility, self.selected()?) {
            (None | Some(Kind::Selected), Some(repositories)) => Ok(repositories),
            (Some(Kind::All | Kind::Private), _) => Err(usage(
                "a user's secret is always for selected repositories; give --repos instead of \
                 --visibility",
            )),
            (_, None) => Err(usage(
                "a user's secret needs --repos OWNER/NAME,OWNER/NAME or --no-repos-selected",
            )),
        }
    }

    /// Checks that nothing is said about access: the secrets of a repository are its own.
    fn none(&self) -> Result<(), Failure> {
        if !self.is_left_out() {
            return Err(usage(
                "--visibility and --repos can be used only with --org or --user; the secrets of a \
                 repository or an environment cannot be shared",
            ));
        }
        Ok(())
    }

    /// Returns the names that are given for repositories, without ids.
    pub(crate) fn repository_names(&self) -> impl Iterator<Item = &str> {
        repository_names(self.repos.iter().flatten())
    }

    fn selected(&self) -> Result<Option<Repositories>, Failure> {
        let Some(names) = &self.repos else {
            return Ok(self.no_repos_selected.then(Repositories::none));
        };
        let repositories = named("--repos", names)?;
        if repositories.iter().next().is_none() {
            return Err(usage(
                "--repos names no repository; use --no-repos-selected to select none",
            ));
        }
        Ok(Some(repositories))
    }
}

/// Returns the names among repositories that an option names, without ids.
pub(crate) fn repository_names<'a>(
    given: impl IntoIterator<Item = &'a String>,
) -> impl Iterator<Item = &'a str> {
    let names = given.into_iter().map(|name| name.trim());
    names.filter(|name| !name.is_empty() && name.parse::<u64>().is_err())
}

/// Returns the repositories that an option names.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if one of the names cannot be one, or is empty beside others.
pub(crate) fn named(option: &str, names: &[String]) -> Result<Repositories, Failure> {
    let is_empty = |name: &String| name.trim().is_empty();
    if names.iter().any(is_empty) && !names.iter().all(is_empty) {
        return Err(Failure::Usage(format!("{option}: {EMPTY}")));
    }
    let Ok(repositories) = names.join(",").parse::<Repositories>();
    for (index, repository) in repositories.iter().enumerate() {
        check(option, index + 1, repository)?;
    }
    Ok(repositories)
}

/// Checks the form of a name without repeating it: it can be a value in the wrong place.
fn check(option: &str, number: usize, repository: &RepositoryRef) -> Result<(), Failure> {
    let RepositoryRef::Name(name) = repository else {
        return Ok(());
    };
    let place = if name.contains('/') {
        Place::repository(name, Store::Actions)
    } else {
        Place::repository(format!("owner/{name}"), Store::Actions)
    };
    place
        .map(|_| ())
        .map_err(|error| Failure::Usage(format!("repository {number} of {option}: {error}")))
}

fn usage(message: &str) -> Failure {
    Failure::Usage(message.to_owned())
}
