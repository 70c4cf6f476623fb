//! The places of a batch, and whose turn it is.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    mem,
    sync::Arc,
};

use tokio::{sync::SetOnce, time::Instant};

use super::outcome::{Outcome, Work};
use crate::{
    AnyAccess, NotTried, Place, SecretName, keys::KeyHold, repository_ids::RepositoryIds,
    secrets::SecretStore,
};

/// Secrets that wait, by their places.
///
/// The next one is of the place with the fewest under way, and of those of the place that has
/// waited longest. So a place that is slow takes one turn while others have secrets that wait.
pub(super) struct Places<T: Outcome> {
    all: Vec<InPlace<T>>,
    indexes: HashMap<Place, PlaceIndex>,
    /// The places whose next secret can begin, by how many are under way and by the last turn.
    ready: BTreeSet<(usize, u64, PlaceIndex)>,
    waiting: usize,
    turns: u64,
    /// Whether nothing more is sent at all.
    has_ended: bool,
    /// How many of the first places have nothing that waits, once nothing more is sent.
    emptied: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PlaceIndex(pub(super) usize);

/// Tells the secrets that were begun apart, in the order in which they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn(pub(super) u64);

struct InPlace<T: Outcome> {
    store: SecretStore,
    waiting: VecDeque<(SecretName, <T as Work>::Job)>,
    under_way: usize,
    last_turn: u64,
    access: PlaceAccess,
    /// Keeps its key from its first secret on.
    key: Option<KeyHold>,
    /// Is set when nothing more is sent for the place.
    stop: Arc<SetOnce<NotTried>>,
    /// How many secrets in a row found nobody who took them.
    unreachable: usize,
}

/// Whether a place was looked at.
enum PlaceAccess {
    Closed,
    Opening,
    Open(Arc<RepositoryIds>),
}

/// A secret whose turn it is.
pub(super) struct Taken<T: Outcome> {
    pub(super) place: PlaceIndex,
    pub(super) turn: Turn,
    pub(super) keys_since: Option<Instant>,
    pub(super) store: SecretStore,
    pub(super) name: SecretName,
    pub(super) job: <T as Work>::Job,
    pub(super) stop: Arc<SetOnce<NotTried>>,
    pub(super) access: TakenAccess,
}

pub(super) enum TakenAccess {
    Open(Arc<RepositoryIds>),
    /// This secret is the first of its place, which has to be opened for all this access.
    ToOpen(Vec<Arc<AnyAccess>>),
}

impl<T: Outcome> Places<T> {
    pub(super) fn new() -> Self {
        Self {
            all: Vec::new(),
            indexes: HashMap::new(),
            ready: BTreeSet::new(),
            waiting: 0,
            turns: 0,
            has_ended: false,
            emptied: 0,
        }
    }

    /// Adds a secret to those that wait.
    pub(super) fn add(&mut self, store: &SecretStore, name: SecretName, job: T::Job) {
        let index = self.index(store);
        self.waiting += 1;
        self.update(index, |place| place.waiting.push_back((name, job)));
    }

    /// Takes a place for one that was looked at, with these ids of the repositories named there.
    pub(super) fn open(&mut self, store: &SecretStore, ids: RepositoryIds) {
        let index = self.index(store);
        self.opened(index, Arc::new(ids));
    }

    fn index(&mut self, store: &SecretStore) -> PlaceIndex {
        if let Some(index) = self.indexes.get(&*store.place) {
            return *index;
        }
        let index = PlaceIndex(self.all.len());
        self.indexes.insert(Place::clone(&store.place), index);
        let access = match T::OPENS {
            true => PlaceAccess::Closed,
            false => PlaceAccess::Open(Arc::new(RepositoryIds::none())),
        };
        self.all.push(InPlace {
            store: store.clone(),
            waiting: VecDeque::new(),
            under_way: 0,
            last_turn: 0,
            access,
            key: None,
            stop: Arc::default(),
            unreachable: 0,
        });
        index
    }

