//! Many secrets in many places.
//!
//! `begin.rs` makes a batch, `places.rs` decides whose turn it is, and `outcome.rs` does what is to
//! be done with a secret. What its failure means for others is in `error/scope.rs`.

mod begin;
mod item;
mod new_secret;
mod outcome;
mod places;
mod queue;
mod report;
mod slots;

use std::{
    collections::HashMap,
    fmt,
    panic::resume_unwind,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::Stream;
use futures_util::StreamExt;
use tokio::{
    runtime::Handle,
    task::{Id, JoinError, JoinSet},
    time::Instant,
};
use tracing::Instrument;

pub use self::{item::BatchItem, new_secret::NewSecret, outcome::Outcome, report::Report};
use self::{places::Places, queue::Queue, slots::Worker};
use crate::{Deleted, NotTried, Place, SecretName, Stored, core::Core};

/// GitHub asks for few requests at once, and more than this is hardly faster.
const DEFAULT_CONCURRENCY: usize = 8;

/// A batch in progress, from [`GitHub::set_all`](crate::GitHub::set_all) and its like. Nothing is
/// sent until you call [`next`](Self::next) or [`finish`](Self::finish).
///
/// Secrets in flight continue while you do something else between two calls of `next`. If you drop
/// the batch, no more secrets are sent. Those that were reported as stored are stored; those in
/// flight may be stored as well. With a [`concurrency`](Self::concurrency) of 1, none is in flight
/// after a failure, so a loop that breaks there sends nothing more.
///
/// A slow place does not hold up the others. Secrets that are sent at once belong to different
/// places where possible. One that waits until a failed attempt is repeated, or takes more than 10
/// seconds, makes room for one of another place.
///
/// The batch gives up on what cannot succeed: on a place after an error that affects all of its
/// secrets, such as an archived repository or a missing permission, and after as many lost
/// connections or 404s in a row as there are secrets at once (at least two); on all places after an
/// error that affects every place, such as a revoked token, and after lost connections in more than
/// twice as many places in a row (or in more than were under way at once). Secrets that were never
/// sent are reported as [`Error::NotTried`](crate::Error::NotTried).
#[must_use = "nothing is sent until you call `next` or `finish`"]
pub struct Batch<T: Outcome = Stored> {
    core: Arc<Core>,
    queue: Arc<Queue<T>>,
    workers: JoinSet<()>,
    numbers: HashMap<Id, Worker>,
    concurrency: usize,
    time: Time,
}

/// How long a batch can take.
#[derive(Clone, Copy, Debug)]
enum Time {
    Unbounded,
    For(Duration),
    Until(Instant),
}

impl<T: Outcome> Batch<T> {
    fn new(core: &Arc<Core>, places: Places<T>) -> Self {
        Self {
            core: Arc::clone(core),
            queue: Arc::new(Queue::new(places)),
            workers: JoinSet::new(),
            numbers: HashMap::new(),
            concurrency: DEFAULT_CONCURRENCY,
            time: Time::Unbounded,
        }
    }

    /// Sets the maximum number of secrets that are sent at once.
    ///
    /// Default is 8. 0 means 1.
    pub fn concurrency(self, secrets: usize) -> Self {
        Self {
            concurrency: secrets.max(1),
            ..self
        }
    }

    /// Sets a time limit for the batch, counted from the first call of [`next`](Self::next) or
    /// [`finish`](Self::finish).
    ///
    /// Once it has passed, nothing more is sent, and no secret waits for a turn that would come
    /// later. Secrets that were not sent are reported as
    /// [`Error::NotTried`](crate::Error::NotTried). Default is no limit.
    ///
    /// ```no_run
    /// # async fn example(batch: github_secrets::Batch) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// println!("this takes {:?} or more", batch.estimate());
    /// let report = batch.deadline(Duration::from_secs(600)).finish().await?;
    /// # let _ = report;
    /// # Ok(())
    /// # }
    /// ```
    pub fn deadline(self, deadline: Duration) -> Self {
        Self {
            time: Time::For(deadline),
            ..self
        }
    }

    /// Returns the minimum time until the last secret is sent within the [`Limits`](crate::Limits).
    ///
    /// With the default limits, 80 secrets are sent without a wait, 100 take a minute, 200 take
    /// two, and 600 take about an hour. What was sent in the last hour counts as well.
    pub fn estimate(&self) -> Duration {
        self.core.http.time_for_writes(self.queue.waiting())
    }

    /// Stops the batch: no more secrets are started.
    ///
    /// The batch still waits for the secrets that were sent, and reports all others as
    /// [`Error::NotTried`](crate::Error::NotTried). A program that is interrupted can thus still
    /// report what is stored.
    ///
    /// ```no_run
    /// # async fn example(mut batch: github_secrets::Batch) {
    /// if let Some(item) = batch.next().await {
    ///     println!("{}: {:?}", item.name, item.result);
    /// }
    /// batch.stop();
    /// while let Some(item) = batch.next().await {
    ///     println!("{}: {:?}", item.name, item.result);
    /// }
    /// # }
    /// ```
    pub fn stop(&mut self) {
        self.queue.stop(NotTried::Stopped);
    }

    /// Returns the secrets in flight, with their places: those that were started and have no result
    /// yet.
    ///
    /// After [`stop`](Self::stop), these are the ones that may be stored if the batch is dropped.
    pub fn in_flight(&self) -> Vec<(Place, SecretName)> {
        self.queue.under_way()
    }

    /// Waits for the next secret to finish and returns its result, or `None` after the last one.
    ///
    /// This is cancel safe: if you drop the future, no result is lost.
    pub async fn next(&mut self) -> Option<BatchItem<T>> {
        StreamExt::next(self).await
    }

    /// Waits for all secrets to finish.
    ///
    /// # Errors
    ///
    /// Returns the report as the error if not every secret succeeded.
    pub async fn finish(self) -> Result<Report<T>, Report<T>> {
        self.queue.read_all();
        let report = Report {
            items: self.collect().await,
        };
        if report.is_complete() {
            Ok(report)
        } else {
            Err(report)
        }
    }

    /// Begins as many secrets as can be sent at once.
    fn fill(&mut self) {
        let end = self.time.begin();
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        while let Some((worker, taken)) = self.queue.begin(self.concurrency) {
            let work = Arc::clone(&self.queue).work(worker, taken, end);
            let task = self.workers.spawn_on(work.in_current_span(), &runtime);
            self.numbers.insert(task.id(), worker);
        }
    }

    /// Returns the item of the secret with which a worker broke off.
    fn ended(&mut self, worker: Result<(Id, ()), JoinError>) -> Option<BatchItem<T>> {
        let (id, broken) = match worker {
            Ok((id, ())) => (id, None),
            Err(error) => (error.id(), Some(error)),
        };
        let worker = self.numbers.remove(&id)?;
        match broken?.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => self.queue.shut_down(worker),
        }
    }
}

