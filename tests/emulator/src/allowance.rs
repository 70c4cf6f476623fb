//! What a token may still do of one kind.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// An allowance of so much in a span of time; GitHub does not say which way it counts.
pub(crate) enum Allowance {
    /// It comes back steadily: a burst of all of it, then as much as comes back.
    Refilling(Bucket),
    /// It comes back when what was used leaves the span.
    Sliding(Window),
}

impl Allowance {
    pub(crate) fn new(sliding: bool) -> Self {
        match sliding {
            true => Self::Sliding(Window::default()),
            false => Self::Refilling(Bucket::default()),
        }
    }

    /// How long to wait until the cost fits under the limit; `None` when it fits now.
    pub(crate) fn wait(
        &mut self,
        now: Instant,
        span: Duration,
        cost: u32,
        limit: u32,
    ) -> Option<Duration> {
        match self {
            _ if cost == 0 => None,
            Self::Refilling(bucket) => bucket.wait(now, span, cost, limit),
            Self::Sliding(window) => window.wait(now, span, cost, limit),
        }
    }

    pub(crate) fn count(&mut self, now: Instant, span: Duration, cost: u32, limit: u32) {
        match self {
            _ if cost == 0 => {}
            Self::Refilling(bucket) => bucket.empty_at = Some(bucket.after(now, span, cost, limit)),
            Self::Sliding(window) => window.count(now, cost),
        }
    }
}

#[derive(Default)]
pub(crate) struct Bucket {
    /// When all that was used will have come back.
    empty_at: Option<Instant>,
}

impl Bucket {
    fn wait(&self, now: Instant, span: Duration, cost: u32, limit: u32) -> Option<Duration> {
        let ahead = self.after(now, span, cost, limit).duration_since(now);
        ahead.checked_sub(span).filter(|wait| !wait.is_zero())
    }

    fn after(&self, now: Instant, span: Duration, cost: u32, limit: u32) -> Instant {
        let begin = self.empty_at.map_or(now, |at| at.max(now));
        begin + span * cost / limit.max(1)
    }
}

/// What was counted within the last minute or hour.
#[derive(Default)]
pub(crate) struct Window {
    counted: VecDeque<(Instant, u32)>,
    sum: u32,
}

impl Window {
    fn wait(&mut self, now: Instant, span: Duration, cost: u32, limit: u32) -> Option<Duration> {
        while let Some(&(at, past)) = self.counted.front()
            && now.duration_since(at) >= span
        {
            self.sum -= past;
            self.counted.pop_front();
        }
        let mut over = (self.sum + cost)
            .checked_sub(limit)
            .filter(|&over| over > 0)?;
        for &(at, past) in &self.counted {
            over = over.saturating_sub(past);
            if over == 0 {
                return Some((at + span).duration_since(now));
            }
        }
        Some(span)
    }

    fn count(&mut self, now: Instant, cost: u32) {
        self.counted.push_back((now, cost));
        self.sum += cost;
    }
}
