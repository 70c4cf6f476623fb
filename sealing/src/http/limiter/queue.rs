//! Who waits, and in which order.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{runtime, sync::Notify};

use super::{allowance::Cost, grant::GrantId};

/// A position in the queue of a runtime.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    pub(super) position: u64,
    pub(super) runtime: Option<runtime::Id>,
}

/// Those who wait, by their positions.
pub(super) type Lane = BTreeMap<u64, Arc<Notify>>;

/// The lanes of one runtime. One that is not driven holds up nobody else.
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
