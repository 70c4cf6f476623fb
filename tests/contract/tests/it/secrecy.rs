//! What is printed, logged or traced shows no value, no token and no sealed box.

use std::{
    error::Error as StdError,
    fmt::{Debug, Write as _},
    thread,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::{Capture, Reply, Request, Wire, github};
use github_secrets::{
    Error, GitHub, NewRegistry, NewSecret, PublicKey, RegistryAuth, RegistryType, RegistryUpdate,
    Repositories, RetryPolicy, SecretName, SecretValue, Token, Visibility,
};
use serde_json::json;

const VALUE: &str = "correct-canary-battery-staple";

/// Everything that was printed, logged and traced.
struct Record {
    capture: Capture,
    printed: String,
}

impl Record {
    fn new() -> Self {
        Self {
            capture: Capture::start(),
            printed: String::new(),
        }
    }

    fn debug(&mut self, value: &impl Debug) {
        writeln!(self.printed, "{value:?} {value:#?}").expect("text");
    }

    fn error(&mut self, error: &(dyn StdError + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            writeln!(self.printed, "{error} {error:#} {error:?} {error:#?}").expect("text");
            next = error.source();
        }
    }

    fn result<T: Debug>(&mut self, result: Result<T, Error>) {
        match result {
            Ok(value) => self.debug(&value),
            Err(error) => self.error(&error),
        }
    }

    /// Nothing of what must not be shown is there, in plain or in base64.
    fn assert_clean(&self, requests: &[Request], context: &str) {
        let text = self.printed.clone() + &self.capture.text();
        let boxes = requests.iter().filter_map(sealed);
        let secrets = [VALUE.to_owned(), github::TOKEN.to_owned()];
        for secret in secrets.into_iter().chain(boxes) {
            let encoded = STANDARD.encode(&secret);
            for leak in [secret.as_str(), encoded.trim_end_matches('=')] {
                let leaking = text.lines().find(|line| line.contains(leak));
                assert_eq!(leaking, None, "{context}: {leak} is shown");
            }
        }
    }
}

/// The sealed box that a request carries.
fn sealed(request: &Request) -> Option<String> {
    request.json()["encrypted_value"]
        .as_str()
        .map(str::to_owned)
}

/// Calls everything that sends a value or reads a response, and records the results.
async fn record(respond: impl Fn(&Request) -> Reply + Send + Sync + 'static, context: &str) {
    let mut record = Record::new();
    let wire = Wire::serve(respond);
    let retry = RetryPolicy::none()
        .attempts(2)
        .first_wait(Duration::ZERO)
        .deadline(RETRYING);
    let github = github::builder(wire.url()).retry(retry).timeout(TIMEOUT);
    record.debug(&github);
    let github = github.build().expect("settings");
    let org = github.org("acme").expect("a login");
    let secrets = org.codespaces();
    let name = SecretName::new("DB_PASSWORD").expect("a name");
    let selected = secrets.repositories(&name).expect("a name");
    let new = github::new_secret(&name, VALUE, Visibility::All);
    record.debug(&(&github, &org, &secrets, &selected, &new));

    record.result(
        secrets
            .set(&name, VALUE, Visibility::selected(["website"]))
            .await,
    );
    record.result(secrets.set(&name, VALUE, Visibility::All).await);
    record.result(secrets.rotate(&name, VALUE).await);
    record.result(secrets.set_access(&name, Visibility::Private).await);
    match secrets.set_all([new]).await {
        Ok(batch) => {
            record.debug(&batch);
            match batch.finish().await {
                Ok(report) => record.debug(&report),
                Err(report) => record.error(&report),
            }
        }
        Err(error) => record.error(&error),
    }
    record.result(secrets.public_key().await);
    record.result(secrets.find(&name).await);
    record.debug(&secrets.list());
    record.result(secrets.list().all().await);
    record.result(selected.list().all().await);
    record.result(selected.add(1).await);
    record.result(secrets.delete(&name).await);
    record_others(&mut record, &github).await;
    record.debug(&github.rate_limit());
    record.assert_clean(&wire.requests(), context);
    let traced = record.capture.text();
    assert!(
        traced.contains("DB_PASSWORD"),
        "the calls are traced: {traced}"
    );
}

/// Calls everything else that sends a value.
async fn record_others(record: &mut Record, github: &GitHub) {
    let repo = github.repo("acme/website").expect("a name");
    let environment = repo.environment("production").expect("a name");
    let user = github.user();
    let none = Repositories::none();
    let new = NewSecret::new("A", VALUE).expect("a name");
    record.debug(&(&repo, &environment, &user, &new, new_registry()));
    record.result(repo.actions().set("A", VALUE).await);
    record.result(repo.dependabot().rotate("A", VALUE).await);
    record.result(environment.set("A", VALUE).await);
    record.result(user.codespaces().set("A", VALUE, none).await);
    let registries = github.org("acme").expect("a login").private_registries();
    let update = RegistryUpdate::new().value(VALUE);
    record.debug(&(&registries, &update));
    record.result(registries.create(new_registry()).await);
    record.result(registries.update("A", update).await);
    record.result(registries.list().all().await);
}

fn new_registry() -> NewRegistry {
    let auth = RegistryAuth::username_password("octocat", VALUE);
    let url = "https://npm.acme.example";
    NewRegistry::new(RegistryType::NpmRegistry, url, auth, Visibility::All).expect("settings")
}

/// Enough for the calls to be tried again, and for no wait of a rate limit.
const RETRYING: Duration = Duration::from_millis(500);
const TIMEOUT: Duration = Duration::from_secs(5);

/// The token that a request carries.
fn token(request: &Request) -> Option<String> {
    request.header("authorization").map(str::to_owned)
}

/// What came with a request, for a server that says it back.
fn echo(request: &Request) -> String {
    let token = token(request).unwrap_or_default();
    let sealed = sealed(request).unwrap_or_default();
    format!(
        "{token} {sealed} {}",
        String::from_utf8_lossy(&request.body)
    )
}

#[tokio::test]
async fn success_shows_nothing() {
    record(github::success, "success").await;
}

#[tokio::test]
async fn no_refusal_shows_what_its_body_repeats() {
    for status in [400, 401, 403, 404, 409, 422, 429, 500, 503] {
        let respond = move |request: &Request| {
            let words = echo(request);
            Reply::json(
                status,
                &json!({
                    "message": words,
                    "documentation_url": words,
                    "errors": [words, { "code": words }],
                }),
            )
        };
        record(respond, &format!("a {status} that repeats what was sent")).await;
    }
}

#[tokio::test]
async fn no_refusal_shows_what_its_headers_repeat() {
    const HEADERS: [&str; 9] = [
        "X-GitHub-Request-Id",
        "X-Accepted-GitHub-Permissions",
        "X-OAuth-Scopes",
        "X-Accepted-OAuth-Scopes",
        "X-GitHub-SSO",
        "X-RateLimit-Resource",
        "Retry-After",
        "Link",
        "Location",
    ];
    for status in [200, 302, 401, 403, 422, 503] {
        for what in [token, sealed] {
            let respond = move |request: &Request| {
                let Some(what) = what(request) else {
                    return github::success(request);
                };
                let told = format!("required; url=https://x/{what}?a=b");
                let reply = Reply::json(status, &json!({ "message": "no" }));
                HEADERS
                    .iter()
                    .fold(reply, |reply, name| reply.header(name, &told))
                    .header("X-RateLimit-Remaining", "1")
            };
            let context = format!("a {status} whose headers repeat what was sent");
            record(respond, &context).await;
        }
    }
}

#[tokio::test]
async fn no_id_of_a_request_shows_the_token_in_a_disguise() {
    let hex: Vec<_> = github::TOKEN
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for (id, is_shown) in [
        ("E5EC:1F2B:3A4D5E:6F7081:65AABBCC".to_owned(), true),
        ("93c1e0b4-52d7-4bb1-8a61-0a6de2b7c3f4".to_owned(), true),
        (github::TOKEN.chars().rev().collect(), false),
        (github::TOKEN.to_uppercase(), false),
        (
            "Z2hwXzBjYW5hcnkwdG9rZW4wY2FuYXJ5MHRva2VuMGNhbmFyeTA=".to_owned(),
            false,
        ),
        (hex.concat(), false),
        (hex.join(":"), false),
    ] {
        let refusal = Reply::json(403, &json!({ "message": "no" }));
        let wire = Wire::script([refusal.header("X-GitHub-Request-Id", &id)]);
        let error = github::secrets(wire.url()).find("DB_PASSWORD").await;
        let error = error.expect_err("a refusal");
        let printed = format!("{error} {error:?}");
        assert_eq!(printed.contains(&id), is_shown, "{id}: {printed}");
        let shown = error.response().and_then(|response| response.request_id());
        assert_eq!(shown, is_shown.then_some(id.as_str()));
    }
}

#[tokio::test]
async fn no_broken_response_shows_what_it_repeats() {
    for (context, respond) in [
        (
            "no JSON",
            (|request| Reply::text(200, "text/html", echo(request))) as fn(&Request) -> Reply,
        ),
        ("text for an object", |request| {
            Reply::json(200, &json!(echo(request)))
        }),
        ("text for a number", |request| {
            Reply::json(200, &json!({ "total_count": echo(request) }))
        }),
        ("a field of that name", |request| {
            Reply::json(200, &json!({ echo(request): 1 }))
        }),
        ("a key", |request| {
            Reply::json(200, &json!({ "key_id": "1", "key": echo(request) }))
        }),
        ("no HTTP", |request| Reply::raw(echo(request)).cut(0)),
        ("a status line", |request| {
            Reply::raw(format!("HTTP/1.1 {}\r\n\r\n", echo(request))).cut(0)
        }),
        ("a strange header", |request| {
            Reply::status(200).header("x", &format!("\0{}", echo(request)))
        }),
        ("a reason", |request| {
            Reply::raw(format!("HTTP/1.1 500 {}\r\n\r\n", echo(request))).cut(0)
        }),
        ("a bad chunk", |request| {
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            Reply::raw(format!("{head}{}", echo(request)))
        }),
        ("nothing", |_| Reply::closed()),
        ("half a refusal", |request| {
            Reply::text(422, "text/plain", echo(request)).cut(1)
        }),
    ] {
        record(respond, context).await;
    }
}

#[tokio::test]
async fn what_a_write_meets_alone_shows_nothing() {
    for status in [201, 302, 401, 403, 404, 409, 418, 422, 429, 503] {
        let respond = move |request: &Request| match request.method.as_str() {
            "GET" => github::success(request),
            _ => Reply::json(status, &json!({ "message": echo(request) })),
        };
        record(respond, &format!("a write that gets a {status}")).await;
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_shows_nothing() {
    let mut record = Record::new();
    let secrets = github::secrets("http://127.0.0.1:1");
    record.result(secrets.set("DB_PASSWORD", VALUE, Visibility::All).await);
    record.assert_clean(&[], "no server");
}

#[test]
fn what_holds_a_secret_does_not_print_it() {
    let mut record = Record::new();
    let value = SecretValue::from(VALUE);
    let key = PublicKey::new("1", github::KEY).expect("a key");
    let sealed = key.seal(&value).expect("sealed");
    record.debug(&(&value, &key, &sealed, Token::new(github::TOKEN)));
    record.debug(&GitHub::builder().token(github::TOKEN));
    let of_the_box = sealed.encrypted_value();
    assert!(!record.printed.contains(of_the_box), "{}", record.printed);
    record.assert_clean(&[], "values");
}

#[test]
fn a_refused_setting_does_not_print_the_token() {
    let mut record = Record::new();
    let url = format!("https://{}:{VALUE}@api.github.com", github::TOKEN);
    for refused in [
        GitHub::new(format!("{} ", github::TOKEN)),
        GitHub::builder().api_url(&url).token(github::TOKEN).build(),
        GitHub::builder()
            .api_url(url.replace("https", "ftp"))
            .token(github::TOKEN)
            .build(),
        GitHub::builder()
            .user_agent(format!("{}\0", github::TOKEN))
            .token("a")
            .build(),
    ] {
        record.error(&refused.expect_err("refused"));
    }
    record.assert_clean(&[], "settings");
}

#[tokio::test]
async fn what_github_repeats_can_be_had_on_request() {
    let respond = |request: &Request| match request.method.as_str() {
        "GET" => github::success(request),
        _ => Reply::json(422, &json!({ "message": echo(request) })),
    };
    let wire = Wire::serve(respond);
    let secrets = github::secrets(wire.url());
    let set = secrets.set("DB_PASSWORD", VALUE, Visibility::All).await;
    let Err(Error::Rejected(response)) = set else {
        panic!("{set:?}");
    };
    let sealed = wire.requests().iter().filter_map(sealed).next_back();
    let words = response.github_message().expect("a message").expose();
    assert!(words.contains(&sealed.expect("a sealed box")), "{words}");
}

/// Whether an event is wanted is asked once, by the thread that is the first to trace it.
#[test]
fn what_another_thread_traced_first_is_recorded_too() {
    let trace = || tracing::info!("traced twice");
    let capture = Capture::start();
    thread::spawn(trace).join().expect("no panic");
    trace();
    assert!(capture.text().contains("traced twice"));
}
