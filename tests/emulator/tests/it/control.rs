//! `/_emulator/…`, for clients in other languages.

use github_secrets_emulator::{Emulator, Organization, Store, StoredSecret};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::{SECRETS, get, key, request, set};

async fn ask(emulator: &Emulator, method: Method, path: &str, body: &Value) -> Response {
    Client::new()
        .request(method, format!("{}/_emulator/{path}", emulator.url()))
        .json(body)
        .send()
        .await
        .unwrap()
}

async fn answer(emulator: &Emulator, path: &str) -> Value {
    ask(emulator, Method::GET, path, &Value::Null)
        .await
        .json()
        .await
        .unwrap()
}

async fn fault(emulator: &Emulator, fault: Value) {
    assert_eq!(
        ask(emulator, Method::POST, "faults", &fault).await.status(),
        204
    );
}

#[tokio::test]
async fn the_secrets_of_every_organization_are_listed_opened() {
    let emulator = Emulator::builder()
        .organization(Organization::new("acme").example_repositories())
        .organization(
            Organization::new("other")
                .secret(Store::Codespaces, StoredSecret::new("BYTES", [0xFF, 0])),
        )
        .start()
        .await
        .unwrap();
    let selected = json!({ "visibility": "selected", "selected_repository_ids": [1296269] });
    set(&emulator, "TOKEN", "grüße".as_bytes(), selected).await;

    let secrets = answer(&emulator, "secrets").await;

    let token = &secrets[0];
    assert_eq!(token["place"], "orgs/acme/codespaces");
    assert_eq!(token["name"], "TOKEN");
    assert_eq!(token["value"], "grüße");
    assert_eq!(token["visibility"], "selected");
    assert_eq!(token["selected_repository_ids"], json!([1296269]));
    assert_eq!(secrets[1]["value_base64"], "/wA=");
}

#[tokio::test]
async fn a_key_is_rotated_on_request() {
    let emulator = Emulator::start().await.unwrap();
    let former = key(&emulator).await.id;

    let rotated = ask(
        &emulator,
        Method::POST,
        "rotate",
        &json!({ "organization": "acme" }),
    )
    .await;

    assert_eq!(rotated.status(), 204);
    assert_ne!(key(&emulator).await.id, former);
    let unknown = ask(
        &emulator,
        Method::POST,
        "rotate",
        &json!({ "organization": "other" }),
    )
    .await;
    assert_eq!(unknown.status(), 422);
}

#[tokio::test]
async fn faults_are_asked_for_and_taken_back() {
    let emulator = Emulator::start().await.unwrap();
    fault(
        &emulator,
        json!({
            "fault": "status", "status": 502, "body": "bad gateway",
            "headers": { "retry-after": "3" },
            "operation": "codespaces/list-org-secrets", "method": "GET", "path": "acme",
            "after": 1, "always": true
        }),
    )
    .await;

    assert_eq!(get(&emulator, SECRETS).await.status(), 200);
    let struck = get(&emulator, SECRETS).await;
    assert_eq!(struck.status(), 502);
    assert_eq!(struck.headers()["retry-after"], "3");
    assert_eq!(struck.text().await.unwrap(), "bad gateway");
    ask(&emulator, Method::DELETE, "faults", &Value::Null).await;
    assert_eq!(get(&emulator, SECRETS).await.status(), 200);
}

#[tokio::test]
async fn every_kind_of_fault_can_be_asked_for() {
    let emulator = Emulator::start().await.unwrap();
    let former = key(&emulator).await.id;
    for asked in [
        json!({ "fault": "dropped", "after_write": true }),
        json!({ "fault": "truncated" }),
        json!({ "fault": "cut_body", "status": 200, "body": "[" }),
    ] {
        fault(&emulator, asked.clone()).await;
        let body = match request(&emulator, Method::GET, SECRETS).send().await {
            Ok(answer) => answer.bytes().await,
            Err(error) => Err(error),
        };
        assert!(body.is_err(), "{asked}");
    }
    fault(&emulator, json!({ "fault": "endless_body", "status": 200 })).await;
    assert_eq!(get(&emulator, SECRETS).await.content_length(), None);
    fault(
        &emulator,
        json!({ "fault": "primary_limit", "seconds": 60 }),
    )
    .await;
    fault(
        &emulator,
        json!({ "fault": "secondary_limit", "seconds": 2, "status": 429 }),
    )
    .await;
    assert_eq!(
        get(&emulator, SECRETS).await.headers()["x-ratelimit-remaining"],
        "0"
    );
    let limited = get(&emulator, SECRETS).await;
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"2".parse().unwrap())
    );
    assert_eq!(
        answer(&emulator, "limits").await,
        json!({ "limit_answers": 2 })
    );
    fault(&emulator, json!({ "fault": "rotated_key" })).await;
    assert_ne!(key(&emulator).await.id, former);
    fault(
        &emulator,
        json!({ "fault": "delay", "delay_ms": 1, "times": 2 }),
    )
    .await;
    let put = json!({
        "method": "PUT", "path": format!("{SECRETS}/TOKEN"), "body": { "visibility": "all" }
    });
    fault(&emulator, json!({ "fault": "meanwhile", "request": put })).await;
    let statuses = [
        get(&emulator, SECRETS).await.status().as_u16(),
        get(&emulator, SECRETS).await.status().as_u16(),
        get(&emulator, SECRETS).await.status().as_u16(),
    ];
    assert_eq!(statuses, [200, 200, 500]);
}

#[tokio::test]
async fn a_fault_that_is_not_understood_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for (asked, named) in [
        (json!({}), "fault"),
        (json!({ "fault": "earthquake" }), "earthquake"),
        (json!({ "fault": "status", "statsu": 500 }), "statsu"),
        (json!({ "fault": "status", "status": 42 }), "status"),
        (
            json!({ "fault": "dropped", "operation": "repos/delete" }),
            "repos/delete",
        ),
        (json!({ "fault": "meanwhile" }), "request"),
    ] {
        let answer = ask(&emulator, Method::POST, "faults", &asked).await;

        assert_eq!(answer.status(), 422, "{asked}");
        let body: Value = answer.json().await.unwrap();
        assert!(body["message"].as_str().unwrap().contains(named), "{body}");
    }
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn requests_are_listed_without_their_tokens_and_forgotten() {
    let emulator = Emulator::start().await.unwrap();
    get(&emulator, SECRETS).await;

    let requests = answer(&emulator, "requests").await;

    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert_eq!(requests[0]["method"], "GET");
    assert_eq!(requests[0]["target"], SECRETS);
    assert_eq!(requests[0]["headers"]["user-agent"], "emulator-tests");
    assert!(!requests.to_string().contains("ghp_test"));
    ask(&emulator, Method::DELETE, "requests", &Value::Null).await;
    assert_eq!(answer(&emulator, "requests").await, json!([]));
}
