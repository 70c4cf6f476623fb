//! Private registries, while somebody else creates some that look alike: what is returned as the
//! new one has the value that was sent.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::sleep;

use super::{
    CALL_BOUNDS,
    audit::{Audit, CallBounds},
    conditions::{Conditions, Kind},
    key::Key,
    message::{Answer, Asked, page},
    rng::Rng,
    schedule::{build, paused, settings},
    server::Server,
    store::{Rest, Store},
};
use crate::{
    Error, Limits, NewRegistry, PrivateRegistries, RegistryAuth, RegistryType, RegistryUpdate,
    Visibility,
};

const RUNS: u64 = 600;

const FAULTS: [Kind; 8] = [
    Kind::NoConnection,
    Kind::LostBefore,
    Kind::LostAfter,
    Kind::StuckBefore,
    Kind::StuckAfter,
    Kind::ErrorBefore,
    Kind::ErrorAfter,
    Kind::CutBody,
];

/// The registries of an organization, the newest first.
#[derive(Clone)]
struct Registries(Arc<Mutex<Held>>);

struct Held {
    key: Key,
    all: Vec<Registry>,
    created: usize,
}

/// A registry as the server holds it, or as it is to be.
#[derive(Clone, Debug)]
struct Registry {
    name: String,
    /// Everything that GitHub returns of it.
    described: Value,
    value: String,
}

#[test]
fn what_is_returned_as_the_new_registry_has_the_value_that_was_sent() {
    for seed in 0..RUNS {
        let complaints = paused(simulate(seed));
        assert_eq!(complaints, [""; 0], "seed {seed}");
    }
}

async fn simulate(seed: u64) -> Vec<String> {
    let mut rng = Rng::new(seed, 1);
    let registries = Registries::new();
    let conditions = Conditions::faulty(&rng.some(&FAULTS, 40), rng.pick(&[0, 20, 50]));
    let (audit, store) = (Audit::new(Limits::default()), Store::of(registries.clone()));
    let server = Server::new(conditions, Rng::new(seed, 2), audit, store);
    let call_bounds = CallBounds {
        attempts: rng.pick(&[1, 4]),
        ..CALL_BOUNDS
    };
    let builder = settings(Limits::default(), call_bounds).token("token");
    let github = build(builder, seed, &server);
    let ours = github.org("acme").expect("a login").private_registries();
    let mut complaints = Vec::new();
    for number in 0..3 {
        let new = Registry::draw(&mut rng, number);
        // One that looks the same may have been there before.
        if rng.percent(40) {
            registries.lock().insert(new.described.clone(), "theirs");
        }
        let twins = Rng::new(seed, 10 + number);
        let twins = tokio::spawn(registries.clone().create_twins(new.clone(), twins));
        let created = ours.create(new.creation()).await;
        twins.await.expect("it ends");
        settle().await;
        complaints.extend(registries.lock().complaint(&new, &created));
        if let Ok(created) = created {
            let name = &created.name;
            complaints.extend(registries.change(&ours, name, number).await);
        }
    }
    let audit = &server.state().audit;
    complaints.extend_from_slice(&audit.complaints);
    complaints
}

/// Whatever was given up arrives, or not.
async fn settle() {
    sleep(Duration::from_secs(120)).await;
}

impl Registry {
    fn draw(rng: &mut Rng, number: u64) -> Self {
        let mut described = json!({
            "registry_type": "npm_registry",
            "url": "https://npm.acme.example",
            "visibility": rng.pick(&["all", "private"]),
            "replaces_base": rng.percent(50),
            "auth_type": "token",
        });
        if rng.percent(50) {
            described["auth_type"] = json!("username_password");
            described["username"] = json!("ours");
        }
        Self {
            name: String::new(),
            described,
            value: format!("value-{number}"),
        }
    }

    fn creation(&self) -> NewRegistry {
        let value = self.value.as_str();
        let auth = match self.described["username"].as_str() {
            Some(username) => RegistryAuth::username_password(username, value),
            None => RegistryAuth::token(value),
        };
        let visibility = match &self.described["visibility"] {
            visibility if visibility == "all" => Visibility::All,
            _ => Visibility::Private,
        };
        let url = "https://npm.acme.example";
        let new = NewRegistry::new(RegistryType::NpmRegistry, url, auth, visibility);
        let replaces_base = self.described["replaces_base"] == true;
        new.expect("a registry").replaces_base(replaces_base)
    }

    fn describe(&self) -> Value {
        let mut described = self.described.clone();
        described["name"] = json!(self.name);
        described["created_at"] = json!("2025-01-01T00:00:00Z");
        described["updated_at"] = json!("2025-01-01T00:00:00Z");
        described
    }
}

