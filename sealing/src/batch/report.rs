//! All results of a batch. They are serialized in `serialization.rs`.

use std::{collections::HashSet, error::Error as StdError, fmt};

use super::{item::BatchItem, outcome::Outcome};
use crate::{Deleted, Error, Stored};

/// The results of a batch, in the order in which the secrets finished.
///
/// If not every secret succeeded, the report is an error, and its source is the first one. In a
/// function that returns [`Error`], `?` turns it into [`Error::Unfinished`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report<T = Stored> {
    /// The result for each secret.
    pub items: Vec<BatchItem<T>>,
}

impl Report {
    /// Returns the number of secrets that are new.
    pub fn created(&self) -> usize {
        self.count(|item| item.was(Stored::Created))
    }

    /// Returns the number of secrets that are stored and existed before, or may have.
    pub fn updated(&self) -> usize {
        self.succeeded() - self.created()
    }
}

impl Report<Deleted> {
    /// Returns the number of secrets that were deleted.
    pub fn deleted(&self) -> usize {
        self.count(|item| item.was(Deleted::Deleted))
    }

    /// Returns the number of secrets that did not exist, where that is
    /// [allowed](crate::Batch::allow_missing).
    pub fn missing(&self) -> usize {
        self.count(|item| item.was(Deleted::Missing))
    }

    /// Returns the number of secrets that do not exist now, without knowing whether the batch
    /// deleted them: [`Deleted::DeletedOrMissing`].
    pub fn deleted_or_missing(&self) -> usize {
        self.count(|item| item.was(Deleted::DeletedOrMissing))
    }
}

impl<T> Report<T> {
    /// Returns the number of secrets that succeeded.
    pub fn succeeded(&self) -> usize {
        self.count(|item| item.result.is_ok())
    }

    /// Returns the number of secrets that failed.
    pub fn failed(&self) -> usize {
        self.items.len() - self.succeeded() - self.not_tried()
    }

    /// Returns the number of secrets that were not sent.
    pub fn not_tried(&self) -> usize {
        self.count(|item| matches!(item.result, Err(Error::NotTried(_))))
    }

    /// Returns whether every secret succeeded.
    pub fn is_complete(&self) -> bool {
        self.items.iter().all(|item| item.result.is_ok())
    }

    fn count(&self, is: impl Fn(&BatchItem<T>) -> bool) -> usize {
        self.items.iter().filter(|item| is(item)).count()
    }

    fn first_error(&self) -> Option<(&BatchItem<T>, &Error)> {
        let mut errors = self
            .items
            .iter()
            .filter_map(|item| Some((item, item.result.as_ref().err()?)));
        errors.next()
    }
}

impl<T: Outcome> fmt::Display for Report<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = T::summary(&self.items);
        let Some((item, error)) = self.first_error() else {
            return f.write_str(&summary);
        };
        write!(
            f,
            "{} of {} secrets are {}: {summary}, {} failed, {} not tried; first {}",
            self.succeeded(),
            self.items.len(),
            T::SUCCESS,
            self.failed(),
            self.not_tried(),
            item.name,
        )?;
        let places: HashSet<_> = self.items.iter().map(|item| &item.place).collect();
        if places.len() > 1 {
            write!(f, " in {}", item.place)?;
        }
        write!(f, ": {error}")
    }
}

impl<T: Outcome> StdError for Report<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let (_, error) = self.first_error()?;
        Some(error)
    }
}

impl From<Report> for Error {
    fn from(report: Report) -> Self {
        report.unfinished(|_| true)
    }
}

impl From<Report<Deleted>> for Error {
    fn from(report: Report<Deleted>) -> Self {
        report.unfinished(|outcome| outcome != Deleted::Missing)
    }
}

impl<T: Outcome> Report<T> {
    fn unfinished(&self, is_change: impl Fn(T) -> bool) -> Error {
        let first = self.first_error();
        let may_have_taken_effect = self.items.iter().any(|item| match &item.result {
            Ok(outcome) => is_change(*outcome),
            Err(error) => error.may_have_taken_effect(),
        });
        Error::Unfinished {
            summary: self.to_string().into(),
            first: first.map(|(_, error)| Box::new(error.clone())),
            may_have_taken_effect,
        }
    }
}
