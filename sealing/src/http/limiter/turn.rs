//! The right to send one request.

use std::{sync::Arc, time::Duration};

use super::state::{End, Shared, Taken};
use crate::LimitKind;

/// The right to send one request now. It goes back when it is dropped unused.
pub(crate) struct Turn<C> {
    shared: Arc<Shared<C>>,
    /// What it took itself, and what was reserved for it.
    taken: [Option<Taken>; 2],
    end: End,
    queued: Duration,
}

/// The part of a turn that only writes take, ahead of the turn. It goes back when it is dropped.
pub(crate) struct Reservation<C>(Turn<C>);

impl<C> Turn<C> {
    pub(crate) fn new(shared: Arc<Shared<C>>, taken: Taken, queued: Duration) -> Self {
        Self {
            shared,
            taken: [Some(taken), None],
            end: End::Unused,
            queued,
        }
    }

    pub(crate) fn reserved(self) -> Reservation<C> {
        Reservation(self)
    }

    /// Adds what was reserved for this turn.
    pub(crate) fn with(mut self, mut reservation: Reservation<C>) -> Self {
        self.taken[1] = reservation.0.taken[0].take();
        self
    }

    /// Ends the turn unused, and returns what was reserved for it.
    pub(crate) fn without_reservation(mut self) -> Option<Reservation<C>> {
        let reserved = self.taken[1].take()?;
        let shared = Arc::clone(&self.shared);
        Some(Reservation(Self::new(shared, reserved, Duration::ZERO)))
    }

    /// How long the turn was waited for, holds not included.
    pub(crate) fn queued(&self) -> Duration {
        self.queued
    }

    /// Marks the turn as used: the request is sent next.
    pub(crate) fn sent(&mut self) {
        self.end = End::Unanswered;
    }

    /// Marks the turn as unused: nothing was sent after all.
    pub(crate) fn unused(mut self) {
        self.end = End::Unused;
    }

    /// Ends the turn with a response.
    pub(crate) fn answered(mut self) {
        self.end = End::Answered;
    }

    /// Ends the turn with a limit answer, after which nothing is sent for as long as was `told`.
    pub(crate) fn limited(mut self, kind: LimitKind, told: Option<Duration>, cause: C) {
        self.end = End::Answered;
        if let Some(taken) = &self.taken[0] {
            self.shared.limited(taken.epoch, kind, told, cause);
        }
    }

    /// Ends the turn with a response that was the last one until `reset`.
    pub(crate) fn exhausted(mut self, reset: Duration, cause: C) {
        self.end = End::Answered;
        self.shared.exhausted(reset, cause);
    }
}

impl<C> Drop for Turn<C> {
    fn drop(&mut self) {
        for taken in self.taken.iter().flatten() {
            self.shared.release(taken, self.end);
        }
    }
}
