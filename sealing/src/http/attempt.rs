//! One attempt at a request: its token, its turn, and what comes of it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::FutureExt;
use github_secrets_client::{Answer as Answering, Transport};
use http::{
    HeaderName, HeaderValue,
    header::{ACCEPT, AUTHORIZATION, USER_AGENT},
};
use http_body_util::BodyExt;
use reqwest::{Request, ResponseBuilderExt};
use tokio::{sync::SetOnce, task::yield_now, time::Instant};
use url::Url;

use super::{
    gateway::{Gateway, head},
    limiter::{Kind, NoTurn, Patience, Reservation, Ticket, Turn},
    round_trip::{Lost, Received},
    task,
};
use crate::{
    Error, ResponseHead,
    github::{CallId, Claim, Probe, TokenInUse},
};

/// The oldest supported version of the API, which every server has.
const API_VERSION: HeaderValue = HeaderValue::from_static("2022-11-28");
static API_VERSION_HEADER: HeaderName = HeaderName::from_static("x-github-api-version");
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.github+json");

/// How often to let other tasks run after a response. hyper has two for each connection, and
/// another thread may have taken them. With one yield, 2 of 100 batches of 64 at once over TLS
/// opened a connection too many, with four none.
const YIELDS: usize = 4;

/// Sends the generated client's request, and keeps what its result leaves out.
pub(crate) struct Attempt {
    gateway: Arc<Gateway>,
    plan: Plan,
    reservation: Mutex<Option<Reservation<ResponseHead>>>,
    progress: Mutex<Progress>,
    outcome: Mutex<Option<Outcome>>,
}

/// How a request is sent.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Which call it belongs to.
    pub(crate) call: CallId,
    pub(crate) kind: Kind,
    pub(crate) ticket: Ticket,
    pub(crate) patience: Patience,
    pub(crate) address: Address,
    pub(crate) may_follow: bool,
    /// Whether the caller is polled until the end. Otherwise the attempt needs a task of its own,
    /// so that its response is taken note of.
    pub(crate) is_polled: bool,
    pub(crate) brake: Brake,
}

/// Stops a call whose write was not sent yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brake {
    /// Whether a write of the call was sent.
    pub(crate) written: Arc<AtomicBool>,
    /// Is set when the call is to send nothing more.
    pub(crate) stop: Option<Arc<SetOnce<()>>>,
}

/// Where to send a request.
#[derive(Clone, Debug)]
pub(crate) enum Address {
    /// To the address that it has.
    Own,
    /// To another one, within the same origin.
    Redirected(Url),
    /// To the path of a repository in place of that of its former name.
    Renamed { from: String, to: String },
}

/// How far an attempt has come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// When it was sent, if it was.
    pub(crate) sent: Option<Instant>,
    /// How long it waited for its turn, without the rate limits that GitHub reported.
    pub(crate) queued: Duration,
}

/// What came of an attempt.
pub(crate) enum Outcome {
    Response(Received, ResponseHead),
    Lost(Lost),
    NoToken(Error),
    NoTurn(NoTurn<ResponseHead>),
    /// The async runtime shut down.
    Shutdown,
}

/// Everything that a request needs to be sent.
struct Pass {
    in_use: Arc<TokenInUse>,
    turn: Turn<ResponseHead>,
    probe: Option<Probe>,
}

impl Transport for Attempt {
    fn send(self: Arc<Self>, _: &reqwest::Client, request: Request) -> Answering<'_> {
        Box::pin(async move {
            let outcome = if self.plan.is_polled {
                self.perform(request).await
            } else {
                let attempt = Arc::clone(&self);
                let work = async move { attempt.perform(request).await };
                task::run(work).await.unwrap_or(Outcome::Shutdown)
            };
            let response = outcome.response();
            *lock(&self.outcome) = Some(outcome);
            Ok(response)
        })
    }
}

impl Attempt {
    pub(crate) fn new(
        gateway: Arc<Gateway>,
        plan: Plan,
        reservation: Option<Reservation<ResponseHead>>,
    ) -> Self {
        Self {
            gateway,
            plan,
            reservation: Mutex::new(reservation),
            progress: Mutex::default(),
            outcome: Mutex::new(None),
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        *lock(&self.progress)
    }

    pub(crate) fn patience(&self) -> Patience {
        self.plan.patience
    }

    /// Takes what came of it, or `None` if the generated client had no request to send.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        lock(&self.outcome).take()
    }

