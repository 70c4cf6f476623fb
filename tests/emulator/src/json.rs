//! What clients in other languages write and read as JSON.

pub(crate) mod fault_description;
