//! Everything that is counted: the documented limits, and a part of them after a rate-limit
//! response.

use std::time::Duration;

use tokio::time::Instant;

use super::{looks, window::Window};
use crate::Limits;

/// What a request costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) points: u32,
    pub(super) writes: u32,
}

impl Cost {
    /// GitHub counts one point for a read and five for a write.
    pub(super) const READ: Self = Self {
        points: 1,
        writes: 0,
    };
    pub(super) const WRITE: Self = Self {
        points: 5,
        writes: 1,
    };

    /// The part of a write's cost that reads do not have.
    pub(super) const OF_WRITES: Self = Self {
        points: 0,
        ..Self::WRITE
    };

    /// The other part.
    pub(super) const OF_POINTS: Self = Self {
        writes: 0,
        ..Self::WRITE
    };
}

/// The least part of a limit that is left after rate-limit responses.
const LARGEST_DIVISOR: u32 = 8;

/// How many minutes without a rate-limit response give a halved limit back.
const QUIET_MINUTES: u32 = 5;

#[derive(Debug)]
pub(super) struct Allowance {
    minute: Duration,
    documented: Windows,
    reduced: Option<Reduced>,
    /// One for each cost, until something changes that it counts: thousands who wait together ask
    /// for it.
    forecasts: Vec<Forecast>,
}

/// A part of the limits of a minute, for the requests that are sent after a rate-limit response.
/// The limit of an hour is slow enough to be hardly ever the cause.
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

/// When each of many requests in a row can be sent, if all that are under way are answered now.
#[derive(Debug)]
pub(super) struct Forecast {
    cost: Cost,
    windows: [Option<Windows>; 2],
    from: Instant,
    times: Vec<Instant>,
}

