//! From the bytes of a file or of standard input to a value: without what editors add to it.

use std::fmt;

use super::text::{BYTE_ORDER_MARK, is_utf_16};

/// The bytes that are stored, and what was left out of those that were read.
pub(crate) struct Value<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) left_out: Vec<LeftOut>,
}

/// What is no part of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LeftOut {
    Mark,
    LineBreak,
    LineBreaks,
}

/// Returns the value that is in a text; `None` if the text is UTF-16.
pub(crate) fn trimmed(read: &[u8]) -> Option<Value<'_>> {
    if is_utf_16(read) {
        return None;
    }
    let mut left_out = Vec::new();
    let bytes = read.strip_prefix(BYTE_ORDER_MARK).unwrap_or(read);
    if bytes.len() < read.len() {
        left_out.push(LeftOut::Mark);
    }
    let line = first_line(bytes);
    let after = bytes.get(line.len()..).unwrap_or_default();
    if has_text(after) {
        return Some(Value { bytes, left_out });
    }
    match after {
        b"" => {}
        b"\n" | b"\r\n" | b"\r" => left_out.push(LeftOut::LineBreak),
        _ => left_out.push(LeftOut::LineBreaks),
    }
    let bytes = line;
    Some(Value { bytes, left_out })
}

fn first_line(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|byte| is_line_break(*byte));
    value.get(..end.unwrap_or(value.len())).unwrap_or_default()
}

/// A line break after a single line comes from `echo` or an editor, and a password with one in it
/// does not work. The last line break of a key in PEM is part of the key.
fn has_text(after: &[u8]) -> bool {
    !after.iter().all(|byte| is_line_break(*byte))
}

fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

impl LeftOut {
    /// Returns the word for it in a sentence about what keeps it.
    pub(crate) fn pronoun(self) -> &'static str {
        match self {
            Self::Mark | Self::LineBreak => "it",
            Self::LineBreaks => "them",
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mark => "the byte order mark before the value is left out",
            Self::LineBreak => "the line break at the end of the value is left out",
            Self::LineBreaks => "the line breaks at the end of the value are left out",
        })
    }
}
