//! What is read from a file, and what is said about one that has faults.

mod block_faults;
mod faults;
mod files;
mod generated;
mod support;
mod values;
mod wishes;
