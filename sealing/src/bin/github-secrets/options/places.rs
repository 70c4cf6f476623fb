//! Several places at once, as the command line names them. The options for one place are made of
//! these, in `place.rs`.

use std::collections::BTreeSet;

use clap::Args;
use github_secrets::{OwnerKind, Place, Store};

use super::{
    app::{App, apps},
    repository::{NamedServer, Repositories},
};
use crate::{environment::REPOSITORY, failure::Failure, pattern::RepositoryPattern};

#[derive(Debug, Args)]
#[command(next_help_heading = "Place")]
pub(crate) struct PlacesOptions {
    /// Secrets of an organization
    #[arg(short, long, value_name = "LOGIN", conflicts_with_all = ["repo", "env", "user"])]
    org: Option<String>,
    /// Secrets of repositories: repeated, or separated by commas. A * in a name matches all that
    /// are not archived: 'acme/svc-*'. Also HOST/OWNER/NAME, or a URL
    /// [default: the variable GH_REPO, then GITHUB_REPOSITORY]
    #[arg(
        short = 'R',
        long,
        value_name = "OWNER/NAME",
        value_delimiter = ',',
        conflicts_with = "user"
    )]
    pub(super) repo: Vec<String>,
    /// Secrets of this environment of each repository
    #[arg(short, long, value_name = "NAME", conflicts_with = "user")]
    env: Option<String>,
    /// Secrets of the user that the token belongs to
    #[arg(short, long)]
    user: bool,
    /// Stores: actions, agents, codespaces, dependabot or all; repeated, or separated by commas
    /// [default: actions; codespaces with --user]
    #[arg(
        short,
        long,
        value_parser = apps(),
        ignore_case = true,
        value_delimiter = ',',
        hide_possible_values = true
    )]
    app: Vec<App>,
}

/// The stores that an audit looks at.
#[derive(Debug, Args)]
pub(crate) struct StoreOptions {
    /// Only these stores: actions, agents, codespaces, dependabot or all; repeated, or separated by
    /// commas [default: all]
    #[arg(
        short,
        long,
        value_parser = apps(),
        ignore_case = true,
        value_delimiter = ',',
        hide_possible_values = true
    )]
    app: Vec<App>,
}

/// The places that a command line names: some as they are, some by patterns.
pub(crate) struct NamedPlaces {
    pub(crate) kind: OwnerKind,
    pub(crate) places: BTreeSet<Place>,
    pub(crate) patterns: Vec<RepositoryPattern>,
    /// The server, if a repository is named with one.
    pub(crate) server: Option<NamedServer>,
    sites: Sites,
}

/// Where in a repository secrets are.
enum Sites {
    Stores(BTreeSet<Store>),
    Environment(String),
}

impl PlacesOptions {
    /// Returns what the options name. One that is named twice is one.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if no owner is given, or a store that the owner does not have,
    /// and the library's error if a name is not valid.
    pub(crate) fn named(&self) -> Result<NamedPlaces, Failure> {
        self.named_in(|| self.repositories())
    }

    /// Returns what the options name, in these repositories if it is in any.
    pub(super) fn named_in(
        &self,
        repositories: impl FnOnce() -> Result<Repositories, Failure>,
    ) -> Result<NamedPlaces, Failure> {
        let stores = stores(&self.app);
        if self.user {
            let all = self.app.contains(&App::All);
            if !all && stores.iter().any(|store| *store != Store::Codespaces) {
                return Err(Failure::Usage(
                    "a user has Codespaces secrets only; leave out --app, or give --org or --repo"
                        .to_owned(),
                ));
            }
            return Ok(NamedPlaces::fixed(OwnerKind::User, [Place::user()]));
        }
        let stores = match stores.is_empty() {
            true => BTreeSet::from([Store::Actions]),
            false => stores,
        };
        if let Some(login) = &self.org {
            let places = stores.into_iter();
            let places = places.map(|store| Place::organization(login, store));
            let places: BTreeSet<Place> = places.collect::<Result<_, _>>()?;
            return Ok(NamedPlaces::fixed(OwnerKind::Organization, places));
        }
        let repositories = repositories()?;
        let sites = match &self.env {
            None => Sites::Stores(stores),
            Some(name) => {
                stores.into_iter().try_for_each(environment_store)?;
                Sites::Environment(name.clone())
            }
        };
        NamedPlaces::of_repositories(repositories, sites)
    }

