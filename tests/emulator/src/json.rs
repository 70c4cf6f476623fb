//! Places, secrets and repositories in JSON, as files and clients in other languages write them.

pub(crate) mod placed_secret;
pub(crate) mod repository_description;
pub(crate) mod words;
