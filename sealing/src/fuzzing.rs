//! The parsers of what a server answers, for fuzzing alone.

use http::HeaderMap;
use url::{Origin, Url};

use crate::{
    LimitKind, Operation, Refusal,
    net::{answer::Answer, link, operation::Target},
};

/// The address of the next page.
pub fn next_link(
    headers: &HeaderMap,
    current: &Url,
    origin: &Origin,
) -> Result<Option<Url>, &'static str> {
    link::next(headers, current, origin)
}

/// The refusal that an answer to `token` stands for.
pub fn refusal(
    operation: Operation,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    token: &str,
) -> Refusal {
    let target = Target {
        operation,
        owner: "acme".to_owned(),
        name: Some("NAME".to_owned()),
        in_doubt: false,
    };
    Refusal::new(target, Answer::new(status, headers, token, ""), body)
}

/// Whether a refusal can mean a stale key, and the rate limit that it stands for.
pub fn meaning(refusal: &Refusal) -> (bool, Option<LimitKind>) {
    (refusal.can_mean_stale_key(), refusal.limit())
}
