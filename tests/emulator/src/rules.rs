//! How GitHub's stores differ: one row for each.

use crate::permission::Access;
use crate::place::{Level, Store};

/// The API version that applies where a request names none.
pub(crate) const DEFAULT_VERSION: &str = "2022-11-28";

/// The rules of one store at one level.
pub(crate) struct Rules {
    pub(crate) level: Level,
    pub(crate) store: Store,
    /// The fields that the body of a PUT must have.
    pub(crate) required: &'static [&'static str],
    pub(crate) sharing: Sharing,
    /// How `selected_repository_ids` are written in the body of a PUT.
    pub(crate) ids: Ids,
    /// How many secrets a place holds. GitHub documents none for Agents and Dependabot.
    pub(crate) limit: usize,
    /// Whether a repository lists the organization's secrets that it can use.
    pub(crate) lists_organization_secrets: bool,
    /// The permission of fine-grained tokens and Apps.
    pub(crate) permission: &'static str,
    /// What reading takes: Codespaces secrets of repositories need write.
    pub(crate) reading: Access,
    /// The page of GitHub's documentation.
    pub(crate) documentation: &'static str,
}

/// Who can use a secret, as far as a request says it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// The place itself, and nobody else.
    None,
    /// `visibility`, and `selected_repository_ids` with `selected`.
    Visibility,
    /// `selected_repository_ids` alone.
    Repositories,
}

/// The JSON type of a repository id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    Integer,
    Text,
    Either,
    /// Text up to API version 2022-11-28 and integers after it.
    ByVersion,
}

impl Ids {
    /// Returns the type that this version of the API takes.
    pub(crate) fn in_version(self, version: &str) -> Self {
        match self {
            Self::ByVersion if version == DEFAULT_VERSION => Self::Text,
            Self::ByVersion => Self::Integer,
            other => other,
        }
    }
}

const ACTIONS: &str = "https://docs.github.com/rest/actions/secrets";
const AGENTS: &str = "https://docs.github.com/rest/agents/secrets";
const DEPENDABOT: &str = "https://docs.github.com/rest/dependabot/secrets";
const VALUE: &[&str] = &["encrypted_value", "key_id"];

/// Sources: GitHub's OpenAPI description for the bodies, its documentation of fine-grained
/// permissions for the permissions, and its pages on secrets for the limits.
pub(crate) const TABLE: [Rules; 10] = [
    Rules {
        level: Level::Organization,
        store: Store::Actions,
        required: &["visibility"],
        sharing: Sharing::Visibility,
        ids: Ids::Either,
        limit: 1_000,
        lists_organization_secrets: false,
        permission: "organization_secrets",
        reading: Access::Read,
        documentation: ACTIONS,
    },
    Rules {
        level: Level::Organization,
        store: Store::Agents,
        required: &["encrypted_value", "key_id", "visibility"],
        sharing: Sharing::Visibility,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: false,
        permission: "organization_agent_secrets",
        reading: Access::Read,
        documentation: AGENTS,
    },
    Rules {
        level: Level::Organization,
        store: Store::Codespaces,
        required: &["visibility"],
        sharing: Sharing::Visibility,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: false,
        permission: "organization_codespaces_secrets",
        reading: Access::Read,
        documentation: "https://docs.github.com/rest/codespaces/organization-secrets",
    },
    Rules {
        level: Level::Organization,
        store: Store::Dependabot,
        required: &["visibility"],
        sharing: Sharing::Visibility,
        ids: Ids::ByVersion,
        limit: 100,
        lists_organization_secrets: false,
        permission: "organization_dependabot_secrets",
        reading: Access::Read,
        documentation: DEPENDABOT,
    },
    Rules {
        level: Level::Repository,
        store: Store::Actions,
        required: VALUE,
        sharing: Sharing::None,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: true,
        permission: "secrets",
        reading: Access::Read,
        documentation: ACTIONS,
    },
    Rules {
        level: Level::Repository,
        store: Store::Agents,
        required: VALUE,
        sharing: Sharing::None,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: true,
        permission: "agent_secrets",
        reading: Access::Read,
        documentation: AGENTS,
    },
    Rules {
        level: Level::Repository,
        store: Store::Codespaces,
        required: &[],
        sharing: Sharing::None,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: false,
        permission: "codespaces_secrets",
        reading: Access::Write,
        documentation: "https://docs.github.com/rest/codespaces/repository-secrets",
    },
    Rules {
        level: Level::Repository,
        store: Store::Dependabot,
        required: &[],
        sharing: Sharing::None,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: false,
        permission: "dependabot_secrets",
        reading: Access::Read,
        documentation: DEPENDABOT,
    },
    Rules {
        level: Level::Environment,
        store: Store::Actions,
        required: VALUE,
        sharing: Sharing::None,
        ids: Ids::Integer,
        limit: 100,
        lists_organization_secrets: false,
        permission: "environments",
        reading: Access::Read,
        documentation: ACTIONS,
    },
    Rules {
        level: Level::User,
        store: Store::Codespaces,
        required: &["key_id"],
        sharing: Sharing::Repositories,
        ids: Ids::Either,
        limit: 100,
        lists_organization_secrets: false,
        permission: "codespaces_user_secrets",
        reading: Access::Read,
        documentation: "https://docs.github.com/rest/codespaces/secrets",
    },
];

impl Rules {
    /// Returns the rules of a store at a level, or `None` if GitHub has no such store there.
    pub(crate) fn of(level: Level, store: Store) -> Option<&'static Self> {
        TABLE
            .iter()
            .find(|rules| rules.level == level && rules.store == store)
    }
}
