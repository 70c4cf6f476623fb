//! One run: a plan, and what is done of it until the machine is lost.

use std::{fmt::Debug, mem, pin::pin, sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    super::{
        audit::{Audit, CallBounds},
        rng::Rng,
        schedule::settings,
    },
    Schedule,
    disk::Disk,
    file::File,
    machine::{End, Machine},
    record::records,
    state_key,
    strangers::{meddle, meddle_at_once},
    watch::{Planned, Run},
    wire::token_of,
};
use crate::{
    GitHub, Limits,
    http::{Clock, Io, Random},
    sync::{Applied, Apply, Plan, State, SyncError},
};

/// What a run meets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble {
    pub(super) end: Option<End>,
    /// After how many milliseconds it is stopped, or the machine lost.
    stop: Option<u64>,
    loss: Option<u64>,
    deadline: Option<Duration>,
    /// How many writes it sends a minute, if that is limited.
    writes: Option<u32>,
    attempts: u32,
    /// How long others pause at most, if they write meanwhile.
    pause: Option<u64>,
    take_over: bool,
    knows: bool,
    pub(super) meddles_after_plan: bool,
}

impl Trouble {
    pub(super) fn none() -> Self {
        Self {
            end: None,
            stop: None,
            loss: None,
            deadline: None,
            writes: None,
            attempts: 1,
            pause: None,
            take_over: false,
            knows: false,
            meddles_after_plan: false,
        }
    }

    pub(super) fn limits(&self) -> Limits {
        let limits = Limits::none();
        match self.writes {
            Some(writes) => limits.writes_per_minute(writes),
            None => limits,
        }
    }

    /// Returns whether nothing cuts the run short.
    fn is_none(&self) -> bool {
        let ends = self.end.is_some() || self.stop.is_some() || self.loss.is_some();
        !ends && self.deadline.is_none()
    }

    pub(super) fn draw(rng: &mut Rng, takes_over: bool) -> Self {
        let often = |rng: &mut Rng, percent| rng.percent(percent);
        let writes = often(rng, 15).then(|| rng.pick(&[1, 4]));
        // With few writes a minute, a run takes minutes.
        let longest = if writes.is_some() { 300_000 } else { 3_000 };
        let time = |rng: &mut Rng| rng.within(0..=longest);
        Self {
            end: often(rng, 40).then(|| End {
                request: rng.within(0..=25),
                is_sent: rng.percent(50),
            }),
            stop: often(rng, 10).then(|| time(rng)),
            loss: often(rng, 10).then(|| time(rng)),
            deadline: often(rng, 10).then(|| Duration::from_millis(time(rng))),
            writes,
            attempts: rng.pick(&[1, 4]),
            pause: often(rng, 40).then(|| rng.pick(&[100, 500, 3_000])),
            take_over: takes_over && rng.percent(50),
            knows: rng.percent(20),
            meddles_after_plan: rng.percent(30),
        }
    }
}

/// Who does a run.
pub(super) struct Party {
    pub(super) number: u64,
    pub(super) machine: Machine,
    pub(super) disk: Disk,
    pub(super) file: File,
}

/// What became of a run.
pub(super) struct Ran {
    pub(super) applied: Vec<Applied>,
    /// Whether it said that everything is as it is wanted.
    pub(super) is_complete: bool,
    pub(super) since: u64,
}

impl Schedule {
    /// Does a run, and returns what came of it, unless the machine was lost or nothing was planned.
    pub(super) async fn run(&mut self, trouble: Trouble) -> Option<Ran> {
        self.forget_requests(trouble.limits());
        let party = self.party(trouble.end);
        let ran = self.run_of(&party, trouble).await;
        let mut state = self.server.state();
        let complaints = std::mem::take(&mut state.audit.complaints);
        drop(state);
        // A call can look up more repositories at once than the audit takes for one call.
        let complaints = complaints.into_iter();
        let complaints = complaints.filter(|one| !one.ends_with("with a token on trial"));
        complaints.for_each(|one| self.complain(one));
        if let Some(ran) = ran.as_ref().filter(|ran| ran.is_complete) {
            self.check_wanted(ran.since);
        }
        ran
    }

    /// Forgets what machines sent before: the limits and holds of one are not those of the next.
    pub(super) fn forget_requests(&self, limits: Limits) {
        self.server.state().audit = Audit::new(limits);
    }

    /// Returns a new machine with the disk and the file.
    pub(super) fn party(&mut self, end: Option<End>) -> Party {
        self.runs += 1;
        Party {
            number: self.runs,
            machine: Machine::new(&self.server, &self.world, self.runs, end),
            disk: self.disk.clone(),
            file: self.file.clone(),
        }
    }

    pub(super) async fn run_of(&self, party: &Party, trouble: Trouble) -> Option<Ran> {
        let machine = &party.machine;
        let since = self.world.lock().tick;
        let mut others = JoinSet::new();
        if let Some(pause) = trouble.pause {
            let rng = Rng::new(self.seed, 40 + party.number);
            let (world, deeds) = (self.world.clone(), Arc::clone(&self.deeds));
            others.spawn(meddle(world, deeds, pause, rng, Arc::clone(&self.leaks)));
        }
        if let Some(loss) = trouble.loss {
            let machine = machine.clone();
            others.spawn(async move {
                sleep(Duration::from_millis(loss)).await;
                machine.lose();
            });
        }
        let ran = {
            let run = pin!(self.run_on(party, trouble, since));
            let lost = pin!(machine.until_lost());
            match select(lost, run).await {
                Either::Left(_) => None,
                Either::Right((ran, _)) => ran,
            }
        };
        drop(others);
        let complaints = mem::take(&mut machine.sent().complaints);
        for complaint in complaints {
            self.complain(complaint);
        }
        if machine.is_lost() {
            return None;
        }
        if let Some(ran) = &ran {
            self.check_results(party, ran);
            self.check_begun(party);
        }
        ran
    }

