//! A GitHub in memory, at the other end of a network that does what the seed says.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use crypto_box::{SecretKey, aead::OsRng};
use http::{HeaderMap, StatusCode};
use reqwest::Request;
use serde_json::{Value, json};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};

use super::{
    audit::Audit,
    message::{Answer, Asked, ids, page},
    rng::Rng,
    weather::{Fault, LimitAnswer, Plan, Weather},
};
use crate::{
    ConnectionFault,
    http::{BodyFault, Lost, LostFault, Received, RoundTrip, RoundTripFuture},
};

/// The server and the network before it.
#[derive(Clone)]
pub(super) struct Server(Arc<Shared>);

struct Shared {
    weather: Weather,
    start: Instant,
    state: Mutex<State>,
}

pub(super) struct State {
    rng: Rng,
    pub(super) audit: Audit,
    keys: Vec<SecretKey>,
    pub(super) secrets: BTreeMap<String, Secret>,
    /// The tokens that were revoked, and those that were accepted once.
    pub(super) revoked: BTreeSet<String>,
}

/// A secret as the server holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) value: String,
    pub(super) visibility: String,
    pub(super) repositories: Vec<u64>,
    pub(super) created: u64,
    pub(super) updated: u64,
}

/// The time of day at which every simulation begins: 2025-01-01.
const BEGINNING: Duration = Duration::from_secs(1_735_689_600);

impl Server {
    pub(super) fn new(weather: Weather, rng: Rng, audit: Audit) -> Self {
        Self(Arc::new(Shared {
            weather,
            start: Instant::now(),
            state: Mutex::new(State {
                rng,
                audit,
                keys: vec![SecretKey::generate(&mut OsRng)],
                secrets: BTreeMap::new(),
                revoked: BTreeSet::from(["token-wrong".to_owned()]),
            }),
        }))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time of day.
    pub(super) fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + BEGINNING + self.0.start.elapsed()
    }

    pub(super) fn replace_key(&self) {
        self.state().keys.push(SecretKey::generate(&mut OsRng));
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
        state.revoked.extend(used);
    }

    /// Puts a secret there before the simulation begins.
    pub(super) fn plant(&self, name: &str, repositories: Option<Vec<u64>>) {
        let visibility = if repositories.is_some() {
            "selected"
        } else {
            "private"
        };
        let secret = Secret {
            value: format!("planted-{name}"),
            visibility: visibility.to_owned(),
            repositories: repositories.unwrap_or_default(),
            created: BEGINNING.as_secs() - 86_400,
            updated: BEGINNING.as_secs() - 86_400,
        };
        self.state().secrets.insert(name.to_owned(), secret);
    }

    fn seconds(&self) -> u64 {
        (BEGINNING + self.0.start.elapsed()).as_secs()
    }

    /// One request on its way there and back.
    async fn travel(self, asked: Asked, plan: Plan, back: oneshot::Sender<Result<Received, Lost>>) {
        sleep(plan.out).await;
        // What was given up on the way may still arrive.
        if back.is_closed() && !plan.outlives {
            return;
        }
        if plan.fault == Fault::LostBefore {
            let _ = back.send(Err(lost(ConnectionFault::Lost)));
            return;
        }
        self.state().audit.counted(asked.is_write());
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
            _ => self.carry_out(asked),
        }
    }

    /// What the server does without a fault.
    fn carry_out(&self, asked: &Asked) -> Answer {
        let now = self.seconds();
        let mut state = self.state();
        if state.revoked.contains(&asked.token) {
            return Answer::json(401, json!({ "message": "Bad credentials" }));
        }
        let path: Vec<&str> = asked.url.path().split('/').skip(1).collect();
        match (asked.method.as_str(), path.as_slice()) {
            ("GET", ["orgs", "acme", "codespaces", "secrets", "public-key"]) => {
                let id = state.keys.len().to_string();
                let key = state.keys.last().expect("a key").public_key();
                Answer::json(
                    200,
                    json!({ "key_id": id, "key": STANDARD.encode(key.as_bytes()) }),
                )
            }
            ("GET", ["orgs", "acme", "codespaces", "secrets"]) => {
                let all = state
                    .secrets
                    .iter()
                    .map(|(name, secret)| secret.describe(name));
                page(&asked.url, "secrets", all.collect())
            }
            ("GET", ["orgs", "acme", "codespaces", "secrets", name]) => {
                match state.secrets.get(*name) {
                    Some(secret) => Answer::json(200, secret.describe(name)),
                    None => Answer::not_found(),
                }
            }
            ("PUT", ["orgs", "acme", "codespaces", "secrets", name]) => {
                state.put(name, &asked.body, now)
            }
            ("DELETE", ["orgs", "acme", "codespaces", "secrets", name]) => {
                match state.secrets.remove(*name) {
                    Some(_) => Answer::status(204),
                    None => Answer::not_found(),
                }
            }
            (
                "GET",
                [
                    "orgs",
                    "acme",
                    "codespaces",
                    "secrets",
                    name,
                    "repositories",
                ],
            ) => match state.secrets.get(*name) {
                Some(secret) if secret.visibility != "selected" => Answer::status(409),
                Some(secret) => {
                    let all = secret.repositories.iter().map(|id| {
                        let name = format!("repository-{id}");
                        json!({ "id": id, "name": name, "full_name": format!("acme/{name}") })
                    });
                    page(&asked.url, "repositories", all.collect())
                }
                None => Answer::not_found(),
            },
            (
                "PUT",
                [
                    "orgs",
                    "acme",
                    "codespaces",
                    "secrets",
                    name,
                    "repositories",
                ],
            ) => match state.secrets.get_mut(*name) {
                Some(secret) if secret.visibility != "selected" => Answer::status(409),
                Some(secret) => {
                    secret.repositories = ids(&asked.body);
                    secret.updated = now;
                    Answer::status(204)
                }
                None => Answer::not_found(),
            },
            ("GET", ["repos", "acme", name]) => match name.rsplit_once('-') {
                Some((_, id)) => {
                    let id: u64 = id.parse().expect("an id");
                    let full_name = format!("acme/{name}");
                    Answer::json(
                        200,
                        json!({ "id": id, "name": name, "full_name": full_name }),
                    )
                }
                None => Answer::not_found(),
            },
            other => panic!("the server does not know {other:?}"),
        }
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

    fn received(&self, asked: Asked, answer: Answer, fault: Fault) -> Received {
        let mut headers = HeaderMap::new();
        let mut add = |name: &'static str, value: &str| {
            headers.insert(name, value.parse().expect("a header"));
        };
        match fault {
            Fault::OddDate => add("date", "Fri, 31 Dec 9999 23:59:59 GMT"),
            _ => add("date", &httpdate::fmt_http_date(self.now())),
        }
        add("x-ratelimit-remaining", "4000");
        if let Fault::LastOfTheHour(reset) = fault {
            add("x-ratelimit-remaining", "0");
            let reset = self.seconds().saturating_add(reset);
            add("x-ratelimit-reset", &reset.to_string());
        }
        for (name, value) in &answer.headers {
            if *name != "link" || fault != Fault::NoLink {
                add(name, value);
            }
        }
        let mut body = answer.body;
        let cut = (fault == Fault::CutBody).then_some(BodyFault::CutShort);
        if cut.is_some() {
            body.truncate(body.len() / 2);
        }
        Received {
            status: StatusCode::from_u16(answer.status).expect("a status"),
            headers,
            address: asked.url,
            body: Bytes::from(body),
            fault: cut,
        }
    }
}

