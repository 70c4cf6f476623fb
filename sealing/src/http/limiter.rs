//! The one place that every request of a `GitHub` passes: rate limits, pacing, concurrency.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep_until},
};

use super::pace::Pace;
use crate::{Error, LimitKind, Limits, RateLimit, RateLimited, ResponseHead, error::Target};

/// Why, and for how long, a call waits.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Wait {
    /// What the call waits for.
    pub reason: WaitReason,
    /// For how long.
    pub duration: Duration,
}

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// For a rate limit that GitHub answered with to end.
    RateLimit(LimitKind),
    /// For its turn, to stay under GitHub's limits.
    Pacing,
    /// For the next attempt after a failure.
    Retry,
}

pub(crate) type OnWait = Arc<dyn Fn(&Wait) + Send + Sync>;

pub(crate) struct Limiter {
    minute: Duration,
    slots: Semaphore,
    state: Mutex<State>,
    on_wait: Option<OnWait>,
}

struct State {
    points: Option<Pace>,
    writes: Option<Pace>,
    writes_of_the_hour: Option<Pace>,
    hold: Option<Hold>,
    /// How many limit answers came without a success between them.
    strikes: u32,
    /// By how much the steady rate is lowered, and since when.
    slowdown: u32,
    slowed_at: Option<Instant>,
    rate_limit: Option<RateLimit>,
    /// GitHub's clock, and when it was read.
    clock: Option<(SystemTime, Instant)>,
}

#[derive(Clone)]
struct Hold {
    until: Instant,
    kind: LimitKind,
    head: ResponseHead,
}

/// The points that GitHub counts for a read and for a write.
const READ_POINTS: u32 = 1;
const WRITE_POINTS: u32 = 5;

/// A limit that ends at once, as `Retry-After: 0` says, would be run into again and again.
const SHORTEST_TOLD_HOLD: Duration = Duration::from_secs(1);

/// Keeps the arithmetic of absurd headers in range; no call waits that long.
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

impl Limiter {
    pub(crate) fn new(limits: &Limits, on_wait: Option<OnWait>) -> Self {
        let minute = limits.minute;
        let pace = |units: Option<u32>, window| units.map(|units| Pace::new(units, window));
        Self {
            minute,
            slots: Semaphore::new(limits.concurrent),
            state: Mutex::new(State {
                points: pace(limits.points_per_minute, minute),
                writes: pace(limits.writes_per_minute, minute),
                writes_of_the_hour: pace(limits.writes_per_hour, minute * 60),
                hold: None,
                strikes: 0,
                slowdown: 1,
                slowed_at: None,
                rate_limit: None,
                clock: None,
            }),
            on_wait,
        }
    }

