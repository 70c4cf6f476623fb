//! Names and values from a file. Messages name the file, the line and the key, never a value.

mod dotenv;
mod entry;
mod json;
mod text;
mod value;

use std::{
    collections::{BTreeMap, btree_map},
    path::Path,
};

use github_secrets::SecretName;

pub(crate) use self::{
    entry::{Entry, Fault, Faults, Member, Source, Undone, shown, shown_text, too_large},
    json::{OBJECT, Reader as JsonReader, parse as parse_json},
    text::{decode, read, read_source, stdin},
    value::trimmed,
};
use crate::failure::Failure;

/// The secrets of a file, in its order.
pub(crate) struct Input {
    pub(crate) source: Source,
    pub(crate) entries: Vec<Entry>,
    /// Whether a byte order mark was left out.
    pub(crate) had_mark: bool,
}

/// What to do with empty values.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(crate) enum Empty {
    Skip,
    Refuse,
    Store,
}

/// What becomes of the members of a file.
struct Reading<'a> {
    empty: Empty,
    skip: &'a [String],
    skipped: Vec<bool>,
    entries: Vec<Entry>,
    faults: Faults,
}

impl Input {
    /// Reads a dotenv or JSON file; `-` is standard input. The names to `skip` are left out,
    /// whatever their lines hold.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] that lists everything that is wrong with the file.
    pub(crate) fn read(path: &Path, empty: Empty, skip: &[String]) -> Result<Self, Failure> {
        let source = if path == "-" {
            Source::Stdin
        } else {
            Source::File(path.to_owned())
        };
        let bytes = text::read(&source, text::MAX_MIB, "the file to import")?;
        let mut reading = Reading::new(empty, skip);
        let had_mark = match text::decode(&bytes) {
            Ok((text, had_mark)) => {
                reading.read(text, source.is_json());
                had_mark
            }
            Err(fault) => {
                reading.faults.push(fault);
                false
            }
        };
        let entries = reading.finish(&source)?;
        Ok(Self {
            source,
            entries,
            had_mark,
        })
    }
}

impl<'a> Reading<'a> {
    fn new(empty: Empty, skip: &'a [String]) -> Self {
        Self {
            empty,
            skip,
            skipped: vec![false; skip.len()],
            entries: Vec::new(),
            faults: Faults::default(),
        }
    }

    fn read(&mut self, text: &str, is_json: bool) {
        if !is_json && !json::looks_like_json(text) {
            dotenv::parse(text, &mut |member| self.take(member));
            return;
        }
        let read = json::parse(text, &mut |member| self.take(member));
        if let Err(fault) = read {
            self.faults = Faults::default();
            self.faults.push(fault);
        } else if let Some(fault) = service_account(&self.entries) {
            self.faults.push(fault);
        }
    }

