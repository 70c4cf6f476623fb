//! How much a token may do within a span of time.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// An allowance for a span of time. GitHub does not document in which way it counts.
pub(crate) struct Allowance {
    span: Duration,
    limit: u32,
    spent: Spent,
}

enum Spent {
    /// What was used comes back steadily, and all of it has at this moment.
    Refilling { whole_at: Instant },
    /// What was used comes back when it leaves the span.
    Sliding { counted: VecDeque<(Instant, u32)> },
}

impl Allowance {
    pub(crate) fn refilling(span: Duration, limit: u32, now: Instant) -> Self {
        let spent = Spent::Refilling { whole_at: now };
        Self { span, limit, spent }
    }

    pub(crate) fn sliding(span: Duration, limit: u32) -> Self {
        let counted = VecDeque::new();
        let spent = Spent::Sliding { counted };
        Self { span, limit, spent }
    }

    /// Returns how long to wait until the cost fits under the limit, or `None` if it fits now.
    pub(crate) fn wait(&mut self, now: Instant, cost: u32) -> Option<Duration> {
        if cost == 0 {
            return None;
        }
        let refill = self.refill(cost);
        match &mut self.spent {
            Spent::Refilling { whole_at } => {
                let ahead = whole_at.saturating_duration_since(now) + refill;
                ahead.checked_sub(self.span).filter(|wait| !wait.is_zero())
            }
            Spent::Sliding { counted } => {
                counted.retain(|(at, _)| now.duration_since(*at) < self.span);
                let used: u32 = counted.iter().map(|(_, past)| past).sum();
                let mut over = (used + cost)
                    .checked_sub(self.limit)
                    .filter(|over| *over > 0)?;
                let leaves = counted.iter().find(|(_, past)| {
                    over = over.saturating_sub(*past);
                    over == 0
                });
                Some(leaves.map_or(self.span, |(at, _)| (*at + self.span).duration_since(now)))
            }
        }
    }

    pub(crate) fn count(&mut self, now: Instant, cost: u32) {
        let refill = self.refill(cost);
        match &mut self.spent {
            _ if cost == 0 => {}
            Spent::Refilling { whole_at } => *whole_at = now.max(*whole_at) + refill,
            Spent::Sliding { counted } => counted.push_back((now, cost)),
        }
    }

    fn refill(&self, cost: u32) -> Duration {
        self.span * cost / self.limit.max(1)
    }
}
