//! The way to GitHub and back: a request goes out, and a whole response comes in.

use std::{
    error::Error as StdError,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use http::{HeaderMap, StatusCode};
use reqwest::Request;
use tokio::time::{Sleep, sleep};
use url::Url;

use crate::ConnectionFault;

/// A page of 100 repositories is below 1 MiB.
pub(crate) const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Carries requests to GitHub: an HTTP client, or what a test has in its place.
pub(crate) trait RoundTrip: Send + Sync {
    /// Sends a request and reads its whole response, within `limit`.
    ///
    /// A client that was passed in can follow redirects by itself. If that leads elsewhere than
    /// `may_follow` allows, the body is not read.
    fn round_trip(&self, request: Request, may_follow: bool, limit: Duration) -> RoundTripFuture;
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
    const TIMEOUT: Self = Self {
        fault: LostFault::Connection(ConnectionFault::Timeout),
        source: None,
    };

    /// Whether the request may have reached GitHub.
    pub(crate) fn maybe_sent(&self) -> bool {
        match self.fault {
            LostFault::Connection(fault) => fault != ConnectionFault::Connect,
            LostFault::Redirect => true,
        }
    }
}

impl RoundTrip for reqwest::Client {
    fn round_trip(&self, request: Request, may_follow: bool, limit: Duration) -> RoundTripFuture {
        let client = self.clone();
        let asked = request.url().clone();
        Box::pin(async move {
            // reqwest's own time-out costs several allocations for each request.
            let mut end = pin!(sleep(limit));
            let executed = pin!(client.execute(request));
            let mut response = match select(executed, end.as_mut()).await {
                Either::Left((executed, _)) => executed.map_err(Lost::from)?,
                Either::Right(_) => return Err(Lost::TIMEOUT),
            };
            let followed = (*response.url() != asked).then(|| response.url().clone());
            let allowed = followed
                .as_ref()
                .is_none_or(|address| may_follow && address.origin() == asked.origin());
            let (body, fault) = if allowed {
                read(&mut response, end).await
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

async fn read(
    response: &mut reqwest::Response,
    mut end: Pin<&mut Sleep>,
) -> (Bytes, Option<BodyFault>) {
    let mut body = Bytes::new();
    loop {
        let chunk = match select(pin!(response.chunk()), end.as_mut()).await {
            Either::Left((Ok(chunk), _)) => chunk,
            Either::Left((Err(error), _)) if !error.is_timeout() => {
                return (body, Some(BodyFault::CutShort));
            }
            _ => return (body, Some(BodyFault::Timeout)),
        };
        match chunk {
            Some(chunk) if body.len() + chunk.len() > MAX_BODY_BYTES => {
                return (body, Some(BodyFault::TooLarge));
            }
            Some(chunk) if body.is_empty() => body = chunk,
            Some(chunk) => {
                let mut longer = BytesMut::from(body);
                longer.extend_from_slice(&chunk);
                body = longer.freeze();
            }
            None => return (body, None),
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
