//! Private registries.

use github_secrets_emulator::{Emulator, Organization, Visibility};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{
    Key, delete, field_names, get, json_of, key, key_of, links, refusal, request, sealed,
};

const REGISTRIES: &str = "/orgs/acme/private-registries";
const MAVEN: &str = "MAVEN_REPOSITORY_SECRET";

async fn send(emulator: &Emulator, method: Method, path: &str, body: &Value) -> Response {
    request(emulator, method, path)
        .json(body)
        .send()
        .await
        .unwrap()
}

async fn create(emulator: &Emulator, body: &Value) -> Response {
    send(emulator, Method::POST, REGISTRIES, body).await
}

async fn update(emulator: &Emulator, body: &Value) -> Response {
    send(
        emulator,
        Method::PATCH,
        &format!("{REGISTRIES}/{MAVEN}"),
        body,
    )
    .await
}

/// The body that creates a Maven registry with a password.
fn maven(key: &Key) -> Value {
    sealed(
        key,
        b"password",
        json!({
            "registry_type": "maven_repository",
            "url": "https://maven.example/releases",
            "auth_type": "username_password",
            "username": "monalisa",
            "visibility": "selected",
            "selected_repository_ids": [1296269],
        }),
    )
}

/// The body that creates a registry without a value.
fn azure() -> Value {
    json!({
        "registry_type": "maven_repository",
        "url": "https://azure.example",
        "auth_type": "oidc_azure",
        "tenant_id": "tenant",
        "client_id": "client",
        "visibility": "all",
    })
}

#[tokio::test]
async fn only_the_response_to_its_creation_names_the_repositories_of_a_registry() {
    let emulator = Emulator::start().await.unwrap();
    let key = key_of(&emulator, REGISTRIES).await;

    let created = create(&emulator, &maven(&key)).await;

    assert_eq!(created.status(), 201);
    let mut created = json_of(created).await;
    assert_eq!(created["name"], MAVEN);
    assert_eq!(created["selected_repository_ids"], json!([1296269]));
    assert_eq!(created["replaces_base"], false);
    created
        .as_object_mut()
        .unwrap()
        .remove("selected_repository_ids");
    let read =
        json_of(get(&emulator, &format!("{REGISTRIES}/maven_repository_secret")).await).await;
    assert_eq!(read, created);
    let list = json_of(get(&emulator, REGISTRIES).await).await;
    assert_eq!(list, json!({ "total_count": 1, "configurations": [read] }));
    let fields = [
        "auth_type",
        "created_at",
        "name",
        "registry_type",
        "replaces_base",
        "updated_at",
        "url",
        "username",
        "visibility",
    ];
    assert_eq!(field_names(&read), fields);

    let stored = &emulator.registries("ACME")[0];
    assert_eq!(stored.value(), Some(&b"password"[..]));
    assert_eq!(stored.key_id(), Some(key.id.as_str()));
    assert_eq!(stored.username(), Some("monalisa"));
    assert_eq!(stored.visibility(), Visibility::Selected);
    assert_eq!(stored.selected_repository_ids(), [1296269]);
    assert!(!format!("{stored:?}").contains("monalisa"));
}

