//! Repositories by their names: their ids and present names.

use std::sync::Arc;

use github_secrets_client::repos_get;

use super::call::Call;
use crate::{
    Error, Operation, ResponseProblem,
    error::Target,
    place::{OwnerName, RepositoryName},
};

/// A repository, with its present name.
#[derive(Clone)]
pub(crate) struct FoundRepository {
    pub(crate) id: u64,
    pub(crate) name: RepositoryName,
    #[cfg_attr(
        not(feature = "sync"),
        expect(dead_code, reason = "only a sync looks at it")
    )]
    pub(crate) is_archived: bool,
}

impl Call {
    /// Returns the id and the present name of a repository. One that was transferred answers to its
    /// old name as well, and is an error.
    pub(crate) async fn find_repository(
        self: &Arc<Self>,
        name: &RepositoryName,
    ) -> Result<FoundRepository, Error> {
        let owner = OwnerName::Repository(name.clone());
        let target = Target::new(Operation::REPOSITORY, owner, None);
        let request = repos_get(name.owner().as_str(), name.name());
        let response = self.send(&target, request).await?;
        let found = response.value;
        let contradiction = |what| {
            let problem = ResponseProblem::Contradiction(what);
            Err(Error::unexpected(
                &target,
                response.answered.head(),
                problem,
            ))
        };
        let Ok(present) = RepositoryName::parse(&found.full_name) else {
            return contradiction("the repository has no valid name");
        };
        if !name.owner().is(present.owner().as_str()) {
            return Err(Error::moved(&target, name.to_string(), found.full_name));
        }
        match u64::try_from(found.id) {
            Ok(id) if id > 0 => Ok(FoundRepository {
                id,
                name: present,
                is_archived: found.archived == Some(true),
            }),
            _ => contradiction("the repository has no valid id"),
        }
    }
}
