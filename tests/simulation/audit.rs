//! Looks at every request, and complains.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, SystemTime},
};

use tokio::time::Instant;

use super::{
    schedule::TIMEOUT,
    weather::{Fault, Plan},
};
use crate::{Limits, http::Received};

const MINUTE: Duration = Duration::from_secs(60);

/// What was seen of all requests.
pub(super) struct Audit {
    start: Instant,
    limits: Limits,
    windows: [Counted; 3],
    under_way: usize,
    held_until: Option<Instant>,
    tokens: BTreeMap<String, Trials>,
    requests: u32,
    asked_for_tokens: u32,
    asking: u32,
    writes: u32,
    holds: Vec<Duration>,
    /// How often each request was sent, first and last.
    sent: BTreeMap<String, Sent>,
    calls: Vec<Took>,
    /// The secrets that are rotated, and when they were read last.
    rotated: BTreeMap<String, Option<Instant>>,
    /// The secrets of which a part was read only.
    partial: BTreeSet<String>,
    /// Since when nothing is sent for a secret any more, or for any.
    stopped: BTreeMap<String, Instant>,
    all_stopped: Option<Instant>,
    /// How many requests to change a secret met something else than a limit or a refused token,
    /// after which they are sent again.
    unrefused: BTreeMap<String, u32>,
    pub(super) complaints: Vec<String>,
    log: Vec<String>,
}

/// How long a call took that was waited for.
#[derive(Clone, Debug)]
struct Took {
    what: String,
    writes: bool,
    time: Duration,
}

/// What bounds the time of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) attempts: u32,
    pub(super) deadline: Duration,
    pub(super) timeout: Duration,
    pub(super) provider: Duration,
}

/// How often a request was sent.
#[derive(Clone, Copy, Debug)]
struct Sent {
    times: u32,
    first: Instant,
    last: Instant,
}

/// What one limit counts.
struct Counted {
    name: &'static str,
    limit: u32,
    length: Duration,
    entries: VecDeque<(Instant, u32)>,
}

/// The requests with one token.
#[derive(Default)]
struct Trials {
    under_way: usize,
    /// Whether GitHub or the network said enough for others to be sent at the same time.
    open: bool,
}

impl Audit {
    pub(super) fn new(limits: Limits) -> Self {
        let window = |name, limit: Option<u32>, length| Counted {
            name,
            limit: limit.unwrap_or(u32::MAX),
            length,
            entries: VecDeque::new(),
        };
        Self {
            start: Instant::now(),
            windows: [
                window("points a minute", limits.points_per_minute, MINUTE),
                window("writes a minute", limits.writes_per_minute, MINUTE),
                window("writes an hour", limits.writes_per_hour, MINUTE * 60),
            ],
            limits,
            under_way: 0,
            held_until: None,
            tokens: BTreeMap::new(),
            requests: 0,
            asked_for_tokens: 0,
            asking: 0,
            writes: 0,
            holds: Vec::new(),
            sent: BTreeMap::new(),
            calls: Vec::new(),
            rotated: BTreeMap::new(),
            partial: BTreeSet::new(),
            stopped: BTreeMap::new(),
            all_stopped: None,
            unrefused: BTreeMap::new(),
            complaints: Vec::new(),
            log: Vec::new(),
        }
    }

