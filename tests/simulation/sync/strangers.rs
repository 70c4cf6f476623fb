//! Everybody else: people who write, delete and share secrets, and who rename, archive, delete,
//! transfer and make anew repositories.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use tokio::time::sleep;

use super::{
    super::rng::Rng,
    leaks::Leaks,
    shelves::most_secrets,
    world::{Access, Secret, State, World, id_at, key},
};

/// What strangers do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Write,
    Create,
    Delete,
    Share,
    Rename,
    MakeAnew,
    Archive,
    Remove,
    Transfer,
    ReplaceKey,
    Found,
    /// Deletes the environment of a repository with its secrets, or makes it again.
    Environment,
    /// Fills a place, or empties it again.
    Fill,
}

/// What they do seldom.
pub(super) const RARE_DEEDS: [Deed; 2] = [Deed::Environment, Deed::Fill];

pub(super) const DEEDS: [Deed; 11] = [
    Deed::Write,
    Deed::Create,
    Deed::Delete,
    Deed::Share,
    Deed::Rename,
    Deed::MakeAnew,
    Deed::Archive,
    Deed::Remove,
    Deed::Transfer,
    Deed::ReplaceKey,
    Deed::Found,
];

/// Names that a file can have, and one that it never has.
const NAMES: [&str; 6] = ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ALPHA", "ZULU"];

/// Does things while a run is under way.
pub(super) async fn meddle(
    world: World,
    deeds: Arc<[Deed]>,
    pause: u64,
    mut rng: Rng,
    leaks: Arc<Mutex<Leaks>>,
) {
    loop {
        sleep(rng.millis(0..=pause)).await;
        let leaks = &mut *leaks.lock().unwrap();
        world.lock().meddle(rng.pick(&deeds), &mut rng, leaks);
    }
}

/// Does some things at one time.
pub(super) fn meddle_at_once(world: &World, deeds: &[Deed], rng: &mut Rng, leaks: &Mutex<Leaks>) {
    for _ in 0..rng.pick(&[0, 0, 1, 2, 4]) {
        let deed = rng.pick(deeds);
        let leaks = &mut *leaks.lock().unwrap();
        world.lock().meddle(deed, rng, leaks);
    }
}

impl State {
    pub(super) fn meddle(&mut self, deed: Deed, rng: &mut Rng, leaks: &mut Leaks) {
        self.tick += 1;
        self.watch.log.push(format!("somebody else: {deed:?}"));
        let index = rng.within(0..=self.repositories.len() as u64 - 1) as usize;
        match deed {
            Deed::Write | Deed::Delete | Deed::Share => self.change_one(deed, rng, leaks),
            Deed::Create => {
                let home = self.some_home(rng);
                let name = rng.pick(&NAMES);
                if self.secret(&home, name).is_none() && self.can_take_more(&home) {
                    let (now, tick) = (self.now(), self.tick);
                    let access = self.some_access(&home, rng);
                    let secret = Secret {
                        value: leaks.value(rng),
                        access,
                        created: now,
                        updated: now,
                        shared: tick,
                        is_foreign: true,
                    };
                    self.shelf(&home).secrets.insert(name.to_owned(), secret);
                    self.touch(&home, name);
                }
            }
            Deed::Archive => {
                let repository = &mut self.repositories[index];
                repository.is_archived = !repository.is_archived;
                self.moved = self.tick;
            }
            Deed::ReplaceKey => {
                let home = self.some_home(rng);
                self.shelf(&home).replace_key(&home);
            }
            Deed::Found => {
                let name = format!("acme/r{}", rng.within(0..=6));
                let is_free = self.names.get(&name).is_none_or(|(index, _)| {
                    let one = &self.repositories[*index];
                    one.is_deleted || one.full_name != name
                });
                if is_free && self.repositories.len() < 12 {
                    self.create(&name);
                }
            }
            Deed::Fill => {
                // One that was read before: the file names it.
                let read = self.shelves.keys();
                let mut read: Vec<_> = read.filter(|home| most_secrets(home).is_some()).collect();
                // Mostly one that has something already.
                if rng.percent(80) {
                    read.sort_by_key(|home| self.count(home) == 0);
                    read.truncate(1 + read.partition_point(|home| self.count(home) > 0) / 2);
                }
                if !read.is_empty() {
                    let home = read[rng.within(0..=read.len() as u64 - 1) as usize].clone();
                    self.fill(&home, rng, leaks);
                }
            }
            _ if self.repositories[index].is_deleted => {}
            Deed::Environment => {
                let id = id_at(index);
                if !self.without_environment.remove(&id) {
                    self.without_environment.insert(id);
                    self.empty(&format!("repos/{id}/environments/production"));
                }
            }
            Deed::Rename | Deed::Transfer => {
                let owner = if matches!(deed, Deed::Rename) {
                    "acme"
                } else {
                    "mallory"
                };
                let name = format!("{owner}/r{}", rng.within(0..=6));
                if self.find(&name).is_none() {
                    self.rename(index, &name);
                }
            }
            Deed::Remove => {
                self.remove_repository(index);
            }
            Deed::MakeAnew => {
                if self.repositories.len() < 12 {
                    let name = self.repositories[index].full_name.clone();
                    self.remove_repository(index);
                    self.create(&name);
                }
            }
        }
    }

