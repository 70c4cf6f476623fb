//! All that the emulator holds in GitHub's place.

pub(crate) mod keys;
pub(crate) mod organization_state;
pub(crate) mod registry_vault;
pub(crate) mod request_log;
pub(crate) mod vault;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    mem,
    time::{Duration, SystemTime},
};

use crate::{
    error::Error,
    limits::Meter,
    place::{Level, Place, halves},
    registry::StoredRegistry,
    repository::Repository,
    secret::StoredSecret,
    token::Token,
};
use organization_state::OrganizationState;
use request_log::RequestLog;
use vault::Vault;

/// The most bytes of secrets and registries that clients can store.
pub(crate) const KEPT_BYTES: usize = 64 * 1024 * 1024;

pub(crate) struct World {
    pub(crate) organizations: Vec<OrganizationState>,
    /// The logins of the users.
    pub(crate) users: Vec<String>,
    vaults: BTreeMap<Place, Vault>,
    /// Empty: every token is accepted.
    pub(crate) tokens: Vec<Token>,
    pub(crate) revoked: HashSet<String>,
    pub(crate) meter: Meter,
    pub(crate) requests: RequestLog,
    /// How far the clock is ahead of this machine's.
    pub(crate) ahead: Duration,
}

impl World {
    pub(crate) fn new(
        organizations: Vec<OrganizationState>,
        users: Vec<String>,
        tokens: Vec<Token>,
        meter: Meter,
    ) -> Self {
        Self {
            organizations,
            users,
            vaults: BTreeMap::new(),
            tokens,
            revoked: HashSet::new(),
            meter,
            requests: RequestLog::default(),
            ahead: Duration::ZERO,
        }
    }

    /// Returns the time by the emulator's clock.
    pub(crate) fn now(&self) -> SystemTime {
        SystemTime::now() + self.ahead
    }

    pub(crate) fn token(&self, secret: &str) -> Option<Token> {
        if self.revoked.contains(secret) {
            return None;
        }
        if self.tokens.is_empty() {
            return Some(Token::unrestricted(secret));
        }
        self.tokens
            .iter()
            .find(|token| token.secret == secret)
            .cloned()
    }

    pub(crate) fn organization(&self, login: &str) -> Option<&OrganizationState> {
        self.organizations.iter().find(|it| it.is(login))
    }

    pub(crate) fn organization_mut(&mut self, login: &str) -> Option<&mut OrganizationState> {
        self.organizations.iter_mut().find(|it| it.is(login))
    }

    /// Returns every repository with its organization.
    pub(crate) fn repositories(&self) -> impl Iterator<Item = (&OrganizationState, &Repository)> {
        self.organizations
            .iter()
            .flat_map(OrganizationState::repositories)
    }

    /// Returns the place as the emulator spells it, or `None` if it does not exist.
    pub(crate) fn existing(&self, place: &Place) -> Option<Place> {
        let owner = place.owner();
        if place.level() == Level::User {
            return self.user(owner).map(|(_, login)| Place::user_named(login));
        }
        let organization = self.organization(owner)?;
        let login = &organization.settings.login;
        let Some(name) = place.repository_name() else {
            return Some(Place::organization(login, place.store()));
        };
        let repository = organization.repository_named(name)?;
        let full_name = format!("{login}/{}", repository.name);
        Some(match place.environment_name() {
            None => Place::repository(full_name, place.store()),
            Some(name) => {
                let environment = repository.environment_named(name)?;
                Place::environment(full_name, &environment.name)
            }
        })
    }

    /// Returns the id of a user, and the login as the emulator spells it.
    pub(crate) fn user(&self, login: &str) -> Option<(u64, &str)> {
        (1..)
            .zip(&self.users)
            .map(|(id, it)| (id, it.as_str()))
            .find(|(_, it)| it.eq_ignore_ascii_case(login))
    }

    /// Returns the repository with this owner and name.
    pub(crate) fn repository(
        &self,
        owner: &str,
        name: &str,
    ) -> Option<(&OrganizationState, &Repository)> {
        let organization = self.organization(owner)?;
        Some((organization, organization.repository_named(name)?))
    }

