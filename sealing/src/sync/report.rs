//! What came of a plan.

use std::{fmt, io};

use super::{
    judge::{StepKind, Why},
    plan::PlannedPlace,
    survey::Step,
};
use crate::{Error, Place, SecretName, Stored};

/// The result of one step of a plan.
#[derive(Debug)]
#[non_exhaustive]
pub struct Applied {
    /// The place.
    pub place: Place,
    /// The secret's name.
    pub name: SecretName,
    /// What was to be done.
    pub kind: StepKind,
    /// Why that was to be done.
    pub why: Why,
    /// What came of it.
    pub result: Result<Done, StepError>,
}

/// What came of a plan.
#[derive(Debug)]
#[non_exhaustive]
pub struct SyncReport {
    /// The result of each step.
    pub applied: Vec<Applied>,
    /// The error with which the state could not be saved. What is saved is older, and the next run
    /// writes again what it does not know of.
    pub state_error: Option<io::Error>,
    pub(super) is_whole: bool,
}

/// The result of a step that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Done {
    /// The secret was created or its value written.
    Stored(Stored),
    /// The secret was deleted.
    Deleted,
}

/// A step that was not done, or not known to be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// It was tried and failed.
    #[error(transparent)]
    Failed(#[from] Error),
    /// It was not tried.
    #[error(transparent)]
    Skipped(Skipped),
}

/// A reason why a step was not tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Skipped {
    /// The place is no longer as the plan saw it.
    #[error("not attempted: it has changed since the plan; plan again")]
    Changed,
    /// An error before would be that of this step as well.
    #[error("not attempted: an earlier error would make it fail as well")]
    EarlierError,
    /// The run was [stopped](super::Apply::stop).
    #[error("not attempted: the run was stopped")]
    Stopped,
    /// The [time of the run](super::Apply::deadline) was over.
    #[error("not attempted: the time for the run was over")]
    Deadline,
    /// The state could not be saved, without which nothing is written.
    #[error("not attempted: the state could not be saved")]
    StateNotSaved,
    /// Something before it was not done: nothing is deleted then, since the secret may be needed
    /// where its successor was not written.
    #[error("not deleted: not everything before it was done")]
    Incomplete,
    /// There are more deletes than are allowed.
    #[error("not deleted: there are more deletes than are allowed")]
    TooManyDeletes,
    /// The value is not at hand: the secret was given by its [name](super::Desired::name) alone.
    #[error("not attempted: its value is not at hand")]
    NoValue,
    /// The place has a [problem](super::PlannedPlace::problem).
    #[error("not attempted: the place has a problem")]
    Problem,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored(stored) => stored.fmt(f),
            Self::Deleted => f.pad("deleted"),
        }
    }
}

impl Applied {
    pub(super) fn skipped(place: &PlannedPlace, step: &Step, skipped: Skipped) -> Self {
        Self {
            place: place.place.clone(),
            name: step.name.clone(),
            kind: step.kind,
            why: step.why,
            result: Err(StepError::Skipped(skipped)),
        }
    }
}

impl SyncReport {
    /// Returns whether everything is as it was wanted.
    pub fn is_complete(&self) -> bool {
        self.is_whole
            && self.state_error.is_none()
            && self.applied.iter().all(|one| one.result.is_ok())
    }
}
