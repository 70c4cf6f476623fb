//! One JSON object of names and values that are strings.

use std::fmt;

use github_secrets::{SecretName, SecretValue};
use serde::{
    Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::{error::Category, value::RawValue};

use super::{
    entry::{Entry, Fault},
    text::line_at,
};

pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

pub(super) fn parse(text: &str) -> (Vec<Entry>, Vec<Fault>) {
    let first = text.trim_start();
    if !first.starts_with('{') {
        let line = line_at(text.strip_suffix(first).unwrap_or_default().as_bytes());
        let message = format!(
            "the JSON is {}; it has to be an object such as {{\"NAME\": \"value\"}}",
            kind(first)
        );
        return (Vec::new(), vec![Fault::new(line, message)]);
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let members = json
        .deserialize_map(Members)
        .and_then(|members| json.end().map(|()| members));
    match members {
        Ok(members) => {
            let mut faults = Vec::new();
            let entries = members.into_iter().filter_map(|(name, value)| {
                let line = line_of(text, value.get());
                entry(line, name, value)
                    .map_err(|fault| faults.push(fault))
                    .ok()
            });
            (entries.collect(), faults)
        }
        Err(error) => (Vec::new(), vec![syntax_fault(&error)]),
    }
}

fn entry(line: usize, name: String, value: &RawValue) -> Result<Entry, Fault> {
    let name = SecretName::new(name).map_err(|error| Fault::new(line, error.to_string()))?;
    if !value.get().starts_with('"') {
        let kind = kind(value.get());
        let message = format!("the value of {name} is {kind}; it has to be a string");
        return Err(Fault::new(line, message));
    }
    let value: String = serde_json::from_str(value.get()).map_err(|_| {
        Fault::new(
            line,
            format!("the value of {name} has an escape that is no character"),
        )
    })?;
    let value = SecretValue::from(value);
    Ok(Entry { line, name, value })
}

/// Returns what a JSON text is, from its first character.
fn kind(json: &str) -> &'static str {
    match json.bytes().next() {
        None => "empty",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        Some(_) => "no JSON at all",
    }
}

/// Returns the line of a part of the text, which borrows from it.
fn line_of(text: &str, part: &str) -> usize {
    let offset = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
    line_at(text.as_bytes().get(..offset).unwrap_or_default())
}

/// The parser's message about data can quote it; its messages about syntax do not.
fn syntax_fault(error: &serde_json::Error) -> Fault {
    let message = match error.classify() {
        Category::Syntax | Category::Eof => {
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            let message = message.get(..end).unwrap_or_default();
            let column = error.column();
            format!("the JSON is not valid at column {column}: {message}")
        }
        Category::Data | Category::Io => "a name of the JSON is not valid".to_owned(),
    };
    Fault::new(error.line(), message)
}

/// Keeps a member whose name comes twice, so that it is refused and not lost.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
