//! What changed between two descriptions, for a caller that follows the earlier one.

mod change;
mod compare;
mod operations;
mod schemas;

pub use change::Change;

use crate::Description;

pub(crate) use operations::findings;

/// Returns what changed for a caller from `old` to `new`, breaking changes first.
///
/// Each change comes once, with every operation that it concerns. Breaking is what can make a
/// caller fail that follows `old`: a request that can be refused now, or a response that can be
/// unreadable.
#[must_use]
pub fn changes(old: &Description, new: &Description) -> Vec<Change> {
    findings(old, new).into_changes()
}

/// What changed in the operations of the client, and in those parts of them that it leaves out.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What a caller of the client meets.
    pub client: Vec<Change>,
    /// What only GitHub's description has.
    pub left_out: Vec<Change>,
}
