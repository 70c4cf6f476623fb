use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::HeaderMap;

/// What GitHub's answer said beside its body: the status, and the headers that help.
///
/// No field holds the token, a value or a ciphertext: a header that repeats one is left out.
#[derive(Clone, Debug, Default)]
pub struct Answer {
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

impl Answer {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The id by which GitHub's support finds the request (`X-GitHub-Request-Id`).
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The permissions that would do, for an App's or a fine-grained token
    /// (`X-Accepted-GitHub-Permissions`).
    pub fn accepted_permissions(&self) -> Option<&str> {
        self.accepted_permissions.as_deref()
    }

    /// The scopes that the classic token has (`X-OAuth-Scopes`).
    pub fn oauth_scopes(&self) -> Option<&str> {
        self.oauth_scopes.as_deref()
    }

    /// The scopes that would do, for a classic token (`X-Accepted-OAuth-Scopes`).
    pub fn accepted_oauth_scopes(&self) -> Option<&str> {
        self.accepted_oauth_scopes.as_deref()
    }

    /// What the organization's single sign-on asks for (`X-GitHub-SSO`), mostly the address where
    /// the token is authorized; it is valid for an hour.
    pub fn sso(&self) -> Option<&str> {
        self.sso.as_deref()
    }

    /// How long GitHub asks to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The state of the rate limit (`X-RateLimit-*`).
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// GitHub's clock when it answered.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// Headers of a server are untrusted: neither `token` nor the body that was `sent` must come
    /// back in an error.
    pub(crate) fn new(status: u16, headers: &HeaderMap, token: &str, sent: &str) -> Self {
        let text = |name: &str| {
            let text = headers.get(name)?.to_str().ok()?;
            let sound = text.len() <= MAX_HEADER_BYTES
                && (token.is_empty() || !text.contains(token))
                && !repeats(text, sent);
            sound.then(|| text.to_owned())
        };
        let number = |name: &str| text(name)?.trim().parse::<u64>().ok();
        let date = text("date").and_then(|date| httpdate::parse_http_date(&date).ok());
        let retry_after = number("retry-after").map(Duration::from_secs).or_else(|| {
            let until = httpdate::parse_http_date(&text("retry-after")?).ok()?;
            until.duration_since(date?).ok()
        });
        Self {
            status,
            request_id: text("x-github-request-id"),
            accepted_permissions: text("x-accepted-github-permissions"),
            oauth_scopes: text("x-oauth-scopes"),
            accepted_oauth_scopes: text("x-accepted-oauth-scopes"),
            sso: text("x-github-sso"),
            retry_after,
            rate_limit: number("x-ratelimit-remaining").map(|remaining| RateLimit {
                limit: number("x-ratelimit-limit"),
                remaining,
                reset: number("x-ratelimit-reset")
                    .and_then(|secs| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(secs))),
                resource: text("x-ratelimit-resource"),
            }),
            date,
        }
    }
}

/// Longer than any header that GitHub is known to send; the rest is not worth keeping.
const MAX_HEADER_BYTES: usize = 1024;

/// Whether a header has a stretch of the body in it, too long for chance and shorter than any
/// sealed box.
fn repeats(text: &str, sent: &str) -> bool {
    const STRETCH: usize = 32;
    let ends = STRETCH..=text.len();
    ends.filter_map(|end| text.get(end - STRETCH..end))
        .any(|stretch| sent.contains(stretch))
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status)?;
        self.request_id
            .as_ref()
            .map_or(Ok(()), |id| write!(f, ", request {id}"))
    }
}

/// The state of GitHub's primary rate limit, as of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests the window allows.
    pub limit: Option<u64>,
    /// How many requests are left of them.
    pub remaining: u64,
    /// When the window ends, by GitHub's clock.
    pub reset: Option<SystemTime>,
    /// Which of GitHub's limits it is, mostly `core`.
    pub resource: Option<String>,
}

/// GitHub's own words about a refusal, kept apart because they can repeat what was sent.
///
/// GitHub has answered with the submitted value in its message
/// ([terraform-provider-github#869](https://github.com/integrations/terraform-provider-github/issues/869)),
/// so nothing here is part of `Debug` or `Display` of an error.
#[derive(Clone, PartialEq, Eq)]
pub struct GitHubMessage(String);

impl GitHubMessage {
    /// GitHub's words, unfiltered: look at them before they go into a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The message of an error body, and the messages of its `errors`, whatever form they have.
    pub(crate) fn from_body(body: &[u8]) -> Option<Self> {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let mut words = vec![body.get("message")?.as_str()?.to_owned()];
        for error in body
            .get("errors")
            .and_then(|errors| errors.as_array())
            .into_iter()
            .flatten()
        {
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
