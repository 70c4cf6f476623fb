//! A GitHub in memory, at the other end of a network that does what the seed says.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Request;
use serde_json::json;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};

use super::{
    audit::{Audit, Epoch},
    conditions::{Conditions, Fault, LimitAnswer, Plan},
    message::{Answer, Asked, lost},
    rng::Rng,
    store::{BEGINNING, Store},
};
use crate::{
    ConnectionFault,
    http::{BodyFault, Lost, Received, RoundTrip, RoundTripFuture},
};

type ReplySender = oneshot::Sender<Result<Received, Lost>>;

/// The server and the network before it.
#[derive(Clone)]
pub(super) struct Server(Arc<Shared>);

struct Shared {
    start: Instant,
    state: Mutex<State>,
    granted_writes: OnceLock<GrantedWrites>,
}

/// Returns how many writes the client granted and did not send yet.
type GrantedWrites = Box<dyn Fn() -> usize + Send + Sync>;

pub(super) struct State {
    rng: Rng,
    pub(super) conditions: Conditions,
    pub(super) audit: Audit,
    pub(super) store: Store,
}

impl Server {
    pub(super) fn new(conditions: Conditions, rng: Rng, audit: Audit, store: Store) -> Self {
        Self(Arc::new(Shared {
            start: Instant::now(),
            state: Mutex::new(State {
                rng,
                conditions,
                audit,
                store,
            }),
            granted_writes: OnceLock::new(),
        }))
    }

    pub(super) fn watch(&self, granted_writes: impl Fn() -> usize + Send + Sync + 'static) {
        let _ = self.0.granted_writes.set(Box::new(granted_writes));
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time of day.
    pub(super) fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + BEGINNING + self.0.start.elapsed()
    }

    /// Revokes all tokens that were used so far.
    pub(super) fn revoke_all(&self) {
        let mut state = self.state();
        let used: Vec<_> = state
            .audit
            .tokens()
            .filter(|token| *token != "token-fixed")
            .cloned()
            .collect();
        state.store.revoked.extend(used);
    }

    fn seconds(&self) -> u64 {
        (BEGINNING + self.0.start.elapsed()).as_secs()
    }

    /// One request on its way there and back.
    async fn travel(self, asked: Asked, plan: Plan, epoch: Epoch, back: ReplySender) {
        sleep(plan.out).await;
        // What was given up on the way may still arrive.
        if back.is_closed() && !plan.outlives {
            return;
        }
        if plan.fault == Fault::LostBefore {
            let _ = back.send(Err(lost(ConnectionFault::Lost)));
            return;
        }
        self.state().audit.counted(asked.is_write(), epoch);
        sleep(plan.work).await;
        let answer = self.answer(&asked, plan.fault);
        sleep(plan.back).await;
        let _ = match plan.fault {
            // Nothing ever comes back.
            Fault::StuckBefore | Fault::StuckAfter => {
                sleep(Duration::from_secs(1_000_000)).await;
                Ok(())
            }
            Fault::LostAfter => back.send(Err(lost(ConnectionFault::Lost))),
            _ => back.send(Ok(self.received(asked, answer, plan.fault))),
        };
    }

    fn answer(&self, asked: &Asked, fault: Fault) -> Answer {
        match fault {
            Fault::StuckBefore => Answer::status(500),
            Fault::ErrorBefore(status) => Answer::status(status),
            Fault::Refusal(status, headers, message) => Answer {
                headers: headers
                    .iter()
                    .map(|(name, value)| (*name, (*value).to_owned()))
                    .collect(),
                ..Answer::json(status, json!({ "message": message }))
            },
            Fault::Limit(limit) => self.limit(limit),
            Fault::ErrorAfter(status) => {
                self.carry_out(asked);
                Answer::status(status)
            }
            Fault::Partial => {
                let mut answer = self.carry_out(asked);
                answer.hide_first();
                answer
            }
            _ => self.carry_out(asked),
        }
    }

    fn carry_out(&self, asked: &Asked) -> Answer {
        let now = self.seconds();
        self.state().store.answer(asked, now)
    }

    fn limit(&self, limit: LimitAnswer) -> Answer {
        let message = match limit.primary {
            true => "API rate limit exceeded for user ID 1.",
            false => "You have exceeded a secondary rate limit.",
        };
        let mut answer = Answer::json(limit.status, json!({ "message": message }));
        if let Some(seconds) = limit.retry_after {
            answer.headers.push(("retry-after", seconds.to_string()));
        }
        if limit.primary {
            answer
                .headers
                .push(("x-ratelimit-remaining", "0".to_owned()));
            let reset = self.seconds().saturating_add(limit.reset);
            answer
                .headers
                .push(("x-ratelimit-reset", reset.to_string()));
        }
        answer
    }

    fn received(&self, asked: Asked, mut answer: Answer, fault: Fault) -> Received {
        let date = match fault {
            Fault::OddDate => "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
            _ => httpdate::fmt_http_date(self.now()),
        };
        let mut headers = vec![("date", date), ("x-ratelimit-remaining", "4000".to_owned())];
        if let Fault::LastOfTheHour(reset) = fault {
            let reset = self.seconds().saturating_add(reset);
            headers.push(("x-ratelimit-remaining", "0".to_owned()));
            headers.push(("x-ratelimit-reset", reset.to_string()));
        }
        headers.append(&mut answer.headers);
        headers.retain(|(name, _)| *name != "link" || fault != Fault::NoLink);
        answer.headers = headers;
        let cut = (fault == Fault::CutBody).then_some(BodyFault::CutShort);
        if cut.is_some() {
            answer.body.truncate(answer.body.len() / 2);
        }
        Received {
            fault: cut,
            ..answer.received(asked.url)
        }
    }
}

impl RoundTrip for Server {
    fn round_trip(&self, request: Request, _: bool, limit: Duration) -> RoundTripFuture {
        let server = self.clone();
        let asked = Asked::new(&request);
        Box::pin(async move {
            let (plan, epoch) = {
                let state = &mut *server.state();
                let number = state.audit.requests();
                let plan = state.conditions.plan(&mut state.rng, number);
                let epoch = state.audit.departed(&asked.line(), &asked.token, &plan);
                (plan, epoch)
            };
            let flight = Flight {
                server: server.clone(),
                line: asked.line(),
                token: asked.token.clone(),
                epoch,
                ended: false,
            };
            if plan.fault == Fault::NoConnection {
                sleep(plan.out).await;
                return flight.end(Err(lost(ConnectionFault::Connect)));
            }
            let (back, answer) = oneshot::channel();
            tokio::spawn(server.travel(asked, plan, epoch, back));
            let result = match timeout(limit, answer).await {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(lost(ConnectionFault::Lost)),
                Err(_) => Err(lost(ConnectionFault::Timeout)),
            };
            flight.end(result)
        })
    }
}

/// A request that the client waits for.
struct Flight {
    server: Server,
    line: String,
    token: String,
    epoch: Epoch,
    ended: bool,
}

impl Flight {
    fn end(mut self, result: Result<Received, Lost>) -> Result<Received, Lost> {
        self.ended = true;
        let granted = self.server.0.granted_writes.get();
        let granted = granted.map_or(0, |granted_writes| granted_writes());
        let mut state = self.server.state();
        let received = result.as_ref().ok().map(|received| (received, granted));
        state
            .audit
            .ended(&self.line, &self.token, self.epoch, received);
        drop(state);
        result
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.ended {
            self.server.state().audit.given_up(&self.line, &self.token);
        }
    }
}
