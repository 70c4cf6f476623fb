//! Keys in base64 and base32, which can look like a name without a value.

/// What is known of the text that a line is in.
#[derive(Clone, Copy)]
pub(super) struct Neighbours {
    /// The text gives a value to a name, and has nothing else than names and values. Only there can
    /// any word be a name.
    pub(super) assigns: bool,
    /// The line before can be one of a wrapped key.
    pub(super) is_after_line: bool,
}

pub(super) const MESSAGE: &str = "this can be a key in base64, or a piece of one; quote a value of \
                                  several lines, use `set` with --value-file for a file that is \
                                  one value, and write '' for an empty value";

/// The lines of a wrapped key are not shorter, except for the last one.
const SHORTEST_LINE: usize = 16;

/// What is shorter is no key, and says little about the one that it ends.
const SHORTEST_KEY: usize = 8;

/// Names with letters of both cases and underscores are shorter.
const LONGEST_NAME: usize = 24;

/// Returns whether what looks like a name without a value can be a key, or the last line of one
/// that is wrapped.
pub(super) fn is_key(name: &str, after: &str, neighbours: Neighbours) -> bool {
    let before_comment = after.split('#').next().unwrap_or_default();
    let padding = before_comment.trim_end_matches([' ', '\t']);
    let is_padded = !name.is_empty() && padding.bytes().all(|byte| byte == b'=');
    if !is_padded || !name.bytes().all(is_digit) {
        return false;
    }
    let length = name.len() + 1 + padding.len();
    let is_whole = length.is_multiple_of(4);
    let is_word = !name.contains('_') || name.len() >= LONGEST_NAME;
    !padding.is_empty()
        || is_whole && neighbours.is_after_line
        || is_word && (is_whole && is_mixed(name) || is_base32(name))
        || !neighbours.assigns && length >= SHORTEST_KEY && (is_word || is_mixed(name))
}

/// Returns whether a value can be the first piece of a wrapped key, or a line of one.
pub(super) fn is_line(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let is_base64 = text.len() >= SHORTEST_LINE
        && text.len().is_multiple_of(4)
        && text.bytes().all(is_digit)
        && is_mixed(text);
    is_base64 || text.len().is_multiple_of(8) && is_base32(text)
}

fn is_mixed(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
}

/// Returns whether a text can be a line of base32: letters and digits, without an underscore.
fn is_base32(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7');
    text.len() >= SHORTEST_LINE
        && text.bytes().all(is_digit)
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
