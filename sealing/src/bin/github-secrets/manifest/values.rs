//! The values of a file's secrets. Each source is read once, before the first request.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    io::{self, IsTerminal},
    path::Path,
};

use github_secrets::{SecretName, SecretValue};
use zeroize::Zeroizing;

use super::{
    blocks::Block,
    source::{Origin, ValueSource},
};
use crate::input::{
    Fault, Faults, Source, decode, parse_json, read_source, shown, shown_text, too_large, trimmed,
};

/// The values by their sources. A copy of a value shares its bytes.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: BTreeMap<ValueSource, SecretValue>,
    /// What was removed from values, or is in them and is rarely intended.
    pub(crate) notes: Vec<String>,
}

/// What values are read from.
pub(super) struct Inputs<'a> {
    pub(super) variable: &'a dyn Fn(&str) -> Option<OsString>,
    pub(super) stdin: &'a dyn Fn() -> io::Result<Zeroizing<Vec<u8>>>,
    /// The folder of the file.
    pub(super) folder: &'a Path,
}

/// The first secret that a source is for.
#[derive(Clone, Copy)]
struct Use<'a> {
    line: usize,
    name: &'a SecretName,
}

type Uses<'a> = Vec<(&'a ValueSource, Use<'a>)>;

/// Larger files hold something else than values.
const MAX_MIB: usize = 16;

impl Values {
    pub(crate) fn get(&self, source: &ValueSource) -> Option<&SecretValue> {
        self.values.get(source)
    }
}

impl<'a> Inputs<'a> {
    /// Returns the environment and the standard input of the program.
    pub(super) fn of_program(folder: &'a Path) -> Self {
        Self {
            variable: &|name| env::var_os(name),
            stdin: &|| {
                if io::stdin().is_terminal() {
                    return Err(io::Error::other("it is a terminal; pipe the value to it"));
                }
                read_source(&Source::Stdin, MAX_MIB)
            },
            folder,
        }
    }

    fn read(&self, origin: &Origin, name: &SecretName) -> Result<Zeroizing<Vec<u8>>, String> {
        let of = shown(name).unwrap_or("the secret");
        match origin {
            Origin::Variable(variable) => {
                let value = (self.variable)(variable);
                value
                    .map(|value| Zeroizing::new(value.into_encoded_bytes()))
                    .ok_or_else(|| match shown_text(variable) {
                        Some(variable) if variable == of => {
                            format!("the variable {variable} is not set")
                        }
                        Some(variable) => format!("the variable {variable} of {of} is not set"),
                        None => format!("the variable that is the source of {of} is not set"),
                    })
            }
            // A path that does not exist can be a value in the wrong place: it is not repeated.
            Origin::File(path) => {
                let read = read_source(&Source::File(self.folder.join(path)), MAX_MIB);
                read.map_err(|error| format!("the file of {of} cannot be read: {error}"))
            }
            Origin::Stdin => (self.stdin)().map_err(|error| {
                format!("standard input, the source of {of}, cannot be read: {error}")
            }),
        }
    }
}

/// Reads the value of each source that a block names.
pub(super) fn read(blocks: &[Block], inputs: &Inputs<'_>, faults: &mut Faults) -> Values {
    let mut values = Values::default();
    for (origin, uses) in by_origin(blocks) {
        let Some((_, first)) = uses.iter().min_by_key(|(_, it)| it.line) else {
            continue;
        };
        match inputs.read(origin, first.name) {
            Ok(bytes) => values.take(origin, &bytes, &uses, faults),
            Err(mut message) => {
                if uses.len() > 1 {
                    let more = uses.len() - 1;
                    message.push_str(&format!("; it has {more} more of the values"));
                }
                faults.push(Fault::new(first.line, message));
            }
        }
    }
    values
}

fn by_origin(blocks: &[Block]) -> BTreeMap<&Origin, Uses<'_>> {
    let mut first: BTreeMap<&ValueSource, Use<'_>> = BTreeMap::new();
    for secret in blocks.iter().flat_map(|block| &block.secrets) {
        if let Some(source) = &secret.source {
            let (line, name) = (secret.line, &secret.name);
            first.entry(source).or_insert(Use { line, name });
        }
    }
    let mut origins: BTreeMap<&Origin, Uses<'_>> = BTreeMap::new();
    for (source, first) in first {
        origins
            .entry(&source.origin)
            .or_default()
            .push((source, first));
    }
    origins
}

