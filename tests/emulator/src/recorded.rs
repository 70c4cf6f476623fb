//! Requests as they came.

use std::fmt;
use std::time::Instant;

use hyper::body::Bytes;
use hyper::http::request::Parts;

/// A request as it came, before anything was made of it.
#[derive(Clone)]
pub struct RecordedRequest {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) received: Instant,
    pub(crate) connection: u64,
}

impl RecordedRequest {
    /// The method, in upper case.
    pub fn method(&self) -> &str {
        self.parts.method.as_str()
    }

    /// The path and query, percent-encoded as they came.
    pub fn target(&self) -> &str {
        self.parts
            .uri
            .path_and_query()
            .map_or("", |target| target.as_str())
    }

    /// The path, percent-encoded as it came.
    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The query without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.parts.uri.query()
    }

    /// The headers: names in lower case, values as they came.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The value of a header, if there is one and it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The bytes of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// When its body had arrived.
    pub fn received(&self) -> Instant {
        self.received
    }

    /// The number of the connection that it came on, in the order in which they were made.
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// Where the client found the emulator, as the addresses in an answer start.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method())
            .field("target", &self.target())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
