//! What a file holds, entry by entry, what is wrong with it, and where it was read from.

use std::{borrow::Cow, fmt, path::PathBuf};

use github_secrets::{SecretName, SecretValue};
use zeroize::Zeroizing;

use crate::console::printable;

/// A secret of a file.
pub(crate) struct Entry {
    pub(crate) line: usize,
    pub(crate) name: SecretName,
    pub(crate) value: SecretValue,
}

/// A name and a value as written in a file, before they are checked.
pub(crate) struct Member {
    pub(crate) line: usize,
    pub(crate) name: Zeroizing<String>,
    pub(crate) value: Result<SecretValue, Problem>,
}

/// What is wrong with a value.
#[derive(Clone, Copy)]
pub(crate) enum Problem {
    /// The value has something that is not right.
    Has(&'static str),
    /// The value has something that would be right in other quotes.
    Quote(&'static str),
    /// The same, with how to write it.
    Advised(&'static str, &'static str),
    /// The value is of another kind than a string.
    Is(&'static str),
}

/// What is wrong with a line of a file.
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) message: Cow<'static, str>,
}

/// Everything that is wrong with a file. Only what is shown is kept, however much there is.
#[derive(Default)]
pub(crate) struct Faults {
    first: Vec<Fault>,
    count: usize,
}

/// What was not done when a fault was found.
#[derive(Clone, Copy)]
pub(crate) enum Undone {
    /// Nothing was sent, not even to read.
    Sent,
    /// Lists were read.
    Written,
}

/// Where secrets were read from.
#[derive(Clone)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl Problem {
    /// Adds how to write the value, where that helps.
    pub(super) fn advised(self, advice: &'static str) -> Self {
        match self {
            Self::Quote(text) => Self::Advised(text, advice),
            problem => problem,
        }
    }

    /// Returns the message about the value of a name.
    pub(crate) fn of(self, name: &SecretName) -> String {
        let name = shown(name);
        let subject = name.unwrap_or("the value");
        match self {
            Self::Has(text) | Self::Quote(text) => format!("{subject} {text}"),
            Self::Advised(text, advice) => format!("{subject} {text}; {advice}"),
            Self::Is(kind) => {
                let of = name.map_or(String::new(), |name| format!(" of {name}"));
                format!("the value{of} is {kind}; it has to be a string")
            }
        }
    }
}

/// Returns a name that can be repeated in a message: one that is written as names mostly are.
/// Another one can be a key or a password in the wrong place.
pub(crate) fn shown(name: &SecretName) -> Option<&str> {
    shown_text(name.as_str())
}

/// Returns the same for a text of any kind.
pub(crate) fn shown_text(text: &str) -> Option<&str> {
    const LONGEST: usize = 64;
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    (text.len() <= LONGEST && !mixed && is_printable).then_some(text)
}

/// Returns what to say about a value that GitHub does not accept for its size.
pub(crate) fn too_large(name: &SecretName, value: &SecretValue) -> Option<String> {
    let (bytes, maximum) = (value.len(), SecretValue::MAX_BYTES);
    let of = shown(name).map_or(String::new(), |name| format!(" of {name}"));
    let message = format!("the value{of} has {bytes} bytes; GitHub accepts at most {maximum}");
    (bytes > maximum).then_some(message)
}

impl Fault {
    pub(crate) fn new(line: usize, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self { line, message }
    }
}

impl Faults {
    /// More faults than this say that the file is of another kind.
    const SHOWN: usize = 20;

    pub(crate) fn push(&mut self, fault: Fault) {
        self.count += 1;
        self.first.push(fault);
        if self.first.len() > 2 * Self::SHOWN {
            self.cut();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the message that lists the faults in the order of their lines, and says what was not
    /// done: nothing was sent, or nothing was written.
    pub(crate) fn report(mut self, source: &Source, undone: Undone) -> String {
        self.cut();
        let undone = match undone {
            Undone::Sent => "sent",
            Undone::Written => "written",
        };
        let noun = if self.count == 1 { "a fault" } else { "faults" };
        let mut text = format!("{source} has {noun}, and nothing was {undone}:");
        for fault in &self.first {
            text.push_str(&format!("\n  line {}: {}", fault.line, fault.message));
        }
        if self.count > Self::SHOWN {
            text.push_str(&format!("\n  and {} more", self.count - Self::SHOWN));
        }
        text
    }

    fn cut(&mut self) {
        self.first.sort_by_key(|fault| fault.line);
        self.first.truncate(Self::SHOWN);
    }
}

impl Source {
    pub(crate) fn is_json(&self) -> bool {
        let Self::File(path) = self else { return false };
        let extension = path.extension();
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            Self::File(path) => f.write_str(&printable(&path.to_string_lossy())),
        }
    }
}