    /// A request leaves the client.
    pub(super) fn departed(&mut self, line: &str, token: &str, plan: &Plan) {
        self.note(format!("{line} {token} {:?}", plan.fault));
        if !line.starts_with("GET") && !matches!(plan.fault, Fault::Limit(_) | Fault::NoConnection)
        {
            *self.unrefused.entry(name_of(line).to_owned()).or_default() += 1;
        }
        self.requests += 1;
        assert!(self.requests < 20_000, "the client sends without end");
        self.writes += u32::from(!line.starts_with("GET"));
        let now = Instant::now();
        let sent = self.sent.entry(line.to_owned()).or_insert(Sent {
            times: 0,
            first: now,
            last: now,
        });
        sent.times += 1;
        sent.last = now;
        self.age_of_reading(line);
        if self.stopped_at(name_of(line)).is_some() {
            self.complain(format!("{line} was sent after a stop"));
        }
        if line.starts_with("PUT") && self.was_partial(name_of(line)) {
            self.complain(format!("{line} was sent after a part was read"));
        }
        if self.held_until.is_some_and(|until| Instant::now() < until) {
            self.complain(format!("{line} was sent during a hold"));
        }
        self.under_way += 1;
        if self.under_way > self.limits.concurrent {
            self.complain(format!("{} requests at once", self.under_way));
        }
        let trials = self.tokens.entry(token.to_owned()).or_default();
        trials.under_way += 1;
        // Those of one call go together: two repositories, the secret and its selection.
        if trials.under_way > 4 && !trials.open {
            self.complain(format!("{line} was sent with a token on trial"));
        }
    }

    /// The token provider is called.
    pub(super) fn asked_for_token(&mut self) {
        self.asked_for_tokens += 1;
        self.asking += 1;
        if self.asking > 1 {
            self.complain("the provider is asked twice at once".to_owned());
        }
        // Each attempt asks once, and once more if its token expires before its turn.
        if self.asked_for_tokens == 1_000 {
            self.complain("the provider is asked without end".to_owned());
            panic!("the provider is asked without end");
        }
    }

    /// The token provider answers, or is given up.
    pub(super) fn told_token(&mut self) {
        self.asking -= 1;
    }

    /// A secret is rotated, and nothing else happens to it.
    pub(super) fn rotates(&mut self, name: &str) {
        self.rotated.insert(name.to_owned(), None);
    }

    /// Takes note of how old the reading is when a secret is written that is rotated.
    fn age_of_reading(&mut self, line: &str) {
        let name = name_of(line);
        match (line.split(' ').next(), self.rotated.get_mut(name)) {
            (Some("GET"), Some(read)) => *read = Some(Instant::now()),
            (Some("PUT"), Some(Some(read))) => {
                let time = read.elapsed();
                self.rotated.remove(name);
                self.calls.push(Took {
                    what: format!("{name} after its reading"),
                    // A reservation that waits for points for too long is lost, and another one
                    // waits as a write does.
                    writes: self.limits.points_per_minute == Some(5),
                    time,
                });
            }
            _ => {}
        }
    }

    /// The server counts a request.
    pub(super) fn counted(&mut self, is_write: bool) {
        let now = Instant::now();
        let costs = if is_write { [5, 1, 1] } else { [1, 0, 0] };
        let mut complaints = Vec::new();
        for (window, cost) in self.windows.iter_mut().zip(costs) {
            let Counted {
                name,
                limit,
                length,
                entries,
            } = window;
            entries.push_back((now, cost));
            while entries.front().is_some_and(|(at, _)| now - *at >= *length) {
                entries.pop_front();
            }
            let count: u32 = entries.iter().map(|(_, cost)| cost).sum();
            if count > *limit {
                complaints.push(format!("{count} {name} instead of {limit}"));
            }
        }
        complaints
            .into_iter()
            .for_each(|complaint| self.complain(complaint));
    }

    /// Returns whether a part of who can use a secret was read only.
    pub(super) fn was_partial(&self, name: &str) -> bool {
        self.partial.contains(name)
    }

    /// The client learns what came of a request.
    pub(super) fn ended(&mut self, line: &str, token: &str, received: Option<&Received>) {
        self.under_way -= 1;
        let trials = self.tokens.entry(token.to_owned()).or_default();
        trials.under_way -= 1;
        trials.open |= received.is_none_or(|received| received.status != 401);
        let Some(received) = received else {
            self.note("nothing came".to_owned());
            return;
        };
        self.note(format!("{}", received.status));
        let name = name_of(line);
        if received.status == 401
            && !line.starts_with("GET")
            && let Some(times) = self.unrefused.get_mut(name)
        {
            *times -= 1;
        }
        if received.headers.contains_key("x-github-sso") {
            self.partial.insert(name.to_owned());
        }
        if let Some(hold) = hold(received) {
            self.holds.push(hold);
            let until = Instant::now() + hold;
            self.held_until = self.held_until.max(Some(until));
        }
    }

