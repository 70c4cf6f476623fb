//! What the turns of one limiter share.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use super::allowance::{Allowance, Cost};
use crate::{LimitKind, Limits};

pub(crate) struct Shared<C> {
    minute: Duration,
    state: Mutex<State<C>>,
}

pub(crate) struct State<C> {
    pub(crate) allowance: Allowance,
    hold: Option<Hold<C>>,
    /// Rises with each limit answer, so that requests that meet one limit together count once.
    epoch: u64,
    /// How many limit answers came without a success between them.
    strikes: u32,
    slots: usize,
    free_slots: usize,
    lanes: Lanes,
    next_ticket: u64,
}

/// A rate limit that GitHub reported.
#[derive(Clone, Debug)]
pub(crate) struct Hold<C> {
    pub(crate) until: Instant,
    pub(crate) kind: LimitKind,
    pub(crate) cause: C,
}

impl<C> Hold<C> {
    pub(crate) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// A position in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// Those who wait, by their tickets.
type Lane = BTreeMap<Ticket, Arc<Notify>>;

#[derive(Default)]
struct Lanes {
    reads: Lane,
    writes: Lane,
    reserved: Lane,
}

/// What the limits count a request as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Everything that a request takes.
    Turn(Kind),
    /// What only writes take. The points stay free for what is read before the write.
    Reservation,
    /// The rest of what a write takes.
    ReservedTurn,
}

impl Need {
    fn cost(self) -> Cost {
        match self {
            Self::Turn(Kind::Read) => Cost::READ,
            Self::Turn(Kind::Write) => Cost::WRITE,
            Self::Reservation => Cost::OF_WRITES,
            Self::ReservedTurn => Cost::OF_POINTS,
        }
    }

    /// Whether it takes a place among the requests under way.
    fn takes_slot(self) -> bool {
        self != Self::Reservation
    }
}

/// What was taken.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) cost: Cost,
    pub(crate) slot: bool,
    /// The epoch in which it was taken.
    pub(crate) epoch: u64,
}

pub(crate) enum Step<C> {
    Taken(Taken),
    Held(Hold<C>),
    /// The turn comes at `at` if that is known, and is expected at `expected`.
    Queued {
        at: Option<Instant>,
        expected: Instant,
    },
}

/// How a turn ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing was sent.
    Unused,
    /// The request was sent, and the response is not known.
    Unanswered,
    Answered,
}

/// A limit that ends at once would be run into again and again.
const SHORTEST_TOLD_HOLD: Duration = Duration::from_secs(1);

/// Keeps the arithmetic of absurd headers in range.
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

impl<C> Shared<C> {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            minute: limits.minute,
            state: Mutex::new(State {
                allowance: Allowance::new(limits),
                hold: None,
                epoch: 0,
                strikes: 0,
                slots: limits.concurrent,
                free_slots: limits.concurrent,
                lanes: Lanes::default(),
                next_ticket: 0,
            }),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives back what a request took.
    pub(crate) fn release(&self, taken: &Taken, end: End) {
        let now = Instant::now();
        let mut state = self.lock();
        let Taken { cost, epoch, .. } = *taken;
        match end {
            End::Unused => state.allowance.give_back(cost, epoch),
            End::Answered => state.allowance.close(cost, epoch, now),
            // What was sent and given up can reach the server a little later.
            End::Unanswered => {
                let latest = now + self.minute / 12;
                state.allowance.close(cost, epoch, latest);
            }
        }
        if taken.slot {
            state.free_slots += 1;
        }
        if end == End::Answered && epoch == state.epoch {
            state.strikes = 0;
        }
        state.wake_first();
    }

    /// Takes note of a limit answer to a request of this epoch: nothing is sent while it holds.
    pub(crate) fn limited(&self, epoch: u64, kind: LimitKind, told: Option<Duration>, cause: C) {
        let now = Instant::now();
        let mut state = self.lock();
        if epoch == state.epoch {
            state.epoch += 1;
            state.strikes = state.strikes.saturating_add(1);
            if kind == LimitKind::Secondary {
                let epoch = state.epoch;
                state.allowance.halve(now, epoch);
            }
        }
        let doubled = self.minute * 2_u32.pow(state.strikes.clamp(1, 6) - 1);
        let wait = told.map_or(doubled, |told| told.max(SHORTEST_TOLD_HOLD));
        // Whatever the header says, a primary limit ends within its hour.
        let longest = match kind {
            LimitKind::Primary => self.minute * 60,
            _ => LONGEST_HOLD,
        };
        state.hold(now + wait.min(longest), kind, cause);
    }

