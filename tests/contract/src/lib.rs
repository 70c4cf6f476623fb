//! Servers, clients and the description that the contract tests share.

pub mod calls;
mod capture;
mod description;
pub mod github;
mod instance;
pub mod oracle;
mod request;
mod trust;
mod wire;

pub use capture::Capture;
pub use description::{Description, Operation, Response};
pub use instance::Generator;
pub use request::Request;
pub use trust::run_trusting;
pub use wire::{Reply, Wire};

#[cfg(doctest)]
mod capabilities;
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
#[cfg(doctest)]
#[doc = include_str!("../../../sealing/README.md")]
mod package_readme {}
