//! The token of each request: where it comes from, and whether GitHub accepts it.
//!
//! GitHub locks an account out after several requests with a wrong token. So the first call with a
//! token goes ahead alone, and the others wait for the response to its first request. As long as
//! none comes, a few more go ahead each second, and whichever response is first decides.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::SetOnce,
    time::{Instant, timeout, timeout_at},
};

use super::{
    clock::GitHubClock,
    round_trip::Received,
    shared_fetch::{SharedFetch, Unfetched},
    token::Token,
};
use crate::{ConfigurationError, Error};

/// Supplies the token of each request.
pub(super) struct Tokens {
    source: TokenSource,
    clock: GitHubClock,
    timeout: Duration,
}

/// After this time without a response, twice as many calls try a token: the first one may have gone
/// to a slow place, or belong to a runtime that is not driven.
const MORE_AFTER: Duration = Duration::from_secs(1);

/// For this long, a token that is about to expire is used all the same if the one before it was
/// about to expire as well: the provider has no better one, or a clock is wrong.
const USED_ANYWAY: Duration = Duration::from_secs(10);

/// Where tokens come from.
pub(crate) enum TokenSource {
    Fixed(Arc<TokenInUse>),
    Provider(TokenProvider),
}

pub(crate) struct TokenProvider {
    ask: Arc<Ask>,
    current: SharedFetch<Arc<TokenInUse>, Fault>,
    supplied: Arc<AtomicU64>,
    /// Whether the last token was about to expire when it was supplied.
    was_stale: Arc<AtomicBool>,
}

type Ask = dyn Fn() -> Pin<Box<dyn Future<Output = Provided> + Send>> + Send + Sync;
type Provided = Result<Token, Box<dyn StdError + Send + Sync>>;
type Fault = Arc<dyn StdError + Send + Sync>;

/// Tells calls apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallId(pub(super) u64);

/// A token, and whether GitHub accepts it.
pub(crate) struct TokenInUse {
    pub(super) token: Token,
    /// Whether it was not about to expire when it was supplied.
    was_fresh: bool,
    /// Until when it is used even if it is about to expire.
    used_until: Instant,
    acceptance: Mutex<Acceptance>,
}

enum Acceptance {
    Unknown,
    /// The first requests are under way, and a response will show it.
    BeingTried(FirstUse),
    /// Nothing has to be waited for.
    Settled,
    Refused,
}

/// The first use of a token, by one call or a few.
struct FirstUse {
    calls: Vec<CallId>,
    most: usize,
    /// When more calls may join.
    next: Instant,
    result: Arc<SetOnce<Refusal>>,
}

/// The response with status 401, if there was one.
type Refusal = Option<Arc<Received>>;

/// Whether a request may be sent with a token.
pub(super) enum Admission {
    Granted(Option<FirstRequest>),
    /// The token was refused meanwhile, or is about to expire by now.
    Stale,
    /// The first requests with the token are under way. This waits for a response to them, or for
    /// the time to join them, and returns the 401 if the token was refused.
    Wait(Pin<Box<dyn Future<Output = Refusal> + Send>>),
}

/// The first request of a call with a token that is being tried.
pub(super) struct FirstRequest {
    in_use: Arc<TokenInUse>,
    call: CallId,
    result: Arc<SetOnce<Refusal>>,
    sent: bool,
}

impl TokenSource {
    pub(crate) fn fixed(token: Token) -> Self {
        Self::Fixed(TokenInUse::new(token, true, Duration::ZERO))
    }

