//! `/_emulator/…`, for clients in other languages.

use std::time::Duration;

use github_secrets_emulator::{Change, Emulator, Organization, Place, Store, StoredSecret};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::{SECRETS, control, control_json, get, key_of, refusal, request, sealed, set};

#[tokio::test]
async fn the_clock_moves_on_for_times_and_dates() {
    let place = Place::organization("acme", Store::Codespaces);
    let emulator = Emulator::builder()
        .secret(place.clone(), StoredSecret::new("A", "value"))
        .start()
        .await
        .unwrap();
    let updated_at = |emulator: &Emulator| emulator.secret(&place, "A").unwrap().updated_at();
    let before = updated_at(&emulator);

    let moved = control(&emulator, Method::POST, "clock", &json!({"seconds": 3600})).await;
    assert_eq!(moved.status(), 204);
    emulator.advance(Duration::from_secs(3600));
    let change = Change::set_secret(place.clone(), StoredSecret::new("A", "other"));
    emulator.change(change).unwrap();

    let passed = updated_at(&emulator).duration_since(before).unwrap();
    assert!((7200..7260).contains(&passed.as_secs()), "{passed:?}");
    let response = get(&emulator, SECRETS).await;
    let date = response.headers()["date"].to_str().unwrap();
    let date = httpdate::parse_http_date(date).unwrap();
    let passed = date.duration_since(before).unwrap();
    assert!((7199..7260).contains(&passed.as_secs()), "{passed:?}");
}

#[tokio::test]
async fn the_secrets_of_every_place_are_listed_opened() {
    let selected = StoredSecret::new("TOKEN", "grüße").selected([1296269]);
    let bytes = StoredSecret::new("BYTES", [0xFF, 0]);
    let emulator = Emulator::builder()
        .secret(Place::organization("acme", Store::Dependabot), selected)
        .secret(Place::environment("acme/website", "production"), bytes)
        .secret(Place::user(), StoredSecret::new("DOTFILES", "value"))
        .start()
        .await
        .unwrap();

    let secrets = control_json(&emulator, "secrets").await;

    let fields = |secret: &Value, names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| secret[name].clone()).collect()
    };
    let place = [
        "place",
        "owner",
        "repository",
        "environment",
        "store",
        "name",
    ];
    let value = [
        "value",
        "value_base64",
        "visibility",
        "selected_repository_ids",
    ];
    let [organization, environment, user] = &secrets.as_array().unwrap()[..] else {
        panic!("{secrets}")
    };
    assert_eq!(
        json!(fields(organization, &place)),
        json!([
            "orgs/acme/dependabot",
            "acme",
            null,
            null,
            "dependabot",
            "TOKEN"
        ])
    );
    assert_eq!(
        json!(fields(organization, &value)),
        json!(["grüße", null, "selected", [1296269]])
    );
    assert_eq!(
        json!(fields(environment, &place)),
        json!([
            "repos/acme/website/environments/production",
            "acme",
            "website",
            "production",
            "actions",
            "BYTES"
        ])
    );
    assert_eq!(
        json!(fields(environment, &value)),
        json!([null, "/wA=", null, []])
    );
    assert_eq!(
        json!(fields(user, &place)),
        json!([
            "user/codespaces",
            "octocat",
            null,
            null,
            "codespaces",
            "DOTFILES"
        ])
    );
    assert_eq!(
        json!(fields(user, &value)),
        json!(["value", null, "selected", []])
    );
}

#[tokio::test]
async fn the_registries_are_listed_opened() {
    let emulator = Emulator::start().await.unwrap();
    let registries = "/orgs/acme/private-registries";
    let key = key_of(&emulator, registries).await;
    let body = json!({
        "registry_type": "npm_registry", "url": "https://npm.example", "visibility": "selected",
        "selected_repository_ids": [1296280]
    });
    let oidc = json!({
        "registry_type": "docker_registry", "url": "https://docker.example", "visibility": "all",
        "auth_type": "oidc_gcp", "workload_identity_provider": "projects/1"
    });
    for body in [sealed(&key, b"hunter2", body), oidc] {
        let create = request(&emulator, Method::POST, registries).json(&body);
        assert_eq!(create.send().await.unwrap().status(), 201);
    }

    let listed = control_json(&emulator, "registries").await;

    assert_eq!(listed[0]["owner"], "acme");
    assert_eq!(listed[0]["name"], "DOCKER_REGISTRY_SECRET");
    assert_eq!(listed[0]["workload_identity_provider"], "projects/1");
    assert_eq!(listed[0]["value"], Value::Null);
    assert_eq!(listed[1]["value"], "hunter2");
    assert_eq!(listed[1]["key_id"], key.id);
    assert_eq!(listed[1]["selected_repository_ids"], json!([1296280]));
}

