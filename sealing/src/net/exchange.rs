//! One request and its answer: the headers that GitHub wants, and a body read within bounds.

use std::{
    future::pending,
    panic::resume_unwind,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use github_secrets_client::{Answer as Answering, Error as ClientError, ResponseValue, Transport};
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, USER_AGENT},
};
use reqwest::{Request, Response, StatusCode};
use tokio::task::JoinSet;

use super::{answer::Answer, operation::Target};
use crate::{
    AnswerProblem, ConnectionError, ConnectionFault, Error, Refusal, Token, UnexpectedAnswer,
};

/// A page of 100 repositories is below 1 MiB.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// What GitHub calls the version of its API; the oldest supported one is on every server.
const API_VERSION: HeaderValue = HeaderValue::from_static("2022-11-28");
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.github+json");

/// What all requests of one `GitHub` share.
#[derive(Debug)]
pub(crate) struct Manners {
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) origin: url::Origin,
}

/// One attempt: sends the generated client's request, and keeps what its result leaves out.
pub(crate) struct Exchange {
    manners: Arc<Manners>,
    token: Arc<Token>,
    authorization: HeaderValue,
    seen: Mutex<Option<Seen>>,
}

/// What was seen of the answer once its head had come.
#[derive(Clone, Debug)]
struct Seen {
    answer: Answer,
    headers: HeaderMap,
    fault: Option<BodyFault>,
}

#[derive(Clone, Copy, Debug)]
enum BodyFault {
    CutShort,
    Timeout,
    TooLarge,
    ElsewhereRedirected,
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}

impl Transport for Exchange {
    fn send<'a>(&'a self, http: &'a reqwest::Client, mut request: Request) -> Answering<'a> {
        let headers = request.headers_mut();
        headers.insert(ACCEPT, MEDIA_TYPE);
        headers.insert(AUTHORIZATION, self.authorization.clone());
        headers.insert(USER_AGENT, self.manners.user_agent.clone());
        headers.insert("x-github-api-version", API_VERSION);
        *request.timeout_mut() = Some(self.manners.timeout);
        // Kept to know it again in the answer.
        let sent = request.body().and_then(reqwest::Body::as_bytes);
        let sent = Bytes::copy_from_slice(sent.unwrap_or_default());
        let (http, manners) = (http.clone(), Arc::clone(&self.manners));
        Box::pin(async move {
            // A connection goes back to the pool in a task of its own. From another task than the
            // caller's it is back before the caller's next request, which else opens another one.
            // Dropped, the set ends what it runs.
            let mut exchange = JoinSet::new();
            exchange.spawn(async move {
                let mut response = http.execute(request).await?;
                let (body, fault) = if response.url().origin() == manners.origin {
                    read(&mut response).await
                } else {
                    (Bytes::new(), Some(BodyFault::ElsewhereRedirected))
                };
                Ok((response, body, fault))
            });
            let (response, body, fault) = match exchange.join_next().await {
                Some(Ok(result)) => result?,
                Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
                // The runtime is shutting down, and with it this future.
                _ => pending().await,
            };
            let sent = str::from_utf8(&sent).unwrap_or_default();
            Ok(self.take_in(response, body, fault, sent))
        })
    }
}

impl Exchange {
    pub(crate) fn new(manners: Arc<Manners>, token: Arc<Token>) -> Result<Self, Error> {
        let authorization = token.header()?;
        Ok(Self {
            manners,
            token,
            authorization,
            seen: Mutex::new(None),
        })
    }

