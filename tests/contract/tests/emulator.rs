//! What the emulator answers, held against GitHub's own description.

use std::collections::BTreeSet;

use contract_tests::{Answer, Description, Request};
use github_secrets::PublicKey;
use github_secrets_emulator::{
    Access, Emulator, Organization, Repository, Store, StoredSecret, Token,
};
use reqwest::Method;
use serde_json::{Value, json};

/// A caller that holds each answer against the description.
struct Caller {
    emulator: Emulator,
    http: reqwest::Client,
    description: Description,
    seen: BTreeSet<(String, u16)>,
}

impl Caller {
    async fn new() -> Self {
        let acme = Organization::new("acme")
            .example_repositories()
            .repository(
                Repository::new(3, "docs")
                    .public()
                    .archived()
                    .renamed_from("manual"),
            )
            .secret(Store::Codespaces, StoredSecret::new("FOR_ALL", "value"))
            .secret(
                Store::Codespaces,
                StoredSecret::new("PRIVATE", "value").private(),
            )
            .secret(
                Store::Codespaces,
                StoredSecret::new("SELECTED", "value").selected([3, 1_296_280]),
            );
        let emulator = Emulator::builder()
            .organization(acme)
            .organization(Organization::new("free").without_plan())
            .organization(Organization::new("sso").sso("https://github.com/orgs/sso/sso"))
            .token(
                Token::classic("owner")
                    .scopes(["admin:org", "repo"])
                    .authorized_for("acme"),
            )
            .token(Token::classic("nobody"))
            .token(
                Token::fine_grained("reader")
                    .permission("organization_codespaces_secrets", Access::Read),
            );
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            emulator: emulator.start().await.expect("an emulator"),
            http: http.build().expect("a client"),
            description: Description::load(),
            seen: BTreeSet::new(),
        }
    }

    async fn call(&mut self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.call_as("owner", method, path, body).await
    }

    /// Calls the emulator, checks the answer, and gives its status and its body.
    async fn call_as(
        &mut self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = self.emulator.url() + path;
        let mut request = self.http.request(method, url).bearer_auth(token);
        request = request.header("user-agent", "contract-tests");
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let content_type = answer.headers().get("content-type").cloned();
        let bytes = answer.bytes().await.expect("a body");
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();

        let requests = self.emulator.requests();
        let request = Request::from(requests.last().expect("the request"));
        let operation = self.description.operation(&request).expect("an operation");
        let context = format!("{} {status} {body}", request.line());
        let described = operation
            .answers
            .iter()
            .find(|answer| answer.status == status);
        // Every operation can be refused, though few descriptions say so.
        let schema = match described {
            Some(answer) => answer.schema.clone(),
            None => {
                assert!([400, 401, 403, 404, 422].contains(&status), "{context}");
                Some(json!({ "$ref": "#/components/schemas/basic-error" }))
            }
        };
        match schema {
            Some(schema) => {
                let json = content_type.as_ref().and_then(|it| it.to_str().ok());
                assert!(
                    json.is_some_and(|it| it.starts_with("application/json")),
                    "{context}"
                );
                let objections = self.description.schema_objections(&schema, &body);
                assert_eq!(objections, [""; 0], "{context}");
            }
            None if status == 204 => assert_eq!(bytes, "", "{context}"),
            None => {}
        }
        self.seen.insert((operation.id.clone(), status));
        (status, body)
    }
}

const SECRETS: &str = "/orgs/acme/codespaces/secrets";

#[tokio::test]
async fn every_answer_of_the_emulator_is_one_that_the_description_allows() {
    let mut caller = Caller::new().await;
    let (_, key) = caller
        .call(Method::GET, &format!("{SECRETS}/public-key"), None)
        .await;
    let text = |key: &Value| key.as_str().expect("text").to_owned();
    let key = PublicKey::new(text(&key["key_id"]), &text(&key["key"])).expect("a key");
    let sealed = key.seal(&"value".into()).expect("sealed");
    let body = |visibility: &str| {
        json!({
            "visibility": visibility,
            "key_id": sealed.key_id(),
            "encrypted_value": sealed.encrypted_value(),
        })
    };
    let ids = |ids: Value| Some(json!({ "selected_repository_ids": ids }));
    for (method, path, body, status) in [
        (Method::GET, "", None, 200),
        (Method::GET, "?per_page=1&page=2", None, 200),
        (Method::PUT, "/NEW", Some(body("all")), 201),
        (Method::PUT, "/NEW", Some(body("private")), 204),
        (
            Method::PUT,
            "/NEW",
            Some(json!({ "visibility": "all" })),
            204,
        ),
        (Method::PUT, "/NEW", Some(body("public")), 422),
        (
            Method::PUT,
            "/NEW",
            Some(json!({ "visibility": "all", "encrypted_value": "AAAA" })),
            422,
        ),
        (Method::PUT, "/GITHUB_NEW", Some(body("all")), 422),
        (Method::GET, "/NEW", None, 200),
        (Method::GET, "/SELECTED", None, 200),
        (Method::GET, "/NONE", None, 404),
        (Method::GET, "/SELECTED/repositories", None, 200),
        (Method::GET, "/SELECTED/repositories?per_page=1", None, 200),
        (Method::GET, "/NONE/repositories", None, 404),
        (Method::PUT, "/SELECTED/repositories", ids(json!([3])), 204),
        (Method::PUT, "/SELECTED/repositories", ids(json!([4])), 404),
        (
            Method::PUT,
            "/SELECTED/repositories",
            ids(json!("all")),
            422,
        ),
        (Method::PUT, "/PRIVATE/repositories", ids(json!([3])), 409),
        (Method::PUT, "/NONE/repositories", ids(json!([3])), 404),
        (Method::PUT, "/SELECTED/repositories/1296269", None, 204),
        (Method::PUT, "/SELECTED/repositories/4", None, 404),
        (Method::PUT, "/FOR_ALL/repositories/3", None, 409),
        (Method::DELETE, "/SELECTED/repositories/3", None, 204),
        (Method::DELETE, "/SELECTED/repositories/4", None, 404),
        (Method::DELETE, "/FOR_ALL/repositories/3", None, 409),
        (Method::DELETE, "/NEW", None, 204),
        (Method::DELETE, "/NEW", None, 404),
    ] {
        let told = caller
            .call(method.clone(), &format!("{SECRETS}{path}"), body)
            .await;
        assert_eq!(told.0, status, "{method} {path}: {}", told.1);
    }
    for (path, status) in [("docs", 200), ("manual", 301), ("none", 404)] {
        let told = caller
            .call(Method::GET, &format!("/repos/acme/{path}"), None)
            .await;
        assert_eq!(told.0, status, "{path}: {}", told.1);
    }
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
            (Method::PUT, format!("{path}/NEW"), Some(body("all"))),
        ] {
            let told = caller.call_as(token, method, &path, body).await;
            assert_eq!(told.0, status, "{path} as {token}: {}", told.1);
        }
    }
    let written = caller
        .call_as(
            "reader",
            Method::DELETE,
            &format!("{SECRETS}/PRIVATE"),
            None,
        )
        .await;
    assert_eq!(written.0, 403);
    let operations = caller.description.operations().iter().filter(|operation| {
        operation.id.starts_with("codespaces/") && operation.id.contains("-org-")
            || operation.id == "repos/get"
    });
    for operation in operations {
        let successes = operation
            .answers
            .iter()
            .filter(|answer| answer.status < 300);
        for Answer { status, .. } in successes {
            let seen = caller.seen.contains(&(operation.id.clone(), *status));
            assert!(seen, "{} was never answered with {status}", operation.id);
        }
    }
}
