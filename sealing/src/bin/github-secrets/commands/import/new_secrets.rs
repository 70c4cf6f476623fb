//! From the entries of a file to secrets that can be stored.

use github_secrets::{AnyAccess, NewSecret};

use crate::{failure::Failure, input::Entry};

pub(super) fn new_secrets(
    entries: Vec<Entry>,
    access: &AnyAccess,
) -> Result<Vec<NewSecret<AnyAccess>>, Failure> {
    let new = entries.into_iter().map(|entry| {
        let secret = NewSecret::new(entry.name, entry.value)?;
        Ok(secret.access(access.clone()))
    });
    new.collect()
}
