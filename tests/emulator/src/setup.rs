//! What a test sets up in JSON: faults, for a file or the emulator's own endpoints.

mod fault_checks;
pub(crate) mod fault_description;
pub(crate) mod faults;
