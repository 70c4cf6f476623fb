//! The token of each request: where it comes from, and whether GitHub accepts it.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::SetOnce, time::timeout};

use super::token::Token;
use crate::{
    ConfigurationError, Error,
    http::{Clock, Received, SharedFetch, Unfetched},
};

/// Supplies the token of each request.
///
/// GitHub locks an account out after several requests with a wrong token. So the first request
/// with a token goes ahead alone, and the others wait for what it is told.
pub(crate) struct Tokens {
    source: TokenSource,
    trial: Arc<Mutex<Option<Trial>>>,
    /// The last token that GitHub refused.
    refused: Mutex<Option<Arc<Token>>>,
    clock: Clock,
    timeout: Duration,
}

/// Where tokens come from.
pub(crate) enum TokenSource {
    Fixed(Arc<Token>),
    Provider(TokenProvider),
}

pub(crate) struct TokenProvider {
    ask: Arc<Ask>,
    current: SharedFetch<Arc<Token>, Fault>,
    supplied: Arc<AtomicU64>,
}

type Ask = dyn Fn() -> Pin<Box<dyn Future<Output = Provided> + Send>> + Send + Sync;
type Fault = Arc<dyn StdError + Send + Sync>;
type Provided = Result<Token, Box<dyn StdError + Send + Sync>>;

/// A token for the next request.
pub(crate) struct Supplied {
    pub(crate) token: Arc<Token>,
    /// Whether it did not expire soon when it was supplied.
    was_fresh: bool,
}

/// What is known of a token.
struct Trial {
    token: Arc<Token>,
    /// What the first request with it is told, as long as that is under way.
    under_way: Option<Told>,
}

type Told = Arc<SetOnce<Verdict>>;

/// What GitHub says of a token.
#[derive(Clone, Debug)]
enum Verdict {
    /// Nothing that the others have to wait for.
    None,
    /// The response with status 401.
    Refused(Arc<Received>),
}

/// The answer to whether a request may be sent with a token.
pub(crate) enum Claim {
    Granted(Option<Probe>),
    /// The token was refused meanwhile, or is about to expire by now.
    Stale,
    /// The first request with the token is under way.
    Wait(Waiting),
}

/// The first request with a token.
pub(crate) struct Probe {
    trial: Arc<Mutex<Option<Trial>>>,
    token: Arc<Token>,
    told: Told,
    verdict: Verdict,
    sent: bool,
}

/// Waits for what the first request with a token is told.
pub(crate) struct Waiting(Told);

impl TokenSource {
    pub(crate) fn fixed(token: Token) -> Self {
        Self::Fixed(Arc::new(token))
    }

    pub(crate) fn provider<F, Fut>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Provided> + Send + 'static,
    {
        Self::Provider(TokenProvider {
            ask: Arc::new(move || Box::pin(ask())),
            current: SharedFetch::default(),
            supplied: Arc::default(),
        })
    }

    /// Checks what can be known before the first request.
    pub(crate) fn check(&self) -> Result<(), ConfigurationError> {
        match self {
            Self::Fixed(token) => token.header().map(|_| ()),
            Self::Provider(_) => Ok(()),
        }
    }
}

impl Tokens {
    /// The provider gets as long as `timeout` each time.
    pub(crate) fn new(source: TokenSource, clock: Clock, timeout: Duration) -> Self {
        Self {
            source,
            trial: Arc::default(),
            refused: Mutex::default(),
            clock,
            timeout,
        }
    }

    /// Returns how many tokens there were so far: what belongs to a token's user can change when
    /// the number does. Before the first token it is the number of the first one already.
    pub(crate) fn generation(&self) -> u64 {
        match &self.source {
            TokenSource::Fixed(_) => 0,
            TokenSource::Provider(provider) => provider.supplied.load(Ordering::Relaxed).max(1),
        }
    }

    /// Returns the current token, or a new one if there is none or it is about to expire. What the
    /// provider supplies is used even if it is about to expire as well.
    pub(crate) async fn token(&self) -> Result<Supplied, Error> {
        let provider = match &self.source {
            TokenSource::Fixed(token) => return Ok(self.supplied(Arc::clone(token))),
            TokenSource::Provider(provider) => provider,
        };
        let usable = |token: &Arc<Token>| token.is_fresh(self.clock.now());
        let fetched = provider
            .current
            .get_or(usable, || provider.fetch(self.timeout));
        let token = fetched.await.map_err(|unfetched| {
            Error::token(match unfetched {
                Unfetched::Failed(source) => source,
                Unfetched::Ended => fault("the provider panicked, or the async runtime shut down"),
            })
        })?;
        Ok(self.supplied(token))
    }

