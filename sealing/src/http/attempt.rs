//! One request and its response: the headers that GitHub wants, and a body read within bounds.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use github_secrets_client::{Answer as Answering, Error as ClientError, ResponseValue, Transport};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, AUTHORIZATION, LOCATION, USER_AGENT},
};
use reqwest::Request;
use tokio::task::JoinSet;
use url::{Origin, Url};

use crate::{
    ConnectionError, ConnectionFault, Error, ErrorResponse, ResponseHead, ResponseProblem, Token,
    error::Target,
};

/// A page of 100 repositories is below 1 MiB.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The oldest supported version of the API, which every server has.
const API_VERSION: HeaderValue = HeaderValue::from_static("2022-11-28");
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.github+json");

/// The result of a method of the generated client.
pub(crate) type Sent<T> = Result<ResponseValue<T>, ClientError>;

/// What every attempt has in common.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) origin: Origin,
}

/// A success: its value and its head.
#[derive(Debug)]
pub(crate) struct Response<T> {
    pub(crate) value: T,
    pub(crate) head: ResponseHead,
    pub(crate) headers: HeaderMap,
}

/// The reason why an attempt gave no value.
pub(crate) enum Failure {
    /// The response leads to another address.
    Redirect(Url, ResponseHead),
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Sends the generated client's request, and keeps what its result leaves out.
pub(crate) struct Attempt {
    settings: Arc<Settings>,
    token: Arc<Token>,
    authorization: HeaderValue,
    address: Address,
    may_follow: bool,
    seen: Mutex<Option<Seen>>,
}

/// Where to send a request.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    /// To the address that it has.
    Own,
    /// To another one, within the same origin.
    Redirected(Url),
    /// To the repository with this id in place of the one that its path names.
    Renamed { path: String, id: u64 },
}

/// What was seen of a response once its head had come.
#[derive(Clone, Debug)]
struct Seen {
    head: ResponseHead,
    headers: HeaderMap,
    address: Url,
    fault: Option<BodyFault>,
}

#[derive(Clone, Copy, Debug)]
enum BodyFault {
    CutShort,
    Timeout,
    TooLarge,
    /// The HTTP client followed a redirect to where the request must not go.
    Redirected,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").finish_non_exhaustive()
    }
}

impl Transport for Attempt {
    fn send<'a>(&'a self, client: &'a reqwest::Client, mut request: Request) -> Answering<'a> {
        self.address.apply(request.url_mut());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, MEDIA_TYPE);
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(USER_AGENT, self.settings.user_agent.clone());
        headers.insert("x-github-api-version", API_VERSION);
        *request.timeout_mut() = Some(self.settings.timeout);
        // Kept to recognize it in the response.
        let sent = request.body().and_then(reqwest::Body::as_bytes);
        let sent = Bytes::copy_from_slice(sent.unwrap_or_default());
        let address = request.url().clone();
        let may_follow = self.may_follow;
        let (client, origin) = (client.clone(), self.settings.origin.clone());
        Box::pin(async move {
            // A connection returns to the pool in a task of its own. Sent from another task than
            // the caller's, it is back before the caller's next request, which would otherwise
            // open another one. A set that is dropped ends its tasks.
            let mut tasks = JoinSet::new();
            let of_request = address.clone();
            tasks.spawn(async move {
                let mut response = client.execute(request).await?;
                // A client that was passed in can follow redirects by itself.
                let allowed = *response.url() == of_request
                    || may_follow && response.url().origin() == origin;
                let (body, fault) = if allowed {
                    read(&mut response).await
                } else {
                    (Bytes::new(), Some(BodyFault::Redirected))
                };
                Ok((response, body, fault))
            });
            let (response, body, fault) = match tasks.join_next().await {
                Some(Ok(result)) => result?,
                Some(Err(error)) if error.is_panic() => {
                    std::panic::resume_unwind(error.into_panic())
                }
                // The runtime is shutting down, and this future with it.
                _ => std::future::pending().await,
            };
            let sent = str::from_utf8(&sent).unwrap_or_default();
            Ok(self.take_in(response, body, address, fault, sent))
        })
    }
}

impl Attempt {
    pub(crate) fn new(
        settings: Arc<Settings>,
        token: Arc<Token>,
        authorization: HeaderValue,
        address: Address,
        may_follow: bool,
    ) -> Self {
        Self {
            settings,
            token,
            authorization,
            address,
            may_follow,
            seen: Mutex::new(None),
        }
    }

