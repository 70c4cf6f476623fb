//! The tokens that the emulator accepts, and what each of them may do.

use std::{collections::BTreeMap, fmt};

use crate::{
    permission::{Access, Need},
    place::OCTOCAT,
};

/// The scopes that include others, each with those that it includes directly.
///
/// Source: <https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps>
const INCLUDES: [(&str, &[&str]); 4] = [
    (
        "repo",
        &[
            "repo:status",
            "repo_deployment",
            "public_repo",
            "repo:invite",
            "security_events",
        ],
    ),
    ("admin:org", &["write:org"]),
    ("write:org", &["read:org"]),
    ("codespace", &["codespace:secrets"]),
];

/// A token that the emulator accepts.
///
/// ```
/// use github_secrets_emulator::{Access, Token};
///
/// let classic = Token::classic("ghp_example").scopes(["admin:org", "repo"]);
/// let reader = Token::fine_grained("github_pat_example")
///     .permission("organization_codespaces_secrets", Access::Read)
///     .permission("environments", Access::Write);
/// ```
#[derive(Clone)]
pub struct Token {
    pub(crate) secret: String,
    kind: Kind,
    user: String,
    sso: Vec<String>,
}

#[derive(Clone)]
enum Kind {
    Classic { scopes: Vec<String> },
    FineGrained(Permissions),
    App(Permissions),
}

#[derive(Clone, Debug)]
enum Permissions {
    All,
    Named(BTreeMap<String, Access>),
}

impl Permissions {
    fn new() -> Self {
        Self::Named([("metadata".to_owned(), Access::Read)].into())
    }

    fn allow(&self, name: &str, access: Access) -> bool {
        match self {
            Self::All => true,
            Self::Named(granted) => granted.get(name).is_some_and(|granted| *granted >= access),
        }
    }
}

impl Token {
    /// Creates a classic personal access token without scopes.
    pub fn classic(secret: impl Into<String>) -> Self {
        Self::new(secret, Kind::Classic { scopes: Vec::new() })
    }

    /// Creates a fine-grained personal access token that can only read repository metadata.
    pub fn fine_grained(secret: impl Into<String>) -> Self {
        Self::new(secret, Kind::FineGrained(Permissions::new()))
    }

    /// Creates an installation token of an App that can only read repository metadata.
    ///
    /// It belongs to no user, so operations on a user's secrets get 403.
    pub fn app(secret: impl Into<String>) -> Self {
        Self::new(secret, Kind::App(Permissions::new()))
    }

    /// Creates a token that may do everything its kind can do. The prefix decides on the kind:
    /// `github_pat_` is fine-grained, `ghs_` is an App's installation token, and any other is
    /// classic.
    pub fn unrestricted(secret: impl Into<String>) -> Self {
        let secret = secret.into();
        let kind = if secret.starts_with("github_pat_") {
            Kind::FineGrained(Permissions::All)
        } else if secret.starts_with("ghs_") {
            Kind::App(Permissions::All)
        } else {
            let scopes = ["admin:org", "codespace", "repo"];
            Kind::Classic {
                scopes: scopes.map(str::to_owned).into(),
            }
        };
        Self::new(secret, kind)
    }

