//! The operations on the secrets of a place.

use crate::{
    operation::path::{id_segment, segment},
    place::Level,
    rules::Rules,
};

/// An operation on secrets, with its own path parameters.
#[derive(Clone)]
pub(crate) enum SecretCall {
    List,
    ListOrganizationSecrets,
    PublicKey,
    Read(String),
    Set(String),
    Delete(String),
    ListRepositories(String),
    SetRepositories(String),
    AddRepository(String, u64),
    RemoveRepository(String, u64),
}

impl SecretCall {
    const ALL: [Self; 10] = [
        Self::List,
        Self::ListOrganizationSecrets,
        Self::PublicKey,
        Self::Read(String::new()),
        Self::Set(String::new()),
        Self::Delete(String::new()),
        Self::ListRepositories(String::new()),
        Self::SetRepositories(String::new()),
        Self::AddRepository(String::new(), 0),
        Self::RemoveRepository(String::new(), 0),
    ];

    /// Returns each operation on secrets in a store, its path parameters empty.
    pub(crate) fn all(rules: &Rules) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|call| {
            rules.lists_organization_secrets || !matches!(call, Self::ListOrganizationSecrets)
        })
    }

    pub(crate) fn of(method: &str, segments: &[&str]) -> Option<Self> {
        Some(match (method, segments) {
            ("GET", []) => Self::List,
            ("GET", ["public-key"]) => Self::PublicKey,
            ("GET", [name]) => Self::Read(segment(name)?),
            ("PUT", [name]) => Self::Set(segment(name)?),
            ("DELETE", [name]) => Self::Delete(segment(name)?),
            ("GET", [name, "repositories"]) => Self::ListRepositories(segment(name)?),
            ("PUT", [name, "repositories"]) => Self::SetRepositories(segment(name)?),
            ("PUT", [name, "repositories", id]) => {
                Self::AddRepository(segment(name)?, id_segment(id)?)
            }
            ("DELETE", [name, "repositories", id]) => {
                Self::RemoveRepository(segment(name)?, id_segment(id)?)
            }
            _ => return None,
        })
    }

    /// Returns the second half of its operationId, or `None` if the level has no such operation.
    pub(crate) fn name(&self, level: Level) -> Option<&'static str> {
        let [organization, repository, environment, user] = match self {
            Self::List => [
                "list-org-secrets",
                "list-repo-secrets",
                "list-environment-secrets",
                "list-secrets-for-authenticated-user",
            ],
            Self::ListOrganizationSecrets => ["", "list-repo-organization-secrets", "", ""],
            Self::PublicKey => [
                "get-org-public-key",
                "get-repo-public-key",
                "get-environment-public-key",
                "get-public-key-for-authenticated-user",
            ],
            Self::Read(_) => [
                "get-org-secret",
                "get-repo-secret",
                "get-environment-secret",
                "get-secret-for-authenticated-user",
            ],
            Self::Set(_) => [
                "create-or-update-org-secret",
                "create-or-update-repo-secret",
                "create-or-update-environment-secret",
                "create-or-update-secret-for-authenticated-user",
            ],
            Self::Delete(_) => [
                "delete-org-secret",
                "delete-repo-secret",
                "delete-environment-secret",
                "delete-secret-for-authenticated-user",
            ],
            Self::ListRepositories(_) => [
                "list-selected-repos-for-org-secret",
                "",
                "",
                "list-repositories-for-secret-for-authenticated-user",
            ],
            Self::SetRepositories(_) => [
                "set-selected-repos-for-org-secret",
                "",
                "",
                "set-repositories-for-secret-for-authenticated-user",
            ],
            Self::AddRepository(..) => [
                "add-selected-repo-to-org-secret",
                "",
                "",
                "add-repository-for-secret-for-authenticated-user",
            ],
            Self::RemoveRepository(..) => [
                "remove-selected-repo-from-org-secret",
                "",
                "",
                "remove-repository-for-secret-for-authenticated-user",
            ],
        };
        let name = match level {
            Level::Organization => organization,
            Level::Repository => repository,
            Level::Environment => environment,
            Level::User => user,
        };
        (!name.is_empty()).then_some(name)
    }

    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::List
            | Self::ListOrganizationSecrets
            | Self::PublicKey
            | Self::Read(_)
            | Self::ListRepositories(_) => false,
            Self::Set(_)
            | Self::Delete(_)
            | Self::SetRepositories(_)
            | Self::AddRepository(..)
            | Self::RemoveRepository(..) => true,
        }
    }
}