    pub(crate) fn provider<F, Fut, E>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Token, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self::Provider(TokenProvider {
            ask: Arc::new(move || {
                let asked = ask();
                Box::pin(async move { asked.await.map_err(Into::into) })
            }),
            current: SharedFetch::default(),
            supplied: Arc::default(),
            was_stale: Arc::default(),
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
    pub(super) fn new(source: TokenSource, clock: GitHubClock, timeout: Duration) -> Self {
        Self {
            source,
            clock,
            timeout,
        }
    }

    /// Returns how many tokens there were so far: what belongs to a token's user can change when
    /// the number does. Before the first token it is the number of the first one already.
    pub(super) fn generation(&self) -> u64 {
        match &self.source {
            TokenSource::Fixed(_) => 0,
            TokenSource::Provider(provider) => provider.supplied.load(Ordering::Relaxed).max(1),
        }
    }

    /// Returns the current token, if there is one that can be used.
    pub(super) fn at_hand(&self) -> Option<Arc<TokenInUse>> {
        match &self.source {
            TokenSource::Fixed(in_use) => Some(Arc::clone(in_use)),
            TokenSource::Provider(provider) => {
                let current = provider.current.kept();
                current.filter(|in_use| self.is_usable(in_use))
            }
        }
    }

    /// Returns the current token, or a new one if there is none or it is about to expire. What the
    /// provider supplies is used even if it is about to expire as well, the second time in a row
    /// for a while.
    pub(super) async fn token(&self) -> Result<Arc<TokenInUse>, Error> {
        match &self.source {
            TokenSource::Fixed(in_use) => Ok(Arc::clone(in_use)),
            TokenSource::Provider(provider) => {
                let usable = |in_use: &Arc<TokenInUse>| self.is_usable(in_use);
                let fetch = || provider.fetch(self.clock.clone(), self.timeout);
                let fetched = provider.current.get_or(usable, fetch).await;
                fetched.map_err(|unfetched| match unfetched {
                    Unfetched::Failed(source) => Error::token(source),
                    Unfetched::Ended => Error::token(fault(
                        "the provider panicked, or the async runtime shut down",
                    )),
                })
            }
        }
    }

    /// Returns whether a request of this call may be sent with this token now.
    pub(super) fn admit(&self, in_use: &Arc<TokenInUse>, call: CallId) -> Admission {
        let mut acceptance = in_use.acceptance();
        let result = match &mut *acceptance {
            Acceptance::Refused if self.can_renew() => return Admission::Stale,
            _ if self.can_renew() && self.has_expired(in_use) => return Admission::Stale,
            Acceptance::Settled => return Admission::Granted(None),
            Acceptance::BeingTried(first_use) if first_use.calls.contains(&call) => {
                return Admission::Granted(None);
            }
            Acceptance::BeingTried(first_use) => {
                let result = Arc::clone(&first_use.result);
                if !first_use.admits(call) {
                    let next = first_use.next;
                    return Admission::Wait(Box::pin(async move {
                        timeout_at(next, result.wait()).await.ok()?.clone()
                    }));
                }
                result
            }
            Acceptance::Unknown | Acceptance::Refused => {
                let first_use = FirstUse::new(call);
                let result = Arc::clone(&first_use.result);
                *acceptance = Acceptance::BeingTried(first_use);
                result
            }
        };
        Admission::Granted(Some(FirstRequest {
            in_use: Arc::clone(in_use),
            call,
            result,
            sent: false,
        }))
    }

    /// Takes note that GitHub refused a token with status 401, whichever request it answers: those
    /// that wait for a response need no other.
    pub(super) fn refused(&self, in_use: &Arc<TokenInUse>, response: &Received) {
        if let TokenSource::Provider(provider) = &self.source {
            provider.current.forget(|kept| Arc::ptr_eq(kept, in_use));
        }
        let before = mem::replace(&mut *in_use.acceptance(), Acceptance::Refused);
        if let Acceptance::BeingTried(first_use) = before {
            // Nobody else sets it.
            let _ = first_use.result.set(Some(Arc::new(response.clone())));
        }
    }

    /// Returns whether there can be another token after one was refused.
    pub(super) fn can_renew(&self) -> bool {
        matches!(self.source, TokenSource::Provider(_))
    }

    /// Returns whether a token is about to expire that was not when it was supplied.
    fn has_expired(&self, in_use: &TokenInUse) -> bool {
        in_use.was_fresh && !self.is_fresh(&in_use.token)
    }

    fn is_usable(&self, in_use: &TokenInUse) -> bool {
        self.is_fresh(&in_use.token) || Instant::now() < in_use.used_until
    }

    fn is_fresh(&self, token: &Token) -> bool {
        token.is_fresh(self.clock.now())
    }
}

impl TokenProvider {
    fn fetch(
        &self,
        clock: GitHubClock,
        limit: Duration,
    ) -> impl Future<Output = Result<Arc<TokenInUse>, Fault>> + use<> {
        let (ask, supplied) = (Arc::clone(&self.ask), Arc::clone(&self.supplied));
        let was_stale = Arc::clone(&self.was_stale);
        async move {
            let provided = timeout(limit, ask()).await;
            let provided = provided.map_err(|_| fault(format!("no token within {limit:?}")))?;
            let token = provided.map_err(Fault::from)?;
            supplied.fetch_add(1, Ordering::Relaxed);
            let was_fresh = token.is_fresh(clock.now());
            let again = was_stale.swap(!was_fresh, Ordering::Relaxed) && !was_fresh;
            let used_for = if again { USED_ANYWAY } else { Duration::ZERO };
            Ok(TokenInUse::new(token, was_fresh, used_for))
        }
    }
}

impl TokenInUse {
    fn new(token: Token, was_fresh: bool, used_for: Duration) -> Arc<Self> {
        Arc::new(Self {
            token,
            was_fresh,
            used_until: Instant::now() + used_for,
            acceptance: Mutex::new(Acceptance::Unknown),
        })
    }

    fn acceptance(&self) -> MutexGuard<'_, Acceptance> {
        self.acceptance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl FirstUse {
    fn new(call: CallId) -> Self {
        Self {
            calls: vec![call],
            most: 1,
            next: Instant::now() + MORE_AFTER,
            result: Arc::default(),
        }
    }

    /// Lets another call join if it is time.
    fn admits(&mut self, call: CallId) -> bool {
        let now = Instant::now();
        if now >= self.next {
            self.most = self.most.saturating_mul(2);
            self.next = now + MORE_AFTER;
        }
        let is_admitted = self.calls.len() < self.most;
        if is_admitted {
            self.calls.push(call);
        }
        is_admitted
    }
}

impl FirstRequest {
    /// Marks the request as sent: if it gets no response, the others go on without waiting.
    pub(super) fn sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for FirstRequest {
    fn drop(&mut self) {
        let mut acceptance = self.in_use.acceptance();
        let first_use = match &mut *acceptance {
            Acceptance::BeingTried(first_use) if Arc::ptr_eq(&first_use.result, &self.result) => {
                first_use
            }
            // The response to another request has ended the first use.
            _ => return,
        };
        if !self.sent {
            first_use.calls.retain(|call| *call != self.call);
            if !first_use.calls.is_empty() {
                return;
            }
        }
        *acceptance = if self.sent {
            Acceptance::Settled
        } else {
            Acceptance::Unknown
        };
        drop(acceptance);
        // Nobody else sets it.
        let _ = self.result.set(None);
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
