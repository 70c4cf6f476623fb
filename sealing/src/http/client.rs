//! What all calls of one `GitHub` share: its settings, tokens, limits and ways out.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
    time::{Duration, SystemTime},
};

use http::{HeaderValue, StatusCode};
use tokio::sync::SetOnce;
use url::Url;

use super::{
    answered::Answered,
    clock::GitHubClock,
    head,
    io::{Io, Random},
    limiter::{Limiter, Permit},
    limits::Limits,
    retry_policy::RetryPolicy,
    round_trip::{BodyFault, RoundTrip},
    tokens::{FirstRequest, TokenSource, Tokens},
    wait::OnWait,
};
use crate::{LimitKind, NotTried, RateLimit};

pub(crate) struct Http {
    pub(crate) api_url: Url,
    pub(super) user_agent: HeaderValue,
    pub(super) timeout: Duration,
    /// How long a call can take from its first request on, without what it waits for its turn.
    #[cfg_attr(
        not(feature = "sync"),
        expect(dead_code, reason = "only a sync asks for it")
    )]
    pub(crate) lifetime: Duration,
    pub(crate) retry: RetryPolicy,
    pub(super) network: Arc<dyn RoundTrip>,
    pub(super) random: Random,
    pub(super) tokens: Tokens,
    pub(super) limiter: Arc<Limiter>,
    /// Is set when nothing more is to be sent.
    pub(super) stop: SetOnce<NotTried>,
    /// How many calls there were so far.
    pub(super) calls: AtomicU64,
    clock: GitHubClock,
    rate_limit: Mutex<Option<RateLimit>>,
}

/// The settings of requests, as a caller makes them.
pub(crate) struct Settings {
    pub(crate) api_url: Url,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limits: Limits,
    pub(crate) on_wait: Option<OnWait>,
    pub(crate) tokens: TokenSource,
}

/// The window of the primary limit, and some minutes that clocks may be apart.
const LONGEST_WINDOW: Duration = Duration::from_secs(65 * 60);

/// Keeps the arithmetic of absurd settings in range.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

impl Http {
    pub(crate) fn new(settings: Settings, io: Io) -> Self {
        let Settings { timeout, retry, .. } = settings;
        let clock = GitHubClock::new(io.clock);
        // Longer than any request, and any reading before a write, can take.
        let lifetime = timeout.saturating_mul(2).saturating_add(retry.deadline);
        let lifetime = lifetime.min(LONGEST_LIFETIME);
        Self {
            api_url: settings.api_url,
            user_agent: settings.user_agent,
            timeout,
            lifetime,
            retry,
            network: io.network,
            random: io.random,
            tokens: Tokens::new(settings.tokens, clock.clone(), timeout),
            limiter: Limiter::new(&settings.limits, lifetime, settings.on_wait),
            stop: SetOnce::new(),
            calls: AtomicU64::new(0),
            clock,
            rate_limit: Mutex::default(),
        }
    }

    /// Returns the state of the primary rate limit, as reported by the latest response with it.
    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        self.lock_rate_limit().clone()
    }

    /// Lets no call send anything any more.
    pub(crate) fn stop(&self) {
        // It may have been stopped already.
        let _ = self.stop.set(NotTried::Stopped);
    }

    /// Returns how many tokens there were so far: what belongs to a token's user can change when
    /// the number does.
    pub(crate) fn token_generation(&self) -> u64 {
        self.tokens.generation()
    }

    /// Returns GitHub's time of day, by the latest response.
    #[cfg(feature = "sync")]
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Returns how long it takes at least until the last of so many more writes is sent.
    pub(crate) fn time_for_writes(&self, count: usize) -> Duration {
        self.limiter.time_for_writes(count)
    }

    /// Takes note of a response before anything else is sent, and returns the rate limit that it
    /// reports.
    pub(super) fn note(
        &self,
        answered: &Answered,
        first: Option<FirstRequest>,
        turn: Permit,
    ) -> Option<LimitKind> {
        let Answered {
            received, in_use, ..
        } = answered;
        if received.fault == Some(BodyFault::Redirected) {
            // The response of another server says nothing about GitHub.
            turn.answered();
            return None;
        }
        let headers = answered.headers();
        let date = headers.date();
        if let Some(date) = date {
            self.clock.set(date);
        }
        if received.status == StatusCode::UNAUTHORIZED {
            self.tokens.refused(in_use, received);
        }
        // Any other response shows that the token is accepted.
        drop(first);
        let rate_limit = headers.rate_limit();
        let reset = self.until_reset(rate_limit.as_ref(), date);
        if rate_limit.is_some() {
            *self.lock_rate_limit() = rate_limit;
        }
        let limit = if received.status.is_client_error() {
            head::limit(&answered.head(), &received.body)
        } else {
            None
        };
        match (limit, reset) {
            (Some(kind), _) => {
                let head = answered.head();
                turn.limited(kind, head.retry_after().or(reset), head);
            }
            (None, Some(reset)) => turn.exhausted(reset, answered.head()),
            (None, None) => turn.answered(),
        }
        limit
    }

    /// Returns how long it is until a second after the reset of a limit that is used up, measured
    /// by GitHub's own clock if its responses have it.
    fn until_reset(
        &self,
        rate_limit: Option<&RateLimit>,
        date: Option<SystemTime>,
    ) -> Option<Duration> {
        let rate_limit = rate_limit.filter(|rate| rate.remaining == 0)?;
        let now = date.unwrap_or_else(|| self.clock.now());
        let left = rate_limit.reset?.duration_since(now).unwrap_or_default();
        // A primary limit lasts an hour at most, so by this machine's clock nothing can be said.
        let is_wrong = date.is_none() && !self.clock.is_set() && left > LONGEST_WINDOW;
        (!is_wrong).then(|| left.saturating_add(Duration::from_secs(1)))
    }

    fn lock_rate_limit(&self) -> MutexGuard<'_, Option<RateLimit>> {
        self.rate_limit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Http {
    /// Returns whether no request is under way or waits, and all permits came back.
    pub(crate) fn is_idle(&self) -> bool {
        self.limiter.is_idle()
    }

    /// Returns what counts the writes that were granted and not sent yet. It keeps nothing alive.
    pub(crate) fn granted_writes(&self) -> impl Fn() -> usize + Send + Sync + use<> {
        let limiter = Arc::downgrade(&self.limiter);
        move || {
            let granted = limiter.upgrade().map(|limiter| limiter.granted_writes());
            granted.unwrap_or_default()
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("api_url", &self.api_url.as_str())
            .finish_non_exhaustive()
    }
}
