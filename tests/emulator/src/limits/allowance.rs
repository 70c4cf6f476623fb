//! How much a token may do within a span of time.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

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
    /// All that was used comes back at the end of a span that began with the first use.
    Fixed { end: Instant, used: u32 },
}

/// The way in which an allowance comes back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counting {
    Refilling,
    Sliding,
    Fixed,
}

impl Allowance {
    pub(crate) fn new(counting: Counting, span: Duration, limit: u32, now: Instant) -> Self {
        let spent = match counting {
            Counting::Refilling => Spent::Refilling { whole_at: now },
            Counting::Sliding => Spent::Sliding {
                counted: VecDeque::new(),
            },
            Counting::Fixed => Spent::Fixed { end: now, used: 0 },
        };
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
            Spent::Fixed { end, used } => {
                let left = end.saturating_duration_since(now);
                let fits = left.is_zero() || *used + cost <= self.limit;
                (!fits).then_some(left)
            }
        }
    }

    pub(crate) fn count(&mut self, now: Instant, cost: u32) {
        let refill = self.refill(cost);
        match &mut self.spent {
            _ if cost == 0 => {}
            Spent::Refilling { whole_at } => *whole_at = now.max(*whole_at) + refill,
            Spent::Sliding { counted } => counted.push_back((now, cost)),
            Spent::Fixed { end, used } if now >= *end => {
                (*end, *used) = (now + self.span, cost);
            }
            Spent::Fixed { used, .. } => *used += cost,
        }
    }

    fn refill(&self, cost: u32) -> Duration {
        self.span * cost / self.limit.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// Returns how many of 10 units fit under a limit of 3, at the end of a minute in which 3 were
    /// used: one at its beginning and two in its last second.
    fn fitting_after_a_minute(counting: Counting) -> usize {
        let start = Instant::now();
        let mut allowance = Allowance::new(counting, MINUTE, 3, start);
        for second in [0, 59, 59] {
            let now = start + Duration::from_secs(second);
            assert_eq!(allowance.wait(now, 1), None);
            allowance.count(now, 1);
        }
        let now = start + MINUTE;
        (0..10)
            .take_while(|_| {
                let fits = allowance.wait(now, 1).is_none();
                allowance.count(now, 1);
                fits
            })
            .count()
    }

    #[test]
    fn a_fixed_window_gives_everything_back_at_its_end() {
        assert_eq!(fitting_after_a_minute(Counting::Fixed), 3);
    }

    #[test]
    fn a_sliding_window_gives_back_what_is_a_minute_old() {
        assert_eq!(fitting_after_a_minute(Counting::Sliding), 1);
    }

    #[test]
    fn a_refilling_allowance_gives_back_steadily() {
        assert_eq!(fitting_after_a_minute(Counting::Refilling), 1);
    }
}
