//! The lines of a `.env` file.
//!
//! There is no standard, and parsers differ: over `$`, `\`, `#` and spaces outside quotes, and over
//! escapes between them. What they all read alike is taken. Everything else is refused, since the
//! secret would be another one than what the rest of a team's programs read from the same file.
//! `tests/dotenv/table.jsonl` has what some of them read.

mod base64;

use github_secrets::SecretValue;
use zeroize::Zeroizing;

use super::entry::{Fault, Member, Problem};

/// Hands on the lines that have the form of a name and a value, and a fault for each of the others.
pub(super) fn parse(text: &str, take: &mut dyn FnMut(Result<Member, Fault>)) {
    let mut reader = Reader::new(text);
    reader.assigns = assigns(text);
    while reader.skip_to_statement(take) {
        take(reader.statement());
    }
}

/// Returns whether a text gives a value to a name, and has nothing else than names and values. Only
/// there is a word before `=` sure to be a name.
fn assigns(text: &str) -> bool {
    let mut reader = Reader::new(text);
    let mut has_value = false;
    while reader.skip_to_statement(&mut |_| {}) {
        match reader.statement() {
            Ok(member) => has_value |= member.value.is_ok_and(|value| !value.is_empty()),
            Err(_) => return false,
        }
    }
    has_value
}

/// The rest of a text, and the number of the line that it begins in.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
    line_ends: LineEnds,
    /// Whether the text is one of names and values, as far as is known.
    assigns: bool,
    /// Whether the last line can be a piece of a wrapped key.
    in_base64: bool,
    /// Whether there is a tab before the statement.
    begins_with_tab: bool,
}

/// How the lines of a text end.
#[derive(Clone, Copy, PartialEq)]
enum LineEnds {
    Alike,
    Mixed,
}

impl LineEnds {
    fn of(text: &str) -> Self {
        let (lf, cr_lf) = (text.matches('\n').count(), text.matches("\r\n").count());
        if cr_lf == 0 || cr_lf == lf {
            Self::Alike
        } else {
            Self::Mixed
        }
    }
}

