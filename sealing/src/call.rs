//! Every call to GitHub: the token, the gate, the attempts, and the trace they leave.

use std::{future::Future, sync::Arc, time::Duration};

use crypto_box::aead::{OsRng, rand_core::RngCore};
use github_secrets_client::{Client, Error as ClientError, ResponseValue};
use tokio::time::Instant;
use tracing::{Instrument, Span, field::Empty};
use url::Url;

use crate::{
    AnswerProblem, Error, RetryPolicy, WaitReason,
    exchange::{Answered, Exchange, Manners},
    gate::Gate,
    keys::Keys,
    operation::Target,
    token::TokenSource,
};

/// What a `GitHub` and everything made from it share.
pub(crate) struct Core {
    pub(crate) api_url: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) manners: Manners,
    pub(crate) tokens: TokenSource,
    pub(crate) retry: RetryPolicy,
    pub(crate) gate: Gate,
    pub(crate) keys: Keys,
}

/// A call that succeeded, and what its attempts tell beyond the answer.
pub(crate) struct Done<T> {
    pub(crate) answered: Answered<T>,
    /// Whether an earlier attempt may have taken effect before its answer was lost.
    pub(crate) repeated: bool,
}

impl Core {
    /// Calls GitHub by `send`, again where that is safe and worth it.
    pub(crate) async fn call<T, F, Fut>(&self, target: &Target, send: F) -> Result<Done<T>, Error>
    where
        F: Fn(Client) -> Fut,
        Fut: Future<Output = Result<ResponseValue<T>, ClientError>>,
    {
        let span = self.span(target);
        let result = self.attempts(target, send, &span).instrument(span.clone()).await;
        if let Err(error) = &result {
            span.record("error.type", error_type(error));
        }
        result
    }

    async fn attempts<T, F, Fut>(
        &self,
        target: &Target,
        send: F,
        span: &Span,
    ) -> Result<Done<T>, Error>
    where
        F: Fn(Client) -> Fut,
        Fut: Future<Output = Result<ResponseValue<T>, ClientError>>,
    {
        let mut deadline = None;
        let mut failures = 0;
        let mut renewed = false;
        let mut repeated = false;
        let mut sent = 0_u32;
        loop {
            let latest = deadline.unwrap_or_else(|| Instant::now() + self.retry.deadline);
            let permit = self.gate.pass(target, latest).await?;
            let latest = *deadline.get_or_insert_with(|| Instant::now() + self.retry.deadline);
            let token = self.tokens.token().await?;
            let exchange = Arc::new(Exchange::new(self.manners.clone(), Arc::clone(&token))?);
            let client = Client::new_with_client(
                self.api_url.as_str().trim_end_matches('/'),
                self.http.clone(),
                Arc::clone(&exchange) as _,
            );
            span.record("http.request.resend_count", sent);
            sent = sent.saturating_add(1);
            let result = exchange.conclude(target, send(client).await).await;
            drop(permit);

            let error = match result {
                Ok(answered) => {
                    let status = answered.answer.status();
                    span.record("http.response.status_code", status);
                    tracing::debug!(status, "answered");
                    self.gate.observe(&answered.answer);
                    return Ok(Done { answered, repeated });
                }
                Err(error) => error,
            };
            if let Some(status) = error.answer().map(|answer| answer.status()) {
                span.record("http.response.status_code", status);
            }
            tracing::debug!(kind = error_type(&error), %error, "attempt failed");
            if let Error::RateLimited(limited) = &error {
                // The next pass of the gate waits, or says until when it would have to.
                self.gate.limited(limited);
                if sent >= self.retry.attempts {
                    deadline = Some(Instant::now());
                }
                continue;
            }
            if let Some(answer) = error.answer() {
                self.gate.observe(answer);
            }
            if is_unauthorized(&error) && !renewed && self.tokens.renew(&token).await {
                renewed = true;
                continue;
            }
            failures += 1;
            let wait = self.backoff(failures);
            let in_time = Instant::now().checked_add(wait).is_some_and(|at| at <= latest);
            if !is_transient(&error) || failures >= self.retry.attempts || !in_time {
                return Err(error);
            }
            repeated |= may_have_taken_effect(&error);
            self.gate.wait(wait, WaitReason::Retry).await;
        }
    }

    /// Twice as long each time, and drawn between half of that and all of it.
    fn backoff(&self, failures: u32) -> Duration {
        let RetryPolicy { first_wait, longest_wait, .. } = self.retry;
        let full = first_wait.saturating_mul(2_u32.saturating_pow(failures - 1)).min(longest_wait);
        let mut random = [0; 4];
        // Without randomness the wait is only less spread out.
        OsRng.try_fill_bytes(&mut random).unwrap_or_default();
        let share = f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX);
        full.mul_f64(0.5 + share / 2.0)
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
            url.template = operation.route(),
            server.address = self.api_url.host_str(),
            server.port = self.api_url.port_or_known_default(),
            github.operation = operation.id(),
            github.organization = target.owner,
            github.secret = target.name,
            "error.type" = Empty,
        )
    }
}

fn is_unauthorized(error: &Error) -> bool {
    matches!(error, Error::NotAuthorized(refusal) if refusal.status() == 401)
}

/// Whether the same request can be answered otherwise a little later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Connection(_) | Error::Unavailable(_) => true,
        Error::UnexpectedAnswer(unexpected) => unexpected.problem == AnswerProblem::CutShort,
        _ => false,
    }
}

fn may_have_taken_effect(error: &Error) -> bool {
    match error {
        Error::Connection(error) => error.maybe_sent,
        _ => true,
    }
}

/// The name of the error for OpenTelemetry's `error.type`: the variant.
fn error_type(error: &Error) -> &'static str {
    match error {
        Error::Token(_) => "token",
        Error::Configuration(_) => "configuration",
        Error::NotAuthorized(_) => "not_authorized",
        Error::NotFound(_) => "not_found",
        Error::Conflict(_) => "conflict",
        Error::Refused(_) => "refused",
        Error::RateLimited(_) => "rate_limited",
        Error::Unavailable(_) => "unavailable",
        Error::Connection(_) => "connection",
        Error::UnexpectedAnswer(_) => "unexpected_answer",
        _ => "other",
    }
}
