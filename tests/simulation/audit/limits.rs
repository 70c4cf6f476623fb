//! What the server counts: by the documented limits, and by a part of them after it reported one.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::MINUTE;
use crate::Limits;

/// Counts requests by all limits.
pub(super) struct Counts {
    documented: [Window; 3],
    part: Part,
}

/// What one limit counts.
struct Window {
    name: &'static str,
    limit: u32,
    length: Duration,
    entries: VecDeque<(Instant, u32)>,
}

/// The limits of a minute for requests that are sent after a secondary limit: half of them, and
/// half of that after another one. Each five minutes without one double them.
struct Part {
    windows: [Window; 2],
    divisor: u32,
    changed: Instant,
    epoch: Epoch,
    /// The first epoch that is counted.
    since: Epoch,
    /// How many writes were granted before, which are sent in any case.
    granted: u32,
}

/// Rises with each limit, so that requests that met one together count once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Epoch(u64);

impl Counts {
    pub(super) fn new(limits: &Limits) -> Self {
        let points = Window::new("points a minute", limits.points_per_minute, MINUTE);
        let writes = Window::new("writes a minute", limits.writes_per_minute, MINUTE);
        let of_hour = Window::new("writes an hour", limits.writes_per_hour, MINUTE * 60);
        Self {
            part: Part {
                windows: [points.emptied(), writes.emptied()],
                divisor: 1,
                changed: Instant::now(),
                epoch: Epoch(0),
                since: Epoch(0),
                granted: 0,
            },
            documented: [points, writes, of_hour],
        }
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.part.epoch
    }

    /// Takes note of a limit that a request of this epoch met; of a secondary one with how many
    /// writes were granted and not sent.
    pub(super) fn reported(&mut self, epoch: Epoch, granted: Option<usize>) {
        let part = &mut self.part;
        if epoch != part.epoch {
            return;
        }
        part.epoch.0 += 1;
        if let Some(granted) = granted {
            part.recover();
            part.divisor = (part.divisor * 2).min(8);
            part.changed = Instant::now();
            part.since = part.epoch;
            part.windows = part.windows.each_ref().map(Window::emptied);
            part.granted = u32::try_from(granted).expect("a few writes");
        }
    }

    /// Counts a request that was sent in this epoch, and returns what is wrong with that.
    pub(super) fn count(&mut self, is_write: bool, epoch: Epoch) -> Vec<String> {
        let costs = if is_write { [5, 1, 1] } else { [1, 0, 0] };
        let mut complaints = Vec::new();
        for (window, cost) in self.documented.iter_mut().zip(costs) {
            complaints.extend(window.count(cost, 1, 0));
        }
        self.part.recover();
        if self.part.divisor > 1 && epoch >= self.part.since {
            let granted = [0, self.part.granted];
            for ((window, cost), granted) in self.part.windows.iter_mut().zip(costs).zip(granted) {
                complaints.extend(window.count(cost, self.part.divisor, granted));
            }
        }
        complaints
    }
}

impl Part {
    fn recover(&mut self) {
        while self.divisor > 1 && self.changed.elapsed() >= MINUTE * 5 {
            self.changed += MINUTE * 5;
            self.divisor /= 2;
        }
    }
}

impl Window {
    fn new(name: &'static str, limit: Option<u32>, length: Duration) -> Self {
        Self {
            name,
            limit: limit.unwrap_or(u32::MAX),
            length,
            entries: VecDeque::new(),
        }
    }

    fn emptied(&self) -> Self {
        Self {
            entries: VecDeque::new(),
            ..*self
        }
    }

    fn count(&mut self, cost: u32, divisor: u32, granted: u32) -> Option<String> {
        let now = Instant::now();
        if cost > 0 {
            self.entries.push_back((now, cost));
        }
        let is_over = |(at, _): &(Instant, u32)| now - *at >= self.length;
        while self.entries.front().is_some_and(is_over) {
            self.entries.pop_front();
        }
        let count: u32 = self.entries.iter().map(|(_, cost)| cost).sum();
        let limit = (self.limit / divisor).max(1).max(granted);
        // What costs more than the limit goes alone.
        let is_wrong = count > limit && (divisor == 1 || self.entries.len() > 1);
        is_wrong.then(|| format!("{count} {} instead of {limit}", self.name))
    }
}
