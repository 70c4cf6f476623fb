//! The waits that are reported to a caller.

use std::{sync::Arc, time::Duration};

use crate::LimitKind;

/// A wait that a call begins, passed to the callback of
/// [`GitHubBuilder::on_wait`](crate::GitHubBuilder::on_wait).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Wait {
    /// The reason for the wait.
    pub reason: WaitReason,
    /// The length of the wait, if it is known.
    pub duration: Duration,
}

/// A reason for a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// GitHub responded with a rate limit, and nothing is sent until it ends.
    RateLimit(LimitKind),
    /// The call waits for its turn, to stay within the [`Limits`](crate::Limits).
    Pacing,
    /// An attempt failed, and the next one is made a little later.
    Retry,
}

pub(crate) type OnWait = Arc<dyn Fn(&Wait) + Send + Sync>;
