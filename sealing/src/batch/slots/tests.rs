//! Slots, compared with walking through all secrets.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::SetOnce,
    time::{Instant, advance},
};

use super::{SLOW, Slots, Vacancy, WAITING, Worker};
use crate::{
    SecretName,
    batch::places::{PlaceIndex, Turn},
};

/// The same by walking through all of them.
struct Model {
    under_way: Vec<Modelled>,
    concurrency: usize,
}

struct Modelled {
    worker: Worker,
    turn: Turn,
    is_slow: bool,
    /// Since when it holds a slot.
    since: Option<Instant>,
    wanted: Option<Arc<SetOnce<()>>>,
}

impl Model {
    fn has_slot(&self) -> bool {
        let held = || self.under_way.iter().filter(|one| one.since.is_some());
        let (all, quick) = (held().count(), held().filter(|one| !one.is_slow).count());
        let most = 2 * self.concurrency;
        all < self.concurrency || self.concurrency > 1 && quick < self.concurrency && all < most
    }

    fn vacancy(&self) -> Option<Vacancy> {
        let count = self.under_way.len();
        if count < self.concurrency {
            return Some(Vacancy::ForAny);
        }
        let has_room = self.concurrency > 1 && count < WAITING * self.concurrency;
        (has_room && self.has_slot()).then_some(Vacancy::ForIdlePlace)
    }

    fn grant(&mut self) {
        while self.has_slot() {
            let mut wanting = self.under_way.iter_mut();
            let Some(one) = wanting.find(|one| one.wanted.is_some()) else {
                return;
            };
            let granted = one.wanted.take().expect("it wants one");
            assert!(granted.initialized(), "{:?} has no slot", one.turn);
            one.since = Some(Instant::now());
        }
    }

    fn check(&self, slots: &Slots) {
        let turns: Vec<_> = self.under_way.iter().map(|one| one.turn).collect();
        let in_order: Vec<_> = slots.in_order().iter().map(|one| one.turn).collect();
        assert_eq!(in_order, turns);
        assert_eq!(slots.vacancy(), self.vacancy());
        let waiting = self.under_way.iter().filter_map(|one| one.wanted.as_ref());
        assert!(waiting.clone().all(|granted| !granted.initialized()));
        assert_eq!(slots.wanting.len(), waiting.count());
    }
}

/// Draws from a stream that the seed decides.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}

#[tokio::test(start_paused = true)]
async fn slots_are_granted_as_if_all_secrets_were_walked_through() {
    for seed in 0..200 {
        let mut draw = Draw(seed);
        let concurrency = 1 + draw.below(5);
        let mut slots = Slots::new();
        slots.set_concurrency(concurrency);
        let mut model = Model {
            under_way: Vec::new(),
            concurrency,
        };
        for step in 0..300 {
            let (worker, turn) = (Worker(step), Turn(step as u64));
            let count = model.under_way.len();
            match draw.below(6) {
                0 | 1 if slots.vacancy().is_some() => {
                    let name = SecretName::new("NAME").expect("a name");
                    slots.begin(worker, turn, PlaceIndex(0), name);
                    model.under_way.push(Modelled {
                        worker,
                        turn,
                        is_slow: false,
                        since: Some(Instant::now()),
                        wanted: None,
                    });
                }
                2 if count > 0 => {
                    let ended = model.under_way.remove(draw.below(count));
                    slots.end(ended.worker);
                    assert!(ended.wanted.is_none_or(|granted| granted.initialized()));
                }
                3 if count > 0 => {
                    let one = &mut model.under_way[draw.below(count)];
                    slots.leave(one.worker, one.turn);
                    one.since = None;
                }
                4 if count > 0 => {
                    let one = &mut model.under_way[draw.below(count)];
                    let granted = slots.enter(one.worker, one.turn);
                    assert_eq!(granted.is_none(), one.since.is_some());
                    one.wanted = granted;
                }
                5 if count > 0 => {
                    advance(Duration::from_secs(4)).await;
                    let one = &mut model.under_way[draw.below(count)];
                    slots.slow(one.worker);
                    let is_long = one.since.is_some_and(|since| since.elapsed() >= SLOW);
                    one.is_slow |= is_long;
                }
                _ => {}
            }
            model.grant();
            model.check(&slots);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_goes_on_with_another_secret_keeps_its_slot() {
    let mut slots = Slots::new();
    let name = || SecretName::new("NAME").expect("a name");
    slots.begin(Worker(1), Turn(1), PlaceIndex(0), name());
    slots.end(Worker(1));
    slots.begin(Worker(1), Turn(2), PlaceIndex(0), name());

    slots.leave(Worker(1), Turn(1));

    assert!(slots.enter(Worker(1), Turn(2)).is_none());
}
