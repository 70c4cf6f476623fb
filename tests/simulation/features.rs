//! What kinds of things happen in a schedule.
//!
//! Where a little of everything happens, most of it hides what the rest would show. So half of the
//! seeds have the usual mixture, without other people, stops and partial results. The others have
//! much of little: four kinds of schedules in which one thing happens again and again, and one
//! with a random choice of everything (swarm testing).

use super::{
    conditions::{EVERYTHING, Kind, USUAL},
    rng::Rng,
};

/// The choice of a seed.
#[derive(Clone, Debug)]
pub(super) struct Features {
    /// How many callers there are at most.
    pub(super) callers: u64,
    pub(super) acts: Vec<(Act, u64)>,
    pub(super) handlings: Vec<(Handling, u64)>,
    /// How many batches of a hundred have a deadline, and how many are stopped.
    pub(super) deadlines: u64,
    pub(super) batch_stops: u64,
    /// Whether everything is stopped at some time.
    pub(super) stop: bool,
    /// Whether the limits of the library are reached soon.
    pub(super) tight: bool,
    /// How many requests may be under way, one of these.
    pub(super) concurrent: Vec<usize>,
    /// How often the token provider has trouble, of a hundred times; no provider, a fixed token.
    pub(super) provider: Option<u64>,
    /// How often a key is replaced or all tokens are revoked, at most.
    pub(super) disturbances: u64,
    pub(super) attempts: u32,
    /// After how many pages of a hundred somebody else changes something.
    pub(super) strangers: u64,
    /// What requests meet, each as often as it is here.
    pub(super) faults: Vec<Kind>,
    /// How many requests of a hundred meet one of these, and how many a rate limit.
    pub(super) faulty: u64,
    pub(super) limited: u64,
    /// After how many seconds a limit ends, by its response.
    pub(super) retry_after: Vec<Option<u64>>,
    pub(super) drops_links: bool,
    /// Whether nobody is there any more after some requests.
    pub(super) gone: bool,
}

/// What a caller does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Batch,
    Find,
    List,
    Key,
    Set,
    Rotate,
    Access,
    Delete,
}

impl Act {
    pub(super) fn changes_one(self) -> bool {
        matches!(self, Self::Set | Self::Rotate | Self::Access | Self::Delete)
    }

    pub(super) fn looks(self) -> bool {
        matches!(self, Self::Find | Self::List | Self::Key)
    }
}

/// What a caller does with a call that it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handling {
    Await,
    /// Drops it if it takes too long.
    Drop,
    /// Leaves it alone for a while if it takes too long.
    Leave,
}

const ACTS: [(Act, u64); 8] = [
    (Act::Batch, 90),
    (Act::Find, 10),
    (Act::List, 10),
    (Act::Key, 10),
    (Act::Set, 90),
    (Act::Rotate, 36),
    (Act::Access, 18),
    (Act::Delete, 36),
];

const HANDLINGS: [(Handling, u64); 3] = [
    (Handling::Await, 5),
    (Handling::Drop, 3),
    (Handling::Leave, 2),
];

const RETRY_AFTER: [Option<u64>; 7] = [
    None,
    None,
    Some(0),
    Some(2),
    Some(30),
    Some(100),
    Some(4_000),
];

impl Features {
    pub(super) fn of(seed: u64) -> Self {
        let mut rng = Rng::new(seed, 7);
        let rng = &mut rng;
        match seed % 10 {
            1 => Self::of_strangers(rng),
            3 => Self::of_failures(rng),
            5 => Self::of_queues(rng),
            7 => Self::of_stops(rng),
            9 => Self::swarm(rng),
            _ => Self::usual(rng),
        }
    }

    /// The old mixture.
    fn usual(rng: &mut Rng) -> Self {
        let faults = if rng.percent(10) {
            vec![Kind::ErrorBefore, Kind::MissingScope]
        } else {
            USUAL.to_vec()
        };
        Self {
            callers: 4,
            acts: ACTS.to_vec(),
            handlings: HANDLINGS.to_vec(),
            deadlines: 20,
            batch_stops: 0,
            stop: false,
            tight: rng.percent(50),
            concurrent: vec![1, 2, 5, 100],
            provider: rng.percent(60).then(|| rng.pick(&[0, 0, 10, 40])),
            disturbances: 3,
            attempts: rng.pick(&[1, 2, 4, 4]),
            strangers: 0,
            faults,
            faulty: rng.pick(&[0, 5, 20, 50]),
            limited: rng.pick(&[0, 0, 5, 20, 40]),
            retry_after: RETRY_AFTER.to_vec(),
            drops_links: rng.percent(10),
            gone: rng.percent(10),
        }
    }

