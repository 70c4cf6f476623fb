//! What `Client::send` does with a response, over loopback.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::{self, JoinHandle},
};

use github_secrets_client::{
    Client, Error, Request, Response, actions_get_repo_secret,
    codespaces_set_selected_repos_for_org_secret, dependabot_create_or_update_org_secret,
    types::{SelectRepositories, SetSecret},
};

/// Answers one request with this response, and returns what was received.
fn server(response: &'static str) -> (Client, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v3", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(&stream);
        let mut received = String::new();
        while !received.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut received).unwrap(), 0, "{received}");
        }
        let length = received
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().unwrap());
        reader.take(length).read_to_string(&mut received).unwrap();
        (&stream).write_all(response.as_bytes()).unwrap();
        received
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    (Client::new(base.parse().unwrap(), http), server)
}

/// Sends one request, and returns what was received and what came of it.
async fn send<T>(
    request: Request<T>,
    response: &'static str,
) -> (String, Result<Response<T>, Error>) {
    let (client, server) = server(response);
    let result = client.send(request).await;
    (server.join().unwrap(), result)
}

#[tokio::test]
async fn a_success_is_read_and_keeps_its_status_and_headers() {
    let secret = r#"{"name":"A","created_at":"2019-08-10T14:59:22Z","updated_at":""}"#;
    let response = format!(
        "HTTP/1.1 200 OK\r\nx-ratelimit-remaining: 7\r\ncontent-length: {}\r\n\r\n{secret}",
        secret.len()
    );
    let request = actions_get_repo_secret("acme", "website", "A");
    let (received, result) = send(request, response.leak()).await;
    let line = "GET /v3/repos/acme/website/actions/secrets/A HTTP/1.1\r\n";
    assert!(received.starts_with(line), "{received}");
    let response = result.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.headers["x-ratelimit-remaining"], "7");
    assert_eq!(response.value.name, "A");
}

#[tokio::test]
async fn a_body_is_sent_as_json_and_an_empty_success_is_read() {
    let secret = SetSecret {
        encrypted_value: Some("c2VhbGVk".into()),
        ..SetSecret::default()
    };
    let request = dependabot_create_or_update_org_secret("acme", "A", &secret);
    let response = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
    let (received, result) = send(request, response).await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains("\r\ncontent-type: application/json"),
        "{head}"
    );
    assert!(
        head.contains("\r\naccept: application/vnd.github+json"),
        "{head}"
    );
    assert!(
        head.contains("\r\nx-github-api-version: 2022-11-28"),
        "{head}"
    );
    assert_eq!(body, r#"{"encrypted_value":"c2VhbGVk"}"#);
    assert_eq!(result.unwrap().status, 201);
}

#[tokio::test]
async fn a_refusal_keeps_its_status_its_headers_and_its_unread_body() {
    let request = actions_get_repo_secret("acme", "website", "A");
    let response = "HTTP/1.1 422 Unprocessable Entity\r\n\
         x-echo: ghp_token\r\ncontent-length: 15\r\n\r\n<html>ghp_token";
    let (_, result) = send(request, response).await;
    let error = result.unwrap_err();
    assert_eq!(format!("{error:?}"), "Refused { status: 422, .. }");
    assert_eq!(
        error.to_string(),
        "the response has status 422 Unprocessable Entity"
    );
    let Error::Refused {
        status,
        headers,
        body,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!((status.as_u16(), &*body), (422, &b"<html>ghp_token"[..]));
    assert_eq!(headers["x-echo"], "ghp_token");
}

#[tokio::test]
async fn a_success_that_the_description_does_not_list_is_refused() {
    let none = SelectRepositories {
        selected_repository_ids: vec![],
    };
    let request = codespaces_set_selected_repos_for_org_secret("acme", "A", &none);
    let response = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
    let (_, result) = send(request, response).await;
    assert!(matches!(result, Err(Error::Refused { status, .. }) if status == 201));
}

#[tokio::test]
async fn what_is_not_json_is_an_error_that_does_not_repeat_it() {
    let request = actions_get_repo_secret("acme", "website", "A");
    let response = "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n\"ghp_token\"";
    let (_, result) = send(request, response).await;
    let error = result.unwrap_err();
    let shown = format!("{error:?} {error}");
    assert!(!shown.contains("ghp_token"), "{shown}");
    assert!(std::error::Error::source(&error).is_none());
    assert_eq!(
        error.to_string(),
        "the response with status 200 OK is not what GitHub's description allows, \
         at line 1 column 11"
    );
    assert!(matches!(error, Error::Json { status, .. } if status == 200));
}

#[tokio::test]
async fn a_body_that_ends_early_is_an_error_of_the_connection() {
    let request = actions_get_repo_secret("acme", "website", "A");
    let (_, result) = send(request, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await;
    assert!(matches!(result, Err(Error::Http(_))));
}

#[tokio::test]
async fn a_request_that_cannot_be_built_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::new(base.parse().unwrap(), reqwest::Client::new());
    let result = client
        .send(actions_get_repo_secret("acme", "..", "A"))
        .await;
    assert!(matches!(result, Err(Error::Segment(segment)) if segment == ".."));
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "a connection was opened");
}
