//! What GitHub requires of every request, and the headers of every response.

use std::{collections::HashSet, time::Instant};

use github_secrets_emulator::{Emulator, Token};
use reqwest::{Client, Method, Proxy};
use serde_json::{Value, json};

use crate::support::{SECRETS, get, get_as, json_of, put, refusal, request};

#[tokio::test]
async fn a_request_without_a_user_agent_is_forbidden() {
    let emulator = Emulator::start().await.unwrap();

    let refused = Client::new()
        .get(format!("{}{SECRETS}", emulator.url()))
        .bearer_auth("ghp_test")
        .send()
        .await
        .unwrap();

    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("User-Agent"));
}

#[tokio::test]
async fn a_known_version_is_selected_and_an_unknown_one_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let versioned = async |version: &str| {
        request(&emulator, Method::GET, SECRETS)
            .header("x-github-api-version", version)
            .send()
            .await
            .unwrap()
    };
    for version in ["2022-11-28", "2026-03-10"] {
        let response = versioned(version).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-github-api-version-selected"], version);
    }

    assert_eq!(refusal(versioned("2020-01-01").await).await.0, 400);
    let default = get(&emulator, SECRETS).await;
    assert_eq!(
        default.headers()["x-github-api-version-selected"],
        "2022-11-28"
    );
}

#[tokio::test]
async fn a_client_can_use_it_as_the_proxy_of_another_host() {
    let emulator = Emulator::start().await.unwrap();
    let proxy = Proxy::http(emulator.url()).unwrap();
    let client = Client::builder().proxy(proxy).build().unwrap();

    let repository: Value = client
        .get("http://api.github.localhost/repos/acme/website")
        .header("user-agent", "emulator-tests")
        .bearer_auth("ghp_test")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();

    let address = "http://api.github.localhost/repos/acme/website";
    assert_eq!(repository["url"], address);
    assert_eq!(emulator.requests()[0].target(), "/repos/acme/website");
}

#[tokio::test]
async fn every_response_has_a_request_id_of_its_own() {
    let emulator = Emulator::start().await.unwrap();
    let mut ids = HashSet::new();

    for path in [
        SECRETS,
        SECRETS,
        "/nothing",
        "/orgs/other/codespaces/secrets",
    ] {
        let response = get(&emulator, path).await;
        assert!(ids.insert(response.headers()["x-github-request-id"].clone()));
    }
}

#[tokio::test]
async fn the_rate_limit_is_in_the_headers_although_it_is_not_enforced() {
    let emulator = Emulator::start().await.unwrap();
    get(&emulator, SECRETS).await;

    let second = get(&emulator, SECRETS).await;

    let number = |name: &str| -> u64 { second.headers()[name].to_str().unwrap().parse().unwrap() };
    assert_eq!(number("x-ratelimit-limit"), 5000);
    assert_eq!(number("x-ratelimit-used"), 2);
    assert_eq!(number("x-ratelimit-remaining"), 4998);
    assert!(number("x-ratelimit-reset") > 1_700_000_000);
    assert_eq!(second.headers()["x-ratelimit-resource"], "core");
}

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let emulator = Emulator::start().await.unwrap();
    let body = json!({ "visibility": "everyone" });
    put(&emulator, &format!("{SECRETS}/a%5Fb?x=%20"), &body).await;
    let between = Instant::now();
    get(&emulator, SECRETS).await;

    let requests = emulator.requests();

    assert_eq!(requests.len(), 2);
    let put = &requests[0];
    assert_eq!(put.method(), "PUT");
    assert_eq!(put.target(), "/orgs/acme/codespaces/secrets/a%5Fb?x=%20");
    assert_eq!(put.query(), Some("x=%20"));
    assert_eq!(put.header("authorization"), Some("Bearer ghp_test"));
    assert_eq!(put.body(), br#"{"visibility":"everyone"}"#);
    assert!(put.received() <= between && between <= requests[1].received());
    emulator.forget_requests();
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn the_root_tells_the_scopes_of_a_token() {
    let emulator = Emulator::builder()
        .token(Token::classic("ghp_repo").scopes(["repo", "read:org"]))
        .start()
        .await
        .unwrap();

    let root = get_as(&emulator, "ghp_repo", "/").await;
    let unknown = get_as(&emulator, "ghp_unknown", "/").await;

    assert_eq!(root.status(), 200);
    assert_eq!(root.headers()["x-oauth-scopes"], "repo, read:org");
    let addresses = json_of(root).await;
    assert_eq!(
        addresses["current_user_url"],
        format!("{}/user", emulator.url())
    );
    assert_eq!(unknown.status(), 401);
}
