//! An emulator that is set up from JSON.

use github_secrets_emulator::{Builder, Emulator, Place, Store, Visibility};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Key, control, get_as, json_of, refusal, request_as};

const README: &str = include_str!("../../README.md");

/// Everything that a file can say.
fn everything() -> Value {
    json!({
        "organizations": [
            {
                "login": "acme",
                "id": 42,
                "secret_limit": 1,
                "repositories": [
                    { "id": 1, "name": "website", "environments": ["production", "a/b"] },
                    { "id": 2, "name": "docs", "public": true, "archived": true },
                    {
                        "id": 3, "name": "site", "renamed_from": ["www", "home"],
                        "transferred_from": ["old/site"]
                    }
                ]
            },
            { "login": "free", "free_plan": true },
            {
                "login": "sso", "sso": "https://github.com/orgs/sso/sso",
                "repositories": [{ "id": 4, "name": "website" }]
            },
            { "login": "hidden", "hidden": true }
        ],
        "users": ["hubot"],
        "secrets": [
            { "place": "orgs/acme/actions", "name": "everywhere", "value": "a" },
            {
                "place": "orgs/acme/actions", "name": "SELECTED", "value": "b",
                "selected_repository_ids": [1]
            },
            {
                "place": "orgs/acme/actions", "name": "PRIVATE", "value": "c",
                "visibility": "private"
            },
            { "place": "repos/acme/website/dependabot", "name": "REPOSITORY", "value": "d" },
            { "place": "repos/acme/website/environments/a%2Fb", "name": "E", "value": "e" },
            { "place": "user/codespaces", "name": "USER", "value_base64": "/wA=" },
            { "place": "users/hubot/codespaces", "name": "HUBOT", "value": "f" }
        ],
        "tokens": [
            { "token": "ghp_all" },
            { "token": "ghp_repo", "kind": "classic", "scopes": ["repo"] },
            {
                "token": "ghp_sso", "kind": "classic", "scopes": ["repo"], "user": "hubot",
                "authorized_for": ["sso"]
            },
            {
                "token": "github_pat_reader", "kind": "fine_grained",
                "permissions": { "secrets": "read", "metadata": "none" }
            },
            { "token": "ghs_app", "kind": "app", "permissions": { "secrets": "write" } }
        ],
        "faults": [
            { "fault": "status", "status": 503, "path": "/orgs/free", "times": 1 }
        ],
        "limits": {
            "time_scale": 60, "status": 429, "concurrent": 50, "points_per_minute": 400,
            "writes_per_minute": 1, "writes_per_hour": 100, "requests_per_hour": 1000,
            "counting": "sliding_windows"
        }
    })
}

async fn start(setup: &Value) -> Emulator {
    let builder = Builder::from_json(setup.to_string()).unwrap();
    builder.start().await.unwrap()
}

#[tokio::test]
async fn organizations_and_repositories_are_as_the_file_says() {
    let emulator = start(&everything()).await;
    let read = async |path: &str| json_of(get_as(&emulator, "ghp_all", path).await).await;
    let status = async |path: &str| get_as(&emulator, "ghp_all", path).await.status().as_u16();

    assert_eq!(read("/organizations/42").await["login"], "acme");
    assert_eq!(status("/orgs/free/actions/secrets").await, 503);
    assert_eq!(status("/orgs/free/actions/secrets").await, 404);
    assert_eq!(status("/orgs/sso/actions/secrets").await, 403);
    assert_eq!(
        get_as(
            &emulator,
            "github_pat_reader",
            "/orgs/hidden/actions/secrets"
        )
        .await
        .status(),
        404
    );
    let environments = read("/repos/acme/website/environments").await;
    assert_eq!(environments["environments"][1]["name"], "a/b");
    let docs = read("/repos/acme/docs").await;
    assert_eq!(
        (&docs["private"], &docs["archived"]),
        (&json!(false), &json!(true))
    );
    for former in ["acme/www", "acme/home", "old/site"] {
        assert_eq!(read(&format!("/repos/{former}")).await["id"], 3);
    }
}

