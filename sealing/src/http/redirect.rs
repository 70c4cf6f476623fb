//! Redirects, and the repositories that they come from: those that were renamed.

use std::pin::Pin;

use github_secrets_client::Client;

use super::{attempt::Address, call::Call, response::Redirect};
use crate::{
    Error, Operation, ResponseProblem,
    error::Target,
    place::{OwnerName, RepositoryName},
};

/// The id of a repository, once GitHub has responded.
type Lookup<'a> = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send + 'a>>;

/// More redirects in a row than this are a ring.
const MAX_REDIRECTS: usize = 5;

impl Call<'_> {
    /// Returns where to send a redirected request.
    ///
    /// A repository that was renamed is reached by its id. One that was transferred is not: its
    /// new owner must not get the value. Any other write is not redirected at all, because nothing
    /// tells whom it would reach.
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
            Some(repository) if redirects == 1 && !may_follow(target) => {
                let id = self
                    .repository_id(repository)
                    .await
                    .map_err(|error| error.about(target))?;
                self.http.moves.note(repository, id);
                Ok(self.address(target))
            }
            _ => {
                let problem = ResponseProblem::Redirect;
                Err(Error::unexpected(target, redirect.head, problem))
            }
        }
    }

    /// Returns the id of a repository. One that was transferred answers to its old name as well,
    /// and is an error.
    ///
    /// A redirected request asks for the id before it is sent again, so the future is boxed.
    pub(crate) fn repository_id<'a>(&'a self, name: &'a RepositoryName) -> Lookup<'a> {
        let owner = OwnerName::Repository(name.clone());
        let target = Target::new(Operation::REPOSITORY, owner, None);
        let (login, repo) = (name.owner().as_str(), name.name());
        let request = move |client: Client| async move { client.repos_get(login, repo).await };
        Box::pin(async move {
            let response = self.send(&target, request).await?;
            let found = response.value;
            let owner = found.full_name.split_once('/').map(|(owner, _)| owner);
            if !owner.is_some_and(|owner| name.owner().is(owner)) {
                return Err(Error::moved(&target, name.to_string(), found.full_name));
            }
            match u64::try_from(found.id) {
                Ok(id) if id > 0 => Ok(id),
                _ => {
                    let problem = ResponseProblem::Contradiction("the repository has no valid id");
                    Err(Error::unexpected(&target, response.head, problem))
                }
            }
        })
    }

    /// Returns where to send a request at first: to the id of a repository that is known to have
    /// been renamed.
    pub(super) fn address(&self, target: &Target) -> Address {
        let renamed = target.owner.repository().filter(|_| !may_follow(target));
        let id = renamed.and_then(|repository| self.http.moves.id(repository));
        match renamed.zip(id) {
            Some((repository, id)) => Address::Renamed {
                path: format!("/repos/{repository}"),
                id,
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
