//! From TOML to a tree with lines.
//!
//! The parser's own messages are not repeated, whatever they hold: the text at a fault can be a
//! value.

use toml::de::{DeTable, DeValue, Error};
use zeroize::Zeroizing;

use super::node::{Content, MAX_DEPTH, Member, Node, TOO_DEEP};
use crate::input::{Fault, Faults};

/// Returns the tree; `None` if the text has no meaning without what is wrong with it.
pub(super) fn parse(text: &str, faults: &mut Faults) -> Option<Node> {
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut is_whole = true;
    let mut last = 0;
    let mut found: Vec<Found> = errors.iter().map(|error| lines.find(error)).collect();
    found.sort_by_key(|found| (found.line, found.column));
    for Found {
        line,
        column,
        message,
    } in found
    {
        let is_double = message == Some(DOUBLED);
        is_whole &= is_double;
        // What follows on the line is mostly a consequence.
        if line == last {
            continue;
        }
        last = line;
        let message = match message {
            Some(message) => message.to_owned(),
            None => format!("the TOML is not valid at column {column}"),
        };
        faults.push(Fault::new(line, message));
    }
    if !is_whole {
        return None;
    }
    let node = lines.table(table.into_inner(), 1, 0);
    node.map_err(|fault| faults.push(fault)).ok()
}

const DOUBLED: &str = "the key or table is given already; remove one of them";

/// The beginnings of the parser's messages that say more than that the text is not valid.
const KNOWN: [(&str, &str); 8] = [
    ("duplicate key", DOUBLED),
    (
        "string values must be quoted",
        "a value is missing, or is not in quotes",
    ),
    (
        "key with no value",
        "this is not of the form KEY = VALUE; write text in quotes",
    ),
    ("unclosed array", "a [ is not closed"),
    ("unclosed inline table", "a { is not closed"),
    (
        "missing comma",
        "a comma is missing between two entries, or a bracket is not closed",
    ),
    (
        "invalid basic string",
        "a string is not closed, or has a character that needs an escape",
    ),
    (
        "invalid literal string",
        "a string is not closed, or has a character that it cannot have",
    ),
];

/// A fault of the syntax.
struct Found {
    line: usize,
    column: usize,
    message: Option<&'static str>,
}

/// A text, and where its lines begin.
struct Lines<'a> {
    text: &'a str,
    begins: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let begins = std::iter::once(0).chain(breaks).collect();
        Self { text, begins }
    }

    fn line(&self, at: usize) -> usize {
        self.begins.partition_point(|begin| *begin <= at)
    }

    fn find(&self, error: &Error) -> Found {
        let at = error.span().map_or(0, |span| span.start);
        let line = self.line(at);
        let begin = self.begins.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(begin..at).unwrap_or_default();
        let known = |(text, _): &&(&str, &str)| error.message().starts_with(text);
        Found {
            line,
            column: 1 + before.chars().count(),
            message: KNOWN.iter().find(known).map(|(_, message)| *message),
        }
    }

    fn table(&self, table: DeTable<'_>, line: usize, depth: usize) -> Result<Node, Fault> {
        let mut entries: Vec<_> = table.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut members = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let at = value.span().start;
            members.push(Member {
                line: self.line(key.span().start),
                key: Zeroizing::new(key.into_inner().into_owned()),
                value: self.node(value.into_inner(), self.line(at), depth + 1)?,
            });
        }
        let content = Content::Table(members);
        Ok(Node { line, content })
    }

    fn node(&self, value: DeValue<'_>, line: usize, depth: usize) -> Result<Node, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::new(line, TOO_DEEP));
        }
        let content = match value {
            DeValue::String(text) => Content::Text(Zeroizing::new(text.into_owned())),
            DeValue::Integer(number) => {
                let digits = i64::from_str_radix(number.as_str(), number.radix());
                digits.map_or(
                    Content::Other("a number that is too large"),
                    Content::Integer,
                )
            }
            DeValue::Boolean(boolean) => Content::Boolean(boolean),
            DeValue::Float(_) => Content::Other("a number with a fraction"),
            DeValue::Datetime(_) => Content::Other("a date or time"),
            DeValue::Array(array) => {
                let entries = array.into_iter().map(|entry| {
                    let line = self.line(entry.span().start);
                    self.node(entry.into_inner(), line, depth + 1)
                });
                Content::List(entries.collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => return self.table(table, line, depth),
        };
        Ok(Node { line, content })
    }
}
