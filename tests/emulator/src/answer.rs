//! What goes back to the client.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Whole(Bytes),
    /// Fewer bytes than `Content-Length` declares.
    Cut(Bytes, u64),
    /// These bytes again and again, until the client goes away.
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

impl Answer {
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            content: Content::Whole(Bytes::new()),
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::empty(status).body(JSON, body.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.content = Content::Whole(body.into());
        self.header(CONTENT_TYPE.as_str(), media_type)
    }

    /// Only half of the body, under the `Content-Length` of the whole.
    pub(crate) fn truncated(mut self) -> Self {
        if let Content::Whole(bytes) = &mut self.content {
            let declared = bytes.len() as u64;
            let half = bytes.split_to(bytes.len() / 2);
            self.content = Content::Cut(half, declared);
        }
        self
    }

    /// Sets a header; one that cannot stand in a header is left out.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn link(self, links: Option<String>) -> Self {
        match links {
            Some(links) => self.header("link", &links),
            None => self,
        }
    }

    /// Sets a header that the answer does not have yet.
    pub(crate) fn default_header(self, name: &str, value: &str) -> Self {
        if self.headers.contains_key(name) {
            self
        } else {
            self.header(name, value)
        }
    }

    /// Gives a body that is there, and was given no media type, this one.
    pub(crate) fn default_media_type(self, media_type: &str) -> Self {
        if self.content.is_empty() {
            return self;
        }
        self.default_header(CONTENT_TYPE.as_str(), media_type)
    }

    pub(crate) fn into_response(self) -> Response<Outgoing> {
        let length = match &self.content {
            Content::Whole(bytes) => Some(bytes.len() as u64),
            Content::Cut(_, declared) => Some(*declared),
            Content::Endless(_) => None,
        };
        let mut response = Response::new(Outgoing(self.content));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(length @ 1..) = length {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        response
    }
}

/// Why a request is not done, in the shape of GitHub's error bodies.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: u16,
    message: String,
    /// The field of the body that is at fault, with GitHub's code for what is wrong with it.
    field: Option<(&'static str, &'static str)>,
    header: Option<(&'static str, String)>,
    documentation_url: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
            header: None,
            documentation_url: None,
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// A 422 about a field of the body or of the path.
    pub(crate) fn invalid(
        field: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            field: Some((field, code)),
            ..Self::new(422, message)
        }
    }

    pub(crate) fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        Self {
            header: Some((name, value.into())),
            ..self
        }
    }

    pub(crate) fn documented_at(self, url: &'static str) -> Self {
        Self {
            documentation_url: Some(url),
            ..self
        }
    }

    pub(crate) fn into_answer(self, documentation_url: &str) -> Answer {
        let mut body = json!({
            "message": self.message,
            "documentation_url": self.documentation_url.unwrap_or(documentation_url),
            "status": self.status.to_string(),
        });
        if let Some((field, code)) = self.field {
            body["errors"] =
                json!([{ "resource": "CodespacesSecret", "field": field, "code": code }]);
        }
        let answer = Answer::json(self.status, &body);
        match self.header {
            Some((name, value)) => answer.header(name, &value),
            None => answer,
        }
    }
}

/// A body whose length hyper is not told, so that the header alone decides what is declared.
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
                // hyper throws away what it has not sent yet when a body ends early: this lets it
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
