//! The changes that a sync would make. They are made in `apply.rs`, and serialized in
//! `serialization.rs`.

use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

use super::{
    judge::StepKind,
    options::Options,
    place_id::PlaceId,
    state::State,
    survey::{Intents, Step, Values},
};
use crate::{Error, OwnerKind, Place, Secret, Store, core::Core};

/// How many places are read, or written to, at once.
pub(super) const PLACES_AT_ONCE: usize = 8;

/// The changes that a sync would make, from [`GitHub::plan`](crate::GitHub::plan).
#[must_use = "a plan does nothing until it is applied"]
pub struct Plan {
    pub(super) core: Arc<Core>,
    pub(super) state: State,
    pub(super) options: Options,
    pub(super) places: Vec<PlannedPlace>,
    pub(super) unreachable: usize,
}

/// A place and the steps that are planned for it.
#[derive(Debug)]
#[non_exhaustive]
pub struct PlannedPlace {
    /// The place, under its current name.
    pub place: Place,
    /// The place under the name that you gave, if its repository has been renamed.
    pub renamed_from: Option<Place>,
    /// The step for each secret that is desired or that this sync wrote.
    pub steps: Vec<Step>,
    /// The secrets that are not desired and that this sync did not write.
    pub unmanaged: Vec<Secret>,
    /// The problem that prevents the steps, if there is one.
    pub problem: Option<Problem>,
    pub(super) id: Option<PlaceId>,
    pub(super) intents: Intents,
}

/// A problem that prevents changes to a place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The place cannot be read.
    #[error(transparent)]
    Unreadable(Error),
    /// GitHub does not find the secrets of the place, although their owner exists. A GitHub
    /// Enterprise Server can lack a whole store, Agents for example.
    #[error(
        "{owner} exists, but GitHub does not find its {} secrets: the server does not have that \
         store, or the token has no access to it",
        .store.title()
    )]
    NotFound {
        /// The owner.
        owner: String,
        /// The store.
        store: Store,
    },
    /// The repository is archived, so GitHub refuses writes.
    #[error("the repository is archived, so GitHub refuses writes")]
    Archived,
    /// The place would hold more secrets than GitHub allows, even after all deletes.
    #[error("it would hold {secrets} secrets, but GitHub allows at most {maximum}")]
    Full {
        /// The number of secrets that it would hold.
        secrets: usize,
        /// The number of secrets that it can hold.
        maximum: usize,
    },
    /// The place is listed twice, under the old and the new name of a repository that was renamed.
    #[error("it is the same as {0}, which is listed as well; list it once")]
    Same(Place),
}

impl PlannedPlace {
    /// Takes out the values that are to be written.
    pub(super) fn take_values(&mut self) -> Values {
        let intents = self.intents.iter_mut();
        let values =
            intents.filter_map(|(name, intent)| Some((name.clone(), intent.take_value()?)));
        values.collect()
    }

    /// Takes out those of the values whose secrets are created after deletes.
    pub(super) fn take_later_values(&self, values: &mut Values) -> Values {
        let later = self.steps.iter().filter(|step| step.after_deletes);
        let later = later.filter_map(|step| values.remove_entry(&step.name));
        later.collect()
    }

    /// Returns how many secrets are created [after the deletes](Step::after_deletes) of the place.
    pub fn later(&self) -> usize {
        self.steps.iter().filter(|step| step.after_deletes).count()
    }

    /// Returns the number of steps of a kind.
    pub fn count(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind).count()
    }
}

impl Plan {
    /// Returns the places in order, each with its steps.
    pub fn places(&self) -> &[PlannedPlace] {
        &self.places
    }

    /// Returns whether the plan changes nothing on GitHub. Places with a problem are not counted.
    pub fn is_empty(&self) -> bool {
        self.writes() == 0 && self.deletes() == 0
    }

    /// Returns whether every secret is as desired once the plan is applied: no place has a problem,
    /// no desired secret is left alone, and there are not too many deletes.
    pub fn is_complete(&self) -> bool {
        let fine = |place: &PlannedPlace| {
            place.problem.is_none() && !place.steps.iter().any(Step::is_unresolved)
        };
        self.places.iter().all(fine) && !self.has_too_many_deletes()
    }

