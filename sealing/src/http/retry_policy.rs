//! How often, and for how long, a call is retried.

use std::time::Duration;

/// How often, and for how long, a call is attempted.
///
/// Requests are retried after lost connections, time-outs, 408 and 5xx, and after a rate limit once
/// it has ended. Other refusals are retried in two cases only: a 401 once with a new token from the
/// token provider, and a 422 once with a fresh key or with repository ids in another form, if one
/// of these may be the reason. All requests can be repeated safely, except for the creation of a
/// private registry, which is retried only if GitHub did not receive it.
///
/// ```
/// use std::time::Duration;
/// use github_secrets::RetryPolicy;
///
/// let patient = RetryPolicy::default().attempts(6).deadline(Duration::from_secs(600));
/// let once = RetryPolicy::none();
/// # let _ = (patient, once);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    pub(crate) deadline: Duration,
}

/// Longer than any job, and short enough to calculate with.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Default for RetryPolicy {
    /// Returns a policy of at most four attempts within two minutes. The waits between them double:
    /// at most 0.5, 1 and 2 seconds, or longer if GitHub's `Retry-After` says so.
    fn default() -> Self {
        Self {
            attempts: 4,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            deadline: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// Returns a policy of one attempt, without waiting for rate limits that GitHub reports. Calls
    /// still wait for their turn under the [`Limits`](crate::Limits).
    pub fn none() -> Self {
        Self {
            attempts: 1,
            deadline: Duration::ZERO,
            ..Self::default()
        }
    }

    /// Sets the maximum number of attempts for a request. 0 means 1.
    ///
    /// Default is 4. Attempts that meet a rate limit count. One more is made with a new token after
    /// a 401, if there is a token provider.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self {
            attempts: attempts.max(1),
            ..self
        }
    }

    /// Sets the wait after the first failure. Each further wait is twice as long.
    ///
    /// Default is half a second. A wait is drawn at random between half of this and all of it, so
    /// that callers spread out.
    #[must_use]
    pub fn first_wait(self, first_wait: Duration) -> Self {
        let first_wait = first_wait.min(LONGEST);
        Self { first_wait, ..self }
    }

    /// Sets the longest wait between two attempts.
    ///
    /// Default is 30 seconds.
    #[must_use]
    pub fn longest_wait(self, longest_wait: Duration) -> Self {
        let longest_wait = longest_wait.min(LONGEST);
        Self {
            longest_wait,
            ..self
        }
    }

    /// Sets a time limit for a whole call, for example a `set` with all its requests. Once it has
    /// passed, the call sends nothing more, unless the limit is zero: then each request is sent
    /// once.
    ///
    /// Default is two minutes. The time begins when the first request is sent. A wait that would
    /// end later fails at once. Waiting for a turn under the [`Limits`](crate::Limits) does not
    /// count and is not limited, except by [`Batch::deadline`](crate::Batch::deadline).
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        let deadline = deadline.min(LONGEST);
        Self { deadline, ..self }
    }
}
