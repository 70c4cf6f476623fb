//! Why a state cannot be used.

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
    #[error("the state is empty; restore it, or remove it to begin anew")]
    Empty,
    /// The bytes are something else.
    #[error("this is no state of github-secrets; restore it, or remove it to begin anew")]
    Form,
    /// The state is of a version that this one does not know.
    #[error("the state has format {0}, and this version knows format 1 only; use a newer version")]
    Format(u64),
    /// The state was made with another key.
    #[error("the state was made with another key; use that key, or remove the state to begin anew")]
    OtherKey,
    /// The bytes are not those that were written.
    #[error(
        "the state was edited, cut short or merged since it was written; restore it, or remove it \
         to begin anew"
    )]
    Changed,
    /// A line of the state is not understood although its key has signed it.
    #[error("line {0} of the state is not understood; use the version that wrote it")]
    Line(usize),
    /// The state is about another API.
    #[error("the state is about {api}; each API needs a state of its own")]
    OtherApi {
        /// The address that the state is about.
        api: String,
    },
}
