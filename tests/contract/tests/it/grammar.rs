//! Whole calls against responses that a grammar of headers and bodies makes up.
//!
//! `SOAK` multiplies the number of cases, `GRAMMAR_SEED` repeats the one that failed.

use std::{
    env,
    sync::{Arc, Mutex},
    time::Duration,
};

use contract_tests::{Reply, Request, Wire, github};
use fastrand::Rng;
use futures_util::{StreamExt, future::ready, stream};
use github_secrets::{Error, Limits, Organization, RetryPolicy, Secrets, Visibility};
use serde_json::{Value, json};

const CASES: u64 = 600;
const AT_ONCE: usize = 24;
const VALUE: &str = "value-of-the-secret-that-nobody-must-see";

/// So many repositories are selected for the secret, on two pages.
const SELECTED: u64 = 150;

#[tokio::test]
async fn whatever_a_server_responds_nothing_is_claimed_that_it_did_not_say() {
    if let Some(seed) = number("GRAMMAR_SEED") {
        return case(seed).await;
    }
    let seeds = 0..CASES * number("SOAK").unwrap_or(1);
    let cases = stream::iter(seeds).map(|seed| async move {
        let case = tokio::spawn(case(seed));
        case.await.is_err().then_some(seed)
    });
    // Most of a case is waiting.
    let failed: Vec<_> = cases
        .buffer_unordered(AT_ONCE)
        .filter_map(ready)
        .collect()
        .await;
    assert_eq!(failed, [0; 0], "GRAMMAR_SEED repeats one of these");
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().expect("a number"))
}

/// What the server did with a write, as far as its client can know.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Yes,
    No,
    Unclear,
}

#[derive(Clone)]
struct Server {
    rng: Arc<Mutex<Rng>>,
    writes: Arc<Mutex<Vec<(Said, Value)>>>,
}

async fn case(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let server = Server {
        rng: Arc::new(Mutex::new(rng.fork())),
        writes: Arc::default(),
    };
    let answering = server.clone();
    let wire = Wire::serve(move |request| answering.reply(request));
    let retry = RetryPolicy::default()
        .attempts(rng.u32(1..=3))
        .first_wait(Duration::from_millis(1))
        .longest_wait(Duration::from_millis(2))
        .deadline(Duration::from_secs(3));
    let builder = github::builder(wire.url())
        .timeout(Duration::from_secs(2))
        .limits(Limits::none().minute(Duration::from_millis(1)))
        .retry(retry);
    let call = call(&mut rng, github::codespaces(builder), &server);
    let ended = tokio::time::timeout(Duration::from_secs(60), call).await;
    ended.expect("it comes to an end");
    assert!(wire.lines().len() < 60, "{:#?}", wire.lines());
}

async fn call(rng: &mut Rng, secrets: Secrets<Organization>, server: &Server) {
    let selected = || Visibility::selected([1, 2]);
    match rng.u8(0..4) {
        0 => {
            let result = secrets.set("DB_PASSWORD", VALUE, selected()).await;
            server.check(&result);
        }
        1 => {
            let result = secrets.rotate("DB_PASSWORD", VALUE).await;
            server.check(&result);
            if result.is_ok() {
                let writes = server.writes.lock().expect("no panic");
                let (_, body) = writes.last().expect("a write");
                let ids = body["selected_repository_ids"].as_array();
                assert_eq!(ids.map(Vec::len), Some(SELECTED as usize));
            }
        }
        2 => {
            let result = secrets.repositories("DB_PASSWORD").expect("a name");
            match result.list().all().await {
                Ok(all) => assert_eq!(all.len() as u64, SELECTED),
                Err(error) => silent(&error),
            }
        }
        _ => {
            let new = ["A", "B", "C"].map(|name| github::new_secret(name, VALUE, selected()));
            match secrets.set_all(new).await {
                Ok(batch) => {
                    let report = batch.concurrency(1).finish().await;
                    let report = report.unwrap_or_else(|report| report);
                    assert_eq!(report.items.len(), 3);
                    for item in &report.items {
                        item.result.as_ref().err().inspect(|error| silent(error));
                    }
                    let yes = server.count(Said::Yes);
                    assert!(
                        report.created() + report.updated() <= yes,
                        "{report:?}, {:?}",
                        server.writes
                    );
                }
                Err(error) => silent(&error),
            }
        }
    }
}

/// An error says neither the value nor the token nor the sealed box, all of which came back.
fn silent(error: &Error) {
    let text = format!("{error} {error:?} {error:#?}");
    for secret in [VALUE, github::TOKEN, "sealed-box"] {
        assert!(!text.contains(secret), "{text}");
    }
}

impl Server {
    /// Holds the result of a call against what was said to its writes.
    fn check<T>(&self, result: &Result<T, Error>) {
        let no = self.count(Said::Yes) + self.count(Said::Unclear) == 0;
        match result {
            Ok(_) => assert!(self.count(Said::Yes) > 0, "nothing was said to be stored"),
            Err(error) => {
                silent(error);
                let doubt = error.may_have_taken_effect();
                assert!(doubt || no, "{error:?}, {:?}", self.writes);
                assert!(
                    !doubt || !no,
                    "nothing was stored: {error:?}, {:?}",
                    self.writes
                );
            }
        }
    }

    fn count(&self, what: Said) -> usize {
        let writes = self.writes.lock().expect("no panic");
        writes.iter().filter(|(said, _)| *said == what).count()
    }

