//! Where the value of a secret comes from.

use std::{fmt, path::PathBuf, sync::Arc};

/// The source of a value. A copy costs nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ValueSource {
    pub(super) origin: Arc<Origin>,
    /// The member of the JSON object that is read there; without one it is all that is read.
    pub(super) key: Option<Arc<str>>,
}

/// What is read once, whatever is taken from it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    Variable(String),
    /// Relative to the folder of the file that names it.
    File(PathBuf),
    Stdin,
}

/// What to write in place of a value or of what is no source.
pub(super) const NO_SOURCE: &str = "has no source; write env:VARIABLE, file:PATH or stdin:, with \
                                    #KEY for a member of a JSON object; a value does not belong in \
                                    this file";

impl ValueSource {
    /// Returns the variable of this name.
    pub(super) fn variable(name: &str) -> Self {
        Self {
            origin: Arc::new(Origin::Variable(name.to_owned())),
            key: None,
        }
    }

    /// Parses a source.
    ///
    /// # Errors
    ///
    /// Returns what to say about the secret. It holds no part of the text, which can be a value.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once(':').ok_or(NO_SOURCE)?;
        let (rest, key) = match rest.split_once('#') {
            Some((rest, key)) => (rest, Some(key)),
            None => (rest, None),
        };
        let origin = match scheme {
            "env" if is_variable(rest) => Origin::Variable(rest.to_owned()),
            "env" => {
                return Err(
                    "has a source of the form env:VARIABLE whose variable is empty, or has \
                            a character that no variable has",
                );
            }
            "file" if rest.is_empty() => return Err("has a source file: without a path"),
            "file" if rest.contains('\0') => return Err("has a source whose path has a NUL"),
            "file" => Origin::File(PathBuf::from(rest)),
            "stdin" if rest.is_empty() => Origin::Stdin,
            "stdin" => {
                return Err("has a source stdin: with more after it; write stdin: or stdin:#KEY");
            }
            _ => return Err(NO_SOURCE),
        };
        if key == Some("") {
            return Err("has a source that ends with #; write the key after it, or remove the #");
        }
        Ok(Self {
            origin: Arc::new(origin),
            key: key.map(Into::into),
        })
    }

    pub(super) fn is_stdin(&self) -> bool {
        matches!(*self.origin, Origin::Stdin)
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control())
}

/// The content of the file can be a value in the wrong place: only the kind is shown.
impl fmt::Debug for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self.origin {
            Origin::Variable(_) => "ValueSource(env)",
            Origin::File(_) => "ValueSource(file)",
            Origin::Stdin => "ValueSource(stdin)",
        })
    }
}
