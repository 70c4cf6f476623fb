//! What the emulator responds with, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod changes;
mod changes_as_json;
mod control;
mod edited_lists;
mod faults;
mod faults_as_json;
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
