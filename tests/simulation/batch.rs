//! Batches of the callers.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::{
    features::Act,
    ledger::{Outcome, Task, Wish},
    script::{Caller, silent},
};
use crate::{Error, NewSecret, NotTried};

impl Caller {
    /// A batch, with other calls between its results.
    pub(super) async fn batch(&mut self) {
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
                    may_have_taken_effect: false,
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
        let names: Vec<_> = tasks.iter().map(|task| task.name.clone()).collect();
        let (mut lost, mut refused) = (0, 0);
        let mut reasons = vec![NotTried::EarlierError];
        let mut deadline = None;
        if self.rng.percent(self.features.deadlines) {
            let time = self.rng.millis(0..=600_000);
            batch = batch.deadline(time);
            deadline = Some(time);
            reasons.push(NotTried::Deadline);
        }
        let time = self.rng.pick(&[1, 3_000, 100_000, 1_000_000]);
        let mut stop = self
            .rng
            .percent(self.features.batch_stops)
            .then(|| self.rng.millis(0..=time));
        let mut left = if self.rng.percent(25) {
            self.rng.within(0..=size)
        } else {
            size
        };
        while left > 0 {
            left -= 1;
            let begun = Instant::now();
            // The first reading begins the time.
            if let Some(time) = deadline.take() {
                let mut state = self.server.state();
                for task in &tasks {
                    state.audit.stop_at(&task.name, begun + time);
                }
            }
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
            self.took_in_batch(item.name.as_str(), &names, begun);
            lost = match &item.result {
                Err(Error::Connection(_) | Error::NotFound(_)) => lost + 1,
                Err(Error::NotTried(_)) => lost,
                _ => 0,
            };
            // Neither the others under way nor the results that are there can be taken back.
            refused += match &item.result {
                Err(Error::NotAuthorized(_) | Error::RateLimited(_) | Error::Token { .. }) => 1,
                _ => 0,
            };
            if refused > 2 * concurrency {
                self.complain(format!("a batch goes on after {refused} refusals"));
            }
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
                2 | 3 => Box::pin(self.do_one(Act::changes_one)).await,
                4 => Box::pin(self.do_one(Act::looks)).await,
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

    fn took_in_batch(&self, what: &str, names: &[String], begun: Instant) {
        let mut state = self.server.state();
        state.audit.took_in_batch(what, names, begun.elapsed());
    }
}
