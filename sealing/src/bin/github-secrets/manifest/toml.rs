//! From TOML to a tree with lines.
//!
//! The parser's own messages are not repeated, whatever they hold: the text at a fault can be a
//! value.

use std::ops::Range;

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
    let doubled = count_doubled(&errors);
    let found = errors.iter().map(|error| lines.find(error, doubled));
    let mut found: Vec<Found> = found.collect();
    found.sort_by_key(|found| (found.line, found.column));
    for Found {
        line,
        column,
        is_doubled,
        message,
    } in found
    {
        is_whole &= is_doubled;
        // What follows on the line is mostly a consequence.
        if line == last {
            continue;
        }
        last = line;
        let message =
            message.unwrap_or_else(|| format!("the TOML is not valid at column {column}"));
        faults.push(Fault::new(line, message));
    }
    if !is_whole {
        return None;
    }
    let node = lines.table(table.into_inner(), 1, 0);
    node.map_err(|fault| faults.push(fault)).ok()
}

/// The beginning of the parser's message about a key that is given before.
const DOUBLED: &str = "duplicate key";

fn count_doubled(errors: &[Error]) -> usize {
    let doubled = errors.iter().filter(|it| it.message().starts_with(DOUBLED));
    doubled.count()
}

/// What no key of a file has in it.
const OTHER_NAME: &str = "_another_name_";

/// Of so many doubled keys at most, and at so many places each, it is looked for where they are
/// given before: each place takes another reading of the file.
const MOST_DOUBLED: usize = 8;
const MOST_EARLIER: usize = 16;

/// The beginnings of the parser's messages that say more than that the text is not valid.
const KNOWN: [(&str, &str); 8] = [
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
    (
        "invalid multi-line",
        "a string is not closed, or has a character that it cannot have",
    ),
];

/// A fault of the syntax.
struct Found {
    line: usize,
    column: usize,
    is_doubled: bool,
    message: Option<String>,
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

    fn find(&self, error: &Error, doubled: usize) -> Found {
        let span = error.span().unwrap_or_default();
        let is_doubled = error.message().starts_with(DOUBLED);
        let opening = self.unclosed(error, span.start);
        let at = opening.map_or(span.start, |(at, _)| at);
        let line = self.line(at);
        let begin = self.begins.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(begin..at).unwrap_or_default();
        let known = |(text, _): &&(&str, &str)| error.message().starts_with(text);
        let message = if is_doubled {
            let earlier = match self.earlier(span, doubled) {
                Some(at) => format!(" on line {}", self.line(at)),
                None => String::new(),
            };
            let message = format!("the key or table is given{earlier} already; remove one of them");
            Some(message)
        } else if let Some((_, quotes)) = opening {
            let message = format!("the string that begins here with {quotes} is not closed");
            Some(message)
        } else {
            let known = KNOWN.iter().find(known);
            known.map(|(_, message)| (*message).to_owned())
        };
        Found {
            line,
            column: 1 + before.chars().count(),
            is_doubled,
            message,
        }
    }

    /// Returns where a string of several lines begins that goes on to the end of the text.
    fn unclosed(&self, error: &Error, at: usize) -> Option<(usize, &'static str)> {
        let quotes = match error.message() {
            message if message.starts_with("invalid multi-line basic") => "\"\"\"",
            message if message.starts_with("invalid multi-line literal") => "'''",
            _ => return None,
        };
        // The last ones have none after them that could close it.
        let opening = (at == self.text.len()).then(|| self.text.rfind(quotes))?;
        opening.map(|at| (at, quotes))
    }

    /// Returns where a key is given before that is doubled: with another name there, it is not. The
    /// parser does not say it.
    fn earlier(&self, span: Range<usize>, doubled: usize) -> Option<usize> {
        if doubled > MOST_DOUBLED {
            return None;
        }
        let key = self.text.get(span.clone())?;
        let first = key.chars().next()?.len_utf8();
        let is_key = |at: &usize| {
            let after = self.text.get(at + key.len()..).unwrap_or_default();
            after
                .trim_start_matches([' ', '\t'])
                .starts_with(['=', '.', ']'])
        };
        let before = self.text.get(..span.start)?;
        let earlier = before.rmatch_indices(key).map(|(at, _)| at);
        earlier.filter(is_key).take(MOST_EARLIER).find(|at| {
            let (before, after) = self.text.split_at(at + first);
            let renamed = Zeroizing::new(format!("{before}{OTHER_NAME}{after}"));
            count_doubled(&DeTable::parse_recoverable(&renamed).1) < doubled
        })
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
