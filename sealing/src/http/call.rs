//! A call of a user of the library: its requests, their attempts, its deadline and its doubt.

use std::{
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crypto_box::aead::{OsRng, rand_core::RngCore};
use github_secrets_client::Client;
use tokio::time::Instant;
use tracing::{Instrument, Span, field::Empty};
use url::Url;

use super::{
    attempt::{Address, Attempt, Failure, Response, Sent},
    client::Http,
    limiter::WaitReason,
};
use crate::{
    Error, Operation, ResponseHead, ResponseProblem, RetryPolicy,
    error::Target,
    place::{OwnerName, RepositoryName},
};

/// A call: one `set` or `rotate`, for example. Its deadline and its doubt are those of all its
/// requests together.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    http: &'a Http,
    deadline: OnceLock<Instant>,
    doubt: AtomicBool,
}

/// The id of a repository, once GitHub has responded.
type Lookup<'a> = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send + 'a>>;

/// More redirects in a row than this are a ring.
const MAX_REDIRECTS: usize = 5;

impl Http {
    /// Begins a call, which can take several requests.
    pub(crate) fn call(&self) -> Call<'_> {
        Call {
            http: self,
            deadline: OnceLock::new(),
            doubt: AtomicBool::new(false),
        }
    }
}

impl Call<'_> {
    /// Returns whether a request of the call may have taken effect although it failed.
    pub(crate) fn in_doubt(&self) -> bool {
        self.doubt.load(Ordering::Relaxed)
    }

    /// Marks the error with which the call ends, if a request of it may have taken effect.
    pub(crate) fn settle<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        result.map_err(|error| error.in_doubt_if(self.in_doubt()))
    }

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
        let retry = &self.http.retry;
        let (mut sent, mut failures) = (0_u32, 0);
        let mut renewed = false;
        let (mut address, mut redirects) = (None, 0);
        loop {
            let latest = self.deadline.get().copied();
            let latest = latest.unwrap_or_else(|| Instant::now() + retry.deadline);
            let permit = self.http.limiter.pass(target, latest).await?;
            let latest = *self
                .deadline
                .get_or_init(|| Instant::now() + retry.deadline);
            let token = self.http.tokens.token().await?;
            let authorization = token.header().map_err(|error| Error::Token {
                source: Arc::new(error),
                in_doubt: false,
            })?;
            let attempt = Arc::new(Attempt::new(
                Arc::clone(&self.http.settings),
                Arc::clone(&token),
                authorization,
                address.clone().unwrap_or_else(|| self.address(target)),
                may_follow(target),
            ));
            span.record("http.request.resend_count", sent);
            sent = sent.saturating_add(1);
            let sending = request(self.client(Arc::clone(&attempt))).await;
            let result = attempt.conclude(target, sending).await;
            drop(permit);

            let error = match result {
                Ok(response) => {
                    self.http.limiter.observe(&response.head);
                    return Ok(response);
                }
                Err(Failure::Redirect(location, head)) => {
                    redirects += 1;
                    address = Some(self.redirect(target, location, head, redirects).await?);
                    continue;
                }
                Err(Failure::Error(error)) => error,
            };
            tracing::debug!(kind = error_type(&error), %error, "attempt failed");
            self.note_doubt(target, &error);
            if let Error::RateLimited(limited) = &error {
                // The next pass of the limiter waits, or says until when it would have to.
                self.http.limiter.limited(limited);
                if sent >= retry.attempts {
                    let now = Instant::now();
                    return self.http.limiter.pass(target, now).await.and(Err(error));
                }
                continue;
            }
            if let Some(head) = error.response() {
                self.http.limiter.observe(head);
            }
            if is_unauthorized(&error) && !renewed && self.http.tokens.renew(&token).await {
                renewed = true;
                continue;
            }
            failures += 1;
            let told = error.response().and_then(ResponseHead::retry_after);
            let wait = self.backoff(failures).max(told.unwrap_or_default());
            let in_time = Instant::now()
                .checked_add(wait)
                .is_some_and(|at| at <= latest);
            let again = target.operation.is_repeatable() || !may_have_taken_effect(&error);
            if !is_transient(&error) || !again || failures >= retry.attempts || !in_time {
                return Err(error);
            }
            self.http.limiter.wait(wait, WaitReason::Retry).await;
        }
    }

    fn note_doubt(&self, target: &Target, error: &Error) {
        if target.operation.is_write() && may_have_taken_effect(error) {
            self.doubt.store(true, Ordering::Relaxed);
        }
    }

    /// Returns where to send a redirected request.
    ///
    /// A repository that was renamed is reached by its id. One that was transferred is not: its
    /// new owner must not get the value. Any other write is not redirected at all, because nothing
    /// tells whom it would reach.
    async fn redirect(
        &self,
        target: &Target,
        location: Url,
        head: ResponseHead,
        redirects: usize,
    ) -> Result<Address, Error> {
        match target.owner.repository() {
            _ if may_follow(target) && redirects <= MAX_REDIRECTS => {
                Ok(Address::Redirected(location))
            }
            Some(repository) if redirects == 1 && !may_follow(target) => {
                let id = self
                    .repository_id(repository)
                    .await
                    .map_err(|error| error.about(target))?;
                self.http.moves.note(repository, id);
                Ok(self.address(target))
            }
            _ => {
                let problem = ResponseProblem::Redirect;
                Err(Error::unexpected(target, head, problem))
            }
        }
    }

    /// Returns the id of a repository. One that was transferred answers to its old name as well,
    /// and is an error.
    ///
    /// A redirected request asks for the id before it is sent again, so the future is boxed.
    pub(crate) fn repository_id<'a>(&'a self, name: &'a RepositoryName) -> Lookup<'a> {
        let owner = OwnerName::Repository(name.clone());
        let target = Target::new(Operation::REPOSITORY, owner, None);
        let (login, repo) = (name.owner().as_str(), name.name());
        let request = move |client: Client| async move { client.repos_get(login, repo).await };
        Box::pin(async move {
            let response = self.send(&target, request).await?;
            let found = response.value;
            let owner = found.full_name.split_once('/').map(|(owner, _)| owner);
            if !owner.is_some_and(|owner| name.owner().is(owner)) {
                return Err(Error::moved(&target, name.to_string(), found.full_name));
            }
            match u64::try_from(found.id) {
                Ok(id) if id > 0 => Ok(id),
                _ => {
                    let problem = ResponseProblem::Contradiction("the repository has no valid id");
                    Err(Error::unexpected(&target, response.head, problem))
                }
            }
        })
    }

    /// Returns where to send a request at first: to the id of a repository that is known to have
    /// been renamed.
    fn address(&self, target: &Target) -> Address {
        let renamed = target.owner.repository().filter(|_| !may_follow(target));
        let id = renamed.and_then(|repository| self.http.moves.id(repository));
        match renamed.zip(id) {
            Some((repository, id)) => Address::Renamed {
                path: format!("/repos/{repository}"),
                id,
            },
            None => Address::Own,
        }
    }

    fn client(&self, attempt: Arc<Attempt>) -> Client {
        let api_url = self.http.api_url.as_str().trim_end_matches('/');
        Client::new_with_client(api_url, self.http.client.clone(), attempt)
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
        let mut random = [0; 4];
        // Without randomness the wait is only less spread out.
        OsRng.try_fill_bytes(&mut random).unwrap_or_default();
        let share = f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX);
        full.mul_f64(0.5 + share / 2.0)
    }

    /// Fields by OpenTelemetry's conventions for HTTP clients; no value, token or ciphertext.
    fn span(&self, target: &Target) -> Span {
        let operation = target.operation;
        let id = operation.id();
        tracing::info_span!(
            "github",
            otel.name = id,
            otel.kind = "client",
            http.request.method = operation.method(),
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            url.template = operation.path(),
            server.address = self.http.api_url.host_str(),
            server.port = self.http.api_url.port_or_known_default(),
            github.operation = id,
            github.owner = %target.owner,
            github.name = target.name,
            "error.type" = Empty,
        )
    }
}

/// Returns whether a request may go wherever a redirect leads within the API's origin: one that
/// changes nothing, and does not depend on whom a repository belongs to.
fn may_follow(target: &Target) -> bool {
    let reads = !target.operation.is_write();
    let any_owner = target.operation == Operation::REPOSITORY;
    reads && (any_owner || target.owner.repository().is_none())
}

fn is_unauthorized(error: &Error) -> bool {
    matches!(error, Error::NotAuthorized(response) if response.status() == 401)
}

/// Returns whether the same request can have another result a little later.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Connection(_) | Error::Unavailable(_) => true,
        Error::UnexpectedResponse(unexpected) => unexpected.problem == ResponseProblem::CutShort,
        _ => false,
    }
}

fn may_have_taken_effect(error: &Error) -> bool {
    match error {
        Error::Connection(error) => error.maybe_sent,
        Error::Unavailable(_) => true,
        Error::UnexpectedResponse(unexpected) => (200..300).contains(&unexpected.head.status()),
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
