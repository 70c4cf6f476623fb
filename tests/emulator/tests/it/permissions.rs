//! What a token needs in each store.

use github_secrets_emulator::{Access, Emulator, Organization, Place, Repository, Token};
use reqwest::{Method, Response};
use serde_json::json;

use crate::support::{get_as, path, places, refusal, request_as};

/// The places as text, with the permission of each.
const PERMISSIONS: [(&str, &str); 10] = [
    ("orgs/acme/actions", "organization_secrets"),
    ("orgs/acme/agents", "organization_agent_secrets"),
    ("orgs/acme/codespaces", "organization_codespaces_secrets"),
    ("orgs/acme/dependabot", "organization_dependabot_secrets"),
    ("repos/acme/website/actions", "secrets"),
    ("repos/acme/website/agents", "agent_secrets"),
    ("repos/acme/website/codespaces", "codespaces_secrets"),
    ("repos/acme/website/dependabot", "dependabot_secrets"),
    ("repos/acme/website/environments/production", "environments"),
    ("user/codespaces", "codespaces_user_secrets"),
];

const REGISTRIES: &str = "/orgs/acme/private-registries";

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

async fn emulator(tokens: impl IntoIterator<Item = Token>) -> Emulator {
    let builder = tokens
        .into_iter()
        .fold(Emulator::builder(), |builder, token| builder.token(token));
    builder.start().await.unwrap()
}

