//! One place, as the command line names it, and the names of secrets.

use std::collections::BTreeSet;

use clap::{ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use github_secrets::{Place, SecretName};

use super::{
    app::app,
    places::PlacesOptions,
    repository::{NamedServer, Repositories},
};
use crate::failure::Failure;

/// The options for several places, of which each is given once.
#[derive(Debug)]
pub(crate) struct PlaceOptions(PlacesOptions);

/// The place that a command line names.
pub(crate) struct NamedPlace {
    pub(crate) place: Place,
    /// The server, if a repository is named with one.
    pub(crate) server: Option<NamedServer>,
}

impl PlaceOptions {
    /// Returns the place.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if no owner is given, or a store that the owner does not have,
    /// and the library's error if a name is not valid.
    pub(crate) fn place(&self) -> Result<NamedPlace, Failure> {
        let Self(options) = self;
        let named = options.named_in(|| {
            let mut repositories = Repositories::find(&options.repo)?;
            // One place has one name, in which a * cannot be.
            let patterns = std::mem::take(&mut repositories.patterns);
            repositories.names.extend(patterns);
            Ok(repositories)
        })?;
        let place = named.places.into_iter().next();
        Ok(NamedPlace {
            place: place.ok_or_else(|| options.missing_owner())?,
            server: named.server,
        })
    }
}

impl Args for PlaceOptions {
    fn augment_args(command: Command) -> Command {
        PlacesOptions::augment_args(command)
            .mut_arg("repo", |repo| {
                repo.action(ArgAction::Set).value_delimiter(None).help(
                    "Secrets of a repository. A host before it, or an address, names the server \
                         as well [default: the variable GH_REPO, then GITHUB_REPOSITORY]",
                )
            })
            .mut_arg("env", |env| {
                env.help("Secrets of an environment of the repository")
            })
            .mut_arg("app", |apps| {
                apps.action(ArgAction::Set)
                    .value_delimiter(None)
                    .value_parser(app())
                    .help(
                        "actions, agents, codespaces or dependabot [default: actions; codespaces \
                         with --user]",
                    )
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for PlaceOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        PlacesOptions::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// Checks the name of a secret from the command line.
pub(crate) fn secret_name(name: &str) -> Result<SecretName, Failure> {
    SecretName::new(name).map_err(|error| Failure::Usage(error.to_string()))
}

/// Checks the names of several secrets from the command line. One that comes twice is one.
pub(crate) fn secret_names(names: &[String]) -> Result<BTreeSet<SecretName>, Failure> {
    names.iter().map(|name| secret_name(name)).collect()
}
