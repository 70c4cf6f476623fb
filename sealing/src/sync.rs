//! Which secrets belong where: planned, reviewed, and made so.
//!
//! [`Desired`] says what is wanted, a [`State`] what was written before, and [`GitHub::plan`]
//! compares both with GitHub. A [`Plan`] shows what would be done, and [`Plan::apply`] does that
//! and nothing else:
//!
//! - No value is kept: a keyed digest tells a new value from the old one.
//! - A secret that this sync did not write is neither overwritten nor deleted, unless
//!   [`Desired::delete`] or [`Options::take_over`] says so.
//! - Each place is read again right before it is written to. What differs from the plan by then is
//!   left alone.
//! - A run that is stopped anywhere, even by the loss of the machine, can be run again, and ends
//!   the same.
//!
//! [`GitHub::plan`]: crate::GitHub::plan

mod apply;
mod desired;
mod digest;
mod directory;
mod judge;
mod ledger;
mod located;
mod options;
mod place_id;
mod place_run;
mod plan;
mod planner;
mod report;
mod state;
mod state_error;
mod survey;

pub use self::{
    apply::Apply,
    desired::{AccessRule, Desired},
    digest::StateKey,
    judge::{StepKind, Why},
    options::Options,
    plan::{Plan, PlannedPlace, Problem},
    report::{Applied, Done, Skipped, StepError, SyncReport},
    state::State,
    state_error::StateError,
    survey::{AccessChange, Step},
};
use crate::{Error, Place, SecretName};

/// An error from planning a sync.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// Something is wanted of a secret twice.
    #[error("{name} of {place} is named twice; say once what is wanted of it")]
    Twice {
        /// The place.
        place: Place,
        /// The secret.
        name: SecretName,
    },
    /// A value is empty. An empty variable is what a missing secret looks like in a workflow.
    #[error("the value of {name} for {place} is empty")]
    EmptyValue {
        /// The place.
        place: Place,
        /// The secret.
        name: SecretName,
    },
    /// The state cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// An error that every place would meet, or a name or an access that is not valid.
    #[error(transparent)]
    GitHub(#[from] Error),
}
