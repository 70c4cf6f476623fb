//! A secret as GitHub's API writes it.

use github_secrets_client::types::{RepositoryId, SetSecret, SetSecretVisibility};

use crate::{Access, OwnerKind, SealedValue, Store};

/// The JSON type in which the ids of repositories are sent.
///
/// Dependabot's organization secrets take strings in the API version that we send ([cli/cli#6934]),
/// and integers in the next one. GitHub's description allows both, so a rejection that names their
/// type is followed by the other one.
///
/// [cli/cli#6934]: https://github.com/cli/cli/issues/6934
#[derive(Clone, Copy, PartialEq)]
pub(super) enum IdType {
    Integer,
    String,
}

impl IdType {
    /// Returns the type that a store takes, as far as is known.
    pub(super) fn of(owner: OwnerKind, store: Store) -> Self {
        match (owner, store) {
            (OwnerKind::Organization, Store::Dependabot) => Self::String,
            _ => Self::Integer,
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::Integer => Self::String,
            Self::String => Self::Integer,
        }
    }
}

/// Returns the body that creates or updates a secret; without a sealed value, only who can use it.
pub(super) fn set_secret(
    owner: OwnerKind,
    sealed: Option<SealedValue>,
    access: Option<&Access>,
    id_type: IdType,
) -> SetSecret {
    let (key_id, encrypted_value) = sealed.map(SealedValue::into_parts).unzip();
    let visibility = access.map(|access| match access {
        Access::All => SetSecretVisibility::All,
        Access::Private => SetSecretVisibility::Private,
        Access::Selected(_) => SetSecretVisibility::Selected,
    });
    SetSecret {
        encrypted_value,
        key_id,
        selected_repository_ids: selected_ids(access, id_type),
        // The secrets of a user are always for selected repositories.
        visibility: visibility.filter(|_| owner == OwnerKind::Organization),
    }
}

/// Returns the ids of the selected repositories.
pub(super) fn selected_ids(access: Option<&Access>, id_type: IdType) -> Option<Vec<RepositoryId>> {
    let Some(Access::Selected(ids)) = access else {
        return None;
    };
    let ids = ids.iter().map(|id| match id_type {
        IdType::Integer => RepositoryId::Integer(id.cast_signed()),
        IdType::String => RepositoryId::String(id.to_string()),
    });
    Some(ids.collect())
}
