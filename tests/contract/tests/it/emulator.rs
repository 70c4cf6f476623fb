//! What the emulator responds, held against GitHub's own description.

use std::collections::BTreeSet;

use contract_tests::{Description, Request};
use github_secrets::{PublicKey, SealedValue};
use github_secrets_emulator::{
    Access, Emulator, Organization, Place, Repository, Store, StoredSecret, Token,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A client that holds each response against the description.
struct Client {
    emulator: Emulator,
    http: reqwest::Client,
    description: Description,
    seen: BTreeSet<(String, u16)>,
}

impl Client {
    async fn new() -> Self {
        let docs = Repository::new(3, "docs").public().archived();
        let mut acme = Organization::new("acme")
            .example_repositories()
            .repository(docs.renamed_from("manual"));
        for store in Store::ALL {
            acme = acme
                .secret(store, StoredSecret::new("FOR_ALL", "value"))
                .secret(store, StoredSecret::new("PRIVATE", "value").private())
                .secret(store, selected());
        }
        let owner = Token::classic("owner").scopes(["admin:org", "codespace", "repo"]);
        let reader = ["organization_codespaces_secrets", "secrets"]
            .into_iter()
            .fold(Token::fine_grained("reader"), |token, name| {
                token.permission(name, Access::Read)
            });
        let emulator = Emulator::builder()
            .organization(acme)
            .organization(Organization::new("free").without_plan())
            .organization(Organization::new("sso").sso("https://github.com/orgs/sso/sso"))
            .environment("acme/website", "review/eu west")
            .secret(Place::user(), selected())
            .token(owner.owned_by("octocat").authorized_for("acme"))
            .token(Token::classic("nobody"))
            .token(reader);
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            emulator: emulator.start().await.expect("an emulator"),
            http: http.build().expect("a client"),
            description: Description::load(),
            seen: BTreeSet::new(),
        }
    }

    async fn check(&mut self, method: Method, path: &str, body: Option<Value>, status: u16) {
        let found = self.send("owner", &method, path, body).await;
        assert_eq!(found.0, status, "{method} {path}: {}", found.1);
    }

    /// Sends a request, checks the response, and returns its status and its body.
    async fn send(
        &mut self,
        token: &str,
        method: &Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let url = self.emulator.url() + path;
        let mut request = self.http.request(method.clone(), url).bearer_auth(token);
        request = request.header("user-agent", "contract-tests");
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let response = request.send().await.expect("a response");
        let status = response.status();
        let content_type = response.headers().get("content-type").cloned();
        let bytes = response.bytes().await.expect("a body");
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();

        let requests = self.emulator.requests();
        let request = Request::from(requests.last().expect("the request"));
        let operation = self.description.operation(&request).expect("an operation");
        let context = format!("{} {status} {body}", request.line());
        let mut described = operation.responses.iter();
        // Every operation can be refused, though few descriptions say so.
        let schema = match described.find(|response| response.status == status.as_u16()) {
            Some(response) => response.schema.clone(),
            None => {
                assert!(status.is_client_error(), "{context}");
                Some(json!({ "$ref": "#/components/schemas/basic-error" }))
            }
        };
        match schema {
            Some(schema) => {
                let json = content_type.as_ref().and_then(|it| it.to_str().ok());
                let json = json.is_some_and(|it| it.starts_with("application/json"));
                assert!(json, "{context}");
                let objections = self.description.schema_objections(&schema, &body);
                assert_eq!(objections, [""; 0], "{context}");
            }
            None if status == StatusCode::NO_CONTENT => assert_eq!(bytes, "", "{context}"),
            None => {}
        }
        self.seen.insert((operation.id.clone(), status.as_u16()));
        (status, body)
    }

    async fn sealed(&mut self, path: &str) -> SealedValue {
        let (_, key) = self.send("owner", &Method::GET, path, None).await;
        let text = |key: &Value| key.as_str().expect("text").to_owned();
        let key = PublicKey::new(text(&key["key_id"]), &text(&key["key"])).expect("a key");
        key.seal(&"value".into()).expect("sealed")
    }
}

fn selected() -> StoredSecret {
    StoredSecret::new("SELECTED", "value").selected([3, 1_296_280])
}

