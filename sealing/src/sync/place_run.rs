//! A place in one phase of a run: how each of its steps is done.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    mem,
    sync::Arc,
    time::Duration,
};

use tokio::time::Instant;

use super::{
    desired::AccessRule,
    digest::Digest,
    judge::{Found, Record, StepKind, StepReason, Visibility, Written},
    place_id::PlaceId,
    plan::PlannedPlace,
    report::{Done, Skipped, StepError},
    run::{Phase, Run},
    survey::{Intent, Step, Survey, Values, is_still},
};
use crate::{
    Access, Action, Change, ConnectionFault, Error, NotTried, SecretName, SecretValue, Timestamp,
    http::Call,
    secrets::{Delivered, SecretStore, changed},
};

/// For how long the secrets of a place are saved as begun before that is saved anew.
const BEGUN: Duration = Duration::from_secs(10 * 60);

/// What clocks can be apart, and what a write can wait for its turn between its attempts.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// How often a secret is read again because its write had to wait.
const MOST_READINGS: u32 = 10;

/// The waits before a secret is looked for again that was written and is not found: GitHub can take
/// a moment to show it.
const WAITS_FOR_WRITTEN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// The steps of a place as they are done.
pub(super) struct PlaceRun<'r> {
    run: &'r Run,
    place: &'r PlannedPlace,
    id: &'r PlaceId,
    phase: Phase,
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

impl<'r> PlaceRun<'r> {
    pub(super) fn new(
        run: &'r Run,
        place: &'r PlannedPlace,
        id: &'r PlaceId,
        phase: Phase,
        values: Values,
    ) -> Self {
        Self {
            run,
            place,
            id,
            phase,
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
        }
    }

    /// Returns whether the place could be read.
    pub(super) fn is_readable(&self) -> bool {
        self.is_readable
    }

    /// Does a step. If its request had to wait, what it relies on is read again before it is sent.
    pub(super) async fn step(&mut self, step: &Step) -> Result<Done, StepError> {
        let name = &step.name;
        let call = self.run.call(self.id);
        let value = self.values.remove(name);
        let mut unsent = None;
        let mut readings = 0;
        // Each attempt of the policy has a reading of its own.
        let most_readings = MOST_READINGS.saturating_add(self.run.core.http.retry.attempts);
        let result = loop {
            match self.attempt(&call, step, value.as_ref()).await {
                Err(StepError::Failed(error))
                    if readings < most_readings && call.take_outdated() =>
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
            (StepError::Failed(Error::Connection(late)), Some(unsent))
                if late.fault == ConnectionFault::Deadline =>
            {
                StepError::Failed(unsent.mark_effect_if(in_doubt))
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
            if let Some(exact) = self.read_back(call, name, record, at).await? {
                self.record(name, Some(exact));
            }
        }
        Ok(Done::Stored(stored))
    }

    /// Returns a record with the time that GitHub shows for what was written `at` this time. So a
    /// change by somebody else a second later is seen as theirs. If it cannot be read now, or an
    /// older one is shown, a later run finds the time. That it is not there any more is an error.
    async fn read_back(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        record: Record,
        at: Instant,
    ) -> Result<Option<Record>, StepError> {
        let mut waits = WAITS_FOR_WRITTEN.into_iter();
        loop {
            match self.store.find(call, name).await {
                Ok(Some(secret)) => {
                    let found = Found::new(&secret, None);
                    return Ok(record.read_back(&found, at.elapsed()));
                }
                Err(_) if waits.len() == WAITS_FOR_WRITTEN.len() => return Ok(None),
                Err(_) | Ok(None) => {}
            }
            match waits.next() {
                Some(wait) if call.pause(wait).await.is_ok() => {}
                _ => return Err(StepError::Failed(changed(name, true, Change::Deleted))),
            }
        }
    }

    async fn delete(&mut self, call: &Arc<Call>, step: &Step) -> Result<Done, StepError> {
        let name = &step.name;
        call.reserve_write(&self.store.target(Action::Delete, Some(name)))
            .await?;
        call.begin_reading();
        let is_gone = self.read_one(call, name).await? == Some(false);
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

    /// Reads the place again, and says what results now: nothing if the place is another one's.
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

    /// Reads one secret again, and says what results for it now. Returns whether it is there, or
    /// `None` if the place is another one's by now.
    async fn read_one(
        &mut self,
        call: &Arc<Call>,
        name: &SecretName,
    ) -> Result<Option<bool>, StepError> {
        let intents = &self.place.intents;
        let survey = Survey::read_one(&self.store, call, name, intents).await?;
        if !is_still(call, &self.store, self.id).await? {
            self.now.clear();
            return Ok(None);
        }
        match survey.step(name, intents, &self.before, self.run.rules) {
            Some(step) => self.now.insert(name.clone(), step),
            None => self.now.remove(name),
        };
        Ok(Some(survey.has(name)))
    }

    /// Checks that a step still results.
    fn check(&self, step: &Step) -> Result<(), StepError> {
        match self.now.get(&step.name) {
            Some(now) if (now.kind, now.reason) == (step.kind, step.reason) => Ok(()),
            _ => Err(StepError::Skipped(Skipped::Changed)),
        }
    }

    /// Checks that a step of which an attempt may have taken effect still results: what is there is
    /// what that attempt has written, as far as can be known, or nothing.
    fn check_again(&self, step: &Step) -> Result<(), StepError> {
        let now = self.now.get(&step.name).map(|now| (now.kind, now.reason));
        match now {
            Some((_, StepReason::Unconfirmed)) => Ok(()),
            Some((StepKind::Create, _)) if step.kind == StepKind::Create => Ok(()),
            _ => Err(StepError::Skipped(Skipped::Changed)),
        }
    }

    /// Saves that the secrets of the phase are being written, before the first of them is: so that
    /// they are known as ours, whatever happens to this run.
    fn begin(&mut self, first: &Step) -> Result<(), StepError> {
        let place = self.place;
        let until = self.latest_effect(BEGUN);
        for step in self.phase.steps(place) {
            let digest = place.intents.get(&step.name).and_then(Intent::digest);
            let results = self.check(step).is_ok() || step.name == first.name;
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
    pub(super) fn finish(mut self) {
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
