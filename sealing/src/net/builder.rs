use std::{error::Error as StdError, fmt, future::Future, sync::Arc, time::Duration};

use http::{HeaderValue, StatusCode};
use url::{Host, Url};

use super::{
    call::Core,
    exchange::Manners,
    gate::{Gate, OnWait},
    keys::Keys,
    token::TokenSource,
};
use crate::{Error, GitHub, Limits, RetryPolicy, Token, Wait};

const DEFAULT_API_URL: &str = "https://api.github.com";
const DEFAULT_USER_AGENT: &str = concat!("github-secrets/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// GitHub ends what takes it longer than 10 seconds; the rest is for the network.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Settings for a [`GitHub`]; only a token is needed.
#[must_use]
pub struct GitHubBuilder {
    api_url: String,
    tokens: Option<TokenSource>,
    user_agent: String,
    timeout: Duration,
    http: Option<reqwest::Client>,
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
            http: None,
            retry: RetryPolicy::default(),
            limits: Limits::default(),
            on_wait: None,
        }
    }
}

impl GitHubBuilder {
    /// The token that every request carries.
    pub fn token(self, token: impl Into<Token>) -> Self {
        Self {
            tokens: Some(TokenSource::Fixed(Arc::new(token.into()))),
            ..self
        }
    }

    /// What is asked for a token: before the first request, when a token is about to
    /// [end](Token::expires_at), and once more after a 401.
    ///
    /// ```
    /// use github_secrets::{GitHub, Token};
    ///
    /// let github = GitHub::builder()
    ///     .token_provider(|| async { Ok(Token::new(std::env::var("GITHUB_TOKEN")?)) })
    ///     .build()?;
    /// # let _ = github;
    /// # Ok::<(), github_secrets::Error>(())
    /// ```
    pub fn token_provider<F, Fut>(self, ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        Self {
            tokens: Some(TokenSource::provider(ask)),
            ..self
        }
    }

    /// Where the API is, if not at `https://api.github.com`: `https://HOST/api/v3` for a GitHub
    /// Enterprise Server, `https://api.SUBDOMAIN.ghe.com` with data residency. Only loopback
    /// addresses may be `http`.
    pub fn api_url(self, api_url: impl Into<String>) -> Self {
        Self {
            api_url: api_url.into(),
            ..self
        }
    }

    /// What every request says it comes from; GitHub refuses requests that do not say it.
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            ..self
        }
    }

    /// How long one attempt may take, from connecting to the end of the answer; 30 seconds unless
    /// set.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The HTTP client to send with, for its proxies, certificates or connection pool.
    ///
    /// Its own settings decide whether it follows redirections and through which proxy it goes; an
    /// answer that comes from another origin than the API's is refused all the same.
    pub fn http_client(self, http: reqwest::Client) -> Self {
        Self {
            http: Some(http),
            ..self
        }
    }

    /// How often, and for how long, a call is tried.
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// The limits to keep requests under.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// What is called when a call begins to wait: for a limit, its turn or its next attempt.
    pub fn on_wait(self, on_wait: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        Self {
            on_wait: Some(Arc::new(on_wait)),
            ..self
        }
    }

    /// The `GitHub` with these settings; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] for a missing or malformed token, an address that is not a URL, not
    /// secure or has parts that an API's address does not have, or a user agent that no header can
    /// carry.
    pub fn build(self) -> Result<GitHub, Error> {
        let api_url = parse_api_url(&self.api_url)?;
        let tokens = self.tokens.ok_or(ConfigurationError::EmptyToken)?;
        if let TokenSource::Fixed(token) = &tokens {
            token.header()?;
        }
        let user_agent = HeaderValue::from_str(self.user_agent.trim())
            .ok()
            .filter(|user_agent| !user_agent.is_empty())
            .ok_or(ConfigurationError::UserAgent)?;
        let http = match self.http {
            Some(http) => http,
            None => http_client(&api_url)?,
        };
        Ok(GitHub::from_core(Core {
            manners: Arc::new(Manners {
                user_agent,
                timeout: self.timeout,
                origin: api_url.origin(),
            }),
            api_url,
            http,
            tokens,
            retry: self.retry,
            gate: Gate::new(&self.limits, self.on_wait),
            keys: Keys::default(),
        }))
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

fn http_client(api_url: &Url) -> Result<reqwest::Client, ConfigurationError> {
    let origin = api_url.origin();
    let same_origin = reqwest::redirect::Policy::custom(move |attempt| {
        let elsewhere = attempt.url().origin() != origin;
        // 303 makes a read of a write, whose success would be taken for the write's.
        if elsewhere || attempt.status() == StatusCode::SEE_OTHER || attempt.previous().len() > 5 {
            attempt.stop()
        } else {
            attempt.follow()
        }
    });
    let mut http = reqwest::Client::builder()
        .redirect(same_origin)
        .connect_timeout(CONNECT_TIMEOUT);
    if api_url.scheme() == "http" {
        // A proxy would carry a loopback request, and the token in it, off the machine.
        http = http.no_proxy();
    }
    http.build()
        .map_err(|error| ConfigurationError::HttpClient(error.into()))
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

/// Why a [`GitHub`] cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// There is no token.
    #[error("there is no token; give one with the permission for what is to be done")]
    EmptyToken,
    /// The token has a byte that no token has.
    #[error("the token has a space, a line break or another byte that no token has; trim it")]
    MalformedToken,
    /// The API's address is no URL of a server.
    #[error("the API address is not a URL of the form https://HOST or https://HOST/api/v3")]
    NotAUrl,
    /// The API's address is `http` and not this machine's.
    #[error(
        "the API address is http, which would send the token unencrypted; use https \
         (http is for loopback addresses only)"
    )]
    Insecure,
    /// The API's address has a user, a query or a fragment.
    #[error("the API address has a user name, a query or a fragment; leave them out")]
    ExtraParts,
    /// The user agent is empty or cannot be a header.
    #[error("the user agent is empty or has a byte that no header can carry")]
    UserAgent,
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    HttpClient(#[source] Box<dyn StdError + Send + Sync>),
}