impl RoundTrip for Server {
    fn round_trip(&self, request: Request, _: bool, limit: Duration) -> RoundTripFuture {
        let server = self.clone();
        let asked = Asked::new(&request);
        Box::pin(async move {
            let plan = {
                let mut state = server.state();
                let number = state.audit.requests();
                let plan = server.0.weather.plan(&mut state.rng, number);
                state.audit.departed(&asked.line(), &asked.token, &plan);
                plan
            };
            let flight = Flight {
                server: server.clone(),
                token: asked.token.clone(),
                ended: false,
            };
            if plan.fault == Fault::NoConnection {
                sleep(plan.out).await;
                return flight.end(Err(lost(ConnectionFault::Connect)));
            }
            let (back, answer) = oneshot::channel();
            tokio::spawn(server.travel(asked, plan, back));
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
    token: String,
    ended: bool,
}

impl Flight {
    fn end(mut self, result: Result<Received, Lost>) -> Result<Received, Lost> {
        self.ended = true;
        let mut state = self.server.state();
        state.audit.ended(&self.token, result.as_ref().ok());
        drop(state);
        result
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.ended {
            self.server.state().audit.given_up(&self.token);
        }
    }
}

fn lost(fault: ConnectionFault) -> Lost {
    Lost {
        fault: LostFault::Connection(fault),
        source: None,
    }
}

impl State {
    fn put(&mut self, name: &str, body: &Value, now: u64) -> Answer {
        let sealed = body["encrypted_value"]
            .as_str()
            .zip(body["key_id"].as_str());
        let value = match sealed {
            Some((_, id)) if id != self.keys.len().to_string() => {
                let message = "validation failed due to an improperly encrypted secret";
                return Answer::json(422, json!({ "message": message }));
            }
            Some((sealed, _)) => {
                let sealed = STANDARD.decode(sealed).expect("base64");
                let key = self.keys.last().expect("a key");
                let opened = key.unseal(&sealed).expect("a box for the current key");
                Some(String::from_utf8(opened).expect("text"))
            }
            None => None,
        };
        let present = self.secrets.get(name);
        let (status, created) = present.map_or((201, now), |secret| (204, secret.created));
        let kept = present.map(|secret| secret.value.clone());
        let secret = Secret {
            value: value.or(kept).unwrap_or_default(),
            visibility: body["visibility"]
                .as_str()
                .expect("a visibility")
                .to_owned(),
            repositories: ids(body),
            created,
            updated: now,
        };
        self.secrets.insert(name.to_owned(), secret);
        Answer::status(status)
    }
}

impl Secret {
    fn describe(&self, name: &str) -> Value {
        let time = |seconds: u64| {
            let seconds = seconds + 86_400 - BEGINNING.as_secs();
            let (days, rest) = (seconds / 86_400, seconds % 86_400);
            // Simulations end before February.
            let (month, day) = if days == 0 {
                ("2024-12", 31)
            } else {
                ("2025-01", days)
            };
            let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
            format!("{month}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
        };
        json!({
            "name": name,
            "visibility": self.visibility,
            "created_at": time(self.created),
            "updated_at": time(self.updated),
        })
    }
}
