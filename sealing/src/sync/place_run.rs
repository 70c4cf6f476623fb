//! The steps of one place, as they are done.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    iter, mem,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::time::Instant;

use super::{
    desired::AccessRule,
    digest::Digest,
    judge::{Found, Record, StepKind, Visibility, Why, Written},
    place_id::PlaceId,
    plan::{PLACES_AT_ONCE, PlannedPlace},
    report::{Done, Skipped, StepError},
    run::{Phase, Run},
    survey::{Intent, Step, Survey, Values, is_still},
};
use crate::{
    Access, Action, Error, NotTried, SecretName, SecretValue, Timestamp,
    http::Call,
    secrets::{Delivered, SecretStore},
};

/// For how long the secrets of a place are saved as begun before that is saved anew.
const BEGUN: Duration = Duration::from_secs(10 * 60);

/// What clocks can be apart, and what a write can wait for its turn between its attempts.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// How often a secret is read again because its write had to wait.
const MOST_READINGS: u32 = 10;

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
    let mut of_place = PlaceRun {
        run,
        place,
        id,
        values,
        store: SecretStore {
            core: Arc::clone(&run.core),
            place: Arc::new(place.place.clone()),
        },
        before: run.ledger.with_state(|state| state.records_of(id)),
        is_read: false,
        now: HashMap::new(),
        begun: BTreeSet::new(),
        begun_until: None,
        is_readable: true,
    };
    let mut ended = None;
    for step in place.steps.iter().filter(|step| phase.has(step)) {
        let skipped = run.skipped().or(ended);
        let result = match skipped {
            Some(skipped) => Err(StepError::Skipped(skipped)),
            None => of_place.step(step).await,
        };
        match &result {
            Ok(_) => run.unreachable.store(0, Ordering::Relaxed),
            Err(error) => {
                let place_ends = run.conclude(error);
                let unreadable = (!of_place.is_readable).then_some(Skipped::EarlierError);
                ended = ended.or(place_ends).or(unreadable);
                run.failed.store(true, Ordering::Relaxed);
            }
        }
        run.report(place, step, result);
    }
    of_place.finish();
}

