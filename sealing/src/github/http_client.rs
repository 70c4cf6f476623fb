//! The HTTP client that the library builds: TLS, proxies, connections.

use std::{sync::Arc, time::Duration};

use url::Url;

use crate::ConfigurationError;

/// For the name, the connection and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the client that a `GitHub` sends with unless it is given another one.
pub(super) fn http_client(api_url: &Url) -> Result<reqwest::Client, ConfigurationError> {
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    if api_url.scheme() == "https" && !has_tls {
        return Err(ConfigurationError::NoTls);
    }
    let mut client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT);
    // Another crate may have turned HTTP/2 on in reqwest. What a server refuses over HTTP/2 is all
    // that reqwest sends again by itself, past the limits and the policy; and it copies each
    // request for that.
    let never = reqwest::retry::never().max_retries_per_request(0);
    client = client.http1_only().retry(never);
    if api_url.scheme() == "http" {
        // A proxy would carry a loopback request, and the token in it, off the machine.
        client = client.no_proxy();
        // Reading the system's certificates takes longer than some hundred requests.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        {
            client = client.tls_certs_only([]);
        }
    }
    client
        .build()
        .map_err(|error| ConfigurationError::HttpClient(Arc::new(error)))
}
