//! Looks at every write of ours when it takes effect, and complains about those that the file, the
//! state and what was read before do not allow.

mod run;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

use self::run::{Names, Reading, Secrets};
pub(super) use self::run::{Planned, Run, Write, repository};
use super::{
    MASKED,
    file::Wish,
    record::Written,
    world::{Access, Past, Secret, key},
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

/// How long after its reading a place can be written to: ten minutes, and the time of one call.
const OLDEST: Duration = Duration::from_secs(10 * 60 + 300);

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
            run.planned_ids
                .entry(full_name.to_owned())
                .or_default()
                .insert(id);
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
        let run = self.run_mut();
        if run.plan.is_none() {
            return;
        }
        let reading = run.readings.entry(home.to_owned());
        let reading = reading.or_insert_with(|| Reading {
            at: Instant::now(),
            tick,
            secrets: BTreeMap::new(),
            is_fresh: false,
            looked_at: BTreeSet::new(),
        });
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
        let now = Instant::now();
        let departed = run.departed.entry(path.to_owned()).or_insert((0, now));
        *departed = (departed.0 + 1, now);
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
                    let may_be_ours = was_sent || run.had_sent(write, reading);
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
        if let Some(planned) = &run.plan {
            let left = planned.writes.saturating_sub(run.written.len());
            let later: usize = planned.later.values().sum();
            let makes_room = left <= later && run.is_full(home);
            if left > 0 && !makes_room || planned.problems > 0 {
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
                Some(reading) if reading.is_fresh || reading.looked_at.contains(name) => {
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
                _ => complaints.push("was deleted without another look at it"),
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
