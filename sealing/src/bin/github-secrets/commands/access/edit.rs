//! Repositories that are added to a selection or removed from it, one by one: all are looked up
//! before the first one is changed.

use std::collections::HashSet;

use github_secrets::{
    Error, NotTried, Place, Repositories, RepositoryRef, SecretName, VisibilityKind,
};

use crate::{
    failure::Failure,
    lookup::{full_name, look_up},
    report::{ItemResult, Report},
    session::Session,
};

/// A repository, and what happens to it.
pub(super) struct Change {
    repository: RepositoryRef,
    is_removal: bool,
}

/// A change of a repository that was found.
struct Located<'a> {
    change: &'a Change,
    id: u64,
}

/// Returns the changes that the options ask for.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if a repository is to be added and to be removed.
pub(super) fn changes(
    added: &Repositories,
    removed: &Repositories,
    place: &Place,
) -> Result<Vec<Change>, Failure> {
    let name = |repository| full_name(repository, place).to_ascii_lowercase();
    let names: HashSet<String> = added.iter().map(name).collect();
    if let Some(both) = removed.iter().find(|one| names.contains(&name(one))) {
        return Err(Failure::Usage(format!(
            "{both} is to be added and to be removed; name it once"
        )));
    }
    let change = |is_removal| {
        move |repository: &RepositoryRef| Change {
            repository: repository.clone(),
            is_removal,
        }
    };
    // First those that get it, so that nobody is without it in between.
    let added = added.iter().map(change(false));
    Ok(added.chain(removed.iter().map(change(true))).collect())
}

/// Makes the changes, and adds a row for each. Nothing is changed unless all repositories are
/// found.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if two spellings of a repository are to be added and to be removed,
/// and [`Failure::Reported`] if not all changes are made.
pub(super) async fn apply(
    name: &SecretName,
    place: &Place,
    changes: &[Change],
    session: &Session<'_>,
    mut report: Report<'_>,
) -> Result<(), Failure> {
    let repositories: Vec<_> = changes.iter().map(|it| it.repository.clone()).collect();
    let found = match look_up(&repositories, place, session).await {
        Ok(found) => found,
        Err(_) if session.is_interrupted() => {
            let stopped = || Some(Err(Error::NotTried(NotTried::Stopped)));
            changes.iter().map(|_| stopped()).collect()
        }
        Err(failure) => return Err(failure),
    };
    let ids = found.iter().map(|lookup| match lookup {
        Some(Ok(id)) => Some(*id),
        _ => None,
    });
    if let Some(ids) = ids.collect::<Option<Vec<u64>>>() {
        let located = locate(changes, &ids)?;
        make(name, place, &located, session, &mut report).await?;
    } else {
        for (change, lookup) in changes.iter().zip(found) {
            let result = match lookup {
                Some(Ok(_)) => ItemResult::HeldBack,
                Some(Err(error)) => ItemResult::failed(error),
                None => ItemResult::NotTried(NotTried::EarlierError),
            };
            let repository = &change.repository;
            report.add_repository(place, name, repository, result).await;
        }
    }
    report.finish(session.is_interrupted().then_some("interrupted"))
}

/// Returns the changes with the ids of their repositories, each once.
fn locate<'a>(changes: &'a [Change], ids: &[u64]) -> Result<Vec<Located<'a>>, Failure> {
    let mut located: Vec<Located<'a>> = Vec::new();
    for (change, id) in changes.iter().zip(ids) {
        let Some(same) = located.iter().find(|it| it.id == *id) else {
            located.push(Located { change, id: *id });
            continue;
        };
        if same.change.is_removal != change.is_removal {
            return Err(Failure::Usage(format!(
                "{} and {} are the same repository, which is to be added and to be removed; name \
                 it once",
                same.change.repository, change.repository
            )));
        }
    }
    Ok(located)
}

async fn make(
    name: &SecretName,
    place: &Place,
    located: &[Located<'_>],
    session: &Session<'_>,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let selected = session.secrets(place).repositories(name)?;
    let (before, mut unread) = match selection(name, place, session).await {
        Ok(before) => (before, None),
        Err(Failure::GitHub(error)) => (None, Some(*error)),
        Err(_) if session.is_interrupted() => (None, None),
        Err(failure) => return Err(failure),
    };
    let mut ended = None;
    for Located { change, id } in located {
        if session.is_interrupted() || !report.can_go_on() {
            ended = Some(NotTried::Stopped);
        }
        let has_access = before.as_ref().map(|ids| ids.contains(id));
        let result = if let Some(reason) = ended {
            Some(Err(Error::NotTried(reason)))
        } else if let Some(error) = unread.take() {
            ended = Some(NotTried::EarlierError);
            Some(Err(error))
        } else {
            match (has_access, change.is_removal) {
                (Some(true), false) => Some(Ok(ItemResult::HadAccess)),
                (Some(false), true) => Some(Ok(ItemResult::HadNoAccess)),
                (_, true) => {
                    let removed = session.change_one(selected.remove(*id)).await?;
                    removed.map(|result| result.map(|()| ItemResult::Removed))
                }
                (_, false) => {
                    let added = session.change_one(selected.add(*id)).await?;
                    added.map(|result| result.map(|()| ItemResult::Added))
                }
            }
        };
        let result = match result {
            Some(Ok(result)) => result,
            Some(Err(error)) => {
                // An id that is not there says nothing about the others.
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
    Ok(())
}

/// Returns the ids of the repositories that can use the secret, or `None` if it is not one for
/// selected repositories, or does not exist: the change says what is wrong then.
async fn selection(
    name: &SecretName,
    place: &Place,
    session: &Session<'_>,
) -> Result<Option<HashSet<u64>>, Failure> {
    let secrets = session.secrets(place);
    let secret = session.read(secrets.find(name)).await?;
    let is_selected = secret.is_some_and(|secret| {
        secret
            .visibility
            .is_none_or(|visibility| visibility == VisibilityKind::Selected)
    });
    if !is_selected {
        return Ok(None);
    }
    let selected = secrets.repositories(name)?.list().all();
    let selected = session.read(selected).await?;
    Ok(Some(selected.into_iter().map(|it| it.id).collect()))
}