impl<T: Outcome> Stream for Batch<T> {
    type Item = BatchItem<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<BatchItem<T>>> {
        let batch = self.get_mut();
        loop {
            batch.fill();
            if let Some(item) = batch.queue.result(context.waker()) {
                return Poll::Ready(Some(item));
            }
            let Some(ended) = ready!(batch.workers.poll_join_next_with_id(context)) else {
                return Poll::Ready(batch.queue.not_tried());
            };
            if let Some(item) = batch.ended(ended) {
                return Poll::Ready(Some(item));
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.queue.left();
        (left, Some(left))
    }
}

impl Batch<Deleted> {
    /// Counts a secret that does not exist as a success: [`Deleted::Missing`].
    ///
    /// By default, a missing secret is an error. A missing place is always an error.
    pub fn allow_missing(self) -> Self {
        self.queue.change_jobs(|job| job.allow_missing = true);
        self
    }
}

impl Time {
    /// Lets the time begin, and returns its end.
    fn begin(&mut self) -> Option<Instant> {
        if let Self::For(duration) = *self {
            let end = Instant::now().checked_add(duration);
            *self = end.map_or(Self::Unbounded, Self::Until);
        }
        match *self {
            Self::Until(end) => Some(end),
            Self::Unbounded | Self::For(_) => None,
        }
    }
}

impl<T: Outcome> fmt::Debug for Batch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("left", &self.queue.left())
            .finish_non_exhaustive()
    }
}
