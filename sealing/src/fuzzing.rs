//! The parsers of what a server sends, for fuzzing alone.

use http::HeaderMap;
use url::{Origin, Url};

use crate::{
    ErrorResponse, LimitKind, Operation, ResponseHead,
    error::Target,
    http::{Headers, limit, next_link as next},
    place::{Login, OwnerName},
};

/// Returns the address of the next page.
pub fn next_link(
    headers: &HeaderMap,
    current: &Url,
    origin: &Origin,
) -> Result<Option<Url>, &'static str> {
    next(headers, current, origin)
}

/// Returns the error response that a response to `token` stands for.
pub fn error_response(
    operation: Operation,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    token: &str,
) -> ErrorResponse {
    let owner = Login::new("acme").map_or(OwnerName::User, OwnerName::Organization);
    let target = Target::new(operation, owner, Some("NAME"));
    let headers = Headers {
        headers,
        token,
        sent: b"",
    };
    ErrorResponse::new(target, headers.head(status), body)
}

/// Returns whether an error response can mean a stale key, and the rate limit it stands for.
pub fn meaning(response: &ErrorResponse, body: &[u8]) -> (bool, Option<LimitKind>) {
    (response.can_mean_stale_key(), limit(response.head(), body))
}
