//! The key pair of a place.

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{
    SecretKey,
    aead::{OsRng, rand_core::RngCore},
};

pub(crate) struct KeyPair {
    id: String,
    secret: SecretKey,
}

impl KeyPair {
    pub(crate) fn generate() -> Self {
        Self {
            id: key_id(),
            secret: SecretKey::generate(&mut OsRng),
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the public key in padded standard base64.
    pub(crate) fn public(&self) -> String {
        STANDARD.encode(self.secret.public_key().as_bytes())
    }

    /// Returns what is in the sealed box, if it was sealed to this key.
    pub(crate) fn open(&self, sealed_box: &[u8]) -> Option<Vec<u8>> {
        self.secret.unseal(sealed_box).ok()
    }
}

/// Returns eighteen digits of which the first is a zero, as in GitHub's own example. A client that
/// makes a number of it loses the zero.
fn key_id() -> String {
    format!("0{:017}", OsRng.next_u64() % 10u64.pow(17))
}
