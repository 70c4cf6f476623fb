//! How far an error reaches.

use crate::{Action, Error, Reason};

/// What an error of one of many secrets is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// This secret alone.
    Secret,
    /// Every secret of its place would meet it.
    Place,
    /// Every secret would meet it.
    All,
}

impl Scope {
    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::NotAuthorized(response) if response.status() == 401 => Self::All,
            Error::RateLimited(_)
            | Error::Token { .. }
            | Error::Configuration(_)
            | Error::Seal { .. }
            | Error::NotTried(_) => Self::All,
            Error::NotAuthorized(_) | Error::Key { .. } | Error::Moved(_) => Self::Place,
            _ if matches!(error.reason(), Some(Reason::Archived | Reason::Quota)) => Self::Place,
            _ if action(error) == Some(Action::PublicKey) => Self::Place,
            _ => Self::Secret,
        }
    }
}

/// Returns whether the place seems to be gone, or the server.
pub(crate) fn is_unreachable(error: &Error) -> bool {
    match error {
        Error::Connection(_) => true,
        // Of a rotation or a deletion, it is the secret that is not there.
        Error::NotFound(_) => action(error) == Some(Action::Set),
        _ => false,
    }
}

fn action(error: &Error) -> Option<Action> {
    error.operation().and_then(|operation| operation.action())
}
