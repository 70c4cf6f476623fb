//! One documented limit, kept in every window of its length.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::looks;

/// Counts requests so that no window of its length holds more than a limit allows.
///
/// The server counts a request at some moment between its sending and its response. So a request
/// stays here until a whole window has passed since the response. Then the limit is kept in every
/// window that the server can look at: fixed, sliding, or an allowance that refills.
#[derive(Clone, Debug)]
pub(super) struct Window {
    limit: u32,
    length: Duration,
    /// The cost of the requests whose response is not known yet.
    open: u32,
    /// The cost of the other requests.
    closed: u32,
    /// What each of these costs and when it leaves the window, the first to leave in front.
    leaving: VecDeque<(Instant, u32)>,
}

impl Window {
    pub(super) fn new(limit: u32, length: Duration) -> Self {
        Self {
            limit,
            // Two clocks run apart by less than a thousandth.
            length: length + length / 1_000,
            open: 0,
            closed: 0,
            leaving: VecDeque::new(),
        }
    }

    /// An empty window with a part of this one's limit.
    pub(super) fn reduced(&self, divisor: u32) -> Self {
        Self {
            limit: (self.limit / divisor).max(1),
            length: self.length,
            open: 0,
            closed: 0,
            leaving: VecDeque::new(),
        }
    }

    pub(super) fn set_limit(&mut self, limit: u32) {
        self.limit = limit.max(1);
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Returns when a request of this cost fits, or `None` if that depends on a response to come.
    pub(super) fn ready_at(&mut self, now: Instant, cost: u32) -> Option<Instant> {
        self.leave(now);
        // A request that costs more than the limit goes alone.
        let room = self.limit.saturating_sub(cost);
        let mut used = self.open.saturating_add(self.closed);
        if used <= room {
            return Some(now);
        }
        for (at, leaves) in &self.leaving {
            looks::count(1);
            used = used.saturating_sub(*leaves);
            if used <= room {
                return Some(*at);
            }
        }
        None
    }

    /// Returns whether requests that cost this much together fit at once.
    pub(super) fn has_room(&mut self, now: Instant, cost: u32) -> bool {
        self.leave(now);
        let used = self.open.saturating_add(self.closed);
        used.saturating_add(cost) <= self.limit
    }

    /// Counts a request that is about to be sent.
    pub(super) fn open(&mut self, cost: u32) {
        self.open = self.open.saturating_add(cost);
    }

    /// Takes back a request that was not sent.
    pub(super) fn give_back(&mut self, cost: u32) {
        self.open = self.open.saturating_sub(cost);
    }

    /// Lets a request leave a whole window after the server counted it, at `counted` at the latest.
    pub(super) fn close(&mut self, cost: u32, counted: Instant) {
        self.give_back(cost);
        let leaves = counted + self.length;
        let after = self.leaving.partition_point(|(at, _)| *at <= leaves);
        self.leaving.insert(after, (leaves, cost));
        self.closed = self.closed.saturating_add(cost);
    }

    /// Returns a copy of the window if all responses came now.
    pub(super) fn all_answered(&self, now: Instant) -> Self {
        looks::count(self.leaving.len());
        let mut answered = self.clone();
        if self.open > 0 {
            answered.close(self.open, now);
        }
        answered
    }

    /// Lets go of what has left the window by now.
    fn leave(&mut self, now: Instant) {
        while let Some(&(_, left)) = self.leaving.front().filter(|(at, _)| *at <= now) {
            self.leaving.pop_front();
            self.closed = self.closed.saturating_sub(left);
        }
    }

    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        self.open == 0
    }
}
