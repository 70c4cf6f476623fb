//! The secrets of a batch, as its workers share them.

use std::{
    collections::{HashSet, VecDeque},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::Waker,
};

use futures_util::future::{Either, select};
use tokio::time::{Instant, Sleep, sleep};

use super::{
    item::BatchItem,
    outcome::Outcome,
    places::{PlaceIndex, Places, Taken, TakenAccess, Turn},
    slots::{SLOW, Slots, UnderWay, Vacancy, Worker},
};
use crate::{
    Error, NotTried, Place, SecretName,
    error::{Scope, is_unreachable},
    http::{Call, Room},
    owner::WriteAccess,
    repository_ids::RepositoryIds,
};

/// The secrets of a batch: those that wait, those under way, and the results.
pub(super) struct Queue<T: Outcome>(Mutex<State<T>>);

struct State<T: Outcome> {
    places: Places<T>,
    slots: Slots,
    results: VecDeque<BatchItem<T>>,
    /// How many of them are failures.
    failures: usize,
    reader: Reader,
    workers: usize,
    /// The places with which the connection was lost since the last response from any.
    lost: HashSet<PlaceIndex>,
}

/// The room of a secret among those under way. It keeps no value of the batch alive: a key can be
/// awaited for longer than the secret that it was for.
struct RoomOf<T: Outcome> {
    queue: Weak<Queue<T>>,
    worker: Worker,
    turn: Turn,
}

/// What the caller of the batch waits for.
enum Reader {
    Nothing,
    Next(Waker),
    All(Option<Waker>),
}

impl<T: Outcome> Queue<T> {
    pub(super) fn new(places: Places<T>) -> Self {
        Self(Mutex::new(State {
            places,
            slots: Slots::new(),
            results: VecDeque::new(),
            failures: 0,
            reader: Reader::Nothing,
            workers: 0,
            lost: HashSet::new(),
        }))
    }

    /// Begins a secret, with a new worker, if fewer than `concurrency` are under way.
    pub(super) fn begin(&self, concurrency: usize) -> Option<(Worker, Taken<T>)> {
        let mut state = self.lock();
        state.slots.set_concurrency(concurrency);
        if state.has_unread_failure() {
            return None;
        }
        state.workers += 1;
        let worker = Worker(state.workers);
        let taken = state.take(worker)?;
        Some((worker, taken))
    }

    /// Does what is to be done with a secret, and then with others as long as the caller waits and
    /// none fails.
    pub(super) async fn work(
        self: Arc<Self>,
        worker: Worker,
        first: Taken<T>,
        end: Option<Instant>,
    ) {
        let mut alarm = pin!(sleep(SLOW));
        let mut next = Some(first);
        while let Some(taken) = next {
            let place = taken.place;
            let item = self.run(worker, taken, end, alarm.as_mut()).await;
            next = self.finish(worker, place, item);
        }
    }

    async fn run(
        self: &Arc<Self>,
        worker: Worker,
        taken: Taken<T>,
        end: Option<Instant>,
        alarm: Pin<&mut Sleep>,
    ) -> BatchItem<T> {
        let Taken {
            place,
            turn,
            keys_since,
            store,
            name,
            job,
            stop,
            access,
        } = taken;
        let room = RoomOf {
            queue: Arc::downgrade(self),
            worker,
            turn,
        };
        let call = Call::new(&store.core.http).polled().until(end).unless(stop);
        let call = call.in_room(Arc::new(room)).with_keys_since(keys_since);
        let call = Arc::new(call);
        let work = async {
            let ids = match access {
                TakenAccess::Open(ids) => ids,
                TakenAccess::ToOpen(access) => {
                    let repositories = access.iter().filter_map(|access| access.repositories());
                    // Boxed, because it is large and only the first secret of a place needs it.
                    let (ids, _) = Box::pin(store.prepare(&call, repositories)).await?;
                    let ids = Arc::new(ids);
                    self.opened(place, Arc::clone(&ids));
                    ids
                }
            };
            T::run(&store, &call, &ids, &name, job).await
        };
        let result = self.in_time(worker, pin!(work), alarm).await;
        BatchItem::new(&store.place, name, call.settle(result))
    }

