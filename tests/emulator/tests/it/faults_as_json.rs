//! Faults in JSON, as clients in other languages add them.

use github_secrets_emulator::{Emulator, Fault};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{SECRETS, control, control_json, get, key, request};

async fn fault(emulator: &Emulator, fault: Value) {
    assert_eq!(
        control(emulator, Method::POST, "faults", &fault)
            .await
            .status(),
        204
    );
}

#[tokio::test]
async fn faults_are_added_and_removed() {
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
    control(&emulator, Method::DELETE, "faults", &Value::Null).await;
    assert_eq!(get(&emulator, SECRETS).await.status(), 200);
}

#[tokio::test]
async fn every_kind_of_fault_can_be_added() {
    let emulator = Emulator::start().await.unwrap();
    let former = key(&emulator).await.id;
    for asked in [
        json!({ "fault": "dropped", "after_write": true }),
        json!({ "fault": "truncated" }),
        json!({ "fault": "cut_body", "status": 200, "body": "[" }),
    ] {
        fault(&emulator, asked.clone()).await;
        let body = match request(&emulator, Method::GET, SECRETS).send().await {
            Ok(response) => response.bytes().await,
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
        control_json(&emulator, "limits").await,
        json!({ "limit_responses": 2 })
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
async fn a_fault_that_makes_no_sense_is_refused_with_the_reason() {
    let emulator = Emulator::start().await.unwrap();
    let request = json!({ "method": "DELETE", "path": SECRETS.to_owned() + "/TOKEN" });
    for (asked, reason) in [
        (json!({}), "fault"),
        (json!({ "fault": "earthquake" }), "earthquake"),
        (json!({ "fault": "status", "statsu": 500 }), "statsu"),
        (json!({ "fault": "status" }), "needs status"),
        (json!({ "fault": "cut_body", "body": "{" }), "needs status"),
        (json!({ "fault": "endless_body" }), "needs status"),
        (
            json!({ "fault": "status", "status": 42 }),
            "from 200 to 599",
        ),
        (
            json!({ "fault": "status", "status": 600 }),
            "from 200 to 599",
        ),
        (
            json!({ "fault": "status", "status": 204, "body": "x" }),
            "204",
        ),
        (json!({ "fault": "endless_body", "status": 304 }), "304"),
        (
            json!({ "fault": "status", "status": 500, "seconds": 1 }),
            "seconds",
        ),
        (
            json!({ "fault": "status", "status": 500, "names": ["link"] }),
            "names",
        ),
        (
            json!({ "fault": "status", "status": 500, "request": request }),
            "request",
        ),
        (
            json!({ "fault": "status", "status": 500, "times": 0 }),
            "times",
        ),
        (
            json!({ "fault": "dropped", "times": 2, "always": true }),
            "cannot be combined",
        ),
        (json!({ "fault": "dropped", "status": 500 }), "status"),
        (
            json!({ "fault": "dropped", "headers": { "x-a": "b" } }),
            "headers",
        ),
        (json!({ "fault": "dropped", "body": "x" }), "body"),
        (json!({ "fault": "truncated", "body": "x" }), "body"),
        (json!({ "fault": "delay" }), "delay_ms"),
        (json!({ "fault": "delay", "delay_ms": 0 }), "delay_ms"),
        (
            json!({ "fault": "delay", "delay_ms": 1, "status": 500 }),
            "status",
        ),
        (json!({ "fault": "without_headers" }), "names"),
        (json!({ "fault": "without_headers", "names": [] }), "names"),
        (
            json!({ "fault": "without_headers", "names": ["a b"] }),
            "a b",
        ),
        (
            json!({ "fault": "primary_limit", "status": 500 }),
            "403 or 429",
        ),
        (json!({ "fault": "meanwhile" }), "request"),
        (json!({ "fault": "changes" }), "changes"),
        (json!({ "fault": "changes", "changes": [] }), "changes"),
        (
            json!({ "fault": "changes", "changes": [{ "change": "paint" }] }),
            "paint",
        ),
        (
            json!({ "fault": "dropped", "changes": [] }),
            "takes no changes",
        ),
        (json!({ "fault": "hidden_entries" }), "entries"),
        (
            json!({ "fault": "hidden_entries", "entries": [] }),
            "entries",
        ),
        (
            json!({ "fault": "hidden_entries", "entries": [1], "organizations": [1] }),
            "takes no organizations",
        ),
        (
            json!({ "fault": "partial_results", "entries": [1] }),
            "organizations",
        ),
        (json!({ "fault": "total_count" }), "total_count"),
        (json!({ "fault": "total_count", "total_count": -1 }), "-1"),
        (
            json!({ "fault": "delay", "delay_ms": 1, "total_count": 1 }),
            "takes no total_count",
        ),
        (
            json!({ "fault": "meanwhile", "request": { "method": "GET", "path": "/nothing" } }),
            "/nothing",
        ),
        (
            json!({ "fault": "status", "status": 500, "headers": { "a b": "c" } }),
            "a b",
        ),
        (
            json!({ "fault": "status", "status": 500, "headers": { "a": "\n" } }),
            "value",
        ),
        (
            json!({ "fault": "status", "status": 500, "headers": { "Content-Length": "7" } }),
            "cut_body",
        ),
        (
            json!({ "fault": "without_headers", "names": ["transfer-encoding"] }),
            "cut_body",
        ),
        (json!({ "fault": "dropped", "method": "G T" }), "G T"),
        (
            json!({ "fault": "dropped", "operation": "repos/delete" }),
            "repos/delete",
        ),
        (
            json!({ "fault": "dropped", "operation": "codespaces/list-repo-organization-secrets" }),
            "codespaces/list-repo-organization-secrets",
        ),
    ] {
        let response = control(&emulator, Method::POST, "faults", &asked).await;

        assert_eq!(response.status(), 422, "{asked}");
        let body: Value = response.json().await.unwrap();
        assert!(
            body["message"].as_str().unwrap().contains(reason),
            "{asked}: {body}"
        );
    }
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn faults_are_listed_as_they_were_added() {
    let emulator = Emulator::start().await.unwrap();
    let asked = [
        json!({
            "fault": "status", "status": 503, "body": "busy", "headers": { "retry-after": "1" },
            "operation": "agents/get-repo-secret", "method": "GET", "path": "TOKEN",
            "after": 2, "times": 3, "delay_ms": 20, "after_write": true
        }),
        json!({ "fault": "cut_body", "status": 200, "body": "[", "always": true }),
        json!({ "fault": "endless_body", "status": 200, "times": 1 }),
        json!({ "fault": "dropped", "times": 1 }),
        json!({ "fault": "truncated", "times": 1 }),
        json!({ "fault": "without_headers", "names": ["link", "date"], "times": 1 }),
        json!({ "fault": "delay", "delay_ms": 5, "times": 1 }),
        json!({ "fault": "rotated_key", "times": 1 }),
        json!({
            "fault": "meanwhile", "times": 1,
            "request": {
                "method": "PUT", "path": format!("{SECRETS}/A"), "body": { "key_id": "1" },
            }
        }),
        json!({
            "fault": "changes", "times": 1,
            "changes": [
                { "change": "delete_secret", "place": "user/codespaces", "name": "A" },
                {
                    "change": "set_secret", "place": "orgs/acme/actions", "name": "A",
                    "value": "theirs", "visibility": "selected", "selected_repository_ids": [7]
                },
                {
                    "change": "create_repository", "organization": "acme",
                    "repository": {
                        "id": 8, "name": "new", "public": true, "archived": false,
                        "environments": ["a b"], "renamed_from": ["c"],
                        "transferred_from": ["d/e"]
                    }
                }
            ]
        }),
        json!({ "fault": "hidden_entries", "entries": ["A", "7"], "times": 1 }),
        json!({
            "fault": "partial_results", "entries": ["A"], "organizations": [1, 2],
            "total_count": 3, "times": 1
        }),
        json!({ "fault": "total_count", "total_count": 3, "times": 1 }),
        json!({ "fault": "primary_limit", "status": 403, "seconds": 60, "times": 1 }),
        json!({ "fault": "secondary_limit", "status": 429, "seconds": 2, "times": 1 }),
    ];
    for asked in &asked {
        fault(&emulator, asked.clone()).await;
    }

    assert_eq!(control_json(&emulator, "faults").await, json!(asked));
}

#[tokio::test]
async fn a_fault_that_happened_is_listed_no_more() {
    let emulator = Emulator::start().await.unwrap();
    emulator.fault(Fault::status(500).times(2));
    let left = async || control_json(&emulator, "faults").await[0]["times"].clone();
    assert_eq!(left().await, 2);

    get(&emulator, SECRETS).await;
    assert_eq!(left().await, 1);
    get(&emulator, SECRETS).await;

    assert_eq!(control_json(&emulator, "faults").await, json!([]));
}

#[tokio::test]
async fn clients_can_leave_a_thousand_faults_and_no_more() {
    let emulator = Emulator::start().await.unwrap();
    for _ in 0..1_000 {
        emulator.fault(Fault::dropped());
    }

    let refused = control(
        &emulator,
        Method::POST,
        "faults",
        &json!({ "fault": "dropped" }),
    )
    .await;

    assert_eq!(refused.status(), 422);
    emulator.clear_faults();
    fault(&emulator, json!({ "fault": "dropped" })).await;
}
