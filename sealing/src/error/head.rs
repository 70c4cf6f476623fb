//! What errors keep of a response: its status, some headers, and GitHub's own message.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

/// The status of a response and the headers that help to explain it.
///
/// No field holds the token, a value or a ciphertext: a header that repeats one is left out.
#[derive(Clone, Debug, Default)]
pub struct ResponseHead {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) accepted_permissions: Option<String>,
    pub(crate) oauth_scopes: Option<String>,
    pub(crate) accepted_oauth_scopes: Option<String>,
    pub(crate) sso: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) rate_limit: Option<RateLimit>,
    /// Whether the response leaves out what needs single sign-on.
    pub(crate) incomplete: bool,
}

impl ResponseHead {
    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the id that GitHub's support asks for (`X-GitHub-Request-Id`), if it has the form of
    /// GitHub's ids.
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

    /// Returns what the organization's single sign-on requires (`X-GitHub-SSO`): usually an address
    /// at which to authorize the token, valid for an hour.
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

/// The largest part of GitHub's message that an error keeps.
const MAX_MESSAGE_BYTES: usize = 16 * 1024;

/// GitHub's own message, kept apart because it can repeat what was sent.
///
/// GitHub has returned the submitted value in its message
/// ([terraform-provider-github#869](https://github.com/integrations/terraform-provider-github/issues/869)),
/// so the message is not part of `Debug` or `Display` of any error.
#[derive(Clone, PartialEq, Eq)]
pub struct GitHubMessage(String);

impl GitHubMessage {
    /// Returns GitHub's message, unfiltered. Check it before you log it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the message of an error body and the messages of its `errors`, whatever form they
    /// have.
    pub(crate) fn from_body(body: &[u8]) -> Option<Self> {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let mut words = vec![body.get("message")?.as_str()?.to_owned()];
        let errors = body.get("errors").and_then(|errors| errors.as_array());
        for error in errors.into_iter().flatten() {
            let message = error.as_str().or_else(|| error.get("message")?.as_str());
            words.push(message.map_or_else(|| error.to_string(), str::to_owned));
        }
        let message = words.join("; ");
        let mut end = message.len().min(MAX_MESSAGE_BYTES);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        // A copy, so that no more is kept than that.
        Some(Self(message[..end].to_owned()))
    }
}

impl fmt::Debug for GitHubMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GitHubMessage({} bytes)", self.0.len())
    }
}
