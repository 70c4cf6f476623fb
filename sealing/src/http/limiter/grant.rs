//! What was granted, until it comes back.

use tokio::time::Instant;

use super::allowance::Cost;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GrantId(pub(super) u64);

/// What a permit stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant {
    pub(super) cost: Cost,
    /// Whether it takes a place among the requests under way.
    pub(super) slot: bool,
    pub(super) epoch: u64,
    pub(super) expires: Instant,
}

/// How a permit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing was sent.
    Unused,
    /// The request was sent, and the response is not known.
    Unanswered,
    Answered,
}
