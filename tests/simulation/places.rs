//! Batches over many places, of which some are gone, slow or refused.

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
use tokio::time::{Instant, sleep, timeout};

use super::{
    audit::Patience,
    message::{Answer, Asked},
    rng::Rng,
    schedule::{paused, settings},
    store::BEGINNING,
};
use crate::{
    Batch, ConnectionFault, Error, GitHub, Limits, NewSecret, NotTried, Outcome, Place, Report,
    Store,
    http::{Clock, Io, Lost, LostFault, Random, Received, RoundTrip, RoundTripFuture},
};

const PATIENCE: Patience = Patience {
    attempts: 4,
    deadline: Duration::from_secs(120),
    timeout: Duration::from_secs(10),
    provider: Duration::ZERO,
};

/// What a place is like for whoever writes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Well,
    Gone,
    Refused,
    Archived,
    Moved,
    Full,
    /// Nothing ever comes back.
    Silent,
    /// Its key is replaced now and then.
    NewKeys,
    /// Responses are lost now and then.
    Unreliable,
}

use Fate as F;

impl Fate {
    /// Returns whether every secret has to arrive.
    fn is_well(self) -> bool {
        matches!(self, F::Well | F::NewKeys)
    }
}

/// The places, and what is stored there.
#[derive(Clone)]
struct Town(Arc<Mutex<State>>);

struct State {
    rng: Rng,
    fates: BTreeMap<String, Fate>,
    keys: BTreeMap<String, Vec<SecretKey>>,
    secrets: BTreeMap<(String, String), String>,
    asked: Vec<(Instant, String)>,
    under_way: usize,
    most_under_way: usize,
}

impl Town {
    fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng: Rng::new(seed, 7),
            fates: BTreeMap::new(),
            keys: BTreeMap::new(),
            secrets: BTreeMap::new(),
            asked: Vec::new(),
            under_way: 0,
            most_under_way: 0,
        })))
    }

    fn github(&self, limits: Limits) -> GitHub {
        let begun = Instant::now();
        let network = Arc::new(self.clone());
        let io = |_| Io {
            network,
            clock: Clock(Arc::new(move || {
                SystemTime::UNIX_EPOCH + BEGINNING + begun.elapsed()
            })),
            random: Random(Arc::new(|| 0.5)),
        };
        let builder = settings(limits, PATIENCE).token("token");
        builder.build_with(io).expect("settings")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a repository, and returns one of its places.
    fn place(&self, number: usize, fate: Fate) -> Place {
        let name = format!("acme/{number}");
        self.state().fates.insert(name.clone(), fate);
        let store = [Store::Actions, Store::Dependabot][number % 2];
        Place::repository(name, store).expect("a name")
    }

    fn plant(&self, place: &Place, name: &str) {
        let key = (place.to_string(), name.to_owned());
        self.state().secrets.insert(key, "planted".to_owned());
    }

    fn value(&self, place: &Place, name: &str) -> Option<String> {
        let key = (place.to_string(), name.to_owned());
        self.state().secrets.get(&key).cloned()
    }

    fn fate(&self, place: &Place) -> Fate {
        self.state().fates[&place.full_name().expect("a repository")]
    }

    /// Returns how often something was asked for in a place.
    fn asked(&self, method: &str, place: &Place, tail: &str) -> usize {
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
    /// Returns what is answered, if anything is, and whether it arrives.
    fn answer(&mut self, asked: &Asked) -> (Option<Answer>, bool) {
        let path = asked.url.path();
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let [_, owner, name, rest @ ..] = parts.as_slice() else {
            panic!("the town does not know {path}");
        };
        let full_name = format!("{owner}/{name}");
        let fate = self.fates[&full_name];
        let arrives = fate != F::Unreliable || !self.rng.percent(30);
        let refusal = |status, message| Answer::json(status, json!({ "message": message }));
        let answer = match (fate, rest) {
            (F::Silent, _) => None,
            (F::Gone, _) => Some(Answer::not_found()),
            (F::Refused, _) => Some(refusal(403, "Must have admin rights to Repository.")),
            (F::Moved, []) => {
                let found = json!({ "id": 7, "name": name, "full_name": format!("other/{name}") });
                Some(Answer::json(200, found))
            }
            (F::Moved, _) => Some(Answer {
                headers: vec![(
                    "location",
                    format!("http://localhost/repositories/7/{path}"),
                )],
                ..Answer::status(301)
            }),
            (F::Archived, _) if asked.is_write() => {
                Some(refusal(403, "Repository was archived so is read-only."))
            }
            (F::Full, _) if asked.is_write() => {
                Some(refusal(422, "The number of secrets is at the limit."))
            }
            _ => {
                if fate == F::NewKeys && self.rng.percent(10) {
                    self.keys.entry(full_name.clone()).or_default().clear();
                }
                Some(self.carry_out(asked, rest, path))
            }
        };
        (answer, arrives)
    }

    fn carry_out(&mut self, asked: &Asked, rest: &[&str], path: &str) -> Answer {
        let [store, "secrets", rest @ ..] = rest else {
            panic!("the town does not know {path}");
        };
        let (place, _) = path.rsplit_once("/secrets").expect("a place");
        let (place, owner) = (place.trim_start_matches('/').to_owned(), place);
        let keys = self.keys.entry(owner.to_owned()).or_default();
        if keys.is_empty() {
            keys.push(SecretKey::generate(&mut OsRng));
        }
        let key = keys.last().expect("a key");
        let id = format!("{store}-{}", STANDARD.encode(key.public_key().as_bytes()));
        match (asked.method.as_str(), rest) {
            ("GET", ["public-key"]) => {
                let key = STANDARD.encode(key.public_key().as_bytes());
                Answer::json(200, json!({ "key_id": id, "key": key }))
            }
            ("PUT", [name]) => {
                let body: &Value = &asked.body;
                if body["key_id"] != json!(id) {
                    let message = "validation failed due to an improperly encrypted secret";
                    return Answer::json(422, json!({ "message": message }));
                }
                let sealed = body["encrypted_value"].as_str().expect("text");
                let opened = key.unseal(&STANDARD.decode(sealed).expect("base64"));
                let value = String::from_utf8(opened.expect("this place's box")).expect("text");
                let is_new = self
                    .secrets
                    .insert((place, (*name).to_owned()), value)
                    .is_none();
                Answer::status(if is_new { 201 } else { 204 })
            }
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
            other => panic!("the town does not know {other:?}"),
        }
    }
}

impl RoundTrip for Town {
    fn round_trip(&self, request: Request, _: bool, limit: Duration) -> RoundTripFuture {
        let town = self.clone();
        let asked = Asked::new(&request);
        Box::pin(async move {
            let way = {
                let mut state = town.state();
                state.asked.push((Instant::now(), asked.line()));
                state.under_way += 1;
                state.most_under_way = state.most_under_way.max(state.under_way);
                state.rng.millis(20..=300)
            };
            let under_way = UnderWay(town.clone());
            sleep(way).await;
            let (answer, arrives) = town.state().answer(&asked);
            let result = timeout(limit, async {
                sleep(way).await;
                if answer.is_none() {
                    std::future::pending::<()>().await;
                }
            });
            let in_time = result.await.is_ok();
            drop(under_way);
            match answer.filter(|_| in_time && arrives) {
                Some(answer) => Ok(received(asked, answer)),
                None if in_time => Err(lost(ConnectionFault::Lost)),
                None => Err(lost(ConnectionFault::Timeout)),
            }
        })
    }
}

struct UnderWay(Town);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.state().under_way -= 1;
    }
}

