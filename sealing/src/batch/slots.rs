//! The secrets of a batch that are under way: how many there may be, and which of them only wait.
//!
//! Nothing here walks through all of them: there can be thousands, and each changes several times.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::Arc,
    time::Duration,
};

use tokio::{sync::SetOnce, time::Instant};

use super::places::{PlaceIndex, Turn};
use crate::SecretName;

/// So many times as many secrets can be under way as can be sent at once, if the others wait until
/// a failed attempt is repeated.
const WAITING: usize = 4;

/// A secret that holds its slot for longer does not keep one of another place from being begun.
pub(super) const SLOW: Duration = Duration::from_secs(10);

/// Does what is to be done with one secret at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Worker(pub(super) usize);

/// The secrets under way.
///
/// Each has one of the `concurrency` slots. A slow one makes room for one more; one that waits for
/// its next attempt leaves its slot, and needs one again before it goes on.
pub(super) struct Slots {
    under_way: HashMap<Worker, UnderWay>,
    /// Those that want a slot again.
    wanting: BTreeMap<Turn, Worker>,
    held: Held,
    concurrency: usize,
    /// How many were under way at most.
    peak: usize,
}

/// How many slots are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    all: usize,
    /// By those that have held theirs for long.
    slow: usize,
}

pub(super) struct UnderWay {
    pub(super) turn: Turn,
    pub(super) place: PlaceIndex,
    pub(super) name: SecretName,
    /// Whether it has held its slot for long.
    is_slow: bool,
    slot: Slot,
}

enum Slot {
    Held {
        since: Instant,
    },
    Left,
    /// Is set when there is one.
    Wanted(Arc<SetOnce<()>>),
}

/// Which secret can begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vacancy {
    ForAny,
    /// One of a place with none under way.
    ForIdlePlace,
}

impl Slots {
    pub(super) fn new() -> Self {
        Self {
            under_way: HashMap::new(),
            wanting: BTreeMap::new(),
            held: Held::default(),
            concurrency: 1,
            peak: 0,
        }
    }

    pub(super) fn set_concurrency(&mut self, concurrency: usize) {
        self.concurrency = concurrency;
    }

    /// Returns how many secrets can be sent at once.
    pub(super) fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// Returns how many secrets were under way at most.
    pub(super) fn peak(&self) -> usize {
        self.peak
    }

    /// Returns how many secrets are under way.
    pub(super) fn len(&self) -> usize {
        self.under_way.len()
    }

    /// Returns the secrets under way, in the order in which they were begun.
    pub(super) fn in_order(&self) -> Vec<&UnderWay> {
        let mut in_order: Vec<_> = self.under_way.values().collect();
        in_order.sort_unstable_by_key(|one| one.turn);
        in_order
    }

    /// Returns which secret can begin now.
    pub(super) fn vacancy(&self) -> Option<Vacancy> {
        let count = self.len();
        if count < self.concurrency {
            return Some(Vacancy::ForAny);
        }
        // With one at a time, none is under way after a failure.
        let most = WAITING.saturating_mul(self.concurrency);
        let has_room = self.concurrency > 1 && count < most && self.has_slot();
        has_room.then_some(Vacancy::ForIdlePlace)
    }

    pub(super) fn begin(
        &mut self,
        worker: Worker,
        turn: Turn,
        place: PlaceIndex,
        name: SecretName,
    ) {
        let begun = UnderWay {
            turn,
            place,
            name,
            is_slow: false,
            slot: Slot::held(),
        };
        self.held.add(&begun);
        self.under_way.insert(worker, begun);
        self.peak = self.peak.max(self.len());
    }

    pub(super) fn end(&mut self, worker: Worker) -> Option<UnderWay> {
        let ended = self.under_way.remove(&worker)?;
        match &ended.slot {
            Slot::Held { .. } => self.held.remove(&ended),
            Slot::Left => {}
            Slot::Wanted(granted) => {
                self.wanting.remove(&ended.turn);
                // Nobody else sets it.
                let _ = granted.set(());
            }
        }
        self.grant();
        Some(ended)
    }

    /// Takes note of a secret that has held its slot for long, and returns when to look again.
    pub(super) fn slow(&mut self, worker: Worker) -> Instant {
        let later = Instant::now() + SLOW;
        let Some(one) = self.under_way.get_mut(&worker) else {
            return later;
        };
        let Slot::Held { since } = one.slot else {
            return later;
        };
        if since.elapsed() < SLOW {
            return since + SLOW;
        }
        if !one.is_slow {
            one.is_slow = true;
            self.held.slow += 1;
            self.grant();
        }
        later
    }

    /// Takes a secret's slot while it waits.
    pub(super) fn leave(&mut self, worker: Worker, turn: Turn) {
        let one = find(&mut self.under_way, worker, turn);
        if let Some(one) = one.filter(|one| matches!(one.slot, Slot::Held { .. })) {
            one.slot = Slot::Left;
            self.held.remove(one);
            self.grant();
        }
    }

    /// Asks for a slot for a secret that has waited; `None` if it needs none.
    pub(super) fn enter(&mut self, worker: Worker, turn: Turn) -> Option<Arc<SetOnce<()>>> {
        let one = find(&mut self.under_way, worker, turn)?;
        let granted = match &one.slot {
            Slot::Held { .. } => return None,
            Slot::Left => Arc::default(),
            Slot::Wanted(granted) => Arc::clone(granted),
        };
        one.slot = Slot::Wanted(Arc::clone(&granted));
        self.wanting.insert(turn, worker);
        self.grant();
        Some(granted)
    }

    /// Gives the slots that are free to the secrets that were begun first.
    fn grant(&mut self) {
        while self.has_slot() {
            let Some((_, worker)) = self.wanting.pop_first() else {
                return;
            };
            let Some(one) = self.under_way.get_mut(&worker) else {
                continue;
            };
            if let Slot::Wanted(granted) = mem::replace(&mut one.slot, Slot::held()) {
                self.held.add(one);
                let _ = granted.set(());
            }
        }
    }

    fn has_slot(&self) -> bool {
        let Held { all, slow } = self.held;
        let (least, most) = (self.concurrency, self.concurrency.saturating_mul(2));
        all < least || self.concurrency > 1 && all - slow < least && all < most
    }
}

/// Returns a secret that is still the worker's.
fn find(
    under_way: &mut HashMap<Worker, UnderWay>,
    worker: Worker,
    turn: Turn,
) -> Option<&mut UnderWay> {
    under_way.get_mut(&worker).filter(|one| one.turn == turn)
}

impl Held {
    fn add(&mut self, one: &UnderWay) {
        self.all += 1;
        self.slow += usize::from(one.is_slow);
    }

    fn remove(&mut self, one: &UnderWay) {
        self.all -= 1;
        self.slow -= usize::from(one.is_slow);
    }
}

impl Slot {
    fn held() -> Self {
        let since = Instant::now();
        Self::Held { since }
    }
}

#[cfg(test)]
mod tests {
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
}
