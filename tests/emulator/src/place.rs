//! Where secrets live: a store of an organization, a repository, an environment or a user.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path segment may hold unescaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The user that every emulator has.
pub(crate) const OCTOCAT: &str = "octocat";

/// A product of GitHub that has secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Store {
    /// GitHub Actions: organizations, repositories and environments.
    Actions,
    /// The Copilot cloud agent: organizations and repositories.
    Agents,
    /// GitHub Codespaces: organizations, repositories and users.
    Codespaces,
    /// Dependabot: organizations and repositories.
    Dependabot,
}

impl Store {
    /// Every store, in alphabetical order.
    pub const ALL: [Self; 4] = [
        Self::Actions,
        Self::Agents,
        Self::Codespaces,
        Self::Dependabot,
    ];

    /// Returns the word for it in GitHub's paths.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Agents => "agents",
            Self::Codespaces => "codespaces",
            Self::Dependabot => "dependabot",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|store| store.as_str() == word)
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of owner that a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Organization,
    Repository,
    Environment,
    User,
}

/// One place that holds secrets and has a key pair of its own.
///
/// ```
/// use github_secrets_emulator::{Place, Store};
///
/// let place = Place::organization("acme", Store::Codespaces);
/// assert_eq!(place.to_string(), "orgs/acme/codespaces");
///
/// let place: Place = "repos/acme/website/environments/review%2Feu%20west".parse()?;
/// assert_eq!(place, Place::environment("acme/website", "review/eu west"));
/// # Ok::<(), github_secrets_emulator::ParsePlaceError>(())
/// ```
///
/// # Text form
///
/// A place is written as GitHub's paths begin:
///
/// | place | text |
/// |---|---|
/// | organization | `orgs/ORG/STORE` |
/// | repository | `repos/OWNER/REPO/STORE` |
/// | environment | `repos/OWNER/REPO/environments/NAME` |
/// | user | `user/codespaces`, or `users/LOGIN/codespaces` for another user than `octocat` |
///
/// The name of an environment is percent-encoded once, as in a URL. Parsing also takes it
/// unencoded, slashes and spaces included.
///
/// Places are compared without case, as GitHub compares logins and the names of repositories and
/// environments.
#[derive(Clone)]
pub struct Place {
    level: Level,
    store: Store,
    owner: Box<str>,
    repository: Box<str>,
    environment: Box<str>,
    /// The text form in lower case, by which places are compared.
    folded: Box<str>,
}

impl Place {
    /// Returns the store of an organization.
    pub fn organization(login: impl AsRef<str>, store: Store) -> Self {
        Self::new(Level::Organization, store, [login.as_ref(), "", ""])
    }

    /// Returns the store of a repository, which is named with its owner: `acme/website`.
    pub fn repository(full_name: impl AsRef<str>, store: Store) -> Self {
        let (owner, name) = halves(full_name.as_ref());
        Self::new(Level::Repository, store, [owner, name, ""])
    }

    /// Returns an environment of a repository, by its name before percent-encoding.
    pub fn environment(full_name: impl AsRef<str>, environment: impl AsRef<str>) -> Self {
        let (owner, name) = halves(full_name.as_ref());
        let names = [owner, name, environment.as_ref()];
        Self::new(Level::Environment, Store::Actions, names)
    }

    /// Returns the Codespaces secrets of the user `octocat`, who exists in every emulator.
    pub fn user() -> Self {
        Self::user_named(OCTOCAT)
    }

    /// Returns the Codespaces secrets of the user with this login.
    pub fn user_named(login: impl AsRef<str>) -> Self {
        Self::new(Level::User, Store::Codespaces, [login.as_ref(), "", ""])
    }

    fn new(level: Level, store: Store, names: [&str; 3]) -> Self {
        let [owner, repository, environment] = names.map(|name| name.to_lowercase().into());
        let mut place = Self {
            level,
            store,
            owner,
            repository,
            environment,
            folded: Box::default(),
        };
        place.folded = place.to_string().into();
        [place.owner, place.repository, place.environment] = names.map(Box::from);
        place
    }

