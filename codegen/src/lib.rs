//! Turns GitHub's OpenAPI description into the source of `github-secrets-client`: text in, text or a typed error out.
//!
//! ```text
//! description --slice--> structure of what we take --overlay--> with our words --client--> Rust source
//! ```

mod changes;
mod client;
mod cycles;
mod description;
mod error;
mod overlay;
mod schema_changes;
mod slice;
mod tidy;

pub use changes::changes;
pub use client::client;
pub use description::{Description, operations};
pub use error::Error;
pub use overlay::Overlay;
