//! The one place that every request of a `GitHub` passes right before it is sent.

mod allowance;
mod state;
mod turn;
mod window;

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use self::{
    allowance::Cost,
    state::{Need, Shared, Step},
};
pub(crate) use self::{
    state::{Hold, Kind, Ticket},
    turn::{Reservation, Turn},
};
use super::wait::{OnWait, Wait, WaitReason};
use crate::Limits;

/// Gives each request its turn: a place among the requests under way together with its share of
/// the limits, and none while a limit that GitHub reported holds.
///
/// Reads and writes queue apart, and each queue is first come, first served. A queue moves only
/// while its first is polled, so a turn is waited for in a task. `C` is the cause of a hold.
pub(crate) struct Limiter<C> {
    shared: Arc<Shared<C>>,
    on_wait: Option<OnWait>,
}

/// How long a turn is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a reported limit to end.
    pub(crate) hold: HoldPatience,
    /// No turn begins at this time or later.
    pub(crate) end: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum HoldPatience {
    /// This long from when the hold is met.
    For(Duration),
    /// Until then, and longer by what is waited for a turn meanwhile.
    Until(Instant),
}

/// The reason why there is no turn.
#[derive(Clone, Debug)]
pub(crate) enum NoTurn<C> {
    /// A reported limit holds for longer than is waited.
    Held(Hold<C>),
    /// The turn would come too late.
    Late,
}

impl<C: Clone> Limiter<C> {
    pub(crate) fn new(limits: &Limits, on_wait: Option<OnWait>) -> Self {
        Self {
            shared: Arc::new(Shared::new(limits)),
            on_wait,
        }
    }

    /// Returns the next position at the end of the queue. It is kept for a request whose turn came
    /// and could not be used.
    pub(crate) fn ticket(&self) -> Ticket {
        self.shared.lock().ticket()
    }

    /// Waits for the turn of a request.
    pub(crate) async fn turn(
        &self,
        kind: Kind,
        ticket: Ticket,
        patience: Patience,
    ) -> Result<Turn<C>, NoTurn<C>> {
        self.wait(Need::Turn(kind), ticket, patience).await
    }

    /// Waits until a write can be sent as far as the limits of writes go, and keeps that, for a
    /// write that has to be close to what is read before it.
    pub(crate) async fn reserve_write(
        &self,
        ticket: Ticket,
        patience: Patience,
    ) -> Result<Reservation<C>, NoTurn<C>> {
        let turn = self.wait(Need::Reservation, ticket, patience).await?;
        Ok(turn.reserved())
    }

    /// Waits for the turn of a write that has a reservation.
    pub(crate) async fn reserved_turn(
        &self,
        reservation: Reservation<C>,
        ticket: Ticket,
        patience: Patience,
    ) -> Result<Turn<C>, NoTurn<C>> {
        let turn = self.wait(Need::ReservedTurn, ticket, patience).await?;
        Ok(turn.with(reservation))
    }

    /// Returns how long it takes from now until the last of so many more writes can be sent.
    pub(crate) fn time_for_writes(&self, count: usize) -> Duration {
        let now = Instant::now();
        let mut state = self.shared.lock();
        let count = state.queued_writes().saturating_add(count);
        let from = state.holding(now).map_or(now, |hold| hold.until);
        let last = state.allowance.last_of(count, Cost::WRITE, now, from);
        last.saturating_duration_since(now)
    }

    /// Returns how many requests are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.shared.lock().under_way()
    }

    /// Returns how long nothing is sent because of a limit that GitHub reported.
    pub(crate) fn held_for(&self) -> Option<Duration> {
        let now = Instant::now();
        let mut state = self.shared.lock();
        state.holding(now).map(|hold| hold.until - now)
    }

    async fn wait(
        &self,
        need: Need,
        ticket: Ticket,
        patience: Patience,
    ) -> Result<Turn<C>, NoTurn<C>> {
        let mut place = None;
        let mut queued = Duration::ZERO;
        let mut told = None;
        loop {
            let now = Instant::now();
            if patience.end.is_some_and(|end| now >= end) {
                return Err(NoTurn::Late);
            }
            let step = self.shared.lock().step(need, ticket, now);
            let (wake, expected, reason) = match step {
                Step::Taken(taken) => return Ok(Turn::new(self.shared.clone(), taken, queued)),
                Step::Held(hold) if hold.until > patience.hold.latest(now, queued) => {
                    return Err(NoTurn::Held(hold));
                }
                Step::Held(hold) => (
                    Some(hold.until),
                    hold.until,
                    WaitReason::RateLimit(hold.kind),
                ),
                Step::Queued { at, expected } => (at, expected, WaitReason::Pacing),
            };
            if patience.end.is_some_and(|end| expected >= end) {
                return Err(NoTurn::Late);
            }
            if expected > now && told.is_none_or(|(before, until)| before != reason || until <= now)
            {
                told = Some((reason, expected));
                self.tell(reason, expected - now);
            }
            let Some(place) = &place else {
                // What happens from now on wakes this request; what happened until now is looked at
                // anew.
                place = Some(Place::enter(&self.shared, need, ticket));
                continue;
            };
            let notified = place.notify.notified();
            match wake.into_iter().chain(patience.end).min() {
                // Whichever comes first is looked at anew.
                Some(at) => drop(timeout_at(at, notified).await),
                None => notified.await,
            }
            if reason == WaitReason::Pacing {
                queued += now.elapsed();
            }
        }
    }
}

#[cfg(test)]
impl<C> Limiter<C> {
    pub(crate) fn is_idle(&self) -> bool {
        self.shared.lock().is_idle()
    }
}

impl<C> Limiter<C> {
    /// Tells that a call begins to wait.
    pub(crate) fn tell(&self, reason: WaitReason, duration: Duration) {
        let seconds = duration.as_secs_f64();
        match reason {
            WaitReason::Pacing => tracing::debug!(?reason, seconds, "waiting"),
            _ => tracing::warn!(?reason, seconds, "waiting"),
        }
        if let Some(on_wait) = &self.on_wait {
            on_wait(&Wait { reason, duration });
        }
    }
}

impl Patience {
    /// The patience that is left after this long in the queue.
    pub(crate) fn after_queueing(self, queued: Duration) -> Self {
        let hold = match self.hold {
            HoldPatience::Until(at) => HoldPatience::Until(at + queued),
            hold => hold,
        };
        Self { hold, ..self }
    }
}

impl HoldPatience {
    fn latest(self, now: Instant, queued: Duration) -> Instant {
        match self {
            Self::For(duration) => now + duration,
            Self::Until(at) => at + queued,
        }
    }
}

/// A position in the queue, left when it is dropped.
struct Place<'a, C> {
    shared: &'a Shared<C>,
    need: Need,
    ticket: Ticket,
    notify: Arc<Notify>,
}

impl<'a, C> Place<'a, C> {
    fn enter(shared: &'a Shared<C>, need: Need, ticket: Ticket) -> Self {
        let notify = Arc::new(Notify::new());
        shared.lock().enter(need, ticket, Arc::clone(&notify));
        Self {
            shared,
            need,
            ticket,
            notify,
        }
    }
}

impl<C> Drop for Place<'_, C> {
    fn drop(&mut self) {
        self.shared.lock().leave(self.need, self.ticket);
    }
}
