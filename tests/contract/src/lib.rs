//! What the contract tests stand on.

pub mod capture;
pub mod description;
pub mod instance;
pub mod oracle;
pub mod request;
pub mod wire;

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
