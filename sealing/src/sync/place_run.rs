//! The steps of one place, as they are done.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::{SetOnce, mpsc::UnboundedSender},
    time::Instant,
};

use super::{
    desired::AccessRule,
    digest::Digest,
    judge::{Found, Record, Rules, StepKind, Written},
    ledger::Ledger,
    place_id::PlaceId,
    plan::{PLACES_AT_ONCE, PlannedPlace},
    report::{Applied, Done, Skipped, StepError},
    survey::{Intent, Step, Survey, Values, is_still},
};
use crate::{
    Access, Action, Error, NotTried, SecretName, SecretValue, Timestamp,
    core::Core,
    error::{Scope, is_unreachable},
    http::Call,
    secrets::{Delivered, SecretStore},
};

/// For how long the secrets of a place are saved as begun before that is saved anew.
const BEGUN: Duration = Duration::from_secs(10 * 60);

/// What clocks can be apart, and what a write can wait for its turn between its attempts.
const MARGIN: Duration = Duration::from_secs(5 * 60);

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
#[derive(Clone, Copy)]
pub(super) enum Phase {
    Writes,
    Deletes,
}

impl Phase {
    fn has(self, step: &Step) -> bool {
        match self {
            Self::Writes => matches!(step.kind, StepKind::Create | StepKind::Write),
            Self::Deletes => step.kind == StepKind::Delete,
        }
    }
}

/// The steps of a place as they are done.
struct PlaceRun<'r> {
    run: &'r Run,
    place: &'r PlannedPlace,
    id: &'r PlaceId,
    values: Values,
    store: SecretStore,
    /// The records before this run. Nothing is judged by what the run itself has begun.
    before: BTreeMap<SecretName, Record>,
    is_read: bool,
    /// What still results, by the last reading.
    now: HashMap<SecretName, Step>,
    /// The secrets that are recorded as begun, and were not sent.
    begun: BTreeSet<SecretName>,
    /// By when, as that was saved, every write that was begun has taken effect if it ever does.
    begun_until: Option<Timestamp>,
    is_readable: bool,
}

impl Run {
    /// Does the steps of a phase, several places at once. `values` are those of the places in turn.
    pub(super) async fn at_once(&self, places: &[PlannedPlace], phase: Phase, values: Vec<Values>) {
        let mut under_way = FuturesUnordered::new();
        let values = values.into_iter().chain(iter::repeat_with(Values::new));
        for (place, values) in places.iter().zip(values) {
            if under_way.len() >= PLACES_AT_ONCE {
                under_way.next().await;
            }
            under_way.push(self.steps(place, phase, values));
        }
        under_way.collect::<()>().await;
    }

    /// Does the steps of a place, one after the other.
    async fn steps(&self, place: &PlannedPlace, phase: Phase, values: Values) {
        let Some(id) = place.id.as_ref().filter(|_| place.problem.is_none()) else {
            return;
        };
        let mut run = PlaceRun {
            run: self,
            place,
            id,
            values,
            store: SecretStore {
                core: Arc::clone(&self.core),
                place: Arc::new(place.place.clone()),
            },
            before: self.ledger.with_state(|state| state.records_of(id)),
            is_read: false,
            now: HashMap::new(),
            begun: BTreeSet::new(),
            begun_until: None,
            is_readable: true,
        };
        let mut ended = None;
        for step in place.steps.iter().filter(|step| phase.has(step)) {
            let skipped = self.skipped().or(ended);
            let result = match skipped {
                Some(skipped) => Err(StepError::Skipped(skipped)),
                None => run.step(step).await,
            };
            match &result {
                Ok(_) => self.unreachable.store(0, Ordering::Relaxed),
                Err(error) => {
                    let place_ends = self.conclude(error);
                    let unreadable = (!run.is_readable).then_some(Skipped::EarlierError);
                    ended = ended.or(place_ends).or(unreadable);
                }
            }
            if result.is_err() {
                self.failed.store(true, Ordering::Relaxed);
            }
            self.report(place, step, result);
        }
        run.finish();
    }

