//! Public keys, sealed values, and what can be wrong with either.

use std::fmt;

use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};
use crypto_box::aead::{OsRng, rand_core::RngCore};
use zeroize::Zeroizing;

use crate::{
    sealed_box::{KEY_BYTES, OVERHEAD_BYTES, Recipient},
    value::{SecretValue, ValueError},
};

/// The public key that values are sealed to, with the id GitHub knows it by.
///
/// GitHub has one for each store and each owner of secrets, and may replace it at any time.
/// The id is an opaque text, even where it looks like a number.
///
/// ```
/// use github_secrets::{PublicKey, SecretValue};
///
/// let key = PublicKey::new("1234567", "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=")?;
/// let sealed = key.seal(&SecretValue::from("correct horse"))?;
/// assert_eq!(sealed.key_id(), "1234567");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PublicKey {
    id: String,
    recipient: Recipient,
}

impl PublicKey {
    /// The size of a public key, in bytes: 32.
    pub const BYTES: usize = KEY_BYTES;

    /// How much longer a sealed box is than its plaintext, in bytes: 48.
    pub const OVERHEAD_BYTES: usize = OVERHEAD_BYTES;

    /// The largest sealed box that GitHub documents as accepted, in bytes: 49,152 (48 KiB).
    pub const MAX_SEALED_BYTES: usize = SecretValue::MAX_BYTES + Self::OVERHEAD_BYTES;

    /// Creates a key from its id and its 32 bytes in padded standard base64, as GitHub sends them.
    ///
    /// ```
    /// use github_secrets::{KeyError, PublicKey};
    ///
    /// let key = PublicKey::new("1234567", "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=")?;
    /// assert_eq!(key.id(), "1234567");
    ///
    /// let error = PublicKey::new("1234567", "aGVsbG8=").unwrap_err();
    /// assert_eq!(error, KeyError::Length { bytes: 5 });
    /// # Ok::<(), KeyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`KeyError`] if the id is empty, if the text is not padded standard base64, if it
    /// does not hold 32 bytes, and if the key is of low order: anybody could open a box sealed to
    /// such a key, and libsodium rejects it too.
    pub fn new(id: impl Into<String>, base64: &str) -> Result<Self, KeyError> {
        let bytes = STANDARD
            .decode(base64)
            .map_err(|error| KeyError::NotBase64(Base64Fault::new(error)))?;
        let bytes: [u8; KEY_BYTES] = bytes
            .try_into()
            .map_err(|bytes: Vec<u8>| KeyError::Length { bytes: bytes.len() })?;
        Self::from_bytes(id, bytes)
    }

    /// Creates a key from its id and its 32 bytes.
    ///
    /// # Errors
    ///
    /// Returns [`KeyError::EmptyId`] or [`KeyError::LowOrder`], as [`new`](Self::new) does.
    pub fn from_bytes(id: impl Into<String>, bytes: [u8; Self::BYTES]) -> Result<Self, KeyError> {
        let id = id.into();
        if id.trim().is_empty() {
            return Err(KeyError::EmptyId);
        }
        let recipient = Recipient::new(bytes).ok_or(KeyError::LowOrder)?;
        Ok(Self { id, recipient })
    }

    /// Returns the id GitHub knows this key by.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the key's 32 bytes.
    pub fn as_bytes(&self) -> &[u8; Self::BYTES] {
        self.recipient.as_bytes()
    }

    /// Seals a value to this key in a libsodium sealed box, in the form GitHub expects.
    ///
    /// Each box is sealed from a new key pair, so sealing the same value twice gives two different
    /// boxes. The key pair's secret and everything derived from it are wiped from memory before
    /// this returns.
    ///
    /// # Errors
    ///
    /// Returns [`SealError::Value`] if the value is longer than [`SecretValue::MAX_BYTES`], and
    /// [`SealError::Randomness`] if the operating system returns no random bytes.
    pub fn seal(&self, value: &SecretValue) -> Result<SealedValue, SealError> {
        value.check()?;
        let mut ephemeral = Zeroizing::new([0; KEY_BYTES]);
        OsRng
            .try_fill_bytes(ephemeral.as_mut_slice())
            .map_err(|_| SealError::Randomness)?;
        let sealed = self
            .recipient
            .seal(&ephemeral, value.expose())
            .map_err(|_| SealError::Cipher)?;
        Ok(SealedValue {
            key_id: self.id.clone(),
            encrypted: STANDARD.encode(sealed),
        })
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A value sealed to one public key: only the holder of its private key can open it.
#[derive(Clone)]
pub struct SealedValue {
    key_id: String,
    encrypted: String,
}

impl SealedValue {
    /// Returns the id of the key it is sealed to: GitHub's `key_id`.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Returns the sealed box in padded standard base64: GitHub's `encrypted_value`.
    pub fn encrypted_value(&self) -> &str {
        &self.encrypted
    }

    /// Returns the key's id and the sealed box, as [`key_id`](Self::key_id) and
    /// [`encrypted_value`](Self::encrypted_value) do, without copying them.
    pub fn into_parts(self) -> (String, String) {
        (self.key_id, self.encrypted)
    }
}

impl fmt::Debug for SealedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedValue")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

/// An error from checking a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key's id is empty, so GitHub would not know which key a value is sealed to.
    #[error("the public key has an empty id; fetch the key again")]
    EmptyId,
    /// The text is not padded standard base64.
    #[error("the public key is not padded standard base64: {0}; check that it comes from GitHub")]
    NotBase64(Base64Fault),
    /// The key does not have 32 bytes.
    #[error(
        "the public key has {bytes} bytes instead of {}; check that it comes from GitHub",
        PublicKey::BYTES
    )]
    Length {
        /// The length of the key, in bytes.
        bytes: usize,
    },
    /// The key is a point of low order.
    #[error("the public key is a point of low order: anybody could open what is sealed to it")]
    LowOrder,
}

/// The reason why a text is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Base64Fault {
    /// A byte is outside the standard alphabet.
    #[error("byte {offset} is outside the standard alphabet")]
    Alphabet {
        /// The position of the byte; the first byte is at 0.
        offset: usize,
    },
    /// The text ends in the middle of a byte, or its last symbol carries stray bits.
    #[error("it is cut short or has stray bits at its end")]
    Length,
    /// The padding is missing or wrong.
    #[error("its padding is missing or wrong")]
    Padding,
}

impl Base64Fault {
    fn new(error: DecodeError) -> Self {
        match error {
            DecodeError::InvalidByte(offset, _) => Self::Alphabet { offset },
            DecodeError::InvalidLength(_) | DecodeError::InvalidLastSymbol { .. } => Self::Length,
            DecodeError::InvalidPadding => Self::Padding,
        }
    }
}

/// An error from sealing a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The value cannot be stored.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The operating system returned no random bytes.
    #[error("the operating system returned no random bytes, and sealing needs them")]
    Randomness,
    /// The cipher rejected the value.
    #[error("the cipher rejected the value")]
    Cipher,
}
