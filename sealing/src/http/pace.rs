//! The allowance of one rate limit, by the generic cell rate algorithm.

use std::time::Duration;

use tokio::time::Instant;

/// An allowance that refills steadily: what is not used can be used at once later.
#[derive(Debug)]
pub(crate) struct Pace {
    /// How long one unit takes to come back.
    interval: Duration,
    /// How far ahead of the steady rate a burst may run.
    burst: Duration,
    /// When the allowance will be whole again.
    whole_at: Option<Instant>,
}

impl Pace {
    /// An allowance of `units` in `window`. One of them is held back from bursts, so that answers
    /// to early requests that travel fast do not make a later one arrive too soon.
    pub(crate) fn new(units: u32, window: Duration) -> Self {
        let interval = window / units.max(1);
        Self {
            interval,
            burst: interval * units.saturating_sub(2),
            whole_at: None,
        }
    }

    /// Takes `cost` units, and says when they may be spent; `slowdown` stretches the refill.
    pub(crate) fn take(&mut self, now: Instant, cost: u32, slowdown: u32) -> Instant {
        let begin = self.whole_at.map_or(now, |at| at.max(now));
        let last_unit = self.interval * (cost.saturating_sub(1)) * slowdown;
        self.whole_at = Some(begin + self.interval * cost * slowdown);
        let allowed = (begin + last_unit).checked_sub(self.burst);
        allowed.map_or(now, |at| at.max(now))
    }

    /// Forgets the burst: from now on only the steady rate.
    pub(crate) fn drain(&mut self, now: Instant) {
        let drained = now + self.burst;
        self.whole_at = Some(self.whole_at.map_or(drained, |at| at.max(drained)));
    }
}
