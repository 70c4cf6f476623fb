//! The steps of a phase: those of several places at once, and of each place one after the other.

use std::{iter, sync::atomic::Ordering};

use futures_util::{StreamExt, stream::FuturesUnordered};

use super::{
    judge::StepKind,
    place_run::PlaceRun,
    plan::{PLACES_AT_ONCE, PlannedPlace},
    report::{Skipped, StepError},
    run::{Phase, Run},
    survey::Values,
};

/// Does the steps of a phase, several places at once. `values` are those of the places in turn.
pub(super) async fn do_steps(
    run: &Run,
    places: &[PlannedPlace],
    phase: Phase,
    values: Vec<Values>,
) {
    let mut under_way = FuturesUnordered::new();
    let values = values.into_iter().chain(iter::repeat_with(Values::new));
    for (place, values) in places.iter().zip(values) {
        if under_way.len() >= PLACES_AT_ONCE {
            under_way.next().await;
        }
        under_way.push(do_steps_of(run, place, phase, values));
    }
    under_way.collect::<()>().await;
}

/// Does the steps of a place, one after the other.
async fn do_steps_of(run: &Run, place: &PlannedPlace, phase: Phase, values: Values) {
    let Some(id) = place.id.as_ref().filter(|_| place.problem.is_none()) else {
        return;
    };
    let mut of_place = PlaceRun::new(run, place, id, phase, values);
    let (mut ended, mut has_room) = (None, true);
    for step in phase.steps(place) {
        let no_room = (step.after_deletes && !has_room).then_some(Skipped::NoRoom);
        let skipped = run.skipped().or(ended).or(no_room);
        let result = match skipped {
            Some(skipped) => Err(StepError::Skipped(skipped)),
            None => of_place.step(step).await,
        };
        match &result {
            Ok(_) => run.unreachable.store(0, Ordering::Relaxed),
            Err(error) => {
                let place_ends = run.conclude(error);
                let unreadable = (!of_place.is_readable()).then_some(Skipped::EarlierError);
                ended = ended.or(place_ends).or(unreadable);
                has_room &= step.kind != StepKind::Delete;
                run.failed.store(true, Ordering::Relaxed);
            }
        }
        run.report(place, step, result);
    }
    of_place.finish();
}
