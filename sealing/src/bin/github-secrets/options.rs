//! Options that several commands have, a file for each group.

mod app;
pub(crate) mod connection;
pub(crate) mod place;
pub(crate) mod places;
pub(crate) mod repository;
pub(crate) mod results;
pub(crate) mod sync;
pub(crate) mod value;
pub(crate) mod visibility;
