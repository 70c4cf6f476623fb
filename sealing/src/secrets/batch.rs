//! Many secrets at a time.

use std::{
    collections::VecDeque,
    fmt,
    panic::resume_unwind,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{
    StreamExt,
    future::{Either, select},
};
use tokio::{
    runtime::Handle,
    sync::SetOnce,
    task::{Id, JoinError, JoinSet},
    time::Instant,
};

use tracing::Instrument;

use super::{
    new_secret::{NewSecret, check},
    report::{BatchItem, Report},
    store::SecretStore,
};
use crate::{
    Access, Action, ConnectionFault, Error, Owner, SecretName, SecretValue, Secrets, Stored,
    owner::WriteAccess,
};

impl<O: Owner> Secrets<O> {
    /// Creates or updates many secrets, and returns a result for each.
    ///
    /// Before the first secret is sent, all of them are checked, all repositories that are given by
    /// name are looked up, and the public key is fetched once. The [`Batch`] sends the secrets while
    /// it is read: by [`next`](Batch::next), one by one as they finish, or by
    /// [`finish`](Batch::finish) to the end. As with `set`, each secret gets exactly the access that
    /// is given with it.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), Box<dyn std::error::Error>> {
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
        check(&new)?;
        let mut waiting = VecDeque::new();
        if !new.is_empty() {
            let call = self.store.call();
            let repositories = new.iter().filter_map(|secret| secret.access.repositories());
            let ids = self.prepare(&call, repositories).await?;
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
/// under way may be stored as well.
///
/// A batch stops when it cannot succeed: after an error that every other secret would meet, and
/// after as many lost connections or 404s in a row as there are secrets at once, two at least. The
/// secrets that were not sent by then are reported as [`Error::NotTried`].
#[must_use = "nothing is sent until it is read"]
pub struct Batch {
    store: SecretStore,
    waiting: VecDeque<Waiting>,
    tasks: JoinSet<BatchItem>,
    under_way: Vec<(Id, SecretName)>,
    concurrency: usize,
    time: Time,
    /// Is set when the batch has stopped.
    stop: Arc<SetOnce<()>>,
    /// How many secrets in a row found nobody who took them.
    unreachable: usize,
}

struct Waiting {
    name: SecretName,
    value: SecretValue,
    access: Option<Access>,
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
            store,
            waiting,
            tasks: JoinSet::new(),
            under_way: Vec::new(),
            concurrency: DEFAULT_CONCURRENCY,
            time: Time::Unbounded,
            stop: Arc::default(),
            unreachable: 0,
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
        self.store.core.http.time_for_writes(self.waiting.len())
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
        // It may have stopped already.
        let _ = self.stop.set(());
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
        while !self.has_stopped()
            && self.tasks.len() < self.concurrency
            && let Some(waiting) = self.waiting.pop_front()
        {
            let name = waiting.name.clone();
            let work = waiting.send(self.store.clone(), end, Arc::clone(&self.stop));
            let id = self.tasks.spawn_on(work.in_current_span(), &runtime).id();
            self.under_way.push((id, name));
        }
    }

    /// Takes note of a result, and stops the batch where it cannot succeed.
    fn note(&mut self, result: &Result<Stored, Error>) {
        let Err(error) = result else {
            self.unreachable = 0;
            return;
        };
        match error {
            Error::NotTried => {}
            _ if finds_nobody(error) => self.unreachable += 1,
            _ => self.unreachable = 0,
        }
        if self.unreachable >= self.concurrency.max(2) || concerns_all(error) {
            self.stop();
        }
    }

    fn has_stopped(&self) -> bool {
        self.stop.initialized()
    }

    /// Returns the item of a secret whose task ended.
    fn joined(&mut self, joined: Result<(Id, BatchItem), JoinError>) -> Option<BatchItem> {
        let (id, item) = match joined {
            Ok((id, item)) => (id, Some(item)),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(error) => (error.id(), None),
            },
        };
        let index = self.under_way.iter().position(|(task, _)| *task == id)?;
        let (_, name) = self.under_way.swap_remove(index);
        Some(item.unwrap_or_else(|| self.shut_down(name)))
    }

    /// The item of a secret whose task ended with the async runtime: it may have been sent.
    fn shut_down(&self, name: SecretName) -> BatchItem {
        let target = self.store.target(Action::Set, Some(&name));
        let error = self.store.call().ended(&target).in_doubt_if(true);
        let result = Err(error);
        BatchItem { name, result }
    }
}

impl Stream for Batch {
    type Item = BatchItem;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<BatchItem>> {
        let batch = self.get_mut();
        batch.fill();
        let item = match batch.tasks.poll_join_next_with_id(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(joined)) => batch.joined(joined),
            Poll::Ready(None) => batch.waiting.pop_front().map(|waiting| BatchItem {
                name: waiting.name,
                result: Err(Error::NotTried),
            }),
        };
        if let Some(item) = &item {
            batch.note(&item.result);
        }
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.waiting.len() + self.tasks.len();
        (left, Some(left))
    }
}

impl Waiting {
    async fn send(
        self,
        store: SecretStore,
        end: Option<Instant>,
        stop: Arc<SetOnce<()>>,
    ) -> BatchItem {
        let call = store.call().polled().until(end);
        let call = call.unless(Arc::clone(&stop));
        let set = store.seal_and_set(&call, &self.name, &self.value, self.access.as_ref());
        let result = match select(pin!(set), pin!(stop.wait())).await {
            Either::Left((result, _)) => result,
            // What was sent is waited for; the rest ends with the batch.
            Either::Right((_, set)) if call.has_written() => set.await,
            Either::Right(_) => Err(Error::NotTried),
        };
        let result = match call.settle(result) {
            Err(error) if is_late(&error) && !call.has_written() => Err(Error::NotTried),
            result => result,
        };
        BatchItem {
            name: self.name,
            result,
        }
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
        | Error::NotTried => true,
        error => {
            error.operation().and_then(|operation| operation.action()) == Some(Action::PublicKey)
        }
    }
}

/// Returns whether the server, the owner or the store seems to be gone.
fn finds_nobody(error: &Error) -> bool {
    matches!(error, Error::Connection(_) | Error::NotFound(_))
}

fn is_late(error: &Error) -> bool {
    matches!(error, Error::Connection(error) if error.fault == ConnectionFault::Deadline)
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("waiting", &self.waiting.len())
            .field("under_way", &self.tasks.len())
            .finish_non_exhaustive()
    }
}
