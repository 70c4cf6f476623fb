//! The settings of a `GitHub`.

use std::{error::Error as StdError, fmt, future::Future, sync::Arc, time::Duration};

use http::HeaderValue;
use url::{Host, Url};

use super::{GitHub, http_client::OwnClients};
use crate::{
    ConfigurationError, Error, Limits, RetryPolicy, Token, Wait,
    http::{Http, Io, OnWait, RoundTrip, Settings, TokenSource, through},
};

const DEFAULT_API_URL: &str = "https://api.github.com";
const DEFAULT_USER_AGENT: &str = concat!("github-secrets/", env!("CARGO_PKG_VERSION"));
/// GitHub ends what takes it longer than 10 seconds; the rest is for the network.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A builder for a [`GitHub`]. Only a token is required.
///
/// ```
/// use std::time::Duration;
/// use github_secrets::GitHub;
///
/// let github = GitHub::builder()
///     .token("github_pat_0123456789")
///     .api_url("https://github.acme.example/api/v3")
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # let _ = github;
/// # Ok::<(), github_secrets::Error>(())
/// ```
#[must_use]
pub struct GitHubBuilder {
    api_url: String,
    tokens: Option<TokenSource>,
    user_agent: String,
    timeout: Duration,
    client: Option<reqwest::Client>,
    retry: RetryPolicy,
    limits: Limits,
    on_wait: Option<OnWait>,
}

impl Default for GitHubBuilder {
    fn default() -> Self {
        Self {
            api_url: DEFAULT_API_URL.to_owned(),
            tokens: None,
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            timeout: TIMEOUT,
            client: None,
            retry: RetryPolicy::default(),
            limits: Limits::default(),
            on_wait: None,
        }
    }
}

impl GitHubBuilder {
    /// Sets the token that every request carries.
    ///
    /// Use a short-lived token with few permissions. [`Operation::permissions`] says what each
    /// operation needs.
    ///
    /// [`Operation::permissions`]: crate::Operation::permissions
    pub fn token(self, token: impl Into<Token>) -> Self {
        Self {
            tokens: Some(TokenSource::fixed(token.into())),
            ..self
        }
    }

    /// Sets a callback that supplies tokens.
    ///
    /// It is called before the first request, shortly before a token [expires](Token::expires_at),
    /// and once more after a 401. Requests that wait for a token at the same time share one call.
    /// If two tokens in a row arrive about to expire (no fresher one exists, or a clock is wrong),
    /// each token from then on is used for 10 seconds.
    ///
    /// ```
    /// use github_secrets::{GitHub, Token};
    ///
    /// let github = GitHub::builder()
    ///     .token_provider(|| async { std::env::var("GITHUB_TOKEN").map(Token::new) })
    ///     .build()?;
    /// # let _ = github;
    /// # Ok::<(), github_secrets::Error>(())
    /// ```
    pub fn token_provider<F, Fut, E>(self, provide: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Token, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self {
            tokens: Some(TokenSource::provider(provide)),
            ..self
        }
    }

    /// Sets the address of the API.
    ///
    /// Default is `https://api.github.com`. Use `https://HOST/api/v3` for a GitHub Enterprise
    /// Server, and `https://api.SUBDOMAIN.ghe.com` with data residency. Only loopback addresses may
    /// be `http`.
    pub fn api_url(self, api_url: impl Into<String>) -> Self {
        Self {
            api_url: api_url.into(),
            ..self
        }
    }

