//! From JSON to a tree with lines. A key that comes twice is a fault, as it is in TOML.

use std::collections::BTreeMap;

use super::node::{Content, MAX_DEPTH, Member, Node, TOO_DEEP};
use crate::input::{Fault, Faults, JsonReader, OBJECT};

/// Returns the tree; `None` if the text is no object.
pub(super) fn parse(text: &str, faults: &mut Faults) -> Option<Node> {
    let mut reader = JsonReader::new(text);
    reader.skip_blanks();
    let kind = reader.kind();
    if kind != OBJECT {
        let message = format!("this is {kind}; it has to be a JSON object with the key version");
        faults.push(Fault::new(reader.line, message));
        return None;
    }
    let mut doubled = Vec::new();
    let read = node(&mut reader, 0, &mut doubled).and_then(|node| reader.end().map(|()| node));
    match read {
        Ok(node) => {
            doubled.into_iter().for_each(|fault| faults.push(fault));
            Some(node)
        }
        Err(message) => {
            let column = reader.column();
            let message = format!("the JSON is not valid at column {column}: {message}");
            faults.push(Fault::new(reader.line, message));
            None
        }
    }
}

fn node(
    reader: &mut JsonReader<'_>,
    depth: usize,
    doubled: &mut Vec<Fault>,
) -> Result<Node, &'static str> {
    if depth > MAX_DEPTH {
        return Err(TOO_DEEP);
    }
    let line = reader.line;
    let content = match reader.peek() {
        Some(b'"') => {
            let text = reader
                .string()?
                .ok_or("an escape is not a valid Unicode character")?;
            Content::Text(text)
        }
        Some(b'{') => Content::Table(table(reader, depth, doubled)?),
        Some(b'[') => Content::List(list(reader, depth, doubled)?),
        _ => scalar(reader.raw_scalar()?),
    };
    Ok(Node { line, content })
}

fn list(
    reader: &mut JsonReader<'_>,
    depth: usize,
    doubled: &mut Vec<Fault>,
) -> Result<Vec<Node>, &'static str> {
    let mut list = Vec::new();
    if reader.is_empty(b']') {
        return Ok(list);
    }
    loop {
        list.push(node(reader, depth + 1, doubled)?);
        if reader.is_last_of(b']')? {
            return Ok(list);
        }
        reader.skip_blanks();
    }
}

fn table(
    reader: &mut JsonReader<'_>,
    depth: usize,
    doubled: &mut Vec<Fault>,
) -> Result<Vec<Member>, &'static str> {
    let mut members = Vec::new();
    if reader.is_empty(b'}') {
        return Ok(members);
    }
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let line = reader.line;
        let key = reader
            .name()?
            .ok_or("an escape is not a valid Unicode character")?;
        let value = node(reader, depth + 1, doubled)?;
        if let Some(first) = lines.get(key.as_str()) {
            let message = format!("the key is given on line {first} already; remove one of them");
            doubled.push(Fault::new(line, message));
        } else {
            lines.insert(key.to_string(), line);
            members.push(Member { line, key, value });
        }
        if reader.is_last_of(b'}')? {
            return Ok(members);
        }
        reader.skip_blanks();
    }
}

fn scalar(raw: &str) -> Content {
    match raw {
        "true" => Content::Boolean(true),
        "false" => Content::Boolean(false),
        "null" => Content::Other("null"),
        _ if raw.contains(['.', 'e', 'E']) => Content::Other("a number with a fraction"),
        number => {
            let number = number.parse();
            number.map_or(
                Content::Other("a number that is too large"),
                Content::Integer,
            )
        }
    }
}
