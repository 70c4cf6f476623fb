//! A GitHub that speaks HTTP/2, and decides for each request what happens to its stream.

mod silenced;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use contract_tests::github::{KEY, registry};
use h2::{Ping, PingPong, Reason, RecvStream, server::SendResponse};
use http::{Method, Request, Response};
use rcgen::CertifiedKey;
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use serde_json::json;
use silenced::Silenced;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::{Barrier, Mutex as AsyncMutex},
};
use tokio_rustls::TlsAcceptor;

type Decide = dyn Fn(Arrived) -> Fate + Send + Sync;

/// A request as it arrives.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) method: &'a str,
    /// Which connection brings it; the first is 1.
    pub(crate) connection: usize,
    /// How many requests with its method have come, with it.
    pub(crate) number: usize,
}

/// What happens to a request.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    /// It is carried out and gets its response.
    Response,
    /// It gets its response once another one waits for its own.
    Paired,
    /// Its stream is reset after its body was read.
    Reset(Reason),
    /// It gets the head of its response, and then its stream is reset.
    ResetInBody,
    /// The connection takes no more requests, and those that it has get their responses.
    GoAway,
    /// The connection ends at once.
    BreakOff,
    /// The connection stays open and takes everything, and nothing leaves it any more.
    Silence,
}

pub(crate) struct Server {
    url: String,
    certificate: Option<String>,
    state: Arc<State>,
}

struct State {
    decide: Box<Decide>,
    streams: u32,
    arrived: Mutex<Vec<(usize, Method)>>,
    requests: Mutex<Vec<(Method, String)>>,
    connections: AtomicUsize,
    http1: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    pairs: Barrier,
}

impl Server {
    /// Starts a server without TLS.
    pub(crate) async fn start(decide: impl Fn(Arrived) -> Fate + Send + Sync + 'static) -> Self {
        Self::listen(100, None, Box::new(decide)).await
    }

    /// Starts a server that allows so many streams at once.
    pub(crate) async fn start_with_streams(
        streams: u32,
        decide: impl Fn(Arrived) -> Fate + Send + Sync + 'static,
    ) -> Self {
        Self::listen(streams, None, Box::new(decide)).await
    }

    /// Starts a server with TLS, which says that it speaks HTTP/1.1 as well.
    pub(crate) async fn start_tls(
        decide: impl Fn(Arrived) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![cert.der().clone()], key);
        let mut config = config.expect("settings");
        config.alpn_protocols = ["h2", "http/1.1"].map(Into::into).to_vec();
        let tls = (TlsAcceptor::from(Arc::new(config)), cert.pem());
        Self::listen(100, Some(tls), Box::new(decide)).await
    }

    async fn listen(streams: u32, tls: Option<(TlsAcceptor, String)>, decide: Box<Decide>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (acceptor, certificate) = tls.unzip();
        let state = Arc::new(State {
            decide,
            streams,
            arrived: Mutex::default(),
            requests: Mutex::default(),
            connections: AtomicUsize::new(0),
            http1: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
            pairs: Barrier::new(2),
        });
        tokio::spawn(accept(listener, acceptor, Arc::clone(&state)));
        Self {
            url: format!("{scheme}://{address}"),
            certificate,
            state,
        }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// The certificate to trust, as PEM, if it speaks TLS.
    pub(crate) fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many connections chose HTTP/1.1. They are closed.
    pub(crate) fn http1(&self) -> usize {
        self.state.http1.load(Ordering::SeqCst)
    }

    /// How many streams were open at once, at most.
    pub(crate) fn most_open(&self) -> usize {
        self.state.most_open.load(Ordering::SeqCst)
    }

    /// How many requests this connection has brought.
    pub(crate) fn arrived_on(&self, connection: usize) -> usize {
        let arrived = self.state.arrived.lock().expect("no panic");
        arrived.iter().filter(|(its, _)| *its == connection).count()
    }

    /// The paths of all requests with this method that were read whole.
    pub(crate) fn requests(&self, method: &str) -> Vec<String> {
        let requests = self.state.requests.lock().expect("no panic");
        let requests = requests.iter().filter(|(its, _)| its.as_str() == method);
        requests.map(|(_, path)| path.clone()).collect()
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, state) = (tls.clone(), Arc::clone(&state));
        let number = state.connections.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::spawn(async move {
            match tls {
                Some(tls) => {
                    let Ok(stream) = tls.accept(stream).await else {
                        return;
                    };
                    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                        serve(stream, number, state).await;
                    } else {
                        state.http1.fetch_add(1, Ordering::SeqCst);
                    }
                }
                None => serve(stream, number, state).await,
            }
        });
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, number: usize, state: Arc<State>) {
    let (stream, silence) = Silenced::new(stream);
    let mut settings = h2::server::Builder::new();
    settings.max_concurrent_streams(state.streams);
    let Ok(mut connection) = settings.handshake(stream).await else {
        return;
    };
    let ping = Arc::new(tokio::sync::Mutex::new(
        connection.ping_pong().expect("the first"),
    ));
    while let Some(Ok((request, respond))) = connection.accept().await {
        let fate = state.arrived(&request, number);
        match fate {
            Fate::GoAway => connection.graceful_shutdown(),
            Fate::BreakOff => return,
            Fate::Silence => silence.store(true, Ordering::SeqCst),
            _ => {}
        }
        let (state, ping) = (Arc::clone(&state), Arc::clone(&ping));
        tokio::spawn(async move { state.answer(request, respond, fate, &ping).await });
    }
}

