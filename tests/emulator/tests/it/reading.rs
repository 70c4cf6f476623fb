//! Listing, reading and deleting secrets.

use github_secrets_emulator::{Emulator, Organization, Store, StoredSecret};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{SECRETS, acme, delete, get, links, refusal, request, set};

async fn with_secrets(count: usize) -> Emulator {
    let acme = (0..count).fold(
        Organization::new("acme").id(42).secret_limit(500),
        |acme, number| {
            acme.secret(
                Store::Codespaces,
                StoredSecret::new(format!("SECRET_{number:03}"), "value"),
            )
        },
    );
    Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap()
}

fn names(page: &Value) -> Vec<&str> {
    page["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn secrets_are_listed_by_name_without_their_values() {
    let emulator = Emulator::start().await.unwrap();
    for name in ["ZULU", "ALPHA", "MIKE"] {
        set(&emulator, name, b"canary", json!({ "visibility": "all" })).await;
    }

    let list = get(&emulator, SECRETS).await.text().await.unwrap();

    assert!(!list.contains("canary"));
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["total_count"], 3);
    assert_eq!(names(&list), ["ALPHA", "MIKE", "ZULU"]);
}

#[tokio::test]
async fn a_page_holds_thirty_unless_asked_and_a_hundred_at_most() {
    let emulator = with_secrets(120).await;
    for (query, size) in [
        ("", 30),
        ("?per_page=7", 7),
        ("?per_page=100", 100),
        ("?per_page=101", 100),
        ("?per_page=0", 30),
        ("?per_page=many", 30),
        ("?per_page=100&page=2", 20),
        ("?page=0", 30),
        ("?page=5", 0),
        ("?page=99999999999999999999999", 0),
    ] {
        let page: Value = get(&emulator, &format!("{SECRETS}{query}"))
            .await
            .json()
            .await
            .unwrap();

        assert_eq!(page["total_count"], 120, "{query}");
        assert_eq!(names(&page).len(), size, "{query}");
    }
}

#[tokio::test]
async fn pages_are_linked_by_the_numeric_id_of_the_organization() {
    let emulator = with_secrets(25).await;
    let page = |number: usize| {
        let url = emulator.url();
        format!("{url}/organizations/42/codespaces/secrets?per_page=10&page={number}")
    };

    let first = get(&emulator, &format!("{SECRETS}?per_page=10")).await;
    let second = get(&emulator, &format!("{SECRETS}?per_page=10&page=2")).await;
    let last = get(&emulator, &format!("{SECRETS}?per_page=10&page=3")).await;

    let relation = |name: &str, number| (name.to_owned(), page(number));
    assert_eq!(
        links(&first),
        [relation("last", 3), relation("next", 2)].into()
    );
    assert_eq!(
        links(&second),
        [
            relation("first", 1),
            relation("last", 3),
            relation("next", 3),
            relation("prev", 1)
        ]
        .into()
    );
    assert_eq!(
        links(&last),
        [relation("first", 1), relation("prev", 2)].into()
    );
}

#[tokio::test]
async fn following_the_links_finds_every_secret_once() {
    let emulator = with_secrets(250).await;
    let mut found = Vec::new();
    let mut next = Some(format!("{SECRETS}?per_page=100"));

    while let Some(path) = next {
        let response = get(&emulator, &path).await;
        next = links(&response)
            .remove("next")
            .map(|it| it.replacen(&emulator.url(), "", 1));
        let page: Value = response.json().await.unwrap();
        found.extend(names(&page).into_iter().map(str::to_owned));
    }

    let all: Vec<_> = emulator
        .secrets(&acme())
        .iter()
        .map(|it| it.name().to_owned())
        .collect();
    assert_eq!(found.len(), 250);
    assert_eq!(found, all);
}

#[tokio::test]
async fn one_page_is_not_linked() {
    let emulator = with_secrets(30).await;

    let list = get(&emulator, SECRETS).await;

    assert!(list.headers().get("link").is_none());
}

