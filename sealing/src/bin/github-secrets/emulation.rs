//! A GitHub to try a command on, in this program.

use std::fmt;

use github_secrets::Store;
use github_secrets_emulator::{
    Emulator, Organization, Place as EmulatedPlace, Repository, Store as EmulatedStore,
    StoredSecret,
};

use crate::{failure::Failure, place::Place, scene::Scene};

/// The organization and the repositories that the emulator has beside those that are asked for.
const OTHER: &str = "acme/website";
const FIRST_ID: u64 = 1_000_001;

/// A running emulator, and the place in it that the command works on.
pub(crate) struct Emulation {
    emulator: Emulator,
    place: Option<EmulatedPlace>,
}

impl Emulation {
    pub(crate) async fn start(scene: Scene<'_>) -> Result<Self, Failure> {
        let mut builder = Emulator::builder();
        for organization in organizations(&scene) {
            builder = builder.organization(organization);
        }
        let place = scene.place.map(emulated);
        if let Some(Place::Environment { repository, name }) = scene.place {
            builder = builder.environment(repository, name);
        }
        for name in &scene.secrets {
            if let Some(place) = &place {
                builder = builder.secret(place.clone(), StoredSecret::new(*name, "value"));
            }
        }
        let emulator = builder
            .start()
            .await
            .map_err(|error| Failure::Failed(format!("the emulator did not start: {error}")))?;
        Ok(Self { emulator, place })
    }

    pub(crate) fn url(&self) -> String {
        self.emulator.url()
    }

    /// Returns how many secrets of the place the emulator has opened.
    pub(crate) fn opened(&self) -> usize {
        let secrets = self
            .place
            .iter()
            .flat_map(|place| self.emulator.secrets(place));
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

/// Returns the organizations that the scene names, with their repositories.
fn organizations(scene: &Scene<'_>) -> Vec<Organization> {
    let owner = match scene.place {
        Some(Place::Organization { login, .. }) => login.clone(),
        Some(Place::Repository { full_name, .. }) => owner_of(full_name).to_owned(),
        Some(Place::Environment { repository, .. }) => owner_of(repository).to_owned(),
        Some(Place::User) | None => owner_of(OTHER).to_owned(),
    };
    let mut repositories = vec![OTHER.to_owned()];
    match scene.place {
        Some(Place::Repository { full_name, .. }) => repositories.push(full_name.clone()),
        Some(Place::Environment { repository, .. }) => repositories.push(repository.clone()),
        Some(Place::Organization { .. } | Place::User) | None => {}
    }
    for name in &scene.repositories {
        let has_owner = name.contains('/');
        repositories.push(if has_owner {
            (*name).to_owned()
        } else {
            format!("{owner}/{name}")
        });
    }
    let mut organizations = vec![owner];
    organizations.extend(repositories.iter().map(|name| owner_of(name).to_owned()));
    unique(&mut organizations);
    unique(&mut repositories);
    let with_repositories = |login: String| {
        let own = (FIRST_ID..).zip(&repositories);
        let own = own.filter(|(_, name)| owner_of(name).eq_ignore_ascii_case(&login));
        let start = Organization::new(login.clone());
        own.fold(start, |organization, (id, name)| {
            let name = name.split_once('/').map_or("", |(_, name)| name);
            organization.repository(Repository::new(id, name))
        })
    };
    organizations.into_iter().map(with_repositories).collect()
}

fn owner_of(full_name: &str) -> &str {
    full_name
        .split_once('/')
        .map_or(full_name, |(owner, _)| owner)
}

/// Removes second spellings of a name.
fn unique(names: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.to_ascii_lowercase()));
}

fn emulated(place: &Place) -> EmulatedPlace {
    match place {
        Place::Organization { login, store } => {
            EmulatedPlace::organization(login, emulated_store(*store))
        }
        Place::Repository { full_name, store } => {
            EmulatedPlace::repository(full_name, emulated_store(*store))
        }
        Place::Environment { repository, name } => EmulatedPlace::environment(repository, name),
        Place::User => EmulatedPlace::user(),
    }
}

fn emulated_store(store: Store) -> EmulatedStore {
    match store {
        Store::Agents => EmulatedStore::Agents,
        Store::Codespaces => EmulatedStore::Codespaces,
        Store::Dependabot => EmulatedStore::Dependabot,
        _ => EmulatedStore::Actions,
    }
}
