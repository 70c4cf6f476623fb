//! The one place that every request of a `GitHub` passes right before it is sent.
//!
//! A read takes one permit: its turn, which is points and a place among the requests under way. A
//! write takes two in a row: first a write permit, for the limits that only writes have, then its
//! turn, as a read does. So reads do not wait behind writes, and what both need goes by order of
//! arrival.

mod allowance;
mod grant;
mod hold;
mod looks;
mod queue;
mod state;
mod window;

#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::Notify,
    time::{Instant, timeout_at},
};

use self::{
    allowance::Cost,
    grant::{End, GrantId},
    queue::{Need, Waiter},
    state::{State, Step},
};
pub(crate) use self::{hold::Hold, queue::Ticket};
use super::{
    deadline::QueueTime,
    wait::{OnWait, Wait, WaitReason},
};
use crate::{LimitKind, Limits, NotTried, ResponseHead};

/// Grants permits within the limits, and none while a limit that GitHub reported holds.
///
/// Who waits is granted a permit when it is polled, so a permit is waited for in a task. Each
/// runtime has queues of its own, so one that is not driven holds up nobody else.
pub(crate) struct Limiter {
    state: Mutex<State>,
    on_wait: Option<OnWait>,
}

/// The reason why a request is not sent.
#[derive(Clone, Debug)]
pub(crate) enum NotSent {
    /// A reported limit holds for longer than the call may take.
    Held(Box<Hold>),
    /// Its turn would come after the end of the call.
    Late,
    /// What it needs did not come within the time for attempts.
    Overdue,
    /// The call was stopped.
    Stopped(NotTried),
    /// What the call has read is too old for its write.
    Outdated,
}

/// The right to send one request, or a part of it. It goes back when it is dropped unused.
pub(crate) struct Permit {
    limiter: Arc<Limiter>,
    id: GrantId,
    end: End,
}

