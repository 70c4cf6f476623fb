//! Creating and updating a secret.

use github_secrets_emulator::{
    Emulator, Organization, Repository, Store, StoredSecret, Visibility,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{SECRETS, acme, get, key, put, refusal, request, set};

#[tokio::test]
async fn a_sealed_value_is_stored_opened() {
    let emulator = Emulator::start().await.unwrap();

    let created = set(
        &emulator,
        "DB_PASSWORD",
        b"hunter2",
        json!({ "visibility": "all" }),
    )
    .await;

    assert_eq!(created.status(), 201);
    assert_eq!(created.json::<Value>().await.unwrap(), json!({}));
    let secret = emulator.secret(&acme(), "DB_PASSWORD").unwrap();
    assert_eq!(secret.value(), b"hunter2");
    assert_eq!(secret.visibility(), Some(Visibility::All));
}

#[tokio::test]
async fn an_update_gets_204_without_a_body() {
    let emulator = Emulator::start().await.unwrap();
    set(&emulator, "TOKEN", b"first", json!({ "visibility": "all" })).await;

    let updated = set(
        &emulator,
        "TOKEN",
        b"second",
        json!({ "visibility": "private" }),
    )
    .await;

    assert_eq!(updated.status(), 204);
    assert!(updated.bytes().await.unwrap().is_empty());
    let secret = emulator.secret(&acme(), "TOKEN").unwrap();
    assert_eq!(secret.value(), b"second");
    assert_eq!(secret.visibility(), Some(Visibility::Private));
}

#[tokio::test]
async fn names_are_folded_to_upper_case() {
    let emulator = Emulator::start().await.unwrap();

    set(
        &emulator,
        "db_Password",
        b"first",
        json!({ "visibility": "all" }),
    )
    .await;
    let again = set(
        &emulator,
        "DB_PASSWORD",
        b"second",
        json!({ "visibility": "all" }),
    )
    .await;

    assert_eq!(again.status(), 204);
    let names: Vec<_> = emulator
        .secrets(&acme())
        .iter()
        .map(|it| it.name().to_owned())
        .collect();
    assert_eq!(names, ["DB_PASSWORD"]);
}

#[tokio::test]
async fn an_update_without_ids_clears_the_selection() {
    let emulator = Emulator::start().await.unwrap();
    let selected =
        json!({ "visibility": "selected", "selected_repository_ids": [1296269, 1296280] });
    set(&emulator, "TOKEN", b"value", selected).await;
    let selection = || {
        emulator
            .secret(&acme(), "TOKEN")
            .unwrap()
            .selected_repository_ids()
    };
    assert_eq!(selection(), [1296269, 1296280]);

    set(
        &emulator,
        "TOKEN",
        b"value",
        json!({ "visibility": "selected" }),
    )
    .await;

    assert!(selection().is_empty());
}

#[tokio::test]
async fn access_alone_is_changed_without_a_value() {
    let emulator = Emulator::start().await.unwrap();
    set(&emulator, "TOKEN", b"value", json!({ "visibility": "all" })).await;

    let changed = put(
        &emulator,
        &format!("{SECRETS}/TOKEN"),
        &json!({ "visibility": "private" }),
    )
    .await;

    assert_eq!(changed.status(), 204);
    let secret = emulator.secret(&acme(), "TOKEN").unwrap();
    assert_eq!(secret.value(), b"value");
    assert_eq!(secret.visibility(), Some(Visibility::Private));
}

#[tokio::test]
async fn a_new_secret_needs_a_value() {
    let emulator = Emulator::start().await.unwrap();

    let refused = put(
        &emulator,
        &format!("{SECRETS}/TOKEN"),
        &json!({ "visibility": "all" }),
    )
    .await;

    assert_eq!(refusal(refused).await.0, 422);
    assert!(emulator.secrets(&acme()).is_empty());
}

#[tokio::test]
async fn a_value_that_is_not_base64_is_refused_and_echoed() {
    let emulator = Emulator::start().await.unwrap();
    let key_id = key(&emulator).await.id;
    for value in ["plain text!", "YQ", "YWI_YWI-", ""] {
        let body = json!({ "encrypted_value": value, "key_id": key_id, "visibility": "all" });

        let refused = put(&emulator, &format!("{SECRETS}/TOKEN"), &body).await;

        let (status, message) = refusal(refused).await;
        assert_eq!(status, 422);
        assert!(message.contains(value));
    }
}

#[tokio::test]
async fn a_sealed_box_for_another_key_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let other = Emulator::start().await.unwrap();
    let sealed = key(&other).await.seal(b"value");
    let key_id = key(&emulator).await.id;
    let body = json!({ "encrypted_value": sealed, "key_id": key_id, "visibility": "all" });

    let (status, message) = refusal(put(&emulator, &format!("{SECRETS}/TOKEN"), &body).await).await;

    assert_eq!(status, 422);
    assert!(message.contains("improperly encrypted"));
}

#[tokio::test]
async fn a_value_sealed_to_a_rotated_key_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let former = key(&emulator).await;
    emulator.rotate_key(&acme());
    let current = key(&emulator).await;
    assert_ne!(former.id, current.id);
    for key_id in [&former.id, &current.id] {
        let body = json!({
            "encrypted_value": former.seal(b"value"), "key_id": key_id, "visibility": "all"
        });

        let refused = put(&emulator, &format!("{SECRETS}/TOKEN"), &body).await;

        assert_eq!(refusal(refused).await.0, 422);
    }
    assert!(emulator.secrets(&acme()).is_empty());
}

