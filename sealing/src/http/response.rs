//! From what came of an attempt to a value or an error.

use std::time::SystemTime;

use github_secrets_client::{Error as ClientError, ResponseValue};
use http::{HeaderMap, header::LOCATION};
use url::{Origin, Url};

use super::{
    attempt::Outcome,
    limiter::NoTurn,
    round_trip::{BodyFault, Lost, LostFault, MAX_BODY_BYTES, Received},
};
use crate::{
    ConnectionError, ConnectionFault, Error, ErrorResponse, RateLimited, ResponseHead,
    ResponseProblem, error::Target,
};

/// The result of a method of the generated client.
pub(crate) type Sent<T> = Result<ResponseValue<T>, ClientError>;

/// A success: its value and its head.
#[derive(Debug)]
pub(crate) struct Response<T> {
    pub(crate) value: T,
    pub(crate) head: ResponseHead,
    pub(crate) headers: HeaderMap,
    /// Where it came from.
    pub(crate) address: Url,
}

/// The reason why an attempt gave no value.
pub(crate) enum Failure {
    /// The response leads to another address.
    Redirect(Box<Redirect>),
    /// No other attempt is worth it.
    Final(Error),
    Error(Error),
}

pub(crate) struct Redirect {
    pub(crate) location: Url,
    pub(crate) head: ResponseHead,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// What errors say about a request.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) target: &'a Target,
    pub(crate) origin: &'a Origin,
    /// Whether the request was sent.
    pub(crate) sent: bool,
}

impl Context<'_> {
    /// Returns the value or the reason why there is none: from what came of the attempt, and from
    /// what the generated client made of the response.
    pub(crate) fn conclude<T>(
        self,
        outcome: Option<Outcome>,
        result: Sent<T>,
    ) -> Result<Response<T>, Failure> {
        match outcome {
            Some(Outcome::Response(received, head)) => self.read(received, head, result),
            Some(Outcome::Lost(lost)) => Err(self.lost(lost).into()),
            Some(Outcome::NoToken(error)) => Err(Failure::Final(error)),
            Some(Outcome::NoTurn(no_turn)) => Err(Failure::Final(self.no_turn(no_turn))),
            Some(Outcome::Shutdown) => Err(Failure::Final(self.shutdown())),
            None => Err(Failure::Final(self.broken(ConnectionFault::Connect, None))),
        }
    }

    fn read<T>(
        self,
        received: Received,
        head: ResponseHead,
        result: Sent<T>,
    ) -> Result<Response<T>, Failure> {
        let unexpected = |head, problem| Err(Error::unexpected(self.target, head, problem).into());
        if received.fault == Some(BodyFault::Redirected) {
            return unexpected(head, ResponseProblem::Redirect);
        }
        let error = match result {
            Ok(value) => {
                return Ok(Response {
                    value: value.into_inner(),
                    head,
                    headers: received.headers,
                    address: received.address,
                });
            }
            Err(error) => error,
        };
        match error {
            ClientError::UnexpectedResponse(_) => Err(self.refused(received, head)),
            ClientError::InvalidResponsePayload(_, error) => match received.fault {
                Some(BodyFault::Timeout) => {
                    Err(self.broken(ConnectionFault::Timeout, Some(head)).into())
                }
                Some(BodyFault::TooLarge) => {
                    let limit = MAX_BODY_BYTES;
                    unexpected(head, ResponseProblem::TooLarge { limit })
                }
                Some(_) => unexpected(head, ResponseProblem::CutShort),
                None if error.is_eof() => unexpected(head, ResponseProblem::CutShort),
                None => {
                    let (line, column) = (error.line(), error.column());
                    unexpected(head, ResponseProblem::Json { line, column })
                }
            },
            _ => unexpected(head, ResponseProblem::CutShort),
        }
    }

    fn refused(self, received: Received, head: ResponseHead) -> Failure {
        let Self { target, origin, .. } = self;
        let status = received.status;
        if status.is_redirection() {
            return match location(&received, origin) {
                Some(location) => Failure::Redirect(Box::new(Redirect { location, head })),
                None => Error::unexpected(target, head, ResponseProblem::Redirect).into(),
            };
        }
        if !status.is_client_error() && !status.is_server_error() {
            return Error::unexpected(target, head, ResponseProblem::Status).into();
        }
        let response = ErrorResponse::new(target.clone(), head, &received.body);
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

    pub(crate) fn no_turn(self, no_turn: NoTurn<ResponseHead>) -> Error {
        match no_turn {
            NoTurn::Held(hold) => {
                let wait = hold.left();
                Error::RateLimited(Box::new(RateLimited {
                    kind: hold.kind,
                    wait,
                    until: SystemTime::now() + wait,
                    target: self.target.clone(),
                    head: Some(hold.cause),
                }))
            }
            NoTurn::Late => self.broken(ConnectionFault::Deadline, None),
        }
    }

    /// The error for a request that ended with the async runtime.
    pub(crate) fn shutdown(self) -> Error {
        self.broken(ConnectionFault::Shutdown, None)
    }

    fn lost(self, lost: Lost) -> Error {
        match lost.fault {
            LostFault::Redirect => {
                let head = ResponseHead::default();
                Error::unexpected(self.target, head, ResponseProblem::Redirect)
            }
            LostFault::Connection(fault) => Error::Connection(Box::new(ConnectionError {
                fault,
                maybe_sent: lost.maybe_sent(),
                target: self.target.clone(),
                api: self.origin.ascii_serialization(),
                head: None,
                source: lost.source,
            })),
        }
    }

    /// The error for a request that ended without a whole response.
    pub(crate) fn broken(self, fault: ConnectionFault, head: Option<ResponseHead>) -> Error {
        Error::Connection(Box::new(ConnectionError {
            fault,
            maybe_sent: self.sent,
            target: self.target.clone(),
            api: self.origin.ascii_serialization(),
            head,
            source: None,
        }))
    }
}

/// Returns where a redirect leads, if that is within the API's own origin.
///
/// A 303 makes a read of a write, whose success would be taken for the write's.
fn location(received: &Received, origin: &Origin) -> Option<Url> {
    if !matches!(received.status.as_u16(), 301 | 302 | 307 | 308) {
        return None;
    }
    let location = received.headers.get(LOCATION)?.to_str().ok()?;
    let location = received.address.join(location).ok()?;
    (location.origin() == *origin).then_some(location)
}
