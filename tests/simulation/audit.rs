//! Looks at every request, and complains.

mod bounds;
mod limits;
mod stops;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use tokio::time::Instant;

use self::limits::Counts;
pub(super) use self::limits::Epoch;
use super::conditions::{Fault, Plan};
use crate::{Limits, http::Received};

const MINUTE: Duration = Duration::from_secs(60);

/// What was seen of all requests.
pub(super) struct Audit {
    start: Instant,
    limits: Limits,
    counts: Counts,
    under_way: usize,
    held_until: Option<Instant>,
    tokens: BTreeMap<String, TokenUse>,
    requests: u32,
    asked_for_tokens: u32,
    asking: u32,
    writes: u32,
    holds: Vec<Duration>,
    /// How often each request was sent, first and last.
    sent: BTreeMap<String, Sent>,
    /// How many requests are under way for each secret, and when the last one ended.
    in_flight: BTreeMap<String, (u32, Instant)>,
    calls: Vec<CallTime>,
    /// The secrets that are rotated, and when they were read last.
    rotated: BTreeMap<String, Option<Instant>>,
    /// The secrets of which a part was read only.
    partial: BTreeSet<String>,
    /// Since when nothing is sent for a secret any more, or for any.
    stopped: BTreeMap<String, Instant>,
    all_stopped: Option<Instant>,
    /// How many requests to change a secret met something else than a refused token, after which
    /// they are sent again.
    unrefused: BTreeMap<String, u32>,
    pub(super) complaints: Vec<String>,
    log: Vec<String>,
}

/// How long a call took that was waited for.
#[derive(Clone, Debug)]
struct CallTime {
    what: String,
    writes: bool,
    time: Duration,
}

/// What bounds the time of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallBounds {
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

/// The requests with one token.
#[derive(Default)]
struct TokenUse {
    /// How many were sent since it was refused last. Those that were sent before can still be under
    /// way: the fetch of a key outlives the call that began it.
    sent: usize,
    /// When the first of them was sent.
    since: Option<Instant>,
    /// Whether it was refused, and there can be another one.
    refused: bool,
    /// Whether GitHub or the network said enough for others to be sent at the same time.
    open: bool,
}

impl Audit {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            start: Instant::now(),
            counts: Counts::new(&limits),
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
            in_flight: BTreeMap::new(),
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
    pub(super) fn departed(&mut self, line: &str, token: &str, plan: &Plan) -> Epoch {
        self.note(format!("{line} {token} {:?}", plan.fault));
        if !line.starts_with("GET") && plan.fault != Fault::NoConnection {
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
        self.in_flight
            .entry(name_of(line).to_owned())
            .or_insert((0, now))
            .0 += 1;
        self.age_of_reading(line);
        if self.stopped_at(name_of(line)).is_some_and(|at| at <= now) {
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
        let token_use = self.tokens.entry(token.to_owned()).or_default();
        token_use.sent += 1;
        let refused = token_use.refused;
        // Those of one call go together: two repositories, the secret and its selection. There can
        // be twice as many calls after each second without a response.
        let seconds = token_use.since.get_or_insert(now).elapsed().as_secs();
        let calls = 2_usize.pow(u32::try_from(seconds).unwrap_or(u32::MAX).min(10));
        if token_use.sent > 4 * calls && !token_use.open {
            self.complain(format!(
                "{line} was sent with a token that no response has accepted"
            ));
        }
        if refused {
            self.complain(format!("{line} was sent with a token that was refused"));
        }
        self.counts.epoch()
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

    /// The token provider has returned, or is given up.
    pub(super) fn token_supplied(&mut self) {
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
                self.calls.push(CallTime {
                    what: format!("{name} after its reading"),
                    writes: false,
                    time,
                });
            }
            _ => {}
        }
    }

    /// The server counts a request.
    pub(super) fn counted(&mut self, is_write: bool, epoch: Epoch) {
        for complaint in self.counts.count(is_write, epoch) {
            self.complain(complaint);
        }
    }

    /// Returns whether a part of who can use a secret was read only.
    pub(super) fn was_partial(&self, name: &str) -> bool {
        self.partial.contains(name)
    }

    /// The client learns what came of a request: perhaps a response, while so many writes were
    /// granted and not sent.
    pub(super) fn ended(
        &mut self,
        line: &str,
        token: &str,
        epoch: Epoch,
        received: Option<(&Received, usize)>,
    ) {
        self.landed(line);
        let token_use = self.tokens.entry(token.to_owned()).or_default();
        match received {
            Some((received, _)) if received.status == 401 => {
                (token_use.sent, token_use.since) = (0, None);
                token_use.refused = !matches!(token, "token-fixed" | "token-wrong" | "token");
            }
            _ => token_use.open = true,
        }
        let Some((received, granted)) = received else {
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
        let body = String::from_utf8_lossy(&received.body);
        if body.contains("rate limit") {
            let granted = body.contains("secondary").then_some(granted);
            self.counts.reported(epoch, granted);
        }
        if let Some(hold) = hold(received) {
            self.holds.push(hold);
            let until = Instant::now() + hold;
            self.held_until = self.held_until.max(Some(until));
        }
    }

    /// The client drops a request.
    pub(super) fn given_up(&mut self, line: &str, token: &str) {
        self.note("given up".to_owned());
        self.landed(line);
        let token_use = self.tokens.entry(token.to_owned()).or_default();
        token_use.open = true;
    }

    fn landed(&mut self, line: &str) {
        // It may have been sent before the audit began.
        self.under_way = self.under_way.saturating_sub(1);
        if let Some((count, last)) = self.in_flight.get_mut(name_of(line)) {
            *count -= 1;
            *last = Instant::now();
        }
    }

    /// Returns how many calls were to change a secret and sent no change: they waited for their
    /// turn all the same.
    fn unsent_writes(&self) -> u32 {
        let written = |name: &str| {
            let mut writes = self.sent.keys().filter(|line| !line.starts_with("GET"));
            writes.any(|line| name_of(line) == name)
        };
        let unsent = self.calls.iter().filter(|call| call.writes);
        let unsent = unsent.filter(|call| !written(&call.what)).count();
        u32::try_from(unsent).expect("a few calls")
    }

    pub(super) fn was_sent(&self, line: &str) -> bool {
        self.sent.contains_key(line)
    }

    /// Returns whether a change of a secret was sent, and not only to be sent again.
    pub(super) fn was_carried_out(&self, name: &str) -> bool {
        self.unrefused.get(name).is_some_and(|times| *times > 0)
    }

    pub(super) fn requests(&self) -> u32 {
        self.requests
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
        let requested = number("retry-after").map(Duration::from_secs);
        let requested = requested.or_else(|| reset().filter(|_| exhausted));
        let longest = if exhausted { hour } else { Duration::MAX };
        return Some(
            requested
                .unwrap_or(MINUTE)
                .max(Duration::from_secs(1))
                .min(longest),
        );
    }
    reset().filter(|_| exhausted)
}
