//! Redirects, and the repositories that they come from: those that were renamed.

use std::pin::Pin;

use github_secrets_client::Client;

use super::{attempt::Address, call::Call, response::Redirect};
use crate::{
    Error, Operation, ResponseProblem,
    error::Target,
    place::{OwnerName, RepositoryName},
};

/// A repository as GitHub knows it.
pub(crate) struct FoundRepository {
    pub(crate) id: u64,
    name: RepositoryName,
}

type Lookup<'a> = Pin<Box<dyn Future<Output = Result<FoundRepository, Error>> + Send + 'a>>;

/// More redirects in a row than this are a ring.
const MAX_REDIRECTS: usize = 5;

/// A repository can be renamed again after its former name was looked up.
const MAX_MOVES: usize = 2;

impl Call<'_> {
    /// Returns where to send a redirected request.
    ///
    /// A repository that was renamed is reached by its new name. One that was transferred is not:
    /// its new owner must not get the value. Any other write is not redirected at all, because
    /// nothing tells whom it would reach.
    pub(super) async fn redirect(
        &self,
        target: &Target,
        redirect: Redirect,
        redirects: usize,
    ) -> Result<Address, Error> {
        match target.owner.repository() {
            _ if may_follow(target) && redirects <= MAX_REDIRECTS => {
                Ok(Address::Redirected(redirect.location))
            }
            Some(repository) if redirects <= MAX_MOVES && !may_follow(target) => {
                let found = self
                    .find_repository(repository)
                    .await
                    .map_err(|error| error.about(target))?;
                self.http.moves.note(repository, found.name);
                Ok(self.address(target))
            }
            _ => {
                let problem = ResponseProblem::Redirect;
                Err(Error::unexpected(target, redirect.head, problem))
            }
        }
    }

    /// Returns the id and the present name of a repository. One that was transferred answers to its
    /// old name as well, and is an error.
    ///
    /// A redirected request asks for the name before it is sent again, so the future is boxed.
    pub(crate) fn find_repository<'a>(&'a self, name: &'a RepositoryName) -> Lookup<'a> {
        let owner = OwnerName::Repository(name.clone());
        let target = Target::new(Operation::REPOSITORY, owner, None);
        let (login, repo) = (name.owner().as_str(), name.name());
        let request = move |client: Client| async move { client.repos_get(login, repo).await };
        Box::pin(async move {
            let response = self.send(&target, request).await?;
            let found = response.value;
            let contradiction = |what| {
                let problem = ResponseProblem::Contradiction(what);
                Err(Error::unexpected(&target, response.head, problem))
            };
            let Ok(present) = RepositoryName::parse(&found.full_name) else {
                return contradiction("the repository has no valid name");
            };
            if !name.owner().is(present.owner().as_str()) {
                return Err(Error::moved(&target, name.to_string(), found.full_name));
            }
            match u64::try_from(found.id) {
                Ok(id) if id > 0 => Ok(FoundRepository { id, name: present }),
                _ => contradiction("the repository has no valid id"),
            }
        })
    }

    /// Returns where to send a request at first: to the new name of a repository that is known to
    /// have been renamed.
    pub(super) fn address(&self, target: &Target) -> Address {
        let repository = target.owner.repository().filter(|_| !may_follow(target));
        let renamed = repository.and_then(|former| Some((former, self.http.moves.name(former)?)));
        match renamed {
            Some((former, present)) => Address::Renamed {
                from: format!("/repos/{former}"),
                to: format!("/repos/{present}"),
            },
            None => Address::Own,
        }
    }
}

/// Returns whether a request may go wherever a redirect leads within the API's origin: one that
/// changes nothing, and does not depend on whom a repository belongs to.
pub(super) fn may_follow(target: &Target) -> bool {
    let reads = !target.operation.is_write();
    let any_owner = target.operation == Operation::REPOSITORY;
    reads && (any_owner || target.owner.repository().is_none())
}
