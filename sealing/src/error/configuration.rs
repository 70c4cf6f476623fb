//! What is wrong with the settings of a `GitHub`.

use std::{error::Error as StdError, sync::Arc};

/// An error from building a [`GitHub`](crate::GitHub).
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// There is no token.
    #[error("there is no token; set one that has the permission for what you want to do")]
    EmptyToken,
    /// The token contains a byte that no token has.
    #[error("the token contains a space, a line break or another byte that no token has; trim it")]
    MalformedToken,
    /// The API address is not the URL of a server.
    #[error("the API address is not a URL of the form https://HOST or https://HOST/api/v3")]
    NotAUrl,
    /// The API address is `http` and not a loopback address.
    #[error(
        "the API address is http, which would send the token unencrypted; use https \
         (http is allowed for loopback addresses only)"
    )]
    Insecure,
    /// The API address has a user name, a query or a fragment.
    #[error("the API address has a user name, a query or a fragment; leave them out")]
    ExtraParts,
    /// The API address is `https`, and this build has no TLS.
    #[error(
        "the API address is https, and this build has no TLS; enable the feature rustls or \
         native-tls, or pass an HTTP client that has TLS"
    )]
    NoTls,
    /// The user agent is empty or cannot be sent as a header.
    #[error(
        "the user agent is empty or contains a byte that no header can carry; use printable ASCII"
    )]
    UserAgent,
    /// The HTTP client could not be built.
    #[error("the HTTP client could not be built")]
    HttpClient(#[source] Arc<dyn StdError + Send + Sync>),
}