fn received(asked: Asked, answer: Answer) -> Received {
    let mut headers = HeaderMap::new();
    for (name, value) in answer.headers {
        headers.insert(name, value.parse().expect("a header"));
    }
    Received {
        status: StatusCode::from_u16(answer.status).expect("a status"),
        headers,
        address: asked.url,
        body: Bytes::from(answer.body),
        fault: None,
    }
}

fn lost(fault: ConnectionFault) -> Lost {
    Lost {
        fault: LostFault::Connection(fault),
        was_refused: false,
        source: None,
    }
}

/// One batch, and what it is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Set,
    Rotate,
    Delete,
}

#[test]
fn what_a_batch_over_places_reports_is_what_is_stored() {
    let count = super::number("SOAK").unwrap_or(1) * 150;
    for seed in super::number("PLACES_SEED").map_or(0..count, |seed| seed..seed + 1) {
        paused(check(seed));
    }
}

/// The time until the last secret of a place that is well has arrived, beside so many silent ones.
fn time_beside(silent: usize) -> Duration {
    paused(async move {
        let town = Town::new(1);
        let github = town.github(Limits::none());
        let fate = |number| if number < silent { F::Silent } else { F::Well };
        let places = (0..silent + 150).map(|number| town.place(number, fate(number)));
        let secrets = places.flat_map(|place| {
            let secrets = if town.fate(&place) == F::Silent {
                25
            } else {
                1
            };
            (0..secrets).map(move |number| {
                let new = NewSecret::new(format!("S_{number}"), "value").expect("a name");
                (place.clone(), new)
            })
        });
        // The first request with a token is alone.
        let first = github.secrets(&town.place(1_000, F::Well));
        first.public_key().await.expect("a key");
        let mut batch = github.set_all(secrets).expect("secrets");
        let (begun, mut last) = (Instant::now(), Duration::ZERO);
        while let Some(item) = batch.next().await {
            match (town.fate(&item.place), item.result) {
                (F::Well, result) => {
                    result.expect("a place that is well");
                    last = begun.elapsed();
                }
                (_, result) => assert!(result.is_err()),
            }
        }
        last
    })
}

