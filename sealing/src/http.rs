//! Requests to GitHub: attempts, retries, limits, tokens, redirects and pages. Knows nothing of
//! secrets.

mod answered;
mod attempt;
mod backwards;
mod call;
mod client;
mod clock;
mod deadline;
mod departure;
mod head;
mod io;
mod limiter;
mod limits;
mod link;
mod outcome;
mod pages;
mod readings;
mod redirect;
mod repository;
mod retry;
mod retry_policy;
mod room;
mod round_trip;
mod shared_fetch;
mod task;
mod token;
mod tokens;
mod wait;

#[cfg(feature = "sync")]
pub(crate) use self::repository::FoundRepository;
pub(crate) use self::{
    call::Call,
    client::{Http, Settings},
    departure::Departure,
    io::Io,
    outcome::Response,
    pages::{Entry, List, PER_PAGE, Page},
    room::Room,
    round_trip::{Lost, RoundTrip, RoundTripFuture, through},
    shared_fetch::{SharedFetch, Unfetched},
    task::{Shutdown, run as run_in_task},
    tokens::TokenSource,
    wait::OnWait,
};
#[cfg(fuzzing)]
pub(crate) use self::{
    head::{Headers, limit},
    link::next as next_link,
};
#[cfg(test)]
pub(crate) use self::{
    io::{Clock, Random},
    round_trip::{BodyFault, LostFault, Received},
};
pub use self::{
    limits::Limits,
    pages::Pages,
    retry_policy::RetryPolicy,
    token::Token,
    wait::{Wait, WaitReason},
};
