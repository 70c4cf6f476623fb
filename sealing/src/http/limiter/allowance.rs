//! Everything that is counted: the documented limits, and a part of them after a limit answer.

use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use crate::Limits;

/// What a request costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) points: u32,
    pub(crate) writes: u32,
}

impl Cost {
    /// GitHub counts one point for a read and five for a write.
    pub(crate) const READ: Self = Self {
        points: 1,
        writes: 0,
    };
    pub(crate) const WRITE: Self = Self {
        points: 5,
        writes: 1,
    };

    /// The part of a write's cost that reads do not have.
    pub(crate) const OF_WRITES: Self = Self {
        points: 0,
        ..Self::WRITE
    };

    /// The other part.
    pub(crate) const OF_POINTS: Self = Self {
        writes: 0,
        ..Self::WRITE
    };
}

/// The least part of a limit that is left after limit answers.
const LARGEST_DIVISOR: u32 = 8;

/// How many minutes without a limit answer give a halved limit back.
const QUIET_MINUTES: u32 = 5;

#[derive(Debug)]
pub(crate) struct Allowance {
    minute: Duration,
    documented: Windows,
    reduced: Option<Reduced>,
}

/// A part of the limits of a minute, for the requests that are sent after a limit answer. The limit
/// of an hour is slow enough to be hardly ever the cause.
#[derive(Debug)]
struct Reduced {
    windows: Windows,
    divisor: u32,
    changed: Instant,
    /// The first epoch that is counted.
    since: u64,
}

#[derive(Clone, Debug)]
struct Windows {
    points: Option<Window>,
    writes: Option<Window>,
    writes_of_the_hour: Option<Window>,
}

/// When a request can be sent, as far as that is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    /// By the limits of writes, which reads do not share.
    pub(crate) alone: Option<Instant>,
    /// By everything.
    pub(crate) at: Option<Instant>,
}

impl Allowance {
    pub(crate) fn new(limits: &Limits) -> Self {
        let minute = limits.minute;
        let window = |limit: Option<u32>, length| limit.map(|limit| Window::new(limit, length));
        Self {
            minute,
            documented: Windows {
                points: window(limits.points_per_minute, minute),
                writes: window(limits.writes_per_minute, minute),
                writes_of_the_hour: window(limits.writes_per_hour, minute * 60),
            },
            reduced: None,
        }
    }

    pub(crate) fn ready(&mut self, now: Instant, cost: Cost) -> Ready {
        self.recover(now);
        let mut ready = self.documented.ready(now, cost);
        if let Some(reduced) = &mut self.reduced {
            let other = reduced.windows.ready(now, cost);
            ready.alone = later(ready.alone, other.alone);
            ready.at = later(ready.at, other.at);
        }
        ready
    }

    /// Counts a request that is about to be sent.
    pub(crate) fn open(&mut self, cost: Cost, epoch: u64) {
        self.each(cost, epoch, Window::open);
    }

    /// Takes back a request that was not sent.
    pub(crate) fn give_back(&mut self, cost: Cost, epoch: u64) {
        self.each(cost, epoch, Window::give_back);
    }

    /// Lets a request leave a window's length after `counted`, when the server has counted it.
    pub(crate) fn close(&mut self, cost: Cost, epoch: u64, counted: Instant) {
        self.each(cost, epoch, |window, cost| window.close(cost, counted));
    }

    /// Halves the limits of a minute for all requests from `epoch` on.
    pub(crate) fn halve(&mut self, now: Instant, epoch: u64) {
        let divisor = self.reduced.as_ref().map_or(1, |reduced| reduced.divisor);
        let divisor = (divisor * 2).min(LARGEST_DIVISOR);
        let part = |window: &Option<Window>| window.as_ref().map(|window| window.reduced(divisor));
        self.reduced = Some(Reduced {
            windows: Windows {
                points: part(&self.documented.points),
                writes: part(&self.documented.writes),
                writes_of_the_hour: None,
            },
            divisor,
            changed: now,
            since: epoch,
        });
    }