#[tokio::test]
async fn a_name_against_the_rules_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    for name in [
        "1ST",
        "A-B",
        "A%20B",
        "A%2FB",
        "github_token",
        "%C3%84",
        "public-key",
    ] {
        let refused = set(&emulator, name, b"value", json!({ "visibility": "all" })).await;

        assert_eq!(refusal(refused).await.0, 422, "{name}");
    }
}

#[tokio::test]
async fn a_sealed_box_of_48_kib_is_accepted_and_one_byte_more_is_not() {
    let emulator = Emulator::start().await.unwrap();
    let largest = 48 * 1024 - 48;

    let accepted = set(
        &emulator,
        "LARGE",
        &vec![b'x'; largest],
        json!({ "visibility": "all" }),
    )
    .await;
    let refused = set(
        &emulator,
        "LARGER",
        &vec![b'x'; largest + 1],
        json!({ "visibility": "all" }),
    )
    .await;

    assert_eq!(accepted.status(), 201);
    assert_eq!(
        refusal(refused).await,
        (422, "Value is too large".to_owned())
    );
}

#[tokio::test]
async fn the_hundred_and_first_secret_is_refused_and_an_update_is_not() {
    let acme = (0..99).fold(Organization::new("acme"), |acme, number| {
        acme.secret(
            Store::Codespaces,
            StoredSecret::new(format!("SECRET_{number}"), "value"),
        )
    });
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();

    let hundredth = set(
        &emulator,
        "HUNDREDTH",
        b"value",
        json!({ "visibility": "all" }),
    )
    .await;
    let refused = set(
        &emulator,
        "ONE_MORE",
        b"value",
        json!({ "visibility": "all" }),
    )
    .await;
    let updated = set(
        &emulator,
        "SECRET_7",
        b"new",
        json!({ "visibility": "all" }),
    )
    .await;

    assert_eq!(hundredth.status(), 201);
    assert_eq!(refusal(refused).await.0, 422);
    assert_eq!(updated.status(), 204);
}

#[tokio::test]
async fn a_body_of_another_shape_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let key = key(&emulator).await;
    let sealed = key.seal(b"value");
    let refused = [
        (json!({}), "visibility"),
        (json!({ "visibility": 7 }), "visibility"),
        (json!({ "visibility": "some" }), "visibility"),
        (
            json!({ "visibility": "all", "encrypted_value": sealed }),
            "key_id",
        ),
        (
            json!({ "visibility": "all", "encrypted_value": null, "key_id": key.id }),
            "encrypted_value",
        ),
        (
            json!({ "visibility": "all", "encrypted_value": sealed, "key_id": 1 }),
            "key_id",
        ),
        (
            json!({ "visibility": "selected", "selected_repository_ids": "1" }),
            "selected_repository_ids",
        ),
        (
            json!({ "visibility": "selected", "selected_repository_ids": ["1"] }),
            "selected_repository_ids",
        ),
        (
            json!({ "visibility": "all", "selected_repository_ids": [1296269] }),
            "selected_repository_ids",
        ),
        (
            json!({
                "visibility": "selected", "selected_repository_ids": [42],
                "encrypted_value": sealed, "key_id": key.id
            }),
            "selected_repository_ids",
        ),
    ];
    for (body, field) in refused {
        let response = put(&emulator, &format!("{SECRETS}/TOKEN"), &body).await;

        assert_eq!(response.status(), 422, "{body}");
        let response: Value = response.json().await.unwrap();
        assert_eq!(response["errors"][0]["field"], field, "{body}");
    }
    assert!(emulator.secrets(&acme()).is_empty());
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_a_bad_request() {
    let emulator = Emulator::start().await.unwrap();
    for body in ["{", "[]", "\"all\"", "\u{0}"] {
        let refused = request(&emulator, Method::PUT, &format!("{SECRETS}/TOKEN"))
            .body(body)
            .send()
            .await
            .unwrap();

        assert_eq!(refusal(refused).await.0, 400, "{body:?}");
    }
}

#[tokio::test]
async fn a_huge_body_is_refused_before_it_is_read() {
    let emulator = Emulator::start().await.unwrap();

    let refused = request(&emulator, Method::PUT, &format!("{SECRETS}/TOKEN"))
        .body(vec![b' '; 2 * 1024 * 1024])
        .send()
        .await
        .unwrap();

    assert_eq!(refused.status(), 413);
}

#[tokio::test]
async fn an_organization_is_found_by_login_in_any_case_and_by_id() {
    let acme = Organization::new("acme")
        .id(42)
        .repository(Repository::new(7, "website"));
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();

    for path in [
        "/orgs/acme",
        "/orgs/ACME",
        "/organizations/42",
        "/organizations/acme",
    ] {
        let response = get(&emulator, &format!("{path}/codespaces/secrets/public-key")).await;
        assert_eq!(response.status(), 200, "{path}");
    }
    for path in ["/orgs/42", "/orgs/other", "/organizations/7"] {
        let response = get(&emulator, &format!("{path}/codespaces/secrets/public-key")).await;
        assert_eq!(
            refusal(response).await,
            (404, "Not Found".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn no_debug_output_shows_a_value() {
    let emulator = Emulator::start().await.unwrap();
    set(
        &emulator,
        "TOKEN",
        b"canary-value",
        json!({ "visibility": "all" }),
    )
    .await;

    let shown = format!(
        "{:?} {:?} {:?}",
        emulator,
        emulator.secrets(&acme()),
        emulator.requests()
    );

    assert!(shown.contains("TOKEN"));
    assert!(!shown.contains("canary-value"));
    assert!(!shown.contains("ghp_test"));
}
