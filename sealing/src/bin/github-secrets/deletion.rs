//! Deleting, one after the other.

use std::collections::BTreeSet;

use github_secrets::{Error, SecretName};

use crate::{
    failure::Failure,
    report::{ItemResult, Report},
    session::Session,
};

/// A server that could not be reached so many times in a row is not there, as for a batch.
const MOST_UNREACHABLE: usize = 2;

/// Deletes all of these, unless it is interrupted, nobody reads the results any more, or an error
/// is met that every other one would meet.
pub(crate) async fn delete_all(
    names: &BTreeSet<SecretName>,
    mut report: Report<'_>,
    session: &Session<'_>,
    delete: impl AsyncFn(&SecretName) -> Result<(), Error>,
) -> Result<(), Failure> {
    let mut unreachable = 0;
    let mut failed = false;
    for name in names {
        if failed || !report.can_go_on() || session.is_interrupted() {
            report.add(name.clone(), ItemResult::NotTried).await;
            continue;
        }
        let result = match session.change_one(delete(name)).await? {
            Some(Ok(())) => ItemResult::Deleted,
            Some(Err(Error::NotTried(_))) => ItemResult::NotTried,
            Some(Err(error)) => {
                unreachable = match error {
                    Error::Connection(_) => unreachable + 1,
                    _ => 0,
                };
                failed = concerns_all(&error) || unreachable == MOST_UNREACHABLE;
                ItemResult::Failed(Box::new(error))
            }
            None => ItemResult::Unknown,
        };
        report.add(name.clone(), result).await;
    }
    report.finish(session.is_interrupted())
}

/// Returns whether every other deletion would meet the same error. An absent secret says nothing
/// about the others.
fn concerns_all(error: &Error) -> bool {
    matches!(
        error,
        Error::NotAuthorized(_)
            | Error::RateLimited(_)
            | Error::Token { .. }
            | Error::Configuration(_)
            | Error::Moved(_)
    )
}