impl State {
    fn arrived(&self, request: &Request<RecvStream>, connection: usize) -> Fate {
        let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_open.fetch_max(open, Ordering::SeqCst);
        let mut arrived = self.arrived.lock().expect("no panic");
        let method = request.method();
        arrived.push((connection, method.clone()));
        let number = arrived.iter().filter(|(_, its)| its == method).count();
        (self.decide)(Arrived {
            method: method.as_str(),
            connection,
            number,
        })
    }

    /// Answers a request. Whether the client still takes the answer is its own affair.
    async fn answer(
        &self,
        request: Request<RecvStream>,
        mut respond: SendResponse<Bytes>,
        fate: Fate,
        ping: &AsyncMutex<PingPong>,
    ) {
        let (head, mut body) = request.into_parts();
        while let Some(Ok(chunk)) = body.data().await {
            let _ = body.flow_control().release_capacity(chunk.len());
        }
        let path = head.uri.path().to_owned();
        let response = response(&head.method, &path);
        self.requests
            .lock()
            .expect("no panic")
            .push((head.method, path));
        if let Fate::Paired = fate {
            self.pairs.wait().await;
        }
        self.open.fetch_sub(1, Ordering::SeqCst);
        let (head, body) = response.into_parts();
        let head = Response::from_parts(head, ());
        match fate {
            Fate::Reset(reason) => respond.send_reset(reason),
            Fate::ResetInBody => {
                if let Ok(mut stream) = respond.send_response(head, false) {
                    // A client that answers a ping has what was sent before it.
                    let _ = ping.lock().await.ping(Ping::opaque()).await;
                    stream.send_reset(Reason::INTERNAL_ERROR);
                }
            }
            _ => {
                if let Ok(mut stream) = respond.send_response(head, false) {
                    let _ = stream.send_data(body, true);
                }
            }
        }
    }
}

fn response(method: &Method, path: &str) -> Response<Bytes> {
    let (status, body) = match *method {
        Method::GET if path.ends_with("/public-key") => (200, json!({ "key_id": "1", "key": KEY })),
        Method::GET if path.ends_with("/private-registries") => {
            (200, json!({ "total_count": 0, "configurations": [] }))
        }
        Method::POST => (201, registry("NPM_REGISTRY_SECRET")),
        Method::PUT => (201, json!({})),
        _ => (404, json!({ "message": "Not Found" })),
    };
    let response = Response::builder().status(status);
    let response = response.header("content-type", "application/json");
    response.body(body.to_string().into()).expect("a response")
}
