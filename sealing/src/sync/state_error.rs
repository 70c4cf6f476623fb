//! The error of a state that cannot be used.

/// An error from reading a [`State`](super::State) or its key. It repeats nothing of the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The key is not 32 random bytes in base64.
    #[error(
        "the key of the state is not 32 random bytes in base64; make one with \
         `openssl rand -base64 32`"
    )]
    Key,
    /// There are no bytes.
    #[error("the state is empty; restore it, or remove it to start over")]
    Empty,
    /// The bytes are not a state.
    #[error("this is not a state of github-secrets; restore it, or remove it to start over")]
    Form,
    /// The state has a format that this version does not know.
    #[error("the state has format {0}, but this version knows only format 1; use a newer version")]
    Format(u64),
    /// The state was made with another key.
    #[error("the state was made with another key; use that key, or remove the state to start over")]
    OtherKey,
    /// The bytes are not those that were written.
    #[error(
        "the state was edited, cut short or merged since it was written; restore it, or remove it \
         to start over"
    )]
    Changed,
    /// A line of the state is not valid, although the state was written with this key.
    #[error("line {0} of the state is not valid; use the version that wrote it")]
    Line(usize),
    /// The state belongs to another API.
    #[error("the state belongs to {api}; each API needs its own state")]
    OtherApi {
        /// The address of the API that the state belongs to.
        api: String,
    },
}
