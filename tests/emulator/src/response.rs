//! Responses, and bodies that end where HTTP does not allow it.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::{
    StatusCode,
    body::{Body, Bytes, Frame},
    header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// A response before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
    /// Headers that it must not have, even if something sets them.
    pub(crate) without: Vec<HeaderName>,
}

/// The body of a response.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Whole(Bytes),
    /// Fewer bytes than `Content-Length` declares.
    Cut(Bytes, u64),
    /// These bytes over and over, until the client goes away.
    Endless(Bytes),
}

impl Content {
    fn is_empty(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Cut(_, declared) => *declared == 0,
            Self::Endless(_) => false,
        }
    }
}

impl Response {
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            content: Content::Whole(Bytes::new()),
            without: Vec::new(),
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::empty(status).body(JSON, body.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.content = Content::Whole(body.into());
        self.header(CONTENT_TYPE.as_str(), media_type)
    }

    /// Keeps half of the body, under the `Content-Length` of the whole.
    pub(crate) fn truncated(mut self) -> Self {
        if let Content::Whole(bytes) = &mut self.content {
            let declared = bytes.len() as u64;
            let half = bytes.split_to(bytes.len() / 2);
            self.content = Content::Cut(half, declared);
        }
        self
    }

    /// Sets a header. What HTTP does not allow in a header is left out.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Sets a header that the response does not have yet.
    pub(crate) fn default_header(self, name: &str, value: &str) -> Self {
        if self.headers.contains_key(name) {
            self
        } else {
            self.header(name, value)
        }
    }

    /// Sets the media type of a body that has none.
    pub(crate) fn default_media_type(self, media_type: &str) -> Self {
        if self.content.is_empty() {
            return self;
        }
        self.default_header(CONTENT_TYPE.as_str(), media_type)
    }

    pub(crate) fn into_http(self) -> hyper::Response<Outgoing> {
        let length = match &self.content {
            Content::Whole(bytes) => Some(bytes.len() as u64),
            Content::Cut(_, declared) => Some(*declared),
            Content::Endless(_) => None,
        };
        let mut response = hyper::Response::new(Outgoing(self.content));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        for name in &self.without {
            response.headers_mut().remove(name);
        }
        if let Some(length @ 1..) = length {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        response
    }
}

/// A body that hides its length from hyper, so that the header alone decides what is declared.
pub(crate) struct Outgoing(Content);

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = match &mut self.0 {
            Content::Whole(bytes) | Content::Cut(bytes, _) if !bytes.is_empty() => {
                std::mem::take(bytes)
            }
            Content::Whole(_) => return Poll::Ready(None),
            Content::Cut(_, declared) if *declared > 0 => {
                // hyper discards what it has not sent yet when a body ends early: this lets it
                // send.
                *declared = 0;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Content::Cut(..) => return Poll::Ready(None),
            Content::Endless(bytes) => bytes.clone(),
        };
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Content::Whole(bytes) if bytes.is_empty())
    }
}
