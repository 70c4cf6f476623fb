//! A rate limit that GitHub reported.

use tokio::time::Instant;

use crate::{LimitKind, ResponseHead};

/// While it holds, nothing is sent.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    pub(crate) until: Instant,
    pub(crate) kind: LimitKind,
    /// The response that reported it.
    pub(crate) head: ResponseHead,
}
