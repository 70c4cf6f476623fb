//! Decrypts sealed boxes.

use crate::{
    api::body::Sealed,
    refusal::Refusal,
    world::{KEPT_BYTES, keys::KeyPair},
};

/// GitHub documents 48 KB. Whether that is meant before or after sealing is not documented: the
/// emulator holds the sealed box to it, so that a client that gets through here gets through either
/// way.
const SEALED_BOX_LIMIT: usize = 48 * 1024;

/// Decrypts a box that was sealed to this key pair.
pub(crate) fn open(keys: &KeyPair, sealed: &Sealed) -> Result<Vec<u8>, Refusal> {
    if sealed.sealed_box.len() > SEALED_BOX_LIMIT {
        return Err(Refusal::invalid(
            "encrypted_value",
            "custom",
            "Value is too large",
        ));
    }
    let value = keys.open(&sealed.sealed_box).ok_or_else(|| {
        let message =
            "Bad request - the secret is improperly encrypted: the sealed box does not open";
        Refusal::invalid("encrypted_value", "invalid", message)
    })?;
    if sealed.key_id != keys.id() {
        let message = "The key_id is not that of the current public key.";
        return Err(Refusal::invalid("key_id", "invalid", message));
    }
    Ok(value)
}

/// Refuses what does not fit into the memory that the emulator allows itself.
pub(crate) fn no_room() -> Refusal {
    let message = format!("The emulator holds {KEPT_BYTES} bytes of secrets, and no more.");
    Refusal::new(507, message)
}
