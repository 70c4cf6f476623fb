//! What the benches share: their results, and the report of them.

mod aims;
mod chart;
pub mod delivery;
mod machine;
pub mod report;
pub mod sealing;
pub mod spread;
