//! Requests to GitHub: attempts, retries, limits, redirects and pages. Knows nothing of secrets.

mod attempt;
mod call;
mod client;
mod connections;
mod gateway;
mod limiter;
mod link;
mod moves;
mod pages;
mod redirect;
mod response;
mod retry;
mod round_trip;
mod seams;
mod shared_fetch;
mod task;
mod wait;

#[cfg(fuzzing)]
pub(crate) use self::link::next as next_link;
pub(crate) use self::{
    call::Call,
    client::{Http, HttpSettings},
    connections::Connections,
    limiter::Limiter,
    pages::{List, PER_PAGE, Page},
    response::{Response, Sent},
    round_trip::Received,
    seams::{Clock, Seams},
    shared_fetch::{SharedFetch, Unfetched},
    task::{Shutdown, run as run_in_task},
    wait::OnWait,
};
pub use self::{
    pages::Pages,
    wait::{Wait, WaitReason},
};
#[cfg(test)]
pub(crate) use self::{
    round_trip::{BodyFault, Lost, LostFault, RoundTrip, RoundTripFuture},
    seams::Chance,
};
