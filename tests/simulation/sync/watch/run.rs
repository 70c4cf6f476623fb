//! What is known of a run, by what it was given and what it read.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

use super::super::{
    file::{Sharing, Wish},
    record::Records,
    world::{Access, Secret, id_at, key},
};

/// A run: what it was given, what it read, and what it wrote.
#[derive(Default)]
pub(in super::super) struct Run {
    pub(in super::super) wishes: BTreeMap<(String, String), Wish>,
    /// The records that it began with.
    pub(in super::super) records: Records,
    pub(in super::super) take_over: bool,
    pub(in super::super) prune: bool,
    pub(in super::super) keep_changed: bool,
    pub(in super::super) max_deletes: usize,
    /// Whether all its requests are answered, and its states saved for good.
    pub(in super::super) is_calm: bool,
    /// What is to be done, once that is planned.
    pub(in super::super) plan: Option<Planned>,
    /// The times that secrets had while it was planned.
    pub(super) planned: BTreeMap<(String, String), BTreeSet<u64>>,
    /// The ids that names had while it was planned.
    pub(super) planned_ids: BTreeMap<String, BTreeSet<u64>>,
    /// The ids that names had since, and when they were read, in order. Two places of a repository
    /// look it up on their own.
    pub(super) looked_up: BTreeMap<String, Vec<(u64, u64)>>,
    pub(super) readings: BTreeMap<String, Reading>,
    pub(super) written: BTreeSet<(String, String)>,
    /// How often each path was written to, whether that arrived or not, and when last.
    pub(super) departed: BTreeMap<String, (u32, Instant)>,
    pub(super) deleted: BTreeSet<(String, String)>,
}

pub(in super::super) struct Planned {
    pub(in super::super) writes: usize,
    pub(in super::super) deletes: usize,
    pub(in super::super) problems: usize,
    /// How many secrets are created after deletes, in each full place.
    pub(in super::super) later: BTreeMap<String, usize>,
}

/// What a place had when its list was read last.
pub(super) struct Reading {
    pub(super) at: Instant,
    pub(super) tick: u64,
    /// The secrets that were there on every page, and their times.
    pub(super) secrets: BTreeMap<String, u64>,
    /// Whether nothing was written there since.
    pub(super) is_fresh: bool,
    /// The secrets that were looked at since they were written. A write that was given up can still
    /// arrive in between.
    pub(super) looked_at: BTreeSet<String>,
}

/// A write or a delete that arrives.
pub(in super::super) struct Write<'w> {
    /// The name by which the repository was addressed.
    pub(in super::super) full_name: Option<&'w str>,
    pub(in super::super) home: &'w str,
    pub(in super::super) name: &'w str,
}

pub(super) type Names = BTreeMap<String, (usize, u64)>;
pub(super) type Secrets = BTreeMap<String, Secret>;

impl Run {
    /// Returns whether a secret was written or deleted.
    pub(in super::super) fn took_effect(&self, home: &str, name: &str) -> bool {
        let key = key(home, name);
        self.written.contains(&key) || self.deleted.contains(&key)
    }

    /// What the file wants of a secret: of one place, by the names that it had when that was
    /// planned.
    pub(super) fn wishes_of(&self, write: &Write<'_>, names: &Names) -> Vec<&Wish> {
        let mut wishes = Vec::new();
        for ((place, name), wish) in &self.wishes {
            let is_there = match repository(place) {
                None => place == write.home,
                Some((full_name, tail)) => {
                    let ids = self.planned_ids.get(full_name);
                    let is_id = |id| ids.is_some_and(|ids| ids.contains(&id));
                    let (id, home_tail) = id_and_tail(write.home);
                    let remade = self.remade_from(write, names);
                    tail == home_tail && (is_id(id) || remade.is_some_and(is_id))
                }
            };
            if is_there && name == write.name {
                wishes.push(wish);
            }
        }
        wishes
    }

    /// Returns whether deletes make room in a place, by the names that it had while that was
    /// planned.
    pub(super) fn is_full(&self, home: &str) -> bool {
        let Some(planned) = &self.plan else {
            return false;
        };
        planned.later.keys().any(|place| match repository(place) {
            None => place == home,
            Some((full_name, tail)) => {
                let (id, home_tail) = id_and_tail(home);
                let ids = self.planned_ids.get(full_name);
                tail == home_tail && ids.is_some_and(|ids| ids.contains(&id))
            }
        })
    }

    /// Returns whether the run had sent the write when it read the place: more than once, or this
    /// one, which it has given up since.
    pub(super) fn had_sent(&self, write: &Write<'_>, reading: &Reading) -> bool {
        let Write {
            full_name,
            home,
            name,
        } = write;
        let path = match full_name {
            Some(full_name) => {
                let (_, tail) = id_and_tail(home);
                format!("/repos/{full_name}/{tail}/secrets/{name}")
            }
            None => format!("/{home}/secrets/{name}"),
        };
        let departed = self.departed.get(&path);
        departed.is_some_and(|(times, last)| *times > 1 || reading.at > *last)
    }

    /// Returns the id that the repository had when its name was looked up for this write, if that
    /// name has passed to another repository since: in the one round trip that is accepted.
    fn remade_from(&self, write: &Write<'_>, names: &Names) -> Option<u64> {
        let full_name = write.full_name?;
        let (index, since) = names.get(full_name)?;
        // Another place of the repository may have looked it up after that.
        let planned = self.planned_ids.get(full_name)?;
        let mut before = self.looked_up.get(full_name)?.iter().rev();
        let is_before =
            |(id, tick): &&(u64, u64)| planned.contains(id) && id_at(*index) != *id && since > tick;
        before.find(is_before).map(|(id, _)| *id)
    }

    pub(super) fn is_remade(&self, write: &Write<'_>, names: &Names) -> bool {
        self.remade_from(write, names).is_some()
    }

    /// Returns who is to use a secret; `None` if the ids are not certain.
    pub(super) fn access(&self, sharing: &Sharing, home: &str) -> Option<Access> {
        let visibility = |text: &str| (home != "user/codespaces").then(|| text.to_owned());
        let (text, names) = match sharing {
            Sharing::All => ("all", &Vec::new()),
            Sharing::Private => ("private", &Vec::new()),
            Sharing::Selected(names) => ("selected", names),
        };
        let id = |name: &String| {
            let ids = self.planned_ids.get(name).filter(|ids| ids.len() == 1)?;
            ids.first().copied()
        };
        let ids: Option<BTreeSet<u64>> = names.iter().map(id).collect();
        let ids = ids?;
        let visibility = visibility(text);
        Some(Access { visibility, ids })
    }
}

/// Returns the repository of a place, and what of it the place is.
pub(in super::super) fn repository(place: &str) -> Option<(&str, &str)> {
    let rest = place.strip_prefix("repos/")?;
    let (owner_end, _) = rest.match_indices('/').nth(1)?;
    Some((&rest[..owner_end], &rest[owner_end + 1..]))
}

fn id_and_tail(home: &str) -> (u64, &str) {
    let rest = home
        .strip_prefix("repos/")
        .and_then(|rest| rest.split_once('/'));
    match rest {
        Some((id, tail)) => (id.parse().expect("an id"), tail),
        None => (0, home),
    }
}
