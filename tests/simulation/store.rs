//! What the server holds: the secrets of one organization, its keys, and the tokens that it
//! refuses.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    key::Key,
    message::{Answer, Asked, ids, page},
    stranger::{Names, Stranger},
};

pub(super) struct Store {
    keys: u64,
    key: Key,
    pub(super) secrets: BTreeMap<String, Secret>,
    pub(super) revoked: BTreeSet<String>,
    pub(super) stranger: Stranger,
    /// How many entries a page has at most.
    pub(super) page_size: usize,
    /// Who could use each secret, from the beginning on.
    accesses: BTreeMap<String, Vec<Access>>,
    /// The names of all secrets after each change of them.
    lists: Vec<Vec<String>>,
    /// What else the server holds.
    rest: Option<Box<dyn Rest>>,
}

/// What a server holds beside the secrets of the organization.
pub(super) trait Rest: Send {
    /// Does what a request asks for, at a time in seconds.
    fn answer(&mut self, asked: &Asked, now: u64) -> Answer;
}

/// Who can use a secret.
type Access = (String, Vec<u64>);

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
pub(super) const BEGINNING: Duration = Duration::from_secs(1_735_689_600);

impl Store {
    pub(super) fn new(page_size: usize, stranger: Stranger) -> Self {
        Self {
            keys: 1,
            key: Key::new(1),
            secrets: BTreeMap::new(),
            revoked: BTreeSet::from(["token-wrong".to_owned()]),
            stranger,
            page_size,
            accesses: BTreeMap::new(),
            lists: vec![Vec::new()],
            rest: None,
        }
    }

    /// A server that holds something else.
    pub(super) fn of(rest: impl Rest + 'static) -> Self {
        Self {
            rest: Some(Box::new(rest)),
            ..Self::new(100, Stranger::idle())
        }
    }

    /// Returns whether a secret had this access at some time.
    pub(super) fn had_access(&self, name: &str, visibility: &str, ids: &[u64]) -> bool {
        let mut had = self.accesses.get(name).into_iter().flatten();
        had.any(|(its, selected)| its == visibility && selected == ids)
    }

    /// Returns how often the list of secrets changed so far.
    pub(super) fn changes(&self) -> usize {
        self.lists.len() - 1
    }

    /// Returns whether the list had these names at some time since, or whether something was added
    /// and something removed meanwhile: that can show in no page.
    pub(super) fn had_names(&self, since: usize, names: &[String]) -> bool {
        let lists = &self.lists[since..];
        let grew = lists.windows(2).any(|two| two[1].len() > two[0].len());
        let shrank = lists.windows(2).any(|two| two[1].len() < two[0].len());
        (grew && shrank) || lists.iter().any(|list| list == names)
    }

    fn insert(&mut self, name: &str, secret: Secret) {
        let access = (secret.visibility.clone(), secret.repositories.clone());
        let accesses = self.accesses.entry(name.to_owned()).or_default();
        accesses.push(access);
        if self.secrets.insert(name.to_owned(), secret).is_none() {
            self.lists.push(self.secrets.keys().cloned().collect());
        }
    }

    fn remove(&mut self, name: &str) -> Option<Secret> {
        let removed = self.secrets.remove(name)?;
        self.lists.push(self.secrets.keys().cloned().collect());
        Some(removed)
    }

    pub(super) fn replace_key(&mut self) {
        self.keys += 1;
        self.key = Key::new(self.keys);
    }

    /// Puts a secret there before the simulation begins.
    pub(super) fn plant(&mut self, name: &str, repositories: Option<Vec<u64>>) {
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
        self.insert(name, secret);
    }

    /// Puts secrets of somebody else there, who changes them later on.
    pub(super) fn plant_others(&mut self, are_there: bool) {
        for number in 0..if are_there { 3 } else { 0 } {
            for place in ["A", "Z"] {
                self.plant(&format!("{place}_OF_OTHERS_0{number}"), None);
            }
        }
    }

    /// Does what a request asks for, at a time in seconds.
    pub(super) fn answer(&mut self, asked: &Asked, now: u64) -> Answer {
        if self.revoked.contains(&asked.token) {
            return Answer::json(401, json!({ "message": "Bad credentials" }));
        }
        if let Some(rest) = &mut self.rest {
            return rest.answer(asked, now);
        }
        let path: Vec<&str> = asked.path();
        let method = asked.method.as_str();
        match path.as_slice() {
            ["orgs", "acme", "codespaces", "secrets", path @ ..] => {
                self.of_secrets(method, path, asked, now)
            }
            ["repos", "acme", name] if method == "GET" => match name.rsplit_once('-') {
                Some((_, id)) => {
                    let id: u64 = id.parse().expect("an id");
                    Answer::json(200, describe_repository(name, id))
                }
                None => Answer::not_found(),
            },
            path => panic!("the server does not know {method} {path:?}"),
        }
    }

    fn of_secrets(&mut self, method: &str, path: &[&str], asked: &Asked, now: u64) -> Answer {
        match (method, path) {
            ("GET", ["public-key"]) => self.key.answer(),
            ("GET", []) => {
                let all = self
                    .secrets
                    .iter()
                    .map(|(name, secret)| secret.describe(name));
                let page = page(&asked.url, self.page_size, "secrets", all.collect());
                if let Some(names) = self.stranger.rename(self.secrets.keys()) {
                    self.change_names(&names);
                }
                page
            }
            ("GET", [name]) => match self.secrets.get(*name) {
                Some(secret) => Answer::json(200, secret.describe(name)),
                None => Answer::not_found(),
            },
            ("PUT", [name]) => self.put(name, &asked.body, now),
            ("DELETE", [name]) => match self.remove(name) {
                Some(_) => Answer::status(204),
                None => Answer::not_found(),
            },
            ("GET", [name, "repositories"]) => match self.secrets.get(*name) {
                Some(secret) if secret.visibility != "selected" => Answer::status(409),
                Some(secret) => {
                    let all = secret
                        .repositories
                        .iter()
                        .map(|id| describe_repository(&format!("repository-{id}"), *id));
                    let page = page(&asked.url, self.page_size, "repositories", all.collect());
                    let mut changed = secret.clone();
                    if self.stranger.select(name, &mut changed.repositories) {
                        self.insert(name, changed);
                    }
                    page
                }
                None => Answer::not_found(),
            },
            ("PUT", [name, "repositories"]) => match self.secrets.get(*name) {
                Some(secret) if secret.visibility != "selected" => Answer::status(409),
                Some(secret) => {
                    let secret = Secret {
                        repositories: ids(&asked.body),
                        updated: now,
                        ..secret.clone()
                    };
                    self.insert(name, secret);
                    Answer::status(204)
                }
                None => Answer::not_found(),
            },
            other => panic!("the server does not know {other:?}"),
        }
    }

    fn put(&mut self, name: &str, body: &Value, now: u64) -> Answer {
        let value = match self.key.open(body) {
            Ok(value) => value,
            Err(answer) => return answer,
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
        self.insert(name, secret);
        Answer::status(status)
    }

    fn change_names(&mut self, Names { leaves, comes }: &Names) {
        if let Some(name) = leaves {
            self.remove(name);
        }
        if let Some(name) = comes {
            self.plant(name, None);
        }
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

fn describe_repository(name: &str, id: u64) -> Value {
    json!({ "id": id, "name": name, "full_name": format!("acme/{name}") })
}
