//! Who waits, and in which order.

use std::{collections::VecDeque, sync::Arc};

use tokio::{runtime, sync::Notify};

use super::{allowance::Cost, grant::GrantId, looks};

/// A position in the queue of a runtime.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    pub(super) position: u64,
    pub(super) runtime: Option<runtime::Id>,
}

/// Those who wait, by their positions. Nearly all come at the end, and leave at the front.
#[derive(Default)]
pub(super) struct Lane(VecDeque<(u64, Arc<Notify>)>);

/// The lanes of one runtime. One that is not driven holds up nobody else.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) runtime: Option<runtime::Id>,
    pub(super) writes: Lane,
    pub(super) turns: Lane,
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A write permit: for the limits that only writes have.
    Write,
    /// The turn of a read: points, and a place among the requests under way.
    Read,
    /// The turn of a write that has this permit already.
    WriteWith(GrantId),
}

impl Need {
    pub(super) fn cost(self) -> Cost {
        match self {
            Self::Write => Cost::OF_WRITES,
            Self::Read => Cost::READ,
            Self::WriteWith(_) => Cost::OF_POINTS,
        }
    }

    pub(super) fn takes_slot(self) -> bool {
        self != Self::Write
    }
}

/// Who waits, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiter {
    pub(super) need: Need,
    pub(super) ticket: Ticket,
}

impl Lane {
    pub(super) fn enter(&mut self, position: u64, notify: Arc<Notify>) {
        let before = self.before(position);
        self.0.insert(before, (position, notify));
    }

    /// Removes one that has entered.
    pub(super) fn leave(&mut self, position: u64) {
        let before = self.before(position);
        self.0.remove(before);
    }

    /// Returns how many have an earlier position.
    pub(super) fn before(&self, position: u64) -> usize {
        self.0.partition_point(|(other, _)| {
            looks::count(1);
            *other < position
        })
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has_before(&self, position: u64) -> bool {
        self.0.front().is_some_and(|(first, _)| *first < position)
    }

    /// Wakes the first, whose time may have come.
    pub(super) fn wake_first(&self) {
        if let Some((_, notify)) = self.0.front() {
            notify.notify_one();
        }
    }

    pub(super) fn wake_all(&self) {
        self.0.iter().for_each(|(_, notify)| notify.notify_one());
    }
}

impl Queue {
    pub(super) fn lane(&self, need: Need) -> &Lane {
        match need {
            Need::Write => &self.writes,
            Need::Read | Need::WriteWith(_) => &self.turns,
        }
    }

    pub(super) fn lane_mut(&mut self, need: Need) -> &mut Lane {
        match need {
            Need::Write => &mut self.writes,
            Need::Read | Need::WriteWith(_) => &mut self.turns,
        }
    }
}
