//! The server that clients are measured against: it responds at once and opens nothing until they
//! are done, so that as little as possible of what is measured is the server.

#[path = "../../../contract/src/oracle.rs"]
#[allow(
    dead_code,
    reason = "libsodium as the contract tests call it; not all is needed here"
)]
mod oracle;

use std::{
    collections::HashSet,
    convert::Infallible,
    env, fs,
    io::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use github_secrets_bench::{loopback::Seen, tls};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use oracle::KeyPair;

struct State {
    keys: KeyPair,
    requests: AtomicUsize,
    connections: AtomicUsize,
    stored: Mutex<Vec<(String, Bytes)>>,
}

/// Prints its address, serves until standard input ends, and then prints what it saw. If its
/// argument is a file to write a certificate to, it uses TLS.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut tls = None;
    if let Some(file) = env::args_os().nth(1) {
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
        stored: state.open_all()?,
    };
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
                    if let Ok(stream) = accept_tls(stream, tls).await {
                        serve(stream, state).await;
                    }
                }
            }
        });
    }
}

/// Accepts a TLS connection, which can begin as one to a proxy: with a `CONNECT`.
async fn accept_tls(mut stream: TcpStream, tls: TlsAcceptor) -> anyhow::Result<impl Stream> {
    let mut first = [0];
    stream.peek(&mut first).await?;
    if first == *b"C" {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    }
    Ok(tls.accept(stream).await?)
}

trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

async fn serve(stream: impl Stream, state: Arc<State>) {
    let service = service_fn(|request| respond(&state, request));
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    state: &State,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    state.requests.fetch_add(1, Ordering::Relaxed);
    let (head, body) = request.into_parts();
    // As GitHub Enterprise Server has it.
    let path = head.uri.path().trim_start_matches("/api/v3");
    let secret = path.split_once("/secrets/");
    let (status, body) = match (secret, head.method) {
        (Some((_, "public-key")), Method::GET) => {
            let key = STANDARD.encode(state.keys.public);
            (200, format!(r#"{{"key_id":"1","key":"{key}"}}"#))
        }
        (Some(_), Method::PUT) => match body.collect().await {
            Ok(body) => {
                let stored = (path.to_owned(), body.to_bytes());
                state.stored.lock().expect("no panic").push(stored);
                (201, "{}".to_owned())
            }
            Err(_) => (400, "{}".to_owned()),
        },
        _ => (404, r#"{"message":"Not Found"}"#.to_owned()),
    };
    // The headers of GitHub's that a client reads, or has to skip.
    let response = Response::builder()
        .status(status)
        .header("content-type", "application/json; charset=utf-8")
        .header("x-github-media-type", "github.v3; format=json")
        .header("x-github-request-id", "E5EC:1F2B:3A4D5E:6F7081:65AABBCC")
        .header("x-ratelimit-limit", "5000")
        .header("x-ratelimit-remaining", "4999")
        .header("x-ratelimit-reset", "4102444800")
        .header("x-ratelimit-resource", "core")
        .header("x-ratelimit-used", "1")
        .body(Full::from(body));
    Ok(response.expect("well-formed headers"))
}

impl State {
    /// Proves that what was measured is the work that was asked for: every box opens to its
    /// secret's value. Returns how many there are.
    fn open_all(&self) -> anyhow::Result<usize> {
        #[derive(Deserialize)]
        struct Body {
            encrypted_value: String,
            key_id: String,
            visibility: Option<String>,
        }
        let stored = self.stored.lock().expect("no panic");
        let mut paths = HashSet::new();
        for (path, body) in stored.iter() {
            let body: Body = serde_json::from_slice(body)?;
            let value = self.keys.open(&STANDARD.decode(body.encrypted_value)?);
            let value = value.with_context(|| format!("the box for {path} does not open"))?;
            let (_, name) = path.rsplit_once('/').context("a path has a name")?;
            ensure!(
                value == measured::value(name).as_bytes(),
                "{path} has another value"
            );
            let visibility = path.starts_with("/orgs/").then_some("private");
            ensure!(
                body.key_id == "1" && body.visibility.as_deref() == visibility,
                "the body for {path} is wrong"
            );
            ensure!(paths.insert(path), "{path} came twice");
        }
        Ok(paths.len())
    }
}
