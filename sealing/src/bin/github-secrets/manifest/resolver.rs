//! From patterns and named sets to repositories, with a listing of those that there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use github_secrets::ListedRepository;

use super::repositories::{EntryKind, NamedSets, Selection};
use crate::{
    input::{Fault, Faults},
    pattern::RepositoryPattern,
};

/// A repository of an owner that [`Manifest::owners_to_list`](super::Manifest::owners_to_list)
/// names.
pub(crate) struct Listed {
    pub(crate) full_name: String,
    pub(crate) archived: bool,
}

impl From<&ListedRepository> for Listed {
    fn from(repository: &ListedRepository) -> Self {
        Self {
            full_name: repository.full_name.clone(),
            archived: repository.archived == Some(true),
        }
    }
}

/// What a pattern of the file takes.
#[derive(Debug)]
pub(crate) struct MatchedPattern {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// Full names, as they are listed.
    pub(crate) repositories: Vec<String>,
}

pub(super) struct Resolver<'a> {
    sets: &'a NamedSets,
    /// By owner, in lower case; `None` before there is a listing: patterns take nothing then.
    listing: Option<BTreeMap<String, Vec<&'a Listed>>>,
    resolved: BTreeMap<&'a str, Rc<Found>>,
    pub(super) patterns: Vec<MatchedPattern>,
}

/// Repositories by their names in lower case.
#[derive(Default)]
struct Found {
    repositories: BTreeMap<String, Repository>,
    /// The owners of patterns that have taken nothing yet.
    open: BTreeSet<String>,
    is_faulty: bool,
}

#[derive(Clone)]
struct Repository {
    full_name: String,
    /// By a pattern, which does not take it then. It is kept, since a `!` can be for it.
    archived: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(sets: &'a NamedSets, listing: Option<&'a [Listed]>) -> Self {
        let by_owner = |listing: &'a [Listed]| {
            let mut owners: BTreeMap<String, Vec<&Listed>> = BTreeMap::new();
            for listed in listing {
                let owner = owner(&listed.full_name);
                owners.entry(owner).or_default().push(listed);
            }
            owners
        };
        Self {
            sets,
            listing: listing.map(by_owner),
            resolved: BTreeMap::new(),
            patterns: Vec::new(),
        }
    }

    /// Returns the full names of the repositories, each once.
    pub(super) fn resolve(&mut self, selection: &'a Selection, faults: &mut Faults) -> Vec<String> {
        let found = self.find(selection, faults);
        let taken = found.repositories.values();
        let taken = taken.filter(|repository| !repository.archived);
        let names: Vec<String> = taken.map(|taken| taken.full_name.clone()).collect();
        if names.is_empty() && found.open.is_empty() && !found.is_faulty {
            let message = "no repository is left of this list; remove the block, or name one";
            faults.push(Fault::new(selection.line, message));
        }
        names
    }

    fn find(&mut self, selection: &'a Selection, faults: &mut Faults) -> Found {
        let mut found = Found::default();
        for entry in &selection.entries {
            let fault = match &entry.kind {
                EntryKind::Name(name) => {
                    found.add(name.clone(), false);
                    None
                }
                EntryKind::Set(name) => {
                    let set = self.set(name, faults);
                    set.into_iter().for_each(|set| found.extend(&set));
                    None
                }
                EntryKind::Pattern(pattern) => self.take(pattern, entry.line, &mut found),
                EntryKind::Except(pattern) => self.take_away(pattern, &mut found),
            };
            if let Some(message) = fault {
                found.is_faulty = true;
                faults.push(Fault::new(entry.line, message));
            }
        }
        found
    }

    fn set(&mut self, name: &'a str, faults: &mut Faults) -> Option<Rc<Found>> {
        if let Some(found) = self.resolved.get(name) {
            return Some(Rc::clone(found));
        }
        let selection = self.sets.get(name)?;
        let found = Rc::new(self.find(selection, faults));
        self.resolved.insert(name, Rc::clone(&found));
        Some(found)
    }

    fn take(
        &mut self,
        pattern: &RepositoryPattern,
        line: usize,
        found: &mut Found,
    ) -> Option<String> {
        let owner = pattern.login.to_ascii_lowercase();
        let Some(listing) = &self.listing else {
            found.open.insert(owner);
            return None;
        };
        let listed = listing.get(&owner).into_iter().flatten();
        let matching = listed.filter(|listed| pattern.matches(&listed.full_name));
        let (mut repositories, mut archived) = (Vec::new(), 0);
        for listed in matching {
            found.add(listed.full_name.clone(), listed.archived);
            if listed.archived {
                archived += 1;
            } else {
                repositories.push(listed.full_name.clone());
            }
        }
        if repositories.is_empty() {
            let but = match archived {
                0 => ", or none that the token may see",
                _ => " that is not archived",
            };
            return Some(format!("{} matches no repository{but}", pattern.shown()));
        }
        let text = pattern.text.clone();
        self.patterns.push(MatchedPattern {
            text,
            line,
            repositories,
        });
        None
    }

    fn take_away(&self, pattern: &RepositoryPattern, found: &mut Found) -> Option<String> {
        let before = found.repositories.len();
        let stays = |_: &String, found: &mut Repository| !pattern.matches(&found.full_name);
        found.repositories.retain(stays);
        let owner = pattern.login.to_ascii_lowercase();
        if found.repositories.len() < before || found.open.contains(&owner) {
            return None;
        }
        let listed = self.listing.iter().flat_map(|listing| listing.get(&owner));
        let exists = listed.flatten().any(|it| pattern.matches(&it.full_name));
        let text = pattern.shown();
        (!exists).then(|| format!("!{text} excludes nothing; correct it, or remove it"))
    }
}

impl Found {
    fn add(&mut self, full_name: String, archived: bool) {
        let folded = full_name.to_ascii_lowercase();
        let repository = Repository {
            full_name,
            archived,
        };
        let known = self.repositories.entry(folded).or_insert(repository);
        // One that is named is taken, whatever a pattern finds.
        known.archived &= archived;
    }

    fn extend(&mut self, other: &Self) {
        for found in other.repositories.values() {
            self.add(found.full_name.clone(), found.archived);
        }
        self.open.extend(other.open.iter().cloned());
        self.is_faulty |= other.is_faulty;
    }
}

fn owner(full_name: &str) -> String {
    let (owner, _) = full_name.split_once('/').unwrap_or_default();
    owner.to_ascii_lowercase()
}
