//! What the benches share: their results, and the report of them.

mod aim;
pub mod build;
mod chart;
pub mod delivery;
pub mod gh;
pub mod loopback;
mod machine;
pub mod places;
pub mod program;
pub mod report;
pub mod results;
pub mod round_trips;
pub mod sealing;
pub mod spread;
pub mod sync;
pub mod tls;
