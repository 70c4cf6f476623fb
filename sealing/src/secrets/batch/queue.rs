//! The secrets of a batch, as its workers share them.

use std::{
    collections::VecDeque,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use futures_util::future::{Either, select};
use tokio::{sync::SetOnce, time::Instant};

use super::super::{report::BatchItem, store::SecretStore};
use crate::{Access, Action, Error, NotTried, SecretName, SecretValue, Stored, http::Call};

/// The secrets of a batch: those that wait, those under way, and the results.
pub(super) struct Queue {
    pub(super) store: SecretStore,
    /// Is set when the batch has stopped.
    stop: Arc<SetOnce<NotTried>>,
    state: Mutex<State>,
}

struct State {
    waiting: VecDeque<Waiting>,
    under_way: Vec<(Worker, SecretName)>,
    results: VecDeque<BatchItem>,
    reader: Reader,
    workers: usize,
    /// How many secrets in a row found nobody who took them.
    unreachable: usize,
    /// How many of them stop the batch.
    most_unreachable: usize,
}

/// Sends one secret at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worker(usize);

/// What the caller of the batch waits for.
enum Reader {
    Nothing,
    Next(Waker),
    All(Option<Waker>),
}

/// A secret that waits to be sent.
pub(super) struct Waiting {
    pub(super) name: SecretName,
    pub(super) value: SecretValue,
    pub(super) access: Option<Access>,
}

impl Queue {
    pub(super) fn new(store: SecretStore, waiting: VecDeque<Waiting>) -> Self {
        let state = State {
            waiting,
            under_way: Vec::new(),
            results: VecDeque::new(),
            reader: Reader::Nothing,
            workers: 0,
            unreachable: 0,
            most_unreachable: 0,
        };
        Self {
            store,
            stop: Arc::default(),
            state: Mutex::new(state),
        }
    }

    /// Begins a secret, with a new worker, if fewer than `concurrency` are under way.
    pub(super) fn begin(&self, concurrency: usize) -> Option<(Worker, Waiting)> {
        let mut state = self.lock();
        state.most_unreachable = concurrency.max(2);
        if state.under_way.len() >= concurrency || state.has_unread_failure() {
            return None;
        }
        state.workers += 1;
        let worker = Worker(state.workers);
        let waiting = self.take(&mut state, worker)?;
        Some((worker, waiting))
    }

    /// Sends a secret, and then others as long as the caller waits and none fails.
    pub(super) async fn work(
        self: Arc<Self>,
        worker: Worker,
        first: Waiting,
        end: Option<Instant>,
    ) {
        let mut next = Some(first);
        while let Some(waiting) = next {
            let item = self.send(waiting, end).await;
            next = self.finish(worker, item);
        }
    }

    async fn send(&self, waiting: Waiting, end: Option<Instant>) -> BatchItem {
        let Waiting {
            name,
            value,
            access,
        } = waiting;
        let call = Call::new(&self.store.core.http).polled().until(end);
        let call = Arc::new(call.unless(Arc::clone(&self.stop)));
        let set = async {
            let key = self.store.key(&call).await?;
            self.store
                .seal_and_set(&call, key, &name, &value, access.as_ref())
                .await
        };
        let result = match select(pin!(set), pin!(self.stop.wait())).await {
            Either::Left((result, _)) => result,
            // What was sent is waited for; the rest ends with the batch.
            Either::Right((_, set)) if call.has_written() => set.await,
            Either::Right((reason, _)) => Err(Error::NotTried(*reason)),
        };
        BatchItem {
            name,
            result: call.settle(result),
        }
    }

    /// Keeps a result and stops the batch where it cannot succeed. Returns the worker's next
    /// secret.
    fn finish(&self, worker: Worker, item: BatchItem) -> Option<Waiting> {
        let mut state = self.lock();
        if state.cannot_succeed(&item.result) {
            let reason = match &item.result {
                Err(Error::NotTried(reason)) => *reason,
                _ => NotTried::EarlierError,
            };
            self.stop(reason);
        }
        state.leave(worker);
        state.results.push_back(item);
        let waits = !matches!(state.reader, Reader::Nothing) && !state.has_unread_failure();
        let next = waits.then(|| self.take(&mut state, worker)).flatten();
        let reader = state.reader_to_wake();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        next
    }

    fn take(&self, state: &mut State, worker: Worker) -> Option<Waiting> {
        if self.has_stopped() {
            return None;
        }
        let waiting = state.waiting.pop_front()?;
        state.under_way.push((worker, waiting.name.clone()));
        Some(waiting)
    }

    /// Returns the next result. If there is none yet, `waker` is called when there is.
    pub(super) fn result(&self, waker: &Waker) -> Option<BatchItem> {
        let mut state = self.lock();
        if let Reader::All(all) = &mut state.reader {
            *all = Some(waker.clone());
            let is_over = state.under_way.is_empty();
            return is_over.then(|| state.results.pop_front()).flatten();
        }
        let result = state.results.pop_front();
        state.reader = match result {
            Some(_) => Reader::Nothing,
            None => Reader::Next(waker.clone()),
        };
        result
    }

    /// Lets the workers go on to the end, and `result` wait for that.
    pub(super) fn read_all(&self) {
        self.lock().reader = Reader::All(None);
    }

    /// Returns the next secret that nobody will send.
    pub(super) fn not_tried(&self) -> Option<BatchItem> {
        let waiting = self.lock().waiting.pop_front()?;
        let reason = self.stop.get().copied().unwrap_or(NotTried::NoRuntime);
        Some(BatchItem {
            name: waiting.name,
            result: Err(Error::NotTried(reason)),
        })
    }

    /// The item of a secret whose worker ended with the async runtime: it may have been sent.
    pub(super) fn shut_down(&self, worker: Worker) -> Option<BatchItem> {
        let name = self.lock().leave(worker)?;
        let target = self.store.target(Action::Set, Some(&name));
        let result = Err(self.store.call().shut_down(&target).mark_effect_if(true));
        Some(BatchItem { name, result })
    }

    pub(super) fn stop(&self, reason: NotTried) {
        // It may have stopped already.
        let _ = self.stop.set(reason);
    }

    fn has_stopped(&self) -> bool {
        self.stop.initialized()
    }

    /// Returns how many secrets wait to be sent.
    pub(super) fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Returns how many results are to come.
    pub(super) fn left(&self) -> usize {
        let state = self.lock();
        state.waiting.len() + state.under_way.len() + state.results.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn leave(&mut self, worker: Worker) -> Option<SecretName> {
        let index = self.under_way.iter().position(|(its, _)| *its == worker)?;
        Some(self.under_way.swap_remove(index).1)
    }

    /// Returns whether the caller may want to drop the batch when it reads the results.
    fn has_unread_failure(&self) -> bool {
        !matches!(self.reader, Reader::All(_))
            && self.results.iter().any(|item| item.result.is_err())
    }

    /// Takes note of a result, and returns whether the others would fail as well.
    fn cannot_succeed(&mut self, result: &Result<Stored, Error>) -> bool {
        let Err(error) = result else {
            self.unreachable = 0;
            return false;
        };
        match error {
            Error::NotTried(_) => {}
            _ if is_unreachable(error) => self.unreachable += 1,
            _ => self.unreachable = 0,
        }
        self.unreachable >= self.most_unreachable || concerns_all(error)
    }

    /// Returns the caller, if what it waits for is there.
    fn reader_to_wake(&mut self) -> Option<Waker> {
        match &mut self.reader {
            Reader::All(waker) if self.under_way.is_empty() => waker.take(),
            Reader::All(_) | Reader::Nothing => None,
            Reader::Next(_) => match std::mem::replace(&mut self.reader, Reader::Nothing) {
                Reader::Next(waker) => Some(waker),
                _ => None,
            },
        }
    }
}

/// Returns whether every other secret would meet the same error.
fn concerns_all(error: &Error) -> bool {
    match error {
        Error::NotAuthorized(_)
        | Error::RateLimited(_)
        | Error::Token { .. }
        | Error::Configuration(_)
        | Error::Key { .. }
        | Error::Moved(_)
        | Error::Seal { .. }
        | Error::NotTried(_) => true,
        error => {
            error.operation().and_then(|operation| operation.action()) == Some(Action::PublicKey)
        }
    }
}

/// Returns whether the server, the owner or the store seems to be gone.
fn is_unreachable(error: &Error) -> bool {
    matches!(error, Error::Connection(_) | Error::NotFound(_))
}
