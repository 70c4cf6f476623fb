//! Requests to GitHub: attempts, retries, limits, redirects and pages. Knows nothing of secrets.

mod attempt;
mod call;
mod client;
mod limiter;
mod link;
mod pace;
mod pages;
mod redirect;

pub(crate) use self::{
    attempt::{Response, Sent, Settings},
    call::Call,
    client::Http,
    limiter::{Limiter, OnWait},

    pages::{PER_PAGE, Page, pages},
    redirect::Moves,
};
#[cfg(fuzzing)]
pub(crate) use self::link::next as next_link;
pub use self::{
    limiter::{Wait, WaitReason},
    pages::Pages,
};
