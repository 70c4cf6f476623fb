use std::fmt;

use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};
use crypto_box::{
    KEY_SIZE, SEALBYTES,
    aead::{OsRng, rand_core::RngCore},
};
use curve25519_dalek::{MontgomeryPoint, traits::IsIdentity};

use crate::{SecretValue, ValueError};

/// The public key that values are sealed to, with the id that GitHub knows it by.
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
    key: crypto_box::PublicKey,
}

impl PublicKey {
    /// The size of a public key, in bytes: 32.
    pub const BYTES: usize = KEY_SIZE;

    /// How much longer a sealed box is than its plaintext, in bytes: 48.
    pub const OVERHEAD_BYTES: usize = SEALBYTES;

    /// The largest sealed box that GitHub is sure to take, in bytes: 49,152 (48 KiB).
    pub const MAX_SEALED_BYTES: usize = 48 * 1024;

    /// The key in GitHub's own form: the id, and 32 bytes in padded standard base64.
    ///
    /// # Errors
    ///
    /// [`KeyError`] for an empty id, other base64, another length, and for a key of low order: a
    /// box sealed to such a point could be opened by anybody, so libsodium refuses it as well.
    pub fn new(id: impl Into<String>, base64: &str) -> Result<Self, KeyError> {
        let bytes = STANDARD
            .decode(base64)
            .map_err(|error| KeyError::NotBase64(error.into()))?;
        let bytes: [u8; KEY_SIZE] = bytes
            .try_into()
            .map_err(|bytes: Vec<u8>| KeyError::Length { bytes: bytes.len() })?;
        Self::from_bytes(id, bytes)
    }

    /// The key with this id and these bytes.
    ///
    /// # Errors
    ///
    /// [`KeyError::EmptyId`] and [`KeyError::LowOrder`], as for [`new`](Self::new).
    pub fn from_bytes(id: impl Into<String>, bytes: [u8; Self::BYTES]) -> Result<Self, KeyError> {
        let id = id.into();
        if id.trim().is_empty() {
            return Err(KeyError::EmptyId);
        }
        if is_low_order(bytes) {
            return Err(KeyError::LowOrder);
        }
        Ok(Self {
            id,
            key: crypto_box::PublicKey::from_bytes(bytes),
        })
    }

    /// The id that GitHub knows this key by.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key's 32 bytes.
    pub fn as_bytes(&self) -> &[u8; Self::BYTES] {
        self.key.as_bytes()
    }

    /// The value in a libsodium sealed box to this key, as GitHub wants it sent.
    ///
    /// Two calls never give the same box: each is sealed from a fresh key pair.
    ///
    /// # Errors
    ///
    /// [`SealError::Value`] for a value of more than [`SecretValue::MAX_BYTES`],
    /// [`SealError::Randomness`] when the operating system gives none.
    pub fn seal(&self, value: &SecretValue) -> Result<SealedValue, SealError> {
        value.check()?;
        // `seal` draws from the same source and has no way to report that it failed.
        OsRng
            .try_fill_bytes(&mut [0; 1])
            .map_err(|_| SealError::Randomness)?;
        let sealed = self
            .key
            .seal(&mut OsRng, value.expose())
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

/// A clamped scalar is a multiple of the cofactor and prime to the rest of both group orders, so
/// exactly the points of low order become the identity, whatever the scalar and the encoding.
fn is_low_order(bytes: [u8; KEY_SIZE]) -> bool {
    MontgomeryPoint(bytes)
        .mul_clamped([0; KEY_SIZE])
        .is_identity()
}

/// A value sealed to one public key: only the holder of its private key can open it.
#[derive(Clone)]
pub struct SealedValue {
    key_id: String,
    encrypted: String,
}

impl SealedValue {
    /// The id of the key it is sealed to: GitHub's `key_id`.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The sealed box in padded standard base64: GitHub's `encrypted_value`.
    pub fn encrypted_value(&self) -> &str {
        &self.encrypted
    }

    /// The key's id and the sealed box, as from [`key_id`](Self::key_id) and
    /// [`encrypted_value`](Self::encrypted_value).
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

/// Why something cannot be used as a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key has no id, so GitHub could not tell which key a value is sealed to.
    #[error("the public key has an empty id; fetch the key again")]
    EmptyId,
    /// The text is not padded standard base64.
    #[error("the public key is not padded standard base64: {0}")]
    NotBase64(Base64Fault),
    /// The key has not 32 bytes.
    #[error("the public key is {bytes} bytes long instead of {}", PublicKey::BYTES)]
    Length {
        /// How many bytes it has.
        bytes: usize,
    },
    /// The key is a point of low order.
    #[error("the public key is a point of low order: anybody could open what is sealed to it")]
    LowOrder,
}

/// What is wrong with a base64 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Base64Fault {
    /// A byte outside the standard alphabet.
    #[error("byte {offset} is outside the standard alphabet")]
    Alphabet {
        /// Where it stands, in bytes, the first being 0.
        offset: usize,
    },
    /// The text ends in the middle of a byte, or its last symbol carries stray bits.
    #[error("it is cut short or has stray bits at its end")]
    Length,
    /// The padding is missing or wrong.
    #[error("its padding is missing or wrong")]
    Padding,
}

impl From<DecodeError> for Base64Fault {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::InvalidByte(offset, _) => Self::Alphabet { offset },
            DecodeError::InvalidLength(_) | DecodeError::InvalidLastSymbol { .. } => Self::Length,
            DecodeError::InvalidPadding => Self::Padding,
        }
    }
}

/// Why a value was not sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The value cannot be stored.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes, and nothing can be sealed without them")]
    Randomness,
    /// The cipher refused the value.
    #[error("the cipher refused the value")]
    Cipher,
}
