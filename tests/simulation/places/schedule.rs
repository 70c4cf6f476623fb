//! Random batches over places, each compared with what is stored in the end.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use super::{
    super::{rng::Rng, schedule::paused},
    server::{Behavior as B, Server},
};
use crate::{Batch, Error, GitHub, Limits, NewSecret, NotTried, Outcome, Place, Report};

/// One batch, and what it is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Set,
    Rotate,
    Delete,
}

#[test]
fn what_a_batch_over_places_reports_is_what_is_stored() {
    let count = super::super::number("SOAK").unwrap_or(1) * 150;
    for seed in super::super::number("PLACES_SEED").map_or(0..count, |seed| seed..seed + 1) {
        paused(check(seed));
    }
}

async fn check(seed: u64) {
    let mut rng = Rng::new(seed, 8);
    let server = Server::new(seed);
    let limits = match rng.within(0..=3) {
        0 => Limits::default(),
        1 => Limits::default().writes_per_minute(15),
        _ => Limits::none(),
    };
    let github = server.github(limits.clone());
    let behaviors = [
        B::Gone,
        B::Refused,
        B::Archived,
        B::Moved,
        B::Full,
        B::Silent,
        B::NewKeys,
        B::Unreliable,
    ];
    let broken = rng.pick(&[0, 10, 10, 50]);
    let places: Vec<Place> = (0..rng.pick(&[1, 3, 12, 40]))
        .map(|number| {
            let behavior = if rng.percent(broken) {
                rng.pick(&behaviors)
            } else {
                B::Well
            };
            server.place(number, behavior)
        })
        .collect();
    let mut batches = Vec::new();
    for number in 0..rng.within(1..=2) {
        let action = rng.pick(&[Action::Set, Action::Set, Action::Rotate, Action::Delete]);
        let mut pairs = Vec::new();
        for place in &places {
            for secret in 0..rng.pick(&[1, 1, 2, 12]) {
                let name = format!("B{number}_{secret}");
                if action != Action::Set && rng.percent(90) || rng.percent(20) {
                    server.plant(place, &name);
                }
                pairs.push((place.clone(), name));
            }
        }
        let scenario = Scenario {
            seed,
            server: server.clone(),
            before: pairs
                .iter()
                .map(|(place, name)| server.value(place, name))
                .collect(),
            pairs,
            action,
            interrupted: rng.percent(20),
            concurrency: rng.pick(&[1, 2, 8, 8]),
        };
        batches.push(tokio::spawn(
            scenario.run(github.clone(), Rng::new(seed, 20 + number)),
        ));
    }
    for batch in batches {
        batch.await.expect("a batch comes to its end");
    }
    // The key of a silent place can be awaited after nobody wants it any more.
    sleep(Duration::from_secs(120)).await;
    assert!(
        github.http().is_idle(),
        "seed {seed}: a turn did not come back"
    );
    let state = server.state();
    if let Some(most) = limits.writes_per_minute {
        let is_write = |line: &str| !line.starts_with("GET");
        let writes: Vec<_> = state
            .asked
            .iter()
            .filter(|(_, line)| is_write(line))
            .collect();
        for window in writes.windows(most as usize + 1) {
            let time = window[most as usize].0 - window[0].0;
            assert!(time >= Duration::from_secs(59), "seed {seed}: {time:?}");
        }
    }
}

struct Scenario {
    seed: u64,
    server: Server,
    pairs: Vec<(Place, String)>,
    before: Vec<Option<String>>,
    action: Action,
    interrupted: bool,
    concurrency: usize,
}

