//! Every call to GitHub: the token, the gate, the attempts, and the trace they leave.

use std::{sync::Arc, time::Duration};

use crypto_secretbox::aead::{OsRng, rand_core::RngCore};
use github_secrets_client::{Client, Error as ClientError, ResponseValue};
use tokio::time::Instant;
use tracing::{Instrument, Span, field::Empty};
use url::Url;

use super::{
    answer::Answer,
    exchange::{Answered, Exchange, Manners},
    gate::Gate,
    keys::Keys,
    operation::Target,
    token::TokenSource,
};
use crate::{AnswerProblem, Error, RetryPolicy, WaitReason};

/// What the generated client gives back.
pub(crate) type Sent<T> = Result<ResponseValue<T>, ClientError>;

/// What a `GitHub` and everything made from it share.
pub(crate) struct Core {
    pub(crate) api_url: Url,
    pub(crate) http: reqwest::Client,
    pub(crate) manners: Arc<Manners>,
    pub(crate) tokens: TokenSource,
    pub(crate) retry: RetryPolicy,
    pub(crate) gate: Gate,
    pub(crate) keys: Keys,
}

/// How a call ended, and what its attempts tell beyond the result.
pub(crate) struct Ended<T> {
    pub(crate) result: Result<Answered<T>, Error>,
    /// Whether an attempt before the last may have taken effect though its answer was lost.
    pub(crate) repeated: bool,
}

impl Core {
    /// Calls GitHub by `send`, again where that is safe and worth it.
    pub(crate) async fn call<T, F: Future<Output = Sent<T>>>(
        &self,
        target: &Target,
        send: impl Fn(Client) -> F,
    ) -> Result<Answered<T>, Error> {
        self.call_telling(target, send).await.result
    }

    /// Like [`call`](Self::call), telling whether an earlier attempt may have taken effect.
    pub(crate) async fn call_telling<T, F: Future<Output = Sent<T>>>(
        &self,
        target: &Target,
        send: impl Fn(Client) -> F,
    ) -> Ended<T> {
        let span = self.span(target);
        let mut repeated = false;
        let attempts = self.attempts(target, send, &span, &mut repeated);
        let result = attempts.instrument(span.clone()).await;
        let result = result.map_err(|error| {
            let doubt = repeated || may_have_taken_effect(&error);
            error.in_doubt_if(doubt)
        });
        let status = match &result {
            Ok(answered) => Some(answered.answer.status()),
            Err(error) => {
                span.record("error.type", error_type(error));
                error.answer().map(Answer::status)
            }
        };
        status.map(|status| span.record("http.response.status_code", status));
        Ended { result, repeated }
    }

    async fn attempts<T, F: Future<Output = Sent<T>>>(
        &self,
        target: &Target,
        send: impl Fn(Client) -> F,
        span: &Span,
        repeated: &mut bool,
    ) -> Result<Answered<T>, Error> {
        let mut deadline = None;
        let (mut sent, mut failures) = (0_u32, 0);
        let mut renewed = false;
        loop {
            let latest = deadline.unwrap_or_else(|| Instant::now() + self.retry.deadline);
            let permit = self.gate.pass(target, latest).await?;
            let latest = *deadline.get_or_insert_with(|| Instant::now() + self.retry.deadline);
            let token = self.tokens.token().await?;
            let exchange = Arc::new(Exchange::new(
                Arc::clone(&self.manners),
                Arc::clone(&token),
            )?);
            span.record("http.request.resend_count", sent);
            sent = sent.saturating_add(1);
            let sending = send(self.client(Arc::clone(&exchange))).await;
            let result = exchange.conclude(target, sending).await;
            drop(permit);

            let error = match result {
                Ok(answered) => {
                    self.gate.observe(&answered.answer);
                    return Ok(answered);
                }
                Err(error) => error,
            };
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
            let told = error.answer().and_then(Answer::retry_after);
            let wait = self.backoff(failures).max(told.unwrap_or_default());
            let in_time = Instant::now()
                .checked_add(wait)
                .is_some_and(|at| at <= latest);
            if !is_transient(&error) || failures >= self.retry.attempts || !in_time {
                return Err(error);
            }
            *repeated |= may_have_taken_effect(&error);
            self.gate.wait(wait, WaitReason::Retry).await;
        }
    }

    fn client(&self, exchange: Arc<Exchange>) -> Client {
        let api_url = self.api_url.as_str().trim_end_matches('/');
        Client::new_with_client(api_url, self.http.clone(), exchange)
    }

    /// Twice as long each time, and drawn between half of that and all of it.
    fn backoff(&self, failures: u32) -> Duration {
        let RetryPolicy {
            first_wait,
            longest_wait,
            ..
        } = self.retry;
        let full = first_wait
            .saturating_mul(2_u32.saturating_pow(failures - 1))
            .min(longest_wait);
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
        Error::Unavailable(_) => true,
        Error::UnexpectedAnswer(unexpected) => (200..300).contains(&unexpected.answer.status()),
        _ => false,
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
