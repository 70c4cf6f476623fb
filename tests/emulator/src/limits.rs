//! GitHub's rate limits.

mod allowance;

use std::{
    collections::HashMap,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::refusal::Refusal;
use allowance::{Allowance, Counting};

pub(crate) const SECONDARY_LIMIT_DOCUMENTATION: &str = concat!(
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    "#about-secondary-rate-limits"
);
pub(crate) const PRIMARY_LIMIT_DOCUMENTATION: &str = concat!(
    "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
    "#primary-rate-limit-for-authenticated-users"
);

/// How many tokens are counted. With more, the oldest is forgotten.
const KEPT_TOKENS: usize = 1_000;

/// Rate limits to enforce for each token.
///
/// ```
/// use github_secrets_emulator::Limits;
///
/// // An hour of GitHub's passes in a minute, and a minute in a second.
/// let limits = Limits::github().scaled(60);
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    scale: u32,
    status: u16,
    concurrent: usize,
    points_per_minute: u32,
    writes_per_minute: u32,
    writes_per_hour: u32,
    requests_per_hour: u64,
    counting: Counting,
}

impl Limits {
    /// Creates the limits that GitHub [documents][1]: 100 requests at once, 900 points a minute (1
    /// for a read, 5 for a write), 80 writes a minute and 500 an hour, 5,000 requests an hour. They
    /// respond with 403.
    ///
    /// [1]: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    pub fn github() -> Self {
        Self {
            scale: 1,
            status: 403,
            concurrent: 100,
            points_per_minute: 900,
            writes_per_minute: 80,
            writes_per_hour: 500,
            requests_per_hour: 5_000,
            counting: Counting::Refilling,
        }
    }

    /// Makes time pass this many times as fast for the limits. Like GitHub, the emulator says in
    /// whole seconds how long to wait, rounded up. At a scale above 60 that is longer than a minute
    /// lasts.
    pub fn scaled(mut self, times: u32) -> Self {
        self.scale = times.max(1);
        self
    }

    /// Sets the status of a response that a limit is reached. GitHub uses 403 and 429. Default is
    /// 403.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Sets how many requests may be in progress at once. Default is 100.
    pub fn concurrent(mut self, requests: usize) -> Self {
        self.concurrent = requests;
        self
    }

    /// Sets how many points a minute allows: a read costs 1, a write 5. Default is 900.
    pub fn points_per_minute(mut self, points: u32) -> Self {
        self.points_per_minute = points;
        self
    }

    /// Sets how many writes a minute allows. Default is 80.
    pub fn writes_per_minute(mut self, writes: u32) -> Self {
        self.writes_per_minute = writes;
        self
    }

    /// Sets how many writes an hour allows. Default is 500.
    pub fn writes_per_hour(mut self, writes: u32) -> Self {
        self.writes_per_hour = writes;
        self
    }

    /// Sets how many requests an hour allows: the primary limit. Default is 5,000.
    pub fn requests_per_hour(mut self, requests: u64) -> Self {
        self.requests_per_hour = requests;
        self
    }

    /// Counts what was used within the last minute or hour, whenever that is.
    ///
    /// GitHub does not document how it counts. By default, an allowance refills steadily, so that a
    /// burst of all of it can be followed at the rate of the limit.
    pub fn in_sliding_windows(mut self) -> Self {
        self.counting = Counting::Sliding;
        self
    }

    /// Counts what was used since the minute or hour began, which it does with the first use after
    /// the last one ended. At the border of two windows, twice as much is allowed.
    pub fn in_fixed_windows(mut self) -> Self {
        self.counting = Counting::Fixed;
        self
    }

    fn minute(&self) -> Duration {
        Duration::from_secs(60) / self.scale
    }

    fn hour(&self) -> Duration {
        Duration::from_secs(3_600) / self.scale
    }
}

/// Counts the requests of each token.
pub(crate) struct Meter {
    limits: Limits,
    enforced: bool,
    usage: HashMap<String, Usage>,
    /// How many responses said that a limit is reached.
    pub(crate) limit_responses: usize,
}

impl Meter {
    pub(crate) fn new(limits: Option<Limits>) -> Self {
        Self {
            enforced: limits.is_some(),
            limits: limits.unwrap_or_else(Limits::github),
            usage: HashMap::new(),
            limit_responses: 0,
        }
    }