    /// Lets a secret of another place begin if this work takes long.
    ///
    /// The alarm is the worker's, and set anew only when it goes off: seldom, while a timer of its
    /// own would be set and removed for each secret.
    async fn in_time<R>(
        &self,
        worker: Worker,
        mut work: Pin<&mut impl Future<Output = R>>,
        mut alarm: Pin<&mut Sleep>,
    ) -> R {
        let mut slow = Instant::now() + SLOW;
        loop {
            match select(work.as_mut(), alarm.as_mut()).await {
                Either::Left((result, _)) => return result,
                Either::Right(_) if Instant::now() < slow => alarm.as_mut().reset(slow),
                Either::Right(_) => match self.slow(worker) {
                    Some(again) => {
                        slow = again;
                        alarm.as_mut().reset(slow);
                    }
                    None => return work.await,
                },
            }
        }
    }

    /// Keeps a result, and ends its place or all where nothing else can succeed. Returns the
    /// worker's next secret.
    fn finish(&self, worker: Worker, place: PlaceIndex, item: BatchItem<T>) -> Option<Taken<T>> {
        let mut state = self.lock();
        state.conclude(place, &item.result);
        state.leave(worker);
        state.push(item);
        let waits = !matches!(state.reader, Reader::Nothing) && !state.has_unread_failure();
        let next = waits.then(|| state.take(worker)).flatten();
        let reader = state.reader_of_results();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        next
    }

    /// Lets the other secrets of a place begin.
    fn opened(&self, place: PlaceIndex, ids: Arc<RepositoryIds>) {
        let mut state = self.lock();
        state.places.opened(place, ids);
        state.wake();
    }

    /// Takes note that a secret takes long, or returns when to look again.
    fn slow(&self, worker: Worker) -> Option<Instant> {
        let mut state = self.lock();
        let again = state.slots.slow(worker);
        state.wake();
        again
    }

