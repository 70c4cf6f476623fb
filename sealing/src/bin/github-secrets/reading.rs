//! Reading from many places: several at once, and no longer than it can succeed.

use std::cell::Cell;

use futures_util::{StreamExt, stream};
use github_secrets::Error;

use crate::{failure::Failure, session::Session};

/// GitHub asks for few requests at once.
const AT_ONCE: usize = 8;

/// What was read of each item, in their order; `None` of those that were not tried, because an
/// error was met that they all would meet.
pub(crate) type Readings<'i, I, T> = Vec<(&'i I, Option<Result<T, Error>>)>;

/// Reads each item. `progress` learns how many are done.
///
/// # Errors
///
/// Returns [`Failure::Failed`] if it was interrupted.
pub(crate) async fn read_each<'i, I, T>(
    items: &'i [I],
    session: &Session<'_>,
    read: impl AsyncFn(&I) -> Result<T, Error>,
    mut progress: impl FnMut(usize),
) -> Result<Readings<'i, I, T>, Failure> {
    let is_over = Cell::new(false);
    let readings = stream::iter(items.iter().enumerate()).map(async |(index, item)| {
        let result = match is_over.get() {
            true => None,
            false => Some(read(item).await),
        };
        (index, item, result)
    });
    let mut readings = readings.buffer_unordered(AT_ONCE);
    let all = async {
        let (mut all, mut lost) = (Vec::new(), 0);
        while let Some(reading) = readings.next().await {
            lost = match &reading.2 {
                Some(Err(Error::Connection(_))) => lost + 1,
                Some(_) => 0,
                None => lost,
            };
            let error = reading.2.as_ref().and_then(|result| result.as_ref().err());
            if error.is_some_and(concerns_all) || lost >= AT_ONCE {
                is_over.set(true);
            }
            all.push(reading);
            progress(all.len());
        }
        Ok(all)
    };
    let mut all = session.read(all).await?;
    all.sort_unstable_by_key(|(index, ..)| *index);
    let all = all.into_iter();
    Ok(all.map(|(_, item, result)| (item, result)).collect())
}

/// Returns whether every other reading would meet the same error.
pub(crate) fn concerns_all(error: &Error) -> bool {
    match error {
        Error::NotAuthorized(response) => response.status() == 401,
        Error::RateLimited(_) | Error::Token { .. } | Error::Configuration(_) => true,
        _ => false,
    }
}
