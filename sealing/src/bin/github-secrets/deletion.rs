//! Deleting, one after the other.

use std::collections::BTreeSet;

use github_secrets::{Error, SecretName};

use crate::{
    console::Console,
    failure::Failure,
    interruption::{Interruption, Outlived},
    report::{Outcome, Report},
};

/// Deletes all of these, unless it is interrupted or nobody reads the results any more.
pub(crate) async fn delete_all(
    names: BTreeSet<SecretName>,
    mut report: Report<'_>,
    console: &Console,
    delete: impl AsyncFn(&SecretName) -> Result<(), Error>,
) -> Result<(), Failure> {
    let mut interruption = Interruption::listen()?;
    let mut interrupted = false;
    for name in names {
        if interrupted || !report.can_go_on() {
            report.add(name, Outcome::NotTried);
            continue;
        }
        let deletion = interruption.outlive(console, delete(&name)).await;
        interrupted = !matches!(deletion, Outlived::Finished(_));
        let outcome = match deletion {
            Outlived::Finished(Ok(())) | Outlived::Interrupted(Ok(())) => Outcome::Deleted,
            Outlived::Finished(Err(error)) | Outlived::Interrupted(Err(error)) => {
                Outcome::Failed(Box::new(error))
            }
            Outlived::Abandoned => Outcome::Unknown,
        };
        report.add(name, outcome);
    }
    report.finish(interrupted)
}