#[tokio::test]
async fn each_kind_of_oidc_has_its_settings_and_no_value() {
    let emulator = Emulator::start().await.unwrap();
    for (auth_type, required, optional) in [
        ("oidc_azure", &["tenant_id", "client_id"][..], &[][..]),
        (
            "oidc_aws",
            &[
                "aws_region",
                "account_id",
                "role_name",
                "domain",
                "domain_owner",
            ],
            &["audience"],
        ),
        (
            "oidc_jfrog",
            &["jfrog_oidc_provider_name"],
            &["audience", "identity_mapping_name"],
        ),
        (
            "oidc_cloudsmith",
            &["namespace", "service_slug", "audience"],
            &["api_host"],
        ),
        (
            "oidc_gcp",
            &["workload_identity_provider"],
            &["service_account", "audience"],
        ),
    ] {
        let mut body = json!({
            "registry_type": "npm_registry", "url": "https://npm.example",
            "auth_type": auth_type, "visibility": "private"
        });
        for field in required.iter().chain(optional) {
            body[field] = format!("the {field}").into();
        }
        for field in required {
            let mut without = body.clone();
            without.as_object_mut().unwrap().remove(*field);

            let refused = create(&emulator, &without).await;

            assert_eq!(refused.status(), 422, "{auth_type} without {field}");
            let refused: Value = refused.json().await.unwrap();
            assert_eq!(refused["errors"][0]["field"], *field);
        }
        let key = key_of(&emulator, REGISTRIES).await;
        let refused = create(&emulator, &sealed(&key, b"value", body.clone())).await;
        assert_eq!(refusal(refused).await.0, 422, "{auth_type} with a value");

        let created = json_of(create(&emulator, &body).await).await;

        for field in required.iter().chain(optional) {
            assert_eq!(created[field], body[field], "{auth_type}");
        }
        let stored = emulator.registries("acme").pop().unwrap();
        assert_eq!(stored.auth_type(), auth_type);
        assert_eq!(stored.settings().len(), required.len() + optional.len());
        assert_eq!((stored.value(), stored.key_id()), (None, None));
        delete(&emulator, &format!("{REGISTRIES}/{}", stored.name())).await;
    }
}

#[tokio::test]
async fn a_second_registry_of_a_type_gets_a_name_of_its_own() {
    let emulator = Emulator::start().await.unwrap();
    let mut names = Vec::new();
    for _ in 0..3 {
        let created = json_of(create(&emulator, &azure()).await).await;
        names.push(created["name"].as_str().unwrap().to_owned());
    }

    assert_eq!(names[0], MAVEN);
    names.dedup();
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn a_body_that_creates_nothing_says_why() {
    let emulator = Emulator::start().await.unwrap();
    let key = key_of(&emulator, REGISTRIES).await;
    for (field, value) in [
        ("registry_type", Value::Null),
        ("registry_type", json!("floppy_disk")),
        ("url", Value::Null),
        ("url", json!("maven")),
        ("visibility", Value::Null),
        ("visibility", json!("some")),
        ("auth_type", json!("password")),
        ("encrypted_value", Value::Null),
        ("key_id", Value::Null),
        ("replaces_base", json!("yes")),
        ("selected_repository_ids", json!([42])),
        ("selected_repository_ids", json!(["1296269"])),
        ("tenant_id", json!("tenant")),
    ] {
        let mut body = maven(&key);
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(field)),
            value => body[field] = value,
        }

        let refused = create(&emulator, &body).await;

        assert_eq!(refused.status(), 422, "{field}");
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let mut for_all = maven(&key);
    for_all["visibility"] = "all".into();
    assert_eq!(refusal(create(&emulator, &for_all).await).await.0, 422);
    assert!(emulator.registries("acme").is_empty());
}

#[tokio::test]
async fn a_value_is_sealed_to_the_key_of_the_registries() {
    let emulator = Emulator::start().await.unwrap();
    let former = key_of(&emulator, REGISTRIES).await;
    let of_codespaces = key(&emulator).await;
    emulator.rotate_registry_key("acme");
    for key in [former, of_codespaces] {
        let refused = create(&emulator, &maven(&key)).await;

        let (status, message) = refusal(refused).await;
        assert_eq!(status, 422);
        assert!(message.contains("improperly encrypted"), "{message}");
    }
    let current = key_of(&emulator, REGISTRIES).await;
    assert_eq!(create(&emulator, &maven(&current)).await.status(), 201);
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let emulator = Emulator::start().await.unwrap();
    let key = key_of(&emulator, REGISTRIES).await;
    let mut body = maven(&key);
    body["replaces_base"] = true.into();
    create(&emulator, &body).await;
    let stored = || emulator.registries("acme").remove(0);

    let updated = update(
        &emulator,
        &sealed(&key, b"new", json!({ "replaces_base": true })),
    )
    .await;
    assert_eq!(updated.status(), 204);
    assert_eq!(stored().value(), Some(&b"new"[..]));
    assert_eq!(stored().selected_repository_ids(), [1296269]);
    assert!(stored().replaces_base());

    let ids = json!({ "selected_repository_ids": [1296280], "replaces_base": true });
    assert_eq!(update(&emulator, &ids).await.status(), 204);
    assert_eq!(stored().selected_repository_ids(), [1296280]);

    let other = json!({
        "registry_type": "npm_registry", "url": "https://npm.example",
        "username": null, "visibility": "private"
    });
    assert_eq!(update(&emulator, &other).await.status(), 204);
    assert_eq!(stored().name(), MAVEN);
    assert_eq!(stored().registry_type(), "npm_registry");
    assert_eq!(stored().url(), "https://npm.example");
    assert_eq!(stored().username(), None);
    assert_eq!(stored().visibility(), Visibility::Private);
    assert!(stored().selected_repository_ids().is_empty());
    assert!(stored().updated_at() > stored().created_at());
}

