//! The places of a simulation, and what becomes of requests there.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Request;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use self::Behavior as B;
use super::super::{
    audit::CallBounds,
    key::Key,
    message::{Answer, Asked, lost},
    rng::Rng,
    schedule::settings,
    store::BEGINNING,
};
use crate::{
    ConnectionFault, GitHub, Limits, Place, Store,
    http::{Clock, Io, Random, RoundTrip, RoundTripFuture},
};

const CALL_BOUNDS: CallBounds = CallBounds {
    attempts: 4,
    deadline: Duration::from_secs(120),
    timeout: Duration::from_secs(10),
    provider: Duration::ZERO,
};

/// What a place is like for whoever writes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behavior {
    Well,
    Gone,
    Refused,
    Archived,
    Moved,
    Full,
    /// Nothing ever comes back.
    Silent,
    /// It is out of order, and asks to be tried again after 20 seconds.
    Failing,
    /// What comes back comes after eight seconds.
    Slow,
    /// It refuses the token, after two and a half seconds.
    Unauthorized,
    /// Its key is replaced while values are sealed to it.
    NewKeys,
    /// Responses are lost now and then.
    Unreliable,
}

impl Behavior {
    /// Returns whether every secret has to arrive.
    pub(super) fn is_well(self) -> bool {
        matches!(self, B::Well | B::NewKeys)
    }
}

/// The places, and what is stored there.
#[derive(Clone)]
pub(super) struct Server(Arc<Mutex<State>>);

pub(super) struct State {
    rng: Rng,
    behaviors: BTreeMap<String, Behavior>,
    /// The key of each place, and how often it was replaced.
    keys: BTreeMap<String, (Key, u32)>,
    secrets: BTreeMap<(String, String), String>,
    /// When what was asked for.
    pub(super) asked: Vec<(Instant, String)>,
    under_way: usize,
    /// How many requests were under way at once.
    pub(super) most_under_way: usize,
}

impl Server {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng: Rng::new(seed, 7),
            behaviors: BTreeMap::new(),
            keys: BTreeMap::new(),
            secrets: BTreeMap::new(),
            asked: Vec::new(),
            under_way: 0,
            most_under_way: 0,
        })))
    }

    pub(super) fn github(&self, limits: Limits) -> GitHub {
        let begun = Instant::now();
        let network = Arc::new(self.clone());
        let io = |_| Io {
            network,
            clock: Clock(Arc::new(move || {
                SystemTime::UNIX_EPOCH + BEGINNING + begun.elapsed()
            })),
            random: Random(Arc::new(|| 0.5)),
        };
        let builder = settings(limits, CALL_BOUNDS).token("token");
        builder.build_with(io).expect("settings")
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a repository, and returns one of its places.
    pub(super) fn place(&self, number: usize, behavior: Behavior) -> Place {
        let name = format!("acme/{number}");
        self.state().behaviors.insert(name.clone(), behavior);
        let store = [Store::Actions, Store::Dependabot][number % 2];
        Place::repository(name, store).expect("a name")
    }

    pub(super) fn plant(&self, place: &Place, name: &str) {
        let key = (place.to_string(), name.to_owned());
        self.state().secrets.insert(key, "planted".to_owned());
    }

    pub(super) fn value(&self, place: &Place, name: &str) -> Option<String> {
        let key = (place.to_string(), name.to_owned());
        self.state().secrets.get(&key).cloned()
    }

    pub(super) fn behavior(&self, place: &Place) -> Behavior {
        self.state().behaviors[&place.full_name().expect("a repository")]
    }

    /// Returns how often something was asked for in a place.
    pub(super) fn asked(&self, method: &str, place: &Place, tail: &str) -> usize {
        let line = format!("{method} /{place}/secrets{tail}");
        let state = self.state();
        let is_it = |asked: &str| {
            let rest = asked.strip_prefix(line.as_str());
            rest.is_some_and(|rest| tail.is_empty() || rest.is_empty())
        };
        state.asked.iter().filter(|(_, asked)| is_it(asked)).count()
    }
}

impl State {
    /// Returns how much longer a response takes.
    fn late(&self, asked: &Asked) -> Duration {
        match self.behavior(asked) {
            B::Slow => Duration::from_secs(8),
            B::Unauthorized => Duration::from_millis(2_500),
            _ => Duration::ZERO,
        }
    }

    fn behavior(&self, asked: &Asked) -> Behavior {
        let mut parts = asked.url.path().split('/').skip(2);
        let [owner, name] = [parts.next(), parts.next()].map(Option::unwrap_or_default);
        self.behaviors[&format!("{owner}/{name}")]
    }

