//! From the names of repositories to the ids that GitHub wants.

use std::{collections::HashMap, sync::Arc};

use futures_util::{StreamExt, stream};

use crate::{
    Access, Error, OwnerError, Repositories, RepositoryError, RepositoryRef,
    error::Scope,
    http::Call,
    owner::WriteAccess,
    place::{Login, OwnerName, RepositoryName},
};

/// The ids of repositories, by their full names in lower case.
pub(crate) struct RepositoryIds {
    /// The owner of repositories that are given without one.
    owner: Option<Login>,
    ids: HashMap<String, u64>,
}

/// The number of names that are looked up at first: a token that GitHub refuses is not sent with
/// more requests than these.
const FIRST_LOOKUPS: usize = 3;

/// The number of names that are looked up at once after that.
const LOOKUPS_AT_ONCE: usize = 8;

/// Returns the ids of all these repositories: one request for each different name. Everything that
/// can be wrong is checked before the first request, and the error names all that failed, unless
/// the others would fail as well.
pub(crate) async fn resolve<'r>(
    call: &Arc<Call>,
    owner: &OwnerName,
    repositories: impl Iterator<Item = &'r Repositories>,
) -> Result<RepositoryIds, Error> {
    let owner = match owner {
        OwnerName::Organization(login) => Some(login.clone()),
        _ => None,
    };
    let mut first = check(owner.as_ref(), repositories.flat_map(Repositories::iter))?;
    let lookup = |(folded, name): (String, RepositoryName)| async move {
        let id = call.find_repository(&name).await.map(|found| found.id);
        (folded, name, id)
    };
    let rest = first.split_off(first.len().min(FIRST_LOOKUPS));
    let first = stream::iter(first).map(lookup).buffered(FIRST_LOOKUPS);
    let rest = stream::iter(rest).map(lookup).buffered(LOOKUPS_AT_ONCE);
    let mut lookups = first.chain(rest);
    let (mut ids, mut unknown, mut errors) = (HashMap::new(), Vec::new(), Vec::new());
    while let Some((folded, name, id)) = lookups.next().await {
        match id {
            Ok(id) => {
                ids.insert(folded, id);
            }
            Err(Error::NotFound(_)) => unknown.push(name.to_string()),
            Err(error) if ends_lookups(&error) => return Err(error),
            Err(error) => errors.push(error),
        }
    }
    if !unknown.is_empty() {
        errors.insert(0, RepositoryError::Unknown(unknown).into());
    }
    match errors.len() {
        0 => Ok(RepositoryIds { owner, ids }),
        1 => Err(errors.remove(0)),
        _ => Err(Error::Repositories(errors)),
    }
}

/// Returns whether the lookups of other repositories would fail as well.
fn ends_lookups(error: &Error) -> bool {
    matches!(error, Error::Connection(_)) || Scope::of(error) == Scope::All
}

/// Returns the different names among these repositories, with what makes them equal, in its order.
fn check<'r>(
    owner: Option<&Login>,
    repositories: impl Iterator<Item = &'r RepositoryRef>,
) -> Result<Vec<(String, RepositoryName)>, RepositoryError> {
    let mut names = Vec::new();
    let (mut malformed, mut foreign, mut bare) = (Vec::new(), Vec::new(), Vec::new());
    for repository in repositories {
        let full = match repository {
            RepositoryRef::Id(id) if i64::try_from(*id).is_ok_and(|id| id > 0) => continue,
            RepositoryRef::Id(id) => return Err(RepositoryError::Id(*id)),
            RepositoryRef::Name(full) => full,
        };
        match parse(owner, full) {
            Some(Ok(name)) if owner.is_some_and(|owner| !name.owner().is(owner.as_str())) => {
                foreign.push(full.clone());
            }
            Some(Ok(name)) => {
                names.push((name.folded(), name));
            }
            Some(Err(_)) => malformed.push(full.clone()),
            None => bare.push(full.clone()),
        }
    }
    if !malformed.is_empty() {
        Err(RepositoryError::Malformed(malformed))
    } else if !bare.is_empty() {
        Err(RepositoryError::NoOwner(bare))
    } else if !foreign.is_empty() {
        Err(RepositoryError::OtherOwner(foreign))
    } else {
        names.sort_by(|(one, _), (other, _)| one.cmp(other));
        names.dedup_by(|(one, _), (other, _)| one == other);
        Ok(names)
    }
}

/// Parses `owner/name`, or `name` where the owner is known.
fn parse(owner: Option<&Login>, full: &str) -> Option<Result<RepositoryName, OwnerError>> {
    if full.contains('/') {
        return Some(RepositoryName::parse(full));
    }
    owner.map(|owner| RepositoryName::new(owner.clone(), full))
}

impl RepositoryIds {
    /// Returns the ids of no repositories.
    pub(crate) fn none() -> Self {
        Self {
            owner: None,
            ids: HashMap::new(),
        }
    }

    /// Returns the ids of repositories that are among those that were resolved.
    pub(crate) fn of(&self, repositories: &Repositories) -> Vec<u64> {
        let mut ids: Vec<_> = repositories.iter().filter_map(|one| self.id(one)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Returns what a write says about access, in ids.
    pub(crate) fn access(&self, access: &impl WriteAccess) -> Option<Access> {
        let repositories = access.repositories();
        access.with_ids(repositories.map(|all| self.of(all)).unwrap_or_default())
    }

    /// Returns the id of a repository that is among those that were resolved.
    pub(crate) fn id(&self, repository: &RepositoryRef) -> Option<u64> {
        match repository {
            RepositoryRef::Id(id) => Some(*id),
            RepositoryRef::Name(full) => {
                let name = parse(self.owner.as_ref(), full)?.ok()?;
                self.ids.get(&name.folded()).copied()
            }
        }
    }
}
