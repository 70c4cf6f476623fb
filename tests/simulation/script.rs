//! What the callers do.

use std::{pin::Pin, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use super::{
    ledger::{Ledger, Outcome, Task, Wish},
    rng::Rng,
    server::Server,
};
use crate::{Error, NewSecret, NotTried, Organization, Secrets, Visibility};

/// A caller with tasks of its own.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) number: u64,
    pub(super) secrets: Secrets<Organization>,
    pub(super) server: Server,
    pub(super) ledger: Ledger,
    pub(super) rng: Rng,
    pub(super) tasks: u64,
}

type Deed = Pin<Box<dyn Future<Output = Outcome> + Send>>;

impl Caller {
    /// Does some things one after the other.
    pub(super) async fn act(mut self) {
        for _ in 0..self.rng.within(1..=4) {
            let pause = self.rng.pick(&[0, 0, 500, 10_000, 100_000]);
            sleep(self.rng.millis(0..=pause)).await;
            match self.rng.within(0..=9) {
                0..=2 => self.batch().await,
                3 => self.look().await,
                _ => {
                    let (task, deed) = self.deed();
                    self.drive(task, deed).await;
                }
            }
        }
    }

    /// One call that changes one secret.
    fn deed(&mut self) -> (Task, Deed) {
        let secrets = self.secrets.clone();
        match self.rng.within(0..=9) {
            0..=4 => {
                let planted = self.rng.percent(30);
                let task = self.task(planted);
                let (visibility, access) = self.visibility();
                let value = self.value();
                let wish = Wish::Value(value.clone(), Some(access));
                let name = task.name.clone();
                let deed = async move {
                    let result = secrets.set(name, value, visibility).await;
                    Outcome::of(&silent(result), |stored| Outcome::Stored(*stored))
                };
                (Task { wish, ..task }, Box::pin(deed))
            }
            5 | 6 => {
                let task = self.task(true);
                self.server.state().audit.rotates(&task.name);
                let value = self.value();
                let wish = Wish::Value(value.clone(), None);
                let (name, server) = (task.name.clone(), self.server.clone());
                let deed = async move {
                    let result = secrets.rotate(name.as_str(), value).await;
                    server.whole(&name, &result);
                    Outcome::of(&silent(result), |()| Outcome::Done)
                };
                (Task { wish, ..task }, Box::pin(deed))
            }
            7 => {
                let task = self.task(true);
                let (visibility, access) = self.other_access(&task);
                let wish = Wish::Access(access.0, access.1);
                let (name, server) = (task.name.clone(), self.server.clone());
                let deed = async move {
                    let result = secrets
                        .set_access(name.as_str(), visibility)
                        .await
                        .map(|_| ());
                    server.whole(&name, &result);
                    Outcome::of(&silent(result), |()| Outcome::Done)
                };
                (Task { wish, ..task }, Box::pin(deed))
            }
            _ => {
                let planted = self.rng.percent(80);
                let task = self.task(planted);
                let name = task.name.clone();
                let deed = async move {
                    let result = secrets.delete(name).await;
                    Outcome::of(&silent(result), |()| Outcome::Done)
                };
                let wish = Wish::Absence;
                (Task { wish, ..task }, Box::pin(deed))
            }
        }
    }

