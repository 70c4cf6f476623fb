//! What the emulator answers, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod set_secret;
mod support;