#[test]
fn silent_places_hold_up_the_others_for_no_longer_than_one_of_them_takes() {
    let alone = time_beside(0);
    // Four attempts, with their back-offs.
    let one = Duration::from_secs(48);
    for silent in [1, 4, 7, 8, 12, 16] {
        let time = time_beside(silent);
        let most = if silent < 8 {
            alone * 8 / (8 - silent as u32)
        } else {
            alone + one
        };
        assert!(
            time <= most + Duration::from_secs(1),
            "{silent}: {time:?} beside {alone:?}"
        );
    }
}

#[test]
fn places_that_are_lost_one_by_one_are_no_server_that_is_gone() {
    paused(async {
        let town = Town::new(2);
        let github = town.github(Limits::none());
        let fate = |number| if number % 10 == 3 { F::Silent } else { F::Well };
        let places: Vec<_> = (0..300)
            .map(|number| town.place(number, fate(number)))
            .collect();
        let secrets = places.iter().map(|place| {
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (place, new)
        });
        let report = github.set_all(secrets).expect("secrets").finish().await;
        let report = report.expect_err("a tenth of them is silent");
        assert_eq!(
            (report.created(), report.failed(), report.not_tried()),
            (270, 30, 0)
        );
    });
}

#[test]
fn rotations_that_queue_for_longer_than_a_call_may_take_come_to_their_turn() {
    paused(async {
        let town = Town::new(3);
        let github = town.github(Limits::default().writes_per_minute(2));
        let places: Vec<_> = (0..20).map(|number| town.place(number, F::Well)).collect();
        let secrets = places.iter().map(|place| {
            town.plant(place, "NPM_TOKEN");
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (place, new)
        });
        let report = github.rotate_all(secrets).expect("secrets").finish().await;
        assert_eq!(report.expect("all of them").updated(), 20);
    });
}

async fn check(seed: u64) {
    let mut rng = Rng::new(seed, 8);
    let town = Town::new(seed);
    let limits = match rng.within(0..=3) {
        0 => Limits::default(),
        1 => Limits::default().writes_per_minute(15),
        _ => Limits::none(),
    };
    let github = town.github(limits.clone());
    let fates = [
        F::Gone,
        F::Refused,
        F::Archived,
        F::Moved,
        F::Full,
        F::Silent,
        F::NewKeys,
        F::Unreliable,
    ];
    let broken = rng.pick(&[0, 10, 10, 50]);
    let places: Vec<Place> = (0..rng.pick(&[1, 3, 12, 40]))
        .map(|number| {
            let fate = if rng.percent(broken) {
                rng.pick(&fates)
            } else {
                F::Well
            };
            town.place(number, fate)
        })
        .collect();
    let mut batches = Vec::new();
    for number in 0..rng.within(1..=2) {
        let deed = rng.pick(&[Deed::Set, Deed::Set, Deed::Rotate, Deed::Delete]);
        let mut pairs = Vec::new();
        for place in &places {
            for secret in 0..rng.pick(&[1, 1, 2, 12]) {
                let name = format!("B{number}_{secret}");
                if deed != Deed::Set && rng.percent(90) || rng.percent(20) {
                    town.plant(place, &name);
                }
                pairs.push((place.clone(), name));
            }
        }
        let scene = Scene {
            seed,
            town: town.clone(),
            before: pairs
                .iter()
                .map(|(place, name)| town.value(place, name))
                .collect(),
            pairs,
            deed,
            interrupted: rng.percent(20),
            concurrency: rng.pick(&[1, 2, 8, 8]),
        };
        batches.push(tokio::spawn(
            scene.run(github.clone(), Rng::new(seed, 20 + number)),
        ));
    }
    for batch in batches {
        batch.await.expect("a batch comes to its end");
    }
    // The key of a silent place can be awaited after nobody wants it any more.
    sleep(Duration::from_secs(120)).await;
    assert!(
        github.http().is_idle(),
        "seed {seed}: a turn did not come back"
    );
    let state = town.state();
    if let Some(most) = limits.writes_per_minute {
        let is_write = |line: &str| !line.starts_with("GET");
        let writes: Vec<_> = state
            .asked
            .iter()
            .filter(|(_, line)| is_write(line))
            .collect();
        for window in writes.windows(most as usize + 1) {
            let time = window[most as usize].0 - window[0].0;
            assert!(time >= Duration::from_secs(59), "seed {seed}: {time:?}");
        }
    }
}

