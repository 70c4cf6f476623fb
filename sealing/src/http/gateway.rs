//! What every request passes on its way out, and every response on its way in.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{HeaderValue, StatusCode};
use url::Origin;

use super::{
    limiter::{Limiter, Turn},
    round_trip::{BodyFault, Received, RoundTrip},
    seams::Clock,
};
use crate::{
    RateLimit, ResponseHead, Token,
    error::limit,
    github::{Probe, TokenInUse, Tokens},
};

/// What the requests of one `GitHub` share.
pub(crate) struct Gateway {
    pub(crate) settings: Settings,
    pub(crate) network: Arc<dyn RoundTrip>,
    pub(crate) tokens: Tokens,
    pub(crate) limiter: Arc<Limiter<ResponseHead>>,
    pub(crate) clock: Clock,
    pub(crate) rate_limit: Mutex<Option<RateLimit>>,
}

#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) origin: Origin,
}

impl Gateway {
    /// Takes note of the response to a request with this body, before anything else is sent.
    pub(crate) fn note(
        &self,
        received: &Received,
        body: &[u8],
        in_use: &Arc<TokenInUse>,
        probe: Option<Probe>,
        turn: Turn<ResponseHead>,
    ) -> ResponseHead {
        let head = head(received, &in_use.token, body);
        if received.fault == Some(BodyFault::Redirected) {
            // The response of another server says nothing about GitHub.
            turn.answered();
            return head;
        }
        if received.status == StatusCode::UNAUTHORIZED {
            self.tokens.refused(in_use);
            if let Some(probe) = probe {
                probe.refused(received);
            }
        }
        if let Some(rate_limit) = head.rate_limit() {
            *self.rate_limit() = Some(rate_limit.clone());
        }
        let reset = self.until_reset(&head);
        match (limit(&head, &received.body), reset) {
            (Some(kind), _) => turn.limited(kind, head.retry_after().or(reset), head.clone()),
            (None, Some(reset)) => turn.exhausted(reset, head.clone()),
            (None, None) => turn.answered(),
        }
        head
    }

    pub(crate) fn rate_limit(&self) -> MutexGuard<'_, Option<RateLimit>> {
        self.rate_limit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how long it is until a second after the reset of a limit that is used up, measured
    /// by GitHub's own clock if the response tells it.
    fn until_reset(&self, head: &ResponseHead) -> Option<Duration> {
        let rate_limit = head.rate_limit().filter(|rate| rate.remaining == 0)?;
        let now = head.date().unwrap_or_else(|| self.clock.now());
        let left = rate_limit.reset?.duration_since(now).unwrap_or_default();
        Some(left.saturating_add(Duration::from_secs(1)))
    }
}

/// Returns the head of a response, without what it repeats of the token and of the request's body.
pub(crate) fn head(received: &Received, token: &Token, body: &[u8]) -> ResponseHead {
    let body = str::from_utf8(body).unwrap_or_default();
    let status = received.status.as_u16();
    ResponseHead::new(status, &received.headers, token.expose(), body)
}
