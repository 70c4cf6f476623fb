//! A request with its attempts.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use github_secrets_client::Client;
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span, field::Empty};

use super::{
    attempt::Attempt,
    call::Call,
    redirect::may_follow,
    response::{Failure, Response, Sent},
    task,
    wait::WaitReason,
};
use crate::{
    ConnectionFault, Error, RateLimited, ResponseHead, ResponseProblem, RetryPolicy, error::Target,
};

/// What was tried so far for one request.
#[derive(Default)]
struct Tries {
    sent: u32,
    failures: u32,
    renewed: bool,
    redirects: usize,
}

impl Call<'_> {
    /// Sends a request, and sends it again where that is safe and worth it.
    pub(crate) async fn send<T, F: Future<Output = Sent<T>>>(
        &self,
        target: &Target,
        request: impl Fn(Client) -> F,
    ) -> Result<Response<T>, Error> {
        let span = self.span(target);
        let attempts = self.attempts(target, request, &span);
        let result = attempts.instrument(span.clone()).await;
        let status = match &result {
            Ok(response) => Some(response.head.status()),
            Err(error) => {
                span.record("error.type", error_type(error));
                error.response().map(ResponseHead::status)
            }
        };
        status.map(|status| span.record("http.response.status_code", status));
        result
    }

    async fn attempts<T, F: Future<Output = Sent<T>>>(
        &self,
        target: &Target,
        request: impl Fn(Client) -> F,
        span: &Span,
    ) -> Result<Response<T>, Error> {
        let mut tries = Tries::default();
        let mut address = self.address(target);
        loop {
            if self.is_late() {
                let context = self.context(target, false);
                return Err(context.broken(ConnectionFault::Deadline, None));
            }
            let attempt = Arc::new(self.attempt(target, address.clone(), may_follow(target)));
            span.record("http.request.resend_count", tries.sent);
            let result = request(self.client(Arc::clone(&attempt))).await;
            let sent = self.note_progress(&attempt);
            let context = self.context(target, sent);
            let error = match context.conclude(attempt.outcome(), result) {
                Ok(response) => return Ok(response),
                Err(Failure::Redirect(redirect)) => {
                    tries.redirects += 1;
                    address = self.redirect(target, *redirect, tries.redirects).await?;
                    continue;
                }
                Err(Failure::Final(error)) => {
                    self.note_doubt_of(target, &error);
                    return Err(error);
                }
                Err(Failure::Error(error)) => error,
            };
            tracing::debug!(kind = error_type(&error), %error, "attempt failed");
            self.note_doubt_of(target, &error);
            tries.sent += u32::from(sent);
            self.retry(target, error, &mut tries).await?;
        }
    }

    fn note_doubt_of(&self, target: &Target, error: &Error) {
        if target.operation.is_write() && may_have_taken_effect(error) {
            self.note_doubt();
        }
    }

    /// Returns when it is time for another attempt after an error, or the error.
    async fn retry(&self, target: &Target, error: Error, tries: &mut Tries) -> Result<(), Error> {
        let policy = &self.http.retry;
        if is_unauthorized(&error) && !tries.renewed && self.http.gateway.tokens.can_renew() {
            tries.renewed = true;
            return Ok(());
        }
        let attempts = policy.attempts.saturating_add(u32::from(tries.renewed));
        let again = target.operation.is_repeatable() || !may_have_taken_effect(&error);
        if let Error::RateLimited(limited) = error {
            // The next attempt waits for the limit to end, or says for how long it would have to.
            let again = tries.sent < attempts && self.allows(Instant::now());
            return again
                .then_some(())
                .ok_or_else(|| self.rate_limited(limited));
        }
        if !is_transient(&error) || !again || tries.sent >= attempts {
            return Err(error);
        }
        tries.failures += 1;
        let told = error.response().and_then(ResponseHead::retry_after);
        let wait = self.backoff(tries.failures).max(told.unwrap_or_default());
        let at = Instant::now().checked_add(wait);
        if !at.is_some_and(|at| self.allows(at)) {
            return Err(error);
        }
        self.http.gateway.limiter.tell(WaitReason::Retry, wait);
        let waited = task::run(sleep(wait)).await;
        waited.map_err(|task::Shutdown| self.context(target, false).shutdown())
    }

    /// The error for a limit after the last attempt, with how long it holds.
    fn rate_limited(&self, mut limited: Box<RateLimited>) -> Error {
        limited.wait = self.http.gateway.limiter.held_for().unwrap_or_default();
        limited.until = SystemTime::now() + limited.wait;
        Error::RateLimited(limited)
    }

    fn client(&self, attempt: Arc<Attempt>) -> Client {
        Client::new_with_client(self.http.api_url.clone(), self.http.client.clone(), attempt)
    }

    /// Twice as long each time, and drawn between half of that and all of it.
    fn backoff(&self, failures: u32) -> Duration {
        let RetryPolicy {
            first_wait,
            longest_wait,
            ..
        } = self.http.retry;
        let full = first_wait
            .saturating_mul(2_u32.saturating_pow(failures - 1))
            .min(longest_wait);
        full.mul_f64(0.5 + self.http.chance.draw() / 2.0)
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
            github.owner = %target.owner,
            github.name = target.name,
            "error.type" = Empty,
        )
    }
}

fn is_unauthorized(error: &Error) -> bool {
    matches!(error, Error::NotAuthorized(response) if response.status() == 401)
}

/// Returns whether the same request can have another result a little later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Connection(error) => error.fault != ConnectionFault::Shutdown,
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