impl Scenario {
    async fn run(self, github: GitHub, rng: Rng) {
        let new = |(place, name): &(Place, String)| {
            let new = NewSecret::new(name.as_str(), format!("{place} {name}"));
            (place.clone(), new.expect("a name"))
        };
        match self.action {
            Action::Set => {
                let batch = github.set_all(self.pairs.iter().map(new));
                let report = self.read(batch.expect("secrets"), rng).await;
                self.compare(&report);
            }
            Action::Rotate => {
                let batch = github.rotate_all(self.pairs.iter().map(new));
                let report = self.read(batch.expect("secrets"), rng).await;
                self.compare(&report);
            }
            Action::Delete => {
                let pairs = self.pairs.iter();
                let batch = github.delete_all(pairs.map(|(place, name)| (place, name.as_str())));
                let batch = batch.expect("secrets").allow_missing();
                let report = self.read(batch, rng).await;
                self.compare(&report);
            }
        }
    }

    async fn read<T: Outcome>(&self, batch: Batch<T>, mut rng: Rng) -> Report<T> {
        let mut batch = batch.concurrency(self.concurrency);
        let mut items = Vec::new();
        let mut stop = self.interrupted.then(|| rng.millis(0..=30_000));
        loop {
            let begun = Instant::now();
            let next = timeout(stop.unwrap_or(Duration::MAX), batch.next()).await;
            stop = stop.map(|stop| stop.saturating_sub(begun.elapsed()));
            match next {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Report { items },
                Err(_) => {
                    stop = None;
                    batch.stop();
                }
            }
        }
    }

    fn compare<T: Outcome>(&self, report: &Report<T>) {
        let Self { seed, server, .. } = self;
        assert_eq!(report.items.len(), self.pairs.len(), "seed {seed}");
        let mut seen = BTreeSet::new();
        for item in &report.items {
            let (place, name) = (&item.place, item.name.as_str());
            let context = format!("seed {seed}: {place} {name}: {:?}", item.result);
            assert!(seen.insert((place, name)), "{context} came twice");
            let pairs = &mut self.pairs.iter();
            let index = pairs.position(|(its, other)| its == place && other == name);
            let before = &self.before[index.expect("one of the batch")];
            let wanted = match self.action {
                Action::Delete => None,
                _ => Some(format!("{place} {name}")),
            };
            let now = server.value(place, name);
            match &item.result {
                Ok(_) => assert_eq!(now, wanted, "{context}"),
                Err(error) if error.may_have_taken_effect() => {
                    assert!(now == wanted || now == *before, "{context}");
                }
                Err(_) => assert_eq!(&now, before, "{context}"),
            }
            if let Err(Error::NotTried(reason)) = item.result {
                let stopped = self.interrupted && reason == NotTried::Stopped;
                assert!(stopped || reason == NotTried::EarlierError, "{context}");
                let sent = ["PUT", "DELETE"]
                    .map(|method| server.asked(method, place, &format!("/{name}")));
                assert_eq!(sent, [0, 0], "{context}");
            }
        }
        for (place, name) in &self.pairs {
            let behavior = server.behavior(place);
            let mut items = report.items.iter();
            let item = items.find(|item| item.place == *place && item.name.as_str() == name);
            let result = &item.expect("an item").result;
            let context = format!("seed {seed}: {behavior:?} {place} {name}: {result:?}");
            if behavior.is_well() && !self.interrupted {
                let missing =
                    self.action == Action::Rotate && matches!(result, Err(Error::NotFound(_)));
                assert!(result.is_ok() || missing, "{context}");
            }
            if !matches!(behavior, B::Well | B::NewKeys | B::Unreliable)
                && self.action == Action::Set
            {
                assert!(result.is_err(), "{context}");
                // One that is gone is asked for its key alone; one that refuses writes, for those
                // under way. There can be two batches.
                let most = match behavior {
                    B::Silent | B::Gone | B::Refused | B::Moved => 0,
                    _ => 2 * 8,
                };
                assert!(server.asked("PUT", place, "") <= most, "{context}");
                let keys = server.asked("GET", place, "/public-key");
                assert!(
                    keys <= if behavior == B::Silent { 8 } else { 2 },
                    "{context}: {keys} keys"
                );
            }
        }
    }
}