impl Registries {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Held {
            key: Key::new(1),
            all: Vec::new(),
            created: 0,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap()
    }

    /// Lets somebody else create registries of the same kind and address. Only one that differs
    /// can be told from ours where ours is not stored.
    async fn create_twins(self, new: Registry, mut rng: Rng) {
        for _ in 0..rng.within(0..=2) {
            let longest = rng.pick(&[500, 5_000, 20_000]);
            sleep(rng.millis(0..=longest)).await;
            let mut twin = new.described.clone();
            let mut held = self.lock();
            let is_stored = held.all.iter().any(|one| one.value == new.value);
            match rng.within(0..=if is_stored { 4 } else { 3 }) {
                0 => twin["replaces_base"] = json!(twin["replaces_base"] == false),
                1 if twin["visibility"] == "all" => twin["visibility"] = json!("private"),
                1 => twin["visibility"] = json!("all"),
                2 => {
                    twin["auth_type"] = json!("username_password");
                    twin["username"] = json!("theirs");
                }
                3 => twin["username"] = json!("theirs"),
                _ => {}
            }
            held.insert(twin, "theirs");
        }
    }

    /// Gives a registry another value and deletes it, and returns what is wrong with that.
    async fn change(&self, ours: &PrivateRegistries, name: &str, number: u64) -> Option<String> {
        let value = format!("newer-{number}");
        let update = RegistryUpdate::new().value(value.as_str());
        let updated = ours.update(name, update).await;
        settle().await;
        let now = self.lock().find(name).map(|found| found.value.clone());
        let wrong = match &updated {
            Ok(()) => now.as_ref() != Some(&value),
            Err(error) if error.may_have_taken_effect() => false,
            Err(_) => now.as_ref() == Some(&value),
        };
        if wrong {
            return Some(format!("{name} has {now:?} after {updated:?}"));
        }
        let deleted = ours.delete(name).await;
        settle().await;
        let is_there = self.lock().find(name).is_some();
        let wrong = match &deleted {
            Ok(_) => is_there,
            Err(error) if error.may_have_taken_effect() => false,
            Err(_) => !is_there,
        };
        wrong.then(|| format!("{name} is there: {is_there} after {deleted:?}"))
    }
}

impl Held {
    fn insert(&mut self, described: Value, value: &str) -> &Registry {
        self.created += 1;
        let registry = Registry {
            name: format!("NPM_REGISTRY_{}", self.created),
            described,
            value: value.to_owned(),
        };
        self.all.insert(0, registry);
        &self.all[0]
    }

    fn find(&mut self, name: &str) -> Option<&mut Registry> {
        self.all.iter_mut().find(|one| one.name == name)
    }

    fn complaint(
        &self,
        new: &Registry,
        created: &Result<crate::PrivateRegistry, Error>,
    ) -> Option<String> {
        let mut ours = self.all.iter().filter(|one| one.value == new.value);
        let (ours, second) = (ours.next(), ours.next());
        let wrong = match created {
            _ if second.is_some() => true,
            Ok(created) => ours.is_none_or(|ours| ours.name != created.name),
            Err(error) => ours.is_some() && !error.may_have_taken_effect(),
        };
        wrong.then(|| format!("{created:?} was returned for {new:?} of {:?}", self.all))
    }
}

impl Rest for Registries {
    fn answer(&mut self, asked: &Asked, _: u64) -> Answer {
        let mut held = self.lock();
        let path = asked.path();
        let Some(path) = path.strip_prefix(&["orgs", "acme", "private-registries"]) else {
            panic!("the server does not know {path:?}");
        };
        let value = match held.key.open(&asked.body) {
            Ok(value) => value,
            Err(answer) => return answer,
        };
        match (asked.method.as_str(), path) {
            ("GET", ["public-key"]) => held.key.answer(),
            ("GET", []) => {
                let all = held.all.iter().map(Registry::describe).collect();
                page(&asked.url, 100, "configurations", all)
            }
            ("POST", []) => {
                let mut described = asked.body.clone();
                let fields = described.as_object_mut().expect("fields");
                fields.retain(|field, _| field != "encrypted_value" && field != "key_id");
                let value = value.expect("a value");
                Answer::json(201, held.insert(described, &value).describe())
            }
            (method, [name]) => match (method, held.find(name)) {
                (_, None) => Answer::not_found(),
                ("GET", Some(found)) => Answer::json(200, found.describe()),
                ("PATCH", Some(found)) => {
                    found.value = value.expect("a value");
                    Answer::status(204)
                }
                (_, Some(_)) => {
                    held.all.retain(|one| one.name != *name);
                    Answer::status(204)
                }
            },
            other => panic!("the server does not know {other:?}"),
        }
    }
}
