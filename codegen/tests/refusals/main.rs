//! Whatever the description and the files beside it hold, they become a client, or are refused in
//! words that say where: within bounds of time and memory, and without a panic.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bounds;
mod foreign;
mod input;
mod names;
mod paths;
mod requests;
mod shapes;
mod texts;
mod words;