    /// Sets the `User-Agent` header. GitHub rejects requests without one.
    ///
    /// Default is `github-secrets/` followed by the version of this crate. It replaces the user
    /// agent of an [`http_client`](Self::http_client) that you pass in.
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            ..self
        }
    }

    /// Sets a time-out for one attempt, from connecting to the end of the response.
    ///
    /// Default is 30 seconds. A shorter time-out of an [`http_client`](Self::http_client) that you
    /// pass in ends the attempt earlier.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sets the HTTP client to send with, for its proxies, certificates or connection pool.
    ///
    /// Build it with the [`reqwest`](crate::reqwest) that this crate re-exports, so that the
    /// versions match, and with [`redirect::Policy::none`](crate::reqwest::redirect::Policy::none):
    /// this library follows redirects by itself, after it has checked where they lead. If your
    /// client follows a redirect that could have taken a secret to another owner, the response is
    /// rejected. If such a client cannot connect, nobody knows whether a redirect came before: a
    /// failed write is then reported as one that may have taken effect.
    ///
    /// If your client speaks HTTP/2, build it with [`retry::never`](crate::reqwest::retry::never)
    /// as well. Otherwise reqwest sends again by itself what the server refused, past the
    /// [`limits`](Self::limits) and the [`retry`](Self::retry) policy. After a time-out over HTTP/2
    /// the connection stays in the client's pool: set `http2_keep_alive_interval` and
    /// `http2_keep_alive_timeout`, so that a dead connection is closed.
    ///
    /// A connection in your client's pool is driven by the async runtime that opened it. If calls
    /// come from several runtimes, build a `GitHub` with its own client for each of them. Without
    /// this method, the library has one client for each runtime.
    ///
    /// [`user_agent`](Self::user_agent), or its default, replaces the client's own. Both time-outs
    /// apply: the client's and [`timeout`](Self::timeout). All other settings are the client's own.
    pub fn http_client(self, client: reqwest::Client) -> Self {
        Self {
            client: Some(client),
            ..self
        }
    }

    /// Sets how often, and for how long, a call is retried.
    ///
    /// Default is [`RetryPolicy::default`].
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// Sets the rate limits to stay under.
    ///
    /// Default is [`Limits::default`]: the limits that GitHub documents.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets a callback that is called before each wait: for a rate limit, for a turn or for the
    /// next attempt.
    pub fn on_wait(self, on_wait: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        Self {
            on_wait: Some(Arc::new(on_wait)),
            ..self
        }
    }

    /// Builds the `GitHub`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Configuration`] if the token is missing or malformed, if the user agent
    /// cannot be sent as a header, or if the address is not a URL, is not secure, has a user, a
    /// query or a fragment, or is `https` and this build has no TLS.
    pub fn build(self) -> Result<GitHub, Error> {
        self.build_with(Io::real)
    }

    pub(crate) fn build_with(
        self,
        io: impl FnOnce(Arc<dyn RoundTrip>) -> Io,
    ) -> Result<GitHub, Error> {
        let api_url = parse_api_url(&self.api_url)?;
        let tokens = self.tokens.ok_or(ConfigurationError::EmptyToken)?;
        tokens.check()?;
        let user_agent = HeaderValue::from_str(self.user_agent.trim())
            .ok()
            .filter(|user_agent| !user_agent.is_empty())
            .ok_or(ConfigurationError::UserAgent)?;
        let network: Arc<dyn RoundTrip> = match self.client {
            Some(client) => through(client),
            None => Arc::new(OwnClients::new(&api_url)?),
        };
        let settings = Settings {
            api_url,
            user_agent,
            timeout: self.timeout,
            retry: self.retry,
            limits: self.limits,
            on_wait: self.on_wait,
            tokens,
        };
        Ok(GitHub::new_with(Http::new(settings, io(network))))
    }
}

impl fmt::Debug for GitHubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHubBuilder")
            .field("tokens", &self.tokens)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

fn parse_api_url(text: &str) -> Result<Url, ConfigurationError> {
    let mut url = Url::parse(text).map_err(|_| ConfigurationError::NotAUrl)?;
    let local = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(ConfigurationError::NotAUrl),
    };
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        "http" => return Err(ConfigurationError::Insecure),
        _ => return Err(ConfigurationError::NotAUrl),
    }
    let extra = !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some();
    if extra {
        return Err(ConfigurationError::ExtraParts);
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
