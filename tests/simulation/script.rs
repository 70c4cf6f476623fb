//! What the callers do.

use std::pin::Pin;

use tokio::time::{Instant, sleep, timeout};

use super::{
    features::{Act, Features, Handling},
    ledger::{Ledger, Outcome, Task, Wish},
    rng::Rng,
    server::Server,
};
use crate::{Error, Organization, Secrets, Visibility};

/// A caller with tasks of its own.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) number: u64,
    pub(super) secrets: Secrets<Organization>,
    pub(super) server: Server,
    pub(super) ledger: Ledger,
    pub(super) rng: Rng,
    pub(super) features: Features,
    pub(super) tasks: u64,
}

type CallFuture = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl Caller {
    /// Does some things one after the other.
    pub(super) async fn act(mut self) {
        for _ in 0..self.rng.within(1..=4) {
            let pause = self.rng.pick(&[0, 0, 500, 10_000, 100_000]);
            sleep(self.rng.millis(0..=pause)).await;
            match self.rng.weigh(&self.features.acts) {
                Act::Batch => self.batch().await,
                act if act.looks() => self.look(act).await,
                act => self.change(act).await,
            }
        }
    }

    /// Does one of these, if the callers of this schedule do any.
    pub(super) async fn do_one(&mut self, which: fn(Act) -> bool) {
        let mut acts = self.features.acts.clone();
        acts.retain(|(act, _)| which(*act));
        if acts.is_empty() {
            return;
        }
        match self.rng.weigh(&acts) {
            act if act.looks() => self.look(act).await,
            act => self.change(act).await,
        }
    }

    async fn change(&mut self, act: Act) {
        let (task, call) = self.call_of(act);
        self.drive(task, call).await;
    }

    /// One call that changes one secret.
    fn call_of(&mut self, act: Act) -> (Task, CallFuture) {
        let secrets = self.secrets.clone();
        match act {
            Act::Set => {
                let planted = self.rng.percent(30);
                let task = self.task(planted);
                let (visibility, access) = self.visibility();
                let value = self.value();
                let wish = Wish::Value(value.clone(), Some(access));
                let name = task.name.clone();
                let call = async move {
                    let result = secrets.set(name, value, visibility).await;
                    Outcome::of(&silent(result), |stored| Outcome::Stored(*stored))
                };
                (Task { wish, ..task }, Box::pin(call))
            }
            Act::Rotate => {
                let task = self.task(true);
                self.server.state().audit.rotates(&task.name);
                let value = self.value();
                let wish = Wish::Value(value.clone(), None);
                let (name, server) = (task.name.clone(), self.server.clone());
                let call = async move {
                    let result = secrets.rotate(name.as_str(), value).await;
                    server.whole(&name, &result);
                    Outcome::of(&silent(result), |()| Outcome::Done)
                };
                (Task { wish, ..task }, Box::pin(call))
            }
            Act::Access => {
                let task = self.task(true);
                let (visibility, access) = self.other_access(&task);
                let wish = Wish::Access(access.0, access.1);
                let (name, server) = (task.name.clone(), self.server.clone());
                let call = async move {
                    let result = secrets
                        .set_access(name.as_str(), visibility)
                        .await
                        .map(|_| ());
                    server.whole(&name, &result);
                    Outcome::of(&silent(result), |()| Outcome::Done)
                };
                (Task { wish, ..task }, Box::pin(call))
            }
            _ => {
                let planted = self.rng.percent(80);
                let task = self.task(planted);
                let name = task.name.clone();
                let call = async move {
                    let result = secrets.delete(name).await;
                    Outcome::of(&silent(result), |()| Outcome::Done)
                };
                let wish = Wish::Absence;
                (Task { wish, ..task }, Box::pin(call))
            }
        }
    }

    /// Waits for a call, or drops it, or leaves it alone for a while.
    async fn drive(&mut self, task: Task, mut call: CallFuture) {
        let until = self.rng.pick(&[1, 400, 5_000, 60_000]);
        let until = self.rng.millis(0..=until);
        let outcome = match self.rng.weigh(&self.features.handlings) {
            Handling::Await => {
                let begun = Instant::now();
                let outcome = call.await;
                self.took(&task.name, true, begun);
                outcome
            }
            Handling::Drop => match timeout(until, &mut call).await {
                Ok(outcome) => outcome,
                Err(_) => self.drop_call(&task.name, call),
            },
            Handling::Leave => match timeout(until, &mut call).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    let alone = self.rng.pick(&[1_000, 600_000, 60_000_000]);
                    sleep(self.rng.millis(0..=alone)).await;
                    call.await
                }
            },
        };
        self.ledger.enter(&self.server, task, outcome);
    }

    /// Drops a call, after which nothing more is sent for it.
    fn drop_call(&self, name: &str, call: CallFuture) -> Outcome {
        drop(call);
        self.server.state().audit.stop(name);
        Outcome::Dropped
    }

    /// Calls that change nothing.
    async fn look(&mut self, act: Act) {
        let planted = self.rng.percent(50);
        let task = self.task(planted);
        let held = task.before.as_ref();
        let mut begun = Instant::now();
        match act {
            Act::Find => {
                if let Ok(found) = silent(self.secrets.find(task.name.as_str()).await)
                    && found.is_some() != held.is_some()
                {
                    self.complain(format!("{} was found wrongly", task.name));
                }
            }
            Act::List => {
                let since = self.server.state().store.changes();
                let (mut pages, mut all) = (self.secrets.list(), Vec::new());
                let whole = loop {
                    // Each page is a call of its own.
                    let begun = Instant::now();
                    let next = pages.next().await.map(silent);
                    self.took("a page", false, begun);
                    match next {
                        Some(Ok(secret)) => all.push(secret),
                        Some(Err(_)) => break None,
                        None => break Some(all),
                    }
                };
                begun = Instant::now();
                if let Some(all) = whole {
                    let names: Vec<_> = all.into_iter().map(|secret| secret.name).collect();
                    let differ = names.windows(2).all(|two| two[0] < two[1]);
                    if !differ || !self.server.state().store.had_names(since, &names) {
                        self.complain(format!("at no time these were all: {names:?}"));
                    }
                }
            }
            _ => {
                let _ = silent(self.secrets.public_key().await);
            }
        }
        self.took("a look", false, begun);
    }

    /// A task on a secret that no other task touches.
    pub(super) fn task(&mut self, planted: bool) -> Task {
        self.tasks += 1;
        let name = format!("C{}_{}", self.number, self.tasks);
        if planted {
            let often = if self.features.strangers > 0 { 90 } else { 50 };
            let selected = self.rng.percent(often).then(|| {
                let size = self.server.state().store.page_size as u64;
                let counts = [0, 3, size - 1, size, size + 1, size * 5 / 2];
                let counts = &counts[if self.features.strangers > 0 { 4 } else { 0 }..];
                let count = self.rng.pick(counts);
                (1..=count).map(|number| number * 10).collect()
            });
            self.server.state().store.plant(&name, selected);
        }
        let before = self.server.state().store.secrets.get(&name).cloned();
        let wish = Wish::Absence;
        Task { name, before, wish }
    }

    pub(super) fn visibility(&mut self) -> (Visibility, (&'static str, Vec<u64>)) {
        match self.rng.within(0..=4) {
            0 => (Visibility::All, ("all", Vec::new())),
            1 | 2 => (Visibility::Private, ("private", Vec::new())),
            3 => (Visibility::selected([7, 8]), ("selected", vec![7, 8])),
            _ => {
                let names = ["repository-7", "acme/repository-9"];
                (Visibility::selected(names), ("selected", vec![7, 9]))
            }
        }
    }

    /// Access like that of before, but for one repository or two.
    fn other_access(&mut self, task: &Task) -> (Visibility, (&'static str, Vec<u64>)) {
        let before = task.before.as_ref().map(|before| &before.repositories);
        let Some(before) = before.filter(|ids| !ids.is_empty() && self.rng.percent(70)) else {
            return self.visibility();
        };
        let mut ids = before.clone();
        let last = ids[ids.len() - 1];
        let index = self.rng.within(0..=ids.len() as u64 - 1);
        ids.remove(usize::try_from(index).expect("an index"));
        if self.rng.percent(50) {
            ids.push(last + 10);
        }
        (Visibility::selected(ids.clone()), ("selected", ids))
    }

    pub(super) fn value(&self) -> String {
        format!("value-of-{}-{}", self.number, self.tasks)
    }

    pub(super) fn took(&self, what: &str, writes: bool, begun: Instant) {
        let mut state = self.server.state();
        state.audit.took(what.to_owned(), writes, begun.elapsed());
    }

    pub(super) fn complain(&self, complaint: String) {
        self.server.state().audit.complain(complaint);
    }
}

impl Server {
    /// Checks that nothing was done with a part of what was read.
    fn whole(&self, name: &str, result: &Result<(), Error>) {
        let mut state = self.state();
        if result.is_ok() && state.audit.was_partial(name) {
            let complaint = format!("{name} was changed although a part was read only");
            state.audit.complain(complaint);
        }
    }
}

/// Checks that an error says nothing that it must not, and nothing that cannot be.
pub(super) fn silent<T>(result: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &result {
        let text = format!("{error} {error:?}");
        for word in ["value-of-", "token-", "Shutdown", "panicked"] {
            assert!(!text.contains(word), "{text}");
        }
    }
    result
}
