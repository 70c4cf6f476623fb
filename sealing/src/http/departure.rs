//! Whether a write has left. An HTTP client reads a body when it has a connection, and says nothing
//! else of how far it has come.

use std::{
    io, mem,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::Request;

/// Whether the body of a request was read to be sent, or held back for good: whichever came first.
#[derive(Default)]
pub(crate) struct Departure(OnceLock<bool>);

/// The body of a request that can be held back.
struct Departing {
    body: Bytes,
    departure: Arc<Departure>,
}

impl Departure {
    /// Makes it possible to hold back the body of a request, if it has one.
    pub(crate) fn of(request: &mut Request, body: &Bytes) -> Option<Arc<Self>> {
        if body.is_empty() {
            return None;
        }
        let departure = Arc::new(Self::default());
        *request.body_mut() = Some(reqwest::Body::wrap(Departing {
            body: body.clone(),
            departure: Arc::clone(&departure),
        }));
        Some(departure)
    }

    /// Holds the body back unless it was read. Returns whether it is held back.
    pub(super) fn hold_back(&self) -> bool {
        !*self.0.get_or_init(|| false)
    }

    /// Lets the body leave unless it is held back. Returns whether it leaves.
    fn leave(&self) -> bool {
        *self.0.get_or_init(|| true)
    }
}

impl Body for Departing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.body.is_empty() {
            return Poll::Ready(None);
        }
        if !self.departure.leave() {
            return Poll::Ready(Some(Err(io::Error::other("the request was held back"))));
        }
        Poll::Ready(Some(Ok(Frame::data(mem::take(&mut self.body)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.body.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::Arc,
        task::{Context, Poll, Waker},
    };

    use bytes::Bytes;
    use http_body::Body;

    use super::{Departing, Departure};

    #[test]
    fn a_body_either_leaves_or_is_held_back() {
        for is_held_first in [false, true] {
            let departure = Arc::new(Departure::default());
            let mut body = pin!(Departing {
                body: Bytes::from_static(b"{}"),
                departure: Arc::clone(&departure),
            });
            assert!(!is_held_first || departure.hold_back());
            let mut context = Context::from_waker(Waker::noop());
            let read = body.as_mut().poll_frame(&mut context);
            let leaves = matches!(read, Poll::Ready(Some(Ok(_))));
            assert_eq!(
                (leaves, departure.hold_back()),
                (!is_held_first, is_held_first)
            );
        }
    }
}
