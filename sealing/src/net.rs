//! Everything that goes over the network.

pub(crate) mod access;
pub(crate) mod answer;
pub(crate) mod builder;
mod call;
pub(crate) mod codespaces;
pub(crate) mod delivery;
pub(crate) mod error;
mod exchange;
pub(crate) mod gate;
pub(crate) mod github;
mod keys;
pub(crate) mod link;
mod moment;
pub(crate) mod operation;
pub(crate) mod owner;
mod pace;
pub(crate) mod pages;
pub(crate) mod policy;
pub(crate) mod refusal;
pub(crate) mod report;
pub(crate) mod repositories;
mod resolve;
mod store;
pub(crate) mod token;
pub(crate) mod visibility;