    /// Returns the store that the place belongs to. An environment belongs to Actions.
    pub fn store(&self) -> Store {
        self.store
    }

    /// Returns the login of the organization or user that owns it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns the name of its repository, without the owner.
    pub fn repository_name(&self) -> Option<&str> {
        matches!(self.level, Level::Repository | Level::Environment).then_some(&*self.repository)
    }

    /// Returns the name of its environment.
    pub fn environment_name(&self) -> Option<&str> {
        matches!(self.level, Level::Environment).then_some(&*self.environment)
    }

    pub(crate) fn level(&self) -> Level {
        self.level
    }

    /// Returns whether it belongs to the repository with this name, its owner included.
    pub(crate) fn is_in_repository(&self, full_name: &str) -> bool {
        let (owner, name) = halves(full_name);
        self.owner.eq_ignore_ascii_case(owner)
            && self
                .repository_name()
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
    }

    /// Returns the same place of a repository with another name, its owner included.
    pub(crate) fn moved_to(&self, full_name: &str) -> Self {
        let (owner, name) = halves(full_name);
        Self::new(self.level, self.store, [owner, name, &self.environment])
    }
}

/// Splits `owner/name`. What has no slash names no repository that can exist.
pub(crate) fn halves(full_name: &str) -> (&str, &str) {
    full_name.split_once('/').unwrap_or((full_name, ""))
}

/// Percent-encodes one segment of a path.
pub(crate) fn encoded(segment: &str) -> impl fmt::Display {
    utf8_percent_encode(segment, SEGMENT)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            owner,
            repository,
            store,
            ..
        } = self;
        match self.level {
            Level::Organization => write!(f, "orgs/{owner}/{store}"),
            Level::Repository => write!(f, "repos/{owner}/{repository}/{store}"),
            Level::Environment => {
                let environment = encoded(&self.environment);
                write!(f, "repos/{owner}/{repository}/environments/{environment}")
            }
            Level::User if owner.eq_ignore_ascii_case(OCTOCAT) => write!(f, "user/{store}"),
            Level::User => write!(f, "users/{owner}/{store}"),
        }
    }
}

impl FromStr for Place {
    type Err = ParsePlaceError;

    /// Parses the text of a place, such as `orgs/acme/actions`.
    ///
    /// # Errors
    ///
    /// Returns [`ParsePlaceError`] if the text has none of the forms of a place.
    fn from_str(text: &str) -> Result<Self, ParsePlaceError> {
        let invalid = || ParsePlaceError {
            text: text.to_owned(),
        };
        let store = |word| Store::of(word).ok_or_else(invalid);
        let segments: Vec<&str> = text.splitn(5, '/').collect();
        if segments.iter().any(|segment| segment.is_empty()) {
            return Err(invalid());
        }
        match segments.as_slice() {
            ["orgs", login, word] => Ok(Self::organization(login, store(word)?)),
            ["repos", owner, name, "environments", environment] => {
                let environment = percent_decode_str(environment)
                    .decode_utf8()
                    .map_err(|_| invalid())?;
                Ok(Self::environment(format!("{owner}/{name}"), environment))
            }
            ["repos", owner, name, word] => {
                Ok(Self::repository(format!("{owner}/{name}"), store(word)?))
            }
            ["user", "codespaces"] => Ok(Self::user()),
            ["users", login, "codespaces"] => Ok(Self::user_named(login)),
            _ => Err(invalid()),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Place {}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

/// The error of a text that does not name a [`Place`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePlaceError {
    text: String,
}

impl fmt::Display for ParsePlaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a place: write orgs/ORG/STORE, repos/OWNER/REPO/STORE, \
             repos/OWNER/REPO/environments/NAME or user/codespaces, \
             where STORE is actions, agents, codespaces or dependabot",
            self.text
        )
    }
}

impl std::error::Error for ParsePlaceError {}
