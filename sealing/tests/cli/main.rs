//! The program `github-secrets`, run from outside. What it sends is opened by the emulator.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod access;
mod access_edits;
mod advice;
mod audit;
mod broken_places;
mod delete;
mod documentation;
mod dry_run;
mod environment;
mod errors;
mod habits;
mod help;
mod hosts;
mod import;
mod import_base64;
mod import_json;
mod import_refusals;
#[cfg(unix)]
mod interruption;
mod json_results;
#[cfg(target_os = "linux")]
mod memory;
mod nothing_shown;
mod patterns;
mod places;
mod program;
mod reading;
mod registries;
mod rotate;
mod seal;
mod server;
mod set;
#[cfg(unix)]
mod stopping;
mod sync;
mod sync_absent;
mod sync_attempts;
mod sync_full;
#[cfg(unix)]
mod sync_killed;
mod sync_many;
mod sync_markdown;
mod sync_places;
mod sync_refusals;
#[cfg(unix)]
mod sync_state;
mod sync_steps;
#[cfg(unix)]
mod sync_stopping;
mod sync_texts;
mod sync_views;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod terminal_prompt;
#[cfg(unix)]
mod terminal_rows;
mod usage;
