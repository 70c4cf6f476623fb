//! The tokens that the emulator knows, and what each of them may do.

use std::fmt;

use crate::auth::Need;

/// A token that the emulator accepts.
///
/// ```
/// use github_secrets_emulator::{Access, Token};
///
/// let classic = Token::classic("ghp_example").scopes(["admin:org", "repo"]);
/// let reader = Token::fine_grained("github_pat_example").organization_secrets(Access::Read);
/// ```
#[derive(Clone)]
pub struct Token {
    pub(crate) secret: String,
    kind: Kind,
    sso: Vec<String>,
}

/// What a fine-grained token or an App may do with an organization's Codespaces secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// List them, read one, fetch the public key.
    Read,
    /// All of that, and create, update and delete.
    Write,
}

#[derive(Clone)]
enum Kind {
    Classic { scopes: Vec<String> },
    FineGrained(Permissions),
    App(Permissions),
}

#[derive(Clone, Copy)]
struct Permissions {
    secrets: Option<Access>,
    metadata: bool,
}

impl Permissions {
    const NONE: Self = Self {
        secrets: None,
        metadata: true,
    };
    const ALL: Self = Self {
        secrets: Some(Access::Write),
        metadata: true,
    };
}

impl Token {
    /// A classic personal access token without a scope.
    pub fn classic(secret: impl Into<String>) -> Self {
        Self::new(secret, Kind::Classic { scopes: Vec::new() })
    }

    /// A fine-grained personal access token that reads the repositories' metadata and nothing else.
    pub fn fine_grained(secret: impl Into<String>) -> Self {
        Self::new(secret, Kind::FineGrained(Permissions::NONE))
    }

    /// An App's installation token that reads the repositories' metadata and nothing else.
    pub fn app(secret: impl Into<String>) -> Self {
        Self::new(secret, Kind::App(Permissions::NONE))
    }

    /// A token that may do everything, of the kind that its prefix tells: `github_pat_` is
    /// fine-grained, `ghs_` an App's, and any other classic.
    pub fn unrestricted(secret: impl Into<String>) -> Self {
        let secret = secret.into();
        let kind = if secret.starts_with("github_pat_") {
            Kind::FineGrained(Permissions::ALL)
        } else if secret.starts_with("ghs_") {
            Kind::App(Permissions::ALL)
        } else {
            Kind::Classic {
                scopes: vec!["admin:org".to_owned(), "repo".to_owned()],
            }
        };
        Self::new(secret, kind)
    }

    /// Gives a classic token these scopes; a token of another kind has none.
    pub fn scopes<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        if let Kind::Classic { scopes } = &mut self.kind {
            scopes.extend(names.into_iter().map(Into::into));
        }
        self
    }

    /// Gives a fine-grained token or an App the organization permission "Codespaces secrets".
    pub fn organization_secrets(mut self, access: Access) -> Self {
        if let Some(permissions) = self.permissions_mut() {
            permissions.secrets = Some(access);
        }
        self
    }

    /// Takes the repository permission "Metadata" from a fine-grained token or an App.
    pub fn without_metadata(mut self) -> Self {
        if let Some(permissions) = self.permissions_mut() {
            permissions.metadata = false;
        }
        self
    }

    /// Authorizes a classic token for an organization that enforces [single
    /// sign-on](crate::Organization::sso).
    pub fn authorized_for(mut self, organization: impl Into<String>) -> Self {
        self.sso.push(organization.into());
        self
    }

    /// Whether it meets what an operation needs.
    pub(crate) fn meets(&self, need: Need) -> bool {
        match &self.kind {
            Kind::Classic { scopes } => scopes.iter().any(|scope| scope == need.scope()),
            Kind::FineGrained(granted) | Kind::App(granted) => {
                (granted.metadata || !need.metadata()) && granted.secrets >= need.secrets()
            }
        }
    }

    /// Whether single sign-on of this organization lets it through; it concerns classic tokens
    /// alone.
    pub(crate) fn signed_on(&self, login: &str) -> bool {
        !matches!(self.kind, Kind::Classic { .. })
            || self
                .sso
                .iter()
                .any(|organization| organization.eq_ignore_ascii_case(login))
    }

    /// What a token that falls short is told.
    pub(crate) fn refusal(&self) -> &'static str {
        match self.kind {
            Kind::Classic { .. } => "Must have admin rights to the organization",
            Kind::FineGrained(_) => "Resource not accessible by personal access token",
            Kind::App(_) => "Resource not accessible by integration",
        }
    }

    /// The headers that tell what the token may do and what the operation needs.
    pub(crate) fn headers(&self, need: Need) -> Vec<(&'static str, String)> {
        match &self.kind {
            Kind::Classic { scopes } => vec![
                ("x-oauth-scopes", scopes.join(", ")),
                ("x-accepted-oauth-scopes", need.scope().to_owned()),
            ],
            Kind::FineGrained(_) | Kind::App(_) => {
                vec![(
                    "x-accepted-github-permissions",
                    need.permissions().to_owned(),
                )]
            }
        }
    }

    fn new(secret: impl Into<String>, kind: Kind) -> Self {
        Self {
            secret: secret.into(),
            kind,
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

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Token");
        match &self.kind {
            Kind::Classic { scopes } => debug.field("scopes", scopes),
            Kind::FineGrained(granted) | Kind::App(granted) => {
                debug.field("organization_secrets", &granted.secrets)
            }
        };
        debug.finish_non_exhaustive()
    }
}
