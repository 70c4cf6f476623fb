//! Applies a plan.

use std::{
    collections::BTreeMap,
    fmt, io, mem,
    panic::resume_unwind,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{FutureExt, StreamExt};
use tokio::{
    sync::{
        SetOnce,
        mpsc::{self, UnboundedReceiver},
    },
    task::JoinSet,
    time::Instant,
};
use tracing::Instrument;

use super::{
    ledger::{Ledger, Save},
    options::Options,
    phase_run::do_steps,
    plan::{Plan, PlannedPlace, has_too_many_deletes},
    report::{Applied, Skipped, SyncReport},
    run::{Phase, Run},
    survey::Values,
};
use crate::{NotTried, Place, SecretName, core::Core};

/// A plan that is being applied, from [`Plan::apply`]. Nothing is sent until you call
/// [`next`](Self::next) or [`finish`](Self::finish).
///
/// Eight places are written to at once, and the secrets of one place in sequence. Deletes come
/// last, and only if every earlier step succeeded. Only in a place that is full do they come before
/// [what needs their room](super::Step::after_deletes). If you drop this, nothing more is sent. The
/// state that was saved last records what may have been written, and the next run continues from
/// there.
#[must_use = "nothing is sent until you call `next` or `finish`"]
pub struct Apply {
    core: Arc<Core>,
    places: Arc<[PlannedPlace]>,
    /// The values of each place, until it is started.
    values: Vec<Values>,
    options: Options,
    is_plan_complete: bool,
    ledger: Arc<Ledger>,
    stop: Arc<SetOnce<NotTried>>,
    deadline: Option<Duration>,
    driver: Option<(JoinSet<()>, UnboundedReceiver<Applied>)>,
    /// The steps without a result, with the positions of place and step.
    left: BTreeMap<(Place, SecretName), (usize, usize)>,
}

impl Plan {
    /// Applies the plan.
    ///
    /// Each place is read again before it is written to, and only the steps that still apply are
    /// taken.
    ///
    /// `save` receives the state as bytes and has to store them. It is called before the first
    /// write to a place and after the last one, never twice at once; other places wait for it.
    /// Replace the old bytes atomically, by renaming a file for example. If `save` fails, nothing
    /// more is written.
    ///
    /// See [`GitHub::plan`](crate::GitHub::plan) for an example.
    pub fn apply(self, save: impl FnMut(&[u8]) -> io::Result<()> + Send + 'static) -> Apply {
        let is_plan_complete = self.is_complete();
        let Self {
            core,
            state,
            options,
            mut places,
            ..
        } = self;
        let values = places.iter_mut().map(PlannedPlace::take_values).collect();
        let mut left = BTreeMap::new();
        for (index, planned) in places.iter().enumerate() {
            let steps = planned.steps.iter().enumerate();
            left.extend(
                steps
                    .filter(|(_, step)| step.is_change())
                    .map(|(at, step)| {
                        let secret = (planned.place.clone(), step.name.clone());
                        (secret, (index, at))
                    }),
            );
        }
        let save: Save = Box::new(save);
        Apply {
            core,
            places: places.into(),
            values,
            options,
            is_plan_complete,
            ledger: Arc::new(Ledger::new(state, save)),
            stop: Arc::default(),
            deadline: None,
            driver: None,
            left,
        }
    }
}

impl Apply {
    /// Sets a time limit for the run, counted from the first call of [`next`](Self::next) or
    /// [`finish`](Self::finish).
    ///
    /// Once it has passed, nothing more is sent. Requests in flight are awaited, and the remaining
    /// steps end with [`Skipped::Deadline`]. Default is no limit.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// Stops the run: no further step is started.
    ///
    /// Requests in flight are awaited, the state is saved, and the remaining steps end with
    /// [`Skipped::Stopped`].
    pub fn stop(&self) {
        // It may have been stopped already.
        let _ = self.stop.set(NotTried::Stopped);
    }

    /// Returns the places of the plan.
    pub fn places(&self) -> &[PlannedPlace] {
        &self.places
    }

    /// Returns the minimum time until the last step is done within the [`Limits`](crate::Limits).
    pub fn estimate(&self) -> Duration {
        self.core.http.time_for_writes(self.left.len())
    }

    /// Returns how many steps have no result yet.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// Waits for the next step to finish and returns its result, or `None` after the last one.
    ///
    /// This is cancel safe: if you drop the future, no result is lost.
    pub async fn next(&mut self) -> Option<Applied> {
        StreamExt::next(self).await
    }

    /// Waits for all steps and returns their results.
    ///
    /// # Errors
    ///
    /// Returns the report as the error if it is not [complete](SyncReport::is_complete): a step
    /// failed or was skipped, a place has a problem, a desired secret was left alone, or the state
    /// could not be saved.
    pub async fn finish(mut self) -> Result<SyncReport, SyncReport> {
        let mut applied = Vec::new();
        while let Some(one) = self.next().await {
            applied.push(one);
        }
        let report = SyncReport {
            applied,
            state_error: self.state_error(),
            is_plan_complete: self.is_plan_complete,
        };
        if report.is_complete() {
            Ok(report)
        } else {
            Err(report)
        }
    }

    /// Returns the error from saving the state, if that failed.
    pub fn state_error(&self) -> Option<io::Error> {
        self.ledger.failure()
    }

    fn begin(&mut self) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let run = Run {
            core: Arc::clone(&self.core),
            ledger: Arc::clone(&self.ledger),
            rules: self.options.rules,
            end: self
                .deadline
                .and_then(|time| Instant::now().checked_add(time)),
            stop: Arc::clone(&self.stop),
            results: sender,
            ended: SetOnce::new(),
            unreachable: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
        };
        let mut driver = JoinSet::new();
        if tokio::runtime::Handle::try_current().is_ok() {
            let places = Arc::clone(&self.places);
            let values = mem::take(&mut self.values);
            let work = drive(run, places, values, self.options.max_deletes);
            driver.spawn(work.in_current_span());
        }
        self.driver = Some((driver, receiver));
    }

    /// Returns a step that will not be taken.
    fn skipped(&mut self) -> Option<Applied> {
        let (_, (index, step)) = self.left.pop_first()?;
        let place = self.places.get(index)?;
        let step = place.steps.get(step)?;
        let skipped = match place.problem {
            Some(_) => Skipped::Problem,
            None => Skipped::EarlierError,
        };
        Some(Applied::skipped(place, step, skipped))
    }
}

