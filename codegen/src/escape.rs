//! How text from outside is shown: it can hold whatever a terminal or a reader of Markdown takes
//! for something else.

use std::fmt::{self, Write};

use serde_json::Value;

/// Of a name, or of what the generator says, at most this many characters are shown.
const MOST_CHARACTERS: usize = 200;

/// Writes to a formatter, and escapes what has no shape of its own: control characters, line
/// breaks, and marks that change the direction of text.
pub(crate) struct Escaping<'a, 'f>(pub(crate) &'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| {
            if is_plain(char) {
                self.0.write_char(char)
            } else {
                write!(self.0, "{}", char.escape_default())
            }
        })
    }
}

/// Returns `text` with everything escaped that a terminal could take for something else than a
/// character: control characters, line breaks, and marks that change the direction of text.
///
/// ```
/// assert_eq!(github_secrets_codegen::escaped("a\nb"), "a\\nb");
/// ```
#[must_use]
pub fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, char| {
        if is_plain(char) {
            escaped.push(char);
        } else {
            escaped.extend(char.escape_default());
        }
        escaped
    })
}

/// Returns the beginning of `text` between backticks, which it cannot end.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", escaped(&cut(text)).replace('`', "\\u{60}"))
}

/// Returns the beginning of a value as JSON.
pub(crate) fn json(value: &Value) -> String {
    short(&value.to_string())
}

/// Returns the beginning of a text, on one line.
pub(crate) fn short(text: &str) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns whether a character is one of those that the standard library prints in a debug string
/// as they are.
fn is_plain(char: char) -> bool {
    matches!(char, '\'' | '"' | '\\') || char.escape_debug().eq([char])
}
