//! From what a caller says of repositories to the ids that GitHub wants.

use std::collections::BTreeMap;

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

/// The ids of repositories, by their names in lower case.
pub(crate) struct Ids(BTreeMap<String, i64>);

/// How many names are looked up at once.
const LOOKUPS_AT_ONCE: usize = 8;

impl CodespacesSecrets {
    pub(crate) async fn resolve(&self, visibility: &Visibility) -> Result<Selection, Error> {
        let ids = self.ids(visibility.repositories()).await?;
        Ok(ids.selection(visibility))
    }

    /// The ids of all these repositories: one request for each different name, before which all
    /// that can be wrong with them is checked, and after which all unknown ones are reported.
    pub(crate) async fn ids(
        &self,
        repositories: impl IntoIterator<Item = &RepositoryRef>,
    ) -> Result<Ids, Error> {
        let owner = self.owner()?;
        let mut names = BTreeMap::new();
        let (mut malformed, mut foreign) = (Vec::new(), Vec::new());
        for repository in repositories {
            let full = match repository {
                RepositoryRef::Id(id) if i64::try_from(*id).is_ok_and(|id| id > 0) => continue,
                RepositoryRef::Id(id) => return Err(RepositoryError::Id(*id).into()),
                RepositoryRef::Name(full) => full,
            };
            let (of, name) = split(full);
            if Owner::new(name).is_err() || of.is_some_and(|of| Owner::new(of).is_err()) {
                malformed.push(full.clone());
            } else if of.is_some_and(|of| !of.eq_ignore_ascii_case(owner.as_str())) {
                foreign.push(full.clone());
            } else {
                names.insert(name.to_ascii_lowercase(), name.to_owned());
            }
        }
        if !malformed.is_empty() {
            return Err(RepositoryError::Malformed(malformed).into());
        }
        if !foreign.is_empty() {
            return Err(RepositoryError::OtherOwner(foreign).into());
        }
        let mut lookups = stream::iter(names)
            .map(|(folded, name)| async move {
                let id = self.repository_id(&name).await;
                (folded, name, id)
            })
            .buffered(LOOKUPS_AT_ONCE);
        let (mut ids, mut unknown) = (BTreeMap::new(), Vec::new());
        while let Some((folded, name, id)) = lookups.next().await {
            match id {
                Ok(id) => {
                    ids.insert(folded, id);
                }
                Err(Error::NotFound(_)) => unknown.push(name),
                Err(error) => return Err(error),
            }
        }
        match unknown.is_empty() {
            true => Ok(Ids(ids)),
            false => Err(RepositoryError::Unknown(unknown).into()),
        }
    }

    async fn repository_id(&self, name: &str) -> Result<i64, Error> {
        let owner = self.owner()?.as_str();
        let target = Target {
            operation: Operation::Repository,
            owner: owner.to_owned(),
            name: Some(name.to_owned()),
            in_doubt: false,
        };
        let look_up = move |client: Client| async move { client.repos_get(owner, name).await };
        let answered = self.core.call(&target, look_up).await?;
        let found = answered.value;
        // A repository that moved to another owner answers under its old name.
        if !split(&found.full_name)
            .0
            .is_some_and(|of| of.eq_ignore_ascii_case(owner))
        {
            return Err(RepositoryError::OtherOwner(vec![name.to_owned()]).into());
        }
        if found.id <= 0 {
            let problem = AnswerProblem::Contradiction("the answer's repository has no valid id");
            return Err(unexpected(&target, answered.answer, problem));
        }
        Ok(found.id)
    }
}

impl Ids {
    /// The visibility in GitHub's terms; its repositories are those that the ids were asked for.
    pub(crate) fn selection(&self, visibility: &Visibility) -> Selection {
        match visibility {
            Visibility::All => Selection::All,
            Visibility::Private => Selection::Private,
            Visibility::Selected(repositories) => Selection::Selected(self.select(repositories)),
        }
    }

    pub(crate) fn select(&self, repositories: &[RepositoryRef]) -> Vec<i64> {
        let mut ids: Vec<_> = repositories.iter().filter_map(|one| self.id(one)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn id(&self, repository: &RepositoryRef) -> Option<i64> {
        match repository {
            RepositoryRef::Id(id) => i64::try_from(*id).ok(),
            RepositoryRef::Name(full) => self.0.get(&split(full).1.to_ascii_lowercase()).copied(),
        }
    }
}

/// The owner, where one is given, and the name.
fn split(full: &str) -> (Option<&str>, &str) {
    full.split_once('/')
        .map_or((None, full), |(owner, name)| (Some(owner), name))
}