    /// The answer with its whole body in memory. Once the head has come nothing is an error here:
    /// a 201 whose body breaks off still means that the secret is stored.
    fn take_in(
        &self,
        response: Response,
        body: Bytes,
        fault: Option<BodyFault>,
        sent: &str,
    ) -> Response {
        let (head, _) = http::Response::from(response).into_parts();
        let answer = Answer::new(
            head.status.as_u16(),
            &head.headers,
            self.token.expose(),
            sent,
        );
        let headers = head.headers.clone();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen {
            answer,
            headers,
            fault,
        });
        http::Response::from_parts(head, body).into()
    }

    /// The result of the attempt in the library's own terms.
    pub(crate) async fn conclude<T>(
        &self,
        target: &Target,
        result: Result<ResponseValue<T>, ClientError>,
    ) -> Result<Answered<T>, Error> {
        let seen = self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(seen) = seen else {
            return Err(self.unanswered(target, result.err()));
        };
        if let Some(BodyFault::ElsewhereRedirected) = seen.fault {
            return Err(unexpected(target, seen.answer, AnswerProblem::Redirect));
        }
        match result {
            Ok(value) => {
                let value = value.into_inner();
                Ok(Answered {
                    value,
                    answer: seen.answer,
                    headers: seen.headers,
                })
            }
            Err(ClientError::UnexpectedResponse(response)) => {
                let status = response.status();
                let body = response.bytes().await.unwrap_or_default();
                Err(refused(target, seen, status, &body))
            }
            Err(ClientError::InvalidResponsePayload(_, error)) => Err(match seen.fault {
                Some(BodyFault::Timeout) => Error::Connection(Box::new(ConnectionError {
                    fault: ConnectionFault::Timeout,
                    maybe_sent: true,
                    target: target.clone(),
                    api: self.manners.origin.ascii_serialization(),
                    answer: Some(seen.answer),
                    source: None,
                })),
                Some(BodyFault::TooLarge) => {
                    let limit = MAX_BODY_BYTES;
                    unexpected(target, seen.answer, AnswerProblem::TooLarge { limit })
                }
                Some(_) => unexpected(target, seen.answer, AnswerProblem::CutShort),
                None if error.is_eof() => unexpected(target, seen.answer, AnswerProblem::CutShort),
                None => {
                    let (line, column) = (error.line(), error.column());
                    unexpected(target, seen.answer, AnswerProblem::Json { line, column })
                }
            }),
            Err(_) => Err(unexpected(target, seen.answer, AnswerProblem::CutShort)),
        }
    }

    /// The error where no answer came at all.
    fn unanswered(&self, target: &Target, error: Option<ClientError>) -> Error {
        let error = match error {
            Some(ClientError::CommunicationError(error)) => Some(error.without_url()),
            _ => None,
        };
        if error.as_ref().is_some_and(reqwest::Error::is_redirect) {
            return unexpected(target, Answer::default(), AnswerProblem::Redirect);
        }
        let connect = error.as_ref().is_some_and(reqwest::Error::is_connect);
        let fault = match &error {
            Some(error) if error.is_timeout() => ConnectionFault::Timeout,
            _ if connect => ConnectionFault::Connect,
            _ => ConnectionFault::Lost,
        };
        Error::Connection(Box::new(ConnectionError {
            fault,
            maybe_sent: !connect,
            target: target.clone(),
            api: self.manners.origin.ascii_serialization(),
            answer: None,
            source: error.map(Into::into),
        }))
    }
}

/// A success: what it says, and what its head said.
#[derive(Debug)]
pub(crate) struct Answered<T> {
    pub(crate) value: T,
    pub(crate) answer: Answer,
    pub(crate) headers: HeaderMap,
}

async fn read(response: &mut Response) -> (Bytes, Option<BodyFault>) {
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

fn refused(target: &Target, seen: Seen, status: StatusCode, body: &[u8]) -> Error {
    let Seen { answer, .. } = seen;
    if status.is_redirection() {
        return unexpected(target, answer, AnswerProblem::Redirect);
    }
    if !status.is_client_error() && !status.is_server_error() {
        return unexpected(target, answer, AnswerProblem::Status);
    }
    let refusal = Refusal::new(target.clone(), answer, body);
    if let Some(kind) = refusal.limit() {
        return Error::RateLimited(Box::new(refusal.into_rate_limited(kind)));
    }
    match status.as_u16() {
        401 | 403 => Error::NotAuthorized(refusal),
        404 => Error::NotFound(refusal),
        408 | 500.. => Error::Unavailable(refusal),
        409 => Error::Conflict(refusal),
        _ => Error::Refused(refusal),
    }
}

pub(crate) fn unexpected(target: &Target, answer: Answer, problem: AnswerProblem) -> Error {
    Error::UnexpectedAnswer(Box::new(UnexpectedAnswer {
        problem,
        target: target.clone(),
        answer,
    }))
}
