//! A request with its attempts.
//!
//! An attempt that failed is repeated if that is safe, if another result is possible, and if
//! neither the attempts nor the time of the policy are used up. What a response says about a
//! redirect or an expired token is followed on the way.

use std::{pin::Pin, sync::Arc, time::Duration};

use github_secrets_client::Request;
use tokio::time::Instant;
use tracing::{Instrument, Span, field::Empty};

use super::{
    answered::Answered,
    attempt::Unanswered,
    call::{Call, Tries},
    outcome::{Failure, ReadValue, Response},
    redirect::{Address, may_follow},
    retry_policy::RetryPolicy,
    task,
    wait::WaitReason,
};
use crate::{ConnectionFault, Error, RateLimited, ResponseHead, ResponseProblem, error::Target};

impl Call {
    /// Sends a request, and sends it again where that is safe and worth it.
    ///
    pub(crate) async fn send<T: Send>(
        self: &Arc<Self>,
        target: &Target,
        request: Request<T>,
    ) -> Result<Response<T>, Error> {
        let (request, read) = request.split();
        let mut value = None;
        let mut read = |body: &[u8]| {
            value = Some(read(body)?);
            Ok(())
        };
        let answered = self.deliver(target, &request, &mut read).await?;
        match value {
            Some(value) => Ok(Response { value, answered }),
            None => Err(self.no_request(target)),
        }
    }

    /// Boxed, so that what is behind it is compiled here, and not for each type and in each crate
    /// that makes a call.
    fn deliver<'a>(
        self: &'a Arc<Self>,
        target: &'a Target,
        request: &'a Request<()>,
        read: &'a mut ReadValue<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<Answered, Error>> + Send + 'a>> {
        Box::pin(self.traced(target, request, read))
    }

    async fn traced(
        self: &Arc<Self>,
        target: &Target,
        request: &Request<()>,
        read: &mut ReadValue<'_>,
    ) -> Result<Answered, Error> {
        let span = self.span(target);
        let attempts = self.attempts(target, request, read, &span);
        let result = attempts.instrument(span.clone()).await;
        let status = match &result {
            Ok(answered) => Some(answered.received.status.as_u16()),
            Err(error) => {
                span.record("error.type", error_type(error));
                error.response().map(ResponseHead::status)
            }
        };
        if let Some(status) = status {
            span.record("http.response.status_code", status);
        }
        result
    }

    /// Sends a request that GitHub's description may not have. Types and checks keep callers from
    /// asking for one that it does not have.
    pub(crate) async fn send_possible<T: Send>(
        self: &Arc<Self>,
        target: &Target,
        request: Option<Request<T>>,
    ) -> Result<Response<T>, Error> {
        match request {
            Some(request) => self.send(target, request).await,
            None => Err(self.no_request(target)),
        }
    }

    async fn attempts(
        self: &Arc<Self>,
        target: &Target,
        request: &Request<()>,
        read: &mut ReadValue<'_>,
        span: &Span,
    ) -> Result<Answered, Error> {
        let is_write = target.operation.is_write();
        let mut tries = if is_write {
            self.take_tries()
        } else {
            Tries::default()
        };
        let (mut address, mut redirects) = (Address::Own, 0);
        let mut last = None;
        loop {
            if self.deadline.has_passed() {
                let late = Error::Connection(self.broken(target, ConnectionFault::Deadline, false));
                return Err(self.more_telling(target, last, late));
            }
            span.record("http.request.resend_count", tries.sent);
            let Ok(mut attempt) = request.build(&self.http.api_url) else {
                return Err(self.no_request(target));
            };
            address.apply(attempt.url_mut());
            let body = request.body().cloned().unwrap_or_default();
            let (sent, concluded) = {
                let attempted = self.attempt(attempt, body, may_follow(target)).await;
                let sent = was_sent(&attempted);
                (sent, self.conclude(target, request, read, attempted))
            };
            let failure = match concluded {
                Ok(answered) => return Ok(answered),
                Err(failure) => failure,
            };
            let error = match failure {
                Failure::Redirect(redirect) => {
                    redirects += 1;
                    let head = redirect.head.clone();
                    let redirected = self.redirect(target, *redirect, redirects).await;
                    let sent = || Error::unexpected(target, head, ResponseProblem::Redirect);
                    address = redirected.map_err(|error| error.or_of_sent(sent))?;
                    continue;
                }
                Failure::Final(error) => {
                    self.note_effect(target, &error);
                    if is_write {
                        self.keep_tries(tries);
                    }
                    return Err(self.more_telling(target, last, error));
                }
                Failure::Error(error) => error,
            };
            tracing::debug!(kind = error_type(&error), %error, "attempt failed");
            self.note_effect(target, &error);
            tries.sent += u32::from(sent);
            let error = self.retry(target, error, &mut tries).await?;
            if is_write && self.outdate_reading() {
                // Whoever has read what the write relies on reads it again first.
                self.keep_tries(tries);
                return Err(error);
            }
            // A 401 that is met with another token says less than a limit before it.
            let is_less = is_unauthorized(&error) && matches!(last, Some(Error::RateLimited(_)));
            if !is_less {
                last = Some(error);
            }
        }
    }

