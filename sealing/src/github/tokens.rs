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
/// GitHub locks an account out after several requests with a wrong token. So the first call with a
/// token goes ahead alone, and the others wait for what its first request is told.
pub(crate) struct Tokens {
    source: TokenSource,
    clock: Clock,
    timeout: Duration,
}

/// Where tokens come from.
pub(crate) enum TokenSource {
    Fixed(Arc<TokenInUse>),
    Provider(TokenProvider),
}

pub(crate) struct TokenProvider {
    ask: Arc<Ask>,
    current: SharedFetch<Arc<TokenInUse>, Fault>,
    supplied: Arc<AtomicU64>,
}

type Ask = dyn Fn() -> Pin<Box<dyn Future<Output = Provided> + Send>> + Send + Sync;
type Provided = Result<Token, Box<dyn StdError + Send + Sync>>;
type Fault = Arc<dyn StdError + Send + Sync>;

/// Tells calls apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallId(pub(crate) u64);

/// A token, and what is known of it.
pub(crate) struct TokenInUse {
    pub(crate) token: Token,
    trial: Mutex<Trial>,
}

enum Trial {
    Due,
    /// The first request of this call is under way, and will tell.
    UnderWay(CallId, Arc<SetOnce<Verdict>>),
    /// Nothing has to be waited for.
    Over,
    Refused,
}

/// What the first request with a token is told of it.
#[derive(Clone, Debug)]
enum Verdict {
    /// Nothing against it.
    None,
    /// The response with status 401.
    Refused(Arc<Received>),
}

/// A token for the next request.
pub(crate) struct Supplied {
    pub(crate) in_use: Arc<TokenInUse>,
    /// Whether it was not about to expire when it was supplied.
    was_fresh: bool,
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
    in_use: Arc<TokenInUse>,
    told: Arc<SetOnce<Verdict>>,
    verdict: Verdict,
    sent: bool,
}

/// Waits for what the first request with a token is told.
pub(crate) struct Waiting(Arc<SetOnce<Verdict>>);

impl TokenSource {
    pub(crate) fn fixed(token: Token) -> Self {
        Self::Fixed(TokenInUse::new(token))
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
            Self::Fixed(in_use) => in_use.token.header().map(|_| ()),
            Self::Provider(_) => Ok(()),
        }
    }
}

impl Tokens {
    /// The provider gets as long as `timeout` each time.
    pub(crate) fn new(source: TokenSource, clock: Clock, timeout: Duration) -> Self {
        Self {
            source,
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
        let in_use = match &self.source {
            TokenSource::Fixed(in_use) => Arc::clone(in_use),
            TokenSource::Provider(provider) => {
                let usable = |in_use: &Arc<TokenInUse>| self.is_fresh(in_use);
                let fetch = || provider.fetch(self.timeout);
                let fetched = provider.current.get_or(usable, fetch).await;
                fetched.map_err(|unfetched| match unfetched {
                    Unfetched::Failed(source) => Error::token(source),
                    Unfetched::Ended => Error::token(fault(
                        "the provider panicked, or the async runtime shut down",
                    )),
                })?
            }
        };
        let was_fresh = self.is_fresh(&in_use);
        Ok(Supplied { in_use, was_fresh })
    }

    /// Returns whether a request of this call may be sent with this token now.
    pub(crate) fn claim(&self, supplied: &Supplied, call: CallId) -> Claim {
        let Supplied { in_use, was_fresh } = supplied;
        let expired = *was_fresh && !self.is_fresh(in_use);
        let mut trial = in_use.trial();
        match &*trial {
            Trial::Refused if self.can_renew() => Claim::Stale,
            _ if expired && self.can_renew() => Claim::Stale,
            Trial::UnderWay(first, told) if *first != call => {
                Claim::Wait(Waiting(Arc::clone(told)))
            }
            Trial::UnderWay(..) | Trial::Over => Claim::Granted(None),
            Trial::Due | Trial::Refused => {
                let told = Arc::default();
                *trial = Trial::UnderWay(call, Arc::clone(&told));
                Claim::Granted(Some(Probe {
                    in_use: Arc::clone(in_use),
                    told,
                    verdict: Verdict::None,
                    sent: false,
                }))
            }
        }
    }

    /// Takes note that GitHub refused a token with status 401.
    pub(crate) fn refused(&self, in_use: &Arc<TokenInUse>) {
        if let TokenSource::Provider(provider) = &self.source {
            provider.current.forget(|kept| Arc::ptr_eq(kept, in_use));
        }
        let mut trial = in_use.trial();
        if !matches!(*trial, Trial::UnderWay(..)) {
            *trial = Trial::Refused;
        }
    }

    /// Returns whether there can be another token after one was refused.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self.source, TokenSource::Provider(_))
    }

    fn is_fresh(&self, in_use: &TokenInUse) -> bool {
        in_use.token.is_fresh(self.clock.now())
    }
}

impl TokenProvider {
    fn fetch(
        &self,
        limit: Duration,
    ) -> impl Future<Output = Result<Arc<TokenInUse>, Fault>> + use<> {
        let (ask, supplied) = (Arc::clone(&self.ask), Arc::clone(&self.supplied));
        async move {
            let provided = timeout(limit, ask()).await;
            let provided = provided.map_err(|_| fault(format!("no token within {limit:?}")))?;
            let token = provided.map_err(Fault::from)?;
            supplied.fetch_add(1, Ordering::Relaxed);
            Ok(TokenInUse::new(token))
        }
    }
}

impl TokenInUse {
    fn new(token: Token) -> Arc<Self> {
        let trial = Mutex::new(Trial::Due);
        Arc::new(Self { token, trial })
    }

    fn trial(&self) -> MutexGuard<'_, Trial> {
        self.trial.lock().unwrap_or_else(PoisonError::into_inner)
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
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        *self.in_use.trial() = match self.verdict {
            Verdict::Refused(_) => Trial::Refused,
            Verdict::None if self.sent => Trial::Over,
            Verdict::None => Trial::Due,
        };
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

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed(..)",
            Self::Provider(_) => "Provider(..)",
        })
    }
}
