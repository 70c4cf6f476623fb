//! Which requests a fault happens to.

use crate::{
    operation::{Operation, is_known},
    recorded::RecordedRequest,
};

/// A condition for the requests that a [`Fault`](crate::Fault) happens to.
#[derive(Clone, Debug)]
pub struct Matcher(pub(crate) Condition);

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Method(String),
    Operation(String),
    Path(String),
}

impl Matcher {
    /// Matches requests with this method.
    pub fn method(method: impl Into<String>) -> Self {
        Self(Condition::Method(method.into()))
    }

    /// Matches requests for the operation with this operationId in GitHub's description.
    ///
    /// An operationId that the emulator does not know matches every request and responds to it with
    /// a 500 that names it, so that a misspelling is noticed.
    pub fn operation(id: impl Into<String>) -> Self {
        Self(Condition::Operation(id.into()))
    }

    /// Matches requests whose path contains this text.
    pub fn path(part: impl Into<String>) -> Self {
        Self(Condition::Path(part.into()))
    }

    pub(crate) fn matches(&self, request: &RecordedRequest) -> bool {
        match &self.0 {
            Condition::Method(method) => request.method().eq_ignore_ascii_case(method),
            Condition::Operation(id) => {
                let operation = Operation::of(&request.parts.method, request.path());
                !is_known(id) || operation.is_some_and(|operation| operation.id() == *id)
            }
            Condition::Path(part) => request.path().contains(part.as_str()),
        }
    }

    /// Returns about how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let (Condition::Method(text) | Condition::Operation(text) | Condition::Path(text)) =
            &self.0;
        size_of::<Self>() + text.len()
    }
}