#[tokio::test]
async fn secrets_are_where_the_file_says() {
    let emulator = start(&everything()).await;
    let organization = Place::organization("acme", Store::Actions);
    let secret = |place: &Place, name: &str| emulator.secret(place, name).unwrap();

    let everywhere = secret(&organization, "EVERYWHERE");
    assert_eq!(
        (everywhere.value(), everywhere.visibility()),
        (&b"a"[..], Some(Visibility::All))
    );
    let selected = secret(&organization, "SELECTED");
    assert_eq!(selected.visibility(), Some(Visibility::Selected));
    assert_eq!(selected.selected_repository_ids(), [1]);
    let private = secret(&organization, "PRIVATE");
    assert_eq!(private.visibility(), Some(Visibility::Private));
    let repository = Place::repository("acme/website", Store::Dependabot);
    assert_eq!(secret(&repository, "REPOSITORY").value(), b"d");
    assert_eq!(
        secret(&Place::environment("acme/website", "a/b"), "E").value(),
        b"e"
    );
    assert_eq!(secret(&Place::user(), "USER").value(), [0xFF, 0]);
    assert_eq!(secret(&Place::user_named("hubot"), "HUBOT").value(), b"f");
}

#[tokio::test]
async fn tokens_may_do_what_the_file_says() {
    let emulator = start(&everything()).await;
    let secrets = "/repos/acme/website/actions/secrets";
    for (token, path, status) in [
        ("ghp_all", "/orgs/acme/actions/secrets", 200),
        ("ghp_repo", "/orgs/acme/actions/secrets", 403),
        ("ghp_repo", secrets, 200),
        ("ghp_repo", "/repos/sso/website/actions/secrets", 403),
        ("ghp_sso", "/repos/sso/website/actions/secrets", 200),
        ("github_pat_reader", "/repos/acme/docs/actions/secrets", 200),
        ("github_pat_reader", secrets, 404),
        ("ghs_app", secrets, 200),
        ("ghs_app", "/user", 403),
        ("ghp_unknown", secrets, 401),
    ] {
        let response = get_as(&emulator, token, path).await;
        assert_eq!(response.status(), status, "{token} {path}");
    }
    let user = json_of(get_as(&emulator, "ghp_sso", "/user").await).await;
    assert_eq!(user["login"], "hubot");
}

#[tokio::test]
async fn limits_are_those_of_the_file() {
    let emulator = start(&everything()).await;
    let secrets = "/repos/acme/website/actions/secrets";
    let response = get_as(&emulator, "ghs_app", &format!("{secrets}/public-key")).await;
    assert_eq!(response.headers()["x-ratelimit-limit"], "1000");
    let key = Key::of(&json_of(response).await);
    let mut statuses = Vec::new();

    for name in ["FIRST", "SECOND"] {
        let body = json!({ "encrypted_value": key.seal(b"value"), "key_id": key.id });
        let path = format!("{secrets}/{name}");
        let put = request_as(&emulator, "ghs_app", Method::PUT, &path).json(&body);
        statuses.push(put.send().await.unwrap().status().as_u16());
    }

    assert_eq!(statuses, [201, 429]);
}