type Value = Result<Zeroizing<String>, Problem>;

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            line: 1,
            line_ends: LineEnds::of(text),
            assigns: true,
            in_base64: false,
            begins_with_tab: false,
        }
    }

    /// Skips empty lines and comments, and returns whether something follows.
    fn skip_to_statement(&mut self, take: &mut dyn FnMut(Result<Member, Fault>)) -> bool {
        let mut indented = None;
        while !self.rest.is_empty() {
            let (line, text) = (self.line, self.line());
            let has_blank = self.skip_blanks();
            let is_comment = self.rest.starts_with('#');
            if !is_comment && !self.line().is_empty() {
                if let Some(line) = indented {
                    take(Err(Fault::new(line, INDENTED)));
                }
                self.begins_with_tab = text.trim_start_matches(' ').starts_with('\t');
                return true;
            }
            let is_last = self.rest.len() == self.line().len();
            if is_comment && self.has_odd_break() {
                take(Err(Fault::new(line, format!("the comment {ODD_BREAK}"))));
            }
            if is_comment && text.contains('=') && (has_blank || indented.is_some()) {
                take(Err(Fault::new(indented.unwrap_or(line), INDENTED)));
            } else if has_blank {
                indented = indented.or(Some(line));
            } else if is_comment && is_last && text.contains('=') {
                take(Err(Fault::new(
                    line,
                    "some programs take a comment with = for a name if no line break follows; add \
                     one",
                )));
            }
            self.in_base64 = false;
            self.skip_line();
        }
        false
    }

    fn statement(&mut self) -> Result<Member, Fault> {
        const NO_STATEMENT: &str =
            "this is not of the form NAME=value; quote a value of several lines";
        let (line, text) = (self.line, self.line());
        let Some((key, after)) = text.split_once('=') else {
            self.skip_text();
            return Err(Fault::new(line, NO_STATEMENT));
        };
        let name = name(key.trim_end_matches([' ', '\t']));
        let is_odd = self.begins_with_tab
            || key.contains('\t')
            || key.starts_with("export  ")
            || name == "export" && key.ends_with(' ');
        if base64::is_key(name, after, self.neighbours()) {
            self.in_base64 = true;
            self.skip_line();
            return Err(Fault::new(line, base64::MESSAGE));
        }
        self.in_base64 = base64::is_line(after);
        self.advance(key.len() + 1);
        let blanks = self.line().len() - self.line().trim_start_matches([' ', '\t']).len();
        let has_tab = after.get(..blanks).unwrap_or_default().contains('\t');
        self.advance(blanks);
        let begin = self.rest;
        let value = match self.rest.chars().next() {
            Some('\'') => self.single_quoted(),
            Some('"') => self.double_quoted(),
            _ => self.unquoted(blanks > 0),
        };
        let raw = begin.get(..begin.len() - self.rest.len() + self.line().len());
        self.skip_line();
        let value = if is_odd || has_tab {
            Err(Problem::Has(
                "has a tab, two spaces after export, or no name before its value; write NAME=value",
            ))
        } else {
            value.map_err(|problem| problem.advised(advice(raw.unwrap_or_default())))
        };
        Ok(Member {
            line,
            name: Zeroizing::new(name.to_owned()),
            value: value.map(SecretValue::from),
        })
    }

    fn neighbours(&self) -> base64::Neighbours {
        base64::Neighbours {
            assigns: self.assigns,
            is_after_line: self.in_base64,
        }
    }

    /// Skips lines that are no statements: the rest of a key that was pasted without quotes.
    fn skip_text(&mut self) {
        while !self.line().is_empty() && !self.line().contains('=') {
            self.in_base64 = base64::is_line(self.line());
            self.skip_line();
        }
    }

    /// Reads to the end of the line, or to a comment after a blank.
    fn unquoted(&mut self, has_blank: bool) -> Value {
        let line = self.line();
        let comment = line.char_indices().find(|(index, c)| {
            let before = line.get(..*index).unwrap_or_default();
            let after_blank = before.ends_with([' ', '\t']) || (before.is_empty() && has_blank);
            *c == '#' && after_blank
        });
        if comment.is_some() && self.has_odd_break() {
            return Err(Problem::Has(ODD_BREAK));
        }
        let end = comment.map_or(line.len(), |(index, _)| index);
        let value = line.get(..end).unwrap_or_default().trim_end_matches(' ');
        if value.is_empty() && comment.is_some() {
            return Err(Problem::Has(
                "has a comment where some programs expect the value; remove the comment, or \
                 write '' before it",
            ));
        }
        for c in value.chars() {
            return Err(match c {
                '$' => Problem::Quote(DOLLAR),
                '\\' => Problem::Quote("has a \\ outside quotes"),
                '#' => Problem::Quote("has a # that some programs take for a comment"),
                '\'' | '"' | '`' => Problem::Quote("has a quotation mark in an unquoted value"),
                CR => LONE_CR,
                MARK => BYTE_ORDER_MARK,
                c if c.is_whitespace() || c.is_control() => {
                    Problem::Quote("has a space or a control character outside quotes")
                }
                _ => continue,
            });
        }
        Ok(Zeroizing::new(value.to_owned()))
    }

    /// Reads a value in which each character stands for itself, over several lines too.
    fn single_quoted(&mut self) -> Value {
        self.quoted('\'', |reader, c| match c {
            '\\' if reader.rest.starts_with(['\\', '\'']) => Err(Problem::Quote(
                "has \\\\ or a last \\ between single quotes, which some programs take for an \
                 escape",
            )),
            '$' if reader.rest.starts_with('{') => Err(Problem::Quote(
                "has a ${ that some programs replace between single quotes too",
            )),
            c => Ok(c),
        })
    }

    /// Reads a value with line breaks as escapes, over several lines too.
    fn double_quoted(&mut self) -> Value {
        self.quoted('"', |reader, c| match c {
            '$' => Err(Problem::Quote(DOLLAR)),
            '\\' if reader.rest.starts_with('n') => {
                reader.next();
                Ok('\n')
            }
            '\\' => {
                // What it escapes ends no quotation.
                reader.next();
                Err(Problem::Quote(
                    "has a \\ that programs read in different ways, except in \\n",
                ))
            }
            c => Ok(c),
        })
    }

    fn quoted(
        &mut self,
        mark: char,
        read: impl Fn(&mut Self, char) -> Result<char, Problem>,
    ) -> Value {
        self.advance(mark.len_utf8());
        let Some(end) = self.closing(mark) else {
            self.rest = "";
            return Err(Problem::Has("has a quotation that does not end"));
        };
        // No escape is longer than what it stands for, so the buffer never moves.
        let mut value = Zeroizing::new(String::with_capacity(end));
        let mut problem = None;
        let until = self.rest.len() - end;
        while self.rest.len() > until {
            let is_cr_lf = self.rest.starts_with("\r\n");
            let Some(c) = self.next() else { break };
            let read = match c {
                CR => Err(LONE_CR),
                MARK => Err(BYTE_ORDER_MARK),
                '\n' if is_cr_lf && self.line_ends == LineEnds::Mixed => Err(Problem::Has(
                    "has a line that ends with CR LF, unlike others of the file; let all lines \
                     end alike",
                )),
                c => read(self, c),
            };
            match read {
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
    fn after_quotes(&mut self) -> Result<(), Problem> {
        let has_blank = self.skip_blanks();
        match self.line().chars().next() {
            None => Ok(()),
            Some('#') if has_blank && self.has_odd_break() => Err(Problem::Has(ODD_BREAK)),
            Some('#') if has_blank => Ok(()),
            Some(_) => Err(Problem::Quote("has text after the closing quotation mark")),
        }
    }

    /// Returns the rest of the line.
    fn line(&self) -> &'a str {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let line = self.rest.get(..end).unwrap_or_default();
        line.strip_suffix(CR).unwrap_or(line)
    }

    /// Returns whether some programs see the end of a line in the rest of this one.
    fn has_odd_break(&self) -> bool {
        let line = self.rest.split_once('\n');
        let line = line.map_or(self.rest, |(line, _)| line.strip_suffix(CR).unwrap_or(line));
        line.contains([CR, '\u{2028}', '\u{2029}'])
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
            CR if self.rest.starts_with("\r\n") => {
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

const CR: char = '\r';
const ODD_BREAK: &str = "has a CR without LF, or a line separator, which ends the comment for some \
                         programs; remove it";
const LONE_CR: Problem = Problem::Has(
    "has a CR without LF, which some programs take for the end of the line; save the file with one \
     kind of line ends",
);
const MARK: char = '\u{feff}';
const BYTE_ORDER_MARK: Problem =
    Problem::Has("has a byte order mark (U+FEFF) that some programs remove; delete it");
const DOLLAR: &str = "has a $ that many programs expand as a variable";

/// Returns how to write a value so that it is read unchanged.
fn advice(raw: &str) -> &'static str {
    let raw = raw.trim_end_matches([' ', '\t', CR]);
    let inner = ['\'', '"'].into_iter().find_map(|mark| {
        let inner = raw.strip_prefix(mark)?;
        Some(inner.strip_suffix(mark).unwrap_or(inner))
    });
    let inner = inner.unwrap_or(raw);
    let differs = inner.contains(['\'', '\r']) || inner.contains("\\\\") || inner.contains("${");
    if differs || inner.ends_with('\\') {
        "put it into a JSON file, or use `set` with --value-file"
    } else {
        "put the whole value in single quotes, where every character stands for itself"
    }
}

const INDENTED: &str = "some programs join a line that begins with a space, and has no name, with \
                        the next one; remove its spaces";

/// Returns the name on the left side of a statement.
fn name(key: &str) -> &str {
    match key.strip_prefix("export") {
        Some(name) if name.starts_with([' ', '\t']) => name.trim_start_matches([' ', '\t']),
        _ => key,
    }
}
