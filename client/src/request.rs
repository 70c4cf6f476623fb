//! A request as a value: what is asked of GitHub, and how a success is read. The sender decides
//! when, how often and with which token.

use std::fmt::{self, Write};

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Method, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned, ser::Error as _};

use crate::Error;

/// The version of GitHub's API that every request asks for, and that the types are generated for.
pub const API_VERSION: &str = "2022-11-28";

/// The media type that every request asks for.
pub const MEDIA_TYPE: &str = "application/vnd.github+json";

const VERSION_HEADER: HeaderName = HeaderName::from_static("x-github-api-version");

/// The characters that are not percent-encoded are RFC 3986's unreserved ones. The `url` crate
/// would take others, such as a backslash, for a slash.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Room for these headers and for those that a client and hyper add, so that the map need not grow.
const HEADERS: usize = 8;

/// Room for the body of a short secret.
const BODY: usize = 256;

/// A request to GitHub's REST API: what is asked, and how to read a success. It can be sent as
/// often as needed.
///
/// An argument that cannot be a segment of a path, or a body that cannot be serialized, is an error
/// of [`url`](Self::url), [`build`](Self::build) and [`Client::send`](crate::Client::send).
#[must_use = "a request does nothing until it is sent"]
pub struct Request<T> {
    method: Method,
    target: Target,
    body: Option<Bytes>,
    fault: Option<Fault>,
    statuses: &'static [u16],
    read: ReadBody<T>,
}

/// Reads the body of a success.
pub type ReadBody<T> = fn(&[u8]) -> Result<T, serde_json::Error>;

#[derive(Clone)]
enum Target {
    /// The percent-encoded path below the API's address, and the query.
    Path(String),
    Address(Url),
}

/// Why a request cannot be built.
#[derive(Clone)]
enum Fault {
    Segment(String),
    Body(String),
}

/// A piece of a path, or the value of a query parameter.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// Of the description, such as `/orgs/`.
    Fixed(&'static str),
    /// An argument, percent-encoded.
    Text(&'a str),
    Integer(i64),
}

impl<T> Request<T> {
    /// Returns the HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the JSON that is sent, if there is a body. Clones of the request share it.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Returns whether `status` is one that GitHub's description lists as a success of this
    /// request.
    pub fn is_success(&self, status: StatusCode) -> bool {
        self.statuses.contains(&status.as_u16())
    }

    /// Reads the body of a success. A request that returns `()` ignores the body.
    ///
    /// # Errors
    ///
    /// Returns an error if `body` is not the JSON that GitHub's description promises. Its words can
    /// repeat a part of the body.
    pub fn read(&self, body: &[u8]) -> Result<T, serde_json::Error> {
        (self.read)(body)
    }

    /// Splits off how a success is read, for code that is the same for every request.
    pub fn split(self) -> (Request<()>, ReadBody<T>) {
        let request = Request {
            method: self.method,
            target: self.target,
            body: self.body,
            fault: self.fault,
            statuses: self.statuses,
            read: |_| Ok(()),
        };
        (request, self.read)
    }

    /// Returns the same request to another address, for example to the next page of a list.
    pub fn at(self, address: Url) -> Self {
        Self {
            target: Target::Address(address),
            ..self
        }
    }

    /// Builds the HTTP request to the API at `base`: method, URL, body, and the headers `Accept`,
    /// `X-GitHub-Api-Version` and, with a body, `Content-Type`. It has no token and no user agent.
    ///
    /// # Errors
    ///
    /// Returns an error if an argument cannot be a segment of a path, or if the body cannot be
    /// serialized.
    pub fn build(&self, base: &Url) -> Result<reqwest::Request, Error> {
        let mut request = reqwest::Request::new(self.method.clone(), self.url(base)?);
        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.insert(ACCEPT, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(VERSION_HEADER, HeaderValue::from_static(API_VERSION));
        if let Some(body) = &self.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.clone().into());
        }
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// Returns the URL of this request to the API at `base`.
    ///
    /// # Errors
    ///
    /// Returns an error if an argument cannot be a segment of a path, or if the body cannot be
    /// serialized.
    pub fn url(&self, base: &Url) -> Result<Url, Error> {
        if let Some(fault) = &self.fault {
            return Err(fault.error());
        }
        let target = match &self.target {
            Target::Path(target) => target,
            Target::Address(address) => return Ok(address.clone()),
        };
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target.as_str(), None),
        };
        let mut url = base.clone();
        match base.path().trim_end_matches('/') {
            "" => url.set_path(path),
            prefix => url.set_path(&[prefix, path].concat()),
        }
        url.set_query(query);
        Ok(url)
    }
}

