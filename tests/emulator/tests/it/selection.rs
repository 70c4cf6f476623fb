//! The repositories that a secret is shared with.

use github_secrets_emulator::{Emulator, Organization, Repository, Store, StoredSecret};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{SECRETS, acme, delete, get, links, put, refusal};

const REPOSITORIES: &str = "/orgs/acme/codespaces/secrets/TOKEN/repositories";

async fn sharing(secret: StoredSecret) -> Emulator {
    let acme = Organization::new("acme")
        .example_repositories()
        .secret(Store::Codespaces, secret);
    Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap()
}

fn token() -> StoredSecret {
    StoredSecret::new("TOKEN", "value")
}

fn selection(emulator: &Emulator) -> Vec<u64> {
    emulator
        .secret(&acme(), "TOKEN")
        .unwrap()
        .selected_repository_ids()
}

#[tokio::test]
async fn the_selected_repositories_are_listed() {
    let emulator = sharing(token().selected([1296280, 1296269])).await;

    let list: Value = get(&emulator, REPOSITORIES).await.json().await.unwrap();

    assert_eq!(list["total_count"], 2);
    let names: Vec<_> = list["repositories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["full_name"])
        .collect();
    assert_eq!(names, ["acme/Hello-World", "acme/website"]);
}

#[tokio::test]
async fn repositories_come_in_linked_pages_too() {
    let acme = (1..=250)
        .fold(Organization::new("acme").id(42), |acme, id| {
            acme.repository(Repository::new(id, format!("repository-{id}")))
        })
        .secret(Store::Codespaces, token().selected(1..=250));
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();

    let page = get(&emulator, &format!("{REPOSITORIES}?per_page=100&page=2")).await;

    let next = format!(
        "{}/organizations/42/codespaces/secrets/TOKEN/repositories?per_page=100&page=3",
        emulator.url()
    );
    assert_eq!(links(&page)["next"], next);
    let page: Value = page.json().await.unwrap();
    assert_eq!(page["total_count"], 250);
    assert_eq!(page["repositories"][0]["id"], 101);
    assert_eq!(page["repositories"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn repositories_are_set_added_and_removed() {
    let emulator = sharing(token().selected([])).await;

    let set = put(
        &emulator,
        REPOSITORIES,
        &json!({ "selected_repository_ids": [1296269] }),
    )
    .await;
    assert_eq!(
        (set.status(), selection(&emulator)),
        (StatusCode::NO_CONTENT, vec![1296269])
    );

    let one = format!("{REPOSITORIES}/1296280");
    let added = put(&emulator, &one, &json!({})).await;
    assert_eq!(added.status(), 204);
    assert_eq!(selection(&emulator), [1296269, 1296280]);

    let removed = delete(&emulator, &format!("{REPOSITORIES}/1296269")).await;
    assert_eq!(removed.status(), 204);
    assert_eq!(selection(&emulator), [1296280]);

    let emptied = put(
        &emulator,
        REPOSITORIES,
        &json!({ "selected_repository_ids": [] }),
    )
    .await;
    assert_eq!(
        (emptied.status(), selection(&emulator)),
        (StatusCode::NO_CONTENT, vec![])
    );
}

#[tokio::test]
async fn the_selection_of_a_secret_that_is_not_selected_is_a_conflict() {
    let emulator = sharing(token().private()).await;
    let one = format!("{REPOSITORIES}/1296280");

    for refused in [
        put(
            &emulator,
            REPOSITORIES,
            &json!({ "selected_repository_ids": [1296269] }),
        )
        .await,
        put(&emulator, &one, &json!({})).await,
        delete(&emulator, &one).await,
    ] {
        assert_eq!(refusal(refused).await.0, 409);
    }
    let list: Value = get(&emulator, REPOSITORIES).await.json().await.unwrap();
    assert_eq!(list, json!({ "total_count": 0, "repositories": [] }));
}

#[tokio::test]
async fn an_unknown_secret_or_repository_is_not_found() {
    let emulator = sharing(token().selected([1296269])).await;
    let absent = format!("{SECRETS}/ABSENT/repositories");

    for refused in [
        get(&emulator, &absent).await,
        put(
            &emulator,
            &absent,
            &json!({ "selected_repository_ids": [] }),
        )
        .await,
        put(&emulator, &format!("{absent}/1296269"), &json!({})).await,
        delete(&emulator, &format!("{absent}/1296269")).await,
        put(
            &emulator,
            REPOSITORIES,
            &json!({ "selected_repository_ids": [1296280, 42] }),
        )
        .await,
        put(&emulator, &format!("{REPOSITORIES}/42"), &json!({})).await,
        delete(&emulator, &format!("{REPOSITORIES}/42")).await,
    ] {
        assert_eq!(refusal(refused).await.0, 404);
    }
    assert_eq!(selection(&emulator), [1296269]);
}

#[tokio::test]
async fn a_selection_of_another_shape_is_refused() {
    let emulator = sharing(token().selected([1296269])).await;

    for body in [
        json!({}),
        json!({ "selected_repository_ids": null }),
        json!({ "selected_repository_ids": 1296280 }),
        json!({ "selected_repository_ids": ["1296280"] }),
        json!({ "selected_repository_ids": [1296280.5] }),
    ] {
        let refused = put(&emulator, REPOSITORIES, &body).await;

        assert_eq!(refusal(refused).await.0, 422, "{body}");
    }
    assert_eq!(selection(&emulator), [1296269]);
}