#[tokio::test]
async fn an_update_that_leaves_out_replaces_base_resets_it() {
    let emulator = Emulator::start().await.unwrap();
    let mut body = azure();
    body["replaces_base"] = true.into();
    create(&emulator, &body).await;

    update(&emulator, &json!({ "visibility": "private" })).await;

    assert!(!emulator.registries("acme")[0].replaces_base());
}

#[tokio::test]
async fn the_authentication_cannot_be_changed() {
    let emulator = Emulator::start().await.unwrap();
    create(&emulator, &azure()).await;
    let before = emulator.registries("acme");
    let key = key_of(&emulator, REGISTRIES).await;

    let same = update(
        &emulator,
        &json!({ "auth_type": "oidc_azure", "client_id": "new" }),
    )
    .await;
    assert_eq!(same.status(), 204);
    assert_eq!(
        emulator.registries("acme")[0].settings()["client_id"],
        "new"
    );
    assert_eq!(before[0].settings()["client_id"], "client");
    for refused in [
        json!({ "auth_type": "token" }),
        json!({ "auth_type": "oidc_gcp", "workload_identity_provider": "x" }),
        json!({ "audience": "x" }),
        sealed(&key, b"value", json!({})),
        json!({ "selected_repository_ids": [1296269] }),
    ] {
        assert_eq!(
            refusal(update(&emulator, &refused).await).await.0,
            422,
            "{refused}"
        );
    }
    assert_eq!(emulator.registries("acme")[0].value(), None);
}

#[tokio::test]
async fn an_unknown_registry_is_not_found() {
    let emulator = Emulator::start().await.unwrap();
    let absent = format!("{REGISTRIES}/ABSENT");
    for response in [
        get(&emulator, &absent).await,
        delete(&emulator, &absent).await,
        send(
            &emulator,
            Method::PATCH,
            &absent,
            &json!({ "visibility": "all" }),
        )
        .await,
        get(&emulator, "/orgs/other/private-registries").await,
    ] {
        assert_eq!(refusal(response).await.0, 404);
    }
}

#[tokio::test]
async fn a_deleted_registry_is_gone() {
    let emulator = Emulator::start().await.unwrap();
    create(&emulator, &azure()).await;

    assert_eq!(
        delete(&emulator, &format!("{REGISTRIES}/{MAVEN}"))
            .await
            .status(),
        204
    );

    assert!(emulator.registries("acme").is_empty());
}

#[tokio::test]
async fn registries_come_in_linked_pages() {
    let acme = Organization::new("acme").id(42);
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    for _ in 0..3 {
        create(&emulator, &azure()).await;
    }

    let page = get(&emulator, &format!("{REGISTRIES}?per_page=2")).await;

    let next = links(&page).remove("next").unwrap();
    let expected = "/organizations/42/private-registries?per_page=2&page=2";
    assert_eq!(next, emulator.url() + expected);
    assert_eq!(
        json_of(page).await["configurations"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let rest = json_of(get(&emulator, expected).await).await;
    assert_eq!(rest["configurations"].as_array().unwrap().len(), 1);
}