impl Allowance {
    pub(super) fn new(limits: &Limits) -> Self {
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
            forecasts: Vec::new(),
        }
    }

    /// Returns when a request of this cost can be sent, or `None` if that depends on a response.
    pub(super) fn ready(&mut self, now: Instant, cost: Cost) -> Option<Instant> {
        self.recover(now);
        let ready = self.documented.ready(now, cost);
        match &mut self.reduced {
            Some(reduced) => later(ready, reduced.windows.ready(now, cost)),
            None => ready,
        }
    }

    /// Counts a request that is about to be sent.
    pub(super) fn open(&mut self, cost: Cost, epoch: u64) {
        self.each(cost, epoch, Window::open);
    }

    /// Takes back a request that was not sent.
    pub(super) fn give_back(&mut self, cost: Cost, epoch: u64) {
        self.each(cost, epoch, Window::give_back);
    }

    /// Lets a request leave a window's length after `counted`, when the server has counted it.
    pub(super) fn close(&mut self, cost: Cost, epoch: u64, counted: Instant) {
        self.each(cost, epoch, |window, cost| window.close(cost, counted));
    }

    /// Halves the limits of a minute for all requests from `epoch` on.
    pub(super) fn halve(&mut self, now: Instant, epoch: u64) {
        let divisor = self.reduced.as_ref().map_or(1, |reduced| reduced.divisor);
        let divisor = (divisor * 2).min(LARGEST_DIVISOR);
        let part = |window: &Option<Window>| window.as_ref().map(|window| window.reduced(divisor));
        self.forecasts.clear();
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

    /// Returns when the request with so many of its cost before it can be sent, if all that are
    /// under way are answered at once.
    pub(super) fn expected(&mut self, cost: Cost, before: usize, now: Instant) -> Instant {
        self.recover(now);
        if self.has_room(cost, before, now) {
            return now;
        }
        let kept = self.forecasts.iter_mut().find(|one| one.cost == cost);
        let at = match kept {
            Some(forecast) => forecast.of(before),
            None => {
                let mut forecast = self.forecast(cost, now, now);
                let at = forecast.of(before);
                self.forecasts.push(forecast);
                at
            }
        };
        at.max(now)
    }

    /// Returns whether a request and so many before it can be sent at once: nothing needs to be
    /// copied then.
    fn has_room(&mut self, cost: Cost, before: usize, now: Instant) -> bool {
        let count = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        let reduced = self.reduced.as_mut().map(|reduced| &mut reduced.windows);
        let mut windows = [Some(&mut self.documented), reduced].into_iter().flatten();
        windows.all(|windows| {
            let mut counting = windows.counting(cost);
            counting.all(|(window, cost)| window.has_room(now, cost.saturating_mul(count)))
        })
    }

    /// Returns when requests of this cost can be sent, the first at `from` at the earliest.
    pub(super) fn forecast(&self, cost: Cost, now: Instant, from: Instant) -> Forecast {
        let reduced = self.reduced.as_ref().map(|reduced| &reduced.windows);
        Forecast {
            cost,
            windows: [Some(&self.documented), reduced]
                .map(|windows| windows.map(|windows| windows.all_answered(cost, now))),
            from,
            times: Vec::new(),
        }
    }

    /// Returns when a reduced limit becomes larger again.
    pub(super) fn recovers_at(&self) -> Option<Instant> {
        let reduced = self.reduced.as_ref()?;
        Some(reduced.changed + self.minute * QUIET_MINUTES)
    }

    pub(super) fn recover(&mut self, now: Instant) {
        let quiet = self.minute * QUIET_MINUTES;
        while let Some(reduced) = &mut self.reduced
            && now.saturating_duration_since(reduced.changed) >= quiet
        {
            self.forecasts.clear();
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
        self.forecasts.retain(|forecast| !forecast.counts(cost));
        let reduced = match &mut self.reduced {
            Some(reduced) if reduced.since <= epoch => Some(&mut reduced.windows),
            _ => None,
        };
        for windows in [Some(&mut self.documented), reduced].into_iter().flatten() {
            for (window, cost) in windows.counting(cost) {
                change(window, cost);
            }
        }
    }
}

impl Forecast {
    /// Returns whether a change by this cost changes it.
    fn counts(&self, cost: Cost) -> bool {
        let Cost { points, writes } = self.cost;
        points > 0 && cost.points > 0 || writes > 0 && cost.writes > 0
    }

    /// Returns when the request with so many before it can be sent.
    pub(super) fn of(&mut self, before: usize) -> Instant {
        while self.times.len() <= before {
            let at = self.next();
            self.times.push(at);
        }
        self.times.get(before).copied().unwrap_or(self.from)
    }

    fn next(&mut self) -> Instant {
        looks::count(1);
        let mut at = self.times.last().copied().unwrap_or(self.from);
        for windows in self.windows.iter_mut().flatten() {
            at = windows.ready(at, self.cost).unwrap_or(at);
        }
        for windows in self.windows.iter_mut().flatten() {
            for (window, cost) in windows.counting(self.cost) {
                window.open(cost);
                window.close(cost, at);
            }
        }
        at
    }
}

impl Windows {
    fn ready(&mut self, now: Instant, cost: Cost) -> Option<Instant> {
        let ready_at = |window: &mut Option<Window>, cost| match window {
            Some(window) if cost > 0 => window.ready_at(now, cost),
            _ => Some(now),
        };
        let minute = ready_at(&mut self.writes, cost.writes);
        let hour = ready_at(&mut self.writes_of_the_hour, cost.writes);
        later(later(minute, hour), ready_at(&mut self.points, cost.points))
    }

    /// Returns the windows that count a request, and its cost in each.
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

    /// Returns a copy of the windows that count requests of this cost, if all responses came now.
    fn all_answered(&self, cost: Cost, now: Instant) -> Self {
        let answered = |window: &Option<Window>, cost| {
            let window = window.as_ref().filter(|_| cost > 0);
            window.map(|window| window.all_answered(now))
        };
        Self {
            points: answered(&self.points, cost.points),
            writes: answered(&self.writes, cost.writes),
            writes_of_the_hour: answered(&self.writes_of_the_hour, cost.writes),
        }
    }
}

#[cfg(test)]
impl Allowance {
    pub(super) fn is_idle(&self) -> bool {
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

/// Returns the later of two times; unknown if one of them is.
fn later(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.zip(other).map(|(one, other)| one.max(other))
}
