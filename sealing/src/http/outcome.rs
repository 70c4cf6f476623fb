//! From what came of an attempt to a value or an error.

use github_secrets_client::Request;
use http::{StatusCode, header::LOCATION};
use tokio::time::Instant;
use url::{Origin, Url};

use super::{
    answered::Answered,
    attempt::Unanswered,
    call::Call,
    limiter::{Hold, NotSent},
    round_trip::{BodyFault, Lost, LostFault, MAX_BODY_BYTES, Received},
};
use crate::{
    ConnectionError, ConnectionFault, Error, ErrorResponse, NotTried, RateLimited, ResponseHead,
    ResponseProblem, error::Target,
};

/// A success.
pub(crate) struct Response<T> {
    pub(crate) value: T,
    pub(crate) answered: Answered,
}

impl<T> Response<T> {
    pub(crate) fn status(&self) -> StatusCode {
        self.answered.received.status
    }
}

/// Reads the body of a success, and keeps its value.
pub(super) type ReadValue<'a> = dyn FnMut(&[u8]) -> Result<(), serde_json::Error> + Send + 'a;

/// The reason why an attempt gave no value.
pub(super) enum Failure {
    /// The response leads to another address.
    Redirect(Box<Redirect>),
    /// No other attempt is worth it.
    Final(Error),
    Error(Error),
}

pub(super) struct Redirect {
    pub(super) location: Url,
    pub(super) head: ResponseHead,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Call {
    /// Returns the response whose value was read, or the reason why there is none.
    pub(super) fn conclude(
        &self,
        target: &Target,
        request: &Request<()>,
        read: &mut ReadValue<'_>,
        attempted: Result<Answered, Unanswered>,
    ) -> Result<Answered, Failure> {
        match attempted {
            Ok(answered) => self.read(target, request, read, answered),
            Err(Unanswered::Lost(lost)) => Err(self.lost(target, lost).into()),
            Err(Unanswered::NoToken(error)) => Err(Failure::Final(error)),
            Err(Unanswered::NotSent(reason)) => Err(Failure::Final(self.not_sent(target, reason))),
            Err(Unanswered::Shutdown) => Err(Failure::Final(self.shut_down(target))),
        }
    }

    fn read(
        &self,
        target: &Target,
        request: &Request<()>,
        read: &mut ReadValue<'_>,
        answered: Answered,
    ) -> Result<Answered, Failure> {
        let received = &answered.received;
        let unexpected = |problem| Err(Error::unexpected(target, answered.head(), problem).into());
        if received.fault == Some(BodyFault::Redirected) {
            return unexpected(ResponseProblem::Redirect);
        }
        if !request.is_success(received.status) {
            return Err(self.refused(target, &answered));
        }
        let Err(error) = read(&received.body) else {
            return Ok(answered);
        };
        match received.fault {
            Some(BodyFault::Timeout) => {
                let mut error = self.broken(target, ConnectionFault::Timeout, true);
                error.head = Some(answered.head());
                Err(Error::Connection(error).into())
            }
            Some(BodyFault::TooLarge) => {
                let limit = MAX_BODY_BYTES;
                unexpected(ResponseProblem::TooLarge { limit })
            }
            Some(_) => unexpected(ResponseProblem::CutShort),
            None if error.is_eof() => unexpected(ResponseProblem::CutShort),
            None => {
                let (line, column) = (error.line(), error.column());
                unexpected(ResponseProblem::Json { line, column })
            }
        }
    }

    fn refused(&self, target: &Target, answered: &Answered) -> Failure {
        let Answered {
            received, limit, ..
        } = answered;
        let (status, head) = (received.status, answered.head());
        if status.is_redirection() {
            return match location(received, &self.http.api_url.origin()) {
                Some(location) => Failure::Redirect(Box::new(Redirect { location, head })),
                None => Error::unexpected(target, head, ResponseProblem::Redirect).into(),
            };
        }
        if !status.is_client_error() && !status.is_server_error() {
            return Error::unexpected(target, head, ResponseProblem::Status).into();
        }
        if let Some(kind) = *limit {
            return RateLimited::error(target, kind, self.http.limiter.held_for(), head).into();
        }
        let response = ErrorResponse::new(target.clone(), head, &received.body);
        Failure::Error(match status.as_u16() {
            401..=403 => Error::NotAuthorized(response),
            404 => Error::NotFound(response),
            408 | 500.. => Error::Unavailable(response),
            409 => Error::Conflict(response),
            _ => Error::Rejected(response),
        })
    }

    /// Returns the error for a request that was not sent.
    pub(super) fn not_sent(&self, target: &Target, reason: NotSent) -> Error {
        match reason {
            NotSent::Held(hold) => {
                let Hold { until, kind, head } = *hold;
                let wait = until.saturating_duration_since(Instant::now());
                RateLimited::error(target, kind, wait, head)
            }
            NotSent::Late if !self.has_written() => Error::NotTried(NotTried::Deadline),
            NotSent::Late | NotSent::Overdue | NotSent::Outdated => {
                Error::Connection(self.broken(target, ConnectionFault::Deadline, false))
            }
            NotSent::Stopped(reason) => Error::NotTried(reason),
        }
    }

    /// Returns the error for a request that ended with the async runtime.
    pub(crate) fn shut_down(&self, target: &Target) -> Error {
        let maybe_sent = target.operation.is_write() && self.awaits_write();
        Error::Connection(self.broken(target, ConnectionFault::Shutdown, maybe_sent))
    }

    /// Returns the error for a request that could not be made: its names were checked before.
    pub(super) fn no_request(&self, target: &Target) -> Error {
        Error::Connection(self.broken(target, ConnectionFault::Connect, false))
    }

    fn lost(&self, target: &Target, lost: Lost) -> Error {
        match lost.fault {
            LostFault::Redirect => {
                let head = ResponseHead::default();
                Error::unexpected(target, head, ResponseProblem::Redirect)
            }
            LostFault::Connection(fault) => {
                let mut error = self.broken(target, fault, lost.maybe_sent());
                error.source = lost.source;
                Error::Connection(error)
            }
        }
    }

    /// Returns what is wrong with a request that ended without a whole response.
    pub(super) fn broken(
        &self,
        target: &Target,
        fault: ConnectionFault,
        maybe_sent: bool,
    ) -> Box<ConnectionError> {
        Box::new(ConnectionError {
            fault,
            maybe_sent,
            target: target.clone(),
            api: self.http.api_url.origin().ascii_serialization(),
            head: None,
            source: None,
        })
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