    /// Returns when the last of `count` requests can be sent, the first at `from` at the earliest,
    /// if all that are under way are answered now.
    pub(crate) fn last_of(&self, count: usize, cost: Cost, now: Instant, from: Instant) -> Instant {
        let mut each = [
            Some(&self.documented),
            self.reduced.as_ref().map(|reduced| &reduced.windows),
        ]
        .map(|windows| windows.map(|windows| windows.all_answered(now)));
        let mut at = from;
        for _ in 0..count {
            for windows in each.iter_mut().flatten() {
                at = windows.ready(at, cost).at.unwrap_or(at);
            }
            for windows in each.iter_mut().flatten() {
                for (window, cost) in windows.counting(cost) {
                    window.open(cost);
                    window.close(cost, at);
                }
            }
        }
        at
    }

    /// Returns when a reduced limit becomes larger again.
    pub(crate) fn recovers_at(&self) -> Option<Instant> {
        let reduced = self.reduced.as_ref()?;
        Some(reduced.changed + self.minute * QUIET_MINUTES)
    }

    fn recover(&mut self, now: Instant) {
        let quiet = self.minute * QUIET_MINUTES;
        while let Some(reduced) = &mut self.reduced
            && now.saturating_duration_since(reduced.changed) >= quiet
        {
            reduced.changed += quiet;
            reduced.divisor /= 2;
            if reduced.divisor <= 1 {
                self.reduced = None;
                return;
            }
            reduced.windows.divide(&self.documented, reduced.divisor);
        }
    }

    fn each(&mut self, cost: Cost, epoch: u64, change: impl Fn(&mut Window, u32)) {
        let reduced = self.reduced.as_mut();
        let reduced = reduced.filter(|reduced| reduced.since <= epoch);
        let reduced = reduced.map(|reduced| &mut reduced.windows);
        for windows in [Some(&mut self.documented), reduced].into_iter().flatten() {
            for (window, cost) in windows.counting(cost) {
                change(window, cost);
            }
        }
    }
}

impl Windows {
    fn ready(&mut self, now: Instant, cost: Cost) -> Ready {
        let ready_at = |window: &mut Option<Window>, cost| match window {
            Some(window) if cost > 0 => window.ready_at(now, cost),
            _ => Some(now),
        };
        let minute = ready_at(&mut self.writes, cost.writes);
        let hour = ready_at(&mut self.writes_of_the_hour, cost.writes);
        let alone = later(minute, hour);
        let at = later(alone, ready_at(&mut self.points, cost.points));
        Ready { alone, at }
    }

    /// The windows that count a request, and its cost in each.
    fn counting(&mut self, cost: Cost) -> impl Iterator<Item = (&mut Window, u32)> {
        let Cost { points, writes } = cost;
        let windows = [
            (self.points.as_mut(), points),
            (self.writes.as_mut(), writes),
            (self.writes_of_the_hour.as_mut(), writes),
        ];
        let counting = windows.into_iter().filter(|(_, cost)| *cost > 0);
        counting.filter_map(|(window, cost)| Some((window?, cost)))
    }

    fn divide(&mut self, documented: &Self, divisor: u32) {
        let parts = [
            (&mut self.points, &documented.points),
            (&mut self.writes, &documented.writes),
        ];
        for (part, whole) in parts {
            if let (Some(part), Some(whole)) = (part, whole) {
                part.set_limit(whole.limit() / divisor);
            }
        }
    }

    fn all_answered(&self, now: Instant) -> Self {
        let answered = |window: &Option<Window>| window.clone().map(|one| one.all_answered(now));
        Self {
            points: answered(&self.points),
            writes: answered(&self.writes),
            writes_of_the_hour: answered(&self.writes_of_the_hour),
        }
    }
}

#[cfg(test)]
impl Allowance {
    pub(crate) fn is_idle(&self) -> bool {
        let reduced = self.reduced.iter().map(|reduced| &reduced.windows);
        [&self.documented]
            .into_iter()
            .chain(reduced)
            .all(|windows| {
                let all = [
                    &windows.points,
                    &windows.writes,
                    &windows.writes_of_the_hour,
                ];
                all.into_iter().flatten().all(Window::is_idle)
            })
    }
}

/// The later of two times; unknown if one of them is.
fn later(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.zip(other).map(|(one, other)| one.max(other))
}
