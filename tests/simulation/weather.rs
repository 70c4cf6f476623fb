//! What network and server do to requests.

use std::time::Duration;

use super::rng::Rng;

/// How much of everything a simulation has.
#[derive(Clone, Debug)]
pub(super) struct Weather {
    /// The longest way, in milliseconds.
    latency: u64,
    /// How many requests of a hundred meet a fault, and how many a rate limit.
    faults: u64,
    limits: u64,
    /// Whether a proxy drops the links between pages.
    drops_links: bool,
    /// Whether its only faults are errors and the claim that nothing is there.
    hides: bool,
    /// From which request on nobody is there any more, and how that shows.
    gone: Option<(u32, Fault)>,
}

/// What happens to one request.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) out: Duration,
    pub(super) work: Duration,
    pub(super) back: Duration,
    pub(super) fault: Fault,
    /// Whether it arrives although the client gave it up.
    pub(super) outlives: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    NoConnection,
    LostBefore,
    LostAfter,
    StuckBefore,
    StuckAfter,
    ErrorBefore(u16),
    ErrorAfter(u16),
    CutBody,
    Refusal(u16, &'static [(&'static str, &'static str)], &'static str),
    Limit(LimitAnswer),
    LastOfTheHour(u64),
    NoLink,
    OddDate,
    /// What needs single sign-on is left out of a list.
    Partial,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LimitAnswer {
    pub(super) status: u16,
    pub(super) primary: bool,
    pub(super) retry_after: Option<u64>,
    pub(super) reset: u64,
}

const REFUSALS: [Fault; 5] = [
    Fault::Refusal(403, &[], "Must have admin rights to Repository."),
    Fault::Refusal(
        403,
        &[("x-ratelimit-remaining", "0")],
        "Resource not accessible by integration",
    ),
    Fault::Refusal(
        404,
        &[
            ("x-oauth-scopes", "repo"),
            ("x-accepted-oauth-scopes", "admin:org"),
        ],
        "Not Found",
    ),
    Fault::Refusal(422, &[], "Secret names are odd"),
    Fault::Refusal(400, &[], "Problems parsing JSON"),
];

impl Weather {
    /// Nothing but the way there and back.
    pub(super) fn calm() -> Self {
        Self {
            latency: 100,
            faults: 0,
            limits: 0,
            drops_links: false,
            hides: false,
            gone: None,
        }
    }

    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            latency: rng.pick(&[20, 300, 3_000]),
            faults: rng.pick(&[0, 5, 20, 50]),
            limits: rng.pick(&[0, 0, 5, 20, 40]),
            drops_links: rng.percent(10),
            hides: rng.percent(10),
            gone: rng.percent(10).then(|| {
                let gone = [Fault::NoConnection, REFUSALS[2]];
                (rng.pick(&[0, 5, 30]), rng.pick(&gone))
            }),
        }
    }

    pub(super) fn plan(&self, rng: &mut Rng, request: u32) -> Plan {
        let fault = match rng.within(0..=99) {
            roll if roll < self.limits => Fault::Limit(LimitAnswer::draw(rng)),
            roll if roll < self.limits + self.faults => self.fault(rng),
            _ if self.drops_links => Fault::NoLink,
            _ => Fault::None,
        };
        let gone = self.gone.filter(|(since, _)| request >= *since);
        let fault = gone.map_or(fault, |(_, gone)| gone);
        let slow = rng.percent(self.faults / 4);
        Plan {
            out: rng.millis(0..=self.latency),
            work: rng.millis(0..=if slow { 20_000 } else { 200 }),
            back: rng.millis(0..=self.latency),
            fault,
            outlives: rng.percent(50),
        }
    }

    fn fault(&self, rng: &mut Rng) -> Fault {
        match rng.within(0..=16) {
            _ if self.hides => rng.pick(&[Fault::ErrorBefore(502), REFUSALS[2]]),
            0 => Fault::NoConnection,
            1 => Fault::LostBefore,
            2 | 3 => Fault::LostAfter,
            4 => Fault::StuckBefore,
            5 => Fault::StuckAfter,
            6 => Fault::ErrorBefore(rng.pick(&[500, 502, 503, 504, 408])),
            7 | 8 => Fault::ErrorAfter(rng.pick(&[500, 502, 504])),
            9 => Fault::CutBody,
            10..=12 => rng.pick(&REFUSALS),
            13 => rng.pick(&[Fault::NoLink, Fault::OddDate]),
            14 | 15 => Fault::Partial,
            _ => Fault::LastOfTheHour(rng.pick(&[3, 90, 86_400, u64::MAX / 4])),
        }
    }
}

impl LimitAnswer {
    fn draw(rng: &mut Rng) -> Self {
        Self {
            status: rng.pick(&[403, 429]),
            primary: rng.percent(30),
            retry_after: rng.pick(&[
                None,
                None,
                Some(0),
                Some(2),
                Some(30),
                Some(100),
                Some(4_000),
            ]),
            reset: rng.pick(&[5, 60, 3_000, 86_400, u64::MAX / 4]),
        }
    }
}
