//! Sends a request once, as it is, for callers that need no limits, retries or time-outs.

use std::{fmt, mem};

use reqwest::{StatusCode, Url, header::HeaderMap};

use crate::{Error, Request};

/// Sends requests to the API at one address.
///
/// It sends what it is given, with the headers of the [`reqwest::Client`]: let that send a user
/// agent, which GitHub requires, and the token.
#[derive(Clone, Debug)]
pub struct Client {
    base: Url,
    http: reqwest::Client,
}

/// A successful response, with its parsed body.
#[derive(Clone)]
pub struct Response<T> {
    /// The status, one of those that GitHub's description lists as a success.
    pub status: StatusCode,
    /// The headers, such as the rate limits and the links to other pages.
    pub headers: HeaderMap,
    /// The parsed body.
    pub value: T,
}

impl Client {
    /// Creates a client for the API at `base`, such as `https://api.github.com`.
    #[must_use]
    pub fn new(base: Url, http: reqwest::Client) -> Self {
        Self { base, http }
    }

    /// Sends a request and reads the response, whatever its size.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be built or sent, or if the response is not a
    /// success or not what GitHub's description allows.
    pub async fn send<T>(&self, request: Request<T>) -> Result<Response<T>, Error> {
        let built = request.build(&self.base)?;
        let mut response = self.http.execute(built).await.map_err(Error::Http)?;
        let status = response.status();
        let headers = mem::take(response.headers_mut());
        let body = response.bytes().await.map_err(Error::Http)?;
        if !request.is_success(status) {
            let headers = Box::new(headers);
            return Err(Error::Refused {
                status,
                headers,
                body,
            });
        }
        match request.read(&body) {
            Ok(value) => Ok(Response {
                status,
                headers,
                value,
            }),
            Err(error) => Err(Error::Json { status, error }),
        }
    }
}

/// Without the headers, which can repeat what was sent.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
