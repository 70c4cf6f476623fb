//! A 404 that says that something does not exist.

use crate::Error;

/// Turns the error for something that does not exist into `None`.
pub(crate) fn present<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(response)) if !response.names_what_is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}
