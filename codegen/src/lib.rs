//! Turns GitHub's OpenAPI description into the source of `github-secrets-client`: text in, text and typed errors out.
//!
//! ```text
//! description --slice--> structure of what we take --overlay--> with our deviations --families--> with one type for what is
//! alike --words--> with our documentation --client--> Rust source
//! ```
//!
//! [`Recipe::make`] does all of it, and tells what [changed](Changes) since the slice before.

mod changes;
mod client;
mod cycles;
mod description;
mod error;
mod families;
mod in_place;
mod json;
mod operations;
mod overlay;
mod recipe;
mod slice;
mod tidy;
mod union;
mod words;

pub use changes::{Change, Changes, changes};
pub use client::client;
pub use description::Description;
pub use error::Error;
pub use families::Families;
pub use operations::operations;
pub use overlay::Overlay;
pub use recipe::{Made, Recipe};
pub use words::Words;
