//! A private registry as the emulator holds it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::SystemTime,
};

use crate::secret::Visibility;

/// A private registry of an organization, its value decrypted.
///
/// Its `Debug` output leaves out the value and the user name.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRegistry {
    pub(crate) name: String,
    pub(crate) registry_type: String,
    pub(crate) url: String,
    pub(crate) username: Option<String>,
    pub(crate) replaces_base: bool,
    pub(crate) auth_type: String,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) key_id: Option<String>,
    pub(crate) visibility: Visibility,
    pub(crate) selected: BTreeSet<u64>,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
}

impl StoredRegistry {
    /// Returns the name that the emulator gave it, such as `MAVEN_REPOSITORY_SECRET`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns its type, such as `maven_repository`.
    pub fn registry_type(&self) -> &str {
        &self.registry_type
    }

    /// Returns its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the user name to log in with.
    pub fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// Returns whether it replaces the public registry of its kind.
    pub fn replaces_base(&self) -> bool {
        self.replaces_base
    }

    /// Returns how it authenticates: `token`, `username_password` or one of `oidc_…`.
    pub fn auth_type(&self) -> &str {
        &self.auth_type
    }

    /// Returns the settings of its OIDC authentication by the names of GitHub's fields, such as
    /// `tenant_id`. It is empty for a registry with a value.
    pub fn settings(&self) -> &BTreeMap<String, String> {
        &self.settings
    }

    /// Returns the token or password that was in the sealed box, or `None` for OIDC.
    pub fn value(&self) -> Option<&[u8]> {
        self.value.as_deref()
    }

    /// Returns the id of the key that its value was sealed to, or `None` for OIDC.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// Returns which repositories can use it.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// Returns the ids of its selected repositories in ascending order. It is empty unless the
    /// visibility is [`Visibility::Selected`].
    pub fn selected_repository_ids(&self) -> Vec<u64> {
        self.selected.iter().copied().collect()
    }

    /// Returns when it was created.
    pub fn created_at(&self) -> SystemTime {
        self.created_at
    }

    /// Returns when it last changed.
    pub fn updated_at(&self) -> SystemTime {
        self.updated_at
    }

    /// Returns about how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let settings: usize = self
            .settings
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        let texts = [&self.name, &self.registry_type, &self.url, &self.auth_type];
        size_of::<Self>()
            + texts.iter().map(|text| text.len()).sum::<usize>()
            + settings
            + self.username.as_ref().map_or(0, String::len)
            + self.value.as_ref().map_or(0, Vec::len)
            + self.selected.len() * size_of::<u64>()
    }
}

impl fmt::Debug for StoredRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRegistry")
            .field("name", &self.name)
            .field("registry_type", &self.registry_type)
            .field("url", &self.url)
            .field("auth_type", &self.auth_type)
            .field("visibility", &self.visibility)
            .field("selected_repository_ids", &self.selected)
            .finish_non_exhaustive()
    }
}
