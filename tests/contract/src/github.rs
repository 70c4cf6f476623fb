//! The library as the tests set it up, and what a GitHub answers it.

use std::time::Duration;

use github_secrets::{CodespacesSecrets, GitHub, GitHubBuilder, Limits, RetryPolicy};
use serde_json::json;

use crate::Reply;

/// The token that every request of the tests carries, and no output may show.
pub const TOKEN: &str = "ghp_0canary0token0canary0token0canary0";

/// A public key to seal to.
pub const KEY: &str = "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=";

/// The settings of a `GitHub` at this address that waits for no limit and tries once.
pub fn builder(url: impl Into<String>) -> GitHubBuilder {
    GitHub::builder()
        .api_url(url)
        .token(TOKEN)
        .limits(Limits::none())
        .retry(RetryPolicy::none())
}

/// The Codespaces secrets of the organization `acme` at this address, tried once.
pub fn secrets(url: impl Into<String>) -> CodespacesSecrets {
    let github = builder(url).build().expect("settings");
    github.org("acme").codespaces()
}

/// Like [`secrets`], with up to four attempts and hardly a wait between them.
pub fn patient_secrets(url: impl Into<String>) -> CodespacesSecrets {
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let github = builder(url).retry(retry).build().expect("settings");
    github.org("acme").codespaces()
}

/// The answer with a public key.
pub fn public_key() -> Reply {
    Reply::json(200, &json!({ "key_id": "012345678912345678", "key": KEY }))
}

/// The answer that a secret of the organization has this visibility.
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

/// A page of selected repositories with these ids.
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

/// A refusal with GitHub's words, and the id of the request.
pub fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({ "message": message, "documentation_url": "https://docs.github.com/rest" }),
    )
    .header("x-github-request-id", "C0FE:1234")
}
