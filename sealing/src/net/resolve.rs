//! From what a caller says of repositories to the ids that GitHub wants.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use github_secrets_client::Client;

use super::{exchange::unexpected, operation::Target, owner::Owner};
use crate::{
    AnswerProblem, CodespacesSecrets, Error, Operation, RepositoryError, RepositoryRef, Visibility,
};

/// A visibility as GitHub takes it: repositories by id, each once, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    All,
    Private,
    Selected(Vec<i64>),
}

/// How many names are looked up at once.
const LOOKUPS_AT_ONCE: usize = 8;

impl CodespacesSecrets {
    pub(crate) async fn resolve(&self, visibility: &Visibility) -> Result<Selection, Error> {
        Ok(match visibility {
            Visibility::All => Selection::All,
            Visibility::Private => Selection::Private,
            Visibility::Selected(repositories) => {
                Selection::Selected(self.resolve_ids(repositories).await?)
            }
        })
    }

    /// The ids of these repositories: one request for each different name, and all that is wrong
    /// with the names reported together.
    pub(crate) async fn resolve_ids(
        &self,
        repositories: &[RepositoryRef],
    ) -> Result<Vec<i64>, Error> {
        let owner = self.owner()?;
        let mut ids = BTreeSet::new();
        let mut names = BTreeMap::new();
        let (mut malformed, mut foreign) = (Vec::new(), Vec::new());
        for repository in repositories {
            match repository {
                RepositoryRef::Id(id) => {
                    ids.insert(checked_id(*id)?);
                }
                RepositoryRef::Name(full) => match split(full, owner) {
                    Split::Own(name) => {
                        names.entry(name.to_ascii_lowercase()).or_insert(name);
                    }
                    Split::Foreign => foreign.push(full.clone()),
                    Split::Malformed => malformed.push(full.clone()),
                },
            }
        }
        if !malformed.is_empty() {
            return Err(RepositoryError::Malformed(malformed).into());
        }
        if !foreign.is_empty() {
            return Err(RepositoryError::OtherOwner(foreign).into());
        }
        let mut lookups = stream::iter(names.into_values())
            .map(|name| async move { (name, self.repository_id(name).await) })
            .buffered(LOOKUPS_AT_ONCE);
        let mut unknown = Vec::new();
        while let Some((name, id)) = lookups.next().await {
            match id {
                Ok(id) => {
                    ids.insert(id);
                }
                Err(Error::NotFound(_)) => unknown.push(name.to_owned()),
                Err(error) => return Err(error),
            }
        }
        match unknown.is_empty() {
            true => Ok(ids.into_iter().collect()),
            false => Err(RepositoryError::Unknown(unknown).into()),
        }
    }

    async fn repository_id(&self, name: &str) -> Result<i64, Error> {
        let owner = self.owner()?.as_str();
        let target = Target {
            operation: Operation::Repository,
            owner: owner.to_owned(),
            name: Some(name.to_owned()),
        };
        let answered = self
            .core
            .call(&target, move |client: Client| async move {
                client.repos_get(owner, name).await
            })
            .await?;
        let found = answered.value;
        // A repository that moved to another owner answers under its old name.
        let moved = found
            .full_name
            .split('/')
            .next()
            .is_none_or(|o| !o.eq_ignore_ascii_case(owner));
        if moved {
            return Err(RepositoryError::OtherOwner(vec![name.to_owned()]).into());
        }
        if found.id <= 0 {
            let problem = AnswerProblem::Contradiction("the answer's repository has no valid id");
            return Err(unexpected(&target, answered.answer, problem));
        }
        Ok(found.id)
    }
}

pub(crate) fn checked_id(id: u64) -> Result<i64, RepositoryError> {
    i64::try_from(id)
        .ok()
        .filter(|id| *id > 0)
        .ok_or(RepositoryError::Id(id))
}

enum Split<'a> {
    Own(&'a str),
    Foreign,
    Malformed,
}

fn split<'a>(full: &'a str, owner: &Owner) -> Split<'a> {
    let (of, name) = full
        .split_once('/')
        .map_or((None, full), |(of, name)| (Some(of), name));
    let is_segment = Owner::new(name).is_ok() && of.is_none_or(|of| Owner::new(of).is_ok());
    match of {
        _ if !is_segment => Split::Malformed,
        Some(of) if !of.eq_ignore_ascii_case(owner.as_str()) => Split::Foreign,
        _ => Split::Own(name),
    }
}
