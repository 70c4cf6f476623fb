//! Keeps the secrets of many places as you describe them: plan, review, apply.
//!
//! [`Desired`] lists the secrets that you want, a [`State`] records what earlier runs wrote, and
//! [`GitHub::plan`] compares both with GitHub. A [`Plan`] shows the changes, and [`Plan::apply`]
//! makes these changes and no others:
//!
//! - No value is stored: a keyed digest shows whether a value is new.
//! - A secret that this sync did not write is neither overwritten nor deleted, unless
//!   [`Desired::delete`] or [`Options::take_over`] asks for it.
//! - Each place is read again right before it is written to. A secret that has changed since the
//!   plan is left alone.
//! - A run that was interrupted, even by a crash of the machine, can be repeated, and the result is
//!   the same.
//!
//! [`GitHub::plan`]: crate::GitHub::plan

mod absence;
mod apply;
mod desired;
mod digest;
mod directory;
mod judge;
mod ledger;
mod located;
mod options;
mod phase_run;
mod place_id;
mod place_run;
mod plan;
mod planner;
mod report;
mod room;
mod run;
#[cfg(feature = "serde")]
mod serialization;
mod state;
mod state_error;
mod survey;

pub use self::{
    apply::Apply,
    desired::{AccessRule, Desired},
    digest::StateKey,
    judge::{StepKind, StepReason},
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
    /// A secret is listed twice.
    #[error("{name} in {place} is listed twice; remove one of the entries")]
    Twice {
        /// The place.
        place: Place,
        /// The secret.
        name: SecretName,
    },
    /// A value is empty. In a workflow, a secret that does not exist gives an empty variable.
    #[error(
        "the value of {name} for {place} is empty; set it, or use `delete` if the secret should \
         not exist"
    )]
    EmptyValue {
        /// The place.
        place: Place,
        /// The secret.
        name: SecretName,
    },
    /// The state cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// An error that affects every place, or a name or an access that is not valid.
    #[error(transparent)]
    GitHub(#[from] Error),
}
