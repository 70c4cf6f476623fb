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
    report::{Incomplete, Report},
    resolve::Selection,
};
use crate::{
    CodespacesSecrets, Error, Operation, SecretName, SecretValue, Stored, ValueError, Visibility,
};

/// A secret to be stored.
#[derive(Debug)]
pub struct NewSecret {
    name: SecretName,
    value: SecretValue,
    visibility: Visibility,
}

impl NewSecret {
    /// The secret with this name, value and visibility.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] for a name that breaks GitHub's rules.
    pub fn new<N>(
        name: N,
        value: impl Into<SecretValue>,
        visibility: Visibility,
    ) -> Result<Self, Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        // The value comes first, so that it is wiped when the name is refused.
        let value = value.into();
        Ok(Self {
            name: name.try_into()?,
            value,
            visibility,
        })
    }

    /// The secret's name.
    pub fn name(&self) -> &SecretName {
        &self.name
    }
}

impl CodespacesSecrets {
    /// Stores many secrets, and gives back what becomes of each.
    ///
    /// Before the first is sent all of them are checked, all repositories that are named are looked
    /// up, and the public key is fetched, once for all. What is returned sends them as it is read:
    /// by [`next`](Delivery::next) one by one as they finish, or by [`finish`](Delivery::finish) to
    /// the end. Dropping it sends no more, and what was reported as stored is stored; what was under
    /// way, at most [`at_once`](Delivery::at_once) secrets, may be stored as well. Dropping the future
    /// of `next` loses nothing.
    ///
    /// As with [`set`](Self::set), each secret gets exactly the visibility that is given with it.
    ///
    /// ```no_run
    /// # async fn example(secrets: github_secrets::CodespacesSecrets) -> Result<(), Box<dyn std::error::Error>> {
    /// use github_secrets::{NewSecret, Visibility};
    ///
    /// let report = secrets
    ///     .set_all([
    ///         NewSecret::new("DB_PASSWORD", "correct horse", Visibility::Private)?,
    ///         NewSecret::new("API_KEY", "battery staple", Visibility::selected(["website"]))?,
    ///     ])
    ///     .await?
    ///     .finish()
    ///     .await?;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Batch`] for two names that are one to GitHub and for a value that is too large,
    /// [`Error::Owner`], [`Error::Repository`] for repositories that cannot be selected, [`Error::Key`] and the errors
    /// of fetching the public key. Nothing is stored then.
    pub async fn set_all(
        &self,
        secrets: impl IntoIterator<Item = NewSecret>,
    ) -> Result<Delivery, Error> {
        let new: Vec<NewSecret> = secrets.into_iter().collect();
        check(&new)?;
        let ids = self
            .ids(
                new.iter()
                    .flat_map(|secret| secret.visibility.repositories()),
            )
            .await?;
        if !new.is_empty() {
            self.key().await?;
        }
        let waiting = new.into_iter().map(
            |NewSecret {
                 name,
                 value,
                 visibility,
             }| {
                let selection = ids.selection(&visibility);
                Waiting {
                    name,
                    value,
                    selection,
                }
            },
        );
        Ok(Delivery {
            secrets: self.clone(),
            waiting: waiting.collect(),
            under_way: FuturesUnordered::new(),
            at_once: DEFAULT_AT_ONCE,
            stopped: false,
        })
    }
}

/// Everything that can be known to be wrong before anything is sent.
fn check(new: &[NewSecret]) -> Result<(), BatchError> {
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
const DEFAULT_AT_ONCE: usize = 8;

/// Secrets on their way: sent as it is read.
#[must_use = "nothing is sent until it is read"]
pub struct Delivery {
    secrets: CodespacesSecrets,
    waiting: VecDeque<Waiting>,
    under_way: FuturesUnordered<Pin<Box<dyn Future<Output = Delivered> + Send>>>,
    at_once: usize,
    stopped: bool,
}

struct Waiting {
    name: SecretName,
    value: SecretValue,
    selection: Selection,
}

/// What became of one secret of many.
#[derive(Debug)]
#[non_exhaustive]
pub struct Delivered {
    /// The secret's name.
    pub name: SecretName,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is stored.
    Stored(Stored),
    /// It could not be stored, or it is unknown whether it was: then the error
    /// [may have taken effect](Error::may_have_taken_effect).
    Failed(Error),
    /// It was not sent, since an earlier error stands against all: the token is not accepted or may
    /// not do this, a rate limit holds for too long, or there is no key to seal to.
    NotTried,
}

impl Delivery {
    /// How many secrets are sent at once; 8 unless set, and 0 means 1.
    pub fn at_once(self, at_once: usize) -> Self {
        Self {
            at_once: at_once.max(1),
            ..self
        }
    }

    /// What became of the next secret to be finished with, or `None` after the last.
    pub async fn next(&mut self) -> Option<Delivered> {
        StreamExt::next(self).await
    }

    /// What became of all of them.
    ///
    /// # Errors
    ///
    /// [`Incomplete`] where not every secret was stored; it holds the same report.
    pub async fn finish(self) -> Result<Report, Incomplete> {
        let report = Report {
            delivered: self.collect().await,
        };
        match report.is_complete() {
            true => Ok(report),
            false => Err(Incomplete { report }),
        }
    }
}

impl Stream for Delivery {
    type Item = Delivered;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Delivered>> {
        let delivery = self.get_mut();
        while !delivery.stopped
            && delivery.under_way.len() < delivery.at_once
            && let Some(waiting) = delivery.waiting.pop_front()
        {
            delivery
                .under_way
                .push(Box::pin(waiting.send(delivery.secrets.clone())));
        }
        match delivery.under_way.poll_next_unpin(context) {
            Poll::Ready(None) => {
                let left = delivery.waiting.pop_front();
                Poll::Ready(left.map(|Waiting { name, .. }| Delivered {
                    name,
                    outcome: Outcome::NotTried,
                }))
            }
            Poll::Ready(Some(delivered)) => {
                delivery.stopped |=
                    matches!(&delivered.outcome, Outcome::Failed(error) if concerns_all(error));
                Poll::Ready(Some(delivered))
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
    async fn send(self, secrets: CodespacesSecrets) -> Delivered {
        let Self {
            name,
            value,
            selection,
        } = self;
        let outcome = match secrets.store(&name, &value, &selection).await {
            Ok(stored) => Outcome::Stored(stored),
            Err(error) => Outcome::Failed(error),
        };
        Delivered { name, outcome }
    }
}

/// Whether every other secret would meet the same error.
fn concerns_all(error: &Error) -> bool {
    match error {
        Error::NotAuthorized(_)
        | Error::RateLimited(_)
        | Error::Token(_)
        | Error::Configuration(_)
        | Error::Key(_)
        | Error::Seal(_) => true,
        error => error.operation() == Some(Operation::PublicKey),
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("waiting", &self.waiting.len())
            .field("under_way", &self.under_way.len())
            .finish_non_exhaustive()
    }
}

/// Why many secrets were not sent at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Two names are one to GitHub.
    #[error(
        "{first} and {second} are one name to GitHub, which ignores case; leave one of them out"
    )]
    DuplicateName {
        /// The name that came first.
        first: SecretName,
        /// The name that is the same to GitHub.
        second: SecretName,
    },
    /// A value cannot be stored.
    #[error("{name}: {error}")]
    Value {
        /// The secret's name.
        name: SecretName,
        /// Why its value cannot be stored.
        error: ValueError,
    },
}
