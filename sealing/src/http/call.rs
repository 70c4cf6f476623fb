//! A call of a user of the library: what its requests have in common.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
};

use tokio::{
    sync::SetOnce,
    time::{Instant, timeout_at},
};

use super::{
    attempt::{Address, Attempt, Brake, Plan, Progress},
    client::Http,
    limiter::{HoldPatience, Kind, Patience, Reservation},
    response::Context,
    task,
};
use crate::{ConnectionFault, Error, ResponseHead, error::Target, github::CallId};

/// A call: one `set` or `rotate`, for example. Its deadline and its doubt are those of all its
/// requests together.
pub(crate) struct Call<'a> {
    pub(super) http: &'a Http,
    id: CallId,
    end: Option<Instant>,
    is_polled: bool,
    brake: Brake,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When its first request was sent.
    began: Option<Instant>,
    /// The time after which no attempt begins. It moves on by what requests wait for their turn.
    deadline: Option<Instant>,
    doubt: bool,
    reservation: Option<Reservation<ResponseHead>>,
}

impl Http {
    /// Begins a call, which can take several requests.
    pub(crate) fn call(&self) -> Call<'_> {
        Call {
            http: self,
            id: CallId(self.calls.fetch_add(1, Ordering::Relaxed)),
            end: None,
            is_polled: false,
            brake: Brake::default(),
            state: Mutex::default(),
        }
    }
}

impl Call<'_> {
    pub(crate) fn id(&self) -> CallId {
        self.id
    }

    /// Makes it a part of another call, which waits for it.
    pub(crate) fn part_of(mut self, id: CallId) -> Self {
        self.id = id;
        self
    }

    /// Sets a time after which no request of the call is sent, whatever it waits for.
    pub(crate) fn until(mut self, end: Option<Instant>) -> Self {
        self.end = end;
        self
    }

    /// Says that the call is polled until its end: it is in a task.
    pub(crate) fn polled(mut self) -> Self {
        self.is_polled = true;
        self
    }

    /// Lets the call send nothing more once `stop` is set.
    pub(crate) fn unless(mut self, stop: Arc<SetOnce<()>>) -> Self {
        self.brake.stop = Some(stop);
        self
    }

    /// Returns whether a write of the call was sent.
    pub(crate) fn has_written(&self) -> bool {
        self.brake.written.load(Ordering::SeqCst)
    }

    /// Returns whether a request of the call may have taken effect although it failed.
    pub(crate) fn in_doubt(&self) -> bool {
        self.lock().doubt
    }

    /// Returns when the first request of the call was sent.
    pub(crate) fn began(&self) -> Option<Instant> {
        self.lock().began
    }

    /// Lets the time for attempts begin at `began` if it has not begun yet.
    pub(crate) fn count_from(&self, began: Instant) {
        let mut state = self.lock();
        let began = *state.began.get_or_insert(began);
        let deadline = began + self.http.retry.deadline;
        state.deadline.get_or_insert(deadline);
    }

    /// Marks the error with which the call ends, if a request of it may have taken effect.
    pub(crate) fn settle<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.in_doubt_if(self.in_doubt()))
    }

    /// Waits until a write can be sent at once, and keeps that for the next write of the call. So
    /// what is read in between is still new when the write is sent.
    pub(crate) async fn reserve_write(&self, target: &Target) -> Result<(), Error> {
        let gateway = Arc::clone(&self.http.gateway);
        let (ticket, patience) = (gateway.limiter.ticket(), self.patience());
        let waiting = async move { gateway.limiter.reserve_write(ticket, patience).await };
        let reserved = task::run(waiting).await;
        let context = self.context(target, false);
        let reserved = reserved.map_err(|task::Shutdown| context.shutdown())?;
        let reservation = reserved.map_err(|no_turn| context.no_turn(no_turn))?;
        self.lock().reservation = Some(reservation);
        Ok(())
    }

    /// Waits for something that a request needs, within the time of the call.
    pub(crate) async fn wait_for<T: Send + 'static>(
        &self,
        target: &Target,
        needed: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Error> {
        let deadline = self.deadline().into_iter().chain(self.end).min();
        let waiting = async move {
            match deadline {
                Some(deadline) => timeout_at(deadline, needed).await.ok(),
                None => Some(needed.await),
            }
        };
        let context = self.context(target, false);
        let waited = task::run(waiting).await;
        let waited = waited.map_err(|task::Shutdown| context.shutdown())?;
        waited.ok_or_else(|| context.broken(ConnectionFault::Deadline, None))
    }

    /// The error for something that ended with the async runtime.
    pub(crate) fn ended(&self, target: &Target) -> Error {
        self.context(target, false).shutdown()
    }

    /// Prepares the next attempt at a request.
    pub(super) fn attempt(&self, target: &Target, address: Address, may_follow: bool) -> Attempt {
        let gateway = Arc::clone(&self.http.gateway);
        let (kind, reservation) = if target.operation.is_write() {
            (Kind::Write, self.lock().reservation.take())
        } else {
            (Kind::Read, None)
        };
        let plan = Plan {
            call: self.id,
            kind,
            ticket: gateway.limiter.ticket(),
            patience: self.patience(),
            address,
            may_follow,
            is_polled: self.is_polled,
            brake: self.brake.clone(),
        };
        Attempt::new(gateway, plan, reservation)
    }

    /// Takes note of how far an attempt came, and returns whether it was sent.
    pub(super) fn note_progress(&self, attempt: &Attempt) -> bool {
        let Progress { sent, queued } = attempt.progress();
        if let Some(sent) = sent {
            self.count_from(sent);
        }
        if let HoldPatience::Until(deadline) = attempt.patience().hold {
            let mut state = self.lock();
            state.deadline = state.deadline.max(Some(deadline + queued));
        }
        sent.is_some()
    }

    pub(super) fn note_doubt(&self) {
        self.lock().doubt = true;
    }

    /// Returns whether an attempt may begin at this time.
    pub(super) fn allows(&self, at: Instant) -> bool {
        let deadline = self.lock().deadline;
        deadline.is_none_or(|deadline| at <= deadline)
            && self.end.is_none_or(|end| at < end)
            && !self.brake.is_set()
    }

    pub(super) fn context<'t>(&'t self, target: &'t Target, sent: bool) -> Context<'t> {
        let origin = &self.http.gateway.settings.origin;
        Context {
            target,
            origin,
            sent,
        }
    }

    /// Returns whether not even a first attempt may begin any more.
    pub(super) fn is_late(&self) -> bool {
        let deadline = self.deadline();
        deadline.is_some_and(|deadline| Instant::now() > deadline)
    }

    /// Returns the time after which not even the first attempt at a request begins. Without any
    /// time for attempts, the first ones are made all the same.
    fn deadline(&self) -> Option<Instant> {
        let deadline = self.lock().deadline;
        deadline.filter(|_| !self.http.retry.deadline.is_zero())
    }

    fn patience(&self) -> Patience {
        let hold = match self.lock().deadline {
            Some(deadline) => HoldPatience::Until(deadline),
            None => HoldPatience::For(self.http.retry.deadline),
        };
        let end = self.end;
        Patience { hold, end }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}