    fn repositories(&self) -> Result<Repositories, Failure> {
        let repositories = Repositories::find(&self.repo)?;
        if repositories.is_empty() {
            return Err(self.missing_owner());
        }
        Ok(repositories)
    }

    /// Returns the failure of a command line that names no owner.
    pub(super) fn missing_owner(&self) -> Failure {
        let missing = if self.env.is_some() {
            "an environment needs --repo OWNER/NAME"
        } else {
            "no place is given; use --org LOGIN, --repo OWNER/NAME or --user"
        };
        Failure::Usage(format!(
            "{missing}, or set {REPOSITORY}; no repository is taken from the remotes of a clone"
        ))
    }
}

impl StoreOptions {
    /// Returns the stores; all of them if none is given.
    pub(crate) fn stores(&self) -> BTreeSet<Store> {
        match self.app[..] {
            [] => BTreeSet::from(Store::ALL),
            _ => stores(&self.app),
        }
    }
}

/// Checks that an environment has this store.
fn environment_store(store: Store) -> Result<(), Failure> {
    match store {
        Store::Actions => Ok(()),
        _ => Err(Failure::Usage(
            "an environment has Actions secrets only; leave out --app or --env".to_owned(),
        )),
    }
}

fn stores(apps: &[App]) -> BTreeSet<Store> {
    let stores = apps.iter().flat_map(|app| match app {
        App::One(store) => vec![*store],
        App::All => Store::ALL.to_vec(),
    });
    stores.collect()
}

impl NamedPlaces {
    fn fixed(kind: OwnerKind, places: impl IntoIterator<Item = Place>) -> Self {
        Self {
            kind,
            places: places.into_iter().collect(),
            patterns: Vec::new(),
            server: None,
            sites: Sites::Stores(BTreeSet::new()),
        }
    }

    fn of_repositories(repositories: Repositories, sites: Sites) -> Result<Self, Failure> {
        let kind = match sites {
            Sites::Stores(_) => OwnerKind::Repository,
            Sites::Environment(_) => OwnerKind::Environment,
        };
        let Repositories {
            names,
            patterns: texts,
            server,
            source,
        } = repositories;
        let mut places = BTreeSet::new();
        for name in &names {
            let found = sites.of(name);
            places.extend(found.map_err(|failure| Repositories::refuse(source, failure))?);
        }
        let mut patterns = Vec::new();
        for text in &texts {
            let pattern = RepositoryPattern::new(text).ok_or_else(|| {
                Failure::Usage(
                    "a * of --repo has to be in a repository's name: OWNER/svc-*".to_owned(),
                )
            })?;
            sites.of(&pattern.example("1"))?;
            patterns.push(pattern);
        }
        Ok(Self {
            kind,
            places,
            patterns,
            server,
            sites,
        })
    }

    /// Returns the places in a repository.
    ///
    /// # Errors
    ///
    /// Returns the library's error if a name is not valid.
    pub(crate) fn of(&self, full_name: &str) -> Result<Vec<Place>, Failure> {
        self.sites.of(full_name)
    }

    /// Returns places that an emulator has to hold, with some for each pattern.
    pub(crate) fn examples(&self) -> Result<Vec<Place>, Failure> {
        let mut places: Vec<Place> = self.places.iter().cloned().collect();
        for pattern in &self.patterns {
            places.extend(self.of(&pattern.example("1"))?);
            places.extend(self.of(&pattern.example("2"))?);
        }
        Ok(places)
    }
}

impl Sites {
    fn of(&self, full_name: &str) -> Result<Vec<Place>, Failure> {
        match self {
            Self::Environment(name) => Ok(vec![Place::environment(full_name, name)?]),
            Self::Stores(stores) => {
                let stores = stores.iter();
                let places = stores.map(|store| Place::repository(full_name, *store));
                Ok(places.collect::<Result<_, _>>()?)
            }
        }
    }
}
