//! What a test sets up in JSON: a file to start with, and faults for the emulator's own endpoints.

mod fault_checks;
pub(crate) mod fault_description;
pub(crate) mod faults;
pub(crate) mod file;
mod limits_description;
mod token_description;