    /// Returns whether a step was not done.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || self.skipped().is_some()
    }

    /// Reports the deletes as not tried.
    pub(super) fn skip_deletes(&self, places: &[PlannedPlace], skipped: Skipped) {
        // What ended the run says more than what follows from it.
        let skipped = self.skipped().unwrap_or(skipped);
        for place in places.iter().filter(|place| place.problem.is_none()) {
            let deletes = place.steps.iter().filter(|step| Phase::Deletes.has(step));
            deletes.for_each(|step| self.report(place, step, Err(StepError::Skipped(skipped))));
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
    fn conclude(&self, error: &StepError) -> Option<Skipped> {
        let error = match error {
            StepError::Skipped(Skipped::StateNotSaved) => {
                return Some(self.end(Skipped::StateNotSaved));
            }
            StepError::Skipped(_) => return None,
            StepError::Failed(error) => error,
        };
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
            why: step.why,
            result,
        };
        // Whoever is not there to read it has dropped the run.
        let _ = self.results.send(applied);
    }

    fn call(&self, id: &PlaceId) -> Arc<Call> {
        let call = Call::new(&self.core.http).polled();
        let call = call.of_repository(id.repository());
        Arc::new(call.until(self.end).unless(Arc::clone(&self.stop)))
    }
}