/// A write that gets past the token is refused for its body.
async fn write_as(emulator: &Emulator, token: &str, path: &str) -> Response {
    let method = if path == REGISTRIES {
        Method::POST
    } else {
        Method::PUT
    };
    let request = request_as(emulator, token, method, path).json(&json!({ "key_id": 7 }));
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_fine_grained_token_needs_the_permission_of_the_store() {
    for (place, permission) in PERMISSIONS {
        let emulator = emulator([
            Token::fine_grained("none"),
            Token::fine_grained("reader").permission(permission, Access::Read),
            Token::fine_grained("writer").permission(permission, Access::Write),
        ])
        .await;
        let secrets = format!("/{place}/secrets");
        let secret = format!("{secrets}/TOKEN");
        let reading = if permission == "codespaces_secrets" {
            "write"
        } else {
            "read"
        };

        let none = get_as(&emulator, "none", &secrets).await;
        let reader = get_as(&emulator, "reader", &secrets).await;
        let writer = get_as(&emulator, "writer", &secrets).await;
        let refused = write_as(&emulator, "reader", &secret).await;
        let written = write_as(&emulator, "writer", &secret).await;

        let needed = header(&none, "x-accepted-github-permissions").to_owned();
        assert_eq!(needed, format!("{permission}={reading}"), "{place}");
        let message = "Resource not accessible by personal access token".to_owned();
        assert_eq!(refusal(none).await, (403, message), "{place}");
        assert_eq!(
            reader.status(),
            if reading == "read" { 200 } else { 403 },
            "{place}"
        );
        assert_eq!(writer.status(), 200, "{place}");
        let needed = header(&refused, "x-accepted-github-permissions");
        assert_eq!(needed, format!("{permission}=write"), "{place}");
        assert_eq!(refused.status(), 403, "{place}");
        assert_eq!(refusal(written).await.0, 422, "{place}");
    }
}

#[tokio::test]
async fn a_permission_for_one_store_is_none_for_another() {
    for (own, permission) in PERMISSIONS {
        let emulator =
            emulator([Token::fine_grained("writer").permission(permission, Access::Write)]).await;
        for place in places() {
            let read = get_as(&emulator, "writer", &path(&place)).await;

            let expected = if place.to_string() == own { 200 } else { 403 };
            assert_eq!(read.status(), expected, "{permission} at {place}");
        }
    }
}

#[tokio::test]
async fn an_installation_token_works_everywhere_but_at_a_users_secrets() {
    let app = PERMISSIONS
        .iter()
        .fold(Token::app("ghs_app"), |app, (_, permission)| {
            app.permission(*permission, Access::Write)
        });
    let granted = emulator([app]).await;
    let unrestricted = Emulator::start().await.unwrap();
    for emulator in [&granted, &unrestricted] {
        for place in places() {
            let secrets = path(&place);
            let read = get_as(emulator, "ghs_app", &secrets).await;
            let key = get_as(emulator, "ghs_app", &format!("{secrets}/public-key")).await;
            for response in [read, key] {
                if place == Place::user() {
                    let message = "Resource not accessible by integration".to_owned();
                    assert_eq!(refusal(response).await, (403, message));
                } else {
                    assert_eq!(response.status(), 200, "{place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_classic_token_needs_the_scope_of_the_level() {
    for (scope, levels) in [
        ("admin:org", &["orgs"][..]),
        ("write:org", &[]),
        ("repo", &["repos"]),
        ("codespace", &["user"]),
        ("codespace:secrets", &["user"]),
    ] {
        let emulator = emulator([Token::classic("ghp_one").scopes([scope])]).await;
        for place in places() {
            let secrets = path(&place);
            let level = secrets.split('/').nth(1).unwrap();

            let response = get_as(&emulator, "ghp_one", &secrets).await;

            if levels.contains(&level) {
                assert_eq!(response.status(), 200, "{scope} at {place}");
                continue;
            }
            assert_eq!(header(&response, "x-oauth-scopes"), scope);
            let accepted = match level {
                "orgs" => "admin:org",
                "repos" => "repo",
                _ => "codespace, codespace:secrets",
            };
            assert_eq!(header(&response, "x-accepted-oauth-scopes"), accepted);
            // A private repository is not even admitted to exist.
            let status = if level == "repos" { 404 } else { 403 };
            assert_eq!(refusal(response).await.0, status, "{scope} at {place}");
        }
    }
}

#[tokio::test]
async fn a_public_repository_is_seen_but_its_secrets_need_the_scope() {
    let acme = Organization::new("acme").repository(Repository::new(7, "website").public());
    let emulator = Emulator::builder()
        .organization(acme)
        .token(Token::classic("ghp_public").scopes(["public_repo"]))
        .start()
        .await
        .unwrap();

    let repository = get_as(&emulator, "ghp_public", "/repos/acme/website").await;
    let secrets = get_as(
        &emulator,
        "ghp_public",
        "/repos/acme/website/actions/secrets",
    )
    .await;

    assert_eq!(repository.status(), 200);
    assert_eq!(refusal(secrets).await.0, 403);
}

#[tokio::test]
async fn a_private_repository_is_hidden_from_a_token_without_its_metadata() {
    let token = Token::fine_grained("blind")
        .permission("secrets", Access::Write)
        .without_metadata();
    let emulator = emulator([token]).await;

    let hidden = get_as(&emulator, "blind", "/repos/acme/website/actions/secrets").await;

    assert_eq!(refusal(hidden).await.0, 404);
}

#[tokio::test]
async fn private_registries_have_a_permission_of_their_own() {
    let permission = "organization_private_registries";
    let emulator = emulator([
        Token::fine_grained("other").permission("organization_secrets", Access::Write),
        Token::fine_grained("reader").permission(permission, Access::Read),
        Token::app("writer").permission(permission, Access::Write),
        Token::classic("ghp_admin").scopes(["admin:org"]),
    ])
    .await;

    let refused = get_as(&emulator, "other", REGISTRIES).await;
    assert_eq!(
        header(&refused, "x-accepted-github-permissions"),
        format!("{permission}=read")
    );
    assert_eq!(refusal(refused).await.0, 403);
    assert_eq!(get_as(&emulator, "reader", REGISTRIES).await.status(), 200);
    assert_eq!(
        refusal(write_as(&emulator, "reader", REGISTRIES).await)
            .await
            .0,
        403
    );
    for token in ["writer", "ghp_admin"] {
        assert_eq!(
            refusal(write_as(&emulator, token, REGISTRIES).await)
                .await
                .0,
            422
        );
    }
}