    async fn run_on(&self, party: &Party, trouble: Trouble, since: u64) -> Option<Ran> {
        let plan = match self.plan(party, trouble).await {
            Ok(plan) => plan,
            Err(error) => {
                self.silent("an error", &error);
                return None;
            }
        };
        if trouble.meddles_after_plan {
            let mut rng = Rng::new(self.seed, 60 + party.number);
            meddle_at_once(&self.world, &self.deeds, &mut rng, &self.leaks);
        }
        let count = |plan: &Plan| Planned {
            writes: plan.writes(),
            deletes: plan.deletes(),
            problems: plan
                .places()
                .iter()
                .filter(|one| one.problem.is_some())
                .count(),
            later: plan
                .places()
                .iter()
                .filter(|one| one.problem.is_none() && one.later() > 0)
                .map(|one| (one.place.to_string(), one.later()))
                .collect(),
        };
        self.world.lock().watch.planned(party.number, count(&plan));
        party.disk.lock().has_failed = false;
        let mut apply = plan.apply(party.disk.save_of(&party.machine));
        if let Some(deadline) = trouble.deadline {
            apply = apply.deadline(deadline);
            party.machine.sent().ends_at(Instant::now() + deadline);
        }
        let ran = self.read(party, apply, trouble.stop, since).await;
        Some(ran)
    }

    async fn read(&self, party: &Party, mut apply: Apply, stop: Option<u64>, since: u64) -> Ran {
        let mut applied = Vec::new();
        if let Some(stop) = stop {
            let mut timer = pin!(sleep(Duration::from_millis(stop)));
            loop {
                let next = pin!(apply.next());
                match select(next, timer.as_mut()).await {
                    Either::Left((Some(one), _)) => applied.push(one),
                    _ => break,
                }
            }
            apply.stop();
            party.machine.sent().ends_at(Instant::now());
        }
        while let Some(one) = apply.next().await {
            applied.push(one);
        }
        for one in &applied {
            self.silent("a result", one);
        }
        for one in &applied {
            // Some errors have the time of this machine.
            let line = format!(
                "{} {} {} {}",
                one.place,
                one.name,
                one.kind,
                one.result.is_ok()
            );
            self.world.lock().watch.log.push(line);
        }
        let report = apply.finish().await;
        let is_complete = report.is_ok() && applied.iter().all(|one| one.result.is_ok());
        self.silent("a report", &report);
        Ran {
            applied,
            is_complete,
            since,
        }
    }

    /// Plans, with nothing but what a new machine has.
    pub(super) async fn plan(&self, party: &Party, trouble: Trouble) -> Result<Plan, SyncError> {
        let file = &party.file;
        let bytes = party.disk.lock().state().map(<[u8]>::to_vec);
        let state = match &bytes {
            None => State::new(state_key()),
            Some(bytes) => State::read(bytes, state_key()).expect("the state as it was saved"),
        };
        let mut run = Run::default();
        run.wishes.clone_from(&file.wishes);
        run.records = bytes.as_deref().map(records).unwrap_or_default();
        run.take_over = trouble.take_over;
        run.prune = file.prune;
        run.keep_changed = file.keep_changed;
        run.max_deletes = file.max_deletes;
        run.is_calm = trouble.is_none() && self.is_honest && self.is_calm;
        {
            let watch = &mut self.world.lock().watch;
            watch.begin(party.number, run);
            watch.log.push(format!("run {}: {trouble:?}", party.number));
            watch.log.push(format!("{file:?}"));
            let state = bytes.as_deref().unwrap_or_default();
            watch.log.push(String::from_utf8_lossy(state).into_owned());
        }
        let github = self.github(party, trouble);
        let mut desired = file.desired();
        self.silent("what is wanted", &desired);
        if trouble.knows
            && let Ok(all) = github
                .org("acme")
                .expect("a login")
                .repositories()
                .all()
                .await
        {
            desired.add_known_repositories(all);
        }
        let options = file.options(trouble.take_over);
        let plan = github.plan(desired, state, options).await?;
        self.silent("a plan", &plan);
        let shown = plan.to_string();
        self.search("a plan", shown.as_bytes());
        self.world.lock().watch.log.push(format!("{plan:?}"));
        Ok(plan)
    }

    fn github(&self, party: &Party, trouble: Trouble) -> GitHub {
        let call_bounds = CallBounds {
            attempts: trouble.attempts,
            ..super::super::CALL_BOUNDS
        };
        let token = token_of(party.number);
        let builder = settings(trouble.limits(), call_bounds).token(token);
        let (network, clock) = (Arc::new(party.machine.clone()), self.server.clone());
        let io = |_| Io {
            network,
            clock: Clock(Arc::new(move || clock.now())),
            random: Random(Arc::new(|| 0.5)),
        };
        builder.build_with(io).expect("settings")
    }

    /// Checks that something holds no part of a value.
    fn silent(&self, what: &str, it: &impl Debug) {
        self.search(what, format!("{it:?}").as_bytes());
    }

    pub(super) fn search(&self, what: &str, bytes: &[u8]) {
        if self.leaks().are_in(bytes) {
            let complaint = format!("{what} holds a part of a value");
            self.world.lock().watch.complain(complaint);
        }
    }
}