    /// Adds scopes to a classic token. A scope includes others as it does at GitHub: `admin:org`
    /// includes `read:org`, `repo` includes `public_repo`, `codespace` includes
    /// `codespace:secrets`. Has no effect on other tokens.
    pub fn scopes<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        if let Kind::Classic { scopes } = &mut self.kind {
            scopes.extend(names.into_iter().map(Into::into));
        }
        self
    }

    /// Adds a permission to a fine-grained token or an App's. Has no effect on classic tokens.
    ///
    /// | secrets of | permission |
    /// |---|---|
    /// | organizations | `organization_secrets`, `organization_agent_secrets`, `organization_codespaces_secrets`, `organization_dependabot_secrets` |
    /// | repositories | `secrets`, `agent_secrets`, `codespaces_secrets`, `dependabot_secrets` |
    /// | environments | `environments` |
    /// | users | `codespaces_user_secrets` |
    /// | private registries | `organization_private_registries` |
    ///
    /// The names of environments need `actions`.
    ///
    /// Codespaces secrets of repositories need [`Access::Write`] even for reading.
    pub fn permission(mut self, name: impl Into<String>, access: Access) -> Self {
        if let Some(Permissions::Named(granted)) = self.permissions_mut() {
            granted.insert(name.into(), access);
        }
        self
    }

    /// Removes the permission `metadata` from a fine-grained token or an App's.
    pub fn without_metadata(mut self) -> Self {
        if let Some(Permissions::Named(granted)) = self.permissions_mut() {
            granted.remove("metadata");
        }
        self
    }

    /// Sets the user that a classic or fine-grained token belongs to. Default is `octocat`.
    pub fn owned_by(mut self, login: impl Into<String>) -> Self {
        self.user = login.into();
        self
    }

    /// Authorizes a classic token for an organization that enforces [single
    /// sign-on](crate::Organization::sso).
    pub fn authorized_for(mut self, organization: impl Into<String>) -> Self {
        self.sso.push(organization.into());
        self
    }

    /// Returns the login of its user, or `None` for an installation token.
    pub(crate) fn user(&self) -> Option<&str> {
        match self.kind {
            Kind::App(_) => None,
            Kind::Classic { .. } | Kind::FineGrained(_) => Some(&self.user),
        }
    }

    /// Returns whether it may do what an operation needs.
    pub(crate) fn meets(&self, need: &Need) -> bool {
        match &self.kind {
            Kind::App(_) if need.user => false,
            _ if need.permission.is_empty() => true,
            Kind::Classic { scopes } => need
                .scopes
                .iter()
                .any(|needed| scopes.iter().any(|scope| includes(scope, needed))),
            Kind::FineGrained(granted) | Kind::App(granted) => {
                granted.allow(need.permission, need.access)
                    && (!need.metadata || granted.allow("metadata", Access::Read))
            }
        }
    }

    /// Returns whether single sign-on of this organization lets it through. Only classic tokens are
    /// held to it.
    pub(crate) fn signed_on(&self, login: &str) -> bool {
        !matches!(self.kind, Kind::Classic { .. })
            || self
                .sso
                .iter()
                .any(|organization| organization.eq_ignore_ascii_case(login))
    }

    /// Returns the message for a token that may not do what the operation needs.
    pub(crate) fn refusal(&self) -> &'static str {
        match self.kind {
            Kind::Classic { .. } => "Must have admin rights, and a token with the scope for it",
            Kind::FineGrained(_) => "Resource not accessible by personal access token",
            Kind::App(_) => "Resource not accessible by integration",
        }
    }

    /// Returns the headers with what the token may do and what the operation needs.
    pub(crate) fn headers(&self, need: &Need) -> Vec<(&'static str, String)> {
        match &self.kind {
            Kind::Classic { scopes } => vec![
                ("x-oauth-scopes", scopes.join(", ")),
                ("x-accepted-oauth-scopes", need.scopes.join(", ")),
            ],
            Kind::FineGrained(_) | Kind::App(_) => {
                vec![("x-accepted-github-permissions", need.permissions())]
            }
        }
    }

    fn new(secret: impl Into<String>, kind: Kind) -> Self {
        Self {
            secret: secret.into(),
            kind,
            user: OCTOCAT.to_owned(),
            sso: Vec::new(),
        }
    }

    fn permissions_mut(&mut self) -> Option<&mut Permissions> {
        match &mut self.kind {
            Kind::Classic { .. } => None,
            Kind::FineGrained(permissions) | Kind::App(permissions) => Some(permissions),
        }
    }
}

/// Returns whether a scope is the needed one or includes it.
fn includes(scope: &str, needed: &str) -> bool {
    scope == needed
        || INCLUDES
            .iter()
            .filter(|(outer, _)| *outer == scope)
            .any(|(_, inner)| inner.iter().any(|inner| includes(inner, needed)))
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Token");
        match &self.kind {
            Kind::Classic { scopes } => debug.field("scopes", scopes),
            Kind::FineGrained(granted) | Kind::App(granted) => debug.field("permissions", granted),
        };
        debug.finish_non_exhaustive()
    }
}