#[tokio::test]
async fn keys_are_rotated_on_request() {
    let emulator = Emulator::builder()
        .organization(Organization::new("acme").example_repositories())
        .organization(Organization::new("other"))
        .start()
        .await
        .unwrap();
    let paths = [
        "/orgs/acme/actions/secrets",
        "/repos/acme/website/environments/production/secrets",
        "/orgs/acme/private-registries",
        "/user/codespaces/secrets",
        "/orgs/other/actions/secrets",
    ];
    let ids = async || {
        let mut ids = Vec::new();
        for path in paths {
            ids.push(key_of(&emulator, path).await.id);
        }
        ids
    };
    for (asked, rotated) in [
        (
            json!({ "place": "orgs/ACME/actions" }),
            [true, false, false, false, false],
        ),
        (
            json!({ "place": "repos/acme/website/environments/Production" }),
            [false, true, false, false, false],
        ),
        (
            json!({ "place": "user/codespaces" }),
            [false, false, false, true, false],
        ),
        (
            json!({ "organization": "acme" }),
            [true, true, true, false, false],
        ),
        (json!({}), [true; 5]),
    ] {
        let former = ids().await;

        let response = control(&emulator, Method::POST, "rotate", &asked).await;

        assert_eq!(response.status(), 204, "{asked}");
        let changed: Vec<_> = former
            .iter()
            .zip(ids().await)
            .map(|(a, b)| *a != b)
            .collect();
        assert_eq!(changed, rotated, "{asked}");
    }
    for (asked, named) in [
        (
            json!({ "place": "orgs/nobody/actions" }),
            "orgs/nobody/actions",
        ),
        (json!({ "place": "acme" }), "orgs/ORG/STORE"),
        (json!({ "organization": "nobody" }), "nobody"),
        (
            json!({ "organization": "acme", "place": "user/codespaces" }),
            "cannot be combined",
        ),
        (json!({ "store": "actions" }), "store"),
    ] {
        let refused = control(&emulator, Method::POST, "rotate", &asked).await;

        assert_eq!(refused.status(), 422, "{asked}");
        let refused: Value = refused.json().await.unwrap();
        assert!(
            refused["message"].as_str().unwrap().contains(named),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn an_unknown_endpoint_is_answered_with_those_that_there_are() {
    let emulator = Emulator::start().await.unwrap();
    let respond = async |method: &Method, path: &str| {
        let url = format!("{}{path}", emulator.url());
        let request = Client::new().request(method.clone(), url);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        (status, body["message"].as_str().unwrap().to_owned())
    };
    let begin = |method: &Method, path: &str| {
        format!("There is no {method} {path}. The emulator's own endpoints are ")
    };
    let (_, message) = respond(&Method::GET, "/_emulator/x").await;
    let (_, endpoints) = message.split_once(" are ").unwrap();
    let endpoints: Vec<&str> = endpoints.trim_end_matches('.').split(", ").collect();

    for (method, path) in [
        (Method::GET, "/_emulator"),
        (Method::GET, "/_emulator/"),
        (Method::GET, "/_emulator/secret"),
        (Method::PUT, "/_emulator/secrets"),
    ] {
        let (status, message) = respond(&method, path).await;
        assert_eq!(status, 404, "{method} {path}");
        let all = endpoints.join(", ");
        assert_eq!(message, format!("{}{all}.", begin(&method, path)));
    }
    // Each that is named is there, and in the README.
    assert_eq!(endpoints.len(), 11);
    for endpoint in endpoints {
        let (method, path) = endpoint.split_once(' ').unwrap();
        let url = format!("{}{path}", emulator.url());
        let request = Client::new().request(method.parse().unwrap(), url);
        assert_ne!(request.send().await.unwrap().status(), 404, "{endpoint}");
        let readme = include_str!("../../README.md");
        assert!(readme.contains(&format!("{path}` |")), "{path}");
    }
}

#[tokio::test]
async fn a_web_page_of_another_origin_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let port = emulator.address().port();
    let other = if port == 4010 { 4011 } else { 4010 };
    let status = async |name: &str, value: &str| {
        let url = format!("{}/_emulator/secrets", emulator.url());
        let request = Client::new().get(url).header(name, value);
        request.send().await.unwrap().status().as_u16()
    };
    for own in [
        format!("127.0.0.1:{port}"),
        format!("127.1.2.3:{port}"),
        format!("localhost:{port}"),
        format!("LOCALHOST:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(status("host", &own).await, 200, "{own}");
        assert_eq!(
            status("origin", &format!("http://{own}")).await,
            200,
            "{own}"
        );
    }
    for foreign in [
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("evil@localhost:{port}"),
        format!("10.0.0.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("localhost:{other}"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
    ] {
        assert_eq!(status("host", &foreign).await, 403, "{foreign}");
        assert_eq!(
            status("origin", &format!("http://{foreign}")).await,
            403,
            "{foreign}"
        );
    }
    for origin in [
        "null",
        "https://evil.example",
        &format!("https://localhost:{port}"),
    ] {
        assert_eq!(status("origin", origin).await, 403, "{origin}");
    }
    assert_eq!(status("sec-fetch-site", "cross-site").await, 403);
    assert_eq!(status("sec-fetch-site", "none").await, 200);
}

#[tokio::test]
async fn a_refused_web_page_changes_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let fault = Client::new()
        .post(format!("{}/_emulator/faults", emulator.url()))
        .header("origin", "http://evil.example")
        .body(r#"{"fault":"dropped"}"#);

    let refused = fault.send().await.unwrap();

    assert_eq!(refused.status(), 403);
    let body: Value = refused.json().await.unwrap();
    let message = body["message"].as_str().unwrap();
    assert!(
        message.contains("Origin") && message.contains(&emulator.url()),
        "{message}"
    );
    assert!(emulator.faults().is_empty());
}

#[tokio::test]
async fn no_more_than_64_mib_of_secrets_are_kept() {
    let place = Place::organization("acme", Store::Actions);
    let huge = StoredSecret::new("HUGE", vec![b'x'; 64 * 1024 * 1024]);
    let emulator = Emulator::builder()
        .secret(place, huge)
        .start()
        .await
        .unwrap();

    let refused = set(&emulator, "TOKEN", b"value", json!({ "visibility": "all" })).await;

    assert_eq!(refusal(refused).await.0, 507);
}

#[tokio::test]
async fn no_more_than_64_mib_of_requests_are_kept() {
    let emulator = Emulator::start().await.unwrap();
    let body = vec![b'x'; 1024 * 1024];
    for _ in 0..70 {
        let request = request(&emulator, Method::PUT, SECRETS).body(body.clone());
        request.send().await.unwrap();
    }

    let kept = emulator.requests();

    let bytes: usize = kept.iter().map(|request| request.body().len()).sum();
    assert!((32..=64).contains(&(bytes / 1024 / 1024)), "{bytes}");
    get(&emulator, SECRETS).await;
    assert_eq!(emulator.requests().last().unwrap().method(), "GET");
}

#[tokio::test]
async fn requests_are_listed_without_their_tokens_and_forgotten() {
    let emulator = Emulator::start().await.unwrap();
    get(&emulator, SECRETS).await;

    let requests = control_json(&emulator, "requests").await;

    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert_eq!(requests[0]["method"], "GET");
    assert_eq!(requests[0]["target"], SECRETS);
    assert_eq!(requests[0]["headers"]["user-agent"], "emulator-tests");
    assert!(!requests.to_string().contains("ghp_test"));
    control(&emulator, Method::DELETE, "requests", &Value::Null).await;
    assert_eq!(control_json(&emulator, "requests").await, json!([]));
}
