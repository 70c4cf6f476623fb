use std::{fmt, sync::Arc};

use super::{call::Core, owner::Owner};
use crate::{CodespacesSecrets, Error, GitHubBuilder, OwnerError, RateLimit, Token};

/// A GitHub to put secrets into; clones share connections, limits and keys.
///
/// ```no_run
/// use github_secrets::{GitHub, SecretValue, Stored, Visibility};
///
/// # async fn example(token: String, value: SecretValue) -> Result<(), github_secrets::Error> {
/// let github = GitHub::new(token)?;
/// let secrets = github.org("acme").codespaces();
/// match secrets.set("DB_PASSWORD", value, Visibility::Private).await? {
///     Stored::Created => println!("a new secret"),
///     _ => println!("a new value"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct GitHub(Arc<Core>);

impl GitHub {
    /// The GitHub at `https://api.github.com`, with this token and the default settings.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for a token that is empty or that no header can carry.
    pub fn new(token: impl Into<Token>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// The settings for another one.
    pub fn builder() -> GitHubBuilder {
        GitHubBuilder::default()
    }

    /// The organization with this login; a login that cannot be one is reported by the first call.
    pub fn org(&self, login: impl AsRef<str>) -> Organization {
        Organization {
            core: Arc::clone(&self.0),
            login: Owner::new(login.as_ref()),
        }
    }

    /// The state of the rate limit as of the last answer that told it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.gate.rate_limit()
    }

    pub(crate) fn from_core(core: Core) -> Self {
        Self(Arc::new(core))
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let api_url = self.0.api_url.as_str();
        f.debug_struct("GitHub")
            .field("api_url", &api_url)
            .finish_non_exhaustive()
    }
}

/// An organization on GitHub.
#[derive(Clone)]
pub struct Organization {
    core: Arc<Core>,
    login: Result<Owner, OwnerError>,
}

impl Organization {
    /// The organization's Codespaces secrets.
    pub fn codespaces(&self) -> CodespacesSecrets {
        CodespacesSecrets::new(Arc::clone(&self.core), self.login.clone())
    }
}

impl fmt::Debug for Organization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Organization").field(&self.login).finish()
    }
}