    async fn perform(&self, mut request: Request) -> Outcome {
        self.prepare(&mut request);
        let Pass {
            in_use,
            mut turn,
            mut probe,
        } = match self.pass().await {
            Ok(pass) => pass,
            Err(outcome) => return *outcome,
        };
        // Nothing is awaited between the turn and the sending.
        match in_use.token.header() {
            Ok(header) => request.headers_mut().insert(AUTHORIZATION, header),
            Err(error) => return Outcome::NoToken(Error::token(Arc::new(error))),
        };
        if !self.may_send() {
            return Outcome::NoTurn(NoTurn::Late);
        }
        let body = share_body(&mut request);
        turn.sent();
        if let Some(probe) = &mut probe {
            probe.sent();
        }
        lock(&self.progress).sent = Some(Instant::now());
        let network = &self.gateway.network;
        let limit = self.gateway.settings.timeout;
        let round_trip = network.round_trip(request, self.plan.may_follow, limit);
        match round_trip.await {
            Ok(received) => {
                let head = self.gateway.note(&received, &body, &in_use, probe, turn);
                if self.gateway.limiter.under_way() > 0 {
                    // hyper's own tasks put the connection back into the pool. A request that comes
                    // before them opens another one.
                    for _ in 0..YIELDS {
                        yield_now().await;
                    }
                }
                Outcome::Response(received, head)
            }
            Err(lost) => {
                if !lost.maybe_sent() {
                    turn.unused();
                }
                Outcome::Lost(lost)
            }
        }
    }

    /// Waits until the request can be sent: for a token, and last for its turn.
    async fn pass(&self) -> Result<Pass, Box<Outcome>> {
        let mut reservation = lock(&self.reservation).take();
        let tokens = &self.gateway.tokens;
        let supply = async || {
            let supplied = tokens.token().await;
            supplied.map_err(|error| Box::new(Outcome::NoToken(error)))
        };
        let mut supplied = supply().await?;
        loop {
            let turn = self.turn(reservation.take()).await;
            let turn = turn.map_err(|no_turn| Box::new(Outcome::NoTurn(no_turn)))?;
            match tokens.claim(&supplied, self.plan.call) {
                Claim::Granted(probe) => {
                    return Ok(Pass {
                        in_use: supplied.in_use,
                        turn,
                        probe,
                    });
                }
                Claim::Stale => {
                    reservation = turn.without_reservation();
                    supplied = supply().await?;
                }
                Claim::Wait(waiting) => {
                    reservation = turn.without_reservation();
                    if let Some(refusal) = waiting.refusal().await {
                        let head = head(&refusal, &supplied.in_use.token, &[]);
                        let refusal = Received::clone(&refusal);
                        return Err(Box::new(Outcome::Response(refusal, head)));
                    }
                }
            }
        }
    }

    fn prepare(&self, request: &mut Request) {
        self.plan.address.apply(request.url_mut());
        let settings = &self.gateway.settings;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, MEDIA_TYPE);
        headers.insert(USER_AGENT, settings.user_agent.clone());
        headers.insert(&API_VERSION_HEADER, API_VERSION);
    }

    async fn turn(
        &self,
        reservation: Option<Reservation<ResponseHead>>,
    ) -> Result<Turn<ResponseHead>, NoTurn<ResponseHead>> {
        let Plan {
            kind,
            ticket,
            patience,
            ..
        } = self.plan;
        let limiter = &self.gateway.limiter;
        let patience = patience.after_queueing(self.progress().queued);
        let turn = match reservation {
            Some(reservation) => limiter.reserved_turn(reservation, ticket, patience).await?,
            None => limiter.turn(kind, ticket, patience).await?,
        };
        lock(&self.progress).queued += turn.queued();
        Ok(turn)
    }

    /// Returns whether the request may be sent. Who stops the call and then finds that it has not
    /// written can rely on that.
    fn may_send(&self) -> bool {
        let brake = &self.plan.brake;
        let writes = self.plan.kind == Kind::Write;
        let before = brake.written.fetch_or(writes, Ordering::SeqCst);
        let stopped = brake.is_set();
        if stopped {
            brake.written.store(before, Ordering::SeqCst);
        }
        !stopped
    }
}

impl Brake {
    pub(crate) fn is_set(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.initialized())
    }
}

impl Outcome {
    /// The response for the generated client, which reads its status and its body; one without a
    /// meaning if there is none.
    fn response(&self) -> reqwest::Response {
        let empty = || http::Response::new(Bytes::new()).into();
        let Self::Response(received, _) = self else {
            return empty();
        };
        // Without an address, reqwest parses one of its own.
        let response = http::Response::builder().url(received.address.clone());
        let response = response.status(received.status).body(received.body.clone());
        response.map_or_else(|_| empty(), reqwest::Response::from)
    }
}

/// Returns the body of a request, without copying it.
fn share_body(request: &mut Request) -> Bytes {
    let Some(mut body) = request.body_mut().take_if(|body| body.as_bytes().is_some()) else {
        return Bytes::new();
    };
    // Such a body is one frame, which is there already.
    let frame = body.frame().now_or_never().flatten();
    let bytes = frame.and_then(Result::ok);
    let bytes = bytes.and_then(|frame| frame.into_data().ok());
    let bytes = bytes.unwrap_or_default();
    *request.body_mut() = Some(bytes.clone().into());
    bytes
}

impl Address {
    fn apply(&self, url: &mut Url) {
        match self {
            Self::Own => {}
            Self::Redirected(to) => *url = to.clone(),
            Self::Renamed { from, to } => {
                if let Some((api, rest)) = url.path().split_once(from.as_str()) {
                    let renamed = format!("{api}{to}{rest}");
                    url.set_path(&renamed);
                }
            }
        }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
