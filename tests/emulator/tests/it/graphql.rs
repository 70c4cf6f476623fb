//! The query of `gh secret set --repos` for the ids of repositories, and that of `gh auth status`
//! for the user.

use github_secrets_emulator::{Emulator, Limits, Organization, Repository, Token};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{json_of, refusal, request_as};

async fn emulator() -> Emulator {
    let acme = Organization::new("acme")
        .repository(Repository::new(7, "website").renamed_from("www"))
        .repository(Repository::new(8, "docs").public());
    Emulator::builder()
        .organization(acme)
        .token(Token::classic("ghp_test").scopes(["repo"]))
        .token(Token::classic("ghp_none"))
        .token(Token::app("ghs_app"))
        .start()
        .await
        .unwrap()
}

async fn post(emulator: &Emulator, token: &str, body: &Value) -> Response {
    request_as(emulator, token, Method::POST, "/graphql")
        .json(body)
        .send()
        .await
        .unwrap()
}

async fn ask(emulator: &Emulator, query: &str) -> Value {
    json_of(post(emulator, "ghp_test", &json!({ "query": query })).await).await
}

#[tokio::test]
async fn ids_are_found_by_names_as_gh_asks_for_them() {
    let emulator = emulator().await;
    let query = "query MapRepositoryNames { \n\t\t\trepo_000: repository(owner: \"acme\", name: \
                 \"website\") {\n\t\t\t\tdatabaseId\n\t\t\t}\n\t\t\n\t\t\trepo_001: \
                 repository(owner: \"ACME\", name: \"Docs\") {\n\t\t\t\tdatabaseId\n\t\t\t}\n\t\t }";

    let body = json!({ "query": query, "variables": null });
    let response = post(&emulator, "ghp_test", &body).await;

    assert_eq!(
        json_of(response).await,
        json!({ "data": { "repo_000": { "databaseId": 7 }, "repo_001": { "databaseId": 8 } } })
    );
}

#[tokio::test]
async fn a_query_can_have_variables_comments_and_escapes() {
    let emulator = emulator().await;
    let query = "query ($owner: String!, $name: String!) {\n# by name\nrepository(owner: $owner, \
                 name: $name) { databaseId, whole: nameWithOwner id name } }";
    let variables = json!({ "owner": "acme", "name": "website" });

    let body = json!({ "query": query, "variables": variables });
    let answered = json_of(post(&emulator, "ghp_test", &body).await).await;

    let repository = &answered["data"]["repository"];
    assert_eq!(repository["databaseId"], 7);
    assert_eq!(repository["whole"], "acme/website");
    assert_eq!(repository["name"], "website");
    assert!(repository["id"].is_string());
    let escaped = ask(
        &emulator,
        r#"{ repository(owner: "a\u0063me", name: "docs") { databaseId } }"#,
    );
    assert_eq!(escaped.await["data"]["repository"]["databaseId"], 8);
}

#[tokio::test]
async fn a_repository_is_found_by_a_former_name_too() {
    let emulator = emulator().await;

    let query = r#"{ repository(owner: "acme", name: "www") { databaseId name } }"#;

    assert_eq!(
        ask(&emulator, query).await,
        json!({ "data": { "repository": { "databaseId": 7, "name": "website" } } })
    );
}

#[tokio::test]
async fn a_repository_that_the_token_cannot_see_is_not_found() {
    let emulator = emulator().await;
    let query = r#"{
        a: repository(owner: "acme", name: "website") { databaseId }
        b: repository(owner: "acme", name: "docs") { databaseId }
        c: repository(owner: "acme", name: "none") { databaseId }
    }"#;

    let response = post(&emulator, "ghp_none", &json!({ "query": query })).await;

    let body = json_of(response).await;
    assert_eq!(
        body["data"],
        json!({ "a": null, "b": { "databaseId": 8 }, "c": null })
    );
    let error = |alias: &str, name: &str| {
        json!({
            "type": "NOT_FOUND", "path": [alias],
            "message": format!("Could not resolve to a Repository with the name '{name}'.")
        })
    };
    let errors = [error("a", "acme/website"), error("c", "acme/none")];
    assert_eq!(body["errors"], json!(errors));
}

#[tokio::test]
async fn the_viewer_is_the_user_of_the_token() {
    let emulator = emulator().await;
    let body = json!({ "query": "query UserCurrent{viewer{login}}", "variables": null });

    let found = json_of(post(&emulator, "ghp_none", &body).await).await;
    let of_app = json_of(post(&emulator, "ghs_app", &body).await).await;

    assert_eq!(
        found,
        json!({ "data": { "viewer": { "login": "octocat" } } })
    );
    assert_eq!(of_app["data"], json!({ "viewer": null }));
    assert_eq!(of_app["errors"][0]["path"], json!(["viewer"]));
}

#[tokio::test]
async fn another_query_gets_an_error_that_says_what_is_answered() {
    let emulator = emulator().await;
    for (query, reason) in [
        (
            "{ rateLimit { cost } }",
            "rateLimit is not repository or viewer",
        ),
        ("{ viewer { email } }", "email is not login"),
        ("mutation { repository }", "mutation is not query"),
        ("{ }", "selects nothing"),
        ("", "ends early"),
        (
            "{ repository(owner: \"acme\") { databaseId } }",
            "needs a name",
        ),
        (
            "{ repository(name: \"acme\") { databaseId } }",
            "needs an owner",
        ),
        (
            "{ repository(owner: $owner, name: \"a\") { databaseId } }",
            "$owner is not text",
        ),
        (
            "{ repository(owner: 7, name: \"a\") { databaseId } }",
            "7 is unexpected",
        ),
        (
            "{ repository(owner: \"a\", name: \"b\", first: \"c\") { id } }",
            "first is not an arg",
        ),
        (
            "{ repository(owner: \"a\", name: \"b\") { owner } }",
            "owner is not databaseId",
        ),
        (
            "{ repository(owner: \"a\", name: \"b\") { id ",
            "ends early",
        ),
        (
            "{ repository(owner: \"a\", name: \"b) { id } }",
            "malformed",
        ),
        (
            "{ repository(owner: \"a\", name: \"b\") { id } } { }",
            "{ is unexpected",
        ),
        ("query ($a: String", "ends early"),
    ] {
        let body = ask(&emulator, query).await;

        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(
            message.contains("github-secrets-emulator answers only"),
            "{message}"
        );
        assert!(message.contains(reason), "{query}: {message}");
        assert_eq!(body.get("data"), None);
    }
    let no_query = post(&emulator, "ghp_test", &json!({ "quer": "" })).await;
    assert_eq!(no_query.status(), 400);
    let unknown = post(&emulator, "ghp_unknown", &json!({ "query": "" })).await;
    assert_eq!(refusal(unknown).await.0, 401);
}

#[tokio::test]
async fn a_query_is_not_counted_as_a_write() {
    let emulator = Emulator::builder()
        .limits(Limits::github().writes_per_minute(1))
        .start()
        .await
        .unwrap();
    let query = r#"{ repository(owner: "acme", name: "website") { databaseId } }"#;

    for _ in 0..3 {
        let found = ask(&emulator, query).await;
        assert_eq!(found["data"]["repository"]["databaseId"], 1296280);
    }
}
