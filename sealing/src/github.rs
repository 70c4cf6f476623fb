//! GitHub, and what it is built from.
//!
//! Batches begin in `batch/begin.rs`, and plans in `sync/planner.rs`.

mod builder;
mod http_client;

use std::{fmt, sync::Arc};

pub use self::builder::GitHubBuilder;
#[cfg(feature = "sync")]
use crate::Timestamp;
use crate::{
    AnySecrets, Error, Organization, Place, RateLimit, Repository, Secrets, Token, User,
    core::Core, http::Http,
};

/// A connection to GitHub. Clones share connections, rate limits and public keys.
///
/// ```no_run
/// use github_secrets::{GitHub, SecretValue, Visibility};
///
/// # async fn example(token: String, value: SecretValue) -> Result<(), github_secrets::Error> {
/// let github = GitHub::new(token)?;
/// let secrets = github.org("acme")?.actions();
/// let stored = secrets.set("DB_PASSWORD", value, Visibility::Private).await?;
/// println!("DB_PASSWORD is {stored}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct GitHub(Arc<Core>);

impl GitHub {
    /// Creates a connection to `https://api.github.com` with this token and default settings.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Configuration`] if the token is empty or cannot be sent as a header.
    pub fn new(token: impl Into<Token>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// Returns a builder, for settings other than the defaults.
    pub fn builder() -> GitHubBuilder {
        GitHubBuilder::default()
    }

    /// Returns the organization with this login.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Owner`] if the text cannot be a login.
    pub fn org(&self, login: impl AsRef<str>) -> Result<Organization, Error> {
        Organization::new(Arc::clone(&self.0), login.as_ref())
    }

    /// Returns the repository with this name, in the form `owner/name`.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let repo = github.repo("acme/website")?;
    /// repo.dependabot().set("REGISTRY_TOKEN", "correct horse").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Owner`] if the text does not have the form `owner/name`.
    pub fn repo(&self, full_name: impl AsRef<str>) -> Result<Repository, Error> {
        Repository::new(Arc::clone(&self.0), full_name.as_ref())
    }

    /// Returns the user that the token belongs to.
    pub fn user(&self) -> User {
        User::new(Arc::clone(&self.0))
    }

    /// Returns the secrets of a place that is known at run time only.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// for place in ["repos/acme/website/actions", "repos/acme/website/dependabot"] {
    ///     let secrets = github.secrets(&place.parse()?);
    ///     secrets.set("NPM_TOKEN", "correct horse", ()).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn secrets(&self, place: &Place) -> AnySecrets {
        Secrets::of(Arc::clone(&self.0), place.clone())
    }

    /// Returns the state of the primary rate limit, as reported by the latest response that
    /// included it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.http.rate_limit()
    }

    /// Returns the present time by GitHub's clock, as set by the latest response, or by this
    /// machine's clock if there was no response yet.
    ///
    /// GitHub's times are compared with this one, because a machine's clock can be wrong.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let secrets = github.org("acme")?.actions().list().all().await?;
    /// for secret in secrets {
    ///     println!("{}: {:?} old", secret.name, github.now().duration_since(secret.updated_at));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "sync")]
    pub fn now(&self) -> Timestamp {
        self.0.http.now().into()
    }

    /// Stops every call permanently: nothing more is sent.
    ///
    /// A call that waits for a limit, a turn, a token, the next attempt or the response to a read
    /// ends at once. A write that was sent still waits for its response and returns it. If it was
    /// never sent, the call fails with [`Error::NotTried`]; if it met a limit, with
    /// [`Error::RateLimited`]. This stops all clones, and everything made from them.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let secrets = github.repo("acme/website")?.actions();
    /// let mut set = std::pin::pin!(secrets.set("DB_PASSWORD", "correct horse"));
    /// let stored = tokio::select! {
    ///     stored = &mut set => stored,
    ///     _ = tokio::signal::ctrl_c() => {
    ///         github.stop();
    ///         set.await
    ///     }
    /// };
    /// println!("{stored:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn stop(&self) {
        self.0.http.stop();
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.0
    }

    pub(crate) fn new_with(http: Http) -> Self {
        Self(Arc::new(Core::new(http)))
    }
}

#[cfg(test)]
impl GitHub {
    pub(crate) fn http(&self) -> &Http {
        &self.0.http
    }
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let api_url = self.0.http.api_url.as_str();
        f.debug_struct("GitHub")
            .field("api_url", &api_url)
            .finish_non_exhaustive()
    }
}
