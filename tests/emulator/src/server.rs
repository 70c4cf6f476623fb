//! Connections, and the path of a request through the emulator.

mod faulty_response;

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use crate::{
    api::{self, authorization::bearer, list_edits::ListEdits},
    control,
    fault::strike,
    recorded::RecordedRequest,
    refusal::Refusal,
    response::{Outgoing, Response},
    shared::{InProgress, Shared},
};
use faulty_response::Dropped;

/// Over ten times the largest body that GitHub accepts.
const BODY_LIMIT: usize = 1024 * 1024;
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Serves connections until it is dropped.
pub(crate) async fn accept(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely there are no file descriptors left: others have to close first.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let number = shared.connected();
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service =
                service_fn(move |request| handle(Arc::clone(&shared), address, number, request));
            // A connection ends early because of the client, or of a fault that a test asked for.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                // Its own would come after a fault has removed headers.
                .auto_date_header(false)
                .header_read_timeout(READ_TIMEOUT)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn handle(
    shared: Arc<Shared>,
    address: SocketAddr,
    connection: u64,
    request: Request<Incoming>,
) -> Result<hyper::Response<Outgoing>, Dropped> {
    let control = control::is_own(request.uri().path());
    let in_progress = (!control).then(|| InProgress::new(&shared));
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(READ_TIMEOUT, Limited::new(body, BODY_LIMIT).collect());
    let body = match read.await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let refusal = Refusal::new(413, "The body is too large.");
            return Ok(refusal.into_response("", api::DOCUMENTATION).into_http());
        }
        // The client went away, or is too slow.
        Ok(Err(_)) | Err(_) => return Err(Dropped),
    };
    let request = RecordedRequest {
        parts,
        body,
        received: Instant::now(),
        connection,
    };
    let Some(InProgress { concurrent, .. }) = in_progress else {
        return Ok(control::respond(&shared, &request, address).into_http());
    };
    let fault = {
        let mut world = shared.world();
        world.requests.push(&request);
        strike(&mut shared.faults(), &request)
    };
    let response = match fault {
        None => api::respond(
            &mut shared.world(),
            &request,
            concurrent,
            &ListEdits::default(),
        ),
        Some(fault) => faulty_response::respond(fault, &shared, &request, concurrent).await?,
    };
    Ok(complete(&shared, response, &request).into_http())
}

/// Adds the headers that GitHub gives every response.
fn complete(shared: &Shared, response: Response, request: &RecordedRequest) -> Response {
    let number = shared.responded();
    let id = format!(
        "E5EC:{:04X}:{number:06X}:{number:06X}:65AABBCC",
        request.connection
    );
    let token = bearer(&request.parts.headers).unwrap_or_default();
    let (limits, now) = {
        let world = shared.world();
        (world.meter.headers(token), world.now())
    };
    let response = response
        .default_header("date", &httpdate::fmt_http_date(now))
        .default_header("x-github-request-id", &id)
        .default_header("x-github-media-type", "github.v3; format=json");
    limits.iter().fold(response, |response, (name, value)| {
        response.default_header(name, value)
    })
}