/// Makes all writes, and then all deletes. What a full place has no room for is created after the
/// deletes there, before anything else is deleted.
async fn drive(run: Run, places: Arc<[PlannedPlace]>, mut values: Vec<Values>, max_deletes: usize) {
    let run = &run;
    // Times that have become exact are worth keeping even if nothing is written.
    if run.ledger.save().is_err() {
        run.end(Skipped::StateNotSaved);
    }
    let mut later: Vec<Values> = places
        .iter()
        .zip(&mut values)
        .map(|(place, values)| place.take_later_values(values))
        .collect();
    do_steps(run, &places, Phase::Writes, values).await;
    let has_problem = places.iter().any(|place| place.problem.is_some());
    let has_too_many = has_too_many_deletes(&places, max_deletes);
    for phase in [Phase::Exchanges, Phase::Deletes] {
        let held = if has_too_many {
            Some(Skipped::TooManyDeletes)
        } else {
            (run.has_failed() || has_problem).then_some(Skipped::Incomplete)
        };
        match held {
            Some(held) => run.skip(&places, phase, held),
            None => do_steps(run, &places, phase, mem::take(&mut later)).await,
        }
    }
}

impl Stream for Apply {
    type Item = Applied;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Applied>> {
        let apply = self.get_mut();
        if apply.driver.is_none() {
            apply.begin();
        }
        let Some((driver, results)) = &mut apply.driver else {
            return Poll::Ready(None);
        };
        let next = ready!(results.poll_recv(context));
        match next {
            Some(applied) => {
                let secret = (applied.place.clone(), applied.name.clone());
                apply.left.remove(&secret);
                Poll::Ready(Some(applied))
            }
            None => {
                // It has ended: by itself, with a panic of `save`, or with the async runtime.
                if let Some(Some(Err(error))) = driver.join_next().now_or_never()
                    && error.is_panic()
                {
                    resume_unwind(error.into_panic());
                }
                Poll::Ready(apply.skipped())
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left.len(), Some(self.left.len()))
    }
}

impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apply")
            .field("left", &self.left.len())
            .finish_non_exhaustive()
    }
}