    /// Returns how many secrets the plan creates or writes.
    pub fn writes(&self) -> usize {
        self.count(StepKind::Create) + self.count(StepKind::Write)
    }

    /// Returns how many secrets the plan deletes.
    pub fn deletes(&self) -> usize {
        self.count(StepKind::Delete)
    }

    /// Returns the maximum number of deletes, from [`Options::max_deletes`].
    pub fn max_deletes(&self) -> usize {
        self.options.max_deletes
    }

    /// Returns the number of steps of a kind, of places without a problem.
    pub fn count(&self, kind: StepKind) -> usize {
        count(&self.places, kind)
    }

    /// Returns how many secrets earlier runs wrote to places that are no longer visible: deleted,
    /// transferred, or hidden from the token. The state keeps their records.
    pub fn unreachable_secrets(&self) -> usize {
        self.unreachable
    }

    /// Returns an estimate of how many requests it takes to apply the plan.
    pub fn requests(&self) -> usize {
        let places = self.places.iter().filter(|place| place.problem.is_none());
        let of_place = |place: &PlannedPlace| {
            let (writes, deletes) = self.writes_and_deletes(place);
            let reading = 1 + usize::from(!matches!(place.place.kind(), OwnerKind::Organization));
            // The key of each place is fetched; a reading precedes each write and each delete; each
            // value is read back.
            let write = if writes > 0 {
                1 + (reading + 2) * writes
            } else {
                0
            };
            write + deletes * (reading + 1)
        };
        places.map(of_place).sum()
    }

    /// Returns the minimum time that it takes to apply the plan within the
    /// [`Limits`](crate::Limits).
    pub fn estimate(&self) -> Duration {
        let places = self.places.iter().filter(|place| place.problem.is_none());
        let changes = places.map(|place| self.writes_and_deletes(place));
        let changes = changes.map(|(writes, deletes)| writes + deletes);
        self.core.http.time_for_writes(changes.sum())
    }

    /// Returns how many secrets of a place are written and deleted if nothing fails.
    fn writes_and_deletes(&self, place: &PlannedPlace) -> (usize, usize) {
        let writes = place.count(StepKind::Create) + place.count(StepKind::Write);
        if self.has_too_many_deletes() {
            (writes - place.later(), 0)
        } else {
            (writes, place.count(StepKind::Delete))
        }
    }

    /// If it has, no delete is made.
    fn has_too_many_deletes(&self) -> bool {
        has_too_many_deletes(&self.places, self.options.max_deletes)
    }

    pub(super) fn count_unreachable(&mut self) {
        let seen: BTreeSet<&PlaceId> = self
            .places
            .iter()
            .filter_map(|one| one.id.as_ref())
            .collect();
        let places = self.state.places();
        let unreachable = places.filter(|(id, _)| !seen.contains(id));
        self.unreachable = unreachable.map(|(_, place)| place.records.len()).sum();
    }
}

/// Returns whether there are more deletes than are allowed.
pub(super) fn has_too_many_deletes(places: &[PlannedPlace], max_deletes: usize) -> bool {
    count(places, StepKind::Delete) > max_deletes
}

/// Returns the number of steps of a kind, of places without a problem.
fn count(places: &[PlannedPlace], kind: StepKind) -> usize {
    let places = places.iter().filter(|place| place.problem.is_none());
    places.map(|place| place.count(kind)).sum()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = self.places.iter().filter(|place| place.problem.is_some());
        write!(
            f,
            "{} to create, {} to write, {} to delete, {} left alone, {} unchanged; {} places with a \
             problem",
            self.count(StepKind::Create),
            self.count(StepKind::Write),
            self.deletes(),
            self.count(StepKind::Leave),
            self.count(StepKind::Keep),
            problems.count(),
        )
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("places", &self.places)
            .finish_non_exhaustive()
    }
}
