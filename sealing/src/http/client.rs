use std::{
    fmt,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use http::HeaderValue;
use url::Url;

use super::{
    gateway::{Gateway, Settings},
    limiter::Limiter,
    moves::Moves,
    seams::{Chance, Seams},
};
use crate::{
    RateLimit, ResponseHead, RetryPolicy,
    github::{TokenSource, Tokens},
};

/// What every call of one `GitHub` shares.
pub(crate) struct Http {
    pub(crate) api_url: Url,
    /// Builds the requests of the generated client, which does not send them.
    pub(super) client: reqwest::Client,
    pub(super) retry: RetryPolicy,
    pub(super) chance: Chance,
    pub(super) moves: Moves,
    pub(super) gateway: Arc<Gateway>,
    /// How many calls there were so far.
    pub(super) calls: AtomicU64,
}

/// The settings of requests.
pub(crate) struct HttpSettings {
    pub(crate) api_url: Url,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Arc<Limiter<ResponseHead>>,
}

impl Http {
    pub(crate) fn new(
        client: reqwest::Client,
        settings: HttpSettings,
        tokens: TokenSource,
        seams: Seams,
    ) -> Self {
        let HttpSettings {
            api_url,
            user_agent,
            timeout,
            retry,
            limiter,
        } = settings;
        let Seams {
            network,
            clock,
            chance,
        } = seams;
        let gateway = Gateway {
            settings: Settings {
                user_agent,
                timeout,
                origin: api_url.origin(),
            },
            network,
            tokens: Tokens::new(tokens, clock.clone(), timeout),
            limiter,
            clock,
            rate_limit: Mutex::default(),
        };
        Self {
            api_url,
            client,
            retry,
            chance,
            moves: Moves::default(),
            gateway: Arc::new(gateway),
            calls: AtomicU64::new(0),
        }
    }

    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        self.gateway.rate_limit().clone()
    }

    /// Returns how many tokens there were so far: what belongs to a token's user can change when
    /// the number does.
    pub(crate) fn token_generation(&self) -> u64 {
        self.gateway.tokens.generation()
    }

    /// Returns how long it takes at least until the last of so many more writes is sent.
    pub(crate) fn time_for_writes(&self, count: usize) -> Duration {
        self.gateway.limiter.time_for_writes(count)
    }
}

#[cfg(test)]
impl Http {
    /// Returns whether no request is under way or waits, and all turns came back.
    pub(crate) fn is_idle(&self) -> bool {
        self.gateway.limiter.is_idle()
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("api_url", &self.api_url.as_str())
            .finish_non_exhaustive()
    }
}
