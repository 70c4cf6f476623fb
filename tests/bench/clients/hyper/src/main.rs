//! Stores many secrets with as little as it takes: a loop for each connection, written for this one
//! task. There are no retries, no limits, no time-outs and no errors that say what to do.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, ensure};
use github_secrets::{PublicKey, SecretValue};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use measured::{ROUTE, TOKEN, Task};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpStream, task::JoinSet};

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
    let host = url.strip_prefix("http://").context("an http URL")?;
    let mut first = Some(Connection::open(host).await?);
    let connection = first.as_mut().context("a connection")?;
    let (_, key) = connection
        .send(Method::GET, "public-key", Bytes::new())
        .await?;
    let Key { key_id, key } = serde_json::from_slice(&key)?;
    let key = Arc::new(PublicKey::new(key_id, &key)?);

    let secrets = Arc::new(Mutex::new(secrets.into_iter()));
    let mut loops = JoinSet::new();
    for _ in 0..at_once {
        let connection = match first.take() {
            Some(connection) => connection,
            None => Connection::open(host).await?,
        };
        loops.spawn(store_next(
            connection,
            Arc::clone(&key),
            Arc::clone(&secrets),
        ));
    }
    loops.join_all().await.into_iter().collect()
}

async fn store_next(
    mut connection: Connection,
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
        let body = serde_json::to_vec(&secret)?.into();
        let (status, _) = connection.send(Method::PUT, &name, body).await?;
        ensure!(status == StatusCode::CREATED, "{name}: {status}");
    }
    Ok(())
}

struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    token: HeaderValue,
}

impl Connection {
    async fn open(host: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self {
            sender,
            host: HeaderValue::from_str(host)?,
            token: HeaderValue::from_str(&format!("Bearer {TOKEN}"))?,
        })
    }

    async fn send(
        &mut self,
        method: Method,
        name: &str,
        body: Bytes,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{ROUTE}{name}"))
            .header(HOST, &self.host)
            .header(AUTHORIZATION, &self.token)
            .header(USER_AGENT, "hyper")
            .header(ACCEPT, "application/vnd.github+json")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))?;
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