#[tokio::test]
async fn a_secret_is_read_by_its_name_in_any_case() {
    let emulator = Emulator::start().await.unwrap();
    set(
        &emulator,
        "TOKEN",
        b"value",
        json!({ "visibility": "private" }),
    )
    .await;

    let secret: Value = get(&emulator, &format!("{SECRETS}/token"))
        .await
        .json()
        .await
        .unwrap();

    assert_eq!(secret["name"], "TOKEN");
    assert_eq!(secret["visibility"], "private");
    assert_eq!(secret["created_at"], secret["updated_at"]);
    assert_eq!(
        secret["created_at"].as_str().unwrap().len(),
        "2026-01-01T00:00:00Z".len()
    );
    assert_eq!(secret.get("selected_repositories_url"), None);
}

#[tokio::test]
async fn a_selected_secret_says_where_its_repositories_are() {
    let emulator = Emulator::start().await.unwrap();
    let selected = json!({ "visibility": "selected", "selected_repository_ids": [1296269] });
    set(&emulator, "TOKEN", b"value", selected).await;
    let secret: Value = get(&emulator, &format!("{SECRETS}/TOKEN"))
        .await
        .json()
        .await
        .unwrap();

    let address = secret["selected_repositories_url"].as_str().unwrap();
    let path = address.strip_prefix(&emulator.url()).unwrap();
    let list: Value = get(&emulator, path).await.json().await.unwrap();

    assert_eq!(list["repositories"][0]["id"], 1296269);
}

#[tokio::test]
async fn a_deleted_secret_is_gone() {
    let emulator = Emulator::start().await.unwrap();
    set(&emulator, "TOKEN", b"value", json!({ "visibility": "all" })).await;
    let path = format!("{SECRETS}/token");

    assert_eq!(delete(&emulator, &path).await.status(), 204);

    assert!(emulator.secret(&acme(), "TOKEN").is_none());
    assert_eq!(refusal(get(&emulator, &path).await).await.0, 404);
    assert_eq!(refusal(delete(&emulator, &path).await).await.0, 404);
}

#[tokio::test]
async fn a_head_request_has_the_headers_of_a_get_and_no_body() {
    let emulator = Emulator::start().await.unwrap();

    let head = request(&emulator, Method::HEAD, SECRETS)
        .send()
        .await
        .unwrap();

    assert_eq!(head.status(), 200);
    assert_eq!(
        head.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_not_imitated_is_a_404_that_says_so() {
    let emulator = Emulator::start().await.unwrap();
    for (method, path) in [
        (Method::GET, "/emojis".to_owned()),
        (Method::PATCH, "/orgs/acme".to_owned()),
        (Method::GET, "/orgs/acme/members".to_owned()),
        (
            Method::PUT,
            "/repos/acme/website/environments/new".to_owned(),
        ),
        (Method::GET, "/graphql".to_owned()),
        (Method::GET, format!("{SECRETS}/")),
        (Method::GET, format!("{SECRETS}/TOKEN/")),
        (Method::POST, SECRETS.to_owned()),
        (Method::PATCH, format!("{SECRETS}/TOKEN")),
        (Method::DELETE, format!("{SECRETS}/TOKEN/repositories")),
        (Method::PUT, format!("{SECRETS}/TOKEN/repositories/website")),
        (Method::GET, format!("{SECRETS}/%FF")),
    ] {
        let response = request(&emulator, method.clone(), &path)
            .send()
            .await
            .unwrap();

        let (status, message) = refusal(response).await;
        assert_eq!(status, 404, "{method} {path}");
        let request = format!("github-secrets-emulator does not imitate {method} {path}. ");
        assert!(message.starts_with(&request), "{message}");
    }
    let absent = get(&emulator, "/repos/acme/none").await;
    assert_eq!(refusal(absent).await, (404, "Not Found".to_owned()));
}
