//! A GitHub token, wiped when dropped.

use std::{
    fmt, mem,
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::HeaderValue;
use zeroize::{Zeroize, Zeroizing};

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
    header: OnceLock<Header>,
    expires_at: Option<SystemTime>,
}

impl Token {
    /// Creates a token that is used until GitHub rejects it.
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            value: Zeroizing::new(token.into()),
            header: OnceLock::new(),
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

    /// Returns the `Authorization` header, marked so that no log of the HTTP stack shows it.
    pub(crate) fn header(&self) -> Result<HeaderValue, ConfigurationError> {
        let header = match self.header.get() {
            Some(header) => header,
            None => {
                let header = Header::new(&self.value)?;
                self.header.get_or_init(|| header)
            }
        };
        Ok(header.value.clone())
    }

    /// Returns whether the token is valid for a while from `now` on.
    pub(crate) fn is_fresh(&self, now: SystemTime) -> bool {
        let latest = now.checked_add(EXPIRY_MARGIN);
        let expires = self.expires_at.zip(latest);
        expires.is_none_or(|(expires, latest)| latest < expires)
    }
}

/// The `Authorization` header of a token. All requests share its bytes, and it wipes them.
struct Header {
    value: HeaderValue,
    bytes: Bytes,
}

impl Header {
    fn new(token: &str) -> Result<Self, ConfigurationError> {
        if token.is_empty() {
            return Err(ConfigurationError::EmptyToken);
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigurationError::MalformedToken);
        }
        let bytes = Bytes::from(["Bearer ", token].concat());
        let value = HeaderValue::from_maybe_shared(bytes.clone());
        let mut value = value.map_err(|_| ConfigurationError::MalformedToken)?;
        value.set_sensitive(true);
        Ok(Self { value, bytes })
    }
}

impl Drop for Header {
    fn drop(&mut self) {
        self.value = HeaderValue::from_static("");
        // A request that was dropped in mid-way can still hold them.
        if let Ok(mut bytes) = mem::take(&mut self.bytes).try_into_mut() {
            bytes.zeroize();
        }
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
