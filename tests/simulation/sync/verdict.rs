//! What must be so after a run.

use std::collections::BTreeSet;

use super::{
    MASKED, Schedule,
    file::{Sharing, Wish},
    record::{Written, records},
    run::{Party, Ran, Trouble},
    shelves::most_secrets,
    watch::repository,
    world::{Access, State, id_at, key},
};
use crate::{
    Limits,
    sync::{Plan, PlannedPlace, Skipped, Step, StepError, StepKind, StepReason},
};

impl Schedule {
    pub(super) fn complain(&self, complaint: String) {
        self.world.lock().watch.complain(complaint);
    }

    /// Checks that each step has one result, and that nothing is said to be left out that took
    /// effect.
    pub(super) fn check_results(&self, party: &Party, ran: &Ran) {
        let mut seen = BTreeSet::new();
        for one in &ran.applied {
            if !seen.insert((one.place.to_string(), one.name.to_string())) {
                self.complain(format!("two results: {one:?}"));
            }
            // Of other steps, another one by another name can have taken effect in the same place.
            let unsaved = matches!(one.result, Err(StepError::Skipped(Skipped::StateNotSaved)));
            let is_skipped = one.kind == StepKind::Delete && unsaved;
            let (place, name) = (one.place.to_string(), one.name.as_str());
            if is_skipped && self.took_effect(party, &place, name) {
                self.complain(format!("took effect: {one:?}"));
            }
        }
    }

    fn took_effect(&self, party: &Party, place: &str, name: &str) -> bool {
        let state = self.world.lock();
        let home = state.home(place);
        let run = &state.watch.runs[&party.number];
        home.is_some_and(|home| run.took_effect(&home, name))
    }

    /// Checks that the state says of nothing that it was begun which was not sent, and has no part
    /// of a value.
    pub(super) fn check_begun(&self, party: &Party) {
        let disk = party.disk.lock();
        let Some(bytes) = disk.state() else {
            return;
        };
        self.search("a state", bytes);
        if disk.has_failed {
            return;
        }
        let sent = party.machine.sent();
        let state = self.world.lock();
        let before = &state.watch.runs[&party.number].records;
        let mut complaints = Vec::new();
        for ((home, name), record) in records(bytes) {
            let tail = home.splitn(3, '/').nth(2).unwrap_or_default();
            let was_sent = sent.written.iter().any(|path| {
                path.ends_with(&format!("/{tail}/secrets/{name}"))
                    || path.ends_with(&format!("/{home}/secrets/{name}"))
            });
            let before = before.get(&key(&home, &name));
            let was_begun = matches!(before, Some(Written::Begun(_)));
            if matches!(record, Written::Begun(_)) && !was_sent && !was_begun {
                complaints.push(format!(
                    "{home} {name} is said to be begun, and was not sent"
                ));
            }
        }
        drop((state, disk, sent));
        complaints.into_iter().for_each(|one| self.complain(one));
    }

    /// Checks that GitHub has what the file wants, as far as nobody else has touched it since.
    pub(super) fn check_wanted(&self, since: u64) {
        let complaints = {
            let state = self.world.lock();
            if state.moved > since {
                return;
            }
            let wishes = self.file.wishes.iter();
            let untouched = wishes.filter(|((place, name), _)| {
                let home = state.home(place).unwrap_or_default();
                state
                    .touched
                    .get(&key(&home, name))
                    .is_none_or(|at| *at <= since)
            });
            let complaints =
                untouched.filter_map(|((place, name), wish)| state.differs(place, name, wish));
            complaints.collect::<Vec<_>>()
        };
        complaints.into_iter().for_each(|one| self.complain(one));
    }

