//! A response that does not match the description.

use std::{error::Error as StdError, fmt};

use super::{head::ResponseHead, target::Target};

/// A response that does not match GitHub's API description.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnexpectedResponse {
    /// The mismatch.
    pub problem: ResponseProblem,
    pub(crate) target: Target,
    pub(crate) head: ResponseHead,
}

/// A way in which a response can fail to match GitHub's API description.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseProblem {
    /// The status means neither success nor refusal.
    Status,
    /// A redirect leaves the API's own origin, has no end, or would send a write elsewhere.
    Redirect,
    /// The body is not the JSON that the description promises.
    Json {
        /// The line at fault; the first line is 1, and 0 stands for the whole body.
        line: usize,
        /// The column at fault; the first column is 1.
        column: usize,
    },
    /// The body ends too early.
    CutShort,
    /// The body is larger than any response of GitHub's.
    TooLarge {
        /// The largest response that is read, in bytes.
        limit: usize,
    },
    /// The link to the next page cannot be followed.
    NextPage(&'static str),
    /// The list has another number of entries than the response says.
    Count {
        /// The number of entries that the response promises.
        expected: u64,
        /// The number of entries that arrived.
        found: u64,
    },
    /// The list changed while it was read, page by page.
    ListChanged,
    /// The response contradicts the request or itself.
    Contradiction(&'static str),
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: {}", self.target, self.problem)?;
        match self.problem {
            ResponseProblem::CutShort
            | ResponseProblem::Count { .. }
            | ResponseProblem::ListChanged => {}
            _ => f.write_str("; check that the API address is GitHub's")?,
        }
        write!(f, "{} ({})", self.target.effect(), self.head)
    }
}

impl fmt::Display for ResponseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("the status is not one that GitHub documents"),
            Self::Redirect => f.write_str(
                "the response redirects away from the API, in a loop, or to where this write must \
                 not go",
            ),
            Self::Json { line, column } => write!(
                f,
                "the body does not match GitHub's description (line {line}, column {column})"
            ),
            Self::CutShort => f.write_str("the body ends too early"),
            Self::TooLarge { limit } => write!(f, "the body is larger than {limit} bytes"),
            Self::NextPage(fault) => write!(f, "the link to the next page {fault}"),
            Self::Count { expected, found } => write!(
                f,
                "the list has {found} entries instead of {expected}: pages are missing, or the \
                 list changed while it was read; try again"
            ),
            Self::ListChanged => f.write_str("the list changed while it was read; try again"),
            Self::Contradiction(what) => f.write_str(what),
        }
    }
}

impl StdError for UnexpectedResponse {}
