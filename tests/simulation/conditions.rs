//! What network and server do to requests.

use std::time::Duration;

use super::{features::Features, rng::Rng};

/// How much of everything a simulation has.
#[derive(Clone, Debug)]
pub(super) struct Conditions {
    /// The longest way, in milliseconds.
    latency: u64,
    /// What requests meet, and how many of a hundred meet one of these.
    faults: Vec<Kind>,
    faulty: u64,
    /// How many meet a rate limit, and after how many seconds that ends.
    limited: u64,
    retry_after: Vec<Option<u64>>,
    /// Whether a proxy drops the links between pages.
    drops_links: bool,
    /// From which request on nobody is there any more, and how that shows.
    gone: Option<(u32, Fault)>,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    NoConnection,
    LostBefore,
    LostAfter,
    StuckBefore,
    StuckAfter,
    ErrorBefore,
    ErrorAfter,
    CutBody,
    /// An error that says when to come back.
    Busy,
    Refusal,
    MissingScope,
    NoLink,
    OddDate,
    LastOfTheHour,
    Partial,
}

pub(super) const EVERYTHING: [Kind; 15] = [
    Kind::NoConnection,
    Kind::LostBefore,
    Kind::LostAfter,
    Kind::StuckBefore,
    Kind::StuckAfter,
    Kind::ErrorBefore,
    Kind::ErrorAfter,
    Kind::CutBody,
    Kind::Busy,
    Kind::Refusal,
    Kind::MissingScope,
    Kind::NoLink,
    Kind::OddDate,
    Kind::LastOfTheHour,
    Kind::Partial,
];

/// The mixture without partial results.
pub(super) const USUAL: [Kind; 16] = [
    Kind::NoConnection,
    Kind::LostBefore,
    Kind::LostAfter,
    Kind::LostAfter,
    Kind::StuckBefore,
    Kind::StuckAfter,
    Kind::ErrorBefore,
    Kind::ErrorAfter,
    Kind::ErrorAfter,
    Kind::CutBody,
    Kind::Refusal,
    Kind::Refusal,
    Kind::Refusal,
    Kind::NoLink,
    Kind::OddDate,
    Kind::LastOfTheHour,
];

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

const MISSING_SCOPE: Fault = Fault::Refusal(
    404,
    &[
        ("x-oauth-scopes", "repo"),
        ("x-accepted-oauth-scopes", "admin:org"),
    ],
    "Not Found",
);

const BUSY: Fault = Fault::Refusal(503, &[("retry-after", "40")], "Come back later");

const REFUSALS: [Fault; 5] = [
    Fault::Refusal(403, &[], "Must have admin rights to Repository."),
    Fault::Refusal(
        403,
        &[("x-ratelimit-remaining", "0")],
        "Resource not accessible by integration",
    ),
    MISSING_SCOPE,
    Fault::Refusal(422, &[], "Secret names are odd"),
    Fault::Refusal(400, &[], "Problems parsing JSON"),
];

impl Conditions {
    /// Nothing but the way there and back.
    pub(super) fn calm() -> Self {
        Self {
            latency: 100,
            faults: Vec::new(),
            faulty: 0,
            limited: 0,
            retry_after: Vec::new(),
            drops_links: false,
            gone: None,
        }
    }

    /// Faults of these kinds, for so many requests of a hundred.
    pub(super) fn faulty(faults: &[Kind], faulty: u64) -> Self {
        Self {
            faults: faults.to_vec(),
            faulty,
            ..Self::calm()
        }
    }

    /// Rate limits for so many requests of a hundred, and so long ways, in milliseconds.
    #[cfg(feature = "sync")]
    pub(super) fn limited(self, limited: u64, latency: u64) -> Self {
        Self {
            latency,
            limited,
            retry_after: vec![None, Some(1), Some(60)],
            ..self
        }
    }

    pub(super) fn new(features: &Features, rng: &mut Rng) -> Self {
        Self {
            latency: rng.pick(&[20, 300, 3_000]),
            faults: features.faults.clone(),
            faulty: features.faulty,
            limited: features.limited,
            retry_after: features.retry_after.clone(),
            drops_links: features.drops_links,
            gone: features.gone.then(|| {
                let gone = [Fault::NoConnection, MISSING_SCOPE];
                (rng.pick(&[0, 5, 30]), rng.pick(&gone))
            }),
        }
    }

    pub(super) fn plan(&self, rng: &mut Rng, request: u32) -> Plan {
        let fault = match rng.within(0..=99) {
            roll if roll < self.limited => Fault::Limit(LimitAnswer {
                retry_after: rng.pick(&self.retry_after),
                ..LimitAnswer::draw(rng)
            }),
            roll if roll < self.limited + self.faulty => rng.pick(&self.faults).draw(rng),
            _ if self.drops_links => Fault::NoLink,
            _ => Fault::None,
        };
        let gone = self.gone.filter(|(since, _)| request >= *since);
        let fault = gone.map_or(fault, |(_, gone)| gone);
        let slow = rng.percent(self.faulty / 4);
        Plan {
            out: rng.millis(0..=self.latency),
            work: rng.millis(0..=if slow { 20_000 } else { 200 }),
            back: rng.millis(0..=self.latency),
            fault,
            outlives: rng.percent(50),
        }
    }
}

impl Kind {
    fn draw(self, rng: &mut Rng) -> Fault {
        match self {
            Self::NoConnection => Fault::NoConnection,
            Self::LostBefore => Fault::LostBefore,
            Self::LostAfter => Fault::LostAfter,
            Self::StuckBefore => Fault::StuckBefore,
            Self::StuckAfter => Fault::StuckAfter,
            Self::ErrorBefore => Fault::ErrorBefore(rng.pick(&[500, 502, 503, 504, 408])),
            Self::ErrorAfter => Fault::ErrorAfter(rng.pick(&[500, 502, 504])),
            Self::CutBody => Fault::CutBody,
            Self::Busy => BUSY,
            Self::Refusal => rng.pick(&REFUSALS),
            Self::MissingScope => MISSING_SCOPE,
            Self::NoLink => Fault::NoLink,
            Self::OddDate => Fault::OddDate,
            Self::LastOfTheHour => Fault::LastOfTheHour(rng.pick(&[3, 90, 86_400, u64::MAX / 4])),
            Self::Partial => Fault::Partial,
        }
    }
}

impl LimitAnswer {
    fn draw(rng: &mut Rng) -> Self {
        Self {
            status: rng.pick(&[403, 429]),
            primary: rng.percent(30),
            retry_after: None,
            reset: rng.pick(&[5, 60, 3_000, 86_400, u64::MAX / 4]),
        }
    }
}
