//! The library as the tests set it up, and the responses of a GitHub.

use std::time::Duration;

use github_secrets::{
    Action, GitHub, GitHubBuilder, IntoSecretName, Limits, NewSecret, Operation, Organization,
    OwnerKind, RetryPolicy, SecretValue, Secrets, Store, Visibility,
};
use github_secrets_emulator::{Place, Store as HeldStore};
use serde_json::{Value, json};

use crate::{Reply, Request};

/// The token that every request of the tests carries, and no output may show.
pub const TOKEN: &str = "ghp_0canary0token0canary0token0canary0";

/// A public key to seal to.
pub const KEY: &str = "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=";

/// Returns the settings of a `GitHub` at this address that waits for no limit and tries once.
pub fn builder(url: impl Into<String>) -> GitHubBuilder {
    GitHub::builder()
        .api_url(url)
        .token(TOKEN)
        .limits(Limits::none())
        .retry(RetryPolicy::none())
}

/// Returns the Codespaces secrets of the organization `acme` at this address, tried once.
pub fn secrets(url: impl Into<String>) -> Secrets<Organization> {
    codespaces(builder(url))
}

/// Returns what [`secrets`] does, with up to four attempts and hardly a wait between them.
pub fn patient_secrets(url: impl Into<String>) -> Secrets<Organization> {
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    codespaces(builder(url).retry(retry))
}

/// Returns the Codespaces secrets of the organization `acme` with these settings.
pub fn codespaces(builder: GitHubBuilder) -> Secrets<Organization> {
    let github = builder.build().expect("settings");
    github.org("acme").expect("a login").codespaces()
}

/// Returns the place of those secrets in the emulator.
pub fn place() -> Place {
    Place::organization("acme", HeldStore::Codespaces)
}

/// Returns the operation of an action on those secrets.
pub fn operation(action: Action) -> Operation {
    let operation = Operation::new(OwnerKind::Organization, Store::Codespaces, action);
    operation.expect("an action of this store")
}

/// Creates a secret for an organization.
pub fn new_secret(
    name: impl IntoSecretName,
    value: impl Into<SecretValue>,
    visibility: Visibility,
) -> NewSecret<Visibility> {
    let secret = NewSecret::new(name, value).expect("a name");
    secret.visibility(visibility)
}

/// Returns the response with a public key.
pub fn public_key() -> Reply {
    Reply::json(200, &json!({ "key_id": "012345678912345678", "key": KEY }))
}

/// Returns the response with a secret of this visibility.
pub fn secret(visibility: &str) -> Reply {
    Reply::json(
        200,
        &json!({
            "name": "DB_PASSWORD",
            "created_at": "2019-08-10T14:59:22Z",
            "updated_at": "2020-01-10T14:59:22Z",
            "visibility": visibility,
        }),
    )
}

/// Returns the response with these selected repositories.
pub fn repositories(ids: impl IntoIterator<Item = u64>) -> Reply {
    let repositories = ids.into_iter().map(|id| {
        let name = format!("repository-{id}");
        json!({ "id": id, "name": name, "full_name": format!("acme/{name}") })
    });
    let repositories: Vec<_> = repositories.collect();
    let total = repositories.len();
    Reply::json(
        200,
        &json!({ "total_count": total, "repositories": repositories }),
    )
}

/// Returns a registry as it stands in GitHub's responses.
pub fn registry(name: &str) -> Value {
    json!({
        "name": name,
        "registry_type": "npm_registry",
        "url": "https://npm.acme.example",
        "auth_type": "token",
        "username": null,
        "replaces_base": false,
        "visibility": "private",
        "created_at": "2019-08-10T14:59:22Z",
        "updated_at": "2020-01-10T14:59:22Z",
    })
}

/// Returns an error response with this message and the id of the request.
pub fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "message": message, "documentation_url": "https://docs.github.com/rest" }),
    )
    .header("x-github-request-id", "C0FE:1234:56789A:BCDEF0:12345678")
}

/// Returns the response to any request, where every secret exists and is for some repositories.
pub fn success(request: &Request) -> Reply {
    let path: Vec<_> = request.path().split('/').collect();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", [.., "public-key"]) => public_key(),
        ("GET", [.., "repositories"]) => repositories([1, 2]),
        ("GET", [.., "secrets" | "organization-secrets"]) => {
            Reply::json(200, &json!({ "total_count": 0, "secrets": [] }))
        }
        ("GET", [.., "user"]) => Reply::json(200, &json!({ "id": 1, "login": "octocat" })),
        ("GET", [.., "orgs", _, "repos"]) => Reply::json(200, &json!([])),
        ("GET", [.., "environments"]) => {
            Reply::json(200, &json!({ "total_count": 0, "environments": [] }))
        }
        ("GET", [.., "private-registries"]) => {
            Reply::json(200, &json!({ "total_count": 0, "configurations": [] }))
        }
        ("GET", [.., "private-registries", name]) => Reply::json(200, &registry(name)),
        ("POST", _) => Reply::json(201, &registry("NPM_REGISTRY_SECRET")),
        ("GET", [.., "repos", owner, name]) => {
            let full_name = format!("{owner}/{name}");
            Reply::json(
                200,
                &json!({ "id": 7, "name": name, "full_name": full_name }),
            )
        }
        ("GET", _) => secret("selected"),
        _ => Reply::status(204),
    }
}
