//! How much is read, and how much work is done: a description, or a file that comes with it, can
//! refer to itself, be nested without end, or double at each step.

use std::{cell::Cell, thread};

use serde_json::Value;

use crate::Error;

/// How many values a text may hold. GitHub's whole description has 260,000.
pub(crate) const VALUES_IN_TEXT: usize = 1_000_000;

/// How many values a description may have once it is cut to the operations of the client, and
/// whatever is made of it. The client's own has 4,400.
pub(crate) const VALUES: usize = 50_000;

/// How many bytes of text, of a string or of a name, count as another value.
const TEXT: usize = 100;

/// How deeply values may be nested, which is as deeply as JSON can be read.
pub(crate) const DEPTH: usize = 128;

/// Room for the generator, which calls itself for each level of a description.
const STACK: usize = 512 << 20;

/// Work that is left.
pub(crate) struct Budget {
    limit: usize,
    left: Cell<usize>,
}

/// Why values are refused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Excess {
    Values(usize),
    Depth,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        let left = Cell::new(limit);
        Self { limit, left }
    }

    /// Takes this many units, if they are left.
    pub(crate) fn spend(&self, units: usize) -> Result<(), Excess> {
        let left = self.left.get().checked_sub(units);
        self.left.set(left.unwrap_or_default());
        left.map(drop).ok_or(Excess::Values(self.limit))
    }

    /// Takes a unit for each value that `value` is made of, and none may be `depth` levels below.
    pub(crate) fn spend_on(&self, value: &Value, depth: usize) -> Result<(), Excess> {
        let depth = depth.checked_sub(1).ok_or(Excess::Depth)?;
        self.spend(1)?;
        match value {
            Value::Object(object) => object.iter().try_for_each(|(key, it)| {
                self.spend(units(key))?;
                self.spend_on(it, depth)
            }),
            Value::Array(items) => items.iter().try_for_each(|it| self.spend_on(it, depth)),
            Value::String(text) => self.spend(units(text)),
            _ => Ok(()),
        }
    }
}

impl Excess {
    pub(crate) fn reason(self) -> String {
        match self {
            Self::Values(limit) => {
                format!("more than {limit} values, where {TEXT} bytes of text count as one")
            }
            Self::Depth => format!("more than {DEPTH} levels"),
        }
    }

    pub(crate) fn error(self, place: &str) -> Error {
        Error::TooMuch {
            place: place.to_owned(),
            what: self.reason(),
        }
    }
}

/// Returns how many values a text counts as, besides itself.
pub(crate) fn units(text: &str) -> usize {
    text.len() / TEXT
}

/// Returns an error if there are more of something than the limit.
pub(crate) fn within(found: usize, limit: usize, place: &str, what: &str) -> Result<(), Error> {
    if found <= limit {
        return Ok(());
    }
    Err(Error::TooMuch {
        place: place.to_owned(),
        what: format!("more than {limit} {what}"),
    })
}

/// Runs `run` with a stack for descriptions as deep as the bounds allow.
pub(crate) fn with_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, run);
        let thread = thread.map_err(|error| format!("no thread can be started: {error}"))?;
        thread
            .join()
            .map_err(|_| "the generator gave up".to_owned())
    })
}
