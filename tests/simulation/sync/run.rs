//! One run: a plan, and what is done of it until the machine is lost.

use std::{fmt::Debug, mem, sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use std::pin::pin;
use tokio::{task::JoinSet, time::sleep};

use super::{
    super::{
        audit::{Audit, Patience},
        rng::Rng,
        schedule::settings,
    },
    Schedule,
    machine::{End, Machine},
    record::records,
    state_key,
    strangers::meddle,
    watch::{Planned, Run},
};
use crate::{
    GitHub, Limits,
    http::{Clock, Io, Random},
    sync::{Applied, Apply, Plan, State, SyncError},
};

/// What a run meets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trouble {
    end: Option<End>,
    /// After how many milliseconds it is stopped, or the machine lost.
    stop: Option<u64>,
    loss: Option<u64>,
    deadline: Option<Duration>,
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
            attempts: 1,
            pause: None,
            take_over: false,
            knows: false,
            meddles_after_plan: false,
        }
    }

    /// Returns whether nothing cuts the run short.
    fn is_none(&self) -> bool {
        let ends = self.end.is_some() || self.stop.is_some() || self.loss.is_some();
        !ends && self.deadline.is_none()
    }

    pub(super) fn draw(rng: &mut Rng, takes_over: bool) -> Self {
        let often = |rng: &mut Rng, percent| rng.percent(percent);
        let time = |rng: &mut Rng| rng.within(0..=3_000);
        Self {
            end: often(rng, 40).then(|| End {
                request: rng.within(0..=25),
                is_sent: rng.percent(50),
            }),
            stop: often(rng, 10).then(|| time(rng)),
            loss: often(rng, 10).then(|| time(rng)),
            deadline: often(rng, 10).then(|| Duration::from_millis(time(rng))),
            attempts: rng.pick(&[1, 4]),
            pause: often(rng, 40).then(|| rng.pick(&[100, 500, 3_000])),
            take_over: takes_over && rng.percent(50),
            knows: rng.percent(20),
            meddles_after_plan: rng.percent(30),
        }
    }
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
        let machine = Machine::new(&self.server, trouble.end);
        let since = self.world.lock().tick;
        let mut others = JoinSet::new();
        if let Some(pause) = trouble.pause {
            let rng = Rng::new(self.seed, 40 + self.runs);
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
            let run = pin!(self.run_on(&machine, trouble, since));
            let lost = pin!(machine.until_lost());
            match select(lost, run).await {
                Either::Left(_) => None,
                Either::Right((ran, _)) => ran,
            }
        };
        drop(others);
        let complaints = mem::take(&mut machine.sent().complaints);
        for complaint in complaints {
            self.world.lock().watch.complain(complaint);
        }
        if machine.is_lost() {
            return None;
        }
        if let Some(ran) = &ran {
            self.check_results(ran);
            self.check_begun(&machine);
            if ran.is_complete {
                self.check_wanted(ran.since);
            }
        }
        ran
    }

    async fn run_on(&mut self, machine: &Machine, trouble: Trouble, since: u64) -> Option<Ran> {
        let plan = match self.plan(machine, trouble).await {
            Ok(plan) => plan,
            Err(error) => {
                self.silent("an error", &error);
                return None;
            }
        };
        if trouble.meddles_after_plan {
            self.meddle();
        }
        let count = |plan: &Plan| Planned {
            writes: plan.writes(),
            deletes: plan.deletes(),
            problems: plan
                .places()
                .iter()
                .filter(|one| one.problem.is_some())
                .count(),
        };
        self.world.lock().watch.run.plan = Some(count(&plan));
        self.disk.lock().has_failed = false;
        let apply = plan.apply(self.disk.save_of(machine));
        let apply = match trouble.deadline {
            Some(deadline) => apply.deadline(deadline),
            None => apply,
        };
        let ran = self.read(apply, trouble.stop, since).await;
        Some(ran)
    }

    async fn read(&self, mut apply: Apply, stop: Option<u64>, since: u64) -> Ran {
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
    pub(super) async fn plan(
        &mut self,
        machine: &Machine,
        trouble: Trouble,
    ) -> Result<Plan, SyncError> {
        self.runs += 1;
        let bytes = self.disk.lock().state().map(<[u8]>::to_vec);
        let state = match &bytes {
            None => State::new(state_key()),
            Some(bytes) => State::read(bytes, state_key()).expect("the state as it was saved"),
        };
        let mut run = Run::default();
        run.wishes.clone_from(&self.file.wishes);
        run.records = bytes.as_deref().map(records).unwrap_or_default();
        run.take_over = trouble.take_over;
        run.prune = self.file.prune;
        run.keep_changed = self.file.keep_changed;
        run.max_deletes = self.file.max_deletes;
        run.is_calm = trouble.is_none() && self.is_honest && self.is_calm;
        {
            let watch = &mut self.world.lock().watch;
            watch.number = self.runs;
            watch.run = run;
            watch.log.push(format!("run {}: {trouble:?}", self.runs));
            watch.log.push(format!("{:?}", self.file));
            let state = bytes.as_deref().unwrap_or_default();
            watch.log.push(String::from_utf8_lossy(state).into_owned());
        }
        // The holds of another machine are not those of this one.
        self.server.state().audit = Audit::new(Limits::none());
        let github = self.github(machine, trouble.attempts);
        let mut desired = self.file.desired();
        self.silent("what is wanted", &desired);
        if trouble.knows
            && let Ok(all) = github
                .org("acme")
                .expect("a login")
                .repositories()
                .all()
                .await
        {
            desired.know(all);
        }
        let options = self.file.options(trouble.take_over);
        let plan = github.plan(desired, state, options).await?;
        self.silent("a plan", &plan);
        let shown = plan.to_string();
        self.search("a plan", shown.as_bytes());
        self.world.lock().watch.log.push(format!("{plan:?}"));
        Ok(plan)
    }

    fn github(&self, machine: &Machine, attempts: u32) -> GitHub {
        let patience = Patience {
            attempts,
            ..super::super::PATIENCE
        };
        let builder = settings(Limits::none(), patience).token("token");
        let (network, clock) = (Arc::new(machine.clone()), self.server.clone());
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
