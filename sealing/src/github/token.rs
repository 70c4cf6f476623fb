use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::ConfigurationError;

/// A GitHub token of any kind. It is wiped when dropped and never printed.
///
/// ```
/// use github_secrets::Token;
///
/// let token = Token::new("github_pat_0123456789");
/// assert_eq!(format!("{token:?}"), "Token(21 bytes)");
/// ```
pub struct Token {
    value: Zeroizing<String>,
    expires_at: Option<SystemTime>,
}

impl Token {
    /// Creates a token that is valid until GitHub says otherwise.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            value: Zeroizing::new(token.into()),
            expires_at: None,
        }
    }

    /// Sets the time at which the token expires. A token provider is called again shortly before.
    #[must_use]
    pub fn expires_at(self, expires_at: SystemTime) -> Self {
        Self {
            expires_at: Some(expires_at),
            ..self
        }
    }

    pub(crate) fn expose(&self) -> &str {
        &self.value
    }

    /// The `Authorization` header, marked so that no log of the HTTP stack shows it.
    pub(crate) fn header(&self) -> Result<HeaderValue, ConfigurationError> {
        if self.value.is_empty() {
            return Err(ConfigurationError::EmptyToken);
        }
        let header = Zeroizing::new(format!("Bearer {}", *self.value));
        let printable = self.value.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::from_str(&header).ok().filter(|_| printable);
        let mut value = value.ok_or(ConfigurationError::MalformedToken)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Returns whether the token is valid for a while from `now` on.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> bool {
        let latest = now.checked_add(EXPIRY_MARGIN);
        let expires = self.expires_at.zip(latest);
        expires.is_none_or(|(expires, latest)| latest < expires)
    }
}

/// A token that ends within this time may end on its way to GitHub.
const EXPIRY_MARGIN: Duration = Duration::from_secs(30);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({} bytes)", self.value.len())
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self::new(token)
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self::new(token)
    }
}
