//! Changes by somebody else in JSON, as clients in other languages make them.

use github_secrets_emulator::{Change, Place, StoredSecret, Visibility};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{SECRETS, acme, control, field_names, get, json_of, put, two_organizations};

#[tokio::test]
async fn every_change_can_be_made_in_json() {
    let emulator = two_organizations().await;
    let change = async |change: Value| {
        let response = control(&emulator, Method::POST, "changes", &change).await;
        assert_eq!(response.status(), 204, "{change}");
    };
    let place = "orgs/acme/codespaces";
    for made in [
        json!({ "change": "delete_secret", "place": place, "name": "A" }),
        json!({ "change": "set_secret", "place": place, "name": "B", "value": "theirs" }),
        json!({
            "change": "set_secret", "place": "user/codespaces", "name": "BYTES",
            "value_base64": "/wA=", "selected_repository_ids": [7]
        }),
        json!({
            "change": "set_access", "place": place, "name": "C", "visibility": "selected",
            "selected_repository_ids": [7]
        }),
        json!({ "change": "rotate_key", "place": place }),
        json!({ "change": "rename_repository", "repository": "acme/website", "name": "site" }),
        json!({
            "change": "create_repository", "organization": "acme",
            "repository": {
                "id": 8, "name": "website", "public": true, "archived": true,
                "environments": ["staging"], "renamed_from": ["www"],
                "transferred_from": ["old/website"]
            }
        }),
        json!({ "change": "create_environment", "repository": "acme/site", "name": "staging" }),
        json!({ "change": "delete_environment", "repository": "acme/site", "name": "production" }),
        json!({ "change": "archive_repository", "repository": "acme/site" }),
        json!({
            "change": "transfer_repository", "repository": "acme/site", "organization": "other"
        }),
    ] {
        change(made).await;
    }

    let secrets = emulator.secrets(&acme());
    let names: Vec<_> = secrets.iter().map(StoredSecret::name).collect();
    assert_eq!(names, ["B", "C"]);
    assert_eq!(secrets[0].value(), b"theirs");
    assert_eq!(secrets[0].visibility(), Some(Visibility::All));
    // The repository was transferred after it was selected.
    assert_eq!(secrets[1].visibility(), Some(Visibility::Selected));
    assert_eq!(secrets[1].selected_repository_ids(), [0; 0]);
    let bytes = emulator.secret(&Place::user(), "BYTES").unwrap();
    assert_eq!(
        (bytes.value(), bytes.selected_repository_ids()),
        (&[0xFF, 0][..], vec![7])
    );
    for former in ["/repos/acme/www", "/repos/old/website"] {
        assert_eq!(json_of(get(&emulator, former).await).await["id"], 8);
    }
    let site = json_of(get(&emulator, "/repos/other/site").await).await;
    assert_eq!((&site["id"], &site["archived"]), (&json!(7), &json!(true)));
    let environments = "/repos/other/site/environments";
    assert_eq!(
        get(&emulator, &format!("{environments}/staging/secrets"))
            .await
            .status(),
        200
    );
    assert_eq!(
        get(&emulator, &format!("{environments}/production/secrets"))
            .await
            .status(),
        404
    );
    change(json!({ "change": "delete_repository", "repository": "other/site" })).await;
    assert_eq!(get(&emulator, "/repos/other/site").await.status(), 404);
}

#[tokio::test]
async fn a_change_in_json_that_is_not_possible_is_refused_with_the_reason() {
    let emulator = two_organizations().await;
    let place = "orgs/acme/codespaces";
    for (change, reason) in [
        (json!({}), "change"),
        (json!({ "change": "paint" }), "paint"),
        (
            json!({ "change": "rotate_key", "place": "acme" }),
            "orgs/ORG/STORE",
        ),
        (
            json!({ "change": "rotate_key", "place": place, "palce": "" }),
            "palce",
        ),
        (json!({ "change": "delete_secret", "place": place }), "name"),
        (
            json!({ "change": "delete_secret", "place": place, "name": "NONE" }),
            "NONE",
        ),
        (
            json!({ "change": "set_secret", "place": place, "name": "A" }),
            "value_base64",
        ),
        (
            json!({ "change": "set_secret", "place": place, "name": "A", "value": "", "vlaue": 1 }),
            "vlaue",
        ),
        (
            json!({
                "change": "set_secret", "place": place, "name": "A", "value_base64": "=",
            }),
            "base64",
        ),
        (
            json!({
                "change": "set_access", "place": place, "name": "A", "visibility": "everyone"
            }),
            "everyone",
        ),
        (
            json!({
                "change": "create_repository", "organization": "acme",
                "repository": { "id": 8, "name": "new", "privte": true }
            }),
            "privte",
        ),
        (
            json!({
                "change": "set_secret", "place": place, "name": "HUGE", "value": "x".repeat(900_000)
            }),
            "bytes",
        ),
    ] {
        if reason == "bytes" {
            let full = StoredSecret::new("FULL", vec![0; 64 * 1024 * 1024]);
            emulator.change(Change::set_secret(acme(), full)).unwrap();
        }
        let refused = control(&emulator, Method::POST, "changes", &change).await;

        assert_eq!(refused.status(), 422, "{reason}");
        let body: Value = refused.json().await.unwrap();
        assert_eq!(
            field_names(&body),
            ["documentation_url", "message", "status"]
        );
        let message = body["message"].as_str().unwrap();
        assert!(message.contains(reason), "{reason}: {message}");
    }
    put(
        &emulator,
        &format!("{SECRETS}/A"),
        &json!({ "visibility": "all" }),
    )
    .await;
    assert_eq!(emulator.secrets(&acme()).len(), 4);
}
