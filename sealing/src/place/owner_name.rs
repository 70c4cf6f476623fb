//! Checked names of owners, and the error of a text that is no such name.
//!
//! They stand apart from [`Place`](super::Place), since errors and requests name an owner too.

use std::{fmt, sync::Arc};

use crate::{CharacterFault, OwnerKind};

/// The login of an organization, or of the owner of a repository.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Login(Arc<str>);

/// A repository, by its owner and its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RepositoryName {
    owner: Login,
    name: Arc<str>,
}

/// The name of an environment.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct EnvironmentName(Arc<str>);

/// The owner of secrets.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum OwnerName {
    Organization(Login),
    Repository(RepositoryName),
    Environment(RepositoryName, EnvironmentName),
    User,
}

impl Login {
    pub(crate) fn new(login: &str) -> Result<Self, OwnerError> {
        check_segment(login, OwnerNameKind::Login)?;
        Ok(Self(login.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether `login` is another spelling of this one.
    pub(crate) fn is(&self, login: &str) -> bool {
        self.0.eq_ignore_ascii_case(login)
    }
}

impl RepositoryName {
    /// Parses a name of the form `owner/name`.
    pub(crate) fn parse(full_name: &str) -> Result<Self, OwnerError> {
        let (owner, name) = full_name
            .split_once('/')
            .ok_or_else(|| OwnerError::new(OwnerNameKind::Repository, OwnerFault::NoOwner))?;
        Self::new(Login::new(owner)?, name)
    }

    pub(crate) fn new(owner: Login, name: &str) -> Result<Self, OwnerError> {
        check_segment(name, OwnerNameKind::Repository)?;
        let name = name.into();
        Ok(Self { owner, name })
    }

    pub(crate) fn owner(&self) -> &Login {
        &self.owner
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the form in which two spellings of one repository are equal.
    pub(crate) fn folded(&self) -> String {
        self.to_string().to_ascii_lowercase()
    }
}

impl EnvironmentName {
    /// GitHub documents a limit of 255 characters for the names of environments.
    const MAX_CHARACTERS: usize = 255;

    /// GitHub allows spaces and slashes, so nearly every name is accepted. One of dots alone would
    /// change the path that a request is sent to.
    pub(crate) fn new(name: &str) -> Result<Self, OwnerError> {
        let refuse = |fault| Err(OwnerError::new(OwnerNameKind::Environment, fault));
        let maximum = Self::MAX_CHARACTERS;
        if name.trim().is_empty() {
            return refuse(OwnerFault::Empty);
        }
        if let Some(fault) = CharacterFault::find(name, |c| !c.is_control()) {
            return refuse(OwnerFault::Character(fault));
        }
        if name.bytes().all(|byte| byte == b'.') {
            return refuse(OwnerFault::Dots);
        }
        if name.chars().count() > maximum {
            return refuse(OwnerFault::TooLong { maximum });
        }
        Ok(Self(name.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name if people would give it to an environment: words such as `review`, `eu1`
    /// and `GitHub`. Anything else can be a value in the wrong place, and is not repeated.
    pub(crate) fn shown(&self) -> Option<&str> {
        const LONGEST: usize = 64;
        let is_between = |c: char| matches!(c, '-' | '_' | '.' | '/' | ' ' | ':' | '(' | ')');
        let has_words = self.0.split(is_between).all(is_word);
        (self.0.len() <= LONGEST && has_words).then_some(&*self.0)
    }
}

/// Returns whether a text is a word, at most of three parts such as `UsEast`, with a number after
/// it or alone.
fn is_word(text: &str) -> bool {
    /// So short, it says nothing.
    const SHORT: usize = 4;
    const LONGEST: usize = 16;
    let length = text.chars().count();
    let is_plain = text.chars().all(char::is_alphanumeric);
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let pairs = letters.chars().zip(letters.chars().skip(1));
    let humps = pairs.filter(|(one, next)| one.is_lowercase() && next.is_uppercase());
    let is_word = letters.chars().all(char::is_alphabetic) && humps.count() <= 2;
    is_plain && (length <= SHORT || length <= LONGEST && is_word)
}

/// GitHub's own rules for names have changed over the years. This refuses only what could change
/// the path that a request is sent to, or could never have been a name.
fn check_segment(name: &str, kind: OwnerNameKind) -> Result<(), OwnerError> {
    /// Longer than any login or repository name on GitHub.
    const MAX_CHARACTERS: usize = 255;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fault = if name.is_empty() {
        OwnerFault::Empty
    } else if let Some(fault) = CharacterFault::find(name, allowed) {
        OwnerFault::Character(fault)
    } else if name.bytes().all(|byte| byte == b'.') {
        OwnerFault::Dots
    } else if name.len() > MAX_CHARACTERS {
        let maximum = MAX_CHARACTERS;
        OwnerFault::TooLong { maximum }
    } else {
        return Ok(());
    };
    Err(OwnerError::new(kind, fault))
}

impl OwnerName {
    pub(crate) fn kind(&self) -> OwnerKind {
        match self {
            Self::Organization(_) => OwnerKind::Organization,
            Self::Repository(_) => OwnerKind::Repository,
            Self::Environment(..) => OwnerKind::Environment,
            Self::User => OwnerKind::User,
        }
    }

    /// Returns the repository that the secrets belong to, directly or through an environment.
    pub(crate) fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::Repository(repository) | Self::Environment(repository, _) => Some(repository),
            Self::Organization(_) | Self::User => None,
        }
    }

    /// Returns the owner as the text of a [`Place`](super::Place) begins: `repos/acme/website`.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Organization(login) => format!("orgs/{login}"),
            Self::Repository(repository) => format!("repos/{repository}"),
            Self::Environment(repository, EnvironmentName(environment)) => {
                let environment = environment.replace('%', "%25");
                format!("repos/{repository}/environments/{environment}")
            }
            Self::User => "user".to_owned(),
        }
    }

    /// Returns the form in which two spellings of one owner are equal: GitHub ignores the case of
    /// logins and of the names of repositories and environments.
    pub(crate) fn folded(&self) -> Self {
        let login = |login: &Login| Login(login.0.to_ascii_lowercase().into());
        let repository = |repository: &RepositoryName| RepositoryName {
            owner: login(&repository.owner),
            name: repository.name.to_ascii_lowercase().into(),
        };
        match self {
            Self::Organization(name) => Self::Organization(login(name)),
            Self::Repository(name) => Self::Repository(repository(name)),
            Self::Environment(name, EnvironmentName(environment)) => Self::Environment(
                repository(name),
                EnvironmentName(environment.to_lowercase().into()),
            ),
            Self::User => Self::User,
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl fmt::Display for OwnerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(login) => login.fmt(f),
            Self::Repository(repository) => repository.fmt(f),
            Self::Environment(repository, environment) => match environment.shown() {
                Some(name) => write!(f, "the environment {name:?} of {repository}"),
                None => write!(f, "an environment of {repository}"),
            },
            Self::User => f.write_str("the user"),
        }
    }
}

impl fmt::Debug for OwnerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An error from checking the name of an organization, a repository or an environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {kind}'s name {fault}")]
#[non_exhaustive]
pub struct OwnerError {
    /// The kind of name that was checked.
    pub kind: OwnerNameKind,
    /// The reason why the name is refused.
    pub fault: OwnerFault,
}

impl OwnerError {
    pub(crate) fn new(kind: OwnerNameKind, fault: OwnerFault) -> Self {
        Self { kind, fault }
    }
}

/// A kind of name that an [`OwnerError`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnerNameKind {
    /// The login of an organization or of a repository's owner.
    Login,
    /// The name of a repository.
    Repository,
    /// The name of an environment.
    Environment,
}

impl fmt::Display for OwnerNameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "owner",
            Self::Repository => "repository",
            Self::Environment => "environment",
        })
    }
}