    /// A place among the requests under way, once no limit stands against it.
    pub(crate) async fn pass(
        &self,
        target: &Target,
        deadline: Instant,
    ) -> Result<SemaphorePermit<'_>, Error> {
        loop {
            self.wait_for_limit(target, deadline).await?;
            let turn = self.lock().take_turn(target.operation.is_write());
            self.wait_until(turn, WaitReason::Pacing).await;
            // The semaphore is never closed, and a missing permit only means less protection.
            let Ok(permit) = self.slots.acquire().await else {
                continue;
            };
            if self.lock().holding().is_none() {
                return Ok(permit);
            }
        }
    }

    /// Waits for `duration`, visibly.
    pub(crate) async fn wait(&self, duration: Duration, reason: WaitReason) {
        self.wait_until(Instant::now() + duration.min(LONGEST_HOLD), reason)
            .await;
    }

    /// Takes note of an answer that is no limit.
    pub(crate) fn observe(&self, head: &ResponseHead) {
        let mut state = self.lock();
        state.strikes = 0;
        state.recover(self.minute);
        if let Some(date) = head.date() {
            state.clock = Some((date, Instant::now()));
        }
        let Some(rate_limit) = head.rate_limit() else {
            return;
        };
        state.rate_limit = Some(rate_limit.clone());
        if rate_limit.remaining == 0
            && let Some(wait) = until_reset(head)
        {
            state.hold(wait, LimitKind::Primary, head);
        }
    }

    /// Takes note of a limit that GitHub answered with: no request goes out while it holds.
    pub(crate) fn limited(&self, limited: &RateLimited) {
        let Some(head) = &limited.head else {
            return;
        };
        let mut state = self.lock();
        // Requests that were under way together meet one limit together, and count once.
        if state.holding().is_none() {
            state.strikes = state.strikes.saturating_add(1);
            if limited.kind == LimitKind::Secondary {
                state.slow_down();
            }
        }
        if let Some(rate_limit) = head.rate_limit() {
            state.rate_limit = Some(rate_limit.clone());
        }
        let told = told_wait(head).map(|wait| wait.max(SHORTEST_TOLD_HOLD));
        let wait = told.unwrap_or_else(|| {
            self.minute * 2_u32.saturating_pow(state.strikes.min(6).saturating_sub(1))
        });
        state.hold(wait, limited.kind, head);
    }

    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        self.lock().rate_limit.clone()
    }

    /// What GitHub's clock shows now, to about a second, once an answer has told it.
    pub(crate) fn github_time(&self) -> Option<SystemTime> {
        let (date, read_at) = self.lock().clock?;
        date.checked_add(read_at.elapsed())
    }

    /// A wait that would outlast the call's deadline is not begun.
    async fn wait_for_limit(&self, target: &Target, deadline: Instant) -> Result<(), Error> {
        loop {
            let Some(hold) = self.lock().holding() else {
                return Ok(());
            };
            if hold.until > deadline {
                let wait = hold.until.saturating_duration_since(Instant::now());
                return Err(Error::RateLimited(Box::new(RateLimited {
                    kind: hold.kind,
                    wait,
                    until: SystemTime::now() + wait,
                    target: target.clone(),
                    head: Some(hold.head),
                })));
            }
            self.wait_until(hold.until, WaitReason::RateLimit(hold.kind))
                .await;
        }
    }

    async fn wait_until(&self, at: Instant, reason: WaitReason) {
        let duration = at.saturating_duration_since(Instant::now());
        if duration.is_zero() {
            return;
        }
        let seconds = duration.as_secs_f64();
        match reason {
            WaitReason::Pacing => tracing::debug!(?reason, seconds, "waiting"),
            _ => tracing::warn!(?reason, seconds, "waiting"),
        }
        if let Some(on_wait) = &self.on_wait {
            on_wait(&Wait { reason, duration });
        }
        sleep_until(at).await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take_turn(&mut self, is_write: bool) -> Instant {
        let now = Instant::now();
        let slowdown = self.slowdown;
        let take = |pace: &mut Option<Pace>, cost, slowdown| {
            pace.as_mut()
                .map_or(now, |pace| pace.take(now, cost, slowdown))
        };
        if !is_write {
            return take(&mut self.points, READ_POINTS, slowdown);
        }
        take(&mut self.points, WRITE_POINTS, slowdown)
            .max(take(&mut self.writes, 1, slowdown))
            .max(take(&mut self.writes_of_the_hour, 1, 1))
    }

    fn holding(&mut self) -> Option<Hold> {
        let now = Instant::now();
        self.hold.take_if(|hold| hold.until <= now);
        self.hold.clone()
    }

    fn hold(&mut self, wait: Duration, kind: LimitKind, head: &ResponseHead) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        if self.hold.as_ref().is_none_or(|hold| hold.until < until) {
            self.hold = Some(Hold {
                until,
                kind,
                head: head.clone(),
            });
        }
    }

    /// Half the rate, down to an eighth, and no burst until the allowance has come back; that of
    /// the hour is left as it is, since its rate is slow enough to be hardly ever the cause.
    fn slow_down(&mut self) {
        let now = Instant::now();
        self.slowdown = (self.slowdown * 2).min(8);
        self.slowed_at = Some(now);
        for pace in [&mut self.points, &mut self.writes].into_iter().flatten() {
            pace.drain(now);
        }
    }

    /// Back to twice the rate after each quiet five minutes.
    fn recover(&mut self, minute: Duration) {
        if let Some(at) = self.slowed_at
            && at.elapsed() >= minute * 5
        {
            self.slowdown = (self.slowdown / 2).max(1);
            self.slowed_at = (self.slowdown > 1).then(Instant::now);
        }
    }
}

/// What GitHub says of how long to wait, in its documented order: `Retry-After`, then the reset.
fn told_wait(head: &ResponseHead) -> Option<Duration> {
    head.retry_after().or_else(|| until_reset(head))
}

/// Until one second after the reset, measured by GitHub's own clock where it gave the time.
fn until_reset(head: &ResponseHead) -> Option<Duration> {
    let reset = head
        .rate_limit()
        .filter(|rate| rate.remaining == 0)?
        .reset?;
    let now = head.date().unwrap_or_else(SystemTime::now);
    Some(reset.duration_since(now).unwrap_or_default() + Duration::from_secs(1))
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}
