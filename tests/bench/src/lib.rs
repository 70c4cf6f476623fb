//! What the benches share: their results, and the report of them.

mod aim;
pub mod build;
mod chart;
pub mod delivery;
mod machine;
pub mod report;
pub mod results;
pub mod round_trips;
pub mod sealing;
pub mod spread;
pub mod tls;
