//! Repositories as a file names them: one by one, by patterns, and by named sets of both.

use std::collections::BTreeMap;

use github_secrets::{Place, Store};

use super::node::{Content, Fields, Member, Node, texts};
use crate::{
    input::{Fault, Faults},
    pattern::{Pattern, RepositoryPattern},
};

/// The repositories of a block or of a named set. Each entry adds to the ones before it, or takes
/// away from them.
pub(super) struct Selection {
    pub(super) entries: Vec<Entry>,
    /// The line that the list begins on.
    pub(super) line: usize,
}

pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) kind: EntryKind,
}

pub(super) enum EntryKind {
    /// The repository with this full name.
    Name(String),
    /// The repositories that match and are not archived.
    Pattern(RepositoryPattern),
    /// Takes away what matches.
    Except(RepositoryPattern),
    /// The repositories of a named set.
    Set(String),
}

/// The named sets, by their names in lower case.
pub(super) type NamedSets = BTreeMap<String, Selection>;

/// Whose repositories a list can name.
#[derive(Clone, Copy)]
pub(super) enum Owners<'a> {
    /// Each name says it.
    Any,
    /// This organization's alone: names can leave it out.
    Only(&'a str),
}

impl Selection {
    /// Returns the owners of the entries, each as often as it is named. Sets are not looked into.
    pub(super) fn logins(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Name(name) => name.split_once('/').map(|(login, _)| login),
            EntryKind::Pattern(pattern) | EntryKind::Except(pattern) => Some(&*pattern.login),
            EntryKind::Set(_) => None,
        })
    }
}

/// Returns the named sets of a file.
pub(super) fn named_sets(root: &Fields<'_>, faults: &mut Faults) -> NamedSets {
    let mut sets = NamedSets::new();
    let Some(member) = root.get("repositories") else {
        return sets;
    };
    let Content::Table(members) = &member.value.content else {
        let message = "repositories has to be a table of named sets: NAME = [\"OWNER/NAME\"]";
        faults.push(Fault::new(member.value.line, message));
        return sets;
    };
    let mut lines = BTreeMap::new();
    for member in members {
        let name = member.key.to_ascii_lowercase();
        if let Some(first) = lines.insert(name.clone(), member.line) {
            let message = format!(
                "the set has the name of the one on line {first}, since case is ignored; rename \
                 one of them"
            );
            faults.push(Fault::new(member.line, message));
        } else if let Some(selection) = named_set(member, faults) {
            sets.insert(name, selection);
        }
    }
    sets
}

fn named_set(member: &Member, faults: &mut Faults) -> Option<Selection> {
    let Member { line, key, value } = member;
    if !is_set_name(key) {
        let message =
            "the set's name is empty, or has another character than letters, digits, - and _";
        faults.push(Fault::new(*line, message));
        return None;
    }
    match &value.content {
        Content::List(list) if list.is_empty() => {
            faults.push(Fault::new(value.line, "the set is empty; remove it"));
            None
        }
        Content::List(list) => {
            let selection = parse("the set", list, value.line, Owners::Any, None, faults);
            Some(selection)
        }
        _ => {
            let kind = value.kind();
            let message = format!("the set is {kind}; it has to be a list of OWNER/NAME");
            faults.push(Fault::new(value.line, message));
            None
        }
    }
}

fn is_set_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.chars().all(allowed)
}

/// Parses a list of repositories; in it `sets` can be named, if there are any.
pub(super) fn parse(
    key: &str,
    list: &[Node],
    line: usize,
    owners: Owners<'_>,
    sets: Option<&NamedSets>,
    faults: &mut Faults,
) -> Selection {
    let mut entries: Vec<Entry> = Vec::new();
    let mut lines = BTreeMap::new();
    for (text, line) in texts(key, list, faults) {
        let kind = match entry(text, owners, sets) {
            Ok(kind) => kind,
            Err(message) => {
                faults.push(Fault::new(line, message));
                continue;
            }
        };
        if entries.is_empty() && matches!(kind, EntryKind::Except(_)) {
            let message = "the ! has nothing to exclude from; put it after the repositories";
            faults.push(Fault::new(line, message));
            continue;
        }
        if let Some(first) = lines.insert(kind.folded(), line) {
            let message = format!("the entry is on line {first} already; remove one of them");
            faults.push(Fault::new(line, message));
            continue;
        }
        entries.push(Entry { line, kind });
    }
    Selection { entries, line }
}

fn entry(text: &str, owners: Owners<'_>, sets: Option<&NamedSets>) -> Result<EntryKind, String> {
    if let Some(name) = text.strip_prefix('@') {
        return set_entry(name, owners, sets);
    }
    if let Some(text) = text.strip_prefix('!') {
        if text.starts_with('@') {
            return Err("a ! can exclude a repository or a pattern, but not a set".to_owned());
        }
        return pattern(text, owners).map(EntryKind::Except);
    }
    let pattern = pattern(text, owners)?;
    Ok(if pattern.text.contains(Pattern::ANY) {
        EntryKind::Pattern(pattern)
    } else {
        EntryKind::Name(pattern.text)
    })
}

fn set_entry(
    name: &str,
    owners: Owners<'_>,
    sets: Option<&NamedSets>,
) -> Result<EntryKind, String> {
    let Some(sets) = sets else {
        return Err("sets cannot be nested; name the repositories themselves".to_owned());
    };
    let folded = name.to_ascii_lowercase();
    let Some(set) = sets.get(&folded) else {
        return Err("there is no valid set of this name in [repositories]".to_owned());
    };
    if let Owners::Only(login) = owners
        && set.logins().any(|other| !other.eq_ignore_ascii_case(login))
    {
        return Err(
            "the set has repositories of other owners than the organization, whose secrets they \
             cannot use"
                .to_owned(),
        );
    }
    Ok(EntryKind::Set(folded))
}

fn pattern(text: &str, owners: Owners<'_>) -> Result<RepositoryPattern, String> {
    let full = match owners {
        Owners::Only(login) if !text.contains('/') => format!("{login}/{text}"),
        _ => text.to_owned(),
    };
    let misplaced = || "a * has to be in a repository's name: OWNER/svc-*".to_owned();
    let login = full.split_once('/').map_or(&*full, |(login, _)| login);
    if login.contains(Pattern::ANY) {
        return Err(misplaced());
    }
    Place::repository(full.replace(Pattern::ANY, "1"), Store::Actions)
        .map_err(|error| error.to_string())?;
    let pattern = RepositoryPattern::new(&full).ok_or_else(misplaced)?;
    if let Owners::Only(owner) = owners
        && !owner.eq_ignore_ascii_case(&pattern.login)
    {
        return Err(
            "the repository belongs to another owner than the organization, whose secrets it \
             cannot use"
                .to_owned(),
        );
    }
    Ok(pattern)
}

impl EntryKind {
    /// Returns the form in which two spellings of one entry are equal.
    fn folded(&self) -> String {
        match self {
            Self::Name(name) => name.to_ascii_lowercase(),
            Self::Pattern(pattern) => pattern.text.to_ascii_lowercase(),
            Self::Except(pattern) => format!("!{}", pattern.text.to_ascii_lowercase()),
            Self::Set(name) => format!("@{name}"),
        }
    }
}