    fn take(&mut self, member: Result<Member, Fault>) {
        let entry = match member {
            Ok(member) if self.skips(&member.name) => return,
            Ok(member) => self.check(member),
            Err(fault) => Err(fault),
        };
        match entry {
            Ok(entry) if entry.value.is_empty() && self.empty == Empty::Skip => {}
            Ok(entry) => self.entries.push(entry),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn skips(&mut self, name: &str) -> bool {
        let names = self.skip.iter().zip(&mut self.skipped);
        let mut same = names.filter(|(skip, _)| skip.eq_ignore_ascii_case(name));
        let found = same.next();
        found.map(|(_, skipped)| *skipped = true).is_some()
    }

    fn check(&self, member: Member) -> Result<Entry, Fault> {
        let Member { line, name, value } = member;
        let name =
            SecretName::new(name.as_str()).map_err(|error| Fault::new(line, error.to_string()))?;
        let value = value.map_err(|problem| Fault::new(line, problem.of(&name)))?;
        if let Some(message) = too_large(&name, &value) {
            return Err(Fault::new(line, message));
        }
        if value.is_empty() && self.empty == Empty::Refuse {
            let of = shown(&name).map_or(String::new(), |name| format!(" of {name}"));
            let message = format!(
                "the value{of} is empty; use --empty skip to leave it out, or --empty store"
            );
            return Err(Fault::new(line, message));
        }
        Ok(Entry { line, name, value })
    }

    fn finish(mut self, source: &Source) -> Result<Vec<Entry>, Failure> {
        self.find_duplicates();
        if self.faults.is_empty() {
            self.find_unused_skips()?;
            return Ok(self.entries);
        }
        Err(Failure::Failed(self.faults.report(source, Undone::Sent)))
    }

    fn find_duplicates(&mut self) {
        let mut seen: BTreeMap<&SecretName, &Entry> = BTreeMap::new();
        for entry in &self.entries {
            match seen.entry(&entry.name) {
                btree_map::Entry::Occupied(first) => {
                    self.faults.push(duplicate(entry, first.get()));
                }
                btree_map::Entry::Vacant(unseen) => {
                    unseen.insert(entry);
                }
            }
        }
    }

    /// A name that was mistyped is that of a secret which would be stored after all.
    fn find_unused_skips(&self) -> Result<(), Failure> {
        let Some(unused) = self.skipped.iter().position(|skipped| !skipped) else {
            return Ok(());
        };
        let which = match self.skipped.len() {
            1 => "the name of --skip".to_owned(),
            _ => format!("name {} of --skip", unused + 1),
        };
        Err(Failure::Failed(format!(
            "{which} is not in the file, and nothing was sent"
        )))
    }
}

/// Returns what to say about the key file of a Google service account: it is one secret.
fn service_account(entries: &[Entry]) -> Option<Fault> {
    let find = |name: &str| entries.iter().find(|entry| entry.name.as_str() == name);
    let kind = find("type")?;
    let is_one = kind.value.expose() == b"service_account"
        && find("project_id").is_some()
        && find("private_key").is_some();
    is_one.then(|| {
        let message = "this looks like the key file of a Google service account, which is one \
                       secret: use `set NAME --value-file FILE`; to import its members one by one \
                       all the same, leave this one out with --skip type";
        Fault::new(kind.line, message)
    })
}

fn duplicate(entry: &Entry, first: &Entry) -> Fault {
    let Entry { line, name, .. } = entry;
    let message = match (shown(name), shown(&first.name)) {
        (Some(name), Some(first_name)) if name != first_name => format!(
            "{name} is the same name as {first_name} on line {}, since GitHub ignores case; \
             remove one of them",
            first.line
        ),
        (name, _) => format!(
            "{} is given on line {} already; remove one of them",
            name.unwrap_or("the name"),
            first.line
        ),
    };
    Fault::new(*line, message)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use serde_json::Value;

    use super::{Empty, Reading};

    type Read = BTreeMap<String, String>;

    /// Returns what the program takes from a text, unless it refuses it.
    fn read(text: &str) -> Option<Read> {
        let mut reading = Reading::new(Empty::Store, &[]);
        reading.read(text, false);
        reading.find_duplicates();
        let entries = reading.faults.is_empty().then_some(reading.entries)?;
        let entry = |entry: super::Entry| {
            let value = String::from_utf8(entry.value.expose().to_vec()).unwrap();
            (entry.name.as_str().to_owned(), value)
        };
        Some(entries.into_iter().map(entry).collect())
    }

    #[test]
    fn every_line_that_is_taken_is_read_alike_by_other_parsers() {
        let table = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dotenv/table.jsonl");
        let table = fs::read_to_string(table).unwrap();
        let (mut taken, mut alike, mut wrong) = (0, 0, Vec::new());
        for line in table.lines() {
            let (text, others): (String, Value) = serde_json::from_str(line).unwrap();
            let ours = read(&text);
            let ours = serde_json::to_value(&ours).unwrap();
            alike += usize::from(others.is_object());
            taken += usize::from(!ours.is_null());
            if !ours.is_null() && ours != others {
                wrong.push(format!("{text:?}: {ours}, and {others}"));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
        // What nobody disagrees about is mostly taken, or the table would prove nothing.
        assert!(taken * 3 > alike, "{taken} of {alike}");
    }
}
