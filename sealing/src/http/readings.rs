//! Writes that rely on what is read right before them.

use std::sync::Arc;

use super::call::Call;
use crate::{Error, error::Target};

impl Call {
    /// Reads and writes, and does both again where the write is worth another attempt: while that
    /// was waited for, somebody else can have changed what it relies on.
    pub(crate) async fn write_what_is_read<T, F: Future<Output = Result<T, Error>>>(
        self: &Arc<Self>,
        target: &Target,
        read_and_write: impl Fn() -> F,
    ) -> Result<T, Error> {
        self.rely_on_reading();
        let mut last = None;
        loop {
            match read_and_write().await {
                Err(error) if self.take_outdated() => last = Some(error),
                result => return result.map_err(|error| self.more_telling(target, last, error)),
            }
        }
    }
}
