//! What the emulator answers, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod asked_faults;
mod control;
mod faults;
mod headers;
mod lifetime;
mod limits;
mod moved;
mod permissions;
mod places;
mod program;
mod reading;
mod registries;
mod repositories;
mod selection;
mod set_secret;
mod sharing;
mod stores;
mod support;
