//! What needs a server with a certificate.

use std::{
    env,
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

use contract_tests::{Reply, Wire, github, run_trusting};
use github_secrets::{ConnectionFault, Error, ResponseProblem};
use rcgen::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};
use tokio::time::Instant;

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

/// A server with a certificate of its own, that sends its first client to another address.
fn redirect_to(location: String) -> (String, String) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("settings");
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    let url = format!("https://{}", listener.local_addr().expect("its address"));
    thread::spawn(move || {
        let (stream, _) = listener.accept()?;
        let connection = ServerConnection::new(Arc::new(config)).expect("a connection");
        let mut stream = StreamOwned::new(connection, stream);
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            request.extend(byte);
        }
        let reply = Reply::status(302).header("Location", &location);
        stream.write_all(reply.bytes())
    });
    (url, cert.pem())
}
