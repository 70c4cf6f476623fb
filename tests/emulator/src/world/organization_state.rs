//! An organization as it is now: its settings, which clients can change in part, and its private
//! registries.

use crate::{
    organization::Organization, repository::Repository, world::registry_vault::RegistryVault,
};

pub(crate) struct OrganizationState {
    pub(crate) id: u64,
    pub(crate) settings: Organization,
    pub(crate) registries: RegistryVault,
}

impl OrganizationState {
    pub(crate) fn new(id: u64, settings: Organization) -> Self {
        Self {
            id,
            settings,
            registries: RegistryVault::default(),
        }
    }

    /// Returns every repository with this organization.
    pub(crate) fn repositories(&self) -> impl Iterator<Item = (&Self, &Repository)> {
        let repositories = self.settings.repositories.iter();
        repositories.map(move |repository| (self, repository))
    }

    pub(crate) fn repository_named(&self, name: &str) -> Option<&Repository> {
        let mut repositories = self.settings.repositories.iter();
        repositories.find(|it| it.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn repository_named_mut(&mut self, name: &str) -> Option<&mut Repository> {
        let mut repositories = self.settings.repositories.iter_mut();
        repositories.find(|it| it.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn take_repository(&mut self, name: &str) -> Option<Repository> {
        let repositories = &mut self.settings.repositories;
        let index = repositories
            .iter()
            .position(|it| it.name.eq_ignore_ascii_case(name))?;
        Some(repositories.remove(index))
    }

    pub(crate) fn is(&self, login: &str) -> bool {
        self.settings.login.eq_ignore_ascii_case(login)
    }
}