#[tokio::test]
async fn an_empty_file_stands_for_the_defaults() {
    let emulator = start(&json!({})).await;

    let website = get_as(&emulator, "ghp_any", "/repos/acme/website").await;

    assert_eq!(json_of(website).await["id"], 1296280);
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn the_file_in_the_readme_is_one() {
    let json = README.split("```json").nth(1).unwrap();
    let builder = Builder::from_json(json.split("```").next().unwrap()).unwrap();

    let emulator = builder.start().await.unwrap();

    assert_eq!(emulator.all_secrets().len(), 2);
    assert_eq!(emulator.faults().len(), 1);
}

#[tokio::test]
async fn the_faults_in_the_readme_are_accepted() {
    let emulator = Emulator::start().await.unwrap();
    let examples: Vec<&str> = README
        .split("--data '")
        .skip(1)
        .map(|rest| rest.split('\'').next().unwrap())
        .collect();

    for example in &examples {
        let fault: Value = serde_json::from_str(example).unwrap();
        let added = control(&emulator, Method::POST, "faults", &fault).await;
        assert_eq!(added.status(), 204, "{example}");
    }

    assert_eq!(examples.len(), 4);
    assert_eq!(emulator.faults().len(), 4);
}

#[test]
fn a_file_that_makes_no_sense_is_an_error_with_the_reason() {
    let token = |token: Value| json!({ "tokens": [token] });
    for (setup, reason) in [
        (json!([]), "line 1"),
        (json!({ "organisations": [] }), "organisations"),
        (json!({ "organizations": [{}] }), "login"),
        (
            json!({ "organizations": [{ "login": "acme", "plan": "free" }] }),
            "plan",
        ),
        (
            json!({ "organizations": [{ "login": "acme", "repositories": [{ "id": 1 }] }] }),
            "name",
        ),
        (
            json!({ "secrets": [{ "place": "acme", "name": "A", "value": "" }] }),
            "orgs/ORG/STORE",
        ),
        (token(json!({ "token": "t", "kind": "old" })), "old"),
        (token(json!({ "token": "t", "scopes": [] })), "kind classic"),
        (
            token(json!({ "token": "t", "kind": "app", "scopes": [] })),
            "kind classic",
        ),
        (
            token(json!({ "token": "t", "permissions": {} })),
            "fine_grained or app",
        ),
        (
            token(json!({ "token": "t", "kind": "app", "permissions": { "secrets": "none" } })),
            "metadata",
        ),
        (
            token(json!({ "token": "t", "kind": "app", "user": "hubot" })),
            "no user",
        ),
        (
            token(json!({ "token": "t", "kind": "app", "authorized_for": ["acme"] })),
            "single sign-on",
        ),
        (json!({ "faults": [{ "fault": "status" }] }), "needs status"),
        (json!({ "limits": { "status": 500 } }), "403 or 429"),
        (json!({ "limits": { "counting": "slowly" } }), "slowly"),
    ] {
        let error = Builder::from_json(setup.to_string()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(reason), "{setup}: {message}");
    }
}

#[test]
fn an_error_of_a_file_does_not_repeat_what_it_was_given_as_a_value() {
    for setup in [
        json!({ "tokens": ["hunter2"] }),
        json!({ "tokens": [{ "token": "t", "permissions": "hunter2, expected \"x\"" }] }),
        json!({ "secrets": ["hunter2"] }),
        json!({ "secrets": [{ "value": ["hunter2"] }] }),
        json!({ "secrets": [{
            "place": "user/codespaces", "name": "A", "value": "hunter2", "value_base64": "hunter2"
        }] }),
        json!({ "secrets": [{
            "place": "user/codespaces", "name": "A", "selected_repository_ids": "hunter2"
        }] }),
    ] {
        let error = Builder::from_json(setup.to_string()).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("line 1"), "{shown}");
    }
}

#[tokio::test]
async fn what_a_file_adds_up_to_is_checked_at_the_start() {
    let setup = json!({
        "secrets": [{ "place": "orgs/nobody/actions", "name": "A", "value": "" }]
    });
    let builder = Builder::from_json(setup.to_string()).unwrap();

    let error = builder.start().await.unwrap_err();

    assert_eq!(error.to_string(), "there is no place orgs/nobody/actions");
}

#[tokio::test]
async fn more_can_be_added_to_a_file() {
    let emulator = Builder::from_json(everything().to_string())
        .unwrap()
        .environment("acme/site", "staging")
        .start()
        .await
        .unwrap();

    let path = "/repos/acme/site/environments/staging";

    assert_eq!(get_as(&emulator, "ghp_all", path).await.status(), 200);
    let absent = get_as(
        &emulator,
        "ghp_all",
        "/repos/acme/docs/environments/staging",
    )
    .await;
    assert_eq!(refusal(absent).await.0, 404);
}
