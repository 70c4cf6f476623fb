//! One JSON object of names and values that are strings.
//!
//! The parser is our own, since a general one keeps what it unescapes in buffers that nobody wipes.

use zeroize::Zeroizing;

use super::entry::{Fault, Member, Problem};

pub(super) fn looks_like_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Hands on the members of the object.
///
/// # Errors
///
/// Returns what is wrong with a text that is no object. What was handed on counts for nothing then.
pub(super) fn parse(text: &str, take: &mut dyn FnMut(Result<Member, Fault>)) -> Result<(), Fault> {
    let mut reader = Reader::new(text);
    reader.skip_blanks();
    let kind = reader.kind();
    if kind != OBJECT {
        let message =
            format!("the JSON is {kind}; it has to be an object such as {{\"NAME\": \"value\"}}");
        return Err(Fault::new(reader.line, message));
    }
    reader.object(take).map_err(|message| {
        let column = reader.column();
        let message = format!("the JSON is not valid at column {column}: {message}");
        Fault::new(reader.line, message)
    })
}

const OBJECT: &str = "an object";
/// Deeper values than this are refused, whatever is in them.
const MAX_DEPTH: usize = 128;

/// What is wrong with the text as a whole.
type Syntax = &'static str;

/// A text, and how far it has been read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_begin: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_begin: 0,
        }
    }

    /// Reads the object and everything after it.
    fn object(&mut self, take: &mut dyn FnMut(Result<Member, Fault>)) -> Result<(), Syntax> {
        self.at += 1;
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.member(take)?;
                if self.is_last_of(b'}')? {
                    break;
                }
                self.skip_blanks();
            }
        }
        self.skip_blanks();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err("something follows the object"),
        }
    }

    fn member(&mut self, take: &mut dyn FnMut(Result<Member, Fault>)) -> Result<(), Syntax> {
        let name = self.name()?;
        let line = self.line;
        let value = if self.peek() == Some(b'"') {
            let value = self.string()?.map(Into::into);
            value.ok_or(Problem::Has("has an escape that is no character"))
        } else {
            let kind = self.kind();
            self.skip_value()?;
            Err(Problem::Is(kind))
        };
        take(match name {
            Some(name) => Ok(Member { line, name, value }),
            None => Err(Fault::new(
                line,
                "the name has an escape that is no character",
            )),
        });
        Ok(())
    }

    /// Reads a name and the colon after it; `None` if the name is no text.
    fn name(&mut self) -> Result<Option<Zeroizing<String>>, Syntax> {
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
    fn is_last_of(&mut self, end: u8) -> Result<bool, Syntax> {
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
    fn string(&mut self) -> Result<Option<Zeroizing<String>>, Syntax> {
        self.at += 1;
        let end = self.end_of_string()?;
        let raw = self.text.get(self.at..end).unwrap_or_default();
        // No escape is shorter than what it stands for.
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

    /// Returns where the closing quotation mark stands. Every escape before it has the right form.
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
    fn skip_value(&mut self) -> Result<(), Syntax> {
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
                self.at += 1;
                self.skip_blanks();
                if self.peek() != Some(end) {
                    open.push(end);
                    if end == b'}' {
                        self.name()?;
                    }
                    continue;
                }
                self.at += 1;
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
                None => Err("an escape is no character"),
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

    fn skip_blanks(&mut self) {
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
    fn kind(&self) -> &'static str {
        match self.peek() {
            None => "empty",
            Some(b'{') => OBJECT,
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(_) => "no JSON at all",
        }
    }

    fn column(&self) -> usize {
        let before = self.text.get(self.line_begin..self.at);
        1 + before.unwrap_or_default().chars().count()
    }

    fn peek(&self) -> Option<u8> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Problem, parse};

    /// What the parser reads: the members, if the text is whole.
    fn read(text: &str) -> Option<BTreeMap<String, Option<String>>> {
        let (mut members, mut whole) = (BTreeMap::new(), true);
        let parsed = parse(text, &mut |member| {
            let Ok(member) = member else {
                whole = false;
                return;
            };
            let value = match member.value {
                Ok(value) => Some(String::from_utf8(value.expose().to_vec()).unwrap()),
                Err(Problem::Is(_)) => None,
                Err(_) => {
                    whole = false;
                    return;
                }
            };
            members.insert(String::clone(&member.name), value);
        });
        (parsed.is_ok() && whole).then_some(members)
    }

    /// What a general parser reads.
    fn read_by_serde(text: &str) -> Option<BTreeMap<String, Option<String>>> {
        let members: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).ok()?;
        let member =
            |(name, value): (String, serde_json::Value)| (name, value.as_str().map(str::to_owned));
        Some(members.into_iter().map(member).collect())
    }

    #[test]
    fn every_text_is_read_as_a_general_parser_reads_it() {
        const PIECES: [&str; 34] = [
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"A\"",
            "\"B\"",
            "\"\"",
            "\"A\":\"v\"",
            ",\"B\":",
            " ",
            "\n",
            "\t",
            "\r",
            "\\",
            "\\n",
            "\\u00fc",
            "\\ud83d\\ude00",
            "\\ud800",
            "\\u12",
            "\\/",
            "é",
            "true",
            "null",
            "0",
            "-1.5e-3",
            "01",
            "1.",
            "-",
            "\u{7f}",
            "\u{1}",
            "x",
        ];
        // A generator of numbers that is the same on every run.
        let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % below
        };
        let (mut taken, mut refused) = (0, 0);
        for _ in 0..200_000 {
            let begin = ["{", "{\"A\":", "{\"A\":\"v\",\"B\":[", "{\"A\":\"", " {\n"][next(5)];
            let end = ["}", "\"}", "]}", "", "}\n"][next(5)];
            let middle: String = (0..next(7)).map(|_| PIECES[next(PIECES.len())]).collect();
            let text = format!("{begin}{middle}{end}");
            let theirs = read_by_serde(&text);
            assert_eq!(read(&text), theirs, "{text:?}");
            taken += usize::from(theirs.is_some());
            refused += usize::from(theirs.is_none());
        }
        assert!(taken > 5_000 && refused > 5_000, "{taken} {refused}");
    }

    #[test]
    fn a_value_that_is_nested_deeply_costs_nothing() {
        let deep = format!("{{\"A\": {}", "[".repeat(1_000_000));
        assert_eq!(read(&deep), None);
    }
}
