//! The private registries of an organization.

use std::collections::BTreeMap;

use crate::{registry::StoredRegistry, world::keys::KeyPair};

/// A key pair of their own, and the registries.
pub(crate) struct RegistryVault {
    pub(crate) keys: KeyPair,
    by_name: BTreeMap<String, StoredRegistry>,
}

impl Default for RegistryVault {
    fn default() -> Self {
        Self {
            keys: KeyPair::generate(),
            by_name: BTreeMap::new(),
        }
    }
}

impl RegistryVault {
    pub(crate) fn rotate_key(&mut self) {
        self.keys = KeyPair::generate();
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &StoredRegistry> {
        self.by_name.values()
    }

    /// Returns a registry by its name in any case.
    pub(crate) fn named(&self, name: &str) -> Option<&StoredRegistry> {
        self.by_name.get(&name.to_ascii_uppercase())
    }

    /// Ends the sharing with a repository.
    pub(crate) fn unselect(&mut self, id: u64) {
        for registry in self.by_name.values_mut() {
            registry.selected.remove(&id);
        }
    }

    pub(crate) fn put(&mut self, registry: StoredRegistry) {
        self.by_name.insert(registry.name.clone(), registry);
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<StoredRegistry> {
        self.by_name.remove(&name.to_ascii_uppercase())
    }

    /// Returns a name for a new registry of this type: `MAVEN_REPOSITORY_SECRET`, then
    /// `MAVEN_REPOSITORY_SECRET_2`. How GitHub names a second of a type is not documented.
    pub(crate) fn free_name(&self, registry_type: &str) -> String {
        let first = format!("{}_SECRET", registry_type.to_ascii_uppercase());
        let numbered = (2..).map(|number: u32| format!("{first}_{number}"));
        std::iter::once(first.clone())
            .chain(numbered)
            .find(|name| !self.by_name.contains_key(name))
            .unwrap_or(first)
    }
}
