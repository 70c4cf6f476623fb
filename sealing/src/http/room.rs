//! What a call leaves to others while it waits for its next attempt.

use std::pin::Pin;

/// The room that a call takes up among others, of a batch for example.
pub(crate) trait Room: Send + Sync {
    /// Leaves the room while nothing of the call is under way.
    fn leave(&self);

    /// Waits until there is room again.
    fn enter(&self) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}
