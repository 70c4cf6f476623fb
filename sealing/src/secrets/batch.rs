//! Many secrets at a time.

mod queue;

use std::{
    collections::VecDeque,
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

use self::queue::{Queue, Waiting, Worker};
use super::{
    new_secret::{NewSecret, check},
    report::{BatchItem, Report},
    store::SecretStore,
};
use crate::{Error, NotTried, Owner, Secrets, owner::WriteAccess};

impl<O: Owner> Secrets<O> {
    /// Creates or updates many secrets, and returns a result for each.
    ///
    /// Before the first secret is sent, all of them are checked, all repositories that are given by
    /// name are looked up, and the public key is fetched once. The [`Batch`] sends the secrets
    /// while it is read: by [`next`](Batch::next), one by one as they finish, or by
    /// [`finish`](Batch::finish) to the end. As with `set`, each secret gets exactly the access
    /// that is given with it.
    ///
    /// ```no_run
    /// # use github_secrets::GitHub;
    /// # async fn example(github: GitHub) -> Result<(), Box<dyn std::error::Error>> {
    /// use github_secrets::NewSecret;
    ///
    /// let secrets = github.repo("acme/website")?.actions();
    /// let batch = secrets
    ///     .set_all([
    ///         NewSecret::new("DB_PASSWORD", "correct horse")?,
    ///         NewSecret::new("API_KEY", "battery staple")?,
    ///     ])
    ///     .await?;
    /// println!("{}", batch.finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Batch`] if two names are the same to GitHub or a value is too large,
    /// [`Error::Repository`] if repositories cannot be selected, [`Error::Key`], and the errors of
    /// fetching the public key. No secret is sent then.
    pub async fn set_all(
        &self,
        secrets: impl IntoIterator<Item = NewSecret<O::Access>>,
    ) -> Result<Batch, Error> {
        let new: Vec<NewSecret<O::Access>> = secrets.into_iter().collect();
        check(&new, self.store.kind())?;
        let mut waiting = VecDeque::new();
        if !new.is_empty() {
            let call = self.store.call();
            let repositories = new.iter().filter_map(|secret| secret.access.repositories());
            let (ids, _) = self.prepare(&call, repositories).await?;
            waiting.extend(new.into_iter().map(|secret| Waiting {
                access: ids.access(&secret.access),
                name: secret.name,
                value: secret.value,
            }));
        }
        Ok(Batch::new(self.store.clone(), waiting))
    }
}

/// GitHub asks for few requests at once, and more than this is hardly faster.
const DEFAULT_CONCURRENCY: usize = 8;

/// A batch in progress. Nothing is sent until you call [`next`](Self::next) or
/// [`finish`](Self::finish).
///
/// Secrets that were begun go on while you do something else between two calls of `next`. If you
/// drop the batch, no more secrets are sent. Those that were reported as stored are stored; those
/// under way may be stored as well. With a [`concurrency`](Self::concurrency) of 1, none is under
/// way after a failure, so a loop that breaks off there sends nothing more.
///
/// A batch stops when it cannot succeed: after an error that every other secret would meet, and
/// after as many lost connections or 404s in a row as there are secrets at once, two at least. The
/// secrets that were not sent by then are reported as [`Error::NotTried`].
#[must_use = "nothing is sent until it is read"]
pub struct Batch {
    queue: Arc<Queue>,
    workers: JoinSet<()>,
    numbers: Vec<(Id, Worker)>,
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

impl Batch {
    fn new(store: SecretStore, waiting: VecDeque<Waiting>) -> Self {
        Self {
            queue: Arc::new(Queue::new(store, waiting)),
            workers: JoinSet::new(),
            numbers: Vec::new(),
            concurrency: DEFAULT_CONCURRENCY,
            time: Time::Unbounded,
        }
    }

    /// Sets how many secrets are sent at once.
    ///
    /// Default is 8. 0 means 1.
    pub fn concurrency(self, secrets: usize) -> Self {
        Self {
            concurrency: secrets.max(1),
            ..self
        }
    }

    /// Sets how long the batch can take, from the first call of [`next`](Self::next) or
    /// [`finish`](Self::finish) on.
    ///
    /// No request is sent after that, and no secret waits for a turn that comes later. Secrets that
    /// were not sent are reported as [`Error::NotTried`]. Default is no bound.
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

    /// Returns how long it takes at least until the last secret is sent, as the
    /// [`Limits`](crate::Limits) have it.
    ///
    /// With the default limits, 80 secrets are sent at once, 100 take a minute, 200 take two, and
    /// 600 take about an hour. What was sent in the last hour counts as well.
    pub fn estimate(&self) -> Duration {
        let waiting = self.queue.waiting();
        self.queue.store.core.http.time_for_writes(waiting)
    }

    /// Stops the batch: no more secrets are begun.
    ///
    /// What was sent is waited for, and the secrets that were not are reported as
    /// [`Error::NotTried`]. So a program that is interrupted can still say what is stored.
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

    /// Waits for the next secret to finish and returns its result, or `None` after the last one.
    ///
    /// Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<BatchItem> {
        StreamExt::next(self).await
    }

    /// Waits for all secrets to finish.
    ///
    /// # Errors
    ///
    /// Returns the report as the error if not every secret was stored.
    pub async fn finish(self) -> Result<Report, Report> {
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
        while let Some((worker, waiting)) = self.queue.begin(self.concurrency) {
            let work = Arc::clone(&self.queue).work(worker, waiting, end);
            let task = self.workers.spawn_on(work.in_current_span(), &runtime);
            self.numbers.push((task.id(), worker));
        }
    }

    /// Returns the item of the secret with which a worker broke off.
    fn ended(&mut self, worker: Result<(Id, ()), JoinError>) -> Option<BatchItem> {
        let (id, broken) = match worker {
            Ok((id, ())) => (id, None),
            Err(error) => (error.id(), Some(error)),
        };
        let index = self.numbers.iter().position(|(its, _)| *its == id)?;
        let (_, worker) = self.numbers.swap_remove(index);
        match broken?.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => self.queue.shut_down(worker),
        }
    }
}

impl Stream for Batch {
    type Item = BatchItem;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<BatchItem>> {
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

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("left", &self.queue.left())
            .finish_non_exhaustive()
    }
}
