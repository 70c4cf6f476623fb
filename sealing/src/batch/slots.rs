//! The secrets of a batch that are under way: how many there may be, and which of them only wait.

use std::{mem, sync::Arc, time::Duration};

use tokio::{sync::SetOnce, time::Instant};

use super::places::{PlaceIndex, Turn};
use crate::SecretName;

/// So many times as many secrets can be under way as can be sent at once, if the others wait until
/// a failed attempt is repeated.
const WAITING: usize = 4;

/// A secret that holds its slot for longer does not keep one of another place from being begun.
pub(super) const SLOW: Duration = Duration::from_secs(10);

/// Does what is to be done with one secret at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worker(pub(super) usize);

/// The secrets under way.
///
/// Each has one of the `concurrency` slots. A slow one makes room for one more; one that waits for
/// its next attempt leaves its slot, and needs one again before it goes on.
pub(super) struct Slots {
    under_way: Vec<UnderWay>,
    concurrency: usize,
    /// How many were under way at most.
    peak: usize,
}

pub(super) struct UnderWay {
    pub(super) worker: Worker,
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
            under_way: Vec::new(),
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

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &UnderWay> {
        self.under_way.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Returns which secret can begin now.
    pub(super) fn vacancy(&self) -> Option<Vacancy> {
        let count = self.under_way.len();
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
        self.under_way.push(UnderWay {
            worker,
            turn,
            place,
            name,
            is_slow: false,
            slot: Slot::held(),
        });
        self.peak = self.peak.max(self.under_way.len());
    }

    pub(super) fn end(&mut self, worker: Worker) -> Option<UnderWay> {
        let mut under_way = self.under_way.iter();
        let index = under_way.position(|one| one.worker == worker)?;
        let mut ended = self.under_way.remove(index);
        ended.take_slot();
        self.grant();
        Some(ended)
    }

    /// Takes note of a secret that has held its slot for long, and returns when to look again.
    pub(super) fn slow(&mut self, worker: Worker) -> Instant {
        let later = Instant::now() + SLOW;
        let mut under_way = self.under_way.iter_mut();
        let Some(one) = under_way.find(|one| one.worker == worker) else {
            return later;
        };
        let Slot::Held { since } = one.slot else {
            return later;
        };
        if since.elapsed() < SLOW {
            return since + SLOW;
        }
        one.is_slow = true;
        self.grant();
        later
    }

    /// Takes a secret's slot while it waits.
    pub(super) fn leave(&mut self, turn: Turn) {
        if let Some(one) = self.find(turn)
            && one.holds_slot()
        {
            one.slot = Slot::Left;
            self.grant();
        }
    }

    /// Asks for a slot for a secret that has waited; `None` if it needs none.
    pub(super) fn enter(&mut self, turn: Turn) -> Option<Arc<SetOnce<()>>> {
        let one = self.find(turn)?;
        let granted = match &one.slot {
            Slot::Held { .. } => return None,
            Slot::Left => Arc::default(),
            Slot::Wanted(granted) => Arc::clone(granted),
        };
        one.slot = Slot::Wanted(Arc::clone(&granted));
        self.grant();
        Some(granted)
    }

    /// Gives the slots that are free to the secrets that have waited longest.
    fn grant(&mut self) {
        while self.has_slot() {
            let mut under_way = self.under_way.iter_mut();
            match under_way.find(|one| matches!(one.slot, Slot::Wanted(_))) {
                Some(one) => one.take_slot(),
                None => return,
            }
        }
    }

    fn has_slot(&self) -> bool {
        let held = self.under_way.iter().filter(|one| one.holds_slot());
        let (mut count, mut slow) = (0, 0);
        for one in held {
            count += 1;
            slow += usize::from(one.is_slow);
        }
        let (least, most) = (self.concurrency, self.concurrency.saturating_mul(2));
        count < least || self.concurrency > 1 && count - slow < least && count < most
    }

    fn find(&mut self, turn: Turn) -> Option<&mut UnderWay> {
        self.under_way.iter_mut().find(|one| one.turn == turn)
    }
}

impl UnderWay {
    fn holds_slot(&self) -> bool {
        matches!(self.slot, Slot::Held { .. })
    }

    fn take_slot(&mut self) {
        if let Slot::Wanted(granted) = mem::replace(&mut self.slot, Slot::held()) {
            // Nobody else sets it.
            let _ = granted.set(());
        }
    }
}

impl Slot {
    fn held() -> Self {
        let since = Instant::now();
        Self::Held { since }
    }
}
