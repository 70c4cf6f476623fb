//! The server that clients are measured against: it answers at once and opens nothing until they
//! are done, so that as little as possible of what is measured is the server.

use std::{
    collections::HashSet,
    convert::Infallible,
    fs,
    io::Write,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use github_secrets_bench::{delivery::Seen, tls};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use measured::ROUTE;
use serde::Deserialize;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::oracle::KeyPair;

struct State {
    keys: KeyPair,
    requests: AtomicUsize,
    connections: AtomicUsize,
    stored: Mutex<Vec<(String, Bytes)>>,
}

/// Prints its address, serves until standard input ends, and then prints what it saw. If there is a
/// file to write a certificate to, it speaks TLS.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(certificate: Option<&Path>) -> anyhow::Result<()> {
    let mut tls = None;
    if let Some(file) = certificate {
        let (acceptor, certificate) = tls::acceptor()?;
        fs::write(file, certificate)?;
        tls = Some(acceptor);
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{scheme}://{}", listener.local_addr()?)?;
    let state = Arc::new(State {
        keys: KeyPair::random(),
        requests: AtomicUsize::new(0),
        connections: AtomicUsize::new(0),
        stored: Mutex::default(),
    });
    let mut stdin = tokio::io::stdin();
    let mut end = [0];
    tokio::select! {
        read = stdin.read(&mut end) => { read?; }
        accepting = accept(listener, tls, &state) => accepting?,
    }
    let seen = Seen {
        requests: state.requests.load(Ordering::Relaxed),
        connections: state.connections.load(Ordering::Relaxed),
    };
    state.open_all()?;
    writeln!(stdout, "{}", serde_json::to_string(&seen)?)?;
    Ok(())
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    state: &Arc<State>,
) -> anyhow::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        state.connections.fetch_add(1, Ordering::Relaxed);
        let (tls, state) = (tls.clone(), Arc::clone(state));
        tokio::spawn(async move {
            match tls {
                None => serve(stream, state).await,
                // A connection that the client breaks off is the client's affair.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, state).await;
                    }
                }
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, state: Arc<State>) {
    let service = service_fn(|request| answer(&state, request));
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    state: &State,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    state.requests.fetch_add(1, Ordering::Relaxed);
    let (head, body) = request.into_parts();
    let name = head.uri.path().strip_prefix(ROUTE);
    let (status, answer) = match (name, head.method) {
        (Some("public-key"), Method::GET) => {
            let key = STANDARD.encode(state.keys.public);
            (200, format!(r#"{{"key_id":"1","key":"{key}"}}"#))
        }
        (Some(name), Method::PUT) => match body.collect().await {
            Ok(body) => {
                let stored = (name.to_owned(), body.to_bytes());
                state.stored.lock().expect("no panic").push(stored);
                (201, "{}".to_owned())
            }
            Err(_) => (400, "{}".to_owned()),
        },
        _ => (404, r#"{"message":"Not Found"}"#.to_owned()),
    };
    // The headers of GitHub's that a client reads, or has to skip.
    let answer = Response::builder()
        .status(status)
        .header("content-type", "application/json; charset=utf-8")
        .header("x-github-media-type", "github.v3; format=json")
        .header("x-github-request-id", "E5EC:1F2B:3A4D5E:6F7081:65AABBCC")
        .header("x-ratelimit-limit", "5000")
        .header("x-ratelimit-remaining", "4999")
        .header("x-ratelimit-reset", "4102444800")
        .header("x-ratelimit-resource", "core")
        .header("x-ratelimit-used", "1")
        .body(Full::from(answer));
    Ok(answer.expect("well-formed headers"))
}

impl State {
    /// Proves that what was measured is the work that was asked for: every box opens to its
    /// secret's value.
    fn open_all(&self) -> anyhow::Result<()> {
        #[derive(Deserialize)]
        struct Body {
            encrypted_value: String,
            key_id: String,
            visibility: String,
        }
        let stored = self.stored.lock().expect("no panic");
        let mut names = HashSet::new();
        for (name, body) in stored.iter() {
            let body: Body = serde_json::from_slice(body)?;
            let value = self.keys.open(&STANDARD.decode(body.encrypted_value)?);
            let value = value.context("a box does not open")?;
            ensure!(
                value == measured::value(name).as_bytes(),
                "{name} has another value"
            );
            ensure!(
                body.key_id == "1" && body.visibility == "private",
                "{name}'s body is wrong"
            );
            ensure!(names.insert(name), "{name} came twice");
        }
        Ok(())
    }
}
