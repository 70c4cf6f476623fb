//! Names of secrets, checked by GitHub's rules before anything is sent.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

/// The name of a secret, checked against GitHub's rules.
///
/// A name consists of ASCII letters, digits and underscores, does not begin with a digit, and does
/// not begin with `GITHUB_`. Names that differ only in case are equal. All stores have the same
/// rules ([documentation](https://docs.github.com/en/actions/reference/security/secrets)).
///
/// ```
/// use github_secrets::SecretName;
///
/// let name = SecretName::new("db_password")?;
/// assert_eq!(name, SecretName::new("DB_PASSWORD")?);
/// assert!(SecretName::new("2FA_SEED").is_err());
/// # Ok::<(), github_secrets::NameError>(())
/// ```
#[derive(Clone)]
pub struct SecretName(Box<str>);

const RESERVED: &str = "GITHUB_";

impl SecretName {
    /// The largest number of characters in a name: 1,024.
    ///
    /// GitHub documents no limit. A longer text is not a name, and would not fit in a request.
    pub const MAX_CHARACTERS: usize = 1024;

    /// Creates a name after checking it.
    ///
    /// # Errors
    ///
    /// Returns a [`NameError`] that says which rule the name breaks. It contains no part of the
    /// name except for one invalid character, because the text may be a value passed by mistake.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        let first = name.chars().next().ok_or(NameError::Empty)?;
        if first.is_ascii_digit() {
            return Err(NameError::LeadingDigit);
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if let Some(fault) = CharacterFault::find(&name, allowed) {
            return Err(NameError::Character(fault));
        }
        if name.len() > Self::MAX_CHARACTERS {
            return Err(NameError::TooLong {
                characters: name.len(),
                maximum: Self::MAX_CHARACTERS,
            });
        }
        match name.get(..RESERVED.len()) {
            Some(prefix) if prefix.eq_ignore_ascii_case(RESERVED) => Err(NameError::Reserved),
            _ => Ok(Self(name.into())),
        }
    }

    /// Returns the name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_uppercase())
    }
}

impl PartialEq for SecretName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for SecretName {}

impl Hash for SecretName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // In pieces, since each call of a hasher costs more than its bytes.
        for piece in self.0.as_bytes().chunks(16) {
            let mut folded = [0; 16];
            for (folded, byte) in folded.iter_mut().zip(piece) {
                *folded = byte.to_ascii_uppercase();
            }
            state.write(&folded);
        }
        state.write_u8(0xff);
    }
}

impl PartialOrd for SecretName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SecretName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretName({})", self.0)
    }
}

impl FromStr for SecretName {
    type Err = NameError;

    /// Checks a name, as [`new`](Self::new) does.
    ///
    /// # Errors
    ///
    /// Returns [`NameError`] if the name breaks GitHub's rules.
    fn from_str(name: &str) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl TryFrom<&str> for SecretName {
    type Error = NameError;

    fn try_from(name: &str) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl TryFrom<String> for SecretName {
    type Error = NameError;

    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

/// A type that can be the name of a secret: a text or a [`SecretName`].
///
/// This trait is sealed. Methods that take a name accept each of these types and check the text.
pub trait IntoSecretName: sealed::Sealed {
    /// Returns the checked name.
    ///
    /// # Errors
    ///
    /// Returns a [`NameError`] if the text breaks GitHub's rules for names.
    fn into_secret_name(self) -> Result<SecretName, NameError>;
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for &str {}
    impl Sealed for String {}
    impl Sealed for &String {}
    impl Sealed for super::SecretName {}
    impl Sealed for &super::SecretName {}
}

impl IntoSecretName for &str {
    fn into_secret_name(self) -> Result<SecretName, NameError> {
        SecretName::new(self)
    }
}

impl IntoSecretName for String {
    fn into_secret_name(self) -> Result<SecretName, NameError> {
        SecretName::new(self)
    }
}

impl IntoSecretName for &String {
    fn into_secret_name(self) -> Result<SecretName, NameError> {
        SecretName::new(self.as_str())
    }
}

impl IntoSecretName for SecretName {
    fn into_secret_name(self) -> Result<SecretName, NameError> {
        Ok(self)
    }
}

impl IntoSecretName for &SecretName {
    fn into_secret_name(self) -> Result<SecretName, NameError> {
        Ok(self.clone())
    }
}

/// An error from checking the name of a secret.
///
/// It contains no part of the name except for one invalid character, because the text may be a
/// value passed by mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The name is empty.
    #[error("the secret's name is empty; give it at least one letter or underscore")]
    Empty,
    /// The name begins with a digit.
    #[error("the secret's name begins with a digit; begin it with a letter or an underscore")]
    LeadingDigit,
    /// The name has a character other than ASCII letters, digits and underscores.
    #[error("the secret's name has {0}; use only the letters A to Z, digits and underscores")]
    Character(CharacterFault),
    /// The name begins with `GITHUB_`, in any case.
    #[error("the secret's name begins with GITHUB_, a prefix reserved by GitHub; choose another")]
    Reserved,
    /// The name is longer than any name that fits in a request.
    #[error("the secret's name has {characters} characters; use at most {maximum}")]
    TooLong {
        /// The number of characters in the name.
        characters: usize,
        /// The largest number of characters that is accepted.
        maximum: usize,
    },
}

/// A character that is not allowed, and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CharacterFault {
    /// The first character at fault.
    pub character: char,
    /// Its position, in characters; the first character is at 1.
    pub position: usize,
}

impl CharacterFault {
    /// Returns the first character of `text` that is not `allowed`.
    pub(crate) fn find(text: &str, allowed: impl Fn(char) -> bool) -> Option<Self> {
        let (index, character) = text.chars().enumerate().find(|(_, c)| !allowed(*c))?;
        let position = index + 1;
        Some(Self {
            character,
            position,
        })
    }
}

impl fmt::Display for CharacterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            character,
            position,
        } = self;
        write!(f, "{character:?} at position {position}")
    }
}