fn places() -> Vec<Place> {
    let mut places = vec![
        Place::environment("acme/website", "review/eu west"),
        Place::user(),
    ];
    for store in Store::ALL {
        places.push(Place::organization("acme", store));
        places.push(Place::repository("acme/website", store));
    }
    places
}

#[tokio::test]
async fn every_response_of_the_emulator_is_one_that_the_description_allows() {
    let mut client = Client::new().await;
    for place in places() {
        secrets(&mut client, &place).await;
    }
    registries(&mut client).await;
    repositories(&mut client).await;
    refusals(&mut client).await;
    for operation in client.description.operations() {
        let responses = operation.responses.iter();
        for described in responses.filter(|response| response.status < 300) {
            let seen = client
                .seen
                .contains(&(operation.id.clone(), described.status));
            let context = format!("{} {}", operation.id, described.status);
            assert!(seen, "{context} was never sent");
        }
    }
}

async fn secrets(client: &mut Client, place: &Place) {
    let prefix = format!("/{place}/secrets");
    let sealed = client.sealed(&format!("{prefix}/public-key")).await;
    let mut body = json!({
        "key_id": sealed.key_id(),
        "encrypted_value": sealed.encrypted_value(),
    });
    let in_organization = prefix.starts_with("/orgs/");
    if in_organization {
        body["visibility"] = json!("private");
    }
    let mut not_sealed = body.clone();
    not_sealed["encrypted_value"] = json!("AAAA");
    for (method, path, body, status) in [
        (Method::GET, "", None, 200),
        (Method::GET, "?per_page=1&page=2", None, 200),
        (Method::PUT, "/NEW", Some(body.clone()), 201),
        (Method::PUT, "/NEW", Some(body.clone()), 204),
        (Method::PUT, "/NEW", Some(not_sealed), 422),
        (Method::PUT, "/GITHUB_NEW", Some(body.clone()), 422),
        (Method::GET, "/NEW", None, 200),
        (Method::GET, "/NONE", None, 404),
    ] {
        let path = format!("{prefix}{path}");
        client.check(method, &path, body, status).await;
    }
    if in_organization {
        let path = format!("{prefix}/NEW");
        let without_value = if place.store() == Store::Agents {
            422
        } else {
            204
        };
        let access = Some(json!({ "visibility": "all" }));
        client
            .check(Method::PUT, &path, access, without_value)
            .await;
        body["visibility"] = json!("public");
        client.check(Method::PUT, &path, Some(body), 422).await;
        selection(client, &prefix).await;
        for (method, path, body) in [
            (Method::PUT, "PRIVATE/repositories", Some(ids(json!([3])))),
            (Method::PUT, "FOR_ALL/repositories/3", None),
            (Method::DELETE, "FOR_ALL/repositories/3", None),
        ] {
            let path = format!("{prefix}/{path}");
            client.check(method, &path, body, 409).await;
        }
    }
    if *place == Place::user() {
        selection(client, &prefix).await;
    }
    if prefix.starts_with("/repos/") && matches!(place.store(), Store::Actions | Store::Agents) {
        let path = format!("/{place}/organization-secrets");
        if place.environment_name().is_none() {
            client.check(Method::GET, &path, None, 200).await;
        }
    }
    for status in [204, 404] {
        let path = format!("{prefix}/NEW");
        client.check(Method::DELETE, &path, None, status).await;
    }
}

fn ids(ids: Value) -> Value {
    json!({ "selected_repository_ids": ids })
}

async fn selection(client: &mut Client, prefix: &str) {
    for (method, path, body, status) in [
        (Method::GET, "/SELECTED", None, 200),
        (Method::GET, "/SELECTED/repositories", None, 200),
        (Method::GET, "/NONE/repositories", None, 404),
        (Method::PUT, "/SELECTED/repositories", Some(json!([3])), 204),
        (Method::PUT, "/SELECTED/repositories", Some(json!([4])), 404),
        (
            Method::PUT,
            "/SELECTED/repositories",
            Some(json!("all")),
            422,
        ),
        (Method::PUT, "/NONE/repositories", Some(json!([3])), 404),
        (Method::PUT, "/SELECTED/repositories/1296269", None, 204),
        (Method::PUT, "/SELECTED/repositories/4", None, 404),
        (Method::DELETE, "/SELECTED/repositories/3", None, 204),
        (Method::DELETE, "/SELECTED/repositories/4", None, 404),
    ] {
        let path = format!("{prefix}{path}");
        client.check(method, &path, body.map(ids), status).await;
    }
}

