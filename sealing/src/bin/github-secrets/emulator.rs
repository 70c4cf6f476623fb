//! A GitHub to try a command on, in this program.

use std::{collections::HashSet, fmt};

use github_secrets::{Place, SecretName};
use github_secrets_emulator::{
    Emulator, Organization, Place as EmulatedPlace, Repository, StoredSecret,
};

use crate::failure::Failure;

/// The organization and the repositories that the emulator has beside those that are asked for.
const OTHER: &str = "acme/website";
const FIRST_ID: u64 = 1_000_001;

/// What a command expects to find on GitHub beside the place itself.
#[derive(Default)]
pub(crate) struct Contents<'a> {
    /// Repositories that a secret is selected for.
    pub(crate) repositories: Vec<&'a str>,
    /// Secrets that are there already.
    pub(crate) secrets: Vec<&'a str>,
    /// The repositories that are selected for them, if they are for selected repositories.
    selected: Option<Vec<&'a str>>,
}

/// A running emulator, and the places in it that the command works on.
pub(crate) struct Emulation {
    emulator: Emulator,
    places: Vec<EmulatedPlace>,
}

impl<'a> Contents<'a> {
    /// Nothing but the place.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Secrets for a command that names none.
    pub(crate) fn examples() -> Self {
        Self {
            secrets: vec!["API_KEY", "DB_PASSWORD"],
            ..Self::default()
        }
    }

    pub(crate) fn secrets(names: impl IntoIterator<Item = &'a SecretName>) -> Self {
        Self {
            secrets: names.into_iter().map(SecretName::as_str).collect(),
            ..Self::default()
        }
    }

    /// Makes the secrets those of these repositories.
    pub(crate) fn selected(mut self, names: impl Iterator<Item = &'a str>) -> Self {
        let names: Vec<&str> = names.collect();
        self.repositories.extend(&names);
        self.selected = Some(names);
        self
    }

    pub(crate) fn repositories(self, names: impl Iterator<Item = &'a str>) -> Self {
        Self {
            repositories: names.collect(),
            ..self
        }
    }
}

impl Emulation {
    pub(crate) async fn start(places: &[Place], contents: Contents<'_>) -> Result<Self, Failure> {
        let failed = |error: &dyn fmt::Display| {
            Failure::Failed(format!("the emulator did not start: {error}"))
        };
        let mut builder = Emulator::builder();
        let repositories = numbered(places, &contents.repositories);
        for organization in organizations(places, &repositories) {
            builder = builder.organization(organization);
        }
        let mut held = Vec::new();
        for place in places {
            if let (Some(repository), Some(name)) = (place.full_name(), place.environment_name()) {
                builder = builder.environment(repository, name);
            }
            // Both have one text form.
            let same: EmulatedPlace = place.to_string().parse().map_err(|error| failed(&error))?;
            for name in &contents.secrets {
                let mut secret = StoredSecret::new(*name, "value");
                if let Some(selected) = &contents.selected {
                    secret = secret.selected(ids(selected, &repositories));
                }
                builder = builder.secret(same.clone(), secret);
            }
            held.push(same);
        }
        let emulator = builder.start().await.map_err(|error| failed(&error))?;
        Ok(Self {
            emulator,
            places: held,
        })
    }

    pub(crate) fn url(&self) -> String {
        self.emulator.url()
    }

    /// Returns how many secrets of the places the emulator has opened.
    pub(crate) fn opened(&self) -> usize {
        let places = self.places.iter();
        let secrets = places.flat_map(|place| self.emulator.secrets(place));
        secrets.filter(|secret| !secret.key_id().is_empty()).count()
    }
}

impl fmt::Display for Emulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "emulator: nothing is sent to GitHub; this command has an emulator to itself at {}",
            self.url()
        )
    }
}

/// Returns the repositories that the command names, by their full names, each with its id.
fn numbered(places: &[Place], selected: &[&str]) -> Vec<(u64, String)> {
    let login = places.iter().find_map(|place| place.login());
    let owner = login.unwrap_or(owner_of(OTHER));
    let mut repositories = vec![OTHER.to_owned()];
    repositories.extend(places.iter().filter_map(Place::full_name));
    repositories.extend(selected.iter().map(|name| {
        if name.contains('/') {
            (*name).to_owned()
        } else {
            format!("{owner}/{name}")
        }
    }));
    unique(&mut repositories);
    (FIRST_ID..).zip(repositories).collect()
}

/// Returns the ids of the repositories with these names.
fn ids(names: &[&str], repositories: &[(u64, String)]) -> Vec<u64> {
    let is_named = |full_name: &str| {
        let name = full_name
            .split_once('/')
            .map_or(full_name, |(_, name)| name);
        let given = [full_name, name];
        names
            .iter()
            .any(|one| given.iter().any(|it| it.eq_ignore_ascii_case(one)))
    };
    let selected = repositories.iter().filter(|(_, name)| is_named(name));
    selected.map(|(id, _)| *id).collect()
}

/// Returns the organizations that the command names, with their repositories.
fn organizations(places: &[Place], repositories: &[(u64, String)]) -> Vec<Organization> {
    let logins = places.iter().filter_map(|place| place.login());
    let mut organizations: Vec<String> = logins.map(str::to_owned).collect();
    let owners = repositories.iter().map(|(_, name)| owner_of(name));
    organizations.extend(owners.map(str::to_owned));
    unique(&mut organizations);
    let with_repositories = |login: String| {
        let own = repositories
            .iter()
            .filter(|(_, name)| owner_of(name).eq_ignore_ascii_case(&login));
        let start = Organization::new(login.clone());
        own.fold(start, |organization, (id, name)| {
            let name = name.split_once('/').map_or("", |(_, name)| name);
            organization.repository(Repository::new(*id, name))
        })
    };
    organizations.into_iter().map(with_repositories).collect()
}

/// Returns the owner of a repository that is given as `owner/name`.
pub(crate) fn owner_of(full_name: &str) -> &str {
    full_name
        .split_once('/')
        .map_or(full_name, |(owner, _)| owner)
}

/// Removes second spellings of a name.
fn unique(names: &mut Vec<String>) {
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.to_ascii_lowercase()));
}