    /// Lists of several pages, which somebody else changes, or of which a part is left out.
    fn of_strangers(rng: &mut Rng) -> Self {
        let acts = rng.some(&[Act::List, Act::Rotate, Act::Access], 50);
        Self {
            callers: 2,
            acts: acts.into_iter().map(|act| (act, 1)).collect(),
            handlings: vec![(Handling::Await, 1)],
            strangers: rng.pick(&[0, 20, 50]),
            faults: vec![Kind::Partial, Kind::NoLink],
            faulty: rng.pick(&[0, 0, 20]),
            drops_links: false,
            ..Self::calm(rng)
        }
    }

    /// Few calls whose requests fail again and again.
    fn of_failures(rng: &mut Rng) -> Self {
        let acts = rng.some(&[Act::Set, Act::Rotate, Act::Access, Act::Delete], 50);
        let faults = [
            Kind::LostBefore,
            Kind::LostAfter,
            Kind::ErrorBefore,
            Kind::ErrorAfter,
            Kind::CutBody,
            Kind::MissingScope,
        ];
        Self {
            callers: 2,
            acts: acts.into_iter().map(|act| (act, 1)).collect(),
            handlings: vec![(Handling::Await, 1)],
            provider: rng.pick(&[None, None, Some(40), Some(80)]),
            attempts: rng.pick(&[2, 4, 8]),
            faults: rng.some(&faults, 40),
            faulty: rng.pick(&[40, 60]),
            ..Self::calm(rng)
        }
    }

    /// Many who wait for their turn, and leave.
    fn of_queues(rng: &mut Rng) -> Self {
        let acts = rng.some(&[Act::Set, Act::Rotate, Act::Delete, Act::Find], 50);
        let handlings = rng.some(&[Handling::Await, Handling::Drop, Handling::Leave], 60);
        Self {
            callers: 4,
            acts: acts.into_iter().map(|act| (act, 1)).collect(),
            handlings: handlings
                .into_iter()
                .map(|handling| (handling, 1))
                .collect(),
            tight: true,
            ..Self::calm(rng)
        }
    }

    /// Calls that are stopped, or end at the deadline of their batch, while they wait for anything.
    fn of_stops(rng: &mut Rng) -> Self {
        let acts = rng.some(&[Act::Batch, Act::Set, Act::Rotate], 60);
        let faults = [Kind::Busy, Kind::StuckBefore, Kind::LostBefore];
        Self {
            acts: acts.into_iter().map(|act| (act, 1)).collect(),
            handlings: vec![(Handling::Await, 1)],
            deadlines: rng.pick(&[0, 100]),
            batch_stops: rng.pick(&[0, 100]),
            stop: rng.percent(50),
            tight: rng.percent(30),
            provider: rng.pick(&[None, Some(0), Some(80)]),
            disturbances: rng.pick(&[0, 8]),
            attempts: rng.pick(&[4, 8]),
            faults: rng.some(&faults, 50),
            faulty: rng.pick(&[0, 40, 70]),
            limited: rng.pick(&[0, 0, 20]),
            ..Self::calm(rng)
        }
    }

    /// Anything together.
    fn swarm(rng: &mut Rng) -> Self {
        let acts = rng.some(&ACTS.map(|(act, _)| act), 40);
        let handlings = rng.some(&HANDLINGS.map(|(handling, _)| handling), 60);
        Self {
            callers: 4,
            acts: acts.iter().map(|act| (*act, rng.pick(&[1, 3]))).collect(),
            handlings: handlings
                .into_iter()
                .map(|handling| (handling, 1))
                .collect(),
            deadlines: rng.pick(&[0, 60]),
            batch_stops: rng.pick(&[0, 0, 60]),
            stop: rng.percent(30),
            tight: rng.percent(60),
            concurrent: vec![1, 2, 5, 100],
            provider: rng.percent(50).then(|| rng.pick(&[0, 10, 40, 80])),
            disturbances: rng.pick(&[0, 0, 3, 8]),
            attempts: rng.pick(&[1, 2, 4, 8]),
            strangers: rng.pick(&[0, 0, 30]),
            faults: rng.some(&EVERYTHING, 25),
            faulty: rng.pick(&[0, 0, 10, 50]),
            limited: rng.pick(&[0, 0, 10, 60]),
            retry_after: rng.some(&RETRY_AFTER, 40),
            drops_links: rng.percent(15),
            gone: rng.percent(20),
        }
    }

    /// Nothing in particular.
    fn calm(rng: &mut Rng) -> Self {
        Self {
            callers: 4,
            acts: ACTS.to_vec(),
            handlings: HANDLINGS.to_vec(),
            deadlines: 0,
            batch_stops: 0,
            stop: false,
            tight: false,
            concurrent: vec![100],
            provider: None,
            disturbances: 0,
            attempts: rng.pick(&[1, 4]),
            strangers: 0,
            faults: USUAL.to_vec(),
            faulty: 0,
            limited: 0,
            retry_after: RETRY_AFTER.to_vec(),
            drops_links: false,
            gone: false,
        }
    }
}
