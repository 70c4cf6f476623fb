//! Names and values from a file. Messages name the file, the line and the key, never a value.

mod dotenv;
mod entry;
mod json;
mod text;

use std::{
    collections::{BTreeMap, btree_map},
    fmt::Write as _,
    path::Path,
};

use github_secrets::{SecretName, SecretValue};

use self::entry::Fault;
pub(crate) use self::entry::{Entry, Source};
use crate::failure::Failure;

/// More faults than this say that the file is of another kind.
const MAX_FAULTS_SHOWN: usize = 20;

/// The secrets of a file, in its order.
pub(crate) struct Input {
    pub(crate) source: Source,
    pub(crate) entries: Vec<Entry>,
}

/// What to do with empty values.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Empty {
    Skip,
    Refuse,
    Store,
}

impl Input {
    /// Reads a dotenv or JSON file; `-` is standard input.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] that lists everything that is wrong with the file.
    pub(crate) fn read(path: &Path, empty: Empty) -> Result<Self, Failure> {
        let source = if path == "-" {
            Source::Stdin
        } else {
            Source::File(path.to_owned())
        };
        let bytes = text::read(&source)?;
        let parsed = text::decode(&bytes).map(|text| {
            if json::looks_like_json(text) || source.is_json() {
                json::parse(text)
            } else {
                dotenv::parse(text)
            }
        });
        let (mut entries, mut faults) = parsed.unwrap_or_else(|fault| (Vec::new(), vec![fault]));
        faults.extend(duplicates(&entries));
        faults.extend(entries.iter().filter_map(size_fault));
        match empty {
            Empty::Store => {}
            Empty::Skip => entries.retain(|entry| !entry.value.is_empty()),
            Empty::Refuse => faults.extend(entries.iter().filter_map(empty_fault)),
        }
        if faults.is_empty() {
            return Ok(Self { source, entries });
        }
        faults.sort_by_key(|fault| fault.line);
        Err(Failure::Failed(report(&source, &faults)))
    }
}

fn duplicates(entries: &[Entry]) -> Vec<Fault> {
    let mut seen: BTreeMap<&SecretName, &Entry> = BTreeMap::new();
    let mut faults = Vec::new();
    for entry in entries {
        let name = &entry.name;
        let Entry {
            line, name: first, ..
        } = match seen.entry(name) {
            btree_map::Entry::Occupied(seen) => *seen.get(),
            btree_map::Entry::Vacant(unseen) => {
                unseen.insert(entry);
                continue;
            }
        };
        let message = if name.as_str() == first.as_str() {
            format!("{name} is given on line {line} already; remove one of them")
        } else {
            format!(
                "{name} is the same name as {first} on line {line}, since GitHub ignores case; \
                 remove one of them"
            )
        };
        faults.push(Fault::new(entry.line, message));
    }
    faults
}

fn size_fault(entry: &Entry) -> Option<Fault> {
    let (bytes, maximum) = (entry.value.len(), SecretValue::MAX_BYTES);
    let message = format!(
        "the value of {} has {bytes} bytes; GitHub accepts at most {maximum}",
        entry.name
    );
    (bytes > maximum).then(|| Fault::new(entry.line, message))
}

fn empty_fault(entry: &Entry) -> Option<Fault> {
    let message = format!(
        "the value of {} is empty; use --empty skip to leave it out, or --empty store",
        entry.name
    );
    entry
        .value
        .is_empty()
        .then(|| Fault::new(entry.line, message))
}

fn report(source: &Source, faults: &[Fault]) -> String {
    let lines = if faults.len() == 1 {
        "a fault"
    } else {
        "faults"
    };
    let mut text = format!("{source} has {lines}, and nothing was sent:");
    for fault in faults.iter().take(MAX_FAULTS_SHOWN) {
        let _ = write!(text, "\n  line {}: {}", fault.line, fault.message);
    }
    if faults.len() > MAX_FAULTS_SHOWN {
        let _ = write!(text, "\n  and {} more", faults.len() - MAX_FAULTS_SHOWN);
    }
    text
}
