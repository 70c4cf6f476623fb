//! What needs a server with a certificate.

use std::{
    env,
    io::{self, Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

use contract_tests::{Reply, Wire, github, run_trusting};
use github_secrets::{ConnectionFault, Error, NotTried, ResponseProblem, Visibility};
use rcgen::{CertifiedKey, KeyPair};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{sync::oneshot, time::Instant};

/// The address of the server, for the process that trusts its certificate.
const URL: &str = "CONTRACT_TESTS_HTTPS_URL";

/// The library asks the system which certificates to trust, and the environment can name others
/// for one process: this test is its own second process.
#[test]
fn a_redirect_from_https_to_http_is_refused_and_nothing_is_sent_there() {
    if let Ok(url) = env::var(URL) {
        return refuse(url);
    }
    let elsewhere = Wire::script([github::public_key()]);
    let (url, certificate) = redirect_to(elsewhere.url());
    run_trusting(
        "https::a_redirect_from_https_to_http_is_refused_and_nothing_is_sent_there",
        &certificate,
        URL,
        &url,
    );
    assert_eq!(elsewhere.bytes(), b"");
}

#[tokio::main(flavor = "current_thread")]
async fn refuse(url: String) {
    let key = github::secrets(url).public_key().await;
    let Err(Error::UnexpectedResponse(unexpected)) = key else {
        panic!("a refused redirect was expected: {key:?}");
    };
    assert_eq!(unexpected.problem, ResponseProblem::Redirect);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_a_connection_error() {
    let (url, _) = redirect_to(String::new());
    let error = github::secrets(url)
        .public_key()
        .await
        .expect_err("no trust");
    let Error::Connection(failed) = &error else {
        panic!("a connection error was expected: {error:?}");
    };
    assert_eq!(
        (failed.fault, failed.maybe_sent),
        (ConnectionFault::Tls, false),
        "{error}"
    );
    // The next attempt would find the same certificate.
    assert!(!error.is_retryable(), "{error}");
    assert!(
        error
            .to_string()
            .contains("the server's certificate is not valid, or TLS failed in another way"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_ends_its_handshake_is_left_after_ten_seconds_and_nothing_was_sent() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    let address = silent.local_addr().expect("its address");
    let begun = Instant::now();
    let error = github::secrets(format!("https://{address}"))
        .public_key()
        .await
        .expect_err("no handshake");
    assert_eq!(begun.elapsed().as_secs(), 10);
    let Error::Connection(failed) = &error else {
        panic!("a connection error was expected: {error:?}");
    };
    assert_eq!(
        (failed.fault, failed.maybe_sent),
        (ConnectionFault::Connect, false),
        "{error}"
    );
}

/// The private key of the server's certificate, for the process that trusts it.
const KEY: &str = "CONTRACT_TESTS_HTTPS_KEY";

#[test]
fn a_write_that_is_stopped_while_it_connects_was_not_tried() {
    if let Ok(key) = env::var(KEY) {
        return stop_while_they_connect(&key);
    }
    let CertifiedKey { cert, signing_key } = self_signed();
    run_trusting(
        "https::a_write_that_is_stopped_while_it_connects_was_not_tried",
        &cert.pem(),
        KEY,
        &signing_key.serialize_pem(),
    );
}

#[tokio::main(flavor = "current_thread")]
async fn stop_while_they_connect(key: &str) {
    let file = env::var_os("SSL_CERT_FILE").expect("the certificate");
    let certificate = CertificateDer::from_pem_file(file).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
    let config = config(certificate, key);
    let visibility = || Visibility::All;

    let (url, connecting) = key_and_no_handshake(Arc::clone(&config));
    let github = github::builder(url).build().expect("settings");
    let secrets = github.org("acme").expect("a login").codespaces();
    let set = tokio::spawn(async move { secrets.set("A", "value", visibility()).await });
    connecting.await.expect("a second connection");
    github.stop();
    let error = set.await.expect("no panic").expect_err("stopped");
    assert!(
        matches!(error, Error::NotTried(NotTried::Stopped)),
        "{error:?}"
    );

    let (url, connecting) = key_and_no_handshake(config);
    let new = github::new_secret("A", "value", visibility());
    let mut batch = github::secrets(url).set_all([new]).await.expect("a batch");
    tokio::select! {
        item = batch.next() => panic!("{item:?}"),
        connecting = connecting => connecting.expect("a second connection"),
    }
    batch.stop();
    let item = batch.next().await.expect("a result");
    assert!(
        matches!(item.result, Err(Error::NotTried(NotTried::Stopped))),
        "{item:?}"
    );
}

/// A server that responds with a key, and never to the handshake of its second client. Returns its
/// address and what says when that has begun.
fn key_and_no_handshake(config: Arc<ServerConfig>) -> (String, oneshot::Receiver<()>) {
    let (begun, connecting) = oneshot::channel();
    let (listener, url) = listen();
    thread::spawn(move || {
        respond(
            &listener,
            config,
            &github::public_key().header("Connection", "close"),
        )?;
        let (mut second, _) = listener.accept()?;
        second.read_exact(&mut [0])?;
        let _ = begun.send(());
        // It stays open until the client leaves.
        io::copy(&mut second, &mut io::sink())
    });
    (url, connecting)
}

/// A server with a certificate of its own, that sends its first client to another address.
fn redirect_to(location: String) -> (String, String) {
    let CertifiedKey { cert, signing_key } = self_signed();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config = config(cert.der().clone(), key);
    let (listener, url) = listen();
    thread::spawn(move || {
        let reply = Reply::status(302).header("Location", &location);
        respond(&listener, config, &reply)
    });
    (url, cert.pem())
}

fn self_signed() -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate")
}

fn config(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> Arc<ServerConfig> {
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    Arc::new(config.expect("settings"))
}

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    let url = format!("https://{}", listener.local_addr().expect("its address"));
    (listener, url)
}

/// Responds to the first request of the next client.
fn respond(listener: &TcpListener, config: Arc<ServerConfig>, reply: &Reply) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    let connection = ServerConnection::new(config).expect("a connection");
    let mut stream = StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.extend(byte);
    }
    stream.write_all(reply.bytes())
}