    /// The client drops a request.
    pub(super) fn given_up(&mut self, token: &str) {
        self.note("given up".to_owned());
        self.under_way -= 1;
        let trials = self.tokens.entry(token.to_owned()).or_default();
        trials.under_way -= 1;
        trials.open = true;
    }

    pub(super) fn was_sent(&self, line: &str) -> bool {
        self.sent.contains_key(line)
    }

    /// Nothing is to be sent any more for this secret.
    pub(super) fn stop(&mut self, name: &str) {
        self.note(format!("{name} is stopped"));
        self.stopped.insert(name.to_owned(), Instant::now());
    }

    /// Nothing is to be sent any more.
    pub(super) fn stop_all(&mut self) {
        self.note("all is stopped".to_owned());
        self.all_stopped = Some(Instant::now());
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.all_stopped.is_some()
    }

    /// Returns whether a change of a secret was sent, and not only to be sent again.
    pub(super) fn was_carried_out(&self, name: &str) -> bool {
        self.unrefused.get(name).is_some_and(|times| *times > 0)
    }

    /// Returns when what concerns this secret was stopped, if it was.
    pub(super) fn stopped_at(&self, name: &str) -> Option<Instant> {
        let own = self.stopped.get(name).copied();
        own.into_iter().chain(self.all_stopped).min()
    }

    pub(super) fn requests(&self) -> u32 {
        self.requests
    }

    pub(super) fn took(&mut self, what: String, writes: bool, time: Duration) {
        // What was sent before a stop is waited for, and nothing else.
        let since = self.stopped_at(&what).map(|stopped| stopped.elapsed());
        if let Some(since) = since
            .map(|since| since.min(time))
            .filter(|since| *since > TIMEOUT)
        {
            self.complain(format!("{what} took {since:?} after a stop"));
        }
        self.calls.push(Took { what, writes, time });
    }

    /// Checks what can be checked only when all is over.
    pub(super) fn close(&mut self, patience: Patience) {
        let bounds = [false, true].map(|writes| self.bound(patience, writes));
        for Took { what, writes, time } in self.calls.clone() {
            let bound = bounds[usize::from(writes)];
            if time > bound {
                self.complain(format!("{what} took {time:?}, longer than {bound:?}"));
            }
        }
        for (line, sent) in self.sent.clone() {
            // A value is sealed twice at most, and a secret read three times. Each can take one
            // more attempt with another token.
            // A list of several pages is read until two readings agree, and again after a write.
            let most = match line.split_once(' ') {
                Some(("DELETE", _)) => 1,
                Some(("PUT", _)) => 2,
                Some((_, path)) if path.contains("/repositories") => 8,
                Some((_, path)) if path.contains("/C") => 3,
                _ => continue,
            };
            let (times, most) = (sent.times, most * (patience.attempts + 1));
            if times > most {
                self.complain(format!("{line} was sent {times} times, more than {most}"));
            }
            let (time, bound) = (sent.last - sent.first, self.bound_of_attempts(patience));
            // Without any time, an attempt with a fresh key or token can come at any time.
            let timed = !patience.deadline.is_zero() && !line.starts_with("GET");
            if timed && time > bound {
                self.complain(format!(
                    "{line} was tried for {time:?}, longer than {bound:?}"
                ));
            }
        }
    }

