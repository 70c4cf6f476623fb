//! Why something was not sent.

/// A reason why a secret of a batch, or a call, was never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotTried {
    /// An earlier error, a rejected token for example, would be that of all the others as well.
    #[error("not attempted: an earlier error would make every remaining secret of the batch fail")]
    EarlierError,
    /// It was [stopped](crate::Batch::stop) before it was sent.
    #[error("not attempted: stopped before it was sent")]
    Stopped,
    /// The [time for the batch](crate::Batch::deadline) was over before it was sent.
    #[error("not attempted: the time for the batch was over before it was sent")]
    Deadline,
    /// There is no async runtime.
    #[error("not attempted: there is no async runtime to send it")]
    NoRuntime,
}
