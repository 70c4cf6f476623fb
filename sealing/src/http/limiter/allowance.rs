//! Everything that is counted: the documented limits, and a part of them after a limit answer.

use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use crate::Limits;

/// What the limits count a request as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
}

/// The points that GitHub counts for a read and for a write.
const READ_POINTS: u32 = 1;
const WRITE_POINTS: u32 = 5;

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
    /// By what it does not share with requests of the other kind.
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

    pub(crate) fn ready(&mut self, now: Instant, kind: Kind) -> Ready {
        self.recover(now);
        let mut ready = self.documented.ready(now, kind);
        if let Some(reduced) = &mut self.reduced {
            let other = reduced.windows.ready(now, kind);
            ready.alone = later(ready.alone, other.alone);
            ready.at = later(ready.at, other.at);
        }
        ready
    }

    /// Counts a request that is about to be sent.
    pub(crate) fn open(&mut self, kind: Kind, epoch: u64) {
        self.each(kind, epoch, Window::open);
    }

    /// Takes back a request that was not sent.
    pub(crate) fn give_back(&mut self, kind: Kind, epoch: u64) {
        self.each(kind, epoch, Window::give_back);
    }

    /// Lets a request leave a window's length after `counted`, when the server has counted it.
    pub(crate) fn close(&mut self, kind: Kind, epoch: u64, counted: Instant) {
        self.each(kind, epoch, |window, cost| window.close(cost, counted));
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
    pub(crate) fn last_of(&self, count: usize, kind: Kind, now: Instant, from: Instant) -> Instant {
        let mut each = [
            Some(&self.documented),
            self.reduced.as_ref().map(|reduced| &reduced.windows),
        ]
        .map(|windows| windows.map(|windows| windows.all_answered(now)));
        let mut at = from;
        for _ in 0..count {
            for windows in each.iter_mut().flatten() {
                at = windows.ready(at, kind).at.unwrap_or(at);
            }
            for windows in each.iter_mut().flatten() {
                for (window, cost) in windows.counting(kind) {
                    window.open(cost);
                    window.close(cost, at);
                }
            }
        }
        at
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

    fn each(&mut self, kind: Kind, epoch: u64, change: impl Fn(&mut Window, u32)) {
        let reduced = self.reduced.as_mut();
        let reduced = reduced.filter(|reduced| reduced.since <= epoch);
        let reduced = reduced.map(|reduced| &mut reduced.windows);
        for windows in [Some(&mut self.documented), reduced].into_iter().flatten() {
            for (window, cost) in windows.counting(kind) {
                change(window, cost);
            }
        }
    }
}

impl Windows {
    fn ready(&mut self, now: Instant, kind: Kind) -> Ready {
        let mut ready = Ready {
            alone: Some(now),
            at: Some(now),
        };
        let Costs { points, writes } = Costs::of(kind);
        for window in [&mut self.writes, &mut self.writes_of_the_hour] {
            if let (Some(window), Some(writes)) = (window, writes) {
                ready.alone = later(ready.alone, window.ready_at(now, writes));
            }
        }
        let shared = self.points.as_mut();
        let shared = shared.map_or(Some(now), |window| window.ready_at(now, points));
        ready.at = later(ready.alone, shared);
        ready
    }

    /// The windows that count such a request, and its cost in each.
    fn counting(&mut self, kind: Kind) -> impl Iterator<Item = (&mut Window, u32)> {
        let Costs { points, writes } = Costs::of(kind);
        let windows = [
            (self.points.as_mut(), Some(points)),
            (self.writes.as_mut(), writes),
            (self.writes_of_the_hour.as_mut(), writes),
        ];
        let counting = windows.into_iter();
        counting.filter_map(|(window, cost)| window.zip(cost))
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

struct Costs {
    points: u32,
    writes: Option<u32>,
}

impl Costs {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Read => Self {
                points: READ_POINTS,
                writes: None,
            },
            Kind::Write => Self {
                points: WRITE_POINTS,
                writes: Some(1),
            },
        }
    }
}

/// The later of two times; unknown if one of them is.
fn later(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.zip(other).map(|(one, other)| one.max(other))
}