    /// Does a run that nothing disturbs, and looks at what is left to do then.
    pub(super) async fn last_run(&mut self) {
        self.forget_requests(Limits::none());
        let party = self.party(None);
        let plan = match self.plan(&party, Trouble::none()).await {
            Ok(plan) => plan,
            Err(error) => return self.complain(format!("the last run cannot be planned: {error}")),
        };
        let mut left = self.check_plan(&plan);
        let has_problem = plan.places().iter().any(|one| one.problem.is_some());
        let too_many = plan.deletes() > plan.max_deletes();
        let is_held = plan.deletes() > 0 && (has_problem || too_many);
        let later: BTreeSet<_> = plan.places().iter().flat_map(later).collect();
        let is_complete = plan.is_complete();
        if is_complete != (!has_problem && left.is_empty() && !too_many) {
            self.complain(format!("is_complete is {is_complete}, and {left:?} left"));
        }
        if is_held {
            left.extend(later.iter().cloned());
        }
        drop(plan);
        let Some(ran) = self.run(Trouble::none()).await else {
            return self.complain("the last run did not come to its end".to_owned());
        };
        if ran.is_complete != is_complete {
            self.complain(format!(
                "complete is {}: {:?}",
                ran.is_complete, ran.applied
            ));
        }
        for one in &ran.applied {
            let is_fine = match &one.result {
                Ok(_) => true,
                Err(StepError::Skipped(Skipped::TooManyDeletes)) => too_many,
                Err(StepError::Skipped(Skipped::Incomplete)) => has_problem,
                Err(StepError::Skipped(Skipped::NoRoom)) => is_held,
                Err(StepError::Skipped(Skipped::Problem)) => has_problem,
                Err(_) => false,
            };
            if !is_fine {
                self.complain(format!("the last run did not do it: {one:?}"));
            }
        }
        self.check_all(&left, is_held);
        let party = self.party(None);
        let plan = self.plan(&party, Trouble::none()).await;
        match plan {
            Ok(plan) if plan.is_empty() || is_held && plan.writes() == later.len() => {}
            Ok(plan) => self.complain(format!("something is left to do: {plan:?}")),
            Err(error) => self.complain(format!("it cannot be planned any more: {error}")),
        }
    }

    /// Checks the problems of a plan, and returns the secrets that are left alone: by place and
    /// name, or all of a place.
    fn check_plan(&self, plan: &Plan) -> BTreeSet<(String, Option<String>)> {
        let (mut left, mut complaints) = (BTreeSet::new(), Vec::new());
        let state = self.world.lock();
        for place in plan.places() {
            let asked = place
                .renamed_from
                .as_ref()
                .unwrap_or(&place.place)
                .to_string();
            if let Some(problem) = &place.problem {
                if !self.explains(&state, place, &asked) {
                    complaints.push(format!("{asked} has no problem: {problem}"));
                }
                left.insert((asked, None));
                continue;
            }
            let home = state.home(&asked).unwrap_or_default();
            let excess = self.excess(&state, &asked);
            if excess > place.count(StepKind::Delete) {
                complaints.push(format!("{asked} would hold too much"));
            }
            if excess != place.later() {
                let later = place.later();
                complaints.push(format!("{asked} has no room for {excess}, not {later}"));
            }
            for step in place.steps.iter().filter(|step| step.is_unresolved()) {
                if !self.may_be_left(&state, &home, step) {
                    complaints.push(format!("{asked} was not to be left alone: {step:?}"));
                }
                left.insert((asked.clone(), Some(step.name.to_string())));
            }
        }
        drop(state);
        complaints.into_iter().for_each(|one| self.complain(one));
        left
    }

    fn may_be_left(&self, state: &State, home: &str, step: &Step) -> bool {
        let name = step.name.as_str();
        let past = state.past.get(&key(home, name));
        let secret = state.secret(home, name);
        match step.reason {
            StepReason::NotOurs => {
                // By an odd date a write of ours can be too late.
                let is_vague = !self.is_honest || self.has_odd_dates;
                is_vague || past.is_none_or(|past| !past.is_ours)
            }
            StepReason::ChangedElsewhere => {
                let is_foreign = secret.is_some_and(|secret| secret.is_foreign);
                // Responses that were lost, or dated oddly, leave nothing to recognize it by.
                let is_vague = past.is_some_and(|past| past.writes > 1) || self.has_odd_dates;
                // So does a reading that comes late, where clocks differ by more than a second.
                let is_vague = is_vague || state.skew > 1;
                self.file.keep_changed && (is_foreign || is_vague || !self.is_honest)
            }
            _ => false,
        }
    }

    /// Returns for how many of the secrets that are wanted of a place there is no room before
    /// others are deleted.
    fn excess(&self, state: &State, asked: &str) -> usize {
        let Some((home, most)) = state.home(asked).and_then(|home| {
            let most = most_secrets(&home)?;
            Some((home, most))
        }) else {
            return 0;
        };
        let there = |name: &str| state.secret(&home, name).is_some();
        let wishes = self.file.wishes.iter();
        let new = wishes.filter(|((place, name), wish)| {
            place == asked && matches!(wish, Wish::Present { .. }) && !there(name)
        });
        let room = most.saturating_sub(state.count(&home));
        new.count().saturating_sub(room)
    }

