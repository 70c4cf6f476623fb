//! What every operation looks at: the request, and who sends it.

use crate::{
    api::list_edits::ListEdits, permission::Need, recorded::RecordedRequest,
    rules::DEFAULT_VERSION, token::Token,
};

/// A request for an operation, and the token that it carries.
pub(crate) struct Context<'a> {
    pub(crate) request: &'a RecordedRequest,
    pub(crate) token: &'a Token,
    /// What the operation asks of the token.
    pub(crate) need: Need,
    pub(crate) edits: &'a ListEdits,
}

impl Context<'_> {
    /// Returns the version of the API that the request is written for.
    pub(crate) fn version(&self) -> &str {
        version(self.request)
    }
}

/// Returns the version of the API that a request names, or the default.
pub(crate) fn version(request: &RecordedRequest) -> &str {
    request
        .header("x-github-api-version")
        .unwrap_or(DEFAULT_VERSION)
}
