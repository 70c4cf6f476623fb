//! Looks at every write of ours when it takes effect, and complains about those that the file, the
//! state and what was read before do not allow.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    MASKED,
    file::{Sharing, Wish},
    record::{Records, Written},
    world::{Access, Past, Secret, id_at, key},
};

#[derive(Default)]
pub(super) struct Watch {
    pub(super) complaints: Vec<String>,
    pub(super) log: Vec<String>,
    /// The number of the run that a request is from.
    pub(super) number: u64,
    /// All runs by their numbers.
    pub(super) runs: BTreeMap<u64, Run>,
}

/// What is known of a run, by what it was given and what it read.
#[derive(Default)]
pub(super) struct Run {
    pub(super) wishes: BTreeMap<(String, String), Wish>,
    /// The records that it began with.
    pub(super) records: Records,
    pub(super) take_over: bool,
    pub(super) prune: bool,
    pub(super) keep_changed: bool,
    pub(super) max_deletes: usize,
    /// Whether all its requests are answered, and its states saved for good.
    pub(super) is_calm: bool,
    /// What is to be done, once that is planned.
    pub(super) plan: Option<Planned>,
    /// The times that secrets had while it was planned.
    planned: BTreeMap<(String, String), BTreeSet<u64>>,
    /// The ids that names had while it was planned.
    planned_ids: BTreeMap<String, BTreeSet<u64>>,
    /// The ids that names had since, and when they were read, in order. Two places of a repository
    /// look it up on their own.
    looked_up: BTreeMap<String, Vec<(u64, u64)>>,
    readings: BTreeMap<String, Reading>,
    written: BTreeSet<(String, String)>,
    /// How often each path was written to, whether that arrived or not.
    departed: BTreeMap<String, u32>,
    deleted: BTreeSet<(String, String)>,
}

#[derive(Clone, Copy)]
pub(super) struct Planned {
    pub(super) writes: usize,
    pub(super) deletes: usize,
    pub(super) problems: usize,
}

/// What a place had when its list was read last.
struct Reading {
    at: Instant,
    tick: u64,
    /// The secrets that were there on every page, and their times.
    secrets: BTreeMap<String, u64>,
    /// Whether nothing was written there since.
    is_fresh: bool,
    /// The secrets that were looked at since they were written. A write that was given up can still
    /// arrive in between.
    looked_at: BTreeSet<String>,
}

/// A write or a delete that arrives.
pub(super) struct Write<'w> {
    /// The name by which the repository was addressed.
    pub(super) full_name: Option<&'w str>,
    pub(super) home: &'w str,
    pub(super) name: &'w str,
}

/// How long after its reading a place can be written to: ten minutes, and the time of one call.
const OLDEST: Duration = Duration::from_secs(10 * 60 + 300);

type Names = BTreeMap<String, (usize, u64)>;
type Secrets = BTreeMap<String, Secret>;

impl Watch {
    /// A run begins to plan.
    pub(super) fn begin(&mut self, number: u64, run: Run) {
        self.runs.insert(number, run);
    }

    /// A run has planned, and begins to write.
    pub(super) fn planned(&mut self, number: u64, planned: Planned) {
        self.runs.get_mut(&number).expect("a run").plan = Some(planned);
    }

    pub(super) fn run(&self) -> &Run {
        &self.runs[&self.number]
    }

    fn run_mut(&mut self) -> &mut Run {
        self.runs.get_mut(&self.number).expect("a run")
    }

    pub(super) fn complain(&mut self, complaint: String) {
        self.log.push(complaint.clone());
        self.complaints.push(complaint);
    }

    /// The server says which repository a name leads to.
    pub(super) fn name_leads_to(&mut self, full_name: &str, id: u64, tick: u64) {
        let run = self.run_mut();
        if run.plan.is_some() {
            let looked_up = run.looked_up.entry(full_name.to_owned());
            looked_up.or_default().push((id, tick));
        } else {
            run.planned_ids.entry(full_name.to_owned()).or_default().insert(id);
        }
    }

