//! Why something was not sent.

use crate::Error;

/// A reason why a secret of a batch, or a call, was never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotTried {
    /// An earlier error, a rejected token for example, would make every remaining secret fail.
    #[error("not tried: an earlier error would make every remaining secret of the batch fail")]
    EarlierError,
    /// It was [stopped](crate::Batch::stop) before it was sent.
    #[error("not tried: stopped before it was sent")]
    Stopped,
    /// The [time limit of the batch](crate::Batch::deadline) had passed before it was sent.
    #[error("not tried: the time limit of the batch had passed")]
    Deadline,
    /// There is no async runtime.
    #[error("not tried: there is no async runtime to send it")]
    NoRuntime,
}

impl Error {
    /// Returns the error of a request that was sent before, if this one says that nothing was
    /// tried: that would be wrong of the call.
    pub(crate) fn or_of_sent(self, sent: impl FnOnce() -> Self) -> Self {
        match self {
            Self::NotTried(_) => sent(),
            error => error,
        }
    }
}
