//! What can be asked of the secrets of a place, and of private registries.

use crate::{place::Level, rules::TABLE};

/// An operation on secrets, with its own path parameters.
#[derive(Clone)]
pub(crate) enum Call {
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

/// An operation on private registries.
#[derive(Clone)]
pub(crate) enum RegistryCall {
    List,
    PublicKey,
    Create,
    Read(String),
    Update(String),
    Delete(String),
}

impl Call {
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

impl RegistryCall {
    pub(crate) fn of(method: &str, segments: &[&str]) -> Option<Self> {
        Some(match (method, segments) {
            ("GET", []) => Self::List,
            ("GET", ["public-key"]) => Self::PublicKey,
            ("POST", []) => Self::Create,
            ("GET", [name]) => Self::Read(segment(name)?),
            ("PATCH", [name]) => Self::Update(segment(name)?),
            ("DELETE", [name]) => Self::Delete(segment(name)?),
            _ => return None,
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::List => "list-org-private-registries",
            Self::PublicKey => "get-org-public-key",
            Self::Create => "create-org-private-registry",
            Self::Read(_) => "get-org-private-registry",
            Self::Update(_) => "update-org-private-registry",
            Self::Delete(_) => "delete-org-private-registry",
        }
    }

    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Create | Self::Update(_) | Self::Delete(_))
    }
}

/// Tells whether the emulator answers an operation with this operationId.
pub(crate) fn is_known(id: &str) -> bool {
    const CALLS: [Call; 10] = [
        Call::List,
        Call::ListOrganizationSecrets,
        Call::PublicKey,
        Call::Read(String::new()),
        Call::Set(String::new()),
        Call::Delete(String::new()),
        Call::ListRepositories(String::new()),
        Call::SetRepositories(String::new()),
        Call::AddRepository(String::new(), 0),
        Call::RemoveRepository(String::new(), 0),
    ];
    const REGISTRY_CALLS: [RegistryCall; 6] = [
        RegistryCall::List,
        RegistryCall::PublicKey,
        RegistryCall::Create,
        RegistryCall::Read(String::new()),
        RegistryCall::Update(String::new()),
        RegistryCall::Delete(String::new()),
    ];
    let Some((product, name)) = id.split_once('/') else {
        return false;
    };
    match product {
        "repos" => name == "get",
        "private-registries" => REGISTRY_CALLS.iter().any(|call| call.name() == name),
        _ => TABLE.iter().any(|rules| {
            let exists = |call: &&Call| {
                rules.lists_organization_secrets || !matches!(call, Call::ListOrganizationSecrets)
            };
            rules.store.as_str() == product
                && CALLS
                    .iter()
                    .filter(exists)
                    .any(|call| call.name(rules.level) == Some(name))
        }),
    }
}

/// Copies a path segment that is not empty: GitHub answers a trailing slash with 404.
pub(crate) fn segment(segment: &str) -> Option<String> {
    (!segment.is_empty()).then(|| segment.to_owned())
}

pub(crate) fn id_segment(segment: &str) -> Option<u64> {
    segment
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| segment.parse().ok())?
}
