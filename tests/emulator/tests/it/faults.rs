//! Faults on demand.

use std::time::Duration;

use github_secrets_emulator::{Emulator, Fault, Matcher, Organization, Store, StoredSecret};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::select;

use crate::support::{Key, SECRETS, SET, acme, get, key, key_of, put, refusal, request, until};

const LONG: Duration = Duration::from_secs(3_600);

async fn send(emulator: &Emulator, key: &Key) -> reqwest::Result<Response> {
    let body = json!({
        "encrypted_value": key.seal(b"value"), "key_id": key.id, "visibility": "all"
    });
    request(emulator, Method::PUT, &format!("{SECRETS}/TOKEN"))
        .json(&body)
        .send()
        .await
}

fn stored(emulator: &Emulator) -> bool {
    emulator.secret(&acme(), "TOKEN").is_some()
}

#[tokio::test]
async fn a_status_comes_with_its_headers_and_body_as_often_as_asked() {
    let emulator = Emulator::start().await.unwrap();
    let key = key(&emulator).await;
    let unavailable = Fault::status(503)
        .body("<h1>Unicorn!</h1>")
        .header("content-type", "text/html")
        .header("retry-after", "7");
    emulator.fault(unavailable.times(2));

    for _ in 0..2 {
        let response = send(&emulator, &key).await.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["content-type"], "text/html");
        assert_eq!(response.headers()["retry-after"], "7");
        assert!(response.headers().contains_key("x-github-request-id"));
        assert_eq!(response.text().await.unwrap(), "<h1>Unicorn!</h1>");
        assert!(!stored(&emulator));
    }
    assert_eq!(send(&emulator, &key).await.unwrap().status(), 201);
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn a_fault_concerns_the_requests_that_all_of_its_matchers_name() {
    let emulator = Emulator::start().await.unwrap();
    let fault = Fault::status(500)
        .on(Matcher::method("get"))
        .on(Matcher::operation("codespaces/get-org-secret"))
        .on(Matcher::path("DB_"));
    emulator.fault(fault.always());
    let status = async |method: Method, name: &str| {
        let path = format!("{SECRETS}/{name}");
        request(&emulator, method, &path)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };

    assert_eq!(status(Method::DELETE, "DB_PASSWORD").await, 404);
    assert_eq!(status(Method::GET, "TOKEN").await, 404);
    assert_eq!(status(Method::GET, "DB_PASSWORD/repositories").await, 404);
    assert_eq!(status(Method::GET, "DB_PASSWORD").await, 500);
    assert_eq!(status(Method::GET, "DB_PASSWORD").await, 500);
    emulator.clear_faults();
    assert_eq!(status(Method::GET, "DB_PASSWORD").await, 404);
}

#[tokio::test]
async fn a_fault_lets_as_many_requests_through_as_a_test_says() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::status(502).after(2));
    let mut statuses = Vec::new();

    for _ in 0..4 {
        statuses.push(get(&emulator, SECRETS).await.status().as_u16());
    }

    assert_eq!(statuses, [200, 200, 502, 200]);
}

#[tokio::test]
async fn a_connection_is_dropped_before_or_after_the_write() {
    let emulator = Emulator::start().await.unwrap();
    let key = key(&emulator).await;

    emulator.fault(Fault::dropped());
    assert!(send(&emulator, &key).await.is_err());
    assert!(!stored(&emulator));

    emulator.fault(Fault::dropped().after_write());
    assert!(send(&emulator, &key).await.is_err());
    assert!(stored(&emulator));
}

#[tokio::test]
async fn an_error_may_hide_that_the_write_took_effect() {
    let emulator = Emulator::start().await.unwrap();
    let key = key(&emulator).await;
    emulator.fault(Fault::status(504).after_write());

    assert_eq!(send(&emulator, &key).await.unwrap().status(), 504);

    assert!(stored(&emulator));
}

#[tokio::test]
async fn a_response_is_late_before_or_after_the_write() {
    let emulator = Emulator::start().await.unwrap();
    let key = key(&emulator).await;
    emulator.forget_requests();
    emulator.fault(Fault::delay(LONG));
    emulator.fault(Fault::delay(LONG).after_write());

    select! {
        _ = send(&emulator, &key) => panic!("it was to be late"),
        () = until(|| emulator.requests().len() == 1) => assert!(!stored(&emulator)),
    }
    select! {
        _ = send(&emulator, &key) => panic!("it was to be late"),
        () = until(|| stored(&emulator)) => {}
    }
}

#[tokio::test]
async fn a_body_is_cut_short_of_its_length() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::truncated());
    emulator.fault(Fault::status(422).cut_body(r#"{"message":"#));

    for status in [200, 422] {
        let response = get(&emulator, SECRETS).await;
        assert_eq!(response.status(), status);
        assert!(response.bytes().await.is_err());
    }
}

#[tokio::test]
async fn an_endless_body_ends_with_the_client() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::status(200).endless_body());

    let mut response = get(&emulator, SECRETS).await;

    let mut received = 0;
    while received < 10 * 1024 * 1024 {
        received += response.chunk().await.unwrap().unwrap().len();
    }
    drop(response);
    assert_eq!(get(&emulator, SECRETS).await.status(), 200);
}

#[tokio::test]
async fn a_key_is_rotated_under_a_write() {
    let emulator = Emulator::start().await.unwrap();
    let former = key(&emulator).await;
    emulator.fault(Fault::rotated_key().on(Matcher::operation(SET)));

    let refused = send(&emulator, &former).await.unwrap();

    assert_eq!(refusal(refused).await.0, 422);
    let current = key(&emulator).await;
    assert_eq!(send(&emulator, &current).await.unwrap().status(), 201);
}