    /// Returns the repository that had this owner and name once.
    pub(crate) fn repository_once(
        &self,
        owner: &str,
        name: &str,
    ) -> Option<(&OrganizationState, &Repository)> {
        self.repositories().find(|(organization, repository)| {
            repository.was_named(&organization.settings.login, owner, name)
        })
    }

    /// Returns the repository with this name, its owner included.
    pub(crate) fn repository_mut(&mut self, full_name: &str) -> Result<&mut Repository, Error> {
        full_name
            .split_once('/')
            .and_then(|(owner, name)| self.organization_mut(owner)?.repository_named_mut(name))
            .ok_or_else(|| Error::unknown_repository(full_name))
    }

    /// Adds a repository, its secrets left out.
    pub(crate) fn add_repository(
        &mut self,
        organization: &str,
        repository: Repository,
    ) -> Result<(), Error> {
        if self.repositories().any(|(_, it)| it.id == repository.id) {
            return Err(Error::duplicate_repository(&repository.name));
        }
        let organization = self.organization_without(organization, &repository.name)?;
        organization.settings.repositories.push(repository);
        Ok(())
    }

    /// Renames a repository: its former name redirects to it.
    pub(crate) fn rename_repository(&mut self, full_name: &str, name: &str) -> Result<(), Error> {
        self.repository_mut(full_name)?;
        let (owner, _) = halves(full_name);
        let organization = self.organization_without(owner, name)?;
        let new_full_name = format!("{}/{name}", organization.settings.login);
        self.repository_mut(full_name)?.rename(name);
        self.move_vaults(full_name, Some(&new_full_name));
        Ok(())
    }

    /// Transfers a repository to another organization. The secrets of its former organization are
    /// no longer shared with it.
    pub(crate) fn transfer_repository(
        &mut self,
        full_name: &str,
        organization: &str,
    ) -> Result<(), Error> {
        let name = self.repository_mut(full_name)?.name.clone();
        self.organization_without(organization, &name)?;
        let (former_owner, _) = halves(full_name);
        let mut repository = self.take_repository(full_name)?;
        repository.leave(former_owner);
        self.unselect(repository.id, Some(former_owner));
        let new_owner = self.organization_without(organization, &name)?;
        let new_full_name = format!("{}/{name}", new_owner.settings.login);
        new_owner.settings.repositories.push(repository);
        self.move_vaults(full_name, Some(&new_full_name));
        Ok(())
    }

    /// Deletes a repository with everything in it.
    pub(crate) fn delete_repository(&mut self, full_name: &str) -> Result<(), Error> {
        let repository = self.take_repository(full_name)?;
        self.unselect(repository.id, None);
        self.move_vaults(full_name, None);
        Ok(())
    }

    /// Returns an organization that has no repository with this name.
    fn organization_without(
        &mut self,
        login: &str,
        name: &str,
    ) -> Result<&mut OrganizationState, Error> {
        let organization =
            self.organization_mut(login)
                .ok_or_else(|| Error::UnknownOrganization {
                    login: login.to_owned(),
                })?;
        if organization.repository_named(name).is_some() {
            return Err(Error::duplicate_repository(name));
        }
        Ok(organization)
    }

    fn take_repository(&mut self, full_name: &str) -> Result<Repository, Error> {
        let (owner, name) = halves(full_name);
        self.organization_mut(owner)
            .and_then(|it| it.take_repository(name))
            .ok_or_else(|| Error::unknown_repository(full_name))
    }

    /// Ends the sharing of secrets and registries of this organization, or of every owner, with a
    /// repository.
    fn unselect(&mut self, id: u64, organization: Option<&str>) {
        let concerned = |owner: &str| organization.is_none_or(|it| it.eq_ignore_ascii_case(owner));
        for (place, vault) in &mut self.vaults {
            let own = place.level() == Level::Organization && concerned(place.owner());
            if own || organization.is_none() {
                vault.secrets.values_mut().for_each(|secret| {
                    secret.selected.remove(&id);
                });
            }
        }
        for state in &mut self.organizations {
            if concerned(&state.settings.login) {
                state.registries.unselect(id);
            }
        }
    }

