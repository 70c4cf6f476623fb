//! What the program can do, a file for each command.

pub(crate) mod access;
pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod completions;
pub(crate) mod delete;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod registries;
pub(crate) mod rotate;
pub(crate) mod seal;
pub(crate) mod set;
pub(crate) mod show;
