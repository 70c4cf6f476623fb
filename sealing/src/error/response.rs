use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::{
    HeaderMap, HeaderName,
    header::{DATE, RETRY_AFTER},
};

/// The status of a response and the headers that help to explain it.
///
/// No field holds the token, a value or a ciphertext: a header that repeats one is left out.
#[derive(Clone, Debug, Default)]
pub struct ResponseHead {
    status: u16,
    request_id: Option<String>,
    accepted_permissions: Option<String>,
    oauth_scopes: Option<String>,
    accepted_oauth_scopes: Option<String>,
    sso: Option<String>,
    retry_after: Option<Duration>,
    rate_limit: Option<RateLimit>,
    date: Option<SystemTime>,
}

impl ResponseHead {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the id that GitHub's support asks for (`X-GitHub-Request-Id`).
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the permissions that GitHub accepts for the request, for an App's or a fine-grained
    /// token (`X-Accepted-GitHub-Permissions`).
    pub fn accepted_permissions(&self) -> Option<&str> {
        self.accepted_permissions.as_deref()
    }

    /// Returns the scopes of the classic token (`X-OAuth-Scopes`).
    pub fn oauth_scopes(&self) -> Option<&str> {
        self.oauth_scopes.as_deref()
    }

    /// Returns the scopes that GitHub accepts for the request, for a classic token
    /// (`X-Accepted-OAuth-Scopes`).
    pub fn accepted_oauth_scopes(&self) -> Option<&str> {
        self.accepted_oauth_scopes.as_deref()
    }

    /// Returns what the organization's single sign-on asks for (`X-GitHub-SSO`): usually the
    /// address where the token can be authorized, which is valid for an hour.
    pub fn sso(&self) -> Option<&str> {
        self.sso.as_deref()
    }

    /// Returns how long GitHub asks to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns the state of the primary rate limit (`X-RateLimit-*`).
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// GitHub's clock when it responded.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// Headers are untrusted: neither the token nor the body that was `sent` must come back in an
    /// error.
    pub(crate) fn new(status: u16, headers: &HeaderMap, token: &str, sent: &str) -> Self {
        let text = |name: &HeaderName| {
            let text = headers.get(name)?.to_str().ok()?;
            let sound = text.len() <= MAX_HEADER_BYTES
                && !repeats_token(text, token)
                && !repeats_body(text, sent);
            sound.then_some(text)
        };
        let words = |name| text(name).map(str::to_owned);
        let number = |name| text(name)?.trim().parse::<u64>().ok();
        let date = text(&DATE).and_then(|date| httpdate::parse_http_date(date).ok());
        let retry_after = number(&RETRY_AFTER).map(Duration::from_secs).or_else(|| {
            let until = httpdate::parse_http_date(text(&RETRY_AFTER)?).ok()?;
            until.duration_since(date?).ok()
        });
        Self {
            status,
            request_id: words(&REQUEST_ID),
            accepted_permissions: words(&ACCEPTED_PERMISSIONS),
            oauth_scopes: words(&OAUTH_SCOPES),
            accepted_oauth_scopes: words(&ACCEPTED_OAUTH_SCOPES),
            sso: words(&SSO),
            retry_after,
            rate_limit: number(&RATE_LIMIT_REMAINING).map(|remaining| RateLimit {
                limit: number(&RATE_LIMIT),
                remaining,
                reset: number(&RATE_LIMIT_RESET)
                    .and_then(|secs| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(secs))),
                resource: words(&RATE_LIMIT_RESOURCE),
            }),
            date,
        }
    }
}

static REQUEST_ID: HeaderName = HeaderName::from_static("x-github-request-id");
static ACCEPTED_PERMISSIONS: HeaderName = HeaderName::from_static("x-accepted-github-permissions");
static OAUTH_SCOPES: HeaderName = HeaderName::from_static("x-oauth-scopes");
static ACCEPTED_OAUTH_SCOPES: HeaderName = HeaderName::from_static("x-accepted-oauth-scopes");
static SSO: HeaderName = HeaderName::from_static("x-github-sso");
static RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
static RATE_LIMIT_RESOURCE: HeaderName = HeaderName::from_static("x-ratelimit-resource");

/// Longer than any header that GitHub is known to send; the rest is not worth keeping.
const MAX_HEADER_BYTES: usize = 1024;

/// Returns whether a header repeats a stretch of the token: 16 bytes, less than half of any real
/// token. A shorter token exists in tests alone, and cannot be told from other words.
fn repeats_token(header: &str, token: &str) -> bool {
    let (header, token) = (header.as_bytes(), token.as_bytes());
    // Each stretch has one of the token's whole eights in it, which hardly any header has.
    let mut eights = token.chunks_exact(8);
    eights.any(|eight| header.windows(8).any(|window| window == eight))
        && token
            .windows(16)
            .any(|stretch| header.windows(16).any(|window| window == stretch))
}

/// Returns whether a header repeats 63 bytes of the body, or some of fewer: a sealed box has 64 or
/// more. A body is large, so only every 32nd stretch of the header is looked for.
fn repeats_body(header: &str, body: &str) -> bool {
    let mut stretches = header.as_bytes().chunks_exact(32);
    stretches.any(|stretch| str::from_utf8(stretch).is_ok_and(|stretch| body.contains(stretch)))
}

impl fmt::Display for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status)?;
        self.request_id
            .as_ref()
            .map_or(Ok(()), |id| write!(f, ", request {id}"))
    }
}

/// The state of GitHub's primary rate limit, as of one response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that the window allows.
    pub limit: Option<u64>,
    /// The number of requests that are left.
    pub remaining: u64,
    /// The end of the window, by GitHub's clock.
    pub reset: Option<SystemTime>,
    /// The limit that the numbers are about, usually `core`.
    pub resource: Option<String>,
}

/// GitHub's own message, kept apart because it can repeat what was sent.
///
/// GitHub has returned the submitted value in its message
/// ([terraform-provider-github#869](https://github.com/integrations/terraform-provider-github/issues/869)),
/// so the message is not part of `Debug` or `Display` of any error.
#[derive(Clone, PartialEq, Eq)]
pub struct GitHubMessage(String);

impl GitHubMessage {
    /// Returns GitHub's words, unfiltered. Look at them before you log them.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The message of an error body and the messages of its `errors`, whatever form they have.
    pub(crate) fn from_body(body: &[u8]) -> Option<Self> {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let mut words = vec![body.get("message")?.as_str()?.to_owned()];
        let errors = body.get("errors").and_then(|errors| errors.as_array());
        for error in errors.into_iter().flatten() {
            let message = error.as_str().or_else(|| error.get("message")?.as_str());
            words.push(message.map_or_else(|| error.to_string(), str::to_owned));
        }
        Some(Self(words.join("; ")))
    }
}

impl fmt::Debug for GitHubMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GitHubMessage({} bytes)", self.0.len())
    }
}
