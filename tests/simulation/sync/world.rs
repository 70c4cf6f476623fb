//! A GitHub of many places: organizations, repositories with their environments, and a user.
//!
//! What it does with secrets is in `shelves.rs`, what others do to it in `strangers.rs`, and how it
//! differs from what is wanted in `verdict.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    super::{
        key::Key,
        message::{Answer, Asked, page},
        rng::Rng,
        store::BEGINNING,
    },
    watch::Watch,
};

#[derive(Clone)]
pub(super) struct World(Arc<Mutex<State>>);

pub(super) struct State {
    start: Instant,
    /// How many seconds the clock of the secrets is before that of the responses.
    pub(super) skew: u64,
    pub(super) page_size: usize,
    /// Rises with everything that happens.
    pub(super) tick: u64,
    pub(super) repositories: Vec<Repository>,
    /// Which repository each name leads to, former ones included, and since which tick.
    pub(super) names: BTreeMap<String, (usize, u64)>,
    /// The ids of the repositories without the environment.
    pub(super) without_environment: BTreeSet<u64>,
    /// The secrets by where they are: `repos/7/actions`, `orgs/acme/agents`.
    pub(super) shelves: BTreeMap<String, Shelf>,
    /// What became of each secret that we have ever written.
    pub(super) past: BTreeMap<(String, String), Past>,
    /// When somebody else touched a secret last.
    pub(super) touched: BTreeMap<(String, String), u64>,
    /// When a repository was last renamed, removed, archived or made.
    pub(super) moved: u64,
    pub(super) watch: Watch,
}

pub(super) struct Repository {
    pub(super) full_name: String,
    pub(super) is_archived: bool,
    pub(super) is_deleted: bool,
}

pub(super) struct Shelf {
    pub(super) keys: u64,
    pub(super) key: Key,
    pub(super) secrets: BTreeMap<String, Secret>,
}

#[derive(Clone, Debug)]
pub(super) struct Secret {
    pub(super) value: String,
    pub(super) access: Option<Access>,
    pub(super) created: u64,
    pub(super) updated: u64,
    /// Since which tick its access is as it is.
    pub(super) shared: u64,
    pub(super) is_foreign: bool,
}

/// Who can use a secret; a user's secret has no visibility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) visibility: Option<String>,
    pub(super) ids: BTreeSet<u64>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// Whether it is there, or was changed by others only, since we wrote it.
    pub(super) is_ours: bool,
    pub(super) written: u64,
    pub(super) value: String,
    /// How often the last run that wrote it did.
    pub(super) writes: u32,
    /// The time of our write as it was read after it, where nothing can have lost that.
    pub(super) read_back: Option<u64>,
    pub(super) run: u64,
    /// Whether another run wrote it right before.
    pub(super) is_masked: bool,
    /// Since which tick others have not touched it.
    pub(super) touched: u64,
}

