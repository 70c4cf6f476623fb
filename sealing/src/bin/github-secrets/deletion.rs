//! Deleting, one after the other.

use std::collections::BTreeSet;

use github_secrets::{Error, SecretName};

use crate::{
    failure::Failure,
    report::{ItemResult, Report},
    session::Session,
};

/// Deletes all of these, unless it is interrupted or nobody reads the results any more.
pub(crate) async fn delete_all(
    names: &BTreeSet<SecretName>,
    mut report: Report<'_>,
    session: &Session<'_>,
    delete: impl AsyncFn(&SecretName) -> Result<(), Error>,
) -> Result<(), Failure> {
    for name in names {
        let result = if report.can_go_on() && !session.is_interrupted() {
            match session.outlive(delete(name)).await? {
                Some(Ok(())) => ItemResult::Deleted,
                Some(Err(error)) => ItemResult::Failed(Box::new(error)),
                None => ItemResult::Unknown,
            }
        } else {
            ItemResult::NotTried
        };
        report.add(name.clone(), result).await;
    }
    report.finish(session.is_interrupted())
}