impl PlaceRun<'_> {
    async fn step(&mut self, step: &Step) -> Result<Done, StepError> {
        let call = self.run.call(self.id);
        let intent = self.place.intents.get(&step.name);
        let result = match (step.kind, intent, self.values.remove(&step.name)) {
            (StepKind::Delete, ..) => self.delete(&call, step).await,
            (
                _,
                Some(Intent::Present {
                    digest: Some(digest),
                    access,
                    rule,
                    ..
                }),
                Some(value),
            ) => {
                let access = (access.as_ref(), *rule);
                self.write(&call, step, &value, *digest, access).await
            }
            _ => Err(StepError::Skipped(Skipped::NoValue)),
        };
        result.map_err(|error| match error {
            StepError::Failed(Error::NotTried(reason)) => StepError::Skipped(match reason {
                NotTried::Deadline => Skipped::Deadline,
                NotTried::EarlierError => Skipped::EarlierError,
                _ => Skipped::Stopped,
            }),
            StepError::Failed(error) => {
                StepError::Failed(error.mark_effect_if(call.may_have_taken_effect()))
            }
            skipped => skipped,
        })
    }

    async fn write(
        &mut self,
        call: &Arc<Call>,
        step: &Step,
        value: &SecretValue,
        digest: Digest,
        (access, rule): (Option<&Access>, AccessRule),
    ) -> Result<Done, StepError> {
        let name = &step.name;
        // The turn comes first, so that what is read then is still new when the value is sent.
        call.reserve_write(&self.store.target(Action::Set, Some(name)))
            .await?;
        if self.is_read {
            self.read_one(call, name).await?;
        } else {
            self.read(call).await?;
        }
        self.check(step)?;
        let until = Some(self.latest_effect(Duration::ZERO));
        if !self.begun.contains(name) || self.begun_until < until {
            self.begin()?;
        }
        let keeps = rule == AccessRule::Keep && step.kind == StepKind::Write;
        let sent = if keeps && self.id.has_access() {
            self.store.rotate_in_turn(call, name, value).await
        } else {
            let key = self.store.key(call).await?;
            self.store
                .seal_and_set(call, key, name, value, access)
                .await
        };
        let sent = sent.inspect_err(|error| {
            if error.may_have_taken_effect() || call.may_have_taken_effect() {
                // It stays begun: it may be stored.
                self.begun.remove(name);
            }
        });
        let Delivered { stored, date } = sent?;
        self.begun.remove(name);
        // A second reading must not find it to be done.
        self.now.remove(name);
        if let Some(date) = date {
            let written = Written::About(date.into());
            let record = Record { digest, written };
            self.record(name, Some(record));
            if let Some(exact) = self.read_back(call, name, record).await {
                self.record(name, Some(exact));
            }
        }
        Ok(Done::Stored(stored))
    }

    /// Returns a record with the time that GitHub shows for what was just written. So a change by
    /// somebody else a second later is seen as theirs. If it cannot be read now, or an older one is
    /// shown, a later run finds the time.
    async fn read_back(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        record: Record,
    ) -> Option<Record> {
        let secret = self.store.find(call, name).await.ok()??;
        record.exact(&Found::new(&secret, None))
    }

    async fn delete(&mut self, call: &Arc<Call>, step: &Step) -> Result<Done, StepError> {
        let name = &step.name;
        call.reserve_write(&self.store.target(Action::Delete, Some(name)))
            .await?;
        self.read(call).await?;
        self.check(step)?;
        if self.now.get(name).map(|now| now.updated_at) != Some(step.updated_at) {
            return Err(StepError::Skipped(Skipped::Changed));
        }
        self.store.delete(call, name).await?;
        self.record(name, None);
        // It is deleted, whatever becomes of the state.
        if self.save().is_err() {
            self.run.end(Skipped::StateNotSaved);
        }
        Ok(Done::Deleted)
    }

    /// Reads the place again, and says what results now.
    async fn read(&mut self, call: &Arc<Call>) -> Result<(), StepError> {
        self.is_readable = false;
        let survey = Survey::read(&self.store, call, &self.place.intents).await?;
        // After the reading: what was read is of the repository that has the name now.
        let is_still = is_still(call, &self.store, self.id).await?;
        self.is_readable = true;
        self.is_read = true;
        if !is_still {
            self.now.clear();
            return Ok(());
        }
        let judged = survey.judge(&self.place.intents, &self.before, self.run.rules);
        let steps = judged.steps.into_iter();
        self.now = steps.map(|step| (step.name.clone(), step)).collect();
        Ok(())
    }

    /// Reads one secret again, in a place that was read before: since then, others have had time.
    async fn read_one(&mut self, call: &Arc<Call>, name: &SecretName) -> Result<(), StepError> {
        let intents = &self.place.intents;
        let survey = Survey::read_one(&self.store, call, name, intents).await?;
        if !is_still(call, &self.store, self.id).await? {
            self.now.clear();
            return Ok(());
        }
        match survey.step(name, intents, &self.before, self.run.rules) {
            Some(step) => self.now.insert(name.clone(), step),
            None => self.now.remove(name),
        };
        Ok(())
    }

    /// Checks that a step still results.
    fn check(&self, step: &Step) -> Result<(), StepError> {
        match self.now.get(&step.name) {
            Some(now) if (now.kind, now.why) == (step.kind, step.why) => Ok(()),
            _ => Err(StepError::Skipped(Skipped::Changed)),
        }
    }

    /// Saves that the secrets of the place are being written, before the first of them is: so that
    /// they are known as ours, whatever happens to this run.
    fn begin(&mut self) -> Result<(), StepError> {
        let place = self.place;
        let until = self.latest_effect(BEGUN);
        for step in &place.steps {
            let digest = place.intents.get(&step.name).and_then(Intent::digest);
            let results = Phase::Writes.has(step) && self.check(step).is_ok();
            if let Some(digest) = digest.filter(|_| results) {
                let written = Written::Begun(until);
                self.record(&step.name, Some(Record { digest, written }));
                self.begun.insert(step.name.clone());
            }
        }
        self.begun_until = Some(until);
        self.save()
    }

    /// Returns when a write takes effect at the latest that is sent within this time, on GitHub's
    /// clock.
    fn latest_effect(&self, within: Duration) -> Timestamp {
        let http = &self.run.core.http;
        Timestamp::from(http.now() + within + http.lifetime + MARGIN)
    }

    /// Gives the secrets that were not sent their former records back, and saves.
    fn finish(&mut self) {
        for name in std::mem::take(&mut self.begun) {
            self.record(&name, self.before.get(&name).copied());
        }
        if self.begun_until.is_some() && self.save().is_err() {
            self.run.end(Skipped::StateNotSaved);
        }
    }

    fn record(&self, name: &SecretName, record: Option<Record>) {
        let place = &self.place.place;
        self.run.ledger.record(self.id, place, name, record);
    }

    fn save(&self) -> Result<(), StepError> {
        let saved = self.run.ledger.save();
        saved.map_err(|_| StepError::Skipped(Skipped::StateNotSaved))
    }
}
