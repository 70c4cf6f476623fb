//! The response to a request that a fault happens to.

use std::{fmt, time::Duration};

use hyper::{
    Request, StatusCode,
    header::{AUTHORIZATION, USER_AGENT},
};

use crate::{
    api::{self, list_edits::ListEdits},
    change::Change,
    error::Error,
    fault::{
        Fault,
        effect::{Effect, OtherRequest},
    },
    limits::{
        PRIMARY_LIMIT_DOCUMENTATION, SECONDARY_LIMIT_DOCUMENTATION, epoch_seconds_in,
        primary_limit_message, secondary_limit_message, whole_seconds,
    },
    operation::is_known,
    recorded::RecordedRequest,
    refusal::Refusal,
    response::{Content, JSON, Response},
    shared::Shared,
    world::World,
};

/// Handles a request as the fault says, and returns the response that is left of it.
pub(crate) async fn respond(
    fault: Fault,
    shared: &Shared,
    request: &RecordedRequest,
    concurrent: usize,
) -> Result<Response, Dropped> {
    if let Some(id) = fault.operations().find(|id| !is_known(id)) {
        return Ok(mistaken(format!(
            "A fault names {id:?}, which is not an operation of the emulator."
        )));
    }
    let edits = match &fault.effect {
        Effect::EditedList { edits, .. } => edits.clone(),
        _ => ListEdits::default(),
    };
    let right = || api::respond(&mut shared.world(), request, concurrent, &edits);
    let done = fault.after_write.then(right);
    tokio::time::sleep(fault.delay).await;
    let response = match fault.effect {
        Effect::Dropped => return Err(Dropped),
        Effect::None => done.unwrap_or_else(right),
        Effect::Truncated => done.unwrap_or_else(right).truncated(),
        Effect::Status(status) => Response::empty(status),
        Effect::RotatedKey => {
            api::rotate_key(&mut shared.world(), request);
            done.unwrap_or_else(right)
        }
        Effect::WithoutHeaders(without) => Response {
            without,
            ..done.unwrap_or_else(right)
        },
        Effect::Meanwhile(other) => {
            let sent = sent_like(request, &other);
            let respond = |sent| api::respond(&mut shared.world(), &sent, 1, &ListEdits::default());
            match sent.map(respond) {
                Some(other) if other.status.is_success() => done.unwrap_or_else(right),
                _ => mistaken("The request that was to be handled meanwhile failed itself."),
            }
        }
        Effect::Changes(changes) => {
            let made = make(changes, &mut shared.world());
            match made {
                Ok(()) => done.unwrap_or_else(right),
                Err(error) => mistaken(format!("A change is not possible: {error}.")),
            }
        }
        Effect::EditedList { organizations, .. } => {
            partial(done.unwrap_or_else(right), &organizations)
        }
        Effect::PrimaryLimit { status, reset } => primary_limit(shared, status, reset),
        Effect::SecondaryLimit {
            status,
            retry_after,
        } => secondary_limit(shared, status, retry_after),
    };
    Ok(changed(response, fault.body, &fault.headers))
}

fn primary_limit(shared: &Shared, status: u16, reset: Duration) -> Response {
    let limit = shared.world().meter.count_limit_response().to_string();
    Refusal::new(status, primary_limit_message())
        .into_response("", PRIMARY_LIMIT_DOCUMENTATION)
        .header("x-ratelimit-limit", &limit)
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-used", &limit)
        .header("x-ratelimit-reset", &epoch_seconds_in(reset).to_string())
}

fn secondary_limit(shared: &Shared, status: u16, retry_after: Option<Duration>) -> Response {
    shared.world().meter.count_limit_response();
    let response = Refusal::new(status, secondary_limit_message())
        .into_response("", SECONDARY_LIMIT_DOCUMENTATION);
    match retry_after {
        Some(wait) => response.header("retry-after", &whole_seconds(wait).to_string()),
        None => response,
    }
}

/// Gives a response the body and the headers of a fault.
fn changed(
    mut response: Response,
    body: Option<Content>,
    headers: &[(String, String)],
) -> Response {
    if let Some(content) = body {
        response.content = content;
    }
    headers
        .iter()
        .fold(response, |response, (name, value)| {
            response.header(name, value)
        })
        .default_media_type(JSON)
}

fn make(changes: Vec<Change>, world: &mut World) -> Result<(), Error> {
    changes
        .into_iter()
        .try_for_each(|change| change.apply(world))
}

/// Says of a success that entries of these organizations are missing.
fn partial(response: Response, organizations: &[u64]) -> Response {
    if organizations.is_empty() || response.status != StatusCode::OK {
        return response;
    }
    let ids: Vec<_> = organizations.iter().map(u64::to_string).collect();
    let value = format!("partial-results; organizations={}", ids.join(","));
    response.header("x-github-sso", &value)
}

/// Says that a test asks for something that cannot happen.
fn mistaken(message: impl Into<String>) -> Response {
    Refusal::new(500, message).into_response("", api::DOCUMENTATION)
}

/// Returns the other request as if the sender of the first had sent it.
fn sent_like(request: &RecordedRequest, other: &OtherRequest) -> Option<RecordedRequest> {
    let token = request.parts.headers.get(AUTHORIZATION)?;
    let (parts, ()) = Request::builder()
        .method(other.method.as_str())
        .uri(&other.path)
        .header(AUTHORIZATION, token)
        .header(USER_AGENT, "meanwhile")
        .body(())
        .ok()?
        .into_parts();
    Some(RecordedRequest {
        parts,
        body: other.body.clone(),
        ..request.clone()
    })
}

/// Makes hyper close the connection without a response.
#[derive(Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault closes the connection")
    }
}

impl std::error::Error for Dropped {}