    /// Returns the response with its whole body in memory. Once the head has come nothing is an
    /// error here: a 201 whose body breaks off still means that the secret is stored.
    fn take_in(
        &self,
        response: reqwest::Response,
        body: Bytes,
        address: Url,
        fault: Option<BodyFault>,
        sent: &str,
    ) -> reqwest::Response {
        let (parts, _) = http::Response::from(response).into_parts();
        let status = parts.status.as_u16();
        let head = ResponseHead::new(status, &parts.headers, self.token.expose(), sent);
        let headers = parts.headers.clone();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen {
            head,
            headers,
            address,
            fault,
        });
        http::Response::from_parts(parts, body).into()
    }

    /// Returns the result of the attempt in the library's own terms.
    pub(crate) async fn conclude<T>(
        &self,
        target: &Target,
        result: Sent<T>,
    ) -> Result<Response<T>, Failure> {
        let seen = self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(seen) = seen else {
            return Err(self.unanswered(target, result.err()).into());
        };
        let unexpected = |head, problem| Err(Error::unexpected(target, head, problem).into());
        if let Some(BodyFault::Redirected) = seen.fault {
            return unexpected(seen.head, ResponseProblem::Redirect);
        }
        match result {
            Ok(value) => Ok(Response {
                value: value.into_inner(),
                head: seen.head,
                headers: seen.headers,
            }),
            Err(ClientError::UnexpectedResponse(response)) => {
                let status = response.status();
                let body = response.bytes().await.unwrap_or_default();
                Err(self.refused(target, seen, status, &body))
            }
            Err(ClientError::InvalidResponsePayload(_, error)) => match seen.fault {
                Some(BodyFault::Timeout) => Err(self
                    .lost(target, ConnectionFault::Timeout, seen.head)
                    .into()),
                Some(BodyFault::TooLarge) => {
                    let limit = MAX_BODY_BYTES;
                    unexpected(seen.head, ResponseProblem::TooLarge { limit })
                }
                Some(_) => unexpected(seen.head, ResponseProblem::CutShort),
                None if error.is_eof() => unexpected(seen.head, ResponseProblem::CutShort),
                None => {
                    let (line, column) = (error.line(), error.column());
                    unexpected(seen.head, ResponseProblem::Json { line, column })
                }
            },
            Err(_) => unexpected(seen.head, ResponseProblem::CutShort),
        }
    }

    /// The error where the response broke off after its head.
    fn lost(&self, target: &Target, fault: ConnectionFault, head: ResponseHead) -> Error {
        Error::Connection(Box::new(ConnectionError {
            fault,
            maybe_sent: true,
            target: target.clone(),
            api: self.settings.origin.ascii_serialization(),
            head: Some(head),
            source: None,
        }))
    }

    /// The error where no response came at all.
    fn unanswered(&self, target: &Target, error: Option<ClientError>) -> Error {
        let error = match error {
            Some(ClientError::CommunicationError(error)) => Some(error.without_url()),
            _ => None,
        };
        if error.as_ref().is_some_and(reqwest::Error::is_redirect) {
            let head = ResponseHead::default();
            return Error::unexpected(target, head, ResponseProblem::Redirect);
        }
        let never_sent = error
            .as_ref()
            .is_some_and(|error| error.is_connect() || error.is_builder());
        let fault = match &error {
            Some(error) if error.is_timeout() => ConnectionFault::Timeout,
            _ if never_sent => ConnectionFault::Connect,
            _ => ConnectionFault::Lost,
        };
        Error::Connection(Box::new(ConnectionError {
            fault,
            maybe_sent: !never_sent,
            target: target.clone(),
            api: self.settings.origin.ascii_serialization(),
            head: None,
            source: error.map(|error| Arc::new(error) as _),
        }))
    }

    fn refused(&self, target: &Target, seen: Seen, status: StatusCode, body: &[u8]) -> Failure {
        let Seen {
            head,
            headers,
            address,
            ..
        } = seen;
        if status.is_redirection() {
            return match self.location(status, &headers, &address) {
                Some(location) => Failure::Redirect(location, head),
                None => Error::unexpected(target, head, ResponseProblem::Redirect).into(),
            };
        }
        if !status.is_client_error() && !status.is_server_error() {
            return Error::unexpected(target, head, ResponseProblem::Status).into();
        }
        let response = ErrorResponse::new(target.clone(), head, body);
        if let Some(kind) = response.limit() {
            return Error::RateLimited(Box::new(response.into_rate_limited(kind))).into();
        }
        Failure::Error(match status.as_u16() {
            401..=403 => Error::NotAuthorized(response),
            404 => Error::NotFound(response),
            408 | 500.. => Error::Unavailable(response),
            409 => Error::Conflict(response),
            _ => Error::Rejected(response),
        })
    }

    /// Returns where a redirect leads, if that is within the API's own origin.
    ///
    /// A 303 makes a read of a write, whose success would be taken for the write's.
    fn location(&self, status: StatusCode, headers: &HeaderMap, address: &Url) -> Option<Url> {
        if !matches!(status.as_u16(), 301 | 302 | 307 | 308) {
            return None;
        }
        let location = headers.get(LOCATION)?.to_str().ok()?;
        let location = address.join(location).ok()?;
        (location.origin() == self.settings.origin).then_some(location)
    }
}

impl Address {
    fn apply(&self, url: &mut Url) {
        match self {
            Self::Own => {}
            Self::Redirected(to) => *url = to.clone(),
            Self::Renamed { path, id } => {
                if let Some((api, rest)) = url.path().split_once(path.as_str()) {
                    let renamed = format!("{api}/repositories/{id}{rest}");
                    url.set_path(&renamed);
                }
            }
        }
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
