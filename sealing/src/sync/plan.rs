//! What would be done.

use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

use super::{
    judge::{StepKind, Why},
    options::Options,
    place_id::PlaceId,
    state::State,
    survey::{Intents, Step, Values},
};
use crate::{Error, OwnerKind, Place, Secret, core::Core};

/// How many places are looked at, or written to, at once.
pub(super) const PLACES_AT_ONCE: usize = 8;

/// What a sync would do, from [`GitHub::plan`].
#[must_use = "a plan does nothing until it is applied"]
pub struct Plan {
    pub(super) core: Arc<Core>,
    pub(super) state: State,
    pub(super) options: Options,
    pub(super) places: Vec<PlannedPlace>,
    pub(super) unseen: usize,
}

/// A place, and what would be done there.
#[derive(Debug)]
#[non_exhaustive]
pub struct PlannedPlace {
    /// The place, as it is called now.
    pub place: Place,
    /// The place as it was asked for, if its repository has another name now.
    pub renamed_from: Option<Place>,
    /// What is to be done with each secret that is wanted or was written.
    pub steps: Vec<Step>,
    /// The secrets that this sync neither wrote nor is to write.
    pub others: Vec<Secret>,
    /// What keeps the steps from being done.
    pub problem: Option<Problem>,
    pub(super) id: Option<PlaceId>,
    pub(super) intents: Intents,
}

/// What keeps a place from becoming what it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The place cannot be read.
    #[error(transparent)]
    Unreadable(Error),
    /// The repository is archived: GitHub refuses writes.
    #[error("the repository is archived, and GitHub refuses writes")]
    Archived,
    /// It would hold more secrets than GitHub allows.
    #[error("it would hold {secrets} secrets, of at most {maximum}")]
    Full {
        /// How many secrets it would hold.
        secrets: usize,
        /// How many it can.
        maximum: usize,
    },
    /// It is the same place as another one that is wanted: a repository that was renamed.
    #[error("it is the same as {0}, which is named as well; name it once")]
    Same(Place),
}

impl Step {
    /// Returns whether something is to be changed on GitHub.
    pub fn is_change(&self) -> bool {
        matches!(
            self.kind,
            StepKind::Create | StepKind::Write | StepKind::Delete
        )
    }

    /// Returns whether the secret stays as it is although something else is wanted.
    pub fn is_unresolved(&self) -> bool {
        self.kind == StepKind::Leave && matches!(self.why, Why::NotOurs | Why::ChangedElsewhere)
    }
}

impl PlannedPlace {
    /// Returns whether GitHub has no such place, or none that the token may see.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.problem, Some(Problem::Unreadable(Error::NotFound(_))))
    }

    /// Takes the values away that are to be written.
    pub(super) fn take_values(&mut self) -> Values {
        let intents = self.intents.iter_mut();
        let values =
            intents.filter_map(|(name, intent)| Some((name.clone(), intent.take_value()?)));
        values.collect()
    }

    /// Returns the number of steps of a kind.
    pub fn count(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind).count()
    }
}

impl Plan {
    /// Returns the places, in order, with what is to be done in each.
    pub fn places(&self) -> &[PlannedPlace] {
        &self.places
    }

    /// Returns whether nothing is to be changed on GitHub. Places with a problem count as nothing.
    pub fn is_empty(&self) -> bool {
        self.writes() == 0 && self.deletes() == 0
    }

    /// Returns whether everything is as it is wanted, or will be once the plan is applied: no place
    /// has a problem, no wanted secret is left alone, and there are not too many deletes.
    pub fn is_whole(&self) -> bool {
        let fine = |place: &PlannedPlace| {
            place.problem.is_none() && !place.steps.iter().any(Step::is_unresolved)
        };
        self.places.iter().all(fine) && !self.has_too_many_deletes()
    }

    /// Returns how many secrets are to be created or written.
    pub fn writes(&self) -> usize {
        self.count(StepKind::Create) + self.count(StepKind::Write)
    }

    /// Returns how many secrets are to be deleted.
    pub fn deletes(&self) -> usize {
        self.count(StepKind::Delete)
    }

    /// Returns how many secrets may be deleted.
    pub fn max_deletes(&self) -> usize {
        self.options.max_deletes
    }

    /// Returns the number of steps of a kind, of places without a problem.
    pub fn count(&self, kind: StepKind) -> usize {
        count(&self.places, kind)
    }

    /// Returns how many secrets were written in places that cannot be seen any more: deleted,
    /// transferred, or hidden from the token. The state keeps them.
    pub fn unseen(&self) -> usize {
        self.unseen
    }

    /// Returns about how many requests it takes to apply the plan.
    pub fn requests(&self) -> usize {
        let places = self.places.iter().filter(|place| place.problem.is_none());
        let of_place = |place: &PlannedPlace| {
            let writes = place.count(StepKind::Create) + place.count(StepKind::Write);
            let deletes = match self.has_too_many_deletes() {
                true => 0,
                false => place.count(StepKind::Delete),
            };
            let reading = 1 + usize::from(!matches!(place.place.kind(), OwnerKind::Organization));
            // Each place is read again, and has a key; each value is read back; each delete is
            // preceded by a reading.
            let write = if writes > 0 {
                reading + 1 + 2 * writes
            } else {
                0
            };
            write + deletes * (reading + 1)
        };
        places.map(of_place).sum()
    }

    /// Returns how long it takes at least, as the [`Limits`](crate::Limits) have it.
    pub fn estimate(&self) -> Duration {
        let deletes = match self.has_too_many_deletes() {
            true => 0,
            false => self.deletes(),
        };
        self.core.http.time_for_writes(self.writes() + deletes)
    }

    /// None of them is made then.
    fn has_too_many_deletes(&self) -> bool {
        has_too_many_deletes(&self.places, self.options.max_deletes)
    }

    pub(super) fn count_unseen(&mut self) {
        let seen: BTreeSet<&PlaceId> = self
            .places
            .iter()
            .filter_map(|one| one.id.as_ref())
            .collect();
        let places = self.state.places();
        let unseen = places.filter(|(id, _)| !seen.contains(id));
        self.unseen = unseen.map(|(_, place)| place.records.len()).sum();
    }
}

/// Returns whether more is to be deleted than may be.
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
            "{} to create, {} to write, {} to delete, {} left alone, {} as they should be; {} \
             places with a problem",
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
