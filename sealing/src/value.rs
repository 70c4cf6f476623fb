//! The value of a secret: one buffer, which is wiped when its last owner is gone.

use std::{fmt, io, sync::Arc};

use zeroize::Zeroizing;

use crate::sealed_box::OVERHEAD_BYTES;

/// The plaintext of a secret. It is wiped when its last clone is dropped, and never printed.
///
/// Clones share one buffer, so one value can be stored in many places. It cannot be displayed or
/// serialized, and `Debug` shows its size only. A `String` or a `Vec<u8>` is moved in, so no second
/// copy exists. A `&str` or a `&[u8]` is copied, and wiping the original is up to you.
///
/// ```
/// use github_secrets::SecretValue;
///
/// let value = SecretValue::from(String::from("correct horse"));
/// assert_eq!(format!("{value:?}"), "SecretValue(13 bytes)");
/// let same = value.clone();
/// assert_eq!(same.expose().as_ptr(), value.expose().as_ptr());
/// ```
#[derive(Clone)]
pub struct SecretValue(Arc<Zeroizing<Vec<u8>>>);

impl SecretValue {
    /// The largest plaintext that can be stored, in bytes: 49,104.
    ///
    /// GitHub's documentation allows [48 KB] and does not say whether the value or its sealed box
    /// is meant; a sealed box is 48 bytes longer, and this keeps it within 49,152 bytes either way.
    ///
    /// [48 KB]: https://docs.github.com/en/codespaces/managing-codespaces-for-your-organization/managing-development-environment-secrets-for-your-repository-or-organization#limits-for-secrets
    pub const MAX_BYTES: usize = 48 * 1024 - OVERHEAD_BYTES;

    /// Reads a value from `reader` to its end, into one buffer that is never reallocated.
    ///
    /// ```
    /// use github_secrets::SecretValue;
    ///
    /// let value = SecretValue::from_reader(&b"correct horse"[..])?;
    /// assert_eq!(value.len(), 13);
    /// # Ok::<(), github_secrets::ValueError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`ValueError::Unreadable`] if reading fails, and [`ValueError::TooLarge`] if there
    /// are more than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn from_reader(mut reader: impl io::Read) -> Result<Self, ValueError> {
        let mut buffer = Zeroizing::new(vec![0; Self::MAX_BYTES + 1]);
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match reader.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ValueError::Unreadable(error.kind())),
            }
        }
        buffer.truncate(filled);
        let value = Self::from(buffer);
        value.check().map(|()| value)
    }

    /// Returns the size of the plaintext, in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the plaintext is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the plaintext. Do not print or store it.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn check(&self) -> Result<(), ValueError> {
        match self.len() {
            bytes if bytes > Self::MAX_BYTES => Err(ValueError::TooLarge {
                bytes,
                maximum: Self::MAX_BYTES,
            }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretValue({} bytes)", self.len())
    }
}

impl From<String> for SecretValue {
    fn from(value: String) -> Self {
        value.into_bytes().into()
    }
}

impl From<Vec<u8>> for SecretValue {
    fn from(value: Vec<u8>) -> Self {
        Zeroizing::new(value).into()
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretValue {
    fn from(value: Zeroizing<Vec<u8>>) -> Self {
        Self(Arc::new(value))
    }
}

impl From<Zeroizing<String>> for SecretValue {
    fn from(mut value: Zeroizing<String>) -> Self {
        std::mem::take(&mut *value).into()
    }
}

impl From<&str> for SecretValue {
    fn from(value: &str) -> Self {
        value.as_bytes().into()
    }
}

impl From<&[u8]> for SecretValue {
    fn from(value: &[u8]) -> Self {
        value.to_vec().into()
    }
}

/// An error from checking or reading the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The plaintext is larger than GitHub accepts.
    #[error(
        "the secret's value has {bytes} bytes or more; GitHub accepts at most {maximum} bytes, \
         so store a larger one elsewhere and keep only its key here"
    )]
    TooLarge {
        /// The size of the plaintext, in bytes; from a reader, the part that was read.
        bytes: usize,
        /// The largest size that is accepted, in bytes.
        maximum: usize,
    },
    /// The value could not be read.
    #[error("the secret's value could not be read: {0}")]
    Unreadable(io::ErrorKind),
}
