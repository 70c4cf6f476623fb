//! From the repositories that an option names to their ids. All are looked up, so that the first
//! one that cannot be found hides no other.

use github_secrets::{Error, OwnerKind, Place, Repositories, RepositoryError, RepositoryRef};

use crate::{
    failure::Failure,
    reading::{concerns_all, read_each},
    session::Session,
};

/// What came of a lookup; `None` if it was not tried, because it would have met the same error as
/// one before it.
pub(crate) type Lookup = Option<Result<u64, Error>>;

/// Looks up the ids of repositories, in their order: one request for each that is given by name.
///
/// # Errors
///
/// Returns [`RepositoryError`] before the first request if one of them cannot belong to the place,
/// and [`Failure::Failed`] if it was interrupted.
pub(crate) async fn look_up(
    repositories: &[RepositoryRef],
    place: &Place,
    session: &Session<'_>,
) -> Result<Vec<Lookup>, Failure> {
    check(repositories, place).map_err(Error::from)?;
    let read = async |repository: &RepositoryRef| match repository {
        RepositoryRef::Id(id) => Ok(*id),
        repository => find(&full_name(repository, place), session).await,
    };
    let found = read_each(repositories, session, read, |_| {}).await?;
    let mut is_over = false;
    let found = found.into_iter().map(|(_, lookup)| {
        // Those that were under way at once have met the same error; once is enough.
        let concerns_all = matches!(&lookup, Some(Err(error)) if concerns_all(error));
        let is_repeated = concerns_all && std::mem::replace(&mut is_over, true);
        lookup.filter(|_| !is_repeated)
    });
    Ok(found.collect())
}

/// Returns repositories by their ids.
///
/// # Errors
///
/// Returns the errors of all repositories that were not found, with one for all unknown ones, and
/// the errors of [`look_up`].
pub(crate) async fn by_id(
    repositories: &Repositories,
    place: &Place,
    session: &Session<'_>,
) -> Result<Repositories, Failure> {
    let given: Vec<RepositoryRef> = repositories.iter().cloned().collect();
    let (mut ids, mut unknown, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for lookup in look_up(&given, place, session).await?.into_iter().flatten() {
        match lookup {
            Ok(id) => ids.push(id),
            Err(Error::Repository(RepositoryError::Unknown(names))) => unknown.extend(names),
            Err(error) => errors.push(error),
        }
    }
    if !unknown.is_empty() {
        errors.insert(0, RepositoryError::Unknown(unknown).into());
    }
    match errors.len() {
        0 => Ok(Repositories::selected(ids)),
        1 => Err(errors.remove(0).into()),
        _ => Err(Failure::NotFound(errors)),
    }
}

async fn find(full_name: &str, session: &Session<'_>) -> Result<u64, Error> {
    let found = session.github.repo(full_name)?.find().await?;
    let unknown = || RepositoryError::Unknown(vec![full_name.to_owned()]);
    Ok(found.ok_or_else(unknown)?.id)
}

/// Returns `owner/name`; the owner of a name without one is that of the place.
pub(crate) fn full_name(repository: &RepositoryRef, place: &Place) -> String {
    let name = repository.to_string();
    match place.login() {
        Some(login) if !name.contains('/') => format!("{login}/{name}"),
        _ => name,
    }
}

/// Checks whose the repositories are: an organization shares with its own only.
fn check(repositories: &[RepositoryRef], place: &Place) -> Result<(), RepositoryError> {
    let (mut foreign, mut bare) = (Vec::new(), Vec::new());
    let login = place
        .login()
        .filter(|_| place.kind() == OwnerKind::Organization);
    for repository in repositories {
        match (repository, login) {
            (RepositoryRef::Id(id), _) if !(1..=i64::MAX.unsigned_abs()).contains(id) => {
                return Err(RepositoryError::Id(*id));
            }
            (RepositoryRef::Name(name), login) => match (name.split_once('/'), login) {
                (Some((owner, _)), Some(login)) if !owner.eq_ignore_ascii_case(login) => {
                    foreign.push(name.clone());
                }
                (None, None) => bare.push(name.clone()),
                _ => {}
            },
            _ => {}
        }
    }
    if !bare.is_empty() {
        Err(RepositoryError::NoOwner(bare))
    } else if !foreign.is_empty() {
        Err(RepositoryError::OtherOwner(foreign))
    } else {
        Ok(())
    }
}
