//! An error response says what it means and nothing of its body, which can repeat the value that
//! was sent.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use github_secrets::{
    ErrorResponse, LimitKind, Operation,
    fuzzing::{error_response, meaning},
};
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

const TOKEN: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
const CANARY: &str = "canary+7LJkQ0vRZ1gT5mYd";

/// Messages that are known to mean something: each can change what the error says.
const KNOWN: [&str; 11] = [
    "",
    "improperly encrypted",
    "selected_repository_ids has the wrong type",
    "secrets: at most 100",
    "secret names",
    "saml enforcement",
    "ip allow list",
    "was archived",
    "upgrade to",
    "not accessible by",
    "nothing that is known",
];

const HEADERS: [&str; 10] = [
    "x-github-request-id",
    "x-accepted-github-permissions",
    "x-oauth-scopes",
    "x-accepted-oauth-scopes",
    "x-github-sso",
    "retry-after",
    "date",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

/// A response: its head, and a body that is either arbitrary or of the shape of an error's.
#[derive(Debug, Arbitrary)]
struct Reply<'a> {
    operation: u8,
    status: u16,
    headers: Vec<(u8, &'a [u8], bool)>,
    message: &'a str,
    errors: Vec<Item<'a>>,
    body: &'a [u8],
}

/// An item of `errors`, which GitHub gives as objects and as texts.
#[derive(Debug, Arbitrary)]
enum Item<'a> {
    Text(&'a str),
    Message(&'a str),
    Field(&'a str),
    Number(i64),
}

fuzz_target!(|data: &[u8]| {
    let Ok(reply) = Reply::arbitrary_take_rest(Unstructured::new(data)) else {
        return;
    };
    reply.check(reply.body);
    reply.check(data);
    reply.check(reply.error().to_string().as_bytes());
});

impl Reply<'_> {
    fn check(&self, body: &[u8]) {
        let response = self.response(body);
        let (stale_key, limit) = meaning(&response, body);
        let status = response.status();
        assert!(!stale_key || status == 422);
        assert!(limit.is_none() || matches!(status, 403 | 429));
        assert!(status != 429 || limit.is_some());
        if limit == Some(LimitKind::Primary) {
            let rate_limit = response.head().rate_limit();
            assert_eq!(rate_limit.map(|rate| rate.remaining), Some(0));
        }

        let told = response.to_string();
        let expected = KNOWN.iter().any(|known| {
            let body = json!({ "message": known }).to_string();
            told == self.response(body.as_bytes()).to_string()
        });
        let silent = told == self.response(b"").to_string();
        assert!(expected || silent, "the body shows in the error");
        let debugged = format!("{response:?}{told}");
        assert!(!debugged.contains(CANARY), "the body shows in the error");
        assert!(!debugged.contains(TOKEN), "the token shows in the error");
        assert_eq!(
            response
                .github_message()
                .map(|message| message.expose().to_owned()),
            words(body)
        );
    }

    fn response(&self, body: &[u8]) -> ErrorResponse {
        let mut headers = HeaderMap::new();
        for (name, value, with_token) in &self.headers {
            let name = HeaderName::from_static(HEADERS[usize::from(*name) % HEADERS.len()]);
            let token = if *with_token { TOKEN } else { "" };
            let value = [value, token.as_bytes(), value].concat();
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(name, value);
            }
        }
        let operations: Vec<_> = Operation::all().collect();
        let operation = operations[usize::from(self.operation) % operations.len()];
        error_response(operation, self.status(), &headers, body, TOKEN)
    }

    /// Mostly those that mean something.
    fn status(&self) -> u16 {
        match self.status {
            status @ 0..1000 => status,
            status => [400, 401, 403, 404, 408, 409, 422, 429, 503][usize::from(status % 9)],
        }
    }

    fn error(&self) -> Value {
        let errors = self.errors.iter().map(|item| match item {
            Item::Text(text) => json!(format!("{text}{CANARY}")),
            Item::Message(message) => json!({ "message": format!("{CANARY}{message}") }),
            Item::Field(field) => json!({ "field": field, "value": CANARY }),
            Item::Number(number) => json!(number),
        });
        let errors: Vec<Value> = errors.collect();
        json!({ "message": format!("{}{CANARY}", self.message), "errors": errors })
    }
}

/// What GitHub says, in one text: its message, and what it says of each error.
fn words(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let mut words = body["message"].as_str()?.to_owned();
    for error in body["errors"].as_array().into_iter().flatten() {
        words += "; ";
        match error.as_str().or_else(|| error["message"].as_str()) {
            Some(text) => words += text,
            None => words += &error.to_string(),
        }
    }
    Some(words)
}