    /// A page of the secrets of a place is read.
    pub(super) fn read(&mut self, home: &str, is_first: bool, tick: u64, secrets: &Secrets) {
        let run = self.run_mut();
        if run.plan.is_none() {
            for (name, secret) in secrets {
                let times = run.planned.entry(key(home, name)).or_default();
                times.insert(secret.updated);
            }
            return;
        }
        let mut there: BTreeMap<_, _> = secrets
            .iter()
            .map(|(name, secret)| (name.clone(), secret.updated))
            .collect();
        if let Some(before) = run.readings.get(home).filter(|_| !is_first) {
            there.retain(|name, _| before.secrets.contains_key(name));
        }
        let reading = Reading {
            at: Instant::now(),
            tick,
            secrets: there,
            is_fresh: true,
            looked_at: BTreeSet::new(),
        };
        run.readings.insert(home.to_owned(), reading);
    }

    /// One secret of a place is read.
    pub(super) fn look(&mut self, home: &str, name: &str, tick: u64, secret: Option<&Secret>) {
        let Some(reading) = self.run_mut().readings.get_mut(home) else {
            return;
        };
        reading.at = Instant::now();
        reading.tick = tick;
        reading.looked_at.insert(name.to_owned());
        match secret {
            Some(secret) => reading.secrets.insert(name.to_owned(), secret.updated),
            None => reading.secrets.remove(name),
        };
    }

    /// A value leaves a machine.
    pub(super) fn departs(&mut self, number: u64, path: &str) {
        let run = self.runs.get_mut(&number).expect("a run");
        *run.departed.entry(path.to_owned()).or_default() += 1;
    }

    /// A request that changes something arrives.
    pub(super) fn wrote(&mut self, line: &str) {
        if self.run().plan.is_none() {
            self.complain(format!("{line} was sent while planning"));
        }
    }

    /// A value arrives. Returns whether it reaches a repository that was made anew since its name
    /// was looked up.
    pub(super) fn put(
        &mut self,
        write: &Write<'_>,
        past: Option<&Past>,
        names: &Names,
        secrets: &Secrets,
        (value, access): (&str, Option<&Access>),
    ) -> bool {
        let (home, name) = (write.home, write.name);
        self.log.push(format!("PUT {home} {name} {value}"));
        let run = self.run();
        let is_remade = run.is_remade(write, names);
        let wishes = run.wishes_of(write, names);
        let present = secrets.get(name);
        let record = run.records.get(&key(home, name));
        let reading = run.readings.get(home);
        let mut complaints = Vec::new();
        let wanted = wishes.iter().find_map(|wish| match wish {
            Wish::Present {
                value: wanted,
                access,
                keeps,
            } if wanted == value => Some((access, *keeps)),
            _ => None,
        });
        match wanted {
            None => complaints.push("is not what the file wants"),
            Some((Some(sharing), keeps)) => {
                let seen = reading.is_some_and(|reading| {
                    present.is_some_and(|present| {
                        reading.secrets.contains_key(name) && present.shared <= reading.tick
                    })
                });
                let kept = present.and_then(|present| present.access.as_ref());
                let expected = run.access(sharing, home);
                if keeps && seen {
                    if access != kept {
                        complaints.push("does not keep who can use it");
                    }
                } else if !keeps && expected.is_some() && access != expected.as_ref() {
                    complaints.push("is not for those whom the file names");
                }
            }
            Some((None, _)) => {}
        }
        if !is_remade {
            match reading {
                None => complaints.push("was written without another reading of its place"),
                Some(reading) if reading.at.elapsed() > OLDEST => {
                    complaints.push("was written long after the reading of its place");
                }
                Some(reading) => {
                    let was_there = reading.secrets.contains_key(name) && present.is_some();
                    let was_sent = run.written.contains(&key(home, name));
                    // What is there may be of an attempt whose response was lost.
                    let may_be_ours = was_sent || run.has_tried_before(write);
                    let is_read = reading.is_fresh || reading.looked_at.contains(name);
                    if !is_read && !was_sent {
                        complaints.push("was written without another look at it");
                    }
                    let can_be_ours = present.zip(record).is_some_and(|(present, record)| {
                        // It can also have been made anew after the reading.
                        let is_newer = past.is_some_and(|past| past.touched > reading.tick);
                        record.can_be_of(present.created) || is_newer
                    });
                    if was_there && !can_be_ours && !run.take_over && !may_be_ours {
                        complaints.push("overwrote what is not ours");
                    }
                    let is_kept = |present: &Secret| {
                        // Of what another machine has written meanwhile, this state knows nothing.
                        let is_foreign = present.is_foreign
                            && past.is_some_and(|past| {
                                past.value == value
                                    && past.touched <= reading.tick
                                    && record.is_some_and(|record| record.knows(past.written))
                            });
                        let changed = reading.secrets.get(name).zip(record);
                        is_foreign
                            && changed.is_some_and(|(updated, record)| match record {
                                // By then, what was begun has arrived if it ever does.
                                Written::Begun(until) => updated > until,
                                record => !record.is_of(*updated),
                            })
                    };
                    if run.keep_changed && !may_be_ours && present.is_some_and(is_kept) {
                        complaints.push("overwrote what the file says to keep");
                    }
                }
            }
        }
        let record = record.copied();
        for complaint in complaints {
            self.complain(format!("{home} {name} {complaint}: {present:?} {record:?}"));
        }
        let run = self.run_mut();
        run.written.insert(key(home, name));
        if let Some(reading) = run.readings.get_mut(home) {
            reading.is_fresh = false;
            reading.looked_at.remove(name);
        }
        is_remade
    }

