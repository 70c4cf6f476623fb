//! A rate limit that would outlast the deadline.

use std::{
    error::Error as StdError,
    fmt,
    time::{Duration, SystemTime},
};

use super::{Error, head::ResponseHead, target::Target};

/// A rate limit that lasts longer than the call may wait.
///
/// With a longer [`RetryPolicy::deadline`](crate::RetryPolicy::deadline) and more
/// [`attempts`](crate::RetryPolicy::attempts), the call waits until it ends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RateLimited {
    /// The limit that was reached.
    pub kind: LimitKind,
    /// The time to wait, from when the error was created.
    pub wait: Duration,
    /// The end of the limit, by this machine's clock.
    pub until: SystemTime,
    pub(crate) target: Target,
    pub(crate) head: ResponseHead,
}

/// A kind of rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// The number of requests in an hour.
    Primary,
    /// A limit on too many requests at once or in a short time.
    Secondary,
}

impl RateLimited {
    pub(crate) fn error(
        target: &Target,
        kind: LimitKind,
        wait: Duration,
        head: ResponseHead,
    ) -> Error {
        Error::RateLimited(Box::new(Self {
            kind,
            wait,
            until: SystemTime::now() + wait,
            target: target.clone(),
            head,
        }))
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        })
    }
}

impl fmt::Display for RateLimited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.wait.as_secs_f64().ceil();
        write!(
            f,
            "could not {}: GitHub's {} rate limit lasts {seconds} more seconds, until {}; \
             try again then{} ({})",
            self.target,
            self.kind,
            httpdate::HttpDate::from(self.until.min(latest_http_date())),
            self.target.effect(),
            self.head
        )
    }
}

/// Returns the last second of the year 9999: HTTP dates have no fifth digit for the year.
fn latest_http_date() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799)
}

impl StdError for RateLimited {}
