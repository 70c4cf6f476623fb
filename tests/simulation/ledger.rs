//! The results that callers got, compared with what the server has.

use std::sync::{Arc, Mutex};

use super::{
    server::Server,
    store::{Secret, Store},
};
use crate::{Error, NotTried, Stored};

/// What a call is to do to one secret. No two calls have the same.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) name: String,
    /// The secret before.
    pub(super) before: Option<Secret>,
    pub(super) wish: Wish,
}

#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// This value, and who can use it: as before, unless this is given.
    Value(String, Option<(&'static str, Vec<u64>)>),
    Access(&'static str, Vec<u64>),
    Absence,
}

/// The result that the caller got.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Stored(Stored),
    Done,
    Failed {
        may_have_taken_effect: bool,
        not_tried: Option<NotTried>,
    },
    /// The call was dropped.
    Dropped,
}

/// All tasks with their outcomes.
#[derive(Clone, Default)]
pub(super) struct Ledger(Arc<Mutex<Vec<(Task, Outcome)>>>);

impl Ledger {
    /// Takes down an outcome, and checks what has to be true at once.
    pub(super) fn enter(&self, server: &Server, task: Task, outcome: Outcome) {
        let mut state = server.state();
        state.audit.note(format!("{} {outcome:?}", task.name));
        if let Outcome::Failed { not_tried, .. } = outcome
            && not_tried.is_some()
            && state.audit.was_carried_out(&task.name)
        {
            let complaint = format!("{} was tried: {outcome:?}", task.name);
            state.audit.complain(complaint);
        }
        if let Some(complaint) = task.complaint(&outcome, &state.store, false) {
            state.audit.complain(complaint);
        }
        self.0.lock().unwrap().push((task, outcome));
    }

    /// Checks what has to be true once nothing is under way any more.
    pub(super) fn close(&self, server: &Server) {
        for (task, outcome) in self.0.lock().unwrap().iter() {
            let mut state = server.state();
            if let Some(complaint) = task.complaint(outcome, &state.store, true) {
                state.audit.complain(format!("at the end: {complaint}"));
            }
        }
    }
}

impl Outcome {
    pub(super) fn of<T>(result: &Result<T, Error>, done: impl FnOnce(&T) -> Self) -> Self {
        match result {
            Ok(value) => done(value),
            Err(error) => Self::Failed {
                may_have_taken_effect: error.may_have_taken_effect(),
                not_tried: match error {
                    Error::NotTried(reason) => Some(*reason),
                    _ => None,
                },
            },
        }
    }
}

impl Task {
    fn complaint(&self, outcome: &Outcome, store: &Store, at_end: bool) -> Option<String> {
        let Self { name, before, .. } = self;
        // What somebody else touched belongs to nobody.
        let untouched = |secret: &Secret| Secret {
            repositories: store.stranger.untouched(name, &secret.repositories),
            ..secret.clone()
        };
        let before = before.as_ref().map(untouched);
        let now = store.secrets.get(name).map(untouched);
        let unchanged = now.as_ref().map(Secret::content) == before.as_ref().map(Secret::content);
        let fulfilled = self.is_fulfilled(before.as_ref(), now.as_ref(), store);
        let problem = match outcome {
            Outcome::Stored(_) | Outcome::Done if !fulfilled => "was not done",
            Outcome::Stored(Stored::Created) if before.is_some() => "existed before",
            Outcome::Stored(Stored::Updated) if before.is_none() => "is new",
            // What was sent may take effect after the call.
            Outcome::Failed {
                may_have_taken_effect: false,
                ..
            } if !unchanged && at_end => "changed, although that was ruled out",
            Outcome::Failed {
                may_have_taken_effect: false,
                ..
            } if !unchanged => "changed already",
            Outcome::Failed { .. } | Outcome::Dropped if !unchanged && !fulfilled => {
                "is neither old nor new"
            }
            _ => return None,
        };
        Some(format!(
            "{name} {problem}: {outcome:?}, {self:?}, now {now:?}"
        ))
    }

    fn is_fulfilled(&self, before: Option<&Secret>, now: Option<&Secret>, store: &Store) -> bool {
        let name = &self.name;
        let access = |secret: &Secret, visibility: &str, ids: &[u64]| {
            secret.visibility == visibility && secret.repositories == ids
        };
        match (&self.wish, now) {
            (Wish::Absence, now) => now.is_none(),
            (Wish::Value(value, Some((visibility, ids))), Some(now)) => {
                now.value == *value && access(now, visibility, ids)
            }
            (Wish::Value(value, None), Some(now)) => {
                let kept = before.is_none_or(|old| access(now, &old.visibility, &old.repositories));
                now.value == *value && kept
            }
            (Wish::Access(visibility, ids), Some(now)) => {
                let ids_now = store.stranger.untouched(name, ids);
                store.had_access(name, visibility, ids)
                    && access(now, visibility, &ids_now)
                    && before.is_none_or(|old| old.value == now.value)
            }
            (_, None) => false,
        }
    }
}

impl Secret {
    /// All but the times.
    fn content(&self) -> (&str, &str, &[u64]) {
        (&self.value, &self.visibility, &self.repositories)
    }
}