/// The reason why a name cannot belong to an organization, a repository or an environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OwnerFault {
    /// The name is empty.
    #[error("is empty")]
    Empty,
    /// The name has a character that is not allowed.
    #[error("has {0}; give the name alone, as in the address of its page")]
    Character(CharacterFault),
    /// The name consists of dots alone, which a path would take for another folder.
    #[error("consists of dots alone")]
    Dots,
    /// The name is longer than GitHub allows.
    #[error("has more than {maximum} characters")]
    TooLong {
        /// The largest number of characters that is accepted.
        maximum: usize,
    },
    /// The repository is not given with its owner.
    #[error("has no owner; give it as owner/name")]
    NoOwner,
}

#[cfg(test)]
mod tests {
    use super::EnvironmentName;

    fn is_shown(name: &str) -> bool {
        EnvironmentName(name.into()).shown().is_some()
    }

    #[test]
    fn names_of_environments_are_shown_and_values_in_their_place_are_not() {
        for name in [
            "production",
            "Production",
            "PROD",
            "UsEast1",
            "GitHub Pages",
            "github-pages",
            "staging/eu-west-1",
            "prod (blue)",
            "review.12345",
            "ABC-1234-xY",
            "Größe",
        ] {
            assert!(is_shown(name), "{name}");
        }
        for value in [
            "hunter2hunter2",
            "Tr0ub4dor&3",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "aGVsbG8gd29ybGQ=",
            "wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY",
            "xKcDpQrStUvW",
            "correct horse battery staple correct horse battery staple correct",
        ] {
            assert!(!is_shown(value), "{value}");
        }
    }
}