    fn can_take_more(&self, home: &str) -> bool {
        let mut without = self.without_environment.iter();
        let is_gone = |id: &u64| home == format!("repos/{id}/environments/production");
        !self.is_full(home) && !without.any(is_gone)
    }

    /// Fills a place with secrets that nobody wishes for, but for a few; or takes them away.
    fn fill(&mut self, home: &str, rng: &mut Rng, leaks: &mut Leaks) {
        let Some(most) = most_secrets(home).filter(|_| self.can_take_more(home)) else {
            let secrets = &mut self.shelf(home).secrets;
            return secrets.retain(|name, _| !name.starts_with("FULL_"));
        };
        let (now, tick) = (self.now(), self.tick);
        let secret = Secret {
            value: leaks.value(rng),
            access: self.some_access(home, rng),
            created: now,
            updated: now,
            shared: tick,
            is_foreign: true,
        };
        let secrets = &mut self.shelf(home).secrets;
        let free = rng.pick(&[0, 0, 0, 1]);
        for number in 0..(most - free).saturating_sub(secrets.len()) {
            secrets.insert(format!("FULL_{number}"), secret.clone());
        }
    }

    /// Deletes all secrets of a place.
    fn empty(&mut self, home: &str) {
        let secrets = std::mem::take(&mut self.shelf(home).secrets);
        for name in secrets.keys() {
            if let Some(past) = self.past.get_mut(&key(home, name)) {
                past.is_ours = false;
            }
            self.touch(home, name);
        }
    }

    /// Changes a secret that is there.
    fn change_one(&mut self, deed: Deed, rng: &mut Rng, leaks: &mut Leaks) {
        let all = self.shelves.iter();
        let all: Vec<_> = all
            .flat_map(|(home, shelf)| shelf.secrets.keys().map(|name| key(home, name)))
            .collect();
        if all.is_empty() {
            return;
        }
        let (home, name) = all[rng.within(0..=all.len() as u64 - 1) as usize].clone();
        let (now, tick) = (self.now(), self.tick);
        let access = self.some_access(&home, rng);
        let secrets = &mut self.shelf(&home).secrets;
        let secret = secrets.get_mut(&name).expect("one of them");
        match deed {
            Deed::Delete => {
                secrets.remove(&name);
                if let Some(past) = self.past.get_mut(&key(&home, &name)) {
                    past.is_ours = false;
                }
            }
            Deed::Share if access.is_none() => return,
            Deed::Share => {
                secret.access = access;
                secret.shared = tick;
                secret.updated = now;
                secret.is_foreign = true;
            }
            _ => {
                secret.value = leaks.value(rng);
                secret.updated = now;
                secret.is_foreign = true;
            }
        }
        self.touch(&home, &name);
    }

    fn touch(&mut self, home: &str, name: &str) {
        self.touched.insert(key(home, name), self.tick);
        if let Some(past) = self.past.get_mut(&key(home, name)) {
            past.touched = self.tick;
        }
    }

    fn some_home(&self, rng: &mut Rng) -> String {
        let index = rng.within(0..=self.repositories.len() as u64 - 1) as usize;
        let store = rng.pick(&[
            "actions",
            "actions",
            "dependabot",
            "environments/production",
        ]);
        match rng.within(0..=7) {
            0 => format!(
                "orgs/acme/{}",
                rng.pick(&["actions", "dependabot", "agents"])
            ),
            1 => "user/codespaces".to_owned(),
            _ => format!("repos/{}/{store}", id_at(index)),
        }
    }

    fn some_access(&self, home: &str, rng: &mut Rng) -> Option<Access> {
        let of_user = home.starts_with("user/");
        if !of_user && !home.starts_with("orgs/") {
            return None;
        }
        let visibility = rng.pick(&["all", "private", "selected", "selected"]);
        let mut ids = BTreeSet::new();
        if of_user || visibility == "selected" {
            let all =
                (0..self.repositories.len()).filter(|one| !self.repositories[*one].is_deleted);
            let all = all.map(id_at);
            ids = all.filter(|_| rng.percent(40)).collect();
        }
        let visibility = (!of_user).then(|| visibility.to_owned());
        Some(Access { visibility, ids })
    }
}
