//! Generates the source of `github-secrets-client` from GitHub's OpenAPI description. Text in, text
//! and typed errors out.
//!
//! [`Generator::generate`] goes these steps:
//!
//! | step | gives |
//! |---|---|
//! | [`Description::slice`] | the structure of the operations that the client takes |
//! | `check` | a refusal of what the steps after it could not read, or not in time |
//! | [`Overlay::apply`] | our deviations from GitHub's description |
//! | [`changes()`] | what changed since the slice before |
//! | [`Families::fold`] | one type for schemas that are nearly the same |
//! | [`Words::apply`] | our documentation |
//! | [`client()`] | Rust source |

mod bounds;
mod changes;
mod check;
mod client;
mod cycles;
mod description;
mod dispatch;
mod error;
mod escape;
mod families;
mod generator;
mod in_place;
mod json;
mod operations;
mod overlay;
mod requests;
mod slice;
mod tidy;
mod union;
mod words;

pub use changes::{Change, Changes, changes};
pub use client::client;
pub use description::Description;
pub use error::Error;
pub use escape::escaped;
pub use families::Families;
pub use generator::{Generated, Generator};
pub use operations::operations;
pub use overlay::Overlay;
pub use words::Words;
