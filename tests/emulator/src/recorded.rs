//! Requests as they arrived.

use std::{fmt, time::Instant};

use hyper::{
    Request, Uri,
    body::Bytes,
    header::{HeaderMap, HeaderValue},
    http::request::Parts,
};

/// A request as it arrived, before the emulator interpreted it.
#[derive(Clone)]
pub struct RecordedRequest {
    pub(crate) parts: Parts,
    pub(crate) body: Bytes,
    pub(crate) received: Instant,
    pub(crate) connection: u64,
}

impl RecordedRequest {
    /// Returns the method, in upper case.
    pub fn method(&self) -> &str {
        self.parts.method.as_str()
    }

    /// Returns the path and query, percent-encoded as they arrived.
    pub fn target(&self) -> &str {
        self.parts
            .uri
            .path_and_query()
            .map_or("", |target| target.as_str())
    }

    /// Returns the path, percent-encoded as it arrived.
    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// Returns the query without its question mark.
    pub fn query(&self) -> Option<&str> {
        self.parts.uri.query()
    }

    /// Returns the headers: names in lower case, values as they arrived.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// Returns the value of a header, if it is present and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// Returns the bytes of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns when its body had arrived.
    pub fn received(&self) -> Instant {
        self.received
    }

    /// Returns the number of the connection it arrived on. Connections are counted from 1.
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// Returns where the client found the emulator: the start of the addresses in a response.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }

    /// Returns a copy that shares no memory with the connection's buffers, which are larger.
    pub(crate) fn compact(&self) -> Self {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = self.parts.method.clone();
        parts.uri = self.target().parse().unwrap_or_else(|_| Uri::default());
        parts.headers = HeaderMap::with_capacity(self.parts.headers.len());
        for (name, value) in &self.parts.headers {
            let value = HeaderValue::from_bytes(value.as_bytes());
            parts
                .headers
                .append(name, value.unwrap_or(HeaderValue::from_static("")));
        }
        Self {
            parts,
            body: Bytes::copy_from_slice(&self.body),
            ..*self
        }
    }

    /// Returns about how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let headers: usize = self
            .headers()
            .map(|(name, value)| size_of::<(HeaderValue, HeaderValue)>() + name.len() + value.len())
            .sum();
        size_of::<Self>() + self.target().len() + headers + self.body.len()
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
