//! Where secrets are kept: one store of one owner, as a value and as text.
//!
//! Secrets become their place in `secrets/handle.rs`.

mod owner_name;

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::Arc,
};

pub(crate) use self::owner_name::{EnvironmentName, Login, OwnerName, RepositoryName};
pub use self::owner_name::{OwnerError, OwnerFault, OwnerNameKind};
use crate::{OwnerKind, Store};

/// One store of one owner: a place that holds secrets and has a public key of its own.
///
/// [`GitHub::secrets`](crate::GitHub::secrets) returns the secrets of a place, and
/// [`Secrets::place`](crate::Secrets::place) the place of secrets. Places that differ only in case
/// are equal, as they are to GitHub. Places sort by owner, with the environments of a repository
/// after the repository, and then by store.
///
/// ```
/// use github_secrets::{Place, Store};
///
/// let place: Place = "repos/acme/website/dependabot".parse()?;
/// assert_eq!(place, Place::repository("Acme/Website", Store::Dependabot)?);
/// assert_eq!(place.to_string(), "repos/acme/website/dependabot");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Text form
///
/// | place | text |
/// |---|---|
/// | organization | `orgs/ORG/STORE` |
/// | repository | `repos/OWNER/REPO/STORE` |
/// | environment | `repos/OWNER/REPO/environments/NAME` |
/// | user | `user/codespaces` |
///
/// The name of an environment is the rest of the text, slashes and spaces included. In it, `%` is
/// written `%25`, and other characters can be written as in a URL: `review%2Feu` is `review/eu`.
///
/// The alternate form, `{:#}`, is for messages: it replaces an unusual environment name by `…`,
/// because a secret value may have been passed there by mistake.
#[derive(Clone)]
pub struct Place {
    pub(crate) owner: OwnerName,
    pub(crate) store: Store,
    /// The owner, in the form in which two spellings of it are equal.
    pub(crate) folded: Arc<OwnerName>,
}

impl Place {
    /// Returns a store of the organization with this login.
    ///
    /// # Errors
    ///
    /// Returns an [`OwnerError`] if the text cannot be a login.
    pub fn organization(login: impl AsRef<str>, store: Store) -> Result<Self, OwnerError> {
        let login = Login::new(login.as_ref())?;
        Ok(Self::new(OwnerName::Organization(login), store))
    }

    /// Returns a store of the repository with this name, in the form `owner/name`.
    ///
    /// # Errors
    ///
    /// Returns an [`OwnerError`] if the text does not have the form `owner/name`.
    pub fn repository(full_name: impl AsRef<str>, store: Store) -> Result<Self, OwnerError> {
        let repository = RepositoryName::parse(full_name.as_ref())?;
        Ok(Self::new(OwnerName::Repository(repository), store))
    }

    /// Returns the Actions secrets of an environment of the repository `owner/name`.
    ///
    /// # Errors
    ///
    /// Returns an [`OwnerError`] if one of the names is not valid.
    pub fn environment(
        full_name: impl AsRef<str>,
        environment: impl AsRef<str>,
    ) -> Result<Self, OwnerError> {
        let repository = RepositoryName::parse(full_name.as_ref())?;
        let environment = EnvironmentName::new(environment.as_ref())?;
        let owner = OwnerName::Environment(repository, environment);
        Ok(Self::new(owner, Store::Actions))
    }

    /// Returns the Codespaces secrets of the user that the token belongs to.
    pub fn user() -> Self {
        Self::new(OwnerName::User, Store::Codespaces)
    }

    /// Returns the kind of the owner.
    pub fn kind(&self) -> OwnerKind {
        self.owner.kind()
    }

    /// Returns the store: Actions for an environment, Codespaces for a user.
    pub fn store(&self) -> Store {
        self.store
    }

    /// Returns the login of the organization or of the repository's owner; `None` for the user.
    pub fn login(&self) -> Option<&str> {
        match &self.owner {
            OwnerName::Organization(login) => Some(login.as_str()),
            owner => Some(owner.repository()?.owner().as_str()),
        }
    }

    /// Returns the repository as `owner/name`: for a repository or an environment.
    pub fn full_name(&self) -> Option<String> {
        self.owner.repository().map(ToString::to_string)
    }

    /// Returns the name of the environment, as it was given.
    pub fn environment_name(&self) -> Option<&str> {
        match &self.owner {
            OwnerName::Environment(_, name) => Some(name.as_str()),
            _ => None,
        }
    }