#[tokio::test]
async fn another_client_writes_meanwhile() {
    let acme = Organization::new("acme").example_repositories().secret(
        Store::Codespaces,
        StoredSecret::new("TOKEN", "value").selected([1296269]),
    );
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let path = format!("{SECRETS}/TOKEN/repositories");
    let other = r#"{ "selected_repository_ids": [1296280] }"#;
    emulator.fault(
        Fault::meanwhile("PUT", &path, other)
            .on(Matcher::method("GET"))
            .after(1),
    );
    let seen = async || {
        let list: Value = get(&emulator, &path).await.json().await.unwrap();
        list["repositories"][0]["id"].as_u64()
    };

    assert_eq!(seen().await, Some(1296269));
    assert_eq!(seen().await, Some(1296280));
    assert_eq!(emulator.requests().len(), 2);
}

#[tokio::test]
async fn a_request_that_fails_meanwhile_is_a_500() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::meanwhile("DELETE", format!("{SECRETS}/ABSENT"), ""));

    assert_eq!(refusal(get(&emulator, SECRETS).await).await.0, 500);
}

#[tokio::test]
async fn the_primary_limit_says_that_nothing_remains_and_when_it_resets() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::primary_limit(LONG));
    emulator.fault(Fault::primary_limit(LONG).too_many_requests());

    for status in [403, 429] {
        let limited = get(&emulator, SECRETS).await;
        let number =
            |name: &str| -> u64 { limited.headers()[name].to_str().unwrap().parse().unwrap() };
        assert_eq!(number("x-ratelimit-remaining"), 0);
        assert_eq!(number("x-ratelimit-used"), number("x-ratelimit-limit"));
        let now = std::time::SystemTime::UNIX_EPOCH
            .elapsed()
            .unwrap()
            .as_secs();
        assert!((now + 3_500..=now + 3_601).contains(&number("x-ratelimit-reset")));
        assert_eq!(refusal(limited).await.0, status);
    }
    assert_eq!(emulator.limit_responses(), 2);
}

#[tokio::test]
async fn a_secondary_limit_comes_with_and_without_a_wait() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::secondary_limit(Some(Duration::from_millis(1_200))));
    emulator.fault(Fault::secondary_limit(None));

    let with = get(&emulator, SECRETS).await;
    let without = get(&emulator, SECRETS).await;

    assert_eq!(with.headers()["retry-after"], "2");
    assert_eq!(with.status(), 403);
    assert_eq!(without.status(), 403);
    assert!(without.headers().get("retry-after").is_none());
    assert_ne!(without.headers()["x-ratelimit-remaining"], "0");
    let body: Value = without.json().await.unwrap();
    assert!(
        body["message"]
            .as_str()
            .unwrap()
            .contains("secondary rate limit")
    );
    assert!(
        body["documentation_url"]
            .as_str()
            .unwrap()
            .ends_with("secondary-rate-limits")
    );
}

#[tokio::test]
async fn a_redirect_leads_elsewhere() {
    let emulator = Emulator::start().await.unwrap();
    let elsewhere = Emulator::start().await.unwrap();
    let location = format!("{}{SECRETS}", elsewhere.url());
    emulator.fault(Fault::redirect(307, location));

    let body = json!({ "visibility": "all" });
    put(&emulator, &format!("{SECRETS}/TOKEN"), &body).await;

    let [request] = &elsewhere.requests()[..] else {
        panic!("one request was to be redirected")
    };
    assert_eq!((request.method(), request.path()), ("PUT", SECRETS));
}

#[tokio::test]
async fn headers_are_removed_from_the_right_response() {
    let acme = (0..3).fold(Organization::new("acme"), |acme, number| {
        let secret = StoredSecret::new(format!("SECRET_{number}"), "value");
        acme.secret(Store::Codespaces, secret)
    });
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let page = format!("{SECRETS}?per_page=2");
    let removed = [
        "Link",
        "date",
        "x-github-request-id",
        "x-ratelimit-remaining",
        "content-type",
    ];
    emulator.fault(Fault::without_headers(removed));

    let without = get(&emulator, &page).await;
    let with = get(&emulator, &page).await;

    for name in removed {
        assert!(!without.headers().contains_key(name), "{name}");
        assert!(with.headers().contains_key(name), "{name}");
    }
    let without: Value = without.json().await.unwrap();
    assert_eq!(without, with.json::<Value>().await.unwrap());
}

#[tokio::test]
async fn a_write_takes_effect_although_its_response_has_headers_removed() {
    let emulator = Emulator::start().await.unwrap();
    let key = key(&emulator).await;
    emulator.fault(Fault::without_headers(["date"]).header("x-extra", "1"));

    let response = send(&emulator, &key).await.unwrap();

    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-extra"], "1");
    assert!(!response.headers().contains_key("date"));
    assert!(stored(&emulator));
}

#[tokio::test]
async fn an_unknown_operation_in_a_fault_is_noticed() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::dropped().on(Matcher::operation("codespaces/put-org-secret")));

    let (status, message) = refusal(get(&emulator, SECRETS).await).await;

    assert_eq!(status, 500);
    assert!(message.contains("codespaces/put-org-secret"), "{message}");
}

#[tokio::test]
async fn the_rotated_key_is_that_of_the_place() {
    for secrets in [
        "/user/codespaces/secrets",
        "/repositories/1296280/environments/production/secrets",
        "/orgs/acme/private-registries",
    ] {
        let emulator = Emulator::start().await.unwrap();
        let former = [key_of(&emulator, secrets).await.id, key(&emulator).await.id];
        emulator.fault(Fault::rotated_key());

        let rotated = key_of(&emulator, secrets).await.id;

        assert_ne!(rotated, former[0], "{secrets}");
        assert_eq!(key(&emulator).await.id, former[1]);
    }
}
