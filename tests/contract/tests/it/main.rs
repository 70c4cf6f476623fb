//! What the library does, seen from outside.
//!
//! One program, so that all that a test links is linked once. Tests that search the memory of their
//! process or refuse it randomness are programs of their own.

mod access;
mod agents;
mod arguments;
mod bounds;
mod chaos;
mod configuration;
mod connections;
mod delivery;
mod dependabot;
mod emulator;
mod environments;
mod errors;
mod fan_out;
mod grammar;
mod hostile;
mod http2;
mod https;
mod keys;
mod limits_and_retries;
mod listings;
mod lists;
mod messages;
mod moved;
mod operations;
mod pacing;
mod places;
mod progress;
mod reasons;
mod refusals;
mod registries;
mod registry_settings;
mod repositories;
mod requests;
mod response_texts;
mod responses;
mod sealed_box;
mod sealing;
mod secrecy;
mod serialization;
mod stops;
mod texts;
mod tracing;
mod user;
mod writes;
