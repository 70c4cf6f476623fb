//! The errors of building and sending a request, and of its response.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

/// An error of a request.
///
/// Neither `Debug` nor `Display` shows a body or the value of a header: both can hold what was
/// sent.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument is empty, `.` or `..`, so that the path would address another resource.
    #[error("`{0}` cannot be a segment of a path")]
    Segment(String),
    /// The request body cannot be serialized.
    #[error("the request body cannot be serialized")]
    Body(#[source] serde_json::Error),
    /// The request could not be sent, or the response could not be received.
    #[error("the request failed")]
    Http(#[source] reqwest::Error),
    /// The response is not a success.
    #[error("the response has status {status}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// The headers.
        headers: Box<HeaderMap>,
        /// The unparsed body, which may not be JSON.
        body: Bytes,
    },
    /// The response is a success with a body that does not match GitHub's description.
    #[error(
        "the response with status {status} is not what GitHub's description allows, at line {} \
         column {}", .error.line(), .error.column()
    )]
    Json {
        /// The status.
        status: StatusCode,
        /// What is wrong with the body. It is not a source of this error, because its words can
        /// repeat a part of the body.
        error: serde_json::Error,
    },
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment(segment) => f.debug_tuple("Segment").field(segment).finish(),
            Self::Body(error) => f.debug_tuple("Body").field(error).finish(),
            Self::Http(error) => f.debug_tuple("Http").field(error).finish(),
            Self::Refused { status, .. } => f
                .debug_struct("Refused")
                .field("status", status)
                .finish_non_exhaustive(),
            Self::Json { status, error } => f
                .debug_struct("Json")
                .field("status", status)
                .field("line", &error.line())
                .field("column", &error.column())
                .finish_non_exhaustive(),
        }
    }
}