    /// Waits for a call, or drops it, or leaves it alone for a while.
    async fn drive(&mut self, task: Task, mut deed: Deed) {
        let until = self.rng.pick(&[1, 400, 5_000, 60_000]);
        let until = self.rng.millis(0..=until);
        let outcome = match self.rng.within(0..=9) {
            0..=4 => {
                let begun = Instant::now();
                let outcome = deed.await;
                self.took(&task.name, true, begun);
                outcome
            }
            5..=7 => match timeout(until, &mut deed).await {
                Ok(outcome) => outcome,
                Err(_) => Outcome::Dropped,
            },
            _ => match timeout(until, &mut deed).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    let alone = self.rng.pick(&[1_000, 600_000, 60_000_000]);
                    sleep(self.rng.millis(0..=alone)).await;
                    deed.await
                }
            },
        };
        self.ledger.enter(&self.server, task, outcome);
    }

    /// Calls that change nothing.
    async fn look(&mut self) {
        let planted = self.rng.percent(50);
        let task = self.task(planted);
        let held = task.before.as_ref();
        let begun = Instant::now();
        match self.rng.within(0..=2) {
            0 => {
                if let Ok(found) = silent(self.secrets.find(task.name.as_str()).await)
                    && found.is_some() != held.is_some()
                {
                    self.complain(format!("{} was found wrongly", task.name));
                }
            }
            1 => {
                let since = self.server.state().store.changes();
                if let Ok(all) = silent(self.secrets.list().all().await) {
                    let names: Vec<_> = all.into_iter().map(|secret| secret.name).collect();
                    if !self.server.state().store.had_names(since, &names) {
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

    /// A batch, with other calls between its results.
    async fn batch(&mut self) {
        let size = self.rng.pick(&[0, 1, 5, 12, 30]);
        let mut tasks = Vec::new();
        let mut new = Vec::new();
        for _ in 0..size {
            let planted = self.rng.percent(20);
            let task = self.task(planted);
            let (visibility, access) = self.visibility();
            let value = self.value();
            let secret = NewSecret::new(task.name.as_str(), value.as_str()).expect("a name");
            new.push(secret.visibility(visibility));
            let wish = Wish::Value(value, Some(access));
            tasks.push(Task { wish, ..task });
        }
        let batch = match silent(self.secrets.set_all(new).await) {
            Ok(batch) => batch,
            Err(_) => {
                let outcome = Outcome::Failed {
                    doubt: false,
                    not_tried: None,
                };
                for task in tasks {
                    self.ledger.enter(&self.server, task, outcome.clone());
                }
                return;
            }
        };
        let concurrency = self.rng.pick(&[1, 3, 8]);
        let mut batch = batch.concurrency(concurrency);
        let mut lost = 0;
        let mut reasons = vec![NotTried::EarlierError];
        if self.rng.percent(20) {
            batch = batch.deadline(self.rng.millis(0..=600_000));
            reasons.push(NotTried::Deadline);
        }
        let time = self.rng.pick(&[1, 3_000, 100_000, 1_000_000]);
        let mut stop = self.rng.percent(20).then(|| self.rng.millis(0..=time));
        let mut left = if self.rng.percent(25) {
            self.rng.within(0..=size)
        } else {
            size
        };
        while left > 0 {
            left -= 1;
            let begun = Instant::now();
            let next = timeout(stop.unwrap_or(Duration::MAX), batch.next()).await;
            stop = stop.map(|stop| stop.saturating_sub(begun.elapsed()));
            let item = match next {
                Ok(item) => item,
                Err(_) => {
                    stop = None;
                    batch.stop();
                    for task in &tasks {
                        self.server.state().audit.stop(&task.name);
                    }
                    reasons.push(NotTried::Stopped);
                    batch.next().await
                }
            };
            let Some(item) = item else {
                break;
            };
            self.took(item.name.as_str(), true, begun);
            lost = match &item.result {
                Err(Error::Connection(_) | Error::NotFound(_)) => lost + 1,
                Err(Error::NotTried(_)) => lost,
                _ => 0,
            };
            if let Err(Error::NotTried(reason)) = item.result
                && !reasons.contains(&reason)
                && !(reason == NotTried::Stopped && self.server.state().audit.is_stopped())
            {
                self.complain(format!("{} was not tried: {reason:?}", item.name));
            }
            // Those under way when the batch stops can be lost as well.
            if lost > 2 * concurrency.max(2) {
                self.complain(format!("a batch goes on after {lost} lost secrets"));
            }
            let index = tasks
                .iter()
                .position(|task| task.name == item.name.as_str());
            let task = tasks.swap_remove(index.expect("a secret of the batch"));
            let outcome = Outcome::of(&silent(item.result), |stored| Outcome::Stored(*stored));
            self.ledger.enter(&self.server, task, outcome);
            match self.rng.within(0..=19) {
                0 | 1 => {
                    let pause = self.rng.pick(&[100, 60_000]);
                    sleep(self.rng.millis(0..=pause)).await;
                }
                2 | 3 => {
                    let (task, deed) = self.deed();
                    Box::pin(self.drive(task, deed)).await;
                }
                4 => Box::pin(self.look()).await,
                _ => {}
            }
        }
        if tasks.is_empty() && batch.next().await.is_some() {
            self.complain("a batch has more results than secrets".to_owned());
        }
        drop(batch);
        for task in tasks {
            self.ledger.enter(&self.server, task, Outcome::Dropped);
        }
    }

    /// A task on a secret that no other task touches.
    fn task(&mut self, planted: bool) -> Task {
        self.tasks += 1;
        let name = format!("C{}_{}", self.number, self.tasks);
        if planted {
            let selected = self.rng.percent(50).then(|| {
                let size = self.server.state().store.page_size as u64;
                let count = self
                    .rng
                    .pick(&[0, 3, size - 1, size, size + 1, size * 5 / 2]);
                (1..=count).map(|number| number * 10).collect()
            });
            self.server.state().store.plant(&name, selected);
        }
        let before = self.server.state().store.secrets.get(&name).cloned();
        let wish = Wish::Absence;
        Task { name, before, wish }
    }

    fn visibility(&mut self) -> (Visibility, (&'static str, Vec<u64>)) {
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

    fn value(&self) -> String {
        format!("value-of-{}-{}", self.number, self.tasks)
    }

    fn took(&self, what: &str, writes: bool, begun: Instant) {
        let mut state = self.server.state();
        state.audit.took(what.to_owned(), writes, begun.elapsed());
    }

    fn complain(&self, complaint: String) {
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
fn silent<T>(result: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &result {
        let text = format!("{error} {error:?}");
        for word in ["value-of-", "token-", "Shutdown", "panicked"] {
            assert!(!text.contains(word), "{text}");
        }
    }
    result
}
