//! The secrets of a batch that are under way: how many there may be, and which of them only wait.
//!
//! Nothing here walks through all of them: there can be thousands, and each changes several times.

#[cfg(test)]
mod tests;

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

    /// Takes note of a secret that has held its slot for long, or returns when to look again.
    pub(super) fn slow(&mut self, worker: Worker) -> Option<Instant> {
        let one = self.under_way.get_mut(&worker)?;
        if one.is_slow {
            return None;
        }
        let Slot::Held { since } = one.slot else {
            return Some(Instant::now() + SLOW);
        };
        if since.elapsed() < SLOW {
            return Some(since + SLOW);
        }
        one.is_slow = true;
        self.held.slow += 1;
        self.grant();
        None
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
