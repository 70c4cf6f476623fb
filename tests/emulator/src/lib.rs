#![doc = include_str!("../README.md")]

mod allowance;
mod answer;
mod api;
mod auth;
mod builder;
mod control;
mod effect;
mod emulator;
mod error;
mod fault;
mod input;
mod keys;
mod limits;
mod operation;
mod organization;
mod paging;
mod recorded;
mod repositories;
mod secret;
mod secrets;
mod selection;
mod server;
mod token;
mod world;

pub use builder::Builder;
pub use emulator::Emulator;
pub use error::Error;
pub use fault::{Fault, Matcher};
pub use limits::Limits;
pub use operation::Operation;
pub use organization::{Organization, Repository};
pub use recorded::RecordedRequest;
pub use secret::{StoredSecret, Visibility};
pub use token::{Access, Token};
