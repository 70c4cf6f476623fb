//! Connections, and the way of a request through the emulator.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use crate::answer::{Answer, Outgoing, Refusal};
use crate::api;
use crate::auth::bearer;
use crate::control;
use crate::effect::{self, Dropped};
use crate::fault::strike;
use crate::operation::Route;
use crate::recorded::RecordedRequest;
use crate::world::World;

/// Over ten times the largest body that GitHub accepts.
const BODY_LIMIT: usize = 1024 * 1024;
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// What the emulator's handle and its connections share.
pub(crate) struct Shared {
    world: Mutex<World>,
    connections: AtomicU64,
    concurrent: AtomicUsize,
    most_concurrent: AtomicUsize,
    answers: AtomicU64,
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world: Mutex::new(world),
            connections: AtomicU64::new(0),
            concurrent: AtomicUsize::new(0),
            most_concurrent: AtomicUsize::new(0),
            answers: AtomicU64::new(0),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn most_concurrent(&self) -> usize {
        self.most_concurrent.load(Ordering::Relaxed)
    }
}

/// Serves connections until it is dropped.
pub(crate) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others have to close first.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let number = shared.connections.fetch_add(1, Ordering::Relaxed) + 1;
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| handle(Arc::clone(&shared), number, request));
            // What ends a connection early is the client's affair, or a fault that was asked for.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(READ_TIMEOUT)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn handle(
    shared: Arc<Shared>,
    connection: u64,
    request: Request<Incoming>,
) -> Result<Response<Outgoing>, Dropped> {
    let control = request.uri().path().starts_with("/_emulator/");
    let under_way = (!control).then(|| UnderWay::new(&shared));
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(READ_TIMEOUT, Limited::new(body, BODY_LIMIT).collect());
    let body = match read.await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let refusal = Refusal::new(413, "The body is too large.");
            return Ok(refusal.into_answer(api::DOCUMENTATION).into_response());
        }
        // The client went away, or keeps the emulator waiting.
        Ok(Err(_)) | Err(_) => return Err(Dropped),
    };
    let request = RecordedRequest {
        parts,
        body,
        received: Instant::now(),
        connection,
    };
    let Some(UnderWay { concurrent, .. }) = under_way else {
        return Ok(control::answer(&mut shared.world(), &request).into_response());
    };
    let route = Route::of(&request.parts.method, request.path());
    let fault = {
        let mut world = shared.world();
        world.record(request.clone());
        strike(&mut world.faults, &request, route.as_ref())
    };
    let answer = match fault {
        None => api::answer(&mut shared.world(), &request, concurrent),
        Some(fault) => effect::answer(fault, &shared, &request, route.as_ref(), concurrent).await?,
    };
    Ok(dressed(&shared, answer, &request).into_response())
}

/// Adds the headers that GitHub gives every answer.
fn dressed(shared: &Shared, answer: Answer, request: &RecordedRequest) -> Answer {
    let number = shared.answers.fetch_add(1, Ordering::Relaxed);
    let id = format!("E5EC:{:X}:{number:X}", request.connection);
    let mut answer = answer
        .default_header("x-github-request-id", &id)
        .default_header("x-github-media-type", "github.v3; format=json");
    let token = bearer(&request.parts.headers).unwrap_or_default();
    for (name, value) in shared.world().meter.headers(token) {
        answer = answer.default_header(name, &value);
    }
    answer
}

/// A request that is being handled.
struct UnderWay<'a> {
    shared: &'a Shared,
    concurrent: usize,
}

impl<'a> UnderWay<'a> {
    fn new(shared: &'a Shared) -> Self {
        let concurrent = shared.concurrent.fetch_add(1, Ordering::Relaxed) + 1;
        shared
            .most_concurrent
            .fetch_max(concurrent, Ordering::Relaxed);
        Self { shared, concurrent }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.shared.concurrent.fetch_sub(1, Ordering::Relaxed);
    }
}