    /// Returns the error of the last attempt that was sent, if the next one was not sent and that
    /// or one before it may have taken effect, or was a write that met a limit: that nothing was
    /// tried would be wrong.
    pub(super) fn more_telling(&self, target: &Target, last: Option<Error>, error: Error) -> Error {
        let unsent = match &error {
            Error::NotTried(_) => true,
            Error::Connection(error) => error.fault == ConnectionFault::Deadline,
            _ => false,
        };
        let counts = |last: &Error| {
            let met_limit = matches!(last, Error::RateLimited(_)) && target.operation.is_write();
            unsent && (met_limit || may_have_taken_effect(last) || self.may_have_taken_effect())
        };
        match last.filter(counts) {
            Some(Error::RateLimited(limited)) => {
                // Some of its time has passed.
                let left = self.http.limiter.held_for();
                RateLimited::error(target, limited.kind, left, limited.head)
            }
            Some(last) => last,
            None => error,
        }
    }

    fn note_effect(&self, target: &Target, error: &Error) {
        if target.operation.is_write() && may_have_taken_effect(error) {
            self.set_may_have_taken_effect();
        }
    }

    /// Waits until it is time for another attempt after an error, and returns that error; or fails
    /// with it.
    async fn retry(
        self: &Arc<Self>,
        target: &Target,
        error: Error,
        tries: &mut Tries,
    ) -> Result<Error, Error> {
        let policy = &self.http.retry;
        if is_unauthorized(&error) && !tries.renewed && self.http.tokens.can_renew() {
            tries.renewed = true;
            return Ok(error);
        }
        let attempts = policy.attempts.saturating_add(u32::from(tries.renewed));
        let again = target.operation.is_repeatable() || !may_have_taken_effect(&error);
        if matches!(error, Error::RateLimited(_)) {
            // The next attempt waits for the limit to end, or says for how long it would have to.
            let again = tries.sent < attempts && self.allows(Instant::now());
            return if again { Ok(error) } else { Err(error) };
        }
        if !is_transient(&error) || !again || tries.sent >= attempts {
            return Err(error);
        }
        tries.failures += 1;
        let asked = error.response().and_then(ResponseHead::retry_after);
        let wait = self.backoff(tries.failures).max(asked.unwrap_or_default());
        let at = Instant::now().checked_add(wait);
        if !at.is_some_and(|at| self.allows(at)) {
            return Err(error);
        }
        self.http.limiter.report_wait(WaitReason::Retry, wait);
        let call = Arc::clone(self);
        let waited = task::run(async move { call.pause(wait).await }).await;
        match waited {
            Ok(Ok(())) => Ok(error),
            // The call was stopped: it ends with the error of its last attempt.
            Ok(Err(_)) => Err(error),
            Err(task::Shutdown) => Err(self.shut_down(target)),
        }
    }

    /// Returns a time that is twice as long each time, and drawn between half of that and all of
    /// it.
    fn backoff(&self, failures: u32) -> Duration {
        let RetryPolicy {
            first_wait,
            longest_wait,
            ..
        } = self.http.retry;
        let full = first_wait
            .saturating_mul(2_u32.saturating_pow(failures - 1))
            .min(longest_wait);
        full.mul_f64(0.5 + self.http.random.draw() / 2.0)
    }

    /// Fields by OpenTelemetry's conventions for HTTP clients; no value, token or ciphertext.
    fn span(&self, target: &Target) -> Span {
        let operation = target.operation;
        tracing::info_span!(
            "github",
            otel.name = operation.id(),
            otel.kind = "client",
            http.request.method = operation.method(),
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            url.template = operation.path(),
            server.address = self.http.api_url.host_str(),
            server.port = self.http.api_url.port_or_known_default(),
            github.operation = operation.id(),
            github.owner = target.owner.path(),
            github.name = target.name,
            "error.type" = Empty,
        )
    }
}

fn was_sent(attempted: &Result<Answered, Unanswered>) -> bool {
    match attempted {
        Ok(answered) => answered.was_sent,
        Err(unanswered) => matches!(unanswered, Unanswered::Lost(_)),
    }
}

fn is_unauthorized(error: &Error) -> bool {
    matches!(error, Error::NotAuthorized(response) if response.status() == 401)
}

/// Returns whether the same request can have another result a little later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Connection(error) => !matches!(
            error.fault,
            ConnectionFault::Shutdown | ConnectionFault::Tls
        ),
        Error::Unavailable(_) => true,
        Error::UnexpectedResponse(unexpected) => unexpected.problem == ResponseProblem::CutShort,
        _ => false,
    }
}

/// Returns whether a write may have been carried out: GitHub did not clearly say no.
fn may_have_taken_effect(error: &Error) -> bool {
    match error {
        Error::Connection(error) => error.maybe_sent,
        Error::Unavailable(_) => true,
        Error::UnexpectedResponse(unexpected) => !(300..500).contains(&unexpected.head.status()),
        _ => false,
    }
}

/// Returns the name of the error for OpenTelemetry's `error.type`: the variant.
fn error_type(error: &Error) -> &'static str {
    match error {
        Error::Token { .. } => "token",
        Error::NotAuthorized(_) => "not_authorized",
        Error::NotFound(_) => "not_found",
        Error::Conflict(_) => "conflict",
        Error::Rejected(_) => "rejected",
        Error::RateLimited(_) => "rate_limited",
        Error::Unavailable(_) => "unavailable",
        Error::Connection(_) => "connection",
        Error::UnexpectedResponse(_) => "unexpected_response",
        Error::Moved(_) => "moved",
        _ => "other",
    }
}
