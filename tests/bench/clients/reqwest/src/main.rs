//! Stores many secrets with as little as it takes when reqwest sends them: loops that are written
//! for this one task. There are no retries, no limits and no errors that say what to do.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::ensure;
use github_secrets::{PublicKey, SecretValue};
use measured::{ROUTE, TOKEN, Task};
use reqwest::{
    Client, StatusCode,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

#[derive(Deserialize)]
struct Key {
    key_id: String,
    key: String,
}

#[derive(Serialize)]
struct Secret<'a> {
    encrypted_value: &'a str,
    key_id: &'a str,
    visibility: &'static str,
}

async fn store(
    Task {
        url,
        secrets,
        at_once,
        ..
    }: Task,
) -> anyhow::Result<()> {
    let headers = HeaderMap::from_iter([
        (
            AUTHORIZATION,
            HeaderValue::from_str(&format!("Bearer {TOKEN}"))?,
        ),
        (
            ACCEPT,
            HeaderValue::from_static("application/vnd.github+json"),
        ),
    ]);
    let client = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .user_agent("reqwest")
        .default_headers(headers)
        .build()?;
    let base: Arc<str> = format!("{url}{ROUTE}").into();
    let key = client.get(format!("{base}public-key")).send().await?;
    let Key { key_id, key } = key.json().await?;
    let key = Arc::new(PublicKey::new(key_id, &key)?);

    let secrets = Arc::new(Mutex::new(secrets.into_iter()));
    let mut loops = JoinSet::new();
    for _ in 0..at_once {
        loops.spawn(store_next(
            client.clone(),
            Arc::clone(&base),
            Arc::clone(&key),
            Arc::clone(&secrets),
        ));
    }
    loops.join_all().await.into_iter().collect()
}

async fn store_next(
    client: Client,
    base: Arc<str>,
    key: Arc<PublicKey>,
    secrets: Arc<Mutex<impl Iterator<Item = (String, String)>>>,
) -> anyhow::Result<()> {
    let next = || {
        secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    while let Some((name, value)) = next() {
        let sealed = key.seal(&SecretValue::from(value))?;
        let secret = Secret {
            encrypted_value: sealed.encrypted_value(),
            key_id: sealed.key_id(),
            visibility: "private",
        };
        let request = client.put(format!("{base}{name}")).json(&secret);
        let response = request.send().await?;
        let status = response.status();
        response.bytes().await?;
        ensure!(status == StatusCode::CREATED, "{name}: {status}");
    }
    Ok(())
}
