//! The words of a JSON text, one after the other, with their lines.
//!
//! The parser is our own, since a general one keeps what it unescapes in buffers that nobody wipes,
//! and takes a member that comes twice without a word.

use zeroize::Zeroizing;

pub(crate) const OBJECT: &str = "an object";
/// Deeper values than this are refused, whatever is in them.
const MAX_DEPTH: usize = 128;

/// What is wrong with the text as a whole.
pub(crate) type Syntax = &'static str;

/// A text, and how far it has been read.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    pub(crate) line: usize,
    line_begin: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_begin: 0,
        }
    }

    /// Reads what follows the object, which has to be nothing.
    pub(crate) fn end(&mut self) -> Result<(), Syntax> {
        self.skip_blanks();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err("something follows the object"),
        }
    }

    /// Reads a name and the colon after it; `None` if the name is no text.
    pub(crate) fn name(&mut self) -> Result<Option<Zeroizing<String>>, Syntax> {
        if self.peek() != Some(b'"') {
            return Err("a name in quotes is expected");
        }
        let name = self.string()?;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err("a colon is expected");
        }
        self.at += 1;
        self.skip_blanks();
        Ok(name)
    }

    /// Reads a comma, or the end of an object or an array.
    pub(crate) fn is_last_of(&mut self, end: u8) -> Result<bool, Syntax> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Err("a comma or the end is expected"),
            None => Err("the text ends too early"),
        }
    }

    /// Reads a string, into one buffer that does not grow; `None` if an escape is no character.
    pub(crate) fn string(&mut self) -> Result<Option<Zeroizing<String>>, Syntax> {
        self.at += 1;
        let end = self.end_of_string()?;
        let raw = self.text.get(self.at..end).unwrap_or_default();
        // No escape is shorter than its character.
        let mut value = Zeroizing::new(String::with_capacity(raw.len()));
        let mut rest = raw;
        while let Some((plain, after)) = rest.split_once('\\') {
            value.push_str(plain);
            let Some((character, length)) = unescaped(after) else {
                self.at = end + 1;
                return Ok(None);
            };
            value.push(character);
            rest = after.get(length..).unwrap_or_default();
        }
        value.push_str(rest);
        self.at = end + 1;
        Ok(Some(value))
    }

    /// Skips the byte that begins an object or an array, and returns whether nothing is in it.
    pub(crate) fn is_empty(&mut self, end: u8) -> bool {
        self.at += 1;
        self.skip_blanks();
        self.skip_one(&[end])
    }

    /// Returns the position of the closing quotation mark. Every escape before it has the right
    /// form.
    fn end_of_string(&mut self) -> Result<usize, Syntax> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            let Some(byte) = bytes.get(at) else {
                self.at = at;
                return Err("a string does not end");
            };
            at += match byte {
                b'"' => return Ok(at),
                0..0x20 => {
                    self.at = at;
                    return Err("a string has a line break or a control character; escape it");
                }
                b'\\' => match bytes.get(at + 1) {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                    Some(b'u') if unit(bytes.get(at + 2..).unwrap_or_default()).is_some() => 6,
                    _ => {
                        self.at = at;
                        return Err("an escape is not valid");
                    }
                },
                _ => 1,
            };
        }
    }

    /// Skips a value of any kind, and checks its form.
    pub(crate) fn skip_value(&mut self) -> Result<(), Syntax> {
        let mut open = Vec::new();
        loop {
            let begun = match self.peek() {
                Some(b'{') => Some(b'}'),
                Some(b'[') => Some(b']'),
                _ => None,
            };
            if let Some(end) = begun {
                if open.len() == MAX_DEPTH {
                    return Err("the value is nested too deeply");
                }
                if !self.is_empty(end) {
                    open.push(end);
                    if end == b'}' {
                        self.name()?;
                    }
                    continue;
                }
            } else {
                self.scalar()?;
            }
            loop {
                let Some(end) = open.last() else {
                    return Ok(());
                };
                if self.is_last_of(*end)? {
                    open.pop();
                    continue;
                }
                self.skip_blanks();
                if *end == b'}' {
                    self.name()?;
                }
                break;
            }
        }
    }

    /// Reads a value that holds no others, and returns it unchanged.
    pub(crate) fn raw_scalar(&mut self) -> Result<&'a str, Syntax> {
        let begin = self.at;
        self.scalar()?;
        Ok(self.text.get(begin..self.at).unwrap_or_default())
    }

    fn scalar(&mut self) -> Result<(), Syntax> {
        for word in ["true", "false", "null"] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(());
            }
        }
        match self.peek() {
            Some(b'"') => match self.string()? {
                Some(_) => Ok(()),
                None => Err("an escape is not a valid Unicode character"),
            },
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err("a value is expected"),
            None => Err("the text ends too early"),
        }
    }

    fn number(&mut self) -> Result<(), Syntax> {
        self.skip_one(b"-");
        if !self.skip_one(b"0") && self.skip_digits() == 0 {
            return Err("a digit is expected");
        }
        if self.skip_one(b".") && self.skip_digits() == 0 {
            return Err("a digit is expected");
        }
        if self.skip_one(b"eE") {
            self.skip_one(b"+-");
            if self.skip_digits() == 0 {
                return Err("a digit is expected");
            }
        }
        Ok(())
    }

    fn skip_one(&mut self, of: &[u8]) -> bool {
        let is = self.peek().is_some_and(|byte| of.contains(&byte));
        self.at += usize::from(is);
        is
    }

    fn skip_digits(&mut self) -> usize {
        let begin = self.at;
        while self.skip_one(b"0123456789") {}
        self.at - begin
    }

    pub(crate) fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            let breaks = self.peek() == Some(b'\n');
            self.at += 1;
            if breaks {
                self.line += 1;
                self.line_begin = self.at;
            }
        }
    }

    /// Returns what kind of value follows, from its first character.
    pub(crate) fn kind(&self) -> &'static str {
        match self.peek() {
            None => "empty",
            Some(b'{') => OBJECT,
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(_) => "not JSON",
        }
    }

    pub(crate) fn column(&self) -> usize {
        let before = self.text.get(self.line_begin..self.at);
        1 + before.unwrap_or_default().chars().count()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// Returns the character of an escape, and the length of what follows its backslash.
fn unescaped(after: &str) -> Option<(char, usize)> {
    let character = match after.bytes().next()? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return encoded(after.as_bytes().get(1..)?),
        byte => char::from(byte),
    };
    Some((character, 1))
}

/// Returns the character of one `\u` or of two that belong together.
fn encoded(digits: &[u8]) -> Option<(char, usize)> {
    let first = unit(digits)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 5));
    }
    let second = unit(digits.get(4..)?.strip_prefix(b"\\u")?)?;
    let (0xd800..0xdc00, 0xdc00..0xe000) = (first, second) else {
        return None;
    };
    let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(code).map(|character| (character, 11))
}

fn unit(digits: &[u8]) -> Option<u32> {
    digits.get(..4)?.iter().try_fold(0, |unit, digit| {
        Some(unit << 4 | char::from(*digit).to_digit(16)?)
    })
}
