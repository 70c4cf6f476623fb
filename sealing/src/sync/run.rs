//! What the places of a run share.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::{
    sync::{SetOnce, mpsc::UnboundedSender},
    time::Instant,
};

use super::{
    judge::{Rules, StepKind},
    ledger::Ledger,
    place_id::PlaceId,
    plan::{PLACES_AT_ONCE, PlannedPlace},
    report::{Applied, Done, Skipped, StepError},
    survey::Step,
};
use crate::{
    Error, NotTried,
    core::Core,
    error::{Scope, is_unreachable},
    http::Call,
};

/// A run: what its places share.
pub(super) struct Run {
    pub(super) core: Arc<Core>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) rules: Rules,
    pub(super) end: Option<Instant>,
    pub(super) stop: Arc<SetOnce<NotTried>>,
    pub(super) results: UnboundedSender<Applied>,
    /// The error with which everything ended.
    pub(super) ended: SetOnce<Skipped>,
    /// How many places in a row found no server.
    pub(super) unreachable: AtomicUsize,
    pub(super) failed: AtomicBool,
}

/// Which steps are done together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// What is written, as far as there is room.
    Writes,
    /// In full places, the deletes and what is created in their room.
    Exchanges,
    /// The other deletes.
    Deletes,
}

impl Phase {
    /// Returns its steps of a place, in order.
    pub(super) fn steps(self, place: &PlannedPlace) -> impl Iterator<Item = &Step> {
        let is_full = place.steps.iter().any(|step| step.after_deletes);
        let deletes_here = match self {
            Self::Writes => false,
            Self::Exchanges => is_full,
            Self::Deletes => !is_full,
        };
        let deletes = place.steps.iter();
        let deletes = deletes.filter(move |step| deletes_here && step.kind == StepKind::Delete);
        let writes = place.steps.iter().filter(move |step| {
            let phase = match step.after_deletes {
                true => Self::Exchanges,
                false => Self::Writes,
            };
            self == phase && matches!(step.kind, StepKind::Create | StepKind::Write)
        });
        deletes.chain(writes)
    }
}

impl Run {
    /// Returns whether a step was not done.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || self.skipped().is_some()
    }

    /// Reports the steps of a phase with deletes as not tried.
    pub(super) fn skip(&self, places: &[PlannedPlace], phase: Phase, held: Skipped) {
        for place in places.iter().filter(|place| place.problem.is_none()) {
            for step in phase.steps(place) {
                let held = match step.kind {
                    StepKind::Delete => held,
                    _ => Skipped::NoRoom,
                };
                // What ended the run says more than what follows from it.
                let skipped = self.skipped().unwrap_or(held);
                self.report(place, step, Err(StepError::Skipped(skipped)));
            }
        }
    }

    /// Returns why nothing more is begun.
    pub(super) fn skipped(&self) -> Option<Skipped> {
        let late = self.end.is_some_and(|end| Instant::now() >= end);
        let stopped = self.stop.get().map(|_| Skipped::Stopped);
        let ended = self.ended.get().copied();
        ended.or(stopped).or(late.then_some(Skipped::Deadline))
    }

    /// Decides what an error means for others, and returns why the place ends, if it does.
    pub(super) fn conclude(&self, error: &StepError) -> Option<Skipped> {
        let error = match error {
            StepError::Skipped(Skipped::StateNotSaved) => {
                return Some(self.end(Skipped::StateNotSaved));
            }
            StepError::Skipped(_) => return None,
            StepError::Failed(error) => error,
        };
        if self.stop.initialized() {
            // What it did not wait for any more says nothing about the others.
            return Some(Skipped::Stopped);
        }
        if matches!(error, Error::Connection(_)) {
            let lost = self.unreachable.fetch_add(1, Ordering::Relaxed) + 1;
            // More than are under way at once: some were begun after others had been lost.
            if lost > 2 * PLACES_AT_ONCE {
                return Some(self.end(Skipped::EarlierError));
            }
        } else {
            self.unreachable.store(0, Ordering::Relaxed);
        }
        match Scope::of(error) {
            Scope::All => Some(self.end(Skipped::EarlierError)),
            Scope::Place => Some(Skipped::EarlierError),
            Scope::Secret => is_unreachable(error).then_some(Skipped::EarlierError),
        }
    }

    pub(super) fn end(&self, skipped: Skipped) -> Skipped {
        // It may have ended already.
        let _ = self.ended.set(skipped);
        skipped
    }

    pub(super) fn report(
        &self,
        place: &PlannedPlace,
        step: &Step,
        result: Result<Done, StepError>,
    ) {
        let applied = Applied {
            place: place.place.clone(),
            name: step.name.clone(),
            kind: step.kind,
            reason: step.reason,
            result,
        };
        // Whoever is not there to read it has dropped the run.
        let _ = self.results.send(applied);
    }

    pub(super) fn call(&self, id: &PlaceId) -> Arc<Call> {
        let call = Call::new(&self.core.http).polled();
        let call = call.of_repository(id.repository());
        Arc::new(call.until(self.end).unless(Arc::clone(&self.stop)))
    }
}
