//! What a fault does to a request.

use std::fmt;

use hyper::{
    Request,
    header::{AUTHORIZATION, USER_AGENT},
};

use crate::{
    answer::{Answer, JSON},
    api::{self, call::is_known},
    fault::{Effect, Fault, Meanwhile},
    limits::{
        PRIMARY_LIMIT_DOCUMENTATION, SECONDARY_LIMIT_DOCUMENTATION, epoch_seconds_in,
        primary_limit_message, secondary_limit_message, whole_seconds,
    },
    recorded::RecordedRequest,
    refusal::Refusal,
    server::shared::Shared,
};

/// Answers a request that a fault happens to.
pub(crate) async fn answer(
    fault: Fault,
    shared: &Shared,
    request: &RecordedRequest,
    concurrent: usize,
) -> Result<Answer, Dropped> {
    if let Some(id) = fault.operations().find(|id| !is_known(id)) {
        let message = format!("A fault names {id:?}, which is not an operation of the emulator.");
        return Ok(Refusal::new(500, message).into_answer("", api::DOCUMENTATION));
    }
    let due = || api::answer(&mut shared.world(), request, concurrent);
    let done = fault.after_write.then(due);
    tokio::time::sleep(fault.delay).await;
    let answer = match fault.effect {
        Effect::Dropped => return Err(Dropped),
        Effect::None => done.unwrap_or_else(due),
        Effect::Truncated => done.unwrap_or_else(due).truncated(),
        Effect::Status(status) => Answer::empty(status),
        Effect::RotatedKey => {
            api::rotate_key(&mut shared.world(), request);
            done.unwrap_or_else(due)
        }
        Effect::WithoutHeaders(without) => Answer {
            without,
            ..done.unwrap_or_else(due)
        },
        Effect::Meanwhile(other) => {
            let other = other.sent_like(request);
            match other.map(|other| api::answer(&mut shared.world(), &other, 1)) {
                Some(other) if other.status.is_success() => done.unwrap_or_else(due),
                _ => Refusal::new(
                    500,
                    "The request that was to happen meanwhile was itself refused.",
                )
                .into_answer("", api::DOCUMENTATION),
            }
        }
        Effect::PrimaryLimit { status, reset } => {
            let limit = shared.world().meter.count_limit_answer().to_string();
            Refusal::new(status, primary_limit_message())
                .into_answer("", PRIMARY_LIMIT_DOCUMENTATION)
                .header("x-ratelimit-limit", &limit)
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-used", &limit)
                .header("x-ratelimit-reset", &epoch_seconds_in(reset).to_string())
        }
        Effect::SecondaryLimit {
            status,
            retry_after,
        } => {
            shared.world().meter.count_limit_answer();
            let refusal = Refusal::new(status, secondary_limit_message());
            let refusal = match retry_after {
                Some(wait) => refusal.header("retry-after", whole_seconds(wait).to_string()),
                None => refusal,
            };
            refusal.into_answer("", SECONDARY_LIMIT_DOCUMENTATION)
        }
    };
    let answer = match fault.body {
        Some(content) => Answer { content, ..answer },
        None => answer,
    };
    let headers = fault.headers.iter();
    Ok(headers
        .fold(answer, |answer, (name, value)| answer.header(name, value))
        .default_media_type(JSON))
}

impl Meanwhile {
    /// Returns the request as if the sender of another had sent it.
    fn sent_like(&self, other: &RecordedRequest) -> Option<RecordedRequest> {
        let token = other.parts.headers.get(AUTHORIZATION)?;
        let (parts, ()) = Request::builder()
            .method(self.method.as_str())
            .uri(&self.path)
            .header(AUTHORIZATION, token)
            .header(USER_AGENT, "meanwhile")
            .body(())
            .ok()?
            .into_parts();
        Some(RecordedRequest {
            parts,
            body: self.body.clone(),
            ..other.clone()
        })
    }
}

/// Makes hyper close the connection without an answer.
#[derive(Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on demand")
    }
}

impl std::error::Error for Dropped {}
