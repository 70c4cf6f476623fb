//! The way to GitHub and back: a request goes out, and a whole response comes in.

use std::{error::Error as StdError, pin::Pin, sync::Arc};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use reqwest::Request;
use url::Url;

use crate::ConnectionFault;

/// A page of 100 repositories is below 1 MiB.
pub(crate) const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Carries requests to GitHub: an HTTP client, or what a test has in its place.
pub(crate) trait RoundTrip: Send + Sync {
    /// Sends a request and reads its whole response.
    ///
    /// A client that was passed in can follow redirects by itself. If that leads elsewhere than
    /// `may_follow` allows, the body is not read.
    fn round_trip(&self, request: Request, may_follow: bool) -> RoundTripFuture;
}

pub(crate) type RoundTripFuture = Pin<Box<dyn Future<Output = Result<Received, Lost>> + Send>>;

/// A response with its body in memory. Once the head has come nothing is an error: a 201 whose
/// body breaks off still means that the secret is stored.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) address: Url,
    pub(crate) body: Bytes,
    pub(crate) fault: Option<BodyFault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyFault {
    CutShort,
    Timeout,
    TooLarge,
    /// The HTTP client followed a redirect to where the request must not go.
    Redirected,
}

/// A request without a response.
#[derive(Clone, Debug)]
pub(crate) struct Lost {
    pub(crate) fault: LostFault,
    pub(crate) source: Option<Arc<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LostFault {
    Connection(ConnectionFault),
    /// The HTTP client was redirected without end.
    Redirect,
}

impl Lost {
    /// Whether the request may have reached GitHub.
    pub(crate) fn maybe_sent(&self) -> bool {
        match self.fault {
            LostFault::Connection(fault) => fault != ConnectionFault::Connect,
            LostFault::Redirect => true,
        }
    }
}

impl RoundTrip for reqwest::Client {
    fn round_trip(&self, request: Request, may_follow: bool) -> RoundTripFuture {
        let client = self.clone();
        let asked = request.url().clone();
        Box::pin(async move {
            let mut response = client.execute(request).await.map_err(Lost::from)?;
            let followed = (*response.url() != asked).then(|| response.url().clone());
            let allowed = followed
                .as_ref()
                .is_none_or(|address| may_follow && address.origin() == asked.origin());
            let (body, fault) = if allowed {
                read(&mut response).await
            } else {
                (Bytes::new(), Some(BodyFault::Redirected))
            };
            Ok(Received {
                status: response.status(),
                headers: std::mem::take(response.headers_mut()),
                address: followed.unwrap_or(asked),
                body,
                fault,
            })
        })
    }
}

async fn read(response: &mut reqwest::Response) -> (Bytes, Option<BodyFault>) {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_BODY_BYTES => {
                return (body.freeze(), Some(BodyFault::TooLarge));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body.freeze(), None),
            Err(error) if error.is_timeout() => return (body.freeze(), Some(BodyFault::Timeout)),
            Err(_) => return (body.freeze(), Some(BodyFault::CutShort)),
        }
    }
}

impl From<reqwest::Error> for Lost {
    fn from(error: reqwest::Error) -> Self {
        let fault = if error.is_redirect() {
            LostFault::Redirect
        } else if error.is_connect() || error.is_builder() {
            LostFault::Connection(ConnectionFault::Connect)
        } else if error.is_timeout() {
            LostFault::Connection(ConnectionFault::Timeout)
        } else {
            LostFault::Connection(ConnectionFault::Lost)
        };
        Self {
            fault,
            source: Some(Arc::new(error.without_url())),
        }
    }
}
