//! What the contract tests stand on.

pub mod calls;
mod capture;
mod description;
pub mod github;
mod instance;
pub mod oracle;
mod request;
mod wire;

pub use capture::Capture;
pub use description::{Answer, Description, Operation};
pub use instance::Generator;
pub use request::Request;
pub use wire::{Reply, Wire};

#[cfg(doctest)]
mod capabilities;
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
