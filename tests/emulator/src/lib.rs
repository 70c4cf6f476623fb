#![doc = include_str!("../README.md")]

mod api;
mod builder;
mod control;
mod emulator;
mod error;
mod fault;
mod json;
mod limits;
mod operation;
mod organization;
mod permission;
mod place;
mod recorded;
mod refusal;
mod registry;
mod repository;
mod response;
mod rules;
mod secret;
mod server;
mod shared;
mod token;
mod world;

pub use builder::Builder;
pub use emulator::Emulator;
pub use error::Error;
pub use fault::{Fault, matcher::Matcher};
pub use limits::Limits;
pub use organization::Organization;
pub use permission::Access;
pub use place::{ParsePlaceError, Place, Store};
pub use recorded::RecordedRequest;
pub use registry::StoredRegistry;
pub use repository::Repository;
pub use secret::{StoredSecret, Visibility};
pub use token::Token;
