//! All that the emulator holds in GitHub's place.

pub(crate) mod keys;
pub(crate) mod organization_state;
pub(crate) mod registry_vault;
pub(crate) mod request_log;
pub(crate) mod vault;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::{
    limits::Meter,
    place::{Level, Place},
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
        }
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
            let mut users = self.users.iter();
            let login = users.find(|login| login.eq_ignore_ascii_case(owner))?;
            return Some(Place::user_named(login));
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
            Some(name) => Place::environment(full_name, repository.environment_named(name)?),
        })
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