    /// Counts a request, or refuses it without counting it.
    pub(crate) fn admit(
        &mut self,
        token: &str,
        writes: bool,
        concurrent: usize,
    ) -> Result<(), Refusal> {
        let limits = &self.limits;
        let now = Instant::now();
        if self.usage.len() >= KEPT_TOKENS && !self.usage.contains_key(token) {
            let oldest = self.usage.iter().min_by_key(|(_, usage)| usage.start);
            if let Some(oldest) = oldest.map(|(token, _)| token.clone()) {
                self.usage.remove(&oldest);
            }
        }
        let usage = self
            .usage
            .entry(token.to_owned())
            .or_insert_with(|| Usage::new(limits, now));
        // A limit that is not enforced never runs out, or a careful client would stop.
        let renewed = !self.enforced && usage.requests + 1 >= limits.requests_per_hour;
        if renewed || now.duration_since(usage.start) >= limits.hour() {
            (usage.start, usage.requests) = (now, 0);
        }
        if !self.enforced {
            usage.requests += 1;
            return Ok(());
        }
        if usage.requests >= limits.requests_per_hour {
            self.limit_responses += 1;
            return Err(Refusal::new(limits.status, primary_limit_message())
                .documented_at(PRIMARY_LIMIT_DOCUMENTATION));
        }
        let costs = if writes { [5, 1, 1] } else { [1, 0, 0] };
        let waits = usage
            .allowances
            .iter_mut()
            .zip(costs)
            .filter_map(|(allowance, cost)| allowance.wait(now, cost));
        let crowd = (concurrent > limits.concurrent).then_some(Duration::from_secs(1));
        if let Some(wait) = waits.chain(crowd).max() {
            self.limit_responses += 1;
            return Err(Refusal::new(limits.status, secondary_limit_message())
                .documented_at(SECONDARY_LIMIT_DOCUMENTATION)
                .header("retry-after", whole_seconds(wait).to_string()));
        }
        usage.requests += 1;
        for (allowance, cost) in usage.allowances.iter_mut().zip(costs) {
            allowance.count(now, cost);
        }
        Ok(())
    }

    /// Returns the `x-ratelimit-*` headers.
    pub(crate) fn headers(&self, token: &str) -> [(&'static str, String); 5] {
        let limit = self.limits.requests_per_hour;
        let usage = self.usage.get(token);
        let used = usage.map_or(0, |usage| usage.requests);
        let start = usage.map_or_else(Instant::now, |usage| usage.start);
        let left = self.limits.hour().saturating_sub(start.elapsed());
        [
            ("x-ratelimit-limit", limit.to_string()),
            (
                "x-ratelimit-remaining",
                limit.saturating_sub(used).to_string(),
            ),
            ("x-ratelimit-used", used.to_string()),
            ("x-ratelimit-reset", epoch_seconds_in(left).to_string()),
            ("x-ratelimit-resource", "core".to_owned()),
        ]
    }

    /// Counts a response of a fault that says that a limit is reached, and returns the primary
    /// limit in requests an hour.
    pub(crate) fn count_limit_response(&mut self) -> u64 {
        self.limit_responses += 1;
        self.limits.requests_per_hour
    }
}

pub(crate) fn primary_limit_message() -> &'static str {
    "API rate limit exceeded for this token."
}

pub(crate) fn secondary_limit_message() -> &'static str {
    "This request exceeds a secondary rate limit: wait, then try again."
}

/// Returns the moment this far from now, in whole seconds of the Unix epoch, rounded up.
pub(crate) fn epoch_seconds_in(duration: Duration) -> u64 {
    whole_seconds(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .saturating_add(duration),
    )
}

pub(crate) fn whole_seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// What a token has used.
struct Usage {
    /// When the hour of the primary limit began.
    start: Instant,
    requests: u64,
    /// Points a minute, writes a minute, writes an hour.
    allowances: [Allowance; 3],
}

impl Usage {
    fn new(limits: &Limits, now: Instant) -> Self {
        let allowance = |span, limit| Allowance::new(limits.counting, span, limit, now);
        Self {
            start: now,
            requests: 0,
            allowances: [
                allowance(limits.minute(), limits.points_per_minute),
                allowance(limits.minute(), limits.writes_per_minute),
                allowance(limits.hour(), limits.writes_per_hour),
            ],
        }
    }
}