struct Scene {
    seed: u64,
    town: Town,
    pairs: Vec<(Place, String)>,
    before: Vec<Option<String>>,
    deed: Deed,
    interrupted: bool,
    concurrency: usize,
}

impl Scene {
    async fn run(self, github: GitHub, rng: Rng) {
        let new = |(place, name): &(Place, String)| {
            let new = NewSecret::new(name.as_str(), format!("{place} {name}"));
            (place.clone(), new.expect("a name"))
        };
        match self.deed {
            Deed::Set => {
                let batch = github.set_all(self.pairs.iter().map(new));
                let report = self.read(batch.expect("secrets"), rng).await;
                self.compare(&report);
            }
            Deed::Rotate => {
                let batch = github.rotate_all(self.pairs.iter().map(new));
                let report = self.read(batch.expect("secrets"), rng).await;
                self.compare(&report);
            }
            Deed::Delete => {
                let pairs = self.pairs.iter();
                let batch = github.delete_all(pairs.map(|(place, name)| (place, name.as_str())));
                let batch = batch.expect("secrets").allow_missing();
                let report = self.read(batch, rng).await;
                self.compare(&report);
            }
        }
    }

    async fn read<T: Outcome>(&self, batch: Batch<T>, mut rng: Rng) -> Report<T> {
        let mut batch = batch.concurrency(self.concurrency);
        let mut items = Vec::new();
        let mut stop = self.interrupted.then(|| rng.millis(0..=30_000));
        loop {
            let begun = Instant::now();
            let next = timeout(stop.unwrap_or(Duration::MAX), batch.next()).await;
            stop = stop.map(|stop| stop.saturating_sub(begun.elapsed()));
            match next {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Report { items },
                Err(_) => {
                    stop = None;
                    batch.stop();
                }
            }
        }
    }

    fn compare<T: Outcome>(&self, report: &Report<T>) {
        let Self { seed, town, .. } = self;
        assert_eq!(report.items.len(), self.pairs.len(), "seed {seed}");
        let mut seen = BTreeSet::new();
        for item in &report.items {
            let (place, name) = (&item.place, item.name.as_str());
            let context = format!("seed {seed}: {place} {name}: {:?}", item.result);
            assert!(seen.insert((place, name)), "{context} came twice");
            let pairs = &mut self.pairs.iter();
            let index = pairs.position(|(its, other)| its == place && other == name);
            let before = &self.before[index.expect("one of the batch")];
            let wanted = match self.deed {
                Deed::Delete => None,
                _ => Some(format!("{place} {name}")),
            };
            let now = town.value(place, name);
            match &item.result {
                Ok(_) => assert_eq!(now, wanted, "{context}"),
                Err(error) if error.may_have_taken_effect() => {
                    assert!(now == wanted || now == *before, "{context}");
                }
                Err(_) => assert_eq!(&now, before, "{context}"),
            }
            if let Err(Error::NotTried(reason)) = item.result {
                let stopped = self.interrupted && reason == NotTried::Stopped;
                assert!(stopped || reason == NotTried::EarlierError, "{context}");
                let sent =
                    ["PUT", "DELETE"].map(|method| town.asked(method, place, &format!("/{name}")));
                assert_eq!(sent, [0, 0], "{context}");
            }
        }
        for (place, name) in &self.pairs {
            let fate = town.fate(place);
            let mut items = report.items.iter();
            let item = items.find(|item| item.place == *place && item.name.as_str() == name);
            let result = &item.expect("an item").result;
            let context = format!("seed {seed}: {fate:?} {place} {name}: {result:?}");
            if fate.is_well() && !self.interrupted {
                let missing =
                    self.deed == Deed::Rotate && matches!(result, Err(Error::NotFound(_)));
                assert!(result.is_ok() || missing, "{context}");
            }
            if !matches!(fate, F::Well | F::NewKeys | F::Unreliable) && self.deed == Deed::Set {
                assert!(result.is_err(), "{context}");
                // One that is gone is asked for its key alone; one that refuses writes, for those
                // under way. There can be two batches.
                let most = match fate {
                    F::Silent | F::Gone | F::Refused | F::Moved => 0,
                    _ => 2 * 8,
                };
                assert!(town.asked("PUT", place, "") <= most, "{context}");
                let keys = town.asked("GET", place, "/public-key");
                assert!(
                    keys <= if fate == F::Silent { 8 } else { 2 },
                    "{context}: {keys} keys"
                );
            }
        }
    }
}
