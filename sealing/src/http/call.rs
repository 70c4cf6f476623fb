//! A call of a user of the library: what its requests have in common.
//!
//! Its requests are sent and sent again in `retry.rs`, each attempt in `attempt.rs`; what came of
//! an attempt is read in `outcome.rs`. Writes that rely on a reading are in `readings.rs`.
//! Redirects are followed in `redirect.rs`, to the repositories that `repository.rs` finds.

use std::{
    fmt, mem,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use futures_util::future::{Either, select};
use tokio::{
    sync::SetOnce,
    time::{Instant, sleep, timeout_at},
};

use super::{
    client::Http,
    deadline::Deadline,
    limiter::{NotSent, Permit},
    room::Room,
    task,
    tokens::CallId,
};
use crate::{Error, NotTried, error::Target};

/// A call: one `set` or `rotate`, for example. Its deadline, and whether it may have taken effect,
/// are those of all its requests together.
pub(crate) struct Call {
    pub(super) http: Arc<Http>,
    pub(super) id: CallId,
    /// Whether the call is polled until its end, because it is in a task.
    pub(super) is_polled: bool,
    /// The id of the repository that its requests are for, where they are for one alone.
    pub(super) repository: Option<u64>,
    pub(super) deadline: Deadline,
    stop: Option<Arc<SetOnce<NotTried>>>,
    room: Option<Arc<dyn Room>>,
    /// When a key was fetched at the earliest that is still good enough for the call.
    keys_since: Option<Instant>,
    write: AtomicU8,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    may_have_taken_effect: bool,
    reservation: Option<Permit>,
    /// Whether its write relies on a reading.
    relies_on_reading: bool,
    /// When that began, if it has to be new.
    read_at: Option<Instant>,
    /// Whether that has become too old for the write.
    is_outdated: bool,
    /// What was tried for its write before the last reading.
    tries: Tries,
}

/// What was tried so far for one request.
#[derive(Clone, Copy, Default)]
pub(super) struct Tries {
    pub(super) sent: u32,
    pub(super) failures: u32,
    pub(super) renewed: bool,
}

/// How old a reading can be that a write relies on. It takes two or three requests, for each of
/// which GitHub takes up to ten seconds.
const OLDEST_READING: Duration = Duration::from_secs(30);

/// How far the last write of a call has come.
const UNSENT: u8 = 0;
const SENT: u8 = 1;
const ANSWERED: u8 = 2;

impl Call {
    /// Begins a call, which can take several requests.
    pub(crate) fn begin(http: &Arc<Http>) -> Arc<Self> {
        Arc::new(Self::new(http))
    }

    /// Prepares a call, before anything is shared.
    pub(crate) fn new(http: &Arc<Http>) -> Self {
        Self {
            http: Arc::clone(http),
            id: CallId(http.calls.fetch_add(1, Ordering::Relaxed)),
            is_polled: false,
            repository: None,
            deadline: Deadline::new(http.retry.deadline),
            stop: None,
            room: None,
            keys_since: None,
            write: AtomicU8::new(UNSENT),
            state: Mutex::default(),
        }
    }

    /// Makes it a part of another call, which waits for it.
    pub(crate) fn part_of(mut self, whole: &Self) -> Self {
        self.id = whole.id;
        self.room = whole.room.clone();
        self
    }

    /// Lets the call use keys that were fetched since then, however old they are.
    pub(crate) fn with_keys_since(mut self, since: Option<Instant>) -> Self {
        self.keys_since = since;
        self
    }

    /// Lets the call make room for others while it waits for its next attempt.
    pub(crate) fn in_room(mut self, room: Arc<dyn Room>) -> Self {
        self.room = Some(room);
        self
    }

    /// Sets a time after which no request of the call is sent, whatever it waits for.
    pub(crate) fn until(mut self, end: Option<Instant>) -> Self {
        self.deadline = self.deadline.until(end);
        self
    }

    /// Says that the call is polled until its end: it is in a task.
    pub(crate) fn polled(mut self) -> Self {
        self.is_polled = true;
        self
    }

    /// Lets a redirect lead to the repository with this id alone, if one is given: a former name
    /// can have passed to another one by the time that it is looked up.
    #[cfg(feature = "sync")]
    pub(crate) fn of_repository(mut self, id: Option<u64>) -> Self {
        self.repository = id;
        self
    }

    /// Lets the call send nothing more once `stop` is set.
    pub(crate) fn unless(mut self, stop: Arc<SetOnce<NotTried>>) -> Self {
        self.stop = Some(stop);
        self
    }

    pub(crate) fn http(&self) -> &Arc<Http> {
        &self.http
    }

    pub(crate) fn keys_since(&self) -> Option<Instant> {
        self.keys_since
    }

    /// Returns whether a write of the call was sent.
    pub(crate) fn has_written(&self) -> bool {
        self.write.load(Ordering::SeqCst) != UNSENT
    }

    /// Returns whether a write of the call was sent, and its response is not known.
    pub(super) fn awaits_write(&self) -> bool {
        self.write.load(Ordering::SeqCst) == SENT
    }

    /// Returns whether a request of the call may have taken effect although it failed.
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        self.lock().may_have_taken_effect
    }

    pub(super) fn set_may_have_taken_effect(&self) {
        self.lock().may_have_taken_effect = true;
    }

    /// Returns when the first request of the call was sent.
    pub(crate) fn began(&self) -> Option<Instant> {
        self.deadline.began()
    }

    /// Lets the time for attempts begin at `began` if it has not begun yet.
    pub(crate) fn count_from(&self, began: Instant) {
        self.deadline.begin(began);
    }

    /// Marks the error with which the call ends, if a request of it may have taken effect.
    pub(crate) fn settle<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.mark_effect_if(self.may_have_taken_effect()))
    }

    /// Waits until a write can be sent at once, and keeps that for the next write of the call. So
    /// what is read in between is still new when the write is sent.
    pub(crate) async fn reserve_write(self: &Arc<Self>, target: &Target) -> Result<(), Error> {
        let (call, ticket) = (Arc::clone(self), self.http.limiter.ticket());
        let waiting = async move {
            let mut time = call.deadline.queue_time();
            let permit = call.http.limiter.write(ticket, &mut time);
            let permit = call.unless_stopped(pin!(permit)).await;
            call.deadline.extend(&time);
            permit
        };
        let reserved = task::run(waiting).await;
        let reserved = reserved.map_err(|task::Shutdown| self.shut_down(target))?;
        let reservation = reserved
            .and_then(|permit| permit)
            .map_err(|not_sent| self.not_sent(target, not_sent))?;
        self.lock().reservation = Some(reservation);
        Ok(())
    }

    /// Makes the writes of the call rely on what is read before them: they are not sent again after
    /// an attempt that failed.
    pub(super) fn rely_on_reading(&self) {
        self.lock().relies_on_reading = true;
    }

    /// Makes the next writes of the call rely on what is read from now on: they are sent only while
    /// that is new, and neither after a limit nor after an attempt that failed.
    #[cfg(feature = "sync")]
    pub(crate) fn begin_reading(&self) {
        let mut state = self.lock();
        state.relies_on_reading = true;
        state.read_at = Some(Instant::now());
    }

    /// Returns, once, whether a write was not sent because what it relies on has to be read again.
    pub(crate) fn take_outdated(&self) -> bool {
        mem::take(&mut self.lock().is_outdated)
    }

    /// Lets no write rely on what was read before. Returns whether one would have.
    pub(super) fn outdate_reading(&self) -> bool {
        let mut state = self.lock();
        state.is_outdated = state.relies_on_reading;
        state.is_outdated
    }

    /// Checks that what a write relies on was read a moment ago.
    pub(super) fn check_reading(&self) -> Result<(), NotSent> {
        let mut state = self.lock();
        let Some(read_at) = state.read_at else {
            return Ok(());
        };
        if read_at.elapsed() > OLDEST_READING || self.http.limiter.has_held_since(read_at) {
            state.is_outdated = true;
        }
        if state.is_outdated {
            return Err(NotSent::Outdated);
        }
        Ok(())
    }

    /// Keeps what was tried for a write that is to be sent after another reading.
    pub(super) fn keep_tries(&self, tries: Tries) {
        let mut state = self.lock();
        if state.is_outdated {
            state.tries = tries;
        }
    }

    pub(super) fn take_tries(&self) -> Tries {
        mem::take(&mut self.lock().tries)
    }

    pub(super) fn take_reservation(&self) -> Option<Permit> {
        self.lock().reservation.take()
    }

    /// Waits for something that a request needs, in a task, within the time of the call.
    pub(crate) fn wait_for<T: Send + 'static>(
        self: &Arc<Self>,
        target: &Target,
        needed: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> {
        let call = Arc::clone(self);
        let waiting = task::run(async move {
            let limit = call.deadline.last_attempt();
            call.within(limit, pin!(needed)).await
        });
        async move {
            let waited = waiting.await;
            let waited = waited.map_err(|task::Shutdown| self.shut_down(target))?;
            waited.map_err(|not_sent| self.not_sent(target, not_sent))
        }
    }

    /// Waits before another attempt, and makes room for others meanwhile. Until there is room
    /// again, the time of the call stands still.
    pub(crate) async fn pause(&self, wait: Duration) -> Result<(), NotSent> {
        let Some(room) = &self.room else {
            return self.unless_stopped(pin!(sleep(wait))).await;
        };
        room.leave();
        self.unless_stopped(pin!(sleep(wait))).await?;
        let (mut time, begun) = (self.deadline.queue_time(), Instant::now());
        let entered = self.within(None, pin!(room.enter())).await;
        time.waited = begun.elapsed();
        self.deadline.extend(&time);
        entered
    }

    /// Waits until `limit`, or until the call ends or is stopped.
    pub(super) async fn within<T>(
        &self,
        limit: Option<Instant>,
        needed: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, NotSent> {
        let waiting = self.unless_stopped(needed);
        let overdue = limit.map(|limit| (limit, NotSent::Overdue));
        let late = self.deadline.end().map(|end| (end, NotSent::Late));
        match overdue.into_iter().chain(late).min_by_key(|(at, _)| *at) {
            Some((at, reason)) => timeout_at(at, waiting).await.unwrap_or(Err(reason)),
            None => waiting.await,
        }
    }

    /// Waits unless the call is stopped.
    pub(super) async fn unless_stopped<T>(
        &self,
        needed: Pin<&mut impl Future<Output = T>>,
    ) -> Result<T, NotSent> {
        let of_all = self.http.stop.wait();
        let stopped = async {
            match &self.stop {
                Some(stop) => {
                    *select(pin!(stop.wait()), pin!(of_all))
                        .await
                        .factor_first()
                        .0
                }
                None => *of_all.await,
            }
        };
        // What is there already wins.
        match select(needed, pin!(stopped)).await {
            Either::Left((found, _)) => Ok(found),
            Either::Right((reason, _)) => Err(NotSent::Stopped(reason)),
        }
    }

    /// Marks a request as sent, if it may be sent. Who stops the call and then finds that it has
    /// not written can rely on that.
    pub(super) fn begin_request(&self, is_write: bool) -> Result<(), NotSent> {
        let before = self.write.load(Ordering::SeqCst);
        if is_write {
            self.write.store(SENT, Ordering::SeqCst);
        }
        if let Some(reason) = self.stopped() {
            self.write.store(before, Ordering::SeqCst);
            return Err(NotSent::Stopped(reason));
        }
        self.count_from(Instant::now());
        Ok(())
    }

    pub(super) fn end_request(&self, is_write: bool) {
        if is_write {
            self.write.store(ANSWERED, Ordering::SeqCst);
        }
    }

    /// Returns whether an attempt may begin at this time.
    pub(super) fn allows(&self, at: Instant) -> bool {
        self.deadline.allows(at) && self.stopped().is_none()
    }

    /// Returns why the call was stopped, if it was.
    fn stopped(&self) -> Option<NotTried> {
        let own = self.stop.as_ref().and_then(|stop| stop.get());
        own.or_else(|| self.http.stop.get()).copied()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}