impl World {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let mut state = State {
            start: Instant::now(),
            skew: rng.pick(&[0, 0, 2]),
            page_size: rng.pick(&[2, 3, 100, 100]),
            tick: 0,
            repositories: Vec::new(),
            names: BTreeMap::new(),
            without_environment: BTreeSet::new(),
            shelves: BTreeMap::new(),
            past: BTreeMap::new(),
            touched: BTreeMap::new(),
            moved: 0,
            watch: Watch::default(),
        };
        for number in 0..rng.pick(&[1, 2, 4, 5]) {
            state.create(&format!("acme/r{number}"));
        }
        Self(Arc::new(Mutex::new(state)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

/// The id of the repository at an index.
pub(super) fn id_at(index: usize) -> u64 {
    index as u64 + 100
}

impl State {
    /// The time that secrets are given.
    pub(super) fn now(&self) -> u64 {
        (BEGINNING + self.start.elapsed()).as_secs() + self.skew
    }

    pub(super) fn create(&mut self, full_name: &str) {
        self.tick += 1;
        self.moved = self.tick;
        let index = self.repositories.len();
        self.repositories.push(Repository {
            full_name: full_name.to_owned(),
            is_archived: false,
            is_deleted: false,
        });
        self.names.insert(full_name.to_owned(), (index, self.tick));
    }

    pub(super) fn rename(&mut self, index: usize, full_name: &str) {
        self.tick += 1;
        self.moved = self.tick;
        full_name.clone_into(&mut self.repositories[index].full_name);
        self.names.insert(full_name.to_owned(), (index, self.tick));
    }

    pub(super) fn remove_repository(&mut self, index: usize) {
        self.moved = self.tick;
        self.repositories[index].is_deleted = true;
        let secrets = self.shelves.values_mut();
        for secret in secrets.flat_map(|shelf| shelf.secrets.values_mut()) {
            if let Some(access) = &mut secret.access
                && access.ids.remove(&id_at(index))
            {
                secret.shared = self.tick;
            }
        }
    }

    /// Returns the repository that a name leads to.
    pub(super) fn find(&self, full_name: &str) -> Option<usize> {
        let (index, _) = *self.names.get(full_name)?;
        (!self.repositories[index].is_deleted).then_some(index)
    }

    /// Returns where the secrets of a place are.
    pub(super) fn home(&self, place: &str) -> Option<String> {
        let mut parts = place.splitn(4, '/');
        match [(); 4].map(|()| parts.next()) {
            [Some("repos"), Some(owner), Some(name), Some(tail)] => {
                let index = self.find(&format!("{owner}/{name}"))?;
                Some(format!("repos/{}/{tail}", id_at(index)))
            }
            _ => Some(place.to_owned()),
        }
    }

    pub(super) fn secret(&self, home: &str, name: &str) -> Option<&Secret> {
        self.shelves.get(home)?.secrets.get(name)
    }

    pub(super) fn shelf(&mut self, home: &str) -> &mut Shelf {
        let shelf = self.shelves.entry(home.to_owned());
        shelf.or_insert_with(|| Shelf {
            keys: 0,
            key: Key::new(format!("{home} 0")),
            secrets: BTreeMap::new(),
        })
    }

    pub(super) fn describe_repository(&self, index: usize) -> Value {
        let repository = &self.repositories[index];
        let full_name = &repository.full_name;
        let (_, name) = full_name.split_once('/').expect("an owner");
        json!({
            "id": id_at(index),
            "name": name,
            "full_name": full_name,
            "archived": repository.is_archived,
        })
    }

    pub(super) fn list_repositories(&mut self, asked: &Asked, owner: &str) -> Answer {
        let prefix = format!("{owner}/");
        let all: Vec<_> = (0..self.repositories.len())
            .filter(|index| {
                let one = &self.repositories[*index];
                !one.is_deleted && one.full_name.starts_with(&prefix)
            })
            .collect();
        for index in &all {
            let name = &self.repositories[*index].full_name;
            self.watch.name_leads_to(name, id_at(*index), self.tick);
        }
        let all = all.into_iter().map(|index| self.describe_repository(index));
        let mut answer = page(&asked.url, self.page_size, "repositories", all.collect());
        // This list is an array.
        let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
        answer.body = body["repositories"].to_string().into_bytes();
        answer
    }

    pub(super) fn of_repository(
        &mut self,
        asked: &Asked,
        full_name: &str,
        rest: &[&str],
    ) -> Answer {
        let Some(index) = self.find(full_name) else {
            return Answer::not_found();
        };
        let id = id_at(index);
        if rest.is_empty() {
            self.watch.name_leads_to(full_name, id, self.tick);
        }
        if self.repositories[index].full_name != full_name {
            let status = if asked.is_write() { 307 } else { 301 };
            let rest: String = rest.iter().map(|part| format!("/{part}")).collect();
            let location = format!("http://localhost/repositories/{id}{rest}");
            return Answer {
                headers: vec![("location", location)],
                ..Answer::status(status)
            };
        }
        if asked.is_write() && self.repositories[index].is_archived {
            let message = "Repository was archived so is read-only.";
            return Answer::json(403, json!({ "message": message }));
        }
        match rest {
            [] => Answer::json(200, self.describe_repository(index)),
            ["environments"] => {
                let environments = if self.without_environment.contains(&id) {
                    Vec::new()
                } else {
                    vec![json!({ "name": "production" })]
                };
                page(&asked.url, self.page_size, "environments", environments)
            }
            ["environments", ..] if self.without_environment.contains(&id) => Answer::not_found(),
            ["environments", "production", "secrets", rest @ ..] => {
                let tail = "environments/production";
                self.of_secrets(asked, Some(full_name), &format!("repos/{id}/{tail}"), rest)
            }
            [store, "secrets", rest @ ..] => {
                let home = format!("repos/{id}/{store}");
                self.of_secrets(asked, Some(full_name), &home, rest)
            }
            other => panic!("the server does not know {other:?}"),
        }
    }
}

pub(super) fn key(home: &str, name: &str) -> (String, String) {
    (home.to_owned(), name.to_owned())
}
