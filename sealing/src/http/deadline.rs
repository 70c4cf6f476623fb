//! The time that a call may take.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// When a call began, and until when its requests may be sent.
pub(crate) struct Deadline {
    /// How long attempts may begin, from the first request on.
    within: Duration,
    /// The time after which nothing is sent, whatever the call waits for.
    end: Option<Instant>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// When the first request was sent.
    began: Option<Instant>,
    /// The time after which no attempt begins. It begins with the first request, not with the call,
    /// and moves on by what requests wait for their turn: a batch that takes an hour because of the
    /// limits is no reason to fail.
    at: Option<Instant>,
}

/// How long one request of a call may wait for its permits, and how long it has waited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueueTime {
    /// How long a reported limit may hold from now on, if `at` is not known yet.
    pub(super) within: Duration,
    /// The deadline when the request began to wait.
    pub(super) at: Option<Instant>,
    /// Nothing is sent at this time or later.
    pub(super) end: Option<Instant>,
    /// How long it waited for its turn, without the time in which a reported limit held.
    pub(super) waited: Duration,
}

impl Deadline {
    pub(crate) fn new(within: Duration) -> Self {
        Self {
            within,
            end: None,
            progress: Mutex::default(),
        }
    }

    /// Sets a time after which nothing is sent.
    pub(super) fn until(self, end: Option<Instant>) -> Self {
        Self { end, ..self }
    }

    /// Returns the time after which nothing is sent.
    pub(super) fn end(&self) -> Option<Instant> {
        self.end
    }

    /// Returns when the first request was sent.
    pub(crate) fn began(&self) -> Option<Instant> {
        self.lock().began
    }

    /// Lets the time for attempts begin at `began` if it has not begun yet.
    pub(crate) fn begin(&self, began: Instant) {
        let mut progress = self.lock();
        let began = *progress.began.get_or_insert(began);
        progress.at.get_or_insert(began + self.within);
    }

    /// Returns whether an attempt may begin at this time.
    pub(super) fn allows(&self, at: Instant) -> bool {
        let deadline = self.lock().at;
        deadline.is_none_or(|deadline| at <= deadline) && self.end.is_none_or(|end| at < end)
    }

    /// Returns the time after which not even the first attempt at a request begins. Without any
    /// time for attempts, the first ones are made all the same.
    pub(super) fn last_attempt(&self) -> Option<Instant> {
        let deadline = self.lock().at;
        deadline.filter(|_| !self.within.is_zero())
    }

    /// Returns whether not even a first attempt may begin any more.
    pub(super) fn has_passed(&self) -> bool {
        self.last_attempt().is_some_and(|at| Instant::now() > at)
    }

    /// Returns how long a token may be waited for. Nothing may have been sent yet.
    pub(super) fn of_token(&self) -> Option<Instant> {
        if self.within.is_zero() {
            return None;
        }
        self.last_attempt()
            .or_else(|| Instant::now().checked_add(self.within))
    }

    /// Returns how long a request may wait for its permits from now on.
    pub(super) fn queue_time(&self) -> QueueTime {
        QueueTime {
            within: self.within,
            at: self.lock().at,
            end: self.end,
            waited: Duration::ZERO,
        }
    }

    /// Moves the deadline on by what a request waited for its turn. Requests that waited together
    /// move it once.
    pub(super) fn extend(&self, by: &QueueTime) {
        if let Some(at) = by.at {
            let mut progress = self.lock();
            progress.at = progress.at.max(Some(at + by.waited));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QueueTime {
    /// Returns whether nothing is sent at this time any more.
    pub(super) fn is_over(&self, at: Instant) -> bool {
        self.end.is_some_and(|end| at >= end)
    }

    /// Returns the latest time at which a reported limit may end.
    pub(super) fn of_holds(&self, now: Instant) -> Instant {
        self.at.map_or(now + self.within, |at| at + self.waited)
    }
}
