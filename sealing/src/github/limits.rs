use std::time::Duration;

/// The limits that requests are kept under.
///
/// The defaults are GitHub's documented
/// [secondary rate limits](https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits).
/// Within each, a burst of the whole allowance goes out at once and then requests follow at the
/// rate at which the allowance comes back. Whether GitHub counts a secret as content is not
/// documented, so writes are counted. When GitHub answers with a limit all the same, the rate is
/// lowered, and recovers slowly.
///
/// ```
/// use github_secrets::Limits;
///
/// let shared_token = Limits::default().writes_per_minute(40).concurrent(10);
/// let own_server = Limits::none();
/// # let _ = (shared_token, own_server);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    pub(crate) concurrent: usize,
    pub(crate) points_per_minute: Option<u32>,
    pub(crate) writes_per_minute: Option<u32>,
    pub(crate) writes_per_hour: Option<u32>,
    pub(crate) minute: Duration,
}

impl Default for Limits {
    /// 100 requests at once, 900 points a minute (1 for a read, 5 for a write), 80 writes a minute
    /// and 500 an hour.
    fn default() -> Self {
        Self {
            concurrent: 100,
            points_per_minute: Some(900),
            writes_per_minute: Some(80),
            writes_per_hour: Some(500),
            minute: Duration::from_secs(60),
        }
    }
}

impl Limits {
    /// No limit but 100 requests at once: for a GitHub Enterprise Server, whose limits are off
    /// unless its administrator turns them on.
    pub fn none() -> Self {
        Self {
            points_per_minute: None,
            writes_per_minute: None,
            writes_per_hour: None,
            ..Self::default()
        }
    }

    /// How many requests may be under way at once; 0 means 1.
    #[must_use]
    pub fn concurrent(self, concurrent: usize) -> Self {
        Self {
            concurrent: concurrent.clamp(1, tokio::sync::Semaphore::MAX_PERMITS),
            ..self
        }
    }

    /// How many points a minute may be spent, at 1 for a read and 5 for a write; 0 means 5.
    #[must_use]
    pub fn points_per_minute(self, points: u32) -> Self {
        Self {
            points_per_minute: Some(points.max(5)),
            ..self
        }
    }

    /// How many writes a minute may be sent; 0 means 1.
    #[must_use]
    pub fn writes_per_minute(self, writes: u32) -> Self {
        Self {
            writes_per_minute: Some(writes.max(1)),
            ..self
        }
    }

    /// How many writes an hour may be sent; 0 means 1.
    #[must_use]
    pub fn writes_per_hour(self, writes: u32) -> Self {
        Self {
            writes_per_hour: Some(writes.max(1)),
            ..self
        }
    }

    /// How long a minute lasts: less than 60 seconds only against a server that scales its limits
    /// in time, as a test's emulator does.
    #[must_use]
    pub fn minute(self, minute: Duration) -> Self {
        let minute = minute.min(Duration::from_secs(60));
        Self { minute, ..self }
    }
}