impl Limiter {
    /// Creates a limiter. What was granted is taken back after `lifetime` if it does not come back
    /// by itself.
    pub(crate) fn new(limits: &Limits, lifetime: Duration, on_wait: Option<OnWait>) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State::new(limits, lifetime)),
            on_wait,
        })
    }

    /// Returns the next position at the end of the queue. It is kept for a request whose turn came
    /// and could not be used.
    pub(crate) fn ticket(&self) -> Ticket {
        let runtime = Handle::try_current().ok().map(|handle| handle.id());
        self.lock().ticket(runtime)
    }

    /// Waits for a write permit: for the limits that only writes have.
    pub(crate) async fn write(
        self: &Arc<Self>,
        ticket: Ticket,
        time: &mut QueueTime,
    ) -> Result<Permit, NotSent> {
        loop {
            let granted = self.wait(Need::Write, ticket, time).await?;
            // A write permit does not depend on another one, so it cannot expire before it is
            // granted.
            if let Some(id) = granted {
                return Ok(self.permit(id));
            }
        }
    }

    /// Waits for the turn of a request: of a write if it has a `write` permit already.
    pub(crate) async fn turn(
        self: &Arc<Self>,
        mut write: Option<Permit>,
        ticket: Ticket,
        time: &mut QueueTime,
    ) -> Result<Permit, NotSent> {
        loop {
            let need = write
                .as_ref()
                .map_or(Need::Read, |write| Need::WriteWith(write.id));
            match self.wait(need, ticket, time).await? {
                Some(id) => return Ok(self.permit(id)),
                None => write = Some(self.write(ticket, time).await?),
            }
        }
    }

    /// Returns how long it takes from now until the last of so many more writes can be sent.
    pub(crate) fn time_for_writes(&self, count: usize) -> Duration {
        let now = Instant::now();
        let mut state = self.lock();
        let count = state.queued_writes().saturating_add(count);
        let Some(before) = count.checked_sub(1) else {
            return Duration::ZERO;
        };
        let from = state.holding(now).map_or(now, |hold| hold.until);
        let mut forecast = state.allowance.forecast(Cost::WRITE, now, from);
        drop(state);
        forecast.of(before).saturating_duration_since(now)
    }

    /// Returns how long nothing is sent because of a limit that GitHub reported.
    pub(crate) fn held_for(&self) -> Duration {
        let now = Instant::now();
        let mut state = self.lock();
        state
            .holding(now)
            .map_or(Duration::ZERO, |hold| hold.until - now)
    }

    /// Returns whether nothing was sent at some time since then, because of a limit that GitHub
    /// reported.
    pub(crate) fn has_held_since(&self, since: Instant) -> bool {
        let held_until = self.lock().held_until;
        held_until.is_some_and(|until| until > since)
    }

    /// Reports that a call begins to wait.
    pub(crate) fn report_wait(&self, reason: WaitReason, duration: Duration) {
        let seconds = duration.as_secs_f64();
        match reason {
            WaitReason::Pacing => tracing::debug!(?reason, seconds, "waiting"),
            _ => tracing::warn!(?reason, seconds, "waiting"),
        }
        if let Some(on_wait) = &self.on_wait {
            on_wait(&Wait { reason, duration });
        }
    }

    /// Waits until it is granted; `None` if the permit of the write expired meanwhile.
    async fn wait(
        &self,
        need: Need,
        ticket: Ticket,
        time: &mut QueueTime,
    ) -> Result<Option<GrantId>, NotSent> {
        let waiter = Waiter { need, ticket };
        let now = Instant::now();
        if !time.is_over(now)
            && let Step::Granted(id) = self.lock().step(waiter, now)
        {
            return Ok(Some(id));
        }
        // Boxed, because it is large and most requests do not need it.
        Box::pin(self.wait_in_queue(waiter, time)).await
    }

    async fn wait_in_queue(
        &self,
        waiter: Waiter,
        time: &mut QueueTime,
    ) -> Result<Option<GrantId>, NotSent> {
        let mut place = None;
        let mut reported = None;
        loop {
            let now = Instant::now();
            if time.is_over(now) {
                return Err(NotSent::Late);
            }
            let step = self.lock().step(waiter, now);
            let (wake, reason, held) = match step {
                Step::Granted(id) => return Ok(Some(id)),
                Step::Expired => return Ok(None),
                Step::Held(hold) if hold.until > time.of_holds(now) => {
                    return Err(NotSent::Held(hold));
                }
                Step::Held(hold) => {
                    let reason = WaitReason::RateLimit(hold.kind);
                    (Some(hold.until), reason, Some(hold.until))
                }
                Step::Queued { at } => (at, WaitReason::Pacing, None),
            };
            let is_due = reported.is_none_or(|(before, until)| before != reason || until <= now);
            if is_due || time.end.is_some() {
                let expected = held.unwrap_or_else(|| self.lock().expected(waiter, now));
                if time.is_over(expected) {
                    return Err(NotSent::Late);
                }
                if is_due && expected > now {
                    reported = Some((reason, expected));
                    self.report_wait(reason, expected - now);
                }
            }
            let Some(place) = &place else {
                // From now on this request is woken. What happened until now is looked at anew.
                place = Some(Place::enter(self, waiter));
                continue;
            };
            let notified = place.notify.notified();
            match wake.into_iter().chain(time.end).min() {
                // Whichever comes first is looked at anew.
                Some(at) => drop(timeout_at(at, notified).await),
                None => notified.await,
            }
            if reason == WaitReason::Pacing {
                time.waited += now.elapsed();
            }
        }
    }

    fn permit(self: &Arc<Self>, id: GrantId) -> Permit {
        Permit {
            limiter: Arc::clone(self),
            id,
            end: End::Unused,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Limiter {
    pub(crate) fn is_idle(&self) -> bool {
        self.lock().is_idle()
    }

    /// Returns how many writes were granted and not sent yet.
    pub(crate) fn granted_writes(&self) -> usize {
        self.lock().granted_writes()
    }
}

impl Permit {
    /// Marks the permit as used: the request is sent next.
    pub(crate) fn sent(&mut self) {
        self.end = End::Unanswered;
    }

    /// Marks the permit as unused: nothing was sent after all.
    pub(crate) fn unused(mut self) {
        self.end = End::Unused;
    }

    /// Ends the permit with a response.
    pub(crate) fn answered(mut self) {
        self.end = End::Answered;
    }

    /// Ends the permit with a rate-limit response, after which nothing is sent for as long as was
    /// `asked`.
    pub(crate) fn limited(mut self, kind: LimitKind, asked: Option<Duration>, head: ResponseHead) {
        self.end = End::Answered;
        let mut state = self.limiter.lock();
        state.limited(self.id, kind, asked, head, Instant::now());
    }

    /// Ends the permit with a response that was the last one until `reset`.
    pub(crate) fn exhausted(mut self, reset: Duration, head: ResponseHead) {
        self.end = End::Answered;
        self.limiter.lock().exhausted(reset, head, Instant::now());
    }

    /// Ends a turn unused, and returns the write permit, if it is that of a write.
    pub(crate) fn into_write(self) -> Option<Self> {
        let id = self.limiter.lock().release_turn(self.id, Instant::now())?;
        Some(self.limiter.permit(id))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.limiter.lock();
        state.release(self.id, self.end, Instant::now());
    }
}

/// A place in the queue, left when it is dropped.
struct Place<'a> {
    limiter: &'a Limiter,
    waiter: Waiter,
    notify: Arc<Notify>,
}

impl<'a> Place<'a> {
    fn enter(limiter: &'a Limiter, waiter: Waiter) -> Self {
        let notify = Arc::new(Notify::new());
        limiter.lock().enter(waiter, Arc::clone(&notify));
        Self {
            limiter,
            waiter,
            notify,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.limiter.lock().leave(self.waiter);
    }
}
