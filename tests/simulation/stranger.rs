//! Somebody else, who changes what a caller reads between two pages.

use std::collections::{BTreeMap, BTreeSet};

use super::rng::Rng;

pub(super) struct Stranger {
    rng: Rng,
    /// After how many pages of a hundred something changes.
    zeal: u64,
    selections: BTreeMap<String, Selection>,
    /// How many secrets the stranger made.
    secrets: u64,
}

/// What happened to the selection of a secret.
#[derive(Default)]
struct Selection {
    changes: u32,
    touched: BTreeSet<u64>,
}

/// A change of the list of secrets.
pub(super) struct Names {
    pub(super) leaves: Option<String>,
    pub(super) comes: Option<String>,
}

/// Three changes can hide an entry from two readings that agree, so that no client can find it out.
const MOST_CHANGES: u32 = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Remove,
    Add,
    Both,
}

const CHANGES: [Change; 3] = [Change::Remove, Change::Add, Change::Both];

impl Stranger {
    pub(super) fn new(zeal: u64, rng: Rng) -> Self {
        Self {
            zeal,
            rng,
            selections: BTreeMap::new(),
            secrets: 0,
        }
    }

    /// One who does nothing.
    pub(super) fn idle() -> Self {
        Self::new(0, Rng::new(0, 0))
    }

    /// Changes who can use a secret, after a page of that was read, and returns whether it did.
    pub(super) fn select(&mut self, name: &str, ids: &mut Vec<u64>) -> bool {
        if !self.rng.percent(self.zeal) {
            return false;
        }
        let selection = self.selections.entry(name.to_owned()).or_default();
        if selection.changes == MOST_CHANGES {
            return false;
        }
        selection.changes += 1;
        let change = self.rng.pick(&CHANGES);
        if change != Change::Add && !ids.is_empty() {
            let index = self.rng.within(0..=ids.len() as u64 - 1);
            let removed = ids.remove(usize::try_from(index).expect("an index"));
            selection.touched.insert(removed);
        }
        if change != Change::Remove {
            let last = ids.last().copied().unwrap_or_default();
            let anywhere = self.rng.within(1..=last + 10);
            let added = self.rng.pick(&[last + 10, anywhere]);
            if !ids.contains(&added) {
                ids.push(added);
                ids.sort_unstable();
                selection.touched.insert(added);
            }
        }
        true
    }

    /// Returns the ids that only the caller touched.
    pub(super) fn untouched(&self, name: &str, ids: &[u64]) -> Vec<u64> {
        let touched = self.selections.get(name).map(|one| &one.touched);
        let is_touched = |id: &u64| touched.is_some_and(|touched| touched.contains(id));
        ids.iter().copied().filter(|id| !is_touched(id)).collect()
    }

    /// Changes the list of secrets after a page of it was read. Those of the callers stay.
    pub(super) fn rename<'a>(&mut self, names: impl Iterator<Item = &'a String>) -> Option<Names> {
        if !self.rng.percent(self.zeal) {
            return None;
        }
        let change = self.rng.pick(&CHANGES);
        let own = names.filter(|name| name.contains("_OF_OTHERS_"));
        let mut own = own.skip(self.rng.pick(&[0, 0, 3]));
        self.secrets += 1;
        let place = self.rng.pick(&["A", "Z"]);
        Some(Names {
            leaves: own.next().filter(|_| change != Change::Add).cloned(),
            comes: (change != Change::Remove)
                .then(|| format!("{place}_OF_OTHERS_{}", self.secrets)),
        })
    }
}
