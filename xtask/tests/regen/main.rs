//! `cargo xtask regen` as its user meets it: what it prints, its exit code, and the files it
//! leaves.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod committed;
mod files;
mod refusals;
mod shown;
mod workspace;