    fn supplied(&self, token: Arc<Token>) -> Supplied {
        let was_fresh = token.is_fresh(self.clock.now());
        Supplied { token, was_fresh }
    }

    /// Returns whether a request may be sent with this token now.
    pub(crate) fn claim(&self, supplied: &Supplied) -> Claim {
        let Supplied { token, was_fresh } = supplied;
        let expired = *was_fresh && !token.is_fresh(self.clock.now());
        if self.can_renew() && (expired || self.was_refused(token)) {
            return Claim::Stale;
        }
        let mut trial = lock(&self.trial);
        let tried = trial.as_ref();
        match tried.filter(|tried| Arc::ptr_eq(&tried.token, token)) {
            Some(Trial {
                under_way: Some(told),
                ..
            }) => Claim::Wait(Waiting(Arc::clone(told))),
            Some(_) => Claim::Granted(None),
            None => {
                let told = Told::default();
                let token = Arc::clone(token);
                *trial = Some(Trial {
                    token: Arc::clone(&token),
                    under_way: Some(Arc::clone(&told)),
                });
                Claim::Granted(Some(Probe {
                    trial: Arc::clone(&self.trial),
                    token,
                    told,
                    verdict: Verdict::None,
                    sent: false,
                }))
            }
        }
    }

    /// Takes note that GitHub refused a token with status 401.
    pub(crate) fn refused(&self, token: &Arc<Token>) {
        if let TokenSource::Provider(provider) = &self.source {
            provider.current.forget(|kept| Arc::ptr_eq(kept, token));
        }
        *lock(&self.refused) = Some(Arc::clone(token));
        // The next request with it goes ahead alone again.
        let over =
            |trial: &mut Trial| Arc::ptr_eq(&trial.token, token) && trial.under_way.is_none();
        lock(&self.trial).take_if(over);
    }

    fn was_refused(&self, token: &Arc<Token>) -> bool {
        let refused = lock(&self.refused);
        let refused = refused.as_ref();
        refused.is_some_and(|refused| Arc::ptr_eq(refused, token))
    }

    /// Returns whether there can be another token after one was refused.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self.source, TokenSource::Provider(_))
    }
}

impl TokenProvider {
    fn fetch(&self, limit: Duration) -> impl Future<Output = Result<Arc<Token>, Fault>> + use<> {
        let (ask, supplied) = (Arc::clone(&self.ask), Arc::clone(&self.supplied));
        async move {
            let provided = timeout(limit, ask()).await;
            let provided = provided.map_err(|_| fault(format!("no token within {limit:?}")))?;
            let token = provided.map_err(Fault::from)?;
            supplied.fetch_add(1, Ordering::Relaxed);
            Ok(Arc::new(token))
        }
    }
}

impl Probe {
    /// Marks the request as sent: if it gets no response, the others go on without waiting.
    pub(crate) fn sent(&mut self) {
        self.sent = true;
    }

    /// Ends the trial with a 401.
    pub(crate) fn refused(mut self, response: &Received) {
        self.verdict = Verdict::Refused(Arc::new(response.clone()));
        self.sent = false;
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let mut trial = lock(&self.trial);
        let own = |trial: &&mut Trial| Arc::ptr_eq(&trial.token, &self.token);
        match trial.as_mut().filter(own) {
            Some(trial) if self.sent => trial.under_way = None,
            Some(_) => *trial = None,
            None => {}
        }
        drop(trial);
        // Nobody else sets it.
        let _ = self.told.set(self.verdict.clone());
    }
}

impl Waiting {
    /// Returns the 401 if the token was refused.
    pub(crate) async fn refusal(self) -> Option<Arc<Received>> {
        match self.0.wait().await {
            Verdict::Refused(response) => Some(Arc::clone(response)),
            Verdict::None => None,
        }
    }
}

fn fault(words: impl Into<Box<dyn StdError + Send + Sync>>) -> Fault {
    Fault::from(words.into())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(..)",
            Self::Provider(_) => "Provider(..)",
        })
    }
}
