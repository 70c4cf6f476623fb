#![doc = include_str!("../README.md")]

mod generated;

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Url,
    header::{ACCEPT, HeaderName, HeaderValue},
};

pub use generated::*;

/// The future that [`Transport::send`] returns.
pub type Answer<'a> = Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends the requests of a [`Client`]. `()` sends them unchanged.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request` and returns the server's response.
    fn send(self: Arc<Self>, http: &reqwest::Client, request: reqwest::Request) -> Answer<'_> {
        Box::pin(http.execute(request))
    }
}

impl Transport for () {}

/// The characters of a path segment that are not percent-encoded are RFC 3986's unreserved ones.
/// The `url` crate would take others, such as a backslash, for a slash.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// What the generated methods share.
impl Client {
    /// Returns the URL of a path below the base URL, with each segment percent-encoded once.
    #[expect(
        clippy::result_large_err,
        reason = "it is the error of every generated method"
    )]
    fn url(&self, segments: &[&str]) -> Result<Url, Error> {
        let base = self.baseurl.path().trim_end_matches('/');
        let length: usize = segments.iter().map(|segment| segment.len() + 1).sum();
        let mut path = String::with_capacity(base.len() + length);
        path.push_str(base);
        for segment in segments {
            // In a URL these have a meaning of their own, encoded or not, so that another resource
            // would be addressed.
            if ["", ".", ".."].contains(segment) {
                let reason = format!("`{segment}` cannot be a segment of a path");
                return Err(Error::InvalidRequest(reason));
            }
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        }
        let mut url = self.baseurl.clone();
        url.set_path(&path);
        Ok(url)
    }

    /// Sends a request that asks for JSON, of the API version that the client is generated for.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Error> {
        let version = <Self as ClientInfo<Arc<dyn Transport>>>::api_version();
        let request = request
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(API_VERSION, HeaderValue::from_static(version));
        let request = request.build()?;
        Ok(Arc::clone(&self.inner).send(&self.client, request).await?)
    }
}