    /// Returns whether something is wrong with a place.
    fn explains(&self, state: &State, place: &PlannedPlace, asked: &str) -> bool {
        if self.excess(state, asked) > place.count(StepKind::Delete) {
            return true;
        }
        let Some((full_name, _)) = repository(asked) else {
            let selected = self.file.wishes.iter().filter(|((at, _), _)| at == asked);
            let mut names = selected.flat_map(|(_, wish)| match wish {
                Wish::Present {
                    access: Some(Sharing::Selected(names)),
                    ..
                } => names.as_slice(),
                _ => &[],
            });
            // An organization's secret reaches its own repositories only.
            let is_foreign = |name: &str| asked.starts_with("orgs/") && !name.starts_with("acme/");
            return names.any(|name| state.is_lost(name) || is_foreign(name));
        };
        if state.is_lost(full_name) {
            return true;
        }
        let index = state.find(full_name).expect("a repository");
        if asked.contains("/environments/") && state.without_environment.contains(&id_at(index)) {
            return true;
        }
        let is_change = place.steps.iter().any(Step::is_change);
        if is_change && state.repositories[index].is_archived {
            return true;
        }
        // Another name leads to the same place.
        let home = state.home(asked);
        let mut places = self.file.wishes.keys().map(|(place, _)| place);
        places.any(|other| other != asked && state.home(other) == home)
    }

    fn check_all(&self, left: &BTreeSet<(String, Option<String>)>, is_held: bool) {
        let complaints: Vec<_> = {
            let state = self.world.lock();
            let wishes = self.file.wishes.iter();
            let due = wishes.filter(|((place, name), wish)| {
                let of_place = (place.clone(), None);
                let of_secret = (place.clone(), Some(name.clone()));
                let is_left = left.contains(&of_place) || left.contains(&of_secret);
                !(is_left || is_held && **wish == Wish::Absent)
            });
            due.filter_map(|((place, name), wish)| state.differs(place, name, wish))
                .collect()
        };
        complaints.into_iter().for_each(|one| self.complain(one));
    }
}

/// Returns the secrets of a place that are created after its deletes.
fn later(place: &PlannedPlace) -> impl Iterator<Item = (String, Option<String>)> {
    let asked = place.renamed_from.as_ref().unwrap_or(&place.place);
    let asked = asked.to_string();
    let steps = place.steps.iter();
    let steps = steps.filter(|step| step.after_deletes && place.problem.is_none());
    steps.map(move |step| (asked.clone(), Some(step.name.to_string())))
}

impl State {
    /// Returns whether a name leads to no repository of its owner.
    fn is_lost(&self, full_name: &str) -> bool {
        let owner = full_name.split_once('/').map(|(owner, _)| owner);
        self.find(full_name).is_none_or(|index| {
            let present = &self.repositories[index].full_name;
            present.split_once('/').map(|(owner, _)| owner) != owner
        })
    }

    /// Returns how a secret differs from what is wanted of it.
    fn differs(&self, place: &str, name: &str, wish: &Wish) -> Option<String> {
        let home = self.home(place)?;
        let secret = self.secret(&home, name);
        let past = self.past.get(&key(&home, name));
        match (wish, secret) {
            (Wish::Absent, None) => None,
            (Wish::Absent, Some(_)) => Some(format!("{place} {name} is still there")),
            (Wish::Present { .. }, None) => Some(format!("{place} {name} is missing")),
            (
                Wish::Present {
                    value,
                    access,
                    keeps,
                },
                Some(secret),
            ) => {
                // A change right after our write is taken for it, unless its time had been read by
                // then.
                let is_masked = past.is_some_and(|past| {
                    let is_read = past.read_back.is_some_and(|at| at != secret.updated);
                    let by_others = secret.is_foreign || past.is_masked;
                    by_others && secret.updated <= past.written + MASKED && !is_read
                });
                let expected = access.as_ref().map(|access| self.access(access, &home));
                if secret.value != *value && !is_masked {
                    Some(format!("{place} {name} has another value: {secret:?}"))
                } else if !keeps && self.seen(secret.access.as_ref()) != expected {
                    Some(format!(
                        "{place} {name} is not for {expected:?}: {secret:?}"
                    ))
                } else {
                    None
                }
            }
        }
    }

    fn access(&self, sharing: &Sharing, home: &str) -> Access {
        let (visibility, names) = match sharing {
            Sharing::All => ("all", &[][..]),
            Sharing::Private => ("private", &[][..]),
            Sharing::Selected(names) => ("selected", names.as_slice()),
        };
        let ids = names.iter().filter_map(|name| self.find(name)).map(id_at);
        Access {
            visibility: (home != "user/codespaces").then(|| visibility.to_owned()),
            ids: ids.collect(),
        }
    }

    /// Returns who can use a secret, without repositories that are gone.
    fn seen(&self, access: Option<&Access>) -> Option<Access> {
        let access = access?;
        let ids = access.ids.iter().copied();
        let ids = ids.filter(|id| !self.repositories[*id as usize - 100].is_deleted);
        Some(Access {
            visibility: access.visibility.clone(),
            ids: ids.collect(),
        })
    }
}
