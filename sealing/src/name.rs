use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

/// The name of a secret that GitHub's rules allow; two names that differ only in case are equal.
///
/// GitHub takes ASCII letters, digits and underscores, no digit first, and keeps names that begin
/// with `GITHUB_` for itself; names are not case-sensitive
/// ([documentation](https://docs.github.com/en/codespaces/managing-codespaces-for-your-organization/managing-development-environment-secrets-for-your-repository-or-organization#naming-secrets)).
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
pub struct SecretName(String);

const RESERVED: &str = "GITHUB_";

impl SecretName {
    /// The name, checked.
    ///
    /// # Errors
    ///
    /// [`NameError`] names the rule that `name` breaks. The error holds no part of the name but
    /// the one character at fault, since a value given in the name's place must not be printed.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        let first = name.chars().next().ok_or(NameError::Empty)?;
        if first.is_ascii_digit() {
            return Err(NameError::LeadingDigit);
        }
        let allowed = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        if let Some((index, character)) = name.chars().enumerate().find(|(_, c)| !allowed(c)) {
            let position = index + 1;
            return Err(NameError::Character {
                character,
                position,
            });
        }
        match name.get(..RESERVED.len()) {
            Some(prefix) if prefix.eq_ignore_ascii_case(RESERVED) => Err(NameError::Reserved),
            _ => Ok(Self(name)),
        }
    }

    /// The name as it was given.
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
        self.folded().for_each(|byte| state.write_u8(byte));
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

impl From<&SecretName> for SecretName {
    fn from(name: &SecretName) -> Self {
        name.clone()
    }
}

/// Why a name cannot be a secret's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// There is no name.
    #[error("the secret's name is empty; give it at least one letter or underscore")]
    Empty,
    /// A digit comes first.
    #[error("the secret's name begins with a digit; begin it with a letter or an underscore")]
    LeadingDigit,
    /// A character that is neither an ASCII letter nor a digit nor an underscore.
    #[error(
        "the secret's name has {character:?} at position {position}; \
         use only the letters A to Z, digits and underscores"
    )]
    Character {
        /// The first character at fault.
        character: char,
        /// Where it stands, in characters, the first being 1.
        position: usize,
    },
    /// The name begins with `GITHUB_`, in any case.
    #[error(
        "the secret's name begins with GITHUB_, which GitHub keeps for itself; choose another prefix"
    )]
    Reserved,
}
