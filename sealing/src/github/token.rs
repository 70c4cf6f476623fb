use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::HeaderValue;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::{ConfigurationError, Error};

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

    fn is_fresh(&self) -> bool {
        self.expires_at
            .is_none_or(|at| SystemTime::now() + EXPIRY_MARGIN < at)
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

type Provided = Result<Token, Box<dyn StdError + Send + Sync>>;
type Provider = dyn Fn() -> Pin<Box<dyn Future<Output = Provided> + Send>> + Send + Sync;

/// Where the token of each request comes from.
pub(crate) enum TokenSource {
    Fixed(Arc<Token>),
    Provider {
        ask: Box<Provider>,
        current: Mutex<Option<Arc<Token>>>,
        supplied: AtomicU64,
    },
}

impl TokenSource {
    pub(crate) fn provider<F, Fut>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Provided> + Send + 'static,
    {
        Self::Provider {
            ask: Box::new(move || Box::pin(ask())),
            current: Mutex::new(None),
            supplied: AtomicU64::new(0),
        }
    }

    pub(crate) fn fixed(token: Token) -> Self {
        Self::Fixed(Arc::new(token))
    }

    /// Checks what can be known before the first request.
    pub(crate) fn check(&self) -> Result<(), ConfigurationError> {
        match self {
            Self::Fixed(token) => token.header().map(|_| ()),
            Self::Provider { .. } => Ok(()),
        }
    }

    /// Returns how many tokens there were so far: what belongs to a token's user can change when
    /// the number does.
    pub(crate) fn generation(&self) -> u64 {
        match self {
            Self::Fixed(_) => 0,
            Self::Provider { supplied, .. } => supplied.load(Ordering::Relaxed),
        }
    }

    /// A token to send: the one at hand, or a new one where there is none or it is about to end.
    /// Holding the lock while asking makes many waiting calls ask once.
    pub(crate) async fn token(&self) -> Result<Arc<Token>, Error> {
        match self {
            Self::Fixed(token) => Ok(Arc::clone(token)),
            Self::Provider {
                ask,
                current,
                supplied,
            } => {
                let mut current = current.lock().await;
                if let Some(token) = current.as_ref().filter(|token| token.is_fresh()) {
                    return Ok(Arc::clone(token));
                }
                let token = ask().await.map_err(|source| Error::Token {
                    source: source.into(),
                    in_doubt: false,
                })?;
                supplied.fetch_add(1, Ordering::Relaxed);
                let token = Arc::new(token);
                *current = Some(Arc::clone(&token));
                Ok(token)
            }
        }
    }

    /// Forgets `refused`, and says whether another token can be had.
    pub(crate) async fn renew(&self, refused: &Arc<Token>) -> bool {
        let Self::Provider { current, .. } = self else {
            return false;
        };
        let mut current = current.lock().await;
        current.take_if(|token| Arc::ptr_eq(token, refused));
        true
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(..)",
            Self::Provider { .. } => "Provider(..)",
        })
    }
}
