//! The way to GitHub and back: a request goes out, and a whole response comes in.

use std::{
    error::Error as StdError,
    io, iter,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::future::{Either, select};
use http::{HeaderMap, StatusCode};
use reqwest::Request;
use tokio::time::sleep;
use url::Url;

use super::departure::Departure;
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

    /// Makes it possible to hold a request back until its `body` is sent, if that can be known.
    fn departure(&self, _request: &mut Request, _body: &Bytes) -> Option<Arc<Departure>> {
        None
    }
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
    /// Whether the server refused it before it did anything.
    pub(crate) was_refused: bool,
    /// Whether the client may have followed a redirect before it failed to connect.
    pub(crate) may_be_redirected: bool,
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
        was_refused: false,
        may_be_redirected: false,
        source: None,
    };

    /// Returns the loss of a request that nothing could send.
    pub(crate) fn not_sent(error: impl StdError + Send + Sync + 'static) -> Self {
        Self {
            fault: LostFault::Connection(ConnectionFault::Connect),
            was_refused: false,
            may_be_redirected: false,
            source: Some(Arc::new(error)),
        }
    }

    /// Returns whether the request may have reached GitHub.
    pub(crate) fn maybe_sent(&self) -> bool {
        match self.fault {
            LostFault::Connection(ConnectionFault::Connect | ConnectionFault::Tls) => {
                self.may_be_redirected
            }
            LostFault::Connection(_) => !self.was_refused,
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
            let mut end = pin!(end_after(limit));
            let executed = pin!(client.execute(request));
            let mut response = match select(executed, end.as_mut()).await {
                Either::Left((executed, _)) => executed.map_err(Lost::new)?,
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

/// A client that was passed in and follows redirects by itself. If it cannot connect, the request
/// may have been sent to GitHub before, and redirected.
struct Following(reqwest::Client);

impl RoundTrip for Following {
    fn round_trip(&self, request: Request, may_follow: bool, limit: Duration) -> RoundTripFuture {
        let response = self.0.round_trip(request, may_follow, limit);
        Box::pin(async {
            let lost = |lost| Lost {
                may_be_redirected: true,
                ..lost
            };
            response.await.map_err(lost)
        })
    }
}

/// Returns the way to GitHub through a client that was passed in.
pub(crate) fn through(client: reqwest::Client) -> Arc<dyn RoundTrip> {
    // It does not say what it does with redirects, but its `Debug` shows a policy of its own.
    if format!("{client:?}").contains("Policy(None)") {
        Arc::new(client)
    } else {
        Arc::new(Following(client))
    }
}

async fn read(
    response: &mut reqwest::Response,
    mut end: Pin<&mut impl Future<Output = ()>>,
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

/// Ends after `limit`, and a moment that what has come meanwhile gets: after the process was
/// suspended, the time is over before a response that lies in the socket could be read.
async fn end_after(limit: Duration) {
    sleep(limit).await;
    sleep(MOMENT).await;
}

const MOMENT: Duration = Duration::from_millis(50);

impl Lost {
    fn new(error: reqwest::Error) -> Self {
        let fault = if error.is_redirect() {
            LostFault::Redirect
        } else if error.is_connect() && is_tls(&error) {
            LostFault::Connection(ConnectionFault::Tls)
        } else if error.is_connect() || error.is_builder() {
            LostFault::Connection(ConnectionFault::Connect)
        } else if error.is_timeout() {
            LostFault::Connection(ConnectionFault::Timeout)
        } else {
            LostFault::Connection(ConnectionFault::Lost)
        };
        let was_refused = causes(&error).any(is_refusal);
        Self {
            fault,
            was_refused,
            may_be_redirected: false,
            source: Some(Arc::new(error.without_url())),
        }
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    iter::successors(error.source(), |cause| {
        let cause: &(dyn StdError + 'static) = *cause;
        cause.source()
    })
}

/// TLS reports what is wrong with a certificate as invalid data of the connection, which can be
/// wrapped in other errors of the connection.
fn is_tls(error: &reqwest::Error) -> bool {
    let of_io = |cause: &'_ (dyn StdError + 'static)| {
        let mut io = cause.downcast_ref::<io::Error>();
        while let Some(error) = io {
            if error.kind() == io::ErrorKind::InvalidData {
                return true;
            }
            io = error.get_ref().and_then(|inner| inner.downcast_ref());
        }
        false
    };
    causes(error).any(of_io)
}

/// Over HTTP/2 a server can say that it did nothing with a request. The type of that error belongs
/// to a crate that is not in every tree.
fn is_refusal(cause: &(dyn StdError + 'static)) -> bool {
    cause
        .to_string()
        .contains("refused stream before processing")
}
