//! The HTTP clients that the library builds: TLS, proxies, connections.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Client, Request};
use tokio::{
    runtime::{Handle, Id},
    sync::oneshot,
};
use url::Url;

use crate::{
    ConfigurationError,
    http::{Departure, Lost, RoundTrip, RoundTripFuture},
};

/// For the name, the connection and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The clients that a `GitHub` sends with unless it is given another one: one for each async
/// runtime. A connection is driven by the runtime that opened it, so one that another runtime left
/// idle may never respond.
pub(super) struct OwnClients {
    api_url: Url,
    state: Mutex<State>,
}

struct State {
    /// The client of the runtime that comes first.
    spare: Option<Client>,
    clients: Vec<OwnClient>,
}

struct OwnClient {
    runtime: Id,
    client: Client,
    /// Closed once the runtime has ended, and its connections with it.
    runs: oneshot::Sender<()>,
}

impl OwnClients {
    pub(super) fn new(api_url: &Url) -> Result<Self, ConfigurationError> {
        Ok(Self {
            api_url: api_url.clone(),
            state: Mutex::new(State {
                spare: Some(http_client(api_url)?),
                clients: Vec::new(),
            }),
        })
    }

    /// Returns the client of the current runtime.
    fn client(&self) -> Result<Client, ConfigurationError> {
        let Ok(runtime) = Handle::try_current() else {
            return http_client(&self.api_url);
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { spare, clients } = &mut *state;
        if let Some(own) = clients.iter().find(|own| own.runtime == runtime.id()) {
            return Ok(own.client.clone());
        }
        let ended = clients.iter().position(|own| own.runs.is_closed());
        let client = match (spare.take(), ended) {
            (Some(client), _) => client,
            (None, Some(ended)) => clients.swap_remove(ended).client,
            (None, None) => http_client(&self.api_url)?,
        };
        let (runs, end) = oneshot::channel();
        runtime.spawn(async move {
            let _: Result<(), _> = end.await;
        });
        clients.push(OwnClient {
            runtime: runtime.id(),
            client: client.clone(),
            runs,
        });
        Ok(client)
    }
}

impl RoundTrip for OwnClients {
    fn round_trip(&self, request: Request, may_follow: bool, limit: Duration) -> RoundTripFuture {
        match self.client() {
            Ok(client) => client.round_trip(request, may_follow, limit),
            Err(error) => Box::pin(async { Err(Lost::not_sent(error)) }),
        }
    }

    /// A client that was passed in could not send such a body a second time, after a redirect.
    fn departure(&self, request: &mut Request, body: &Bytes) -> Option<Arc<Departure>> {
        Departure::of(request, body)
    }
}

fn http_client(api_url: &Url) -> Result<Client, ConfigurationError> {
    let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
    if api_url.scheme() == "https" && !has_tls {
        return Err(ConfigurationError::NoTls);
    }
    let mut client = Client::builder()
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