impl Values {
    /// Takes the values that are in what was read from one origin.
    fn take(&mut self, origin: &Origin, bytes: &[u8], uses: &Uses<'_>, faults: &mut Faults) {
        let (members, whole): (Vec<_>, Vec<_>) = uses
            .iter()
            .copied()
            .partition(|(source, _)| source.key.is_some());
        for (source, at) in whole {
            let value = self.whole(origin, bytes, at);
            self.add(source, at, value, faults);
        }
        let Some((_, first)) = members.iter().min_by_key(|(_, it)| it.line) else {
            return;
        };
        match wanted(bytes, &members) {
            Ok(mut found) => {
                for (source, at) in members {
                    let value = source.key.as_deref().and_then(|key| found.remove(key));
                    let value = value.unwrap_or_else(|| {
                        let name = shown(at.name).unwrap_or("the secret");
                        Err(format!(
                            "the JSON object has no member for {name}: its #KEY is not there"
                        ))
                    });
                    self.add(source, at, value, faults);
                }
            }
            Err(fault) => {
                let name = shown(first.name).unwrap_or("the secret");
                let Fault { line, message } = fault;
                let message = format!("the source of {name} has a fault on line {line}: {message}");
                faults.push(Fault::new(first.line, message));
            }
        }
    }

    /// Returns all that was read as one value: exactly what a variable holds, and a file or
    /// standard input without what editors add.
    fn whole(&mut self, origin: &Origin, bytes: &[u8], at: Use<'_>) -> Result<SecretValue, String> {
        let name = shown(at.name).unwrap_or("the secret");
        let value = trimmed(bytes);
        if matches!(origin, Origin::Variable(_)) {
            if value.is_some_and(|value| value.bytes.len() < bytes.len()) {
                self.notes.push(format!(
                    "{name}: its variable begins with a byte order mark or ends with a line break, \
                     which is kept"
                ));
            }
            return Ok(bytes.into());
        }
        let value =
            value.ok_or_else(|| format!("the value of {name} is UTF-16; save it as UTF-8"))?;
        let notes = value.left_out.iter();
        self.notes
            .extend(notes.map(|left_out| format!("{name}: {left_out}")));
        Ok(value.bytes.into())
    }

    fn add(
        &mut self,
        source: &ValueSource,
        Use { line, name }: Use<'_>,
        value: Result<SecretValue, String>,
        faults: &mut Faults,
    ) {
        let of = shown(name).map_or(String::new(), |name| format!(" of {name}"));
        let problem = match &value {
            Err(message) => Some(message.clone()),
            Ok(value) if value.is_empty() => Some(format!(
                "the value{of} is empty; in a workflow, a missing secret is empty too; to delete the \
                 secret, list it under [[delete]]"
            )),
            Ok(value) => too_large(name, value),
        };
        match (problem, value) {
            (None, Ok(value)) => {
                self.values.insert(source.clone(), value);
            }
            (problem, _) => faults.push(Fault::new(line, problem.unwrap_or_default())),
        }
    }
}

/// Returns the members of a JSON object that are wanted, by their keys.
fn wanted(
    bytes: &[u8],
    uses: &Uses<'_>,
) -> Result<BTreeMap<String, Result<SecretValue, String>>, Fault> {
    let names: BTreeMap<&str, &SecretName> = uses
        .iter()
        .filter_map(|(source, at)| Some((source.key.as_deref()?, at.name)))
        .collect();
    let (text, _) = decode(bytes)?;
    let mut found: BTreeMap<String, Result<SecretValue, String>> = BTreeMap::new();
    parse_json(text, &mut |member| {
        let Ok(member) = member else { return };
        let key = member.name.as_str();
        let Some(name) = names.get(key) else { return };
        let value = if found.contains_key(key) {
            let name = shown(name).unwrap_or("the secret");
            Err(format!("the JSON object has two members for {name}"))
        } else {
            member.value.map_err(|problem| problem.of(name))
        };
        found.insert(key.to_owned(), value);
    })?;
    Ok(found)
}
