//! Repositories that were renamed, transferred or archived.

use github_secrets_emulator::{
    Emulator, Organization, Place, Repository, Store, StoredSecret, Token,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    fields, get, get_as, json_of, key_of, path, places, refusal, sealed, send, store, website, with,
};

#[tokio::test]
async fn a_moved_repository_redirects_every_operation_to_its_id() {
    for (repository, former) in [
        (website().renamed_from("www"), "/repos/acme/www"),
        (
            website().transferred_from("Old-Owner/site"),
            "/repos/old-owner/SITE",
        ),
    ] {
        let emulator = with(repository).await;
        for (method, rest, status) in [
            (Method::GET, "", 301),
            (Method::GET, "/actions/secrets?per_page=2&page=3", 301),
            (
                Method::GET,
                "/environments/a%2Fb%20c/secrets/public-key",
                301,
            ),
            (Method::PUT, "/dependabot/secrets/TOKEN", 307),
            (Method::DELETE, "/codespaces/secrets/TOKEN", 307),
        ] {
            let moved = send(&emulator, method, &format!("{former}{rest}"), &json!({})).await;

            let location = format!("{}/repositories/7{rest}", emulator.url());
            assert_eq!(moved.status(), status);
            assert_eq!(moved.headers()["location"], location);
            let body: Value = moved.json().await.unwrap();
            assert_eq!(body["message"], "Moved Permanently");
            assert_eq!(body["url"], location);
        }
    }
}

#[tokio::test]
async fn a_moved_repository_keeps_its_secrets() {
    let emulator = with(website().transferred_from("old/www")).await;
    let place = Place::repository("acme/website", Store::Actions);
    store(&emulator, &place, "TOKEN", b"value").await;

    let read = get(&emulator, "/repos/old/www/actions/secrets/TOKEN").await;

    assert_eq!(json_of(read).await["name"], "TOKEN");
    assert!(
        emulator
            .secrets(&Place::repository("old/www", Store::Actions))
            .is_empty()
    );
}

#[tokio::test]
async fn a_former_name_that_is_taken_again_is_the_new_repositorys() {
    let acme = Organization::new("acme")
        .repository(website().renamed_from("www"))
        .repository(Repository::new(8, "www"));
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();

    let repository = json_of(get(&emulator, "/repos/acme/www").await).await;

    assert_eq!(repository["id"], 8);
}

#[tokio::test]
async fn a_private_repository_is_hidden_under_its_former_name_too() {
    let acme = Organization::new("acme").repository(website().renamed_from("www"));
    let emulator = Emulator::builder()
        .organization(acme)
        .token(Token::classic("ghp_public").scopes(["public_repo"]))
        .start()
        .await
        .unwrap();

    for name in ["www", "website"] {
        for path in ["", "/actions/secrets", "/environments/production/secrets"] {
            let hidden = get_as(
                &emulator,
                "ghp_public",
                &format!("/repos/acme/{name}{path}"),
            )
            .await;
            assert_eq!(refusal(hidden).await.0, 404, "{name}{path}");
        }
    }
}

#[tokio::test]
async fn an_archived_repository_is_read_only() {
    let secret = || StoredSecret::new("TOKEN", "value");
    let archived = website()
        .archived()
        .secret(Store::Actions, secret())
        .environment_secret("production", secret());
    let emulator = with(archived).await;
    for place in places() {
        let secrets = path(&place);
        if !secrets.starts_with("/repos/") {
            continue;
        }
        let key = key_of(&emulator, &secrets).await;
        let body = sealed(&key, b"new", fields(&place));
        for method in [Method::PUT, Method::DELETE] {
            let refused = send(&emulator, method, &format!("{secrets}/TOKEN"), &body).await;

            let (status, message) = refusal(refused).await;
            assert_eq!(status, 403, "{place}");
            assert_eq!(message, "Repository was archived so is read-only.");
        }
        assert_eq!(get(&emulator, &secrets).await.status(), 200, "{place}");
    }
    let values = emulator.all_secrets();
    assert!(values.iter().all(|(_, secret)| secret.value() == b"value"));
    assert_eq!(values.len(), 2);
}
