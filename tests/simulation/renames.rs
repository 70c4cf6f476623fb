//! Repositories that are renamed and transferred, and names that are given again: a value arrives
//! at the repository that has the name.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde_json::json;
use tokio::time::sleep;

use super::{
    CALL_BOUNDS,
    audit::Audit,
    conditions::{Conditions, Kind},
    key::Key,
    message::{Answer, Asked},
    rng::Rng,
    schedule::{build, paused, settings},
    server::Server,
    store::{Rest, Store},
};
use crate::{Error, Limits, NewSecret, Repository};

const RUNS: u64 = 600;

const FAULTS: [Kind; 5] = [
    Kind::LostBefore,
    Kind::LostAfter,
    Kind::StuckAfter,
    Kind::ErrorAfter,
    Kind::NoConnection,
];

/// The name that the caller uses.
const NAME: &str = "acme/site";

#[derive(Clone)]
struct Repositories(Arc<Mutex<Held>>);

struct Held {
    /// The repositories, each at its id.
    all: Vec<Found>,
    /// Which repository each name leads to, those of former times included.
    names: BTreeMap<String, usize>,
    /// How many new names there were.
    named: usize,
    /// The values that another owner was sent.
    astray: Vec<String>,
}

struct Found {
    name: String,
    key: Key,
    secrets: BTreeMap<String, String>,
}

#[test]
fn a_value_arrives_at_the_repository_that_has_the_name() {
    let mut redirected = 0;
    for seed in 0..RUNS {
        let mut complaints = Vec::new();
        redirected += paused(simulate(seed, &mut complaints));
        assert_eq!(complaints, [""; 0], "seed {seed}");
    }
    assert!(
        redirected > RUNS / 2,
        "{redirected} values came by a former name"
    );
}

/// Returns how many values arrived at a repository by a former name of it.
async fn simulate(seed: u64, complaints: &mut Vec<String>) -> u64 {
    let mut rng = Rng::new(seed, 1);
    let repositories = Repositories::new();
    let conditions = Conditions::faulty(&rng.some(&FAULTS, 40), rng.pick(&[0, 0, 30]));
    let (audit, store) = (
        Audit::new(Limits::default()),
        Store::of(repositories.clone()),
    );
    let server = Server::new(conditions, Rng::new(seed, 2), audit, store);
    let builder = settings(Limits::default(), CALL_BOUNDS).token("token");
    let github = build(builder, seed, &server);
    let repository = github.repo(NAME).expect("a name");
    let mut redirected = 0;
    for number in 0..rng.within(2..=6) {
        for _ in 0..rng.within(0..=3) {
            repositories.lock().change(&mut rng);
        }
        let meanwhile = Rng::new(seed, 10 + number);
        let moving = tokio::spawn(repositories.clone().move_meanwhile(meanwhile));
        let before = repositories.lock().names.get(NAME).copied();
        let results = write(&repository, number, rng.percent(30)).await;
        moving.await.expect("it ends");
        // Whatever was given up arrives, or not.
        sleep(Duration::from_secs(rng.pick(&[30, 120]))).await;
        for (name, error) in results {
            let held = repositories.lock();
            let is_former = before.is_some_and(|id| held.all[id].name != NAME);
            redirected += u64::from(is_former && error.is_none());
            complaints.extend(held.complaint(&name, before, error.as_ref()));
        }
    }
    complaints.append(&mut repositories.lock().astray);
    complaints.extend_from_slice(&server.state().audit.complaints);
    redirected
}

/// Writes one secret, or three in a batch, each with its name as its value.
async fn write(
    repository: &Repository,
    number: u64,
    in_batch: bool,
) -> Vec<(String, Option<Error>)> {
    let secrets = repository.actions();
    let names = (0..if in_batch { 3 } else { 1 }).map(|index| format!("S{number}_{index}"));
    let names: Vec<_> = names.collect();
    if !in_batch {
        let name = names[0].clone();
        let result = secrets.set(name.as_str(), name.as_str()).await;
        return vec![(name, result.err())];
    }
    let new = names
        .iter()
        .map(|name| NewSecret::new(name.as_str(), name.as_str()).expect("a name"));
    let mut results = Vec::new();
    if let Ok(mut batch) = secrets.set_all(new).await {
        while let Some(item) = batch.next().await {
            results.push((item.name.as_str().to_owned(), item.result.err()));
        }
    }
    results
}

impl Repositories {
    fn new() -> Self {
        let mut held = Held {
            all: Vec::new(),
            names: BTreeMap::new(),
            named: 0,
            astray: Vec::new(),
        };
        held.create(NAME);
        Self(Arc::new(Mutex::new(held)))
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap()
    }

