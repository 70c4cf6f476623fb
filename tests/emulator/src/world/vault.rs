//! What one place holds.

use std::collections::BTreeMap;

use crate::{secret::StoredSecret, world::keys::KeyPair};

/// The key pair and the secrets of a place.
pub(crate) struct Vault {
    pub(crate) keys: KeyPair,
    /// By their names in upper case.
    pub(crate) secrets: BTreeMap<String, StoredSecret>,
}

impl Default for Vault {
    fn default() -> Self {
        Self {
            keys: KeyPair::generate(),
            secrets: BTreeMap::new(),
        }
    }
}

impl Vault {
    pub(crate) fn rotate_key(&mut self) {
        self.keys = KeyPair::generate();
    }

    /// Returns a secret by its name in any case.
    pub(crate) fn secret(&self, name: &str) -> Option<&StoredSecret> {
        self.secrets.get(&name.to_ascii_uppercase())
    }

    pub(crate) fn secret_mut(&mut self, name: &str) -> Option<&mut StoredSecret> {
        self.secrets.get_mut(&name.to_ascii_uppercase())
    }

    /// Adds a secret as if its value had been sealed to the present key.
    pub(crate) fn insert(&mut self, mut secret: StoredSecret) {
        secret.key_id = self.keys.id().to_owned();
        self.secrets.insert(secret.name.clone(), secret);
    }
}
