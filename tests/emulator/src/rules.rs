//! How GitHub's stores differ: one row for each.

use crate::{
    permission::Access,
    place::{Level, Store},
};

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
    /// The place alone.
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
const CODESPACES: &str = "https://docs.github.com/rest/codespaces/secrets";
const DEPENDABOT: &str = "https://docs.github.com/rest/dependabot/secrets";

const ORGANIZATION: Rules = Rules {
    level: Level::Organization,
    store: Store::Actions,
    required: &["visibility"],
    sharing: Sharing::Visibility,
    ids: Ids::Integer,
    limit: 100,
    lists_organization_secrets: false,
    permission: "organization_secrets",
    reading: Access::Read,
    documentation: ACTIONS,
};

const REPOSITORY: Rules = Rules {
    level: Level::Repository,
    required: &["encrypted_value", "key_id"],
    sharing: Sharing::None,
    permission: "secrets",
    ..ORGANIZATION
};

/// Sources: GitHub's OpenAPI description for the bodies, its documentation of fine-grained
/// permissions for the permissions, and its pages on secrets for the limits.
pub(crate) const TABLE: [Rules; 10] = [
    Rules {
        ids: Ids::Either,
        limit: 1_000,
        ..ORGANIZATION
    },
    Rules {
        store: Store::Agents,
        required: &["encrypted_value", "key_id", "visibility"],
        permission: "organization_agent_secrets",
        documentation: AGENTS,
        ..ORGANIZATION
    },
    Rules {
        store: Store::Codespaces,
        permission: "organization_codespaces_secrets",
        documentation: "https://docs.github.com/rest/codespaces/organization-secrets",
        ..ORGANIZATION
    },
    Rules {
        store: Store::Dependabot,
        ids: Ids::ByVersion,
        permission: "organization_dependabot_secrets",
        documentation: DEPENDABOT,
        ..ORGANIZATION
    },
    Rules {
        lists_organization_secrets: true,
        ..REPOSITORY
    },
    Rules {
        store: Store::Agents,
        lists_organization_secrets: true,
        permission: "agent_secrets",
        documentation: AGENTS,
        ..REPOSITORY
    },
    Rules {
        store: Store::Codespaces,
        required: &[],
        permission: "codespaces_secrets",
        reading: Access::Write,
        documentation: "https://docs.github.com/rest/codespaces/repository-secrets",
        ..REPOSITORY
    },
    Rules {
        store: Store::Dependabot,
        required: &[],
        permission: "dependabot_secrets",
        documentation: DEPENDABOT,
        ..REPOSITORY
    },
    Rules {
        level: Level::Environment,
        permission: "environments",
        ..REPOSITORY
    },
    Rules {
        level: Level::User,
        store: Store::Codespaces,
        required: &["key_id"],
        sharing: Sharing::Repositories,
        ids: Ids::Either,
        permission: "codespaces_user_secrets",
        documentation: CODESPACES,
        ..ORGANIZATION
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
