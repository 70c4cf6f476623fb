//! What a place is recognized by when it has another name.

use std::fmt;

use crate::{Place, Store, place::OwnerName};

/// A place by what stays the same: the id of a repository, the login of an organization.
///
/// A repository that was renamed is the same place. One that was made anew under an old name is
/// another, and so are the secrets of another user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum PlaceId {
    Organization { login: String, store: Store },
    Repository { id: u64, store: Store },
    Environment { id: u64, name: String },
    User { id: u64 },
}

impl PlaceId {
    /// Returns what a place is recognized by; `None` for a place of a repository or a user without
    /// its id.
    pub(super) fn new(place: &Place, id: Option<u64>) -> Option<Self> {
        let store = place.store;
        Some(match &*place.folded {
            OwnerName::Organization(login) => Self::Organization {
                login: login.as_str().to_owned(),
                store,
            },
            OwnerName::Repository(_) => Self::Repository { id: id?, store },
            OwnerName::Environment(_, name) => Self::Environment {
                id: id?,
                name: name.as_str().to_owned(),
            },
            OwnerName::User => Self::User { id: id? },
        })
    }

    /// Returns the id of the repository.
    pub(super) fn repository(&self) -> Option<u64> {
        match self {
            Self::Repository { id, .. } | Self::Environment { id, .. } => Some(*id),
            Self::Organization { .. } | Self::User { .. } => None,
        }
    }

    /// Returns the id of the user.
    pub(super) fn user(&self) -> Option<u64> {
        match self {
            Self::User { id } => Some(*id),
            _ => None,
        }
    }

    /// Returns how many secrets GitHub documents that such a place can hold.
    ///
    /// See the limits of [Actions] and [Codespaces].
    /// For the other stores nothing is documented.
    ///
    /// [Actions]: https://docs.github.com/en/actions/reference/security/secrets#limits-for-secrets
    /// [Codespaces]: https://docs.github.com/en/codespaces/managing-codespaces-for-your-organization
    pub(super) fn most_secrets(&self) -> Option<usize> {
        match self {
            Self::Organization { store, .. } => match store {
                Store::Actions => Some(1_000),
                Store::Codespaces => Some(100),
                Store::Agents | Store::Dependabot => None,
            },
            Self::Repository { store, .. } => match store {
                Store::Actions | Store::Codespaces => Some(100),
                Store::Agents | Store::Dependabot => None,
            },
            Self::Environment { .. } | Self::User { .. } => Some(100),
        }
    }

    /// Returns whether a secret has a visibility there.
    pub(super) fn has_visibility(&self) -> bool {
        matches!(self, Self::Organization { .. })
    }

    /// Returns whether a secret's access is a choice there.
    pub(super) fn has_access(&self) -> bool {
        matches!(self, Self::Organization { .. } | Self::User { .. })
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization { login, store } => write!(f, "orgs/{login}/{store}"),
            Self::Repository { id, store } => write!(f, "repos/{id}/{store}"),
            Self::Environment { id, name } => write!(f, "repos/{id}/environments/{name}"),
            Self::User { id } => write!(f, "users/{id}"),
        }
    }
}