    /// Returns what is answered, if anything is, and whether it arrives.
    fn answer(&mut self, asked: &Asked) -> (Option<Answer>, bool) {
        let path = asked.url.path();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let [_, _, name, rest @ ..] = parts.as_slice() else {
            panic!("the server does not know {path}");
        };
        let behavior = self.behavior(asked);
        let arrives = behavior != B::Unreliable || !self.rng.percent(30);
        let refusal = |status, message| Answer::json(status, json!({ "message": message }));
        let answer = match (behavior, rest) {
            (B::Silent, _) => None,
            (B::Failing, _) => Some(Answer {
                headers: vec![("retry-after", "20".to_owned())],
                ..refusal(503, "Service unavailable")
            }),
            (B::Unauthorized, _) => Some(refusal(401, "Bad credentials")),
            (B::Gone, _) => Some(Answer::not_found()),
            (B::Refused, _) => Some(refusal(403, "Must have admin rights to Repository.")),
            (B::Moved, []) => {
                let found = json!({ "id": 7, "name": name, "full_name": format!("other/{name}") });
                Some(Answer::json(200, found))
            }
            (B::Moved, _) => Some(Answer {
                headers: vec![(
                    "location",
                    format!("http://localhost/repositories/7/{path}"),
                )],
                ..Answer::status(301)
            }),
            (B::Archived, _) if asked.is_write() => {
                Some(refusal(403, "Repository was archived so is read-only."))
            }
            (B::Full, _) if asked.is_write() => {
                Some(refusal(422, "The number of secrets is at the limit."))
            }
            _ => Some(self.carry_out(asked, rest, behavior)),
        };
        (answer, arrives)
    }

    fn carry_out(&mut self, asked: &Asked, rest: &[&str], behavior: Behavior) -> Answer {
        let path = asked.url.path();
        let [_, "secrets", rest @ ..] = rest else {
            panic!("the server does not know {path}");
        };
        let (place, _) = path.rsplit_once("/secrets").expect("a place");
        let place = place.trim_start_matches('/').to_owned();
        if behavior == B::NewKeys && asked.is_write() && self.rng.percent(50) {
            // Once, as long as a value is sealed anew once.
            let replaced = self.keys.get_mut(&place).filter(|(_, times)| *times == 0);
            if let Some(key) = replaced {
                *key = (Key::new(format!("{place} 1")), 1);
            }
        }
        let first = || (Key::new(format!("{place} 0")), 0);
        let (key, _) = self.keys.entry(place.clone()).or_insert_with(first);
        match (asked.method.as_str(), rest) {
            ("GET", ["public-key"]) => key.answer(),
            ("PUT", [name]) => match key.open(&asked.body) {
                Ok(value) => {
                    let secret = (place, (*name).to_owned());
                    let before = self.secrets.insert(secret, value.expect("a value"));
                    Answer::status(if before.is_none() { 201 } else { 204 })
                }
                Err(refusal) => refusal,
            },
            (method, [name]) => {
                let key = (place, (*name).to_owned());
                match (method, self.secrets.contains_key(&key)) {
                    ("GET", true) => {
                        let time = "2020-01-10T14:59:22Z";
                        let found = json!({ "name": name, "created_at": time, "updated_at": time });
                        Answer::json(200, found)
                    }
                    ("DELETE", true) => {
                        self.secrets.remove(&key);
                        Answer::status(204)
                    }
                    _ => Answer::not_found(),
                }
            }
            other => panic!("the server does not know {other:?}"),
        }
    }
}

impl RoundTrip for Server {
    fn round_trip(&self, request: Request, _: bool, limit: Duration) -> RoundTripFuture {
        let server = self.clone();
        let asked = Asked::new(&request);
        Box::pin(async move {
            let way = {
                let mut state = server.state();
                state.asked.push((Instant::now(), asked.line()));
                state.under_way += 1;
                state.most_under_way = state.most_under_way.max(state.under_way);
                state.rng.millis(20..=300)
            };
            sleep(way).await;
            let (answer, arrives) = server.state().answer(&asked);
            let late = server.state().late(&asked);
            let result = timeout(limit, async {
                sleep(way + late).await;
                if answer.is_none() {
                    std::future::pending::<()>().await;
                }
            });
            let in_time = result.await.is_ok();
            server.state().under_way -= 1;
            match answer.filter(|_| in_time && arrives) {
                Some(answer) => Ok(answer.received(asked.url)),
                None if in_time => Err(lost(ConnectionFault::Lost)),
                None => Err(lost(ConnectionFault::Timeout)),
            }
        })
    }
}
