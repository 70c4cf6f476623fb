//! The secrets of a place: how they are read, written and deleted.

use serde_json::json;

use super::{
    super::{
        key::Key,
        message::{Answer, Asked, page},
    },
    MASKED,
    watch::Write,
    world::{Access, Secret, Shelf, State, key},
};

impl State {
    /// Returns whether a place holds as many secrets as GitHub documents that it can.
    pub(super) fn is_full(&self, home: &str) -> bool {
        most_secrets(home).is_some_and(|most| self.count(home) >= most)
    }

    pub(super) fn count(&self, home: &str) -> usize {
        let shelf = self.shelves.get(home);
        shelf.map_or(0, |shelf| shelf.secrets.len())
    }

    pub(super) fn of_secrets(
        &mut self,
        asked: &Asked,
        full_name: Option<&str>,
        home: &str,
        rest: &[&str],
    ) -> Answer {
        self.shelf(home);
        let shelf = &self.shelves[home];
        match (asked.method.as_str(), rest) {
            ("GET", []) => {
                let mut query = asked.url.query_pairs();
                let is_first = !query.any(|(key, page)| key == "page" && page != "1");
                self.watch.read(home, is_first, self.tick, &shelf.secrets);
                // What is full would be read in dozens of small pages.
                let page_size = match shelf.secrets.len() {
                    0..20 => self.page_size,
                    _ => 100,
                };
                let all = shelf.secrets.iter();
                let all = all.map(|(name, secret)| secret.describe(name));
                page(&asked.url, page_size, "secrets", all.collect())
            }
            ("GET", ["public-key"]) => shelf.key.answer(),
            ("GET", [name]) => self.look_up(home, name),
            ("GET", [name, "repositories"]) => match shelf.secrets.get(*name) {
                None => Answer::not_found(),
                Some(secret) => self.list_selected(asked, secret),
            },
            ("PUT", [name]) => self.put(asked, full_name, home, name),
            ("DELETE", [name]) => self.delete(full_name, home, name),
            other => panic!("the server does not know {other:?}"),
        }
    }

    fn look_up(&mut self, home: &str, name: &str) -> Answer {
        let secret = self.shelves[home].secrets.get(name);
        self.watch.look(home, name, self.tick, secret);
        let Some(secret) = secret else {
            return Answer::not_found();
        };
        if self.watch.run().is_calm
            && let Some(past) = self.past.get_mut(&key(home, name))
        {
            past.read_back = Some(secret.updated);
        }
        Answer::json(200, secret.describe(name))
    }

    fn list_selected(&self, asked: &Asked, secret: &Secret) -> Answer {
        let access = secret.access.as_ref().expect("a choice");
        let visibility = access.visibility.as_deref();
        if visibility.is_some_and(|visibility| visibility != "selected") {
            return Answer::status(409);
        }
        let all = access.ids.iter().map(|id| *id as usize - 100);
        let all = all.filter(|index| !self.repositories[*index].is_deleted);
        let all = all.map(|index| self.describe_repository(index));
        page(&asked.url, self.page_size, "repositories", all.collect())
    }

    fn put(&mut self, asked: &Asked, full_name: Option<&str>, home: &str, name: &str) -> Answer {
        let value = match self.shelves[home].key.open(&asked.body) {
            Ok(value) => value.expect("a value"),
            Err(answer) => return answer,
        };
        if self.secret(home, name).is_none() && self.is_full(home) {
            let message = "The number of secrets is at the limit.";
            return Answer::json(422, json!({ "message": message }));
        }
        let access = (full_name.is_none()).then(|| Access::of(&asked.body));
        let (now, tick) = (self.now(), self.tick);
        let write = Write {
            full_name,
            home,
            name,
        };
        let past = self.past.get(&key(home, name));
        let secrets = &self.shelves[home].secrets;
        let sent = (value.as_str(), access.as_ref());
        let is_remade = self.watch.put(&write, past, &self.names, secrets, sent);
        let mut access = access;
        if let Some(access) = &mut access {
            let repositories = &self.repositories;
            let is_there = |id: &u64| !repositories[*id as usize - 100].is_deleted;
            access.ids.retain(is_there);
        }
        let run = self.watch.number;
        let past = self.past.entry(key(home, name)).or_default();
        past.writes = if past.run == run { past.writes + 1 } else { 1 };
        // What reaches a repository that was made anew meanwhile is recorded for the former one.
        past.is_ours = !is_remade;
        past.read_back = None;
        // Two machines that write in one second cannot tell their writes apart.
        past.is_masked = past.run != run && now <= past.written + MASKED;
        past.run = run;
        past.written = now;
        past.value.clone_from(&value);
        let secrets = &mut self.shelf(home).secrets;
        let present = secrets.get(name);
        let created = present.map_or(now, |present| present.created);
        let is_new = present.is_none();
        let same = present.filter(|present| present.access == access);
        let secret = Secret {
            value,
            shared: same.map_or(tick, |present| present.shared),
            access,
            created,
            updated: now,
            is_foreign: false,
        };
        secrets.insert(name.to_owned(), secret);
        Answer::status(if is_new { 201 } else { 204 })
    }

    fn delete(&mut self, full_name: Option<&str>, home: &str, name: &str) -> Answer {
        let write = Write {
            full_name,
            home,
            name,
        };
        let past = self.past.get(&key(home, name));
        self.watch
            .delete(&write, past, &self.names, &self.shelves[home].secrets);
        if let Some(past) = self.past.get_mut(&key(home, name)) {
            past.is_ours = false;
        }
        match self.shelf(home).secrets.remove(name) {
            Some(_) => Answer::status(204),
            None => Answer::not_found(),
        }
    }
}

impl Shelf {
    pub(super) fn replace_key(&mut self, home: &str) {
        self.keys += 1;
        self.key = Key::new(format!("{home} {}", self.keys));
    }
}

/// How many secrets a place can hold; `None` where nothing is documented, or more than anybody here
/// writes.
pub(super) fn most_secrets(home: &str) -> Option<usize> {
    let (owner, store) = home.rsplit_once('/').expect("a store");
    match store {
        "actions" | "codespaces" | "production" if !owner.starts_with("orgs/") => Some(100),
        "codespaces" => Some(100),
        _ => None,
    }
}
