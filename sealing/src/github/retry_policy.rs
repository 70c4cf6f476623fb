use std::time::Duration;

/// How often, and for how long, a call is tried before its error is given back.
///
/// Tried again are connections that fail, 408 and 5xx, and rate limits once they have ended; never
/// another refusal. Every call of this library can be repeated safely.
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

/// Longer than any job, and short enough to reckon with: longer settings mean this.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Default for RetryPolicy {
    /// Four attempts, waits from half a second to 30 seconds, all within two minutes.
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
    /// One attempt, and no waiting for a rate limit; its turn under the [`Limits`] is waited for.
    pub fn none() -> Self {
        Self {
            attempts: 1,
            deadline: Duration::ZERO,
            ..Self::default()
        }
    }

    /// How many times a call is tried at the most, the first time included; 0 means 1.
    ///
    /// An attempt that runs into a rate limit counts as one.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self {
            attempts: attempts.max(1),
            ..self
        }
    }

    /// About how long to wait after the first failure; each further wait is twice as long.
    ///
    /// The wait is drawn between half of this and all of it, so that many callers spread out.
    #[must_use]
    pub fn first_wait(self, first_wait: Duration) -> Self {
        let first_wait = first_wait.min(LONGEST);
        Self { first_wait, ..self }
    }

    /// How long a wait between two attempts can grow.
    #[must_use]
    pub fn longest_wait(self, longest_wait: Duration) -> Self {
        let longest_wait = longest_wait.min(LONGEST);
        Self {
            longest_wait,
            ..self
        }
    }

    /// How long a call may take, from when it is first sent, before no new attempt is begun.
    ///
    /// A wait that would end later, for a rate limit as well, is not begun: the call fails at once.
    /// Waiting for its turn under the [`Limits`] is not part of it, and has no bound of its own.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        let deadline = deadline.min(LONGEST);
        Self { deadline, ..self }
    }
}
