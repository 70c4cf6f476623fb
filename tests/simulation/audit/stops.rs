//! That nothing is sent after a stop, and how long a call takes after one.

use std::time::Duration;

use tokio::time::Instant;

use super::{super::schedule::TIMEOUT, Audit, CallTime};

/// What is not waited for may take this long.
const AT_ONCE: Duration = Duration::from_millis(100);

impl Audit {
    /// Nothing is to be sent any more for this secret.
    pub(in super::super) fn stop(&mut self, name: &str) {
        self.note(format!("{name} is stopped"));
        self.stop_at(name, Instant::now());
    }

    /// Nothing is to be sent for this secret at this time or later.
    pub(in super::super) fn stop_at(&mut self, name: &str, at: Instant) {
        let stopped = self.stopped.entry(name.to_owned()).or_insert(at);
        *stopped = at.min(*stopped);
    }

    /// Nothing is to be sent any more.
    pub(in super::super) fn stop_all(&mut self) {
        self.note("all is stopped".to_owned());
        self.all_stopped = Some(Instant::now());
    }

    pub(in super::super) fn is_stopped(&self) -> bool {
        self.all_stopped.is_some()
    }

    /// Returns when what concerns this secret was stopped, if it was.
    pub(in super::super) fn stopped_at(&self, name: &str) -> Option<Instant> {
        let own = self.stopped.get(name).copied();
        own.into_iter().chain(self.all_stopped).min()
    }

    pub(in super::super) fn took(&mut self, what: String, writes: bool, time: Duration) {
        // A write that was sent before a stop is waited for, and nothing else.
        let longest = if writes { TIMEOUT } else { AT_ONCE };
        let since = self.stopped_at(&what).map(|stopped| stopped.elapsed());
        if let Some(since) = since
            .map(|since| since.min(time))
            .filter(|since| *since > longest)
        {
            self.complain(format!("{what} took {since:?} after a stop"));
        }
        self.calls.push(CallTime { what, writes, time });
    }

    /// A secret of a batch with these names took this time. After a stop, only what was sent is
    /// waited for.
    pub(in super::super) fn took_in_batch(&mut self, what: &str, names: &[String], time: Duration) {
        let flights = names.iter().filter_map(|name| self.in_flight.get(name));
        let since_flight = flights.map(|(count, last)| match count {
            0 => last.elapsed(),
            _ => Duration::ZERO,
        });
        let since_flight = since_flight.min().unwrap_or(Duration::MAX);
        let since = self.stopped_at(what).map(|stopped| stopped.elapsed());
        let since = since.map(|since| since.min(since_flight).min(time));
        if let Some(since) = since.filter(|since| *since > AT_ONCE) {
            self.complain(format!(
                "{what} took {since:?} after a stop, and nothing was sent"
            ));
        }
        self.took(what.to_owned(), true, time);
    }
}