    /// Returns the secret whose turn it is; with `idle`, only of a place with none under way.
    pub(super) fn take(&mut self, idle: bool) -> Option<Taken<T>> {
        let (under_way, _, index) = *self.ready.first()?;
        if idle && under_way > 0 {
            return None;
        }
        self.turns += 1;
        let turn = self.turns;
        let taken = self.update(index, |place| {
            let (name, job) = place.waiting.pop_front()?;
            let access = match &place.access {
                PlaceAccess::Open(ids) => TakenAccess::Open(Arc::clone(ids)),
                PlaceAccess::Closed | PlaceAccess::Opening => {
                    let others = place.waiting.iter().map(|(_, job)| job);
                    let jobs = std::iter::once(&job).chain(others);
                    let access = jobs.filter_map(T::access).collect();
                    place.access = PlaceAccess::Opening;
                    TakenAccess::ToOpen(access)
                }
            };
            let key = place.key.get_or_insert_with(|| place.store.hold_key());
            let keys_since = key.since;
            place.under_way += 1;
            place.last_turn = turn;
            Some(Taken {
                place: index,
                turn: Turn(turn),
                keys_since,
                store: place.store.clone(),
                name,
                job,
                stop: Arc::clone(&place.stop),
                access,
            })
        })??;
        self.waiting -= 1;
        Some(taken)
    }

    /// Lets the other secrets of a place begin.
    pub(super) fn opened(&mut self, index: PlaceIndex, ids: Arc<RepositoryIds>) {
        self.update(index, |place| place.access = PlaceAccess::Open(ids));
    }

    /// Takes note that a secret is under way no more.
    pub(super) fn done(&mut self, index: PlaceIndex) {
        self.update(index, |place| place.under_way -= 1);
    }

    /// Counts a secret that found nobody who took it, or begins to count anew. Returns how many
    /// there are in a row.
    pub(super) fn count_unreachable(&mut self, index: PlaceIndex, is_unreachable: bool) -> usize {
        let counted = self.update(index, |place| {
            place.unreachable = match is_unreachable {
                true => place.unreachable + 1,
                false => 0,
            };
            place.unreachable
        });
        counted.unwrap_or_default()
    }

    /// Returns whether the place is still being looked at.
    pub(super) fn is_opening(&self, index: PlaceIndex) -> bool {
        let place = self.all.get(index.0);
        place.is_some_and(|place| matches!(place.access, PlaceAccess::Opening))
    }

    /// Returns whether nothing more is sent for a place.
    pub(super) fn has_ended(&self, index: PlaceIndex) -> bool {
        let place = self.all.get(index.0);
        place.is_some_and(|place| place.stop.initialized())
    }

    /// Lets nothing more be sent for a place.
    pub(super) fn end(&mut self, index: PlaceIndex, reason: NotTried) {
        // It may have ended already.
        self.update(index, |place| drop(place.stop.set(reason)));
    }

    /// Lets nothing more be sent at all.
    pub(super) fn end_all(&mut self, reason: NotTried) {
        if mem::replace(&mut self.has_ended, true) {
            return;
        }
        self.ready.clear();
        for place in &self.all {
            let _ = place.stop.set(reason);
        }
    }

    /// Returns how many secrets wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Returns the next secret that nobody will send, and why; `NoRuntime` unless it was stopped.
    pub(super) fn not_tried(&mut self) -> Option<(Place, SecretName, NotTried)> {
        let is_empty = |place: &InPlace<T>| place.waiting.is_empty();
        while self.all.get(self.emptied).is_some_and(is_empty) {
            self.emptied += 1;
        }
        let not_tried = self.update(PlaceIndex(self.emptied), |place| {
            let (name, _) = place.waiting.pop_front()?;
            let reason = place.stop.get().copied().unwrap_or(NotTried::NoRuntime);
            Some((Place::clone(&place.store.place), name, reason))
        })??;
        self.waiting -= 1;
        Some(not_tried)
    }

    pub(super) fn store(&self, index: PlaceIndex) -> Option<&SecretStore> {
        self.all.get(index.0).map(|place| &place.store)
    }

    pub(super) fn jobs_mut(&mut self) -> impl Iterator<Item = &mut T::Job> {
        let places = self.all.iter_mut();
        places.flat_map(|place| place.waiting.iter_mut().map(|(_, job)| job))
    }

    /// Changes a place, and with it its position among those that are ready.
    fn update<R>(
        &mut self,
        index: PlaceIndex,
        change: impl FnOnce(&mut InPlace<T>) -> R,
    ) -> Option<R> {
        let place = self.all.get_mut(index.0)?;
        let before = place.position_if_ready(index);
        let changed = change(place);
        let after = place.position_if_ready(index);
        if before != after {
            if let Some(before) = before {
                self.ready.remove(&before);
            }
            self.ready.extend(after);
        }
        Some(changed)
    }
}

impl<T: Outcome> InPlace<T> {
    fn position_if_ready(&self, index: PlaceIndex) -> Option<(usize, u64, PlaceIndex)> {
        let is_ready = !self.waiting.is_empty()
            && !self.stop.initialized()
            && !matches!(self.access, PlaceAccess::Opening);
        is_ready.then_some((self.under_way, self.last_turn, index))
    }
}