/// What the generated functions are made of.
impl<T> Request<T> {
    fn new(method: Method, path: &[Part<'_>], statuses: &'static [u16], read: ReadBody<T>) -> Self {
        let mut target = String::with_capacity(path.iter().map(Part::length).sum());
        let mut fault = None;
        for part in path {
            // In a URL these have a meaning of their own, encoded or not.
            if let Part::Text(segment @ ("" | "." | "..")) = part {
                fault = Some(Fault::Segment((*segment).to_owned()));
            }
            part.push_to(&mut target);
        }
        Self {
            method,
            target: Target::Path(target),
            body: None,
            fault,
            statuses,
            read,
        }
    }

    /// Adds a query parameter, if it has a value.
    pub(crate) fn query(mut self, name: &'static str, value: Option<Part<'_>>) -> Self {
        if let (Target::Path(target), Some(value)) = (&mut self.target, value) {
            let separator = if target.contains('?') { '&' } else { '?' };
            target.reserve(name.len() + value.length() + 2);
            target.push(separator);
            Part::Text(name).push_to(target);
            target.push('=');
            value.push_to(target);
        }
        self
    }

    /// Adds a body.
    pub(crate) fn with_body<B: Serialize + ?Sized>(mut self, body: &B) -> Self {
        let mut json = Vec::with_capacity(BODY);
        match serde_json::to_writer(&mut json, body) {
            Ok(()) => self.body = Some(json.into()),
            Err(error) => self.fault = Some(Fault::Body(error.to_string())),
        }
        self
    }
}

impl<T: DeserializeOwned> Request<T> {
    /// Creates a request whose success is read as JSON.
    pub(crate) fn json(method: Method, path: &[Part<'_>], statuses: &'static [u16]) -> Self {
        Self::new(method, path, statuses, |body| serde_json::from_slice(body))
    }
}

impl Request<()> {
    /// Creates a request whose success has nothing to be read.
    pub(crate) fn empty(method: Method, path: &[Part<'_>], statuses: &'static [u16]) -> Self {
        Self::new(method, path, statuses, |_| Ok(()))
    }
}

impl Part<'_> {
    /// Returns about how many bytes this part takes.
    fn length(&self) -> usize {
        match self {
            Self::Fixed(text) => text.len(),
            Self::Text(text) => text.len(),
            Self::Integer(number) => number.checked_ilog10().map_or(2, |log| log as usize + 1),
        }
    }

    fn push_to(self, target: &mut String) {
        match self {
            Self::Fixed(text) => target.push_str(text),
            Self::Text(text) => target.extend(utf8_percent_encode(text, ENCODED)),
            // Writing to a `String` cannot fail.
            Self::Integer(number) => drop(write!(target, "{number}")),
        }
    }
}

impl Fault {
    fn error(&self) -> Error {
        match self {
            Self::Segment(segment) => Error::Segment(segment.clone()),
            Self::Body(reason) => Error::Body(serde_json::Error::custom(reason)),
        }
    }
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self {
            method: self.method.clone(),
            target: self.target.clone(),
            body: self.body.clone(),
            fault: self.fault.clone(),
            ..*self
        }
    }
}

/// Without the body, which can hold a secret.
impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match &self.target {
            Target::Path(target) => target.split('?').next().unwrap_or_default(),
            Target::Address(address) => address.path(),
        };
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &path)
            .finish_non_exhaustive()
    }
}
