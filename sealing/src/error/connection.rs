//! A connection that failed.

use std::{error::Error as StdError, fmt, sync::Arc};

use super::{head::ResponseHead, target::Target};

/// A connection that could not be made, broke, or timed out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConnectionError {
    /// The way in which it failed.
    pub fault: ConnectionFault,
    /// Whether the request may have reached GitHub: a write may then have taken effect.
    pub maybe_sent: bool,
    pub(crate) target: Target,
    pub(crate) api: String,
    pub(crate) head: Option<ResponseHead>,
    pub(crate) source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// A way in which a connection can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionFault {
    /// No connection could be made.
    Connect,
    /// The server's certificate is not valid, or TLS failed in another way.
    Tls,
    /// The response was not complete in time.
    Timeout,
    /// The connection broke before the response was complete.
    Lost,
    /// The [time limit of the call](crate::RetryPolicy::deadline) had passed before the request was
    /// sent.
    Deadline,
    /// The async runtime shut down, or the call was polled outside of one.
    Shutdown,
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            ConnectionFault::Connect => "no connection to GitHub could be made",
            ConnectionFault::Tls => {
                "the server's certificate is not valid, or TLS failed in another way"
            }
            ConnectionFault::Timeout => "GitHub did not send a complete response in time",
            ConnectionFault::Lost => "the connection broke before the response was complete",
            ConnectionFault::Deadline => {
                "the time limit of the call had passed before the request was sent"
            }
            ConnectionFault::Shutdown => "the async runtime shut down",
        };
        let advice = match self.fault {
            ConnectionFault::Connect => "; check the network and the proxy",
            ConnectionFault::Tls => "; check the system's certificates or SSL_CERT_FILE",
            ConnectionFault::Deadline => "; allow a longer deadline",
            // What is said of the effect is advice already.
            _ if self.target.may_have_taken_effect => "",
            ConnectionFault::Timeout | ConnectionFault::Lost => "; try again",
            ConnectionFault::Shutdown => "",
        };
        write!(
            f,
            "could not {}: {fault} ({}){advice}",
            self.target, self.api
        )?;
        f.write_str(self.target.effect())?;
        self.head
            .as_ref()
            .map_or(Ok(()), |head| write!(f, " ({head})"))
    }
}

impl StdError for ConnectionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.source.as_deref();
        source.map(|source| source as &(dyn StdError + 'static))
    }
}