impl PlaceRun<'_> {
    /// Does a step. If its request had to wait, what it relies on is read again before it is sent.
    async fn step(&mut self, step: &Step) -> Result<Done, StepError> {
        let name = &step.name;
        let call = self.run.call(self.id);
        let value = self.values.remove(name);
        let mut unsent = None;
        let mut readings = 0;
        let result = loop {
            match self.attempt(&call, step, value.as_ref()).await {
                Err(StepError::Failed(error))
                    if readings < MOST_READINGS && call.take_outdated() =>
                {
                    unsent = Some(error);
                    readings += 1;
                }
                result => break result,
            }
            if call.may_have_taken_effect() {
                // What is there now can be what this run has written.
                let records = self
                    .run
                    .ledger
                    .with_state(|state| state.records_of(self.id));
                self.before.extend(
                    records
                        .get_key_value(name)
                        .map(|(name, record)| (name.clone(), *record)),
                );
            }
        };
        let Err(error) = result else {
            return result;
        };
        let in_doubt = call.may_have_taken_effect();
        if in_doubt || matches!(&error, StepError::Failed(error) if error.may_have_taken_effect()) {
            // It stays begun: it may be stored.
            self.begun.remove(name);
        }
        Err(match (error, unsent) {
            (StepError::Failed(Error::NotTried(_)) | StepError::Skipped(_), Some(unsent))
                if in_doubt =>
            {
                StepError::Failed(unsent.mark_effect_if(true))
            }
            (StepError::Failed(Error::NotTried(_)), Some(met @ Error::RateLimited(_))) => {
                StepError::Failed(met)
            }
            (StepError::Failed(Error::NotTried(reason)), _) => StepError::Skipped(match reason {
                NotTried::Deadline => Skipped::Deadline,
                NotTried::EarlierError => Skipped::EarlierError,
                _ => Skipped::Stopped,
            }),
            (StepError::Failed(error), _) => StepError::Failed(error.mark_effect_if(in_doubt)),
            (skipped, _) => skipped,
        })
    }

    async fn attempt(
        &mut self,
        call: &Arc<Call>,
        step: &Step,
        value: Option<&SecretValue>,
    ) -> Result<Done, StepError> {
        let intent = self.place.intents.get(&step.name);
        match (step.kind, intent, value) {
            (StepKind::Delete, ..) => self.delete(call, step).await,
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
                self.write(call, step, value, *digest, access).await
            }
            _ => Err(StepError::Skipped(Skipped::NoValue)),
        }
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
        call.begin_reading();
        if self.is_read {
            self.read_one(call, name).await?;
        } else {
            self.read(call).await?;
        }
        self.check(step)
            .or_else(|changed| match call.may_have_taken_effect() {
                true => self.check_again(step),
                false => Err(changed),
            })?;
        let until = Some(self.latest_effect(Duration::ZERO));
        if !self.begun.contains(name) || self.begun_until < until {
            self.begin(step)?;
        }
        // Also one that was to be created can be there by now.
        let is_there = self.now.get(name).map(|now| now.kind) == Some(StepKind::Write);
        let keeps = rule == AccessRule::Keep && is_there;
        let sent = if keeps && self.id.has_access() {
            self.store.rotate_in_turn(call, name, value).await
        } else {
            let key = self.store.key(call).await?;
            self.store
                .seal_and_set(call, key, name, value, access)
                .await
        };
        let Delivered { stored, date, at } = sent?;
        self.begun.remove(name);
        // A second reading must not find it to be done.
        self.now.remove(name);
        if let Some(date) = date {
            let written = Written::About(date.into());
            let access = access.filter(|_| rule == AccessRule::Exact);
            let visibility = access
                .filter(|_| self.id.has_visibility())
                .map(Visibility::from);
            let record = Record {
                digest,
                written,
                visibility,
            };
            self.record(name, Some(record));
            if let Some(exact) = self.read_back(call, name, record, at).await {
                self.record(name, Some(exact));
            }
        }
        Ok(Done::Stored(stored))
    }

    /// Returns a record with the time that GitHub shows for what was written `at` this time. So a
    /// change by somebody else a second later is seen as theirs. If it cannot be read now, or an
    /// older one is shown, a later run finds the time.
    async fn read_back(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        record: Record,
        at: Instant,
    ) -> Option<Record> {
        let secret = self.store.find(call, name).await.ok()??;
        record.read_back(&Found::new(&secret, None), at.elapsed())
    }

    async fn delete(&mut self, call: &Arc<Call>, step: &Step) -> Result<Done, StepError> {
        let name = &step.name;
        call.reserve_write(&self.store.target(Action::Delete, Some(name)))
            .await?;
        call.begin_reading();
        let survey = self.read(call).await?;
        let is_gone = survey.is_some_and(|survey| !survey.has(name));
        if !(is_gone && call.may_have_taken_effect()) {
            self.check(step)?;
            if self.now.get(name).map(|now| now.updated_at) != Some(step.updated_at) {
                return Err(StepError::Skipped(Skipped::Changed));
            }
            self.store.delete(call, name).await?;
        }
        self.record(name, None);
        // It is deleted, whatever becomes of the state.
        if self.save().is_err() {
            self.run.end(Skipped::StateNotSaved);
        }
        Ok(Done::Deleted)
    }

    /// Reads the place again, and says what results now. Returns what was read, unless the place is
    /// another one's by now.
    async fn read(&mut self, call: &Arc<Call>) -> Result<Option<Survey>, StepError> {
        self.is_readable = false;
        let survey = Survey::read(&self.store, call, &self.place.intents).await?;
        // After the reading: what was read is of the repository that has the name now.
        let is_still = is_still(call, &self.store, self.id).await?;
        self.is_readable = true;
        self.is_read = true;
        if !is_still {
            self.now.clear();
            return Ok(None);
        }
        let judged = survey.judge(&self.place.intents, &self.before, self.run.rules);
        let steps = judged.steps.into_iter();
        self.now = steps.map(|step| (step.name.clone(), step)).collect();
        Ok(Some(survey))
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

    /// Checks that a step of which an attempt may have taken effect still results: what is there is
    /// what that attempt has written, as far as can be known, or nothing.
    fn check_again(&self, step: &Step) -> Result<(), StepError> {
        let now = self.now.get(&step.name).map(|now| (now.kind, now.why));
        match now {
            Some((_, Why::Unconfirmed)) => Ok(()),
            Some((StepKind::Create, _)) if step.kind == StepKind::Create => Ok(()),
            _ => Err(StepError::Skipped(Skipped::Changed)),
        }
    }

    /// Saves that the secrets of the place are being written, before the first of them is: so that
    /// they are known as ours, whatever happens to this run.
    fn begin(&mut self, first: &Step) -> Result<(), StepError> {
        let place = self.place;
        let until = self.latest_effect(BEGUN);
        for step in &place.steps {
            let digest = place.intents.get(&step.name).and_then(Intent::digest);
            let results = Phase::Writes.has(step) && self.check(step).is_ok();
            let results = results || step.name == first.name;
            if let Some(digest) = digest.filter(|_| results) {
                let written = Written::Begun(until);
                let record = Record {
                    digest,
                    written,
                    visibility: None,
                };
                self.record(&step.name, Some(record));
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
        for name in mem::take(&mut self.begun) {
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
