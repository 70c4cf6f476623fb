//! What tokens are permitted, and what operations need.

/// What a permission allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Reading: list, get, fetch the public key.
    Read,
    /// Reading, and creating, updating and deleting.
    Write,
}

impl Access {
    /// Returns GitHub's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What an operation asks of a token.
pub(crate) struct Need {
    /// Scopes of classic tokens, of which one is enough. Empty: every token is enough.
    pub(crate) scopes: &'static [&'static str],
    /// A permission of fine-grained tokens and Apps. Empty: every token is enough.
    pub(crate) permission: &'static str,
    pub(crate) access: Access,
    /// Whether the operation changes anything, which an archived repository refuses.
    pub(crate) writes: bool,
    /// Whether reading the repository's metadata has to be permitted too.
    pub(crate) metadata: bool,
    /// Whether the token has to be a user's.
    pub(crate) user: bool,
}

impl Need {
    /// What every token may do.
    pub(crate) const NONE: Self = Self {
        scopes: &[],
        permission: "",
        access: Access::Read,
        writes: false,
        metadata: false,
        user: false,
    };

    /// Seeing a private repository.
    pub(crate) const METADATA: Self = Self {
        scopes: &["repo"],
        permission: "metadata",
        ..Self::NONE
    };

    /// Returns the value of `X-Accepted-GitHub-Permissions`: a comma means that both are needed.
    pub(crate) fn permissions(&self) -> String {
        if self.permission.is_empty() {
            return "allows_permissionless_access=true".to_owned();
        }
        let both = if self.metadata { ",metadata=read" } else { "" };
        format!("{}={}{both}", self.permission, self.access.as_str())
    }
}
