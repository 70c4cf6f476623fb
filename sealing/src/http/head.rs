//! The head of a response: its headers, read as what they are, and the rate limit that it means.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderName,
    header::{DATE, RETRY_AFTER},
};

use crate::{LimitKind, RateLimit, ResponseHead};

/// Returns what is kept of a response's head.
///
/// Headers are untrusted: neither the token nor the body that was `sent` must come back in an
/// error.
pub(crate) fn read(status: u16, headers: &HeaderMap, token: &str, sent: &str) -> ResponseHead {
    let text = |name: &HeaderName| {
        let text = headers.get(name)?.to_str().ok()?;
        let sound = text.len() <= MAX_HEADER_BYTES
            && !repeats_token(text, token)
            && !repeats_body(text, sent);
        sound.then_some(text)
    };
    let words = |name| text(name).map(str::to_owned);
    let number = |name| text(name)?.trim().parse::<u64>().ok();
    let date = text(&DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let retry_after = number(&RETRY_AFTER).map(Duration::from_secs).or_else(|| {
        let until = httpdate::parse_http_date(text(&RETRY_AFTER)?).ok()?;
        until.duration_since(date?).ok()
    });
    ResponseHead {
        status,
        request_id: words(&REQUEST_ID),
        accepted_permissions: words(&ACCEPTED_PERMISSIONS),
        oauth_scopes: words(&OAUTH_SCOPES),
        accepted_oauth_scopes: words(&ACCEPTED_OAUTH_SCOPES),
        sso: words(&SSO),
        retry_after,
        rate_limit: number(&RATE_LIMIT_REMAINING).map(|remaining| RateLimit {
            limit: number(&RATE_LIMIT),
            remaining,
            reset: number(&RATE_LIMIT_RESET)
                .and_then(|secs| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(secs))),
            resource: words(&RATE_LIMIT_RESOURCE),
        }),
        date,
        incomplete: headers.get(&SSO).is_some_and(|sso| {
            // Whatever the length of its list of organizations.
            sso.as_bytes()
                .trim_ascii_start()
                .starts_with(b"partial-results")
        }),
    }
}

static REQUEST_ID: HeaderName = HeaderName::from_static("x-github-request-id");
static ACCEPTED_PERMISSIONS: HeaderName = HeaderName::from_static("x-accepted-github-permissions");
static OAUTH_SCOPES: HeaderName = HeaderName::from_static("x-oauth-scopes");
static ACCEPTED_OAUTH_SCOPES: HeaderName = HeaderName::from_static("x-accepted-oauth-scopes");
static SSO: HeaderName = HeaderName::from_static("x-github-sso");
static RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
static RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
static RATE_LIMIT_RESOURCE: HeaderName = HeaderName::from_static("x-ratelimit-resource");

/// Longer than any header that GitHub is known to send; the rest is not worth keeping.
const MAX_HEADER_BYTES: usize = 1024;

/// Returns whether a header repeats a stretch of the token: 16 bytes, less than half of any real
/// token. A shorter token exists in tests alone, and is no different from other words.
fn repeats_token(header: &str, token: &str) -> bool {
    let (header, token) = (header.as_bytes(), token.as_bytes());
    // Each stretch has one of the token's whole eights in it, which hardly any header has.
    let mut eights = token.chunks_exact(8);
    eights.any(|eight| header.windows(8).any(|window| window == eight))
        && token
            .windows(16)
            .any(|stretch| header.windows(16).any(|window| window == stretch))
}

/// Returns whether a header repeats 63 bytes of the body, or some of fewer: a sealed box has 64 or
/// more. A body is large, so only every 32nd stretch of the header is looked for.
fn repeats_body(header: &str, body: &str) -> bool {
    let mut stretches = header.as_bytes().chunks_exact(32);
    stretches.any(|stretch| str::from_utf8(stretch).is_ok_and(|stretch| body.contains(stretch)))
}

/// Returns the rate limit that a response stands for, if it is one.
///
/// GitHub responds with 403 and 429 alike. A secondary limit can come without any header: its
/// documentation address or its message shows it then.
pub(crate) fn limit(head: &ResponseHead, body: &[u8]) -> Option<LimitKind> {
    if !matches!(head.status(), 403 | 429) {
        return None;
    }
    let body = String::from_utf8_lossy(body).to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| body.contains(word));
    if says(&[
        "secondary rate",
        "secondary-rate-limits",
        "abuse-rate-limits",
        "abuse detection",
    ]) {
        return Some(LimitKind::Secondary);
    }
    let limited = head.status() == 429
        || head.retry_after().is_some()
        || says(&["rate limit exceeded", "api rate limit"]);
    if !limited {
        return None;
    }
    let exhausted = head.rate_limit().is_some_and(|rate| rate.remaining == 0);
    let kind = if exhausted {
        LimitKind::Primary
    } else {
        LimitKind::Secondary
    };
    Some(kind)
}
