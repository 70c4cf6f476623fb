//! How often requests may be sent, and how long calls may take.

use std::time::Duration;

use super::{Audit, CallBounds, CallTime, MINUTE};

impl Audit {
    /// Checks what can be checked only when all is over.
    pub(in super::super) fn close(&mut self, call_bounds: CallBounds) {
        let bounds = [false, true].map(|writes| self.bound(call_bounds, writes));
        for CallTime { what, writes, time } in self.calls.clone() {
            let bound = bounds[usize::from(writes)];
            if time > bound {
                self.complain(format!("{what} took {time:?}, longer than {bound:?}"));
            }
        }
        let attempts = call_bounds.attempts;
        for (line, sent) in self.sent.clone() {
            // A value is sealed twice at most, and a secret read before each attempt and twice
            // after the last. Each can take one more attempt with another token. A list of several
            // pages is read until two readings agree, as often.
            let most = match line.split_once(' ') {
                Some(("DELETE", _)) => 1,
                Some(("PUT", _)) => 2,
                Some((_, path)) if path.contains("/repositories") => 4 * (attempts + 2),
                Some((_, path)) if path.contains("/C") => attempts + 3,
                _ => continue,
            };
            let (times, most) = (sent.times, most * (attempts + 1));
            if times > most {
                self.complain(format!("{line} was sent {times} times, more than {most}"));
            }
            let (time, bound) = (sent.last - sent.first, self.bound_of_attempts(call_bounds));
            // Without any time, an attempt with a fresh key or token can come at any time.
            let timed = !call_bounds.deadline.is_zero() && !line.starts_with("GET");
            if timed && time > bound {
                self.complain(format!(
                    "{line} was tried for {time:?}, longer than {bound:?}"
                ));
            }
        }
    }

    /// The longest time between the first and the last attempt at a write.
    fn bound_of_attempts(&self, call_bounds: CallBounds) -> Duration {
        let CallBounds {
            deadline,
            timeout,
            provider,
            ..
        } = call_bounds;
        let first_use = if provider.is_zero() {
            Duration::ZERO
        } else {
            timeout
        };
        // Without any time there is one more attempt with a fresh key.
        let sending = if deadline.is_zero() {
            timeout * 4
        } else {
            deadline
        };
        sending + provider * 2 + first_use + self.queue(call_bounds, true)
    }

    /// The longest that a call can take.
    fn bound(&self, call_bounds: CallBounds, writes: bool) -> Duration {
        let CallBounds {
            deadline,
            timeout,
            provider,
            ..
        } = call_bounds;
        // One attempt is under way when the time is over. Its token may wait for its first use, and
        // may expire before its turn. Without any time there is one attempt at each request.
        let attempts = if deadline.is_zero() { 40 } else { 1 };
        let sending = deadline + (timeout * 2 + provider * 2) * attempts;
        sending + self.queue(call_bounds, writes)
    }

    /// The longest that a request can wait for its turn.
    fn queue(&self, call_bounds: CallBounds, writes: bool) -> Duration {
        let CallBounds {
            deadline, timeout, ..
        } = call_bounds;
        // Before the first request, a hold is waited for whenever it is met.
        let holds: Duration = self.holds.iter().map(|hold| *hold.min(&deadline)).sum();
        let slots = timeout * self.requests / u32::try_from(self.limits.concurrent).unwrap();
        let minute = MINUTE + MINUTE / 10 + timeout;
        let reduced = if self.holds.is_empty() { 1 } else { 8 };
        let turns = |count: u32, limit: Option<u32>, window: Duration| {
            let full = limit.map_or(0, |limit| count / (limit / reduced).max(1));
            if full > 0 {
                window * (full + 1)
            } else {
                Duration::ZERO
            }
        };
        let limits = &self.limits;
        let unsent = self.unsent_writes();
        let writes_due = self.writes + unsent;
        let points = self.requests + self.writes * 4 + unsent * 5;
        let mut queue = holds + slots + turns(points, limits.points_per_minute, minute);
        if writes {
            let of_the_hour = limits.writes_per_hour.map(|limit| limit * reduced);
            queue += turns(writes_due, limits.writes_per_minute, minute);
            queue += turns(writes_due, of_the_hour, minute * 60);
        }
        queue
    }
}