    /// Moves what the places of a repository hold to its new name, or drops it.
    fn move_vaults(&mut self, full_name: &str, new_full_name: Option<&str>) {
        let (moved, kept) = mem::take(&mut self.vaults)
            .into_iter()
            .partition::<BTreeMap<_, _>, _>(|(place, _)| place.is_in_repository(full_name));
        self.vaults = kept;
        if let Some(name) = new_full_name {
            let renamed = moved
                .into_iter()
                .map(|(place, vault)| (place.moved_to(name), vault));
            self.vaults.extend(renamed);
        }
    }

    pub(crate) fn remove_vault(&mut self, place: &Place) {
        self.vaults.remove(place);
    }

    /// Returns what a place holds, if a request or a test has made use of it before.
    pub(crate) fn vault(&self, place: &Place) -> Option<&Vault> {
        self.vaults.get(place)
    }

    /// Returns what an [existing](Self::existing) place holds.
    pub(crate) fn vault_mut(&mut self, place: &Place) -> &mut Vault {
        self.vaults.entry(place.clone()).or_default()
    }

    /// Replaces the key pairs of this owner's places and private registries, or all key pairs.
    pub(crate) fn rotate_keys(&mut self, owner: Option<&str>) {
        let concerned = |login: &str| owner.is_none_or(|owner| login.eq_ignore_ascii_case(owner));
        for (place, vault) in &mut self.vaults {
            if concerned(place.owner()) {
                vault.rotate_key();
            }
        }
        for organization in &mut self.organizations {
            if concerned(&organization.settings.login) {
                organization.registries.rotate_key();
            }
        }
    }

    pub(crate) fn all_secrets(&self) -> impl Iterator<Item = (&Place, &StoredSecret)> {
        self.vaults.iter().flat_map(|(place, vault)| {
            let secrets = vault.secrets.values();
            secrets.map(move |secret| (place, secret))
        })
    }

    /// Returns whether this many bytes more fit into what the emulator keeps.
    pub(crate) fn has_room_for(&self, bytes: usize) -> bool {
        let secrets = self.vaults.values().flat_map(|it| it.secrets.values());
        let registries = self
            .organizations
            .iter()
            .flat_map(|it| it.registries.iter());
        let kept = secrets.map(StoredSecret::size).sum::<usize>()
            + registries.map(StoredRegistry::size).sum::<usize>();
        kept.saturating_add(bytes) <= KEPT_BYTES
    }

    /// Returns whether secrets of this place can be shared with repositories of the organization:
    /// with its own, and with any for a user.
    fn shares_with(place: &Place, organization: &OrganizationState) -> bool {
        place.level() == Level::User || organization.is(place.owner())
    }

    /// Returns every repository that secrets of this place can be shared with.
    fn selectable(&self, place: &Place) -> impl Iterator<Item = (&OrganizationState, &Repository)> {
        let organizations = self.organizations.iter();
        organizations
            .filter(|organization| Self::shares_with(place, organization))
            .flat_map(OrganizationState::repositories)
    }

    /// Returns whether secrets of this place can be shared with the repository.
    pub(crate) fn is_selectable(&self, place: &Place, id: u64) -> bool {
        self.selectable(place).any(|(_, it)| it.id == id)
    }

    /// Returns the ids if secrets of this place can be shared with each of the repositories.
    pub(crate) fn all_selectable(
        &self,
        place: &Place,
        ids: &BTreeSet<Option<u64>>,
    ) -> Option<BTreeSet<u64>> {
        let selectable: HashSet<u64> = self.selectable(place).map(|(_, it)| it.id).collect();
        ids.iter()
            .map(|id| id.filter(|id| selectable.contains(id)))
            .collect()
    }

    /// Returns the repositories with these ids that secrets of this place can be shared with, in
    /// the order of the ids.
    pub(crate) fn selected(
        &self,
        place: &Place,
        ids: &BTreeSet<u64>,
    ) -> Vec<(&OrganizationState, &Repository)> {
        let mut selected: Vec<_> = self
            .selectable(place)
            .filter(|(_, repository)| ids.contains(&repository.id))
            .collect();
        selected.sort_unstable_by_key(|(_, repository)| repository.id);
        selected
    }
}
