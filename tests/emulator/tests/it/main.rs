//! What the emulator responds with, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod changes;
mod changes_as_json;
mod control;
mod edited_lists;
mod environments;
mod faults;
mod faults_as_json;
mod graphql;
mod headers;
mod lifetime;
mod limits;
mod moved;
mod organizations;
mod permissions;
mod places;
mod program;
mod reading;
mod registries;
mod repositories;
mod schemas;
mod selection;
mod set_secret;
mod setup;
mod sharing;
mod stores;
mod support;
