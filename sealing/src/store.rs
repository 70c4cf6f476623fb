//! The stores of secrets, and the kinds of owners that have them.

use std::{fmt, str::FromStr};

/// A store of sealed secrets.
///
/// Each store has keys and secrets of its own. A value in one is not visible to another.
///
/// ```
/// use github_secrets::Store;
///
/// let store: Store = "dependabot".parse()?;
/// assert_eq!(store, Store::Dependabot);
/// # Ok::<(), github_secrets::ParseStoreError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Store {
    /// Secrets of GitHub Actions workflows.
    Actions,
    /// Secrets of the Copilot cloud agent.
    Agents,
    /// Secrets of codespaces, as development environment secrets.
    Codespaces,
    /// Secrets of Dependabot, and of workflows that Dependabot triggers.
    Dependabot,
}

impl Store {
    /// All stores.
    pub const ALL: [Self; 4] = [
        Self::Actions,
        Self::Agents,
        Self::Codespaces,
        Self::Dependabot,
    ];

    /// Returns the store's name in GitHub's paths: `actions`, for example.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Agents => "agents",
            Self::Codespaces => "codespaces",
            Self::Dependabot => "dependabot",
        }
    }

    /// Returns the store's name on GitHub's pages: `Actions`, for example.
    pub fn title(self) -> &'static str {
        match self {
            Self::Actions => "Actions",
            Self::Agents => "Agents",
            Self::Codespaces => "Codespaces",
            Self::Dependabot => "Dependabot",
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Store {
    type Err = ParseStoreError;

    /// Parses the name of a store, in lower case: `actions`.
    ///
    /// # Errors
    ///
    /// Returns [`ParseStoreError`] for any other text.
    fn from_str(name: &str) -> Result<Self, ParseStoreError> {
        let mut stores = Self::ALL.into_iter();
        stores
            .find(|store| store.as_str() == name)
            .ok_or(ParseStoreError)
    }
}

/// An error from parsing the name of a [`Store`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a store; use actions, agents, codespaces or dependabot")]
pub struct ParseStoreError;

/// A kind of owner of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum OwnerKind {
    /// An organization.
    Organization,
    /// A repository.
    Repository,
    /// An environment of a repository; it has Actions secrets only.
    Environment,
    /// The user that the token belongs to; a user has Codespaces secrets only.
    User,
}