async fn registries(client: &mut Client) {
    const PATH: &str = "/orgs/acme/private-registries";
    let sealed = client.sealed(&format!("{PATH}/public-key")).await;
    let settings = |more: Value| {
        let mut settings = json!({
            "registry_type": "maven_repository",
            "url": "https://maven.acme.example/releases",
            "visibility": "selected",
            "selected_repository_ids": [3],
        });
        let more = more.as_object().expect("an object").clone();
        settings.as_object_mut().expect("an object").extend(more);
        settings
    };
    let value = json!({
        "key_id": sealed.key_id(),
        "encrypted_value": sealed.encrypted_value(),
    });
    let oidc = json!({ "auth_type": "oidc_azure", "tenant_id": "t", "client_id": "c" });
    for (body, status) in [
        (settings(value.clone()), 201),
        (settings(oidc), 201),
        (settings(json!({ "auth_type": "oidc_azure" })), 422),
        (settings(json!({})), 422),
    ] {
        client.check(Method::POST, PATH, Some(body), status).await;
    }
    let (_, list) = client.send("owner", &Method::GET, PATH, None).await;
    let name = list["configurations"][0]["name"].as_str();
    let one = format!("{PATH}/{}", name.expect("the first registry"));
    let none = format!("{PATH}/NONE");
    for (method, path, body, status) in [
        (Method::GET, PATH, None, 200),
        (Method::GET, one.as_str(), None, 200),
        (Method::GET, none.as_str(), None, 404),
        (Method::PATCH, one.as_str(), Some(value.clone()), 204),
        (
            Method::PATCH,
            one.as_str(),
            Some(json!({ "visibility": "all" })),
            204,
        ),
        (
            Method::PATCH,
            one.as_str(),
            Some(json!({ "visibility": "public" })),
            422,
        ),
        (Method::PATCH, none.as_str(), Some(value), 404),
        (Method::DELETE, one.as_str(), None, 204),
        (Method::DELETE, one.as_str(), None, 404),
    ] {
        client.check(method, path, body, status).await;
    }
}

async fn repositories(client: &mut Client) {
    for (name, status) in [("docs", 200), ("manual", 301), ("none", 404)] {
        let path = format!("/repos/acme/{name}");
        client.check(Method::GET, &path, None, status).await;
    }
    for (path, status) in [
        ("/orgs/acme/repos?per_page=2&page=2", 200),
        ("/orgs/none/repos", 404),
        ("/user", 200),
        ("/repos/acme/website/environments", 200),
        ("/repos/acme/none/environments", 404),
    ] {
        client.check(Method::GET, path, None, status).await;
    }
    let archived = "/repos/acme/docs/actions/secrets/NEW";
    let body = Some(json!({ "key_id": "1", "encrypted_value": "AAAA" }));
    client.check(Method::PUT, archived, body, 403).await;
}

async fn refusals(client: &mut Client) {
    let body = || Some(json!({ "visibility": "all" }));
    for (token, org, status) in [
        ("stranger", "acme", 401),
        ("nobody", "acme", 403),
        ("owner", "free", 404),
        ("owner", "sso", 403),
        ("reader", "nowhere", 404),
    ] {
        let path = format!("/orgs/{org}/codespaces/secrets");
        for (method, path, body) in [
            (Method::GET, path.clone(), None),
            (Method::GET, format!("{path}/public-key"), None),
            (Method::PUT, format!("{path}/NEW"), body()),
        ] {
            let found = client.send(token, &method, &path, body).await;
            assert_eq!(found.0, status, "{path} as {token}: {}", found.1);
        }
    }
    for path in [
        "/orgs/acme/codespaces/secrets/PRIVATE",
        "/repos/acme/website/actions/secrets/NEW",
        "/user/codespaces/secrets/SELECTED",
    ] {
        let found = client.send("reader", &Method::DELETE, path, None).await;
        assert_eq!(found.0, 403, "{path}: {}", found.1);
    }
    let missing = "/repos/acme/website/environments/none/secrets";
    client.check(Method::GET, missing, None, 404).await;
}
