//! The rate limits to stay under.

use std::time::Duration;

/// Rate limits to stay under.
///
/// The defaults are GitHub's documented [secondary rate limits], each kept in every window of its
/// length. GitHub does not document how it counts, so a request counts until a whole minute or hour
/// has passed since its response. This satisfies fixed windows, sliding windows and an allowance
/// that refills. The first 80 writes do not wait, and each later one is sent as soon as there is
/// room. Reads do not wait behind writes. GitHub does not say whether it counts secrets as content,
/// so every write counts.
///
/// If GitHub responds with a secondary limit anyway, for example because the token is also used
/// elsewhere, the limits per minute are halved from then on. They are doubled again after each five
/// minutes without another one.
///
/// ```
/// use github_secrets::Limits;
///
/// let shared_token = Limits::default().writes_per_minute(40).concurrent(10);
/// let own_server = Limits::none();
/// # let _ = (shared_token, own_server);
/// ```
///
/// [secondary rate limits]:
/// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    pub(crate) concurrent: usize,
    pub(crate) points_per_minute: Option<u32>,
    pub(crate) writes_per_minute: Option<u32>,
    pub(crate) writes_per_hour: Option<u32>,
    pub(crate) minute: Duration,
}

const MINUTE: Duration = Duration::from_secs(60);

/// Below this, the limits have no effect.
const SHORTEST_MINUTE: Duration = Duration::from_millis(1);

/// More requests at once than any system has connections for.
const MOST_CONCURRENT: usize = 1 << 20;

impl Default for Limits {
    /// Returns the limits that GitHub documents: 100 requests at once, 900 points a minute (1 for a
    /// read, 5 for a write), 80 writes a minute and 500 writes an hour.
    fn default() -> Self {
        Self {
            concurrent: 100,
            points_per_minute: Some(900),
            writes_per_minute: Some(80),
            writes_per_hour: Some(500),
            minute: MINUTE,
        }
    }
}

impl Limits {
    /// Returns no limits except for 100 requests at once.
    ///
    /// Use this for a GitHub Enterprise Server, where rate limits are off unless its administrator
    /// turns them on.
    pub fn none() -> Self {
        Self {
            points_per_minute: None,
            writes_per_minute: None,
            writes_per_hour: None,
            ..Self::default()
        }
    }

    /// Sets the maximum number of requests in flight. 0 means 1.
    #[must_use]
    pub fn concurrent(self, requests: usize) -> Self {
        Self {
            concurrent: requests.clamp(1, MOST_CONCURRENT),
            ..self
        }
    }

    /// Sets the maximum number of points per minute: a read takes 1, a write 5. Less than 5 means
    /// 5.
    #[must_use]
    pub fn points_per_minute(self, points: u32) -> Self {
        Self {
            points_per_minute: Some(points.max(5)),
            ..self
        }
    }

    /// Sets the maximum number of writes per minute. 0 means 1.
    #[must_use]
    pub fn writes_per_minute(self, writes: u32) -> Self {
        Self {
            writes_per_minute: Some(writes.max(1)),
            ..self
        }
    }

    /// Sets the maximum number of writes per hour. 0 means 1.
    #[must_use]
    pub fn writes_per_hour(self, writes: u32) -> Self {
        Self {
            writes_per_hour: Some(writes.max(1)),
            ..self
        }
    }

    /// Sets the length of a minute; an hour has 60 of them. Use it in tests against a server that
    /// scales time.
    ///
    /// More than 60 seconds means 60 seconds, and so does 0, which would turn all limits off. Less
    /// than a millisecond means a millisecond.
    #[must_use]
    pub fn minute(self, minute: Duration) -> Self {
        let minute = if minute.is_zero() {
            MINUTE
        } else {
            minute.clamp(SHORTEST_MINUTE, MINUTE)
        };
        Self { minute, ..self }
    }
}
