//! What a simulation replaces: the network, the clock and random numbers.

use std::{sync::Arc, time::SystemTime};

use crypto_box::aead::{OsRng, rand_core::RngCore};

use super::round_trip::RoundTrip;

/// The ways out of the library.
pub(crate) struct Io {
    pub(crate) network: Arc<dyn RoundTrip>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
}

impl Io {
    pub(crate) fn real(network: Arc<dyn RoundTrip>) -> Self {
        Self {
            network,
            clock: Clock(Arc::new(SystemTime::now)),
            random: Random(Arc::new(draw)),
        }
    }
}

/// Returns the time of day, by this machine's clock.
#[derive(Clone)]
pub(crate) struct Clock(pub(crate) Arc<dyn Fn() -> SystemTime + Send + Sync>);

/// Draws numbers between 0 and 1.
#[derive(Clone)]
pub(crate) struct Random(pub(crate) Arc<dyn Fn() -> f64 + Send + Sync>);

impl Random {
    pub(crate) fn draw(&self) -> f64 {
        (self.0)()
    }
}

fn draw() -> f64 {
    let mut random = [0; 4];
    // Without randomness the waits of many callers are only less spread out.
    OsRng.try_fill_bytes(&mut random).unwrap_or_default();
    f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX)
}
