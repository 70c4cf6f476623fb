//! The lines of a `.env` file.
//!
//! There is no standard, and parsers differ: over `$`, `\`, `#` and spaces outside quotes. What
//! they all read alike is taken. Everything else is refused, since the secret would be another one
//! than what the rest of a team's programs read from the same file.

use github_secrets::{SecretName, SecretValue};
use zeroize::Zeroizing;

use super::entry::{Entry, Fault};

/// Returns the entries of the lines that can be read, and a fault for each of the others.
pub(super) fn parse(text: &str) -> (Vec<Entry>, Vec<Fault>) {
    let mut reader = Reader {
        rest: text,
        line: 1,
    };
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    while reader.skip_to_statement() {
        let line = reader.line;
        match reader.statement() {
            Ok((name, value)) => entries.push(Entry { line, name, value }),
            Err(message) => faults.push(Fault::new(line, message)),
        }
    }
    (entries, faults)
}

/// The rest of a text, and the number of the line that it begins in.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    /// Skips empty lines and comments, and returns whether something follows.
    fn skip_to_statement(&mut self) -> bool {
        while !self.rest.is_empty() {
            self.skip_blanks();
            if !self.line().is_empty() && !self.line().starts_with('#') {
                return true;
            }
            self.skip_line();
        }
        false
    }

    fn statement(&mut self) -> Result<(SecretName, SecretValue), String> {
        let Some((key, _)) = self.line().split_once('=') else {
            self.skip_text();
            return Err(
                "this is not of the form NAME=value; quote a value of several lines".to_owned(),
            );
        };
        self.advance(key.len() + 1);
        let name = name(key.trim_end());
        let has_blank = self.skip_blanks();
        let value = match self.rest.chars().next() {
            Some('\'') => self.single_quoted(),
            Some('"') => self.double_quoted(),
            _ => self.unquoted(has_blank),
        };
        self.skip_line();
        let name = name?;
        let value = value.map_err(|problem| format!("{name} {problem}"))?;
        Ok((name, value.into()))
    }

    /// Skips lines that are no statements: the rest of a key that was pasted without quotes.
    fn skip_text(&mut self) {
        while !self.line().is_empty() && !self.line().contains('=') {
            self.skip_line();
        }
    }

    /// Reads to the end of the line, or to a comment after a blank.
    fn unquoted(&mut self, has_blank: bool) -> Result<Zeroizing<String>, &'static str> {
        let line = self.line();
        let comment = line.char_indices().find(|(index, c)| {
            let before = line.get(..*index).unwrap_or_default();
            let after_blank = before.ends_with([' ', '\t']) || (before.is_empty() && has_blank);
            *c == '#' && after_blank
        });
        let value = line.get(..comment.map_or(line.len(), |(index, _)| index));
        let value = value.unwrap_or_default().trim_end_matches([' ', '\t']);
        for c in value.chars() {
            return Err(match c {
                '$' => DOLLAR,
                '\\' => "has a \\ outside quotes; put the value in single quotes",
                '#' => "has a # that some programs take for a comment; put the value in quotes",
                '\'' | '"' | '`' => {
                    "has a quotation mark in an unquoted value; put the whole value in quotes"
                }
                c if c.is_whitespace() || c.is_control() => {
                    "has a space or a control character outside quotes; put the value in quotes"
                }
                _ => continue,
            });
        }
        Ok(Zeroizing::new(value.to_owned()))
    }

    /// Reads a value in which each character stands for itself, over several lines too.
    fn single_quoted(&mut self) -> Result<Zeroizing<String>, &'static str> {
        self.quoted('\'', |_, c| Ok(c))
    }

    /// Reads a value with escapes, over several lines too.
    fn double_quoted(&mut self) -> Result<Zeroizing<String>, &'static str> {
        self.quoted('"', |reader, c| match c {
            '$' => Err(DOLLAR),
            '\\' => match reader.next() {
                Some('n') => Ok('\n'),
                Some('r') => Ok('\r'),
                Some('t') => Ok('\t'),
                Some(c @ ('"' | '\\' | '$')) => Ok(c),
                _ => Err(
                    "has a \\ that is not part of \\n, \\r, \\t, \\\", \\$ or \\\\; put the value \
                     in single quotes",
                ),
            },
            c => Ok(c),
        })
    }

    fn quoted(
        &mut self,
        mark: char,
        read: impl Fn(&mut Self, char) -> Result<char, &'static str>,
    ) -> Result<Zeroizing<String>, &'static str> {
        self.advance(mark.len_utf8());
        let Some(end) = self.closing(mark) else {
            self.rest = "";
            return Err("has a quotation that does not end");
        };
        // No escape is longer than what it stands for, so the buffer never moves.
        let mut value = Zeroizing::new(String::with_capacity(end));
        let mut problem = None;
        let until = self.rest.len() - end;
        while self.rest.len() > until
            && let Some(c) = self.next()
        {
            match read(self, c) {
                Ok(c) => value.push(c),
                Err(fault) => problem = problem.or(Some(fault)),
            }
        }
        self.advance(mark.len_utf8());
        match problem {
            Some(problem) => Err(problem),
            None => self.after_quotes().map(|()| value),
        }
    }

    /// Returns how far away the quotation mark is that ends a quotation.
    fn closing(&self, mark: char) -> Option<usize> {
        let mut escaped = false;
        let mut characters = self.rest.char_indices();
        let found = characters.find(|(_, c)| {
            let is_end = *c == mark && !escaped;
            escaped = mark == '"' && *c == '\\' && !escaped;
            is_end
        });
        found.map(|(index, _)| index)
    }

    /// Checks that only a comment follows.
    fn after_quotes(&mut self) -> Result<(), &'static str> {
        let has_blank = self.skip_blanks();
        match self.line().chars().next() {
            None => Ok(()),
            Some('#') if has_blank => Ok(()),
            Some(_) => {
                Err("has text after the closing quotation mark; put the whole value in quotes")
            }
        }
    }

    /// Returns the rest of the line.
    fn line(&self) -> &'a str {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let line = self.rest.get(..end).unwrap_or_default();
        line.strip_suffix('\r').unwrap_or(line)
    }

    fn skip_line(&mut self) {
        self.advance(self.line().len());
        self.next();
    }

    fn skip_blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let skipped = rest.len() < self.rest.len();
        self.rest = rest;
        skipped
    }

    /// Takes the next character; a line break of two characters is one.
    fn next(&mut self) -> Option<char> {
        let character = match self.rest.chars().next()? {
            '\r' if self.rest.starts_with("\r\n") => {
                self.advance(1);
                '\n'
            }
            character => character,
        };
        self.advance(character.len_utf8());
        self.line += usize::from(character == '\n');
        Some(character)
    }

    /// Skips this many bytes of the line.
    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

/// Returns the name on the left side of a statement.
fn name(key: &str) -> Result<SecretName, String> {
    let name = match key.strip_prefix("export") {
        Some(name) if name.starts_with([' ', '\t']) => name.trim_start(),
        _ => key,
    };
    SecretName::new(name).map_err(|error| error.to_string())
}

const DOLLAR: &str = "has a $ that many programs replace by a variable; put the value in single \
                      quotes, or write \\$ between double quotes";
