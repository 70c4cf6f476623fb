use std::{error::Error as StdError, fmt};

use super::stored::Stored;
use crate::{Error, SecretName};

/// The result for one secret of a batch.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchItem {
    /// The secret's name.
    pub name: SecretName,
    /// Whether it is stored. [`Error::NotTried`] means that the secret was never sent, and why: an
    /// earlier error, a rejected token for example, would fail all of them.
    pub result: Result<Stored, Error>,
}

/// The results of a batch, in the order in which the secrets finished.
///
/// If not every secret was stored, the report is an error, and its source is the first one.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// The result for each secret.
    pub items: Vec<BatchItem>,
}

impl Report {
    /// Returns the number of secrets that are new.
    pub fn created(&self) -> usize {
        self.count(|result| matches!(result, Ok(Stored::Created)))
    }

    /// Returns the number of secrets that are stored and existed before, or may have.
    pub fn updated(&self) -> usize {
        self.count(|result| matches!(result, Ok(Stored::Updated | Stored::CreatedOrUpdated)))
    }

    /// Returns the number of secrets that failed.
    pub fn failed(&self) -> usize {
        self.items.len() - self.created() - self.updated() - self.not_tried()
    }

    /// Returns the number of secrets that were not sent.
    pub fn not_tried(&self) -> usize {
        self.count(|result| matches!(result, Err(Error::NotTried(_))))
    }

    /// Returns whether every secret was stored.
    pub fn is_complete(&self) -> bool {
        self.items.iter().all(|item| item.result.is_ok())
    }

    fn count(&self, is: impl Fn(&Result<Stored, Error>) -> bool) -> usize {
        self.items.iter().filter(|item| is(&item.result)).count()
    }

    fn first_error(&self) -> Option<(&BatchItem, &Error)> {
        let mut errors = self
            .items
            .iter()
            .filter_map(|item| Some((item, item.result.as_ref().err()?)));
        errors.next()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (created, updated) = (self.created(), self.updated());
        let Some((item, error)) = self.first_error() else {
            return write!(f, "{created} created, {updated} updated");
        };
        write!(
            f,
            "{} of {} secrets are stored: {created} created, {updated} updated, {} failed, {} not \
             tried; first {}: {error}",
            created + updated,
            self.items.len(),
            self.failed(),
            self.not_tried(),
            item.name,
        )
    }
}

impl StdError for Report {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let (_, error) = self.first_error()?;
        Some(error)
    }
}
