//! Names and values from files. Errors name lines by their number and never print them.

use std::{
    cell::Cell,
    fmt, fs,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context as _, bail};
use github_secrets::{SecretName, SecretValue};
use serde::{
    Deserializer as _,
    de::{Error as _, MapAccess, Visitor},
};

pub(crate) type Entries = Vec<(SecretName, SecretValue)>;

pub(crate) fn from_env_file(path: &Path) -> anyhow::Result<Entries> {
    let text = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    from_env_text(&text).with_context(|| path.display().to_string())
}

/// The entries of a dotenv text, by dotenvy's rules; all bad lines are reported together.
pub(crate) fn from_env_text(text: &[u8]) -> anyhow::Result<Entries> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines_of_text: Vec<_> = text.split(|byte| *byte == b'\n').collect();
    let line = Cell::new(0);
    let lines = LineByLine {
        rest: text,
        line: &line,
    };
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let mut entries_of_text = dotenvy::from_read_iter(lines);
    loop {
        let before = line.get();
        let Some(entry) = entries_of_text.next() else {
            break;
        };
        let raw = lines_of_text.get(before..line.get()).unwrap_or_default();
        match entry {
            Ok(_) if raw.iter().any(|raw| substitutes(raw)) => faults.push(format!(
                "line {} has a $ that stands for a variable: put the value in single quotes, or a \\ before it",
                line.get()
            )),
            Ok((name, value)) => match SecretName::new(name) {
                Ok(name) => entries.push((name, value.into())),
                Err(error) => faults.push(format!("line {}: {error}", line.get())),
            },
            Err(dotenvy::Error::LineParse(entry, _)) => {
                let more_lines = entry.trim_end_matches('\n').matches('\n').count();
                let first = line.get().saturating_sub(more_lines);
                faults.push(format!(
                    "line {first} is not of the form NAME=value, or a quotation does not end"
                ));
            }
            Err(_) => bail!("line {} is not UTF-8 text", line.get() + 1),
        }
    }
    if !faults.is_empty() {
        bail!("{}; nothing was sent", faults.join("; "));
    }
    Ok(entries)
}

/// Whether dotenvy would put a variable in: a secret would silently become another.
fn substitutes(line: &[u8]) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    let line = line.trim_ascii_start();
    !line.starts_with(b"#")
        && line.iter().any(|byte| {
            let plain = !std::mem::take(&mut escaped);
            match byte {
                b'\'' if plain => quoted = !quoted,
                b'\\' if plain && !quoted => escaped = true,
                _ => {}
            }
            *byte == b'$' && plain && !quoted
        })
}

/// Gives a text out line by line, so that it is known how far a parser has read.
struct LineByLine<'a> {
    rest: &'a [u8],
    line: &'a Cell<usize>,
}

impl Read for LineByLine<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self
            .rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.rest.len(), |at| at + 1);
        let (part, rest) = self.rest.split_at(end.min(buffer.len()));
        buffer[..part.len()].copy_from_slice(part);
        if part.ends_with(b"\n") || (rest.is_empty() && !part.is_empty()) {
            self.line.set(self.line.get() + 1);
        }
        self.rest = rest;
        Ok(part.len())
    }
}

/// The entries of a JSON file: one object whose values are strings.
pub(crate) fn from_json_file(path: &Path) -> anyhow::Result<Entries> {
    let text = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let mut json = serde_json::Deserializer::from_slice(&text);
    // The parser's own message can quote what it found.
    let entries = json
        .deserialize_map(EntriesVisitor)
        .and_then(|entries| json.end().map(|()| entries));
    let entries = entries.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let fault = "expected one object whose values are strings";
        anyhow::anyhow!(
            "{}: line {line}, column {column}: {fault}; nothing was sent",
            path.display()
        )
    })?;
    let name = |(name, value): (String, String)| Ok((SecretName::new(name)?, value.into()));
    entries.into_iter().map(name).collect()
}

/// Keeps an entry whose name comes twice, so that it is refused and not lost.
struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object whose values are strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry().map_err(A::Error::custom)? {
            entries.push(entry);
        }
        Ok(entries)
    }
}
