//! What a simulation replaces: the network, the clock and chance.

use std::{sync::Arc, time::SystemTime};

use crypto_box::aead::{OsRng, rand_core::RngCore};

use super::round_trip::RoundTrip;

/// The parts of the outside world that requests meet.
pub(crate) struct Seams {
    pub(crate) network: Arc<dyn RoundTrip>,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
}

impl Seams {
    pub(crate) fn real(client: reqwest::Client) -> Self {
        Self {
            network: Arc::new(client),
            clock: Clock(Arc::new(SystemTime::now)),
            chance: Chance(Arc::new(random)),
        }
    }
}

/// Tells the time of day.
#[derive(Clone)]
pub(crate) struct Clock(pub(crate) Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    pub(crate) fn now(&self) -> SystemTime {
        (self.0)()
    }
}

/// Draws numbers between 0 and 1.
#[derive(Clone)]
pub(crate) struct Chance(pub(crate) Arc<dyn Fn() -> f64 + Send + Sync>);

impl Chance {
    pub(crate) fn draw(&self) -> f64 {
        (self.0)()
    }
}

fn random() -> f64 {
    let mut random = [0; 4];
    // Without randomness the waits of many callers are only less spread out.
    OsRng.try_fill_bytes(&mut random).unwrap_or_default();
    f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX)
}