    /// Gives repositories new names, or another owner, while a call is under way. Only between
    /// calls is a former name given to another one: GitHub has no write that fails then.
    async fn move_meanwhile(self, mut rng: Rng) {
        if rng.percent(50) {
            sleep(rng.millis(0..=500)).await;
            let mut held = self.lock();
            let owner = rng.pick(&["acme", "acme", "mallory"]);
            if let Some(id) = held.names.get(NAME).copied() {
                held.rename(id, owner);
            }
        }
    }
}

impl Held {
    fn create(&mut self, name: &str) {
        let id = self.all.len();
        self.all.push(Found {
            name: name.to_owned(),
            key: Key::new(id),
            secrets: BTreeMap::new(),
        });
        self.names.insert(name.to_owned(), id);
    }

    fn rename(&mut self, id: usize, owner: &str) {
        self.named += 1;
        let name = format!("{owner}/site-{}", self.named);
        self.names.insert(name.clone(), id);
        self.all[id].name = name;
    }

    /// Changes something between two calls.
    fn change(&mut self, rng: &mut Rng) {
        let former = self.names.iter();
        let mut former = former.filter(|(name, id)| self.all[**id].name != **name);
        match self.names.get(NAME).copied() {
            Some(id) if rng.percent(50) => self.rename(id, "acme"),
            Some(_) | None => {
                // Somebody gives a former name to a new repository.
                let index = rng.within(0..=3) as usize;
                let name = former.nth(index).map(|(name, _)| name.clone());
                if let Some(name) = name {
                    self.create(&name);
                }
            }
        }
    }

    /// Returns what is wrong with where a value is now. While the call was under way the name led
    /// to one repository only.
    fn complaint(&self, name: &str, right: Option<usize>, error: Option<&Error>) -> Option<String> {
        let holders = self.all.iter().enumerate();
        let holders = holders.filter(|(_, one)| one.secrets.contains_key(name));
        let holders: Vec<_> = holders.map(|(id, _)| id).collect();
        let right: Vec<_> = right.into_iter().collect();
        let is_wrong = match error {
            None => holders != right,
            Some(error) if error.may_have_taken_effect() => !holders.is_empty() && holders != right,
            Some(_) => !holders.is_empty(),
        };
        is_wrong.then(|| format!("{name} is in {holders:?}, not in {right:?}: {error:?}"))
    }
}

impl Rest for Repositories {
    fn answer(&mut self, asked: &Asked, _: u64) -> Answer {
        let held = &mut *self.lock();
        let path = asked.path();
        let (id, rest, is_former) = match path.as_slice() {
            ["repositories", id, rest @ ..] => {
                let id = id.parse::<usize>().ok().and_then(|id| id.checked_sub(1));
                (id, rest, false)
            }
            ["repos", owner, repository, rest @ ..] => {
                let name = format!("{owner}/{repository}");
                let id = held.names.get(&name).copied();
                let is_former = id.is_some_and(|id: usize| held.all[id].name != name);
                (id, rest, is_former)
            }
            path => panic!("the server does not know {path:?}"),
        };
        let Some((id, found)) = id.and_then(|id| Some((id, held.all.get_mut(id)?))) else {
            return Answer::not_found();
        };
        if is_former {
            let status = if asked.is_write() { 307 } else { 301 };
            let rest: String = rest.iter().map(|part| format!("/{part}")).collect();
            let location = format!("http://localhost/repositories/{}{rest}", id + 1);
            return Answer {
                headers: vec![("location", location)],
                ..Answer::status(status)
            };
        }
        match (asked.method.as_str(), rest) {
            ("GET", []) => {
                let (_, name) = found.name.split_once('/').expect("an owner");
                let described = json!({ "id": id + 1, "name": name, "full_name": found.name });
                Answer::json(200, described)
            }
            ("GET", ["actions", "secrets", "public-key"]) => found.key.answer(),
            ("GET", ["actions", "secrets", name]) => match found.secrets.get(*name) {
                Some(_) => {
                    let time = "2025-01-01T00:00:00Z";
                    let secret = json!({ "name": name, "created_at": time, "updated_at": time });
                    Answer::json(200, secret)
                }
                None => Answer::not_found(),
            },
            ("PUT", ["actions", "secrets", name]) => match found.key.open(&asked.body) {
                Ok(value) => {
                    if !found.name.starts_with("acme/") {
                        held.astray.push(format!("{} got {name}", found.name));
                        return Answer::status(201);
                    }
                    let before = found
                        .secrets
                        .insert((*name).to_owned(), value.expect("a value"));
                    Answer::status(if before.is_some() { 204 } else { 201 })
                }
                Err(answer) => answer,
            },
            other => panic!("the server does not know {other:?}"),
        }
    }
}
