//! Many secrets at a time.

use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{
    report::{BatchItem, Report},
    store::SecretStore,
};
use crate::{
    Access, Action, BatchError, Error, IntoSecretName, Owner, Repositories, SecretName,
    SecretValue, Secrets, Visibility, owner::WriteAccess,
};

/// A secret to be stored by [`Secrets::set_all`].
///
/// ```
/// use github_secrets::{NewSecret, Repositories, Visibility};
///
/// // For a repository or an environment:
/// let plain = NewSecret::new("DB_PASSWORD", "correct horse")?;
/// // For an organization:
/// let shared = NewSecret::new("DB_PASSWORD", "correct horse")?.visibility(Visibility::Private);
/// // For a user:
/// let own = NewSecret::new("DOTFILES_TOKEN", "correct horse")?
///     .repositories(Repositories::selected(["octocat/hello-world"]));
/// # let _ = (plain, shared, own);
/// # Ok::<(), github_secrets::Error>(())
/// ```
#[derive(Debug)]
pub struct NewSecret<A = ()> {
    name: SecretName,
    value: SecretValue,
    access: A,
}

impl NewSecret {
    /// Creates a secret with this name and value.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name breaks GitHub's rules.
    pub fn new(name: impl IntoSecretName, value: impl Into<SecretValue>) -> Result<Self, Error> {
        // The value comes first, so that it is wiped when the name is refused.
        let (value, name) = (value.into(), name.into_secret_name()?);
        let access = ();
        Ok(Self {
            name,
            value,
            access,
        })
    }

    /// Sets the visibility: for the secrets of an organization.
    pub fn visibility(self, visibility: Visibility) -> NewSecret<Visibility> {
        self.with(visibility)
    }

    /// Sets the selected repositories: for the secrets of a user.
    pub fn repositories(self, repositories: Repositories) -> NewSecret<Repositories> {
        self.with(repositories)
    }

    fn with<A>(self, access: A) -> NewSecret<A> {
        let Self { name, value, .. } = self;
        NewSecret {
            name,
            value,
            access,
        }
    }
}

impl<A> NewSecret<A> {
    /// Returns the secret's name.
    pub fn name(&self) -> &SecretName {
        &self.name
    }
}

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
        Ok(Batch {
            store: self.store.clone(),
            waiting,
            under_way: FuturesUnordered::new(),
            concurrency: DEFAULT_CONCURRENCY,
            stopped: false,
        })
    }
}

/// Checks everything that can be known to be wrong before anything is sent.
fn check<A>(new: &[NewSecret<A>]) -> Result<(), BatchError> {
    let mut names = BTreeSet::new();
    for NewSecret { name, value, .. } in new {
        if let Some(first) = names.replace(name) {
            let (first, second) = (SecretName::clone(first), name.clone());
            return Err(BatchError::DuplicateName { first, second });
        }
        value.check().map_err(|error| BatchError::Value {
            name: name.clone(),
            error,
        })?;
    }
    Ok(())
}

/// GitHub asks for few requests at once, and more than this is hardly faster.
const DEFAULT_CONCURRENCY: usize = 8;

/// A batch in progress. Nothing is sent until you call [`next`](Self::next) or
/// [`finish`](Self::finish).
///
/// If you drop it, no more secrets are sent. Those that were reported as stored are stored; those
/// under way may be stored as well.
#[must_use = "nothing is sent until it is read"]
pub struct Batch {
    store: SecretStore,
    waiting: VecDeque<Waiting>,
    under_way: FuturesUnordered<Pin<Box<dyn Future<Output = BatchItem> + Send>>>,
    concurrency: usize,
    stopped: bool,
}

struct Waiting {
    name: SecretName,
    value: SecretValue,
    access: Option<Access>,
}

impl Batch {
    /// Sets how many secrets are sent at once.
    ///
    /// Default is 8. 0 means 1.
    pub fn concurrency(self, secrets: usize) -> Self {
        Self {
            concurrency: secrets.max(1),
            ..self
        }
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
}

impl Stream for Batch {
    type Item = BatchItem;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<BatchItem>> {
        let batch = self.get_mut();
        while !batch.stopped
            && batch.under_way.len() < batch.concurrency
            && let Some(waiting) = batch.waiting.pop_front()
        {
            batch
                .under_way
                .push(Box::pin(waiting.send(batch.store.clone())));
        }
        match batch.under_way.poll_next_unpin(context) {
            Poll::Ready(None) => {
                let left = batch.waiting.pop_front();
                Poll::Ready(left.map(|Waiting { name, .. }| BatchItem {
                    name,
                    result: Err(Error::NotTried),
                }))
            }
            Poll::Ready(Some(item)) => {
                batch.stopped |= matches!(&item.result, Err(error) if concerns_all(error));
                Poll::Ready(Some(item))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.waiting.len() + self.under_way.len();
        (left, Some(left))
    }
}

impl Waiting {
    async fn send(self, store: SecretStore) -> BatchItem {
        let Self {
            name,
            value,
            access,
        } = self;
        let call = store.call();
        let set = store.seal_and_set(&call, &name, &value, access.as_ref());
        let result = call.settle(set.await);
        BatchItem { name, result }
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
        | Error::Seal { .. } => true,
        error => {
            error.operation().and_then(|operation| operation.action()) == Some(Action::PublicKey)
        }
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("waiting", &self.waiting.len())
            .field("under_way", &self.under_way.len())
            .finish_non_exhaustive()
    }
}
