//! Tokens, plans and single sign-on.

use github_secrets_emulator::{Access, Emulator, Organization, Token};
use reqwest::{Client, Method, Response};
use serde_json::json;

use crate::support::{SECRETS, get, get_as, refusal, request, request_as};

const CLASSIC: &str = "ghp_admin";
const READER: &str = "github_pat_reader";
const WRITER: &str = "github_pat_writer";
const APP: &str = "ghs_app";

async fn acme(organization: Organization) -> Emulator {
    Emulator::builder()
        .organization(organization.example_repositories())
        .token(Token::classic(CLASSIC).scopes(["admin:org", "repo"]))
        .token(Token::classic("ghp_scopeless").scopes(["read:org"]))
        .token(
            Token::classic("ghp_signed_on")
                .scopes(["admin:org"])
                .authorized_for("ACME"),
        )
        .token(
            Token::fine_grained(READER).permission("organization_codespaces_secrets", Access::Read),
        )
        .token(
            Token::fine_grained(WRITER)
                .permission("organization_codespaces_secrets", Access::Write),
        )
        .token(Token::app(APP))
        .start()
        .await
        .unwrap()
}

/// A write that is refused for its missing value only after the token was let through.
async fn write_as(emulator: &Emulator, token: &str) -> Response {
    request_as(emulator, token, Method::PUT, &format!("{SECRETS}/TOKEN"))
        .json(&json!({ "visibility": "all" }))
        .send()
        .await
        .unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_request_without_a_known_token_is_not_authorized() {
    let emulator = acme(Organization::new("acme")).await;
    let anonymous = Client::new()
        .get(format!("{}{SECRETS}", emulator.url()))
        .header("user-agent", "emulator-tests");

    let without_token = anonymous.send().await.unwrap();
    let unknown = get_as(&emulator, "ghp_unknown", SECRETS).await;

    assert_eq!(
        refusal(without_token).await,
        (401, "Requires authentication".to_owned())
    );
    assert_eq!(refusal(unknown).await, (401, "Bad credentials".to_owned()));
}

#[tokio::test]
async fn both_schemes_are_accepted_and_no_other() {
    let emulator = Emulator::start().await.unwrap();
    for (value, status) in [
        ("Bearer ghp_x", 200),
        ("token ghp_x", 200),
        ("BEARER ghp_x", 200),
        ("Bearer ", 401),
        ("ghp_x", 401),
        ("Basic Z2hwX3g6", 401),
    ] {
        let response = Client::new()
            .get(format!("{}{SECRETS}", emulator.url()))
            .header("user-agent", "emulator-tests")
            .header("authorization", value)
            .send()
            .await
            .unwrap();

        assert_eq!(response.status(), status, "{value}");
    }
}

#[tokio::test]
async fn a_revoked_token_is_not_authorized() {
    let emulator = Emulator::start().await.unwrap();
    assert_eq!(get(&emulator, SECRETS).await.status(), 200);

    emulator.revoke_token("ghp_test");

    assert_eq!(refusal(get(&emulator, SECRETS).await).await.0, 401);
    assert_eq!(get_as(&emulator, "ghp_other", SECRETS).await.status(), 200);
}

#[tokio::test]
async fn a_response_to_a_classic_token_names_the_scope_it_needs() {
    let emulator = acme(Organization::new("acme")).await;

    let refused = get_as(&emulator, "ghp_scopeless", SECRETS).await;

    assert_eq!(header(&refused, "x-oauth-scopes"), "read:org");
    assert_eq!(header(&refused, "x-accepted-oauth-scopes"), "admin:org");
    assert_eq!(refusal(refused).await.0, 403);
}

#[tokio::test]
async fn a_fine_grained_token_reads_or_writes_as_it_was_given() {
    let emulator = acme(Organization::new("acme")).await;

    assert_eq!(get_as(&emulator, READER, SECRETS).await.status(), 200);
    assert_eq!(refusal(write_as(&emulator, WRITER).await).await.0, 422);
    let refused = write_as(&emulator, READER).await;

    let needed = header(&refused, "x-accepted-github-permissions").to_owned();
    assert_eq!(needed, "organization_codespaces_secrets=write");
    let message = "Resource not accessible by personal access token".to_owned();
    assert_eq!(refusal(refused).await, (403, message));
}

#[tokio::test]
async fn a_response_to_an_app_names_the_permission_it_needs() {
    let emulator = acme(Organization::new("acme")).await;

    let refused = get_as(&emulator, APP, SECRETS).await;

    let needed = header(&refused, "x-accepted-github-permissions").to_owned();
    assert_eq!(needed, "organization_codespaces_secrets=read");
    let message = "Resource not accessible by integration".to_owned();
    assert_eq!(refusal(refused).await, (403, message));
}

#[tokio::test]
async fn one_selected_repository_needs_its_metadata_too() {
    let emulator = Emulator::builder()
        .token(
            Token::fine_grained(WRITER)
                .permission("organization_codespaces_secrets", Access::Write)
                .without_metadata(),
        )
        .start()
        .await
        .unwrap();
    let path = format!("{SECRETS}/TOKEN/repositories/1296269");

    let refused = request_as(&emulator, WRITER, Method::DELETE, &path)
        .send()
        .await
        .unwrap();

    let needed = header(&refused, "x-accepted-github-permissions").to_owned();
    assert_eq!(
        needed,
        "organization_codespaces_secrets=write,metadata=read"
    );
    assert_eq!(refusal(refused).await.0, 403);
}

#[tokio::test]
async fn a_hidden_organization_is_404_instead_of_403() {
    let emulator = acme(Organization::new("acme").hidden()).await;

    let refused = get_as(&emulator, "ghp_scopeless", SECRETS).await;

    assert_eq!(header(&refused, "x-accepted-oauth-scopes"), "admin:org");
    assert_eq!(refusal(refused).await.0, 404);
    assert_eq!(get_as(&emulator, CLASSIC, SECRETS).await.status(), 200);
}

#[tokio::test]
async fn an_organization_without_a_plan_has_no_secrets_to_be_found() {
    let emulator = acme(Organization::new("acme").without_plan()).await;

    for path in [SECRETS.to_owned(), format!("{SECRETS}/public-key")] {
        let response = get_as(&emulator, CLASSIC, &path).await;
        assert_eq!(refusal(response).await.0, 404, "{path}");
    }
    let repository = get_as(&emulator, CLASSIC, "/repos/acme/website").await;
    assert_eq!(repository.status(), 200);
}

#[tokio::test]
async fn single_sign_on_tells_a_classic_token_where_to_be_authorized() {
    let url = "https://github.com/orgs/acme/sso?authorization_request=AB12";
    let emulator = acme(Organization::new("acme").sso(url)).await;

    let refused = get_as(&emulator, CLASSIC, SECRETS).await;

    assert_eq!(
        header(&refused, "x-github-sso"),
        format!("required; url={url}")
    );
    let (status, message) = refusal(refused).await;
    assert_eq!(status, 403);
    assert!(message.contains("SAML"));
    assert_eq!(
        get_as(&emulator, "ghp_signed_on", SECRETS).await.status(),
        200
    );
    assert_eq!(get_as(&emulator, READER, SECRETS).await.status(), 200);
}

#[tokio::test]
async fn the_public_key_of_another_organization_is_another() {
    let emulator = Emulator::builder()
        .organization(Organization::new("acme"))
        .organization(Organization::new("other"))
        .start()
        .await
        .unwrap();
    let key = async |login: &str| {
        let path = format!("/orgs/{login}/codespaces/secrets/public-key");
        request(&emulator, Method::GET, &path)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };

    assert_ne!(key("acme").await, key("other").await);
    assert_eq!(key("acme").await, key("acme").await);
}
