//! Work in a task of its own: it goes on when the caller is not polled, and ends when the caller
//! is dropped.

use std::panic::resume_unwind;

use tokio::{runtime::Handle, task::JoinSet};
use tracing::Instrument;

/// The async runtime is shutting down, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shutdown;

pub(crate) async fn run<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Shutdown> {
    let runtime = Handle::try_current().map_err(|_| Shutdown)?;
    // A set that is dropped ends its tasks.
    let mut tasks = JoinSet::new();
    tasks.spawn_on(work.in_current_span(), &runtime);
    match tasks.join_next().await {
        Some(Ok(result)) => Ok(result),
        Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
        _ => Err(Shutdown),
    }
}
