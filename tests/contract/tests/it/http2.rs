//! Over HTTP/2, which an HTTP client of the user's own can speak.

mod runtimes;
mod server;

use std::{env, time::Duration};

use contract_tests::{github, run_trusting};
use github_secrets::{
    Error, GitHub, GitHubBuilder, NewRegistry, NewSecret, Organization, RegistryAuth, RegistryType,
    RetryPolicy, Secrets, Stored, Visibility,
    reqwest::{Certificate, Client, ClientBuilder, redirect::Policy, retry},
};
use h2::Reason;

use server::{Arrived, Fate, Server};

/// The settings of a `GitHub` that speaks HTTP/2 with this server, with or without TLS.
fn builder(server: &Server) -> GitHubBuilder {
    builder_with(server, |client| client)
}

fn builder_with(
    server: &Server,
    with: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> GitHubBuilder {
    // Refusals are repeated by one layer: the library's, within its limits and policy.
    let client = Client::builder()
        .redirect(Policy::none())
        .retry(retry::never());
    let client = match server.certificate() {
        Some(pem) => {
            let certificate = Certificate::from_pem(pem.as_bytes()).expect("a certificate");
            client.tls_certs_only([certificate])
        }
        None => client.http2_prior_knowledge(),
    };
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let client = with(client).build().expect("a client");
    github::builder(server.url())
        .http_client(client)
        .retry(retry)
}

fn github(server: &Server) -> GitHub {
    builder(server).build().expect("settings")
}

fn secrets(server: &Server) -> Secrets<Organization> {
    github::codespaces(builder(server))
}

fn new(count: usize) -> Vec<NewSecret<Visibility>> {
    let secret = |index| github::new_secret(format!("S_{index}"), "value", Visibility::All);
    (0..count).map(secret).collect()
}

/// Sets so many secrets at once, and returns how many are new.
async fn set_at_once(server: &Server, count: usize) -> usize {
    let batch = secrets(server).set_all(new(count)).await.expect("a key");
    let report = batch.concurrency(count).finish().await;
    report.expect("all of them").created()
}

/// No write gets its response before there is another one, so that two are open at once.
fn paired_writes(request: Arrived) -> Fate {
    match request.method {
        "PUT" => Fate::Paired,
        _ => Fate::Response,
    }
}

#[tokio::test]
async fn a_batch_over_tls_takes_one_connection() {
    let server = Server::start_tls(paired_writes).await;

    assert_eq!(set_at_once(&server, 64).await, 64);

    assert_eq!(server.connections(), 1);
    assert!(server.most_open() > 1, "one write after the other");
}

/// The address of the server, for the process that trusts its certificate.
const URL: &str = "CONTRACT_TESTS_HTTP2_URL";

/// Runs this test once more, with the library's own client trusting the server.
async fn run_with_own_client(test: &'static str, server: &Server) {
    let (url, certificate) = (server.url(), server.certificate().map(str::to_owned));
    let certificate = certificate.expect("a server with TLS");
    let run = move || run_trusting(test, &certificate, URL, &url);
    tokio::task::spawn_blocking(run).await.expect("a success");
}

/// reqwest has HTTP/2 here, as it has wherever another crate turns it on.
#[tokio::test]
async fn the_librarys_own_client_speaks_http1() {
    if let Ok(url) = env::var(URL) {
        let key = github::secrets(url).public_key().await;
        assert!(matches!(key, Err(Error::Connection(_))), "{key:?}");
        return;
    }
    let server = Server::start_tls(|_| Fate::Response).await;

    run_with_own_client("http2::the_librarys_own_client_speaks_http1", &server).await;

    assert_eq!((server.connections(), server.http1()), (1, 1));
}

#[tokio::test]
async fn a_server_that_allows_two_streams_is_never_sent_a_third() {
    let server = Server::start_with_streams(2, paired_writes).await;

    assert_eq!(set_at_once(&server, 16).await, 16);

    assert_eq!((server.connections(), server.most_open()), (1, 2));
    assert_eq!(server.requests("PUT").len(), 16);
}

#[tokio::test]
async fn a_connection_that_is_wound_up_in_a_batch_sends_no_secret_twice() {
    let server = Server::start(|request| match (request.method, request.number) {
        ("PUT", 5) => Fate::GoAway,
        _ => Fate::Response,
    })
    .await;

    let batch = secrets(&server).set_all(new(32)).await.expect("a key");
    let report = batch.finish().await.expect("all of them");

    assert_eq!(report.created(), 32);
    assert_eq!(server.requests("PUT").len(), 32);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_off_in_a_batch_loses_no_secret() {
    let server = Server::start(|request| match (request.method, request.number) {
        ("PUT", 5) => Fate::BreakOff,
        _ => Fate::Response,
    })
    .await;

    let batch = secrets(&server).set_all(new(32)).await.expect("a key");
    let report = batch.finish().await.expect("all of them");

    assert_eq!(report.items.len(), 32);
    let mut paths = server.requests("PUT");
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 32);
}

#[tokio::test]
async fn a_connection_that_falls_silent_fails_no_call_and_is_not_used_again() {
    let server = Server::start(|request| match (request.method, request.connection) {
        ("PUT", 1) => Fate::Silence,
        _ => Fate::Response,
    })
    .await;
    // As the documentation of `http_client` advises.
    let builder = builder_with(&server, |client| {
        client
            .http2_keep_alive_interval(Duration::from_millis(100))
            .http2_keep_alive_timeout(Duration::from_millis(100))
    });
    let secrets = github::codespaces(builder.timeout(Duration::from_secs(2)));

    let first = secrets.set("FIRST", "value", Visibility::All).await;
    first.expect("a second connection");
    let on_silent = server.arrived_on(1);
    for _ in 0..3 {
        let batch = secrets.set_all(new(16)).await.expect("a key");
        batch.finish().await.expect("all of them");
    }

    assert_eq!((server.connections(), on_silent), (2, 2));
    assert_eq!(server.arrived_on(1), on_silent);
}

#[tokio::test]
async fn a_write_whose_stream_is_reset_is_sent_again() {
    let server = Server::start(|request| match (request.method, request.number) {
        ("PUT", 1) => Fate::Reset(Reason::INTERNAL_ERROR),
        _ => Fate::Response,
    })
    .await;

    let stored = secrets(&server)
        .set("TOKEN", "value", Visibility::All)
        .await;

    assert_eq!(stored.expect("a second attempt"), Stored::Created);
    assert_eq!(server.requests("PUT").len(), 2);
}

#[tokio::test]
async fn a_creation_whose_stream_is_reset_is_not_sent_again() {
    let server = Server::start(|request| match request.method {
        "POST" => Fate::Reset(Reason::INTERNAL_ERROR),
        _ => Fate::Response,
    })
    .await;

    let error = create_registry(&server).await.expect_err("a reset stream");

    assert!(matches!(error, Error::Connection(_)), "{error:?}");
    assert!(error.may_have_taken_effect(), "{error:?}");
    assert_eq!(server.requests("POST").len(), 1);
}

#[tokio::test]
async fn a_creation_that_the_server_refused_to_begin_is_sent_again() {
    let server = Server::start(|request| match (request.method, request.number) {
        ("POST", 1) => Fate::Reset(Reason::REFUSED_STREAM),
        _ => Fate::Response,
    })
    .await;

    create_registry(&server).await.expect("a second attempt");

    assert_eq!(server.requests("POST").len(), 2);
}

#[tokio::test]
async fn what_the_server_refuses_is_repeated_as_often_as_the_policy_says_and_did_nothing() {
    for attempts in [1, 4] {
        let server = Server::start(|request| match request.method {
            "PUT" => Fate::Reset(Reason::REFUSED_STREAM),
            _ => Fate::Response,
        })
        .await;
        let retry = RetryPolicy::default()
            .first_wait(Duration::from_millis(1))
            .attempts(attempts);
        let secrets = github::codespaces(builder(&server).retry(retry));

        let error = secrets.set("TOKEN", "value", Visibility::All).await;

        let error = error.expect_err("a refusal");
        assert!(matches!(error, Error::Connection(_)), "{error:?}");
        assert!(!error.may_have_taken_effect(), "{error}");
        assert_eq!(server.requests("PUT").len(), attempts as usize);
    }
}

#[tokio::test]
async fn a_success_whose_body_is_reset_is_a_success() {
    let server = Server::start(|request| match request.method {
        "PUT" => Fate::ResetInBody,
        _ => Fate::Response,
    })
    .await;

    let stored = secrets(&server)
        .set("TOKEN", "value", Visibility::All)
        .await;

    assert_eq!(stored.expect("a 201"), Stored::Created);
    assert_eq!(server.requests("PUT").len(), 1);
}

async fn create_registry(server: &Server) -> Result<(), Error> {
    let registries = github(server)
        .org("acme")
        .expect("a login")
        .private_registries();
    let auth = RegistryAuth::token("value");
    let url = "https://npm.acme.example";
    let new = NewRegistry::new(RegistryType::NpmRegistry, url, auth, Visibility::All)?;
    registries.create(new).await.map(drop)
}