    /// The longest time between the first and the last attempt at a write.
    fn bound_of_attempts(&self, patience: Patience) -> Duration {
        let Patience {
            deadline,
            timeout,
            provider,
            ..
        } = patience;
        let trial = if provider.is_zero() {
            Duration::ZERO
        } else {
            timeout
        };
        // Without any time there is one more attempt with a fresh key.
        let sending = if deadline.is_zero() {
            timeout * 4
        } else {
            deadline
        };
        sending + provider * 2 + trial + self.queue(patience, true)
    }

    /// The longest that a call can take.
    fn bound(&self, patience: Patience, writes: bool) -> Duration {
        let Patience {
            deadline,
            timeout,
            provider,
            ..
        } = patience;
        // One attempt is under way when the time is over. Its token may be on trial, and may expire
        // before its turn. Without any time there is one attempt at each request.
        let attempts = if deadline.is_zero() { 40 } else { 1 };
        let sending = deadline + (timeout * 2 + provider * 2) * attempts;
        sending + self.queue(patience, writes)
    }

    /// The longest that a request can wait for its turn.
    fn queue(&self, patience: Patience, writes: bool) -> Duration {
        let Patience {
            deadline, timeout, ..
        } = patience;
        // Before the first request, a hold is waited for whenever it is met.
        let holds: Duration = self.holds.iter().map(|hold| *hold.min(&deadline)).sum();
        let slots = timeout * self.requests / u32::try_from(self.limits.concurrent).unwrap();
        let minute = MINUTE + MINUTE / 10 + timeout;
        let reduced = if self.holds.is_empty() { 1 } else { 8 };
        let turns = |count: u32, limit: Option<u32>, window: Duration| {
            let full = limit.map_or(0, |limit| count / (limit / reduced).max(1));
            if full > 0 {
                window * (full + 1)
            } else {
                Duration::ZERO
            }
        };
        let limits = &self.limits;
        let points = self.requests + self.writes * 4;
        let mut queue = holds + slots + turns(points, limits.points_per_minute, minute);
        if writes {
            let of_the_hour = limits.writes_per_hour.map(|limit| limit * reduced);
            queue += turns(self.writes, limits.writes_per_minute, minute);
            queue += turns(self.writes, of_the_hour, minute * 60);
        }
        queue
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = &String> {
        self.tokens.keys()
    }

    pub(super) fn complain(&mut self, complaint: String) {
        self.note(complaint.clone());
        self.complaints.push(complaint);
    }

    pub(super) fn note(&mut self, line: String) {
        let at = self.start.elapsed().as_millis();
        self.log.push(format!("{at:>9} {line}"));
    }

    /// Everything that was seen, line by line.
    pub(super) fn log(&self) -> String {
        self.log.join("\n")
    }
}

/// The name of the secret that a request is about, or nothing.
fn name_of(line: &str) -> &str {
    let path = line.split_once(" /orgs/acme/codespaces/secrets/");
    let name = path.and_then(|(_, path)| path.split(['/', ' ']).next());
    name.unwrap_or_default()
}

/// How long nothing must be sent after a response.
fn hold(received: &Received) -> Option<Duration> {
    let number = |name: &str| {
        received
            .headers
            .get(name)?
            .to_str()
            .ok()?
            .parse::<u64>()
            .ok()
    };
    let hour = MINUTE * 60;
    let reset = || {
        let date = received.headers.get("date")?.to_str().ok()?;
        let date = httpdate::parse_http_date(date).ok()?;
        let reset =
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(number("x-ratelimit-reset")?));
        Some(reset?.duration_since(date).unwrap_or_default().min(hour))
    };
    let exhausted = number("x-ratelimit-remaining") == Some(0);
    let body = String::from_utf8_lossy(&received.body);
    if body.contains("rate limit") {
        let told = number("retry-after").map(Duration::from_secs);
        let told = told.or_else(|| reset().filter(|_| exhausted));
        let longest = if exhausted { hour } else { Duration::MAX };
        return Some(
            told.unwrap_or(MINUTE)
                .max(Duration::from_secs(1))
                .min(longest),
        );
    }
    reset().filter(|_| exhausted)
}
