//! `GET /repos/{owner}/{repo}`.

use github_secrets_emulator::{Emulator, Organization, Repository, Token};
use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::Value;

use crate::support::{get, get_as, refusal};

async fn acme(repository: Repository) -> Emulator {
    let acme = Organization::new("acme").repository(repository);
    Emulator::builder()
        .organization(acme)
        .token(Token::classic("ghp_test").scopes(["repo"]))
        .token(Token::classic("ghp_admin").scopes(["admin:org"]))
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_repository_is_found_by_its_name_in_any_case() {
    let emulator = acme(Repository::new(7, "Website").archived()).await;

    let repository: Value = get(&emulator, "/repos/ACME/webSITE")
        .await
        .json()
        .await
        .unwrap();

    assert_eq!(repository["id"], 7);
    assert_eq!(repository["full_name"], "acme/Website");
    assert_eq!(repository["private"], true);
    assert_eq!(repository["archived"], true);
    assert_eq!(
        repository["url"],
        format!("{}/repos/acme/Website", emulator.url())
    );
}

#[tokio::test]
async fn an_unknown_owner_or_repository_is_not_found() {
    let emulator = acme(Repository::new(7, "website")).await;

    for path in [
        "/repos/acme/other",
        "/repos/other/website",
        "/repos/acme",
        "/repositories/8",
    ] {
        assert_eq!(refusal(get(&emulator, path).await).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_renamed_repository_is_moved_to_its_id() {
    let emulator = acme(Repository::new(7, "website").renamed_from("old")).await;
    let still = Client::builder().redirect(Policy::none()).build().unwrap();

    let moved = still
        .get(format!("{}/repos/acme/old", emulator.url()))
        .bearer_auth("ghp_test")
        .header("user-agent", "emulator-tests")
        .send()
        .await
        .unwrap();
    let followed: Value = get(&emulator, "/repos/acme/old")
        .await
        .json()
        .await
        .unwrap();

    assert_eq!(moved.status(), StatusCode::MOVED_PERMANENTLY);
    assert_eq!(
        moved.headers()["location"],
        format!("{}/repositories/7", emulator.url())
    );
    assert_eq!(followed["name"], "website");
}

#[tokio::test]
async fn a_private_repository_is_hidden_from_a_token_without_the_scope() {
    let private = acme(Repository::new(7, "website")).await;
    let public = acme(Repository::new(7, "website").public()).await;

    let hidden = get_as(&private, "ghp_admin", "/repos/acme/website").await;
    let shown = get_as(&public, "ghp_admin", "/repos/acme/website").await;

    assert_eq!(refusal(hidden).await.0, 404);
    assert_eq!(shown.status(), 200);
}
