//! What a fault does to a request.

use std::time::Duration;

use hyper::{body::Bytes, header::HeaderName};

use crate::{api::list_edits::ListEdits, change::Change};

/// What happens to a request.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// It gets the right response.
    None,
    /// It gets a response with this status.
    Status(u16),
    /// The connection is closed without a response.
    Dropped,
    /// It gets the right response with only half of the body.
    Truncated,
    /// It gets the right response without these headers.
    WithoutHeaders(Vec<HeaderName>),
    /// The key pair that it uses is replaced first.
    RotatedKey,
    /// Another request is handled first.
    Meanwhile(OtherRequest),
    /// These changes are made first.
    Changes(Vec<Change>),
    /// It gets the right list with edits.
    EditedList {
        edits: ListEdits,
        /// The organizations whose single sign-on the token is not authorized for. Empty: GitHub
        /// does not say that entries are missing.
        organizations: Vec<u64>,
    },
    PrimaryLimit {
        status: u16,
        reset: Duration,
    },
    SecondaryLimit {
        status: u16,
        retry_after: Option<Duration>,
    },
}

/// A request of another client.
#[derive(Clone, Debug)]
pub(crate) struct OtherRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Bytes,
}

impl Effect {
    /// Returns about how many bytes it takes besides its own size.
    pub(crate) fn heap_size(&self) -> usize {
        match self {
            Self::Meanwhile(other) => other.path.len() + other.body.len(),
            Self::WithoutHeaders(names) => names
                .iter()
                .map(|name| size_of_val(name) + name.as_str().len())
                .sum(),
            Self::Changes(changes) => changes
                .iter()
                .map(|change| size_of_val(change) + change.heap_size())
                .sum(),
            Self::EditedList {
                edits,
                organizations,
            } => edits.heap_size() + organizations.len() * size_of::<u64>(),
            _ => 0,
        }
    }
}