    pub(super) fn delete(
        &mut self,
        write: &Write<'_>,
        past: Option<&Past>,
        names: &Names,
        secrets: &Secrets,
    ) {
        let (home, name) = (write.home, write.name);
        self.log.push(format!("DELETE {home} {name}"));
        let again = !self.run_mut().deleted.insert(key(home, name));
        let run = self.run();
        let present = secrets.get(name);
        let record = run.records.get(&key(home, name)).copied();
        let reading = run.readings.get(home);
        let mut complaints = Vec::new();
        if let Some(planned) = run.plan {
            if run.written.len() < planned.writes || planned.problems > 0 {
                complaints.push("was deleted although not everything else is done");
            }
            if planned.deletes > run.max_deletes || run.deleted.len() > run.max_deletes {
                complaints.push("is one delete too many");
            }
        }
        let wishes = run.wishes_of(write, names);
        let is_named = wishes.iter().any(|wish| matches!(wish, Wish::Absent));
        if !run.is_remade(write, names) && !again {
            match reading {
                Some(reading) if reading.is_fresh => {
                    let updated = reading.secrets.get(name);
                    let planned = run.planned.get(&key(home, name));
                    if updated.is_some_and(|at| planned.is_none_or(|all| !all.contains(at))) {
                        complaints.push("was deleted, and changed after it was planned");
                    }
                    let of_record = record.zip(updated);
                    let is_unchanged = of_record.is_some_and(|(record, at)| record.is_of(*at));
                    // A change right after our write is taken for it.
                    let is_foreign = present.is_some_and(|present| {
                        present.is_foreign
                            && present.updated > past.map_or(0, |past| past.written + MASKED)
                            && past.is_none_or(|past| past.touched <= reading.tick)
                    });
                    let is_pruned = run.prune && is_unchanged && !is_foreign && wishes.is_empty();
                    if present.is_some() && !is_named && !is_pruned {
                        complaints.push("was deleted, and is not ours to delete");
                    }
                }
                _ => complaints.push("was deleted without another reading of its place"),
            }
        } else if !is_named && !run.prune {
            complaints.push("was deleted, and nobody asked for it");
        }
        for complaint in complaints {
            self.complain(format!("{home} {name} {complaint}: {present:?} {record:?}"));
        }
        if let Some(reading) = self.run_mut().readings.get_mut(home) {
            reading.is_fresh = false;
            reading.looked_at.remove(name);
        }
    }
}

impl Run {
    /// Returns whether a secret was written or deleted.
    pub(super) fn took_effect(&self, home: &str, name: &str) -> bool {
        let key = key(home, name);
        self.written.contains(&key) || self.deleted.contains(&key)
    }

    /// What the file wants of a secret: of one place, by the names that it had when that was
    /// planned.
    fn wishes_of(&self, write: &Write<'_>, names: &Names) -> Vec<&Wish> {
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

    fn has_tried_before(&self, write: &Write<'_>) -> bool {
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
        self.departed.get(&path).is_some_and(|times| *times > 1)
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

    fn is_remade(&self, write: &Write<'_>, names: &Names) -> bool {
        self.remade_from(write, names).is_some()
    }

    /// Returns who is to use a secret; `None` if the ids are not certain.
    fn access(&self, sharing: &Sharing, home: &str) -> Option<Access> {
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
pub(super) fn repository(place: &str) -> Option<(&str, &str)> {
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
