//! Repositories that are added to a selection or removed from it, one by one.

use github_secrets::{Error, NotTried, Place, Repositories, RepositoryRef, SecretName};

use crate::{
    failure::Failure,
    report::{ItemResult, Report},
    session::Session,
};

/// A repository, and what happens to it.
pub(super) struct Change {
    repository: RepositoryRef,
    is_removal: bool,
}

pub(super) fn changes(added: &Repositories, removed: &Repositories) -> Vec<Change> {
    let change = |is_removal| {
        move |repository: &RepositoryRef| Change {
            repository: repository.clone(),
            is_removal,
        }
    };
    // First those that get it, so that nobody is without it in between.
    let added = added.iter().map(change(false));
    added.chain(removed.iter().map(change(true))).collect()
}

/// Makes the changes, and adds a row for each.
///
/// # Errors
///
/// Returns [`Failure::Reported`] if not all of them are made.
pub(super) async fn apply(
    name: &SecretName,
    place: &Place,
    changes: &[Change],
    session: &Session<'_>,
    mut report: Report<'_>,
) -> Result<(), Failure> {
    let selected = session.secrets(place).repositories(name)?;
    let mut ended = None;
    for change in changes {
        if session.is_interrupted() || !report.can_go_on() {
            ended = Some(NotTried::Stopped);
        }
        let repository = change.repository.clone();
        let result = match (ended, change.is_removal) {
            (Some(reason), _) => Some(Err(Error::NotTried(reason))),
            (None, true) => session.change_one(selected.remove(repository)).await?,
            (None, false) => session.change_one(selected.add(repository)).await?,
        };
        let result = match result {
            Some(Ok(())) if change.is_removal => ItemResult::Removed,
            Some(Ok(())) => ItemResult::Added,
            Some(Err(error)) => {
                // A repository that is not there says nothing about the others.
                if !matches!(error, Error::Repository(_) | Error::NotFound(_)) {
                    ended = ended.or(Some(NotTried::EarlierError));
                }
                ItemResult::failed(error)
            }
            None => ItemResult::Unknown,
        };
        let repository = &change.repository;
        report.add_repository(place, name, repository, result).await;
    }
    report.finish(session.is_interrupted().then_some("interrupted"))
}
