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
mod families;
mod json;
mod operations;
mod overlay;
mod schema_changes;
mod slice;
mod tidy;
mod union;
mod words;

pub use changes::changes;
pub use client::client;
pub use description::Description;
pub use error::Error;
pub use families::Families;
pub use operations::operations;
pub use overlay::Overlay;
pub use words::Words;
