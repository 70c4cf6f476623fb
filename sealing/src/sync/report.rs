//! The results of applying a plan. They are serialized in `serialization.rs`.

use std::{fmt, io};

use super::{
    judge::{StepKind, StepReason},
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
    /// The kind of the step.
    pub kind: StepKind,
    /// The reason for the step.
    pub reason: StepReason,
    /// The result.
    pub result: Result<Done, StepError>,
}

/// The results of applying a plan.
#[derive(Debug)]
#[non_exhaustive]
pub struct SyncReport {
    /// The result of each step.
    pub applied: Vec<Applied>,
    /// The error from saving the state, if that failed. The saved state is then out of date, and
    /// the next run writes again what the state does not record.
    pub state_error: Option<io::Error>,
    pub(super) is_plan_complete: bool,
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

/// An error from a step: it failed, or it was not tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The step was attempted and failed.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The step was not tried.
    #[error(transparent)]
    Skipped(Skipped),
}

/// A reason why a step was not tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Skipped {
    /// The secret or its place has changed since the plan.
    #[error("not tried: it has changed since the plan; plan again")]
    Changed,
    /// An earlier error would make this step fail as well.
    #[error("not tried: an earlier error would make it fail as well")]
    EarlierError,
    /// The run was [stopped](super::Apply::stop).
    #[error("not tried: the run was stopped")]
    Stopped,
    /// The [time limit of the run](super::Apply::deadline) had passed.
    #[error("not tried: the time limit of the run had passed")]
    Deadline,
    /// The state could not be saved. Without it, nothing is written.
    #[error("not tried: the state could not be saved")]
    StateNotSaved,
    /// An earlier step failed or was skipped. Nothing is deleted then, since the old secret may be
    /// needed where its successor was not written.
    #[error("not deleted: an earlier step failed or was skipped")]
    Incomplete,
    /// The place is full, and the deletes there were not all made.
    #[error("not tried: the place is full, and the deletes there were not all made")]
    NoRoom,
    /// The plan has more deletes than [`Options::max_deletes`](super::Options::max_deletes) allows.
    #[error("not deleted: the plan has more deletes than allowed")]
    TooManyDeletes,
    /// The value is not known: the secret was added by
    /// [`Desired::set_without_value`](super::Desired::set_without_value).
    #[error("not tried: its value was not given")]
    NoValue,
    /// The place has a [problem](super::PlannedPlace::problem).
    #[error("not tried: the place has a problem")]
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
            reason: step.reason,
            result: Err(StepError::Skipped(skipped)),
        }
    }
}

impl SyncReport {
    /// Returns whether every secret is as desired, and the state is saved.
    pub fn is_complete(&self) -> bool {
        self.is_plan_complete
            && self.state_error.is_none()
            && self.applied.iter().all(|one| one.result.is_ok())
    }
}