    /// Takes note of an answer after which no request of the hour is left.
    pub(crate) fn exhausted(&self, reset: Duration, cause: C) {
        let until = Instant::now() + reset.min(self.minute * 60);
        self.lock().hold(until, LimitKind::Primary, cause);
    }
}

impl<C: Clone> State<C> {
    /// Takes the turn if it has come.
    pub(crate) fn step(&mut self, need: Need, ticket: Ticket, now: Instant) -> Step<C> {
        if let Some(hold) = self.holding(now) {
            return Step::Held(hold.clone());
        }
        let at = self.ready(need, ticket, now);
        if at == Some(now) {
            return Step::Taken(self.take(need));
        }
        // Limits that recover can make it earlier.
        let at = at.into_iter().chain(self.allowance.recovers_at()).min();
        let count = self.lanes.of(need).range(..ticket).count() + 1;
        let expected = self.allowance.last_of(count, need.cost(), now, now);
        Step::Queued { at, expected }
    }
}

impl<C> State<C> {
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        Ticket(self.next_ticket)
    }

    pub(crate) fn enter(&mut self, need: Need, ticket: Ticket, notify: Arc<Notify>) {
        self.lanes.of(need).insert(ticket, notify);
    }

    pub(crate) fn leave(&mut self, need: Need, ticket: Ticket) {
        self.lanes.of(need).remove(&ticket);
        self.wake_first();
    }

    /// Returns how many requests are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.slots - self.free_slots
    }

    pub(crate) fn queued_writes(&mut self) -> usize {
        self.lanes.writes.len()
    }

    pub(crate) fn holding(&mut self, now: Instant) -> Option<&Hold<C>> {
        self.hold.take_if(|hold| hold.until <= now);
        self.hold.as_ref()
    }

    fn hold(&mut self, until: Instant, kind: LimitKind, cause: C) {
        if self.hold.as_ref().is_none_or(|hold| hold.until < until) {
            self.hold = Some(Hold { until, kind, cause });
        }
        // All who wait learn of it, so that those who cannot wait that long end now.
        for notify in self.lanes.all().into_iter().flat_map(BTreeMap::values) {
            notify.notify_one();
        }
    }

    fn take(&mut self, need: Need) -> Taken {
        let (cost, slot, epoch) = (need.cost(), need.takes_slot(), self.epoch);
        self.allowance.open(cost, epoch);
        if slot {
            self.free_slots -= 1;
        }
        Taken { cost, slot, epoch }
    }

    /// When the turn comes: now, at a known time, or after something that will wake who waits.
    fn ready(&mut self, need: Need, ticket: Ticket, now: Instant) -> Option<Instant> {
        let mut queue = self.lanes.of(need).keys();
        if queue.next().is_some_and(|&first| first < ticket) {
            return None;
        }
        let at = self.allowance.ready(now, need.cost()).at?;
        if at > now {
            return Some(at);
        }
        if need.takes_slot() && self.free_slots == 0 {
            return None;
        }
        match self.before(ticket, now) {
            Some(first) => {
                // It may not know yet that its turn has come.
                first.notify_one();
                None
            }
            None => Some(now),
        }
    }

    /// Returns who came first and lacks only what both need.
    fn before(&mut self, ticket: Ticket, now: Instant) -> Option<&Notify> {
        let lanes = [
            (&self.lanes.reads, Need::Turn(Kind::Read)),
            (&self.lanes.writes, Need::Turn(Kind::Write)),
            (&self.lanes.reserved, Need::ReservedTurn),
        ];
        lanes.into_iter().find_map(|(lane, need)| {
            let first = lane.first_key_value();
            let (_, notify) = first.filter(|(first, _)| **first < ticket)?;
            let alone = self.allowance.ready(now, need.cost()).alone;
            (alone == Some(now)).then_some(&**notify)
        })
    }

    /// Wakes the first of each lane, who may have their turn now.
    fn wake_first(&self) {
        for lane in self.lanes.all() {
            if let Some(notify) = lane.values().next() {
                notify.notify_one();
            }
        }
    }
}

#[cfg(test)]
impl<C> State<C> {
    pub(crate) fn is_idle(&self) -> bool {
        let empty = self.lanes.all().iter().all(|lane| lane.is_empty());
        empty && self.under_way() == 0 && self.allowance.is_idle()
    }
}

impl Lanes {
    fn of(&mut self, need: Need) -> &mut Lane {
        match need {
            Need::Turn(Kind::Read) => &mut self.reads,
            Need::Turn(Kind::Write) | Need::Reservation => &mut self.writes,
            Need::ReservedTurn => &mut self.reserved,
        }
    }

    fn all(&self) -> [&Lane; 3] {
        [&self.reads, &self.writes, &self.reserved]
    }
}
