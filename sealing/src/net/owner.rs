use std::fmt;

/// The login of an organization, fit to be one segment of a path.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Owner(String);

impl Owner {
    /// GitHub's own rules for logins have changed over the years, so this refuses only what could
    /// change the path that a request goes to, or could never have been a login.
    pub(crate) fn new(login: &str) -> Result<Self, OwnerError> {
        if login.is_empty() {
            return Err(OwnerError::Empty);
        }
        let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if let Some((index, character)) = login.chars().enumerate().find(|(_, c)| !allowed(c)) {
            return Err(OwnerError::Character {
                character,
                position: index + 1,
            });
        }
        if login.chars().all(|c| c == '.') {
            return Err(OwnerError::Dots);
        }
        Ok(Self(login.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two spellings of one login are the same.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text cannot be the login of an organization.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OwnerError {
    /// There is no text.
    #[error("the organization's name is empty")]
    Empty,
    /// A character that no login has.
    #[error(
        "the organization's name has {character:?} at position {position}; give the login alone, \
         as in the address of its page, with no slash and no space"
    )]
    Character {
        /// The first character at fault.
        character: char,
        /// Where it stands, in characters, the first being 1.
        position: usize,
    },
    /// The text is nothing but dots, which a path would take for another folder.
    #[error("the organization's name is nothing but dots")]
    Dots,
}