    fn reply(&self, request: &Request) -> Reply {
        let rng = &mut *self.rng.lock().expect("no panic");
        let (status, body) = proper(rng, request);
        let (status, body) = match rng.u8(0..10) {
            0 => (*choose(rng, &STATUSES), refusal(rng)),
            1 => (*choose(rng, &STATUSES), body),
            2 => (status, refusal(rng)),
            _ => (status, body),
        };
        let mut reply = match (status, rng.u8(0..12)) {
            (204 | 304, _) => Reply::status(status),
            (_, 0) => Reply::text(status, "text/html", "<html><h1>Unicorn!</h1></html>"),
            _ => Reply::json(status, &body),
        };
        for _ in 0..rng.usize(0..4) {
            let (name, values) = *choose(rng, &HEADERS);
            let value: &str = choose::<&str>(rng, values);
            reply = reply.header(name, value);
        }
        if request.target.ends_with("/repositories?per_page=100") && rng.u8(0..6) > 0 {
            let next = format!("{}&page=2", request.target);
            reply = reply.header("Link", &format!("<{next}>; rel=\"next\""));
        }
        if rng.u8(0..4) == 0 {
            let token = request.header("authorization").unwrap_or_default();
            reply = reply.header(
                choose::<&str>(rng, &["x-github-sso", "x-oauth-scopes"]),
                token,
            );
        }
        let (reply, is_whole) = damage(rng, reply);
        if request.method == "PUT" {
            let said = match status {
                _ if !is_whole => Said::Unclear,
                200..300 => Said::Yes,
                408 | 500.. | 0..200 => Said::Unclear,
                _ => Said::No,
            };
            let write = (said, request.json());
            self.writes.lock().expect("no panic").push(write);
        }
        reply
    }
}

/// What GitHub responds.
fn proper(rng: &mut Rng, request: &Request) -> (u16, Value) {
    let repository = |id: u64| {
        let name = format!("repository-{id}");
        json!({ "id": id, "name": name, "full_name": format!("acme/{name}") })
    };
    match (request.method.as_str(), request.path()) {
        ("PUT", _) => (*choose(rng, &[201, 204]), json!({})),
        (_, path) if path.ends_with("/public-key") => {
            (200, json!({ "key_id": "1", "key": github::KEY }))
        }
        (_, path) if path.ends_with("/repositories") => {
            let ids = match request.target.contains("page=2") {
                true => 101..=SELECTED,
                false => 1..=100,
            };
            let repositories: Vec<_> = ids.map(repository).collect();
            let body = json!({ "total_count": SELECTED, "repositories": repositories });
            (200, body)
        }
        _ => (
            200,
            json!({
                "name": "DB_PASSWORD",
                "created_at": "2019-08-10T14:59:22Z",
                "updated_at": "2020-01-10T14:59:22Z",
                "visibility": "selected",
            }),
        ),
    }
}

const STATUSES: [u16; 18] = [
    200, 201, 202, 204, 299, 301, 303, 304, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503,
];

fn refusal(rng: &mut Rng) -> Value {
    let message = *choose(
        rng,
        &[
            "Not Found",
            "Bad credentials",
            "improperly encrypted secret",
            "You have exceeded a secondary rate limit",
            "API rate limit exceeded",
            "sealed-box does not match",
            "",
        ],
    );
    match rng.u8(0..5) {
        0 => json!({ "message": message, "errors": ["one", { "message": "two" }, 3] }),
        1 => json!({ "message": 7 }),
        2 => json!([]),
        3 => json!({ "total_count": -1, "repositories": [], "secrets": [] }),
        _ => json!({ "message": message }),
    }
}

const HEADERS: [(&str, &[&str]); 9] = [
    (
        "Date",
        &[
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "yesterday",
            "",
        ],
    ),
    (
        "Link",
        &[
            "</elsewhere?page=2>; rel=\"next\"",
            "<http://127.0.0.1:9/>; rel=\"next\"",
            "<?page=2>; rel=\"next\"",
            "<a>; rel=\"prev\", <",
            "nonsense",
        ],
    ),
    (
        "Retry-After",
        &[
            "0",
            "1",
            "-1",
            "99999999999999999999",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ],
    ),
    (
        "x-ratelimit-remaining",
        &["0", "1", "-1", "18446744073709551615", "x"],
    ),
    (
        "x-ratelimit-reset",
        &["0", "1", "253402300800", "18446744073709551615", "x"],
    ),
    ("x-oauth-scopes", &["", "repo", "admin:org, repo", ",,,"]),
    ("x-accepted-oauth-scopes", &["", "admin:org", ",,,"]),
    (
        "x-github-sso",
        &[
            "required; url=https://github.com/sso",
            "partial-results",
            "url=",
        ],
    ),
    ("Location", &["/", "http://127.0.0.1:9/", "http://[", ""]),
];

/// Breaks a response, and says whether its head arrives as it is.
fn damage(rng: &mut Rng, reply: Reply) -> (Reply, bool) {
    let length = reply.bytes().len();
    let bytes = reply.bytes().to_vec();
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n");
    let head = head.map_or(length, |end| end + 4);
    match rng.u8(0..40) {
        0 => (Reply::closed(), false),
        1 => {
            let missing = rng.usize(1..=length);
            (reply.cut(missing), missing <= length - head)
        }
        2 => (reply.cut(rng.usize(0..=length - head)), true),
        3 => (Reply::raw([bytes.as_slice(), &bytes].concat()), true),
        4 => (
            Reply::raw(b"HTTP/1.1 200\r\n\r\n\0\0\0".as_slice()).cut(0),
            false,
        ),
        5 => (reply.dripping(), true),
        6 => (Reply::silence(), false),
        _ => (reply, true),
    }
}

fn choose<'a, T>(rng: &mut Rng, choices: &'a [T]) -> &'a T {
    rng.choice(choices).expect("a choice")
}
