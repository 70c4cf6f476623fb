use std::{error::Error as StdError, fmt};

use crate::{Delivered, Outcome, Stored};

/// What became of many secrets, in the order in which they were finished with.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What became of each.
    pub delivered: Vec<Delivered>,
}

impl Report {
    /// How many secrets are new.
    pub fn created(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Stored(Stored::Created)))
    }

    /// How many secrets are stored and were there before, or may have been.
    pub fn updated(&self) -> usize {
        self.count(|outcome| {
            matches!(
                outcome,
                Outcome::Stored(Stored::Updated | Stored::CreatedOrUpdated)
            )
        })
    }

    /// How many secrets failed.
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// How many secrets were not sent.
    pub fn not_tried(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::NotTried))
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.failed() + self.not_tried() == 0
    }

    fn count(&self, is: impl Fn(&Outcome) -> bool) -> usize {
        self.delivered
            .iter()
            .filter(|delivered| is(&delivered.outcome))
            .count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} created, {} updated", self.created(), self.updated())?;
        if !self.is_complete() {
            write!(
                f,
                ", {} failed, {} not tried",
                self.failed(),
                self.not_tried()
            )?;
        }
        Ok(())
    }
}

/// Not every secret was stored.
#[derive(Debug)]
#[non_exhaustive]
pub struct Incomplete {
    /// What became of each.
    pub report: Report,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.report.delivered.len();
        let stored = self.report.created() + self.report.updated();
        write!(f, "{stored} of {total} secrets are stored: {}", self.report)?;
        let first = self
            .report
            .delivered
            .iter()
            .find_map(|delivered| match &delivered.outcome {
                Outcome::Failed(error) => Some((&delivered.name, error)),
                _ => None,
            });
        first.map_or(Ok(()), |(name, error)| write!(f, "; first {name}: {error}"))
    }
}

impl StdError for Incomplete {}
