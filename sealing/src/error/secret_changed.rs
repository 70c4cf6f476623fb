//! The error of a secret that somebody else changed at the same time.

use std::{error::Error as StdError, fmt};

use crate::{Access, SecretName};

/// A secret that was changed by somebody else at the same time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SecretChanged {
    /// The secret.
    pub name: SecretName,
    /// Whether the new value is stored.
    pub value_stored: bool,
    /// The change that was noticed.
    pub change: Change,
}

/// A change of a secret by somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// Who can use the secret is not what was read or written a moment before.
    Access {
        /// The access that was read first, or written.
        expected: Access,
        /// The access that was found afterwards.
        found: Access,
    },
    /// The secret was deleted.
    Deleted,
    /// The secret was deleted, and this call recreated it.
    Recreated,
}

impl fmt::Display for SecretChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, .. } = self;
        match &self.change {
            Change::Access { expected, found } => {
                write!(
                    f,
                    "the access of the secret {name} is {found} instead of {expected}"
                )?;
                differ(f, "without", missing(expected, found))?;
                differ(f, "and also has", missing(found, expected))?;
            }
            Change::Deleted if self.value_stored => {
                return write!(
                    f,
                    "the value of the secret {name} was stored, but the secret no longer exists: \
                     somebody else deleted it at the same time; set it again"
                );
            }
            Change::Deleted => {
                return write!(
                    f,
                    "the secret {name} no longer exists: somebody else deleted it at the same time"
                );
            }
            Change::Recreated => write!(
                f,
                "the secret {name} was deleted, and this call recreated it"
            )?,
        }
        f.write_str("; somebody else changed it at the same time, ")?;
        f.write_str(if self.value_stored {
            "and the new value is stored: check who can use it"
        } else {
            "and the value is unchanged: check who can use it, and try again"
        })
    }
}

impl StdError for SecretChanged {}

/// Returns the ids of `all` that are not in `some`.
fn missing(all: &Access, some: &Access) -> Vec<u64> {
    let ids = all.repository_ids().iter().copied();
    ids.filter(|id| some.repository_ids().binary_search(id).is_err())
        .collect()
}

fn differ(f: &mut fmt::Formatter<'_>, word: &str, ids: Vec<u64>) -> fmt::Result {
    match ids.as_slice() {
        [] => Ok(()),
        [id] => write!(f, ", {word} {id}"),
        [id, more @ ..] => write!(f, ", {word} {id} and {} more", more.len()),
    }
}