    pub(crate) fn new(owner: OwnerName, store: Store) -> Self {
        let folded = Arc::new(owner.folded());
        Self {
            owner,
            store,
            folded,
        }
    }

    /// Returns what two places are compared by, the first difference first.
    fn key(&self) -> (u8, [&str; 3], Store) {
        let environment = match &*self.folded {
            OwnerName::Organization(login) => return (0, [login.as_str(), "", ""], self.store),
            OwnerName::User => return (2, [""; 3], self.store),
            OwnerName::Repository(_) => "",
            OwnerName::Environment(_, environment) => environment.as_str(),
        };
        let repository = self.folded.repository();
        let [owner, name] = repository.map_or([""; 2], |it| [it.owner().as_str(), it.name()]);
        (1, [owner, name, environment], self.store)
    }
}

impl From<&Place> for Place {
    fn from(place: &Place) -> Self {
        place.clone()
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Place {}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            OwnerName::Environment(repository, name) if f.alternate() && name.shown().is_none() => {
                write!(f, "repos/{repository}/environments/…")
            }
            OwnerName::Environment(..) => f.write_str(&self.owner.path()),
            owner => write!(f, "{}/{}", owner.path(), self.store),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

impl FromStr for Place {
    type Err = ParsePlaceError;

    /// Parses the text of a place.
    ///
    /// # Errors
    ///
    /// Returns [`ParsePlaceError`] if the text has none of the forms above, or contains a name that
    /// is not valid.
    fn from_str(text: &str) -> Result<Self, ParsePlaceError> {
        let store = |word: &str| word.parse().map_err(|_| ParsePlaceError::Store);
        let (kind, rest) = text.split_once('/').unwrap_or((text, ""));
        match kind {
            "orgs" => {
                let (login, word) = rest.split_once('/').ok_or(ParsePlaceError::Incomplete)?;
                Ok(Self::organization(login, store(word)?)?)
            }
            "repos" => {
                let mut parts = rest.splitn(4, '/');
                let [Some(owner), Some(name), Some(word)] = [(); 3].map(|()| parts.next()) else {
                    return Err(ParsePlaceError::Incomplete);
                };
                let full_name = format!("{owner}/{name}");
                match (word, parts.next()) {
                    ("environments", Some(name)) => {
                        let name = decoded(name).ok_or(ParsePlaceError::Encoding)?;
                        Ok(Self::environment(full_name, name)?)
                    }
                    ("environments", None) => Err(ParsePlaceError::Incomplete),
                    (word, None) => Ok(Self::repository(full_name, store(word)?)?),
                    (_, Some(_)) => Err(ParsePlaceError::Store),
                }
            }
            "user" => match rest {
                "codespaces" => Ok(Self::user()),
                "" => Err(ParsePlaceError::Incomplete),
                _ => Err(ParsePlaceError::UserStore),
            },
            _ => Err(ParsePlaceError::Form),
        }
    }
}

/// Replaces `%` and two hexadecimal digits by the byte that they stand for; any other `%` stays.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let encoded = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        let (byte, length) = match encoded {
            Some((high, low)) => (high << 4 | low, 3),
            None => (*byte, 1),
        };
        bytes.push(byte);
        rest = after.get(length - 1..).unwrap_or_default();
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// An error from parsing a [`Place`]. It does not repeat the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParsePlaceError {
    /// The text does not begin like a place.
    #[error(
        "a place begins with orgs/, repos/ or user/; write orgs/ORG/STORE, \
         repos/OWNER/REPO/STORE, repos/OWNER/REPO/environments/NAME or user/codespaces"
    )]
    Form,
    /// The text ends before the store or the environment.
    #[error(
        "the place is incomplete; write orgs/ORG/STORE, repos/OWNER/REPO/STORE, \
         repos/OWNER/REPO/environments/NAME or user/codespaces"
    )]
    Incomplete,
    /// The text ends with something that is not a store.
    #[error(
        "the place does not end with a store; end it with actions, agents, codespaces or dependabot"
    )]
    Store,
    /// The user is given with a store other than Codespaces.
    #[error("a user has Codespaces secrets only; write user/codespaces")]
    UserStore,
    /// The bytes that `%` stands for in the environment's name are not UTF-8.
    #[error("the environment's name is not UTF-8 after percent-decoding; write % as %25")]
    Encoding,
    /// The name of the organization, repository or environment is not valid.
    #[error(transparent)]
    Owner(#[from] OwnerError),
}