    /// Returns the next result. If there is none yet, `waker` is called when there is.
    pub(super) fn result(&self, waker: &Waker) -> Option<BatchItem<T>> {
        let mut state = self.lock();
        if let Reader::All(all) = &mut state.reader {
            *all = Some(waker.clone());
            let is_over = state.slots.len() == 0;
            return is_over.then(|| state.pop()).flatten();
        }
        let result = state.pop();
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
    pub(super) fn not_tried(&self) -> Option<BatchItem<T>> {
        let (place, name, reason) = self.lock().places.not_tried()?;
        Some(BatchItem::new(&place, name, Err(Error::NotTried(reason))))
    }

    /// The item of a secret whose worker ended with the async runtime: it may have been sent.
    pub(super) fn shut_down(&self, worker: Worker) -> Option<BatchItem<T>> {
        let mut state = self.lock();
        let UnderWay { place, name, .. } = state.leave(worker)?;
        let store = state.places.store(place)?.clone();
        drop(state);
        let target = store.target(T::ACTION, Some(&name));
        let error = store.call().shut_down(&target).mark_effect_if(true);
        Some(BatchItem::new(&store.place, name, Err(error)))
    }

    pub(super) fn stop(&self, reason: NotTried) {
        self.lock().places.end_all(reason);
    }

    /// Changes what is to be done with the secrets that wait.
    pub(super) fn change_jobs(&self, change: impl FnMut(&mut T::Job)) {
        self.lock().places.jobs_mut().for_each(change);
    }

    /// Returns the secrets that were begun and have no result, with their places.
    pub(super) fn under_way(&self) -> Vec<(Place, SecretName)> {
        let state = self.lock();
        let under_way = state.slots.in_order().into_iter().filter_map(|one| {
            let store = state.places.store(one.place)?;
            Some((Place::clone(&store.place), one.name.clone()))
        });
        under_way.collect()
    }

    /// Returns how many secrets wait.
    pub(super) fn waiting(&self) -> usize {
        self.lock().places.waiting()
    }

    /// Returns how many results are to come.
    pub(super) fn left(&self) -> usize {
        let state = self.lock();
        state.places.waiting() + state.slots.len() + state.results.len()
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Outcome> Room for RoomOf<T> {
    fn leave(&self) {
        if let Some(queue) = self.queue.upgrade() {
            let mut state = queue.lock();
            state.slots.leave(self.worker, self.turn);
            state.wake();
        }
    }

    fn enter(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let queue = self.queue.upgrade();
        let enter = |queue: Arc<Queue<T>>| queue.lock().slots.enter(self.worker, self.turn);
        let granted = queue.and_then(enter);
        Box::pin(async move {
            if let Some(granted) = granted {
                granted.wait().await;
            }
        })
    }
}

impl<T: Outcome> State<T> {
    fn take(&mut self, worker: Worker) -> Option<Taken<T>> {
        let vacancy = self.slots.vacancy()?;
        let taken = self.places.take(vacancy == Vacancy::ForIdlePlace)?;
        let name = taken.name.clone();
        self.slots.begin(worker, taken.turn, taken.place, name);
        Some(taken)
    }

    fn leave(&mut self, worker: Worker) -> Option<UnderWay> {
        let left = self.slots.end(worker)?;
        self.places.done(left.place);
        Some(left)
    }

    fn push(&mut self, item: BatchItem<T>) {
        self.failures += usize::from(item.result.is_err());
        self.results.push_back(item);
    }

    fn pop(&mut self) -> Option<BatchItem<T>> {
        let item = self.results.pop_front()?;
        self.failures -= usize::from(item.result.is_err());
        Some(item)
    }

    /// Returns whether the caller may want to drop the batch when it reads the results.
    fn has_unread_failure(&self) -> bool {
        !matches!(self.reader, Reader::All(_)) && self.failures > 0
    }

    /// Ends what a result shows to be without hope.
    fn conclude(&mut self, place: PlaceIndex, result: &Result<T, Error>) {
        let Err(error) = result else {
            self.lost.clear();
            self.places.count_unreachable(place, false);
            return;
        };
        let scope = Scope::of(error);
        if let Error::NotTried(reason) = error {
            // One of a place that has ended says nothing of others.
            if *reason != NotTried::EarlierError {
                self.places.end_all(*reason);
            }
            return;
        }
        if matches!(error, Error::RateLimited(_)) && self.places.has_ended(place) {
            // It did not wait for the limit because its place has ended.
            return;
        }
        // Two at least, so that one lost connection is not taken for a server that is gone.
        let most = self.slots.concurrency().max(2);
        let in_a_row = self.places.count_unreachable(place, is_unreachable(error));
        if matches!(error, Error::Connection(_)) {
            self.lost.insert(place);
        } else {
            self.lost.clear();
        }
        // More than were ever under way at once: some were begun after others had been lost.
        let at_once = self.slots.peak().max(2 * self.slots.concurrency());
        if scope == Scope::All || self.lost.len() > at_once {
            self.places.end_all(NotTried::EarlierError);
        } else if scope == Scope::Place || in_a_row >= most || self.places.is_opening(place) {
            self.places.end(place, NotTried::EarlierError);
        }
    }

    /// Returns the caller, if what it waits for is there.
    fn reader_of_results(&mut self) -> Option<Waker> {
        match &self.reader {
            Reader::All(_) if self.slots.len() > 0 => None,
            _ => self.take_reader(),
        }
    }

    /// Lets the caller see whether more can be begun.
    fn wake(&mut self) {
        if let Some(reader) = self.take_reader() {
            reader.wake();
        }
    }

    fn take_reader(&mut self) -> Option<Waker> {
        match &mut self.reader {
            Reader::All(waker) => waker.take(),
            reader => match std::mem::replace(reader, Reader::Nothing) {
                Reader::Next(waker) => Some(waker),
                _ => None,
            },
        }
    }
}
