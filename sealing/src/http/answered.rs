//! A response, with what it takes to read it without repeating what was sent.

use std::sync::Arc;

use bytes::Bytes;

use super::{head::Headers, round_trip::Received, tokens::TokenInUse};
use crate::{LimitKind, ResponseHead};

/// The response to an attempt.
pub(crate) struct Answered {
    pub(super) received: Received,
    /// The token and the body that were sent, which no error may repeat.
    pub(super) in_use: Arc<TokenInUse>,
    pub(super) sent: Bytes,
    /// The rate limit that it reports.
    pub(super) limit: Option<LimitKind>,
    /// Whether this attempt was sent, and not only another one with the same token.
    pub(super) was_sent: bool,
}

impl Answered {
    pub(crate) fn headers(&self) -> Headers<'_> {
        Headers {
            headers: &self.received.headers,
            token: self.in_use.token.expose(),
            sent: &self.sent,
        }
    }

    /// Reads what errors keep of the response.
    pub(crate) fn head(&self) -> ResponseHead {
        self.headers().head(self.received.status.as_u16())
    }
}
