//! Which permission of a fine-grained token, and which scope, an operation needs.

use std::fmt;

use crate::{OwnerKind, Store};

/// What a token needs for one operation, by the kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permissions {
    /// The scope of a classic personal access token or of an OAuth app's token.
    pub classic_scope: &'static str,
    /// The permission of a fine-grained personal access token or of a GitHub App's token, by the
    /// name that GitHub's API gives it.
    pub permission: &'static str,
    /// Whether the permission has to include write access.
    pub write: bool,
    /// Whether the permission to read the metadata of repositories is needed as well.
    pub metadata: bool,
}

impl Permissions {
    /// Returns the permissions in the form of the header `X-Accepted-GitHub-Permissions`.
    ///
    /// ```
    /// use github_secrets::{Action, Operation, OwnerKind, Store};
    ///
    /// let add = Operation::new(OwnerKind::Organization, Store::Actions, Action::AddRepository);
    /// let needs = add.map(|operation| operation.permissions().fine_grained());
    /// assert_eq!(needs.as_deref(), Some("organization_secrets=write,metadata=read"));
    /// ```
    pub fn fine_grained(&self) -> String {
        let access = if self.write { "write" } else { "read" };
        let metadata = if self.metadata { ",metadata=read" } else { "" };
        format!("{}={access}{metadata}", self.permission)
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the scope {} (classic token) or the permission {} (fine-grained or App token)",
            self.classic_scope,
            self.fine_grained()
        )
    }
}

/// Returns the permission and the classic scope for the secrets of an owner.
pub(super) fn permission(owner: OwnerKind, store: Store) -> (&'static str, &'static str) {
    use OwnerKind as O;
    match (owner, store) {
        (O::Organization, Store::Actions) => ("organization_secrets", "admin:org"),
        (O::Organization, Store::Agents) => ("organization_agent_secrets", "admin:org"),
        (O::Organization, Store::Codespaces) => ("organization_codespaces_secrets", "admin:org"),
        (O::Organization, Store::Dependabot) => ("organization_dependabot_secrets", "admin:org"),
        (O::Repository, Store::Actions) => ("secrets", "repo"),
        (O::Repository, Store::Agents) => ("agent_secrets", "repo"),
        (O::Repository, Store::Codespaces) => ("codespaces_secrets", "repo"),
        (O::Repository, Store::Dependabot) => ("dependabot_secrets", "repo"),
        (O::Environment, _) => ("environments", "repo"),
        (O::User, _) => ("codespaces_user_secrets", "codespace:secrets"),
    }
}
