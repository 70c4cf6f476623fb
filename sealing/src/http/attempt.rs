//! One attempt at a request: its token, its turn, and the response.

use std::{pin::pin, sync::Arc};

use bytes::Bytes;
use http::header::{AUTHORIZATION, USER_AGENT};
use reqwest::{Method, Request};

use super::{
    answered::Answered,
    call::Call,
    deadline::QueueTime,
    limiter::{NotSent, Permit, Ticket},
    round_trip::{Lost, Received},
    task,
    tokens::{Admission, FirstRequest, TokenInUse},
};
use crate::{Error, NotTried};

/// The reason why an attempt has no response.
pub(super) enum Unanswered {
    Lost(Lost),
    NoToken(Error),
    NotSent(NotSent),
    /// The async runtime shut down.
    Shutdown,
}

/// Everything that a request needs to be sent.
struct Ready {
    in_use: Arc<TokenInUse>,
    turn: Permit,
    first: Option<FirstRequest>,
}

impl Call {
    /// Sends a request once. Unless the caller is polled until the end, this takes a task of its
    /// own, so that the response is taken note of.
    pub(super) async fn attempt(
        self: &Arc<Self>,
        request: Request,
        body: Bytes,
        may_follow: bool,
    ) -> Result<Answered, Unanswered> {
        let ticket = self.http.limiter.ticket();
        if self.is_polled {
            return self.perform(request, body, ticket, may_follow).await;
        }
        let call = Arc::clone(self);
        let work = async move { call.perform(request, body, ticket, may_follow).await };
        task::run(work).await.unwrap_or(Err(Unanswered::Shutdown))
    }

    async fn perform(
        &self,
        mut request: Request,
        body: Bytes,
        ticket: Ticket,
        may_follow: bool,
    ) -> Result<Answered, Unanswered> {
        let http = &*self.http;
        let is_write = *request.method() != Method::GET;
        let Ready {
            in_use,
            mut turn,
            mut first,
        } = match self.prepare(is_write, ticket).await? {
            Ok(ready) => ready,
            Err(refusal) => return Ok(refusal),
        };
        // Nothing is awaited between the turn and the sending.
        let authorization = in_use.token.header();
        let authorization =
            authorization.map_err(|error| Unanswered::NoToken(Error::token(Arc::new(error))))?;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, authorization);
        headers.insert(USER_AGENT, http.user_agent.clone());
        if is_write {
            self.check_reading().map_err(Unanswered::NotSent)?;
        }
        self.begin_request(is_write).map_err(Unanswered::NotSent)?;
        turn.sent();
        if let Some(first) = &mut first {
            first.sent();
        }
        let departure = if is_write {
            http.network.departure(&mut request, &body)
        } else {
            None
        };
        let mut round_trip = http.network.round_trip(request, may_follow, http.timeout);
        let result = match self.unless_stopped(pin!(&mut round_trip)).await {
            Ok(result) => result,
            // Nothing can have changed, so a stopped call does not wait for it.
            Err(stopped) if !is_write => return Err(Unanswered::NotSent(stopped)),
            // Whoever stops a call does not wait for a connection. What ends a batch, its deadline
            // for example, takes nothing back.
            Err(stopped @ NotSent::Stopped(NotTried::Stopped))
                if departure.is_some_and(|departure| departure.hold_back()) =>
            {
                self.end_request(is_write);
                turn.unused();
                return Err(Unanswered::NotSent(stopped));
            }
            Err(_) => round_trip.await,
        };
        match result {
            Ok(received) => {
                self.end_request(is_write);
                let mut answered = Answered {
                    received,
                    in_use,
                    sent: body,
                    limit: None,
                    was_sent: true,
                };
                answered.limit = http.note(&answered, first, turn);
                Ok(answered)
            }
            Err(lost) => {
                self.end_request(is_write);
                if !lost.maybe_sent() {
                    turn.unused();
                }
                Err(Unanswered::Lost(lost))
            }
        }
    }

    /// Waits until the request can be sent: for a token, and last for its turn. The refusal of the
    /// token by another request is a response to this one as well.
    async fn prepare(
        &self,
        is_write: bool,
        ticket: Ticket,
    ) -> Result<Result<Ready, Answered>, Unanswered> {
        let http = &*self.http;
        let mut write = if is_write {
            self.take_reservation()
        } else {
            None
        };
        let mut time = self.deadline.queue_time();
        let mut in_use = self.token().await?;
        loop {
            let turn = self.turn(is_write, write.take(), ticket, &mut time);
            let turn = self.unless_stopped(pin!(turn)).await;
            let turn = turn.and_then(|turn| turn).map_err(Unanswered::NotSent)?;
            self.deadline.extend(&time);
            match http.tokens.admit(&in_use, self.id) {
                Admission::Granted(first) => {
                    return Ok(Ok(Ready {
                        in_use,
                        turn,
                        first,
                    }));
                }
                Admission::Stale => {
                    write = turn.into_write();
                    in_use = self.token().await?;
                }
                Admission::Wait(refusal) => {
                    write = turn.into_write();
                    let refusal = self.within(None, pin!(refusal)).await;
                    if let Some(refusal) = refusal.map_err(Unanswered::NotSent)? {
                        return Ok(Err(Answered {
                            received: Received::clone(&refusal),
                            in_use,
                            sent: Bytes::new(),
                            limit: None,
                            was_sent: false,
                        }));
                    }
                }
            }
        }
    }

    async fn turn(
        &self,
        is_write: bool,
        write: Option<Permit>,
        ticket: Ticket,
        time: &mut QueueTime,
    ) -> Result<Permit, NotSent> {
        let limiter = &self.http.limiter;
        let write = match write {
            None if is_write => Some(limiter.write(ticket, time).await?),
            write => write,
        };
        limiter.turn(write, ticket, time).await
    }

    /// Waits for a token, no longer than the call may take.
    async fn token(&self) -> Result<Arc<TokenInUse>, Unanswered> {
        if let Some(in_use) = self.http.tokens.at_hand() {
            return Ok(in_use);
        }
        let token = pin!(self.http.tokens.token());
        let token = self.within(self.deadline.of_token(), token).await;
        let token = token.map_err(Unanswered::NotSent)?;
        token.map_err(Unanswered::NoToken)
    }
}
