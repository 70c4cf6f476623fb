//! Work in a task of its own: it goes on when the caller is not polled, and ends when the caller
//! is dropped.

use std::panic::resume_unwind;

use tokio::{runtime::Handle, task::JoinHandle};
use tracing::Instrument;

/// The async runtime is shutting down, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shutdown;

/// A task that ends when this is dropped.
struct Task<T>(JoinHandle<T>);

/// Begins the work at once, and returns what waits for its result.
pub(crate) fn run<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = Result<T, Shutdown>> {
    let runtime = Handle::try_current();
    let task = runtime.map(|runtime| Task(runtime.spawn(work.in_current_span())));
    async move {
        let mut task = task.map_err(|_| Shutdown)?;
        match (&mut task.0).await {
            Ok(result) => Ok(result),
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => Err(Shutdown),
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
