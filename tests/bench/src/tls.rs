//! A certificate for loopback.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

/// A host name that no server can have, for clients that reach theirs by a proxy.
pub const HOST: &str = "github.example";

/// Returns what accepts TLS connections to 127.0.0.1 and [`HOST`], and the certificate to trust, as
/// PEM.
pub fn acceptor() -> anyhow::Result<(TlsAcceptor, String)> {
    let names = ["127.0.0.1", HOST].map(str::to_owned);
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names)?;
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![cert.der().clone()], key)?;
    Ok((TlsAcceptor::from(Arc::new(config)), cert.pem()))
}
