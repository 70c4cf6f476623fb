//! Where a request is sent: to its own address, after a redirect, or to a repository's new name.

use std::sync::Arc;

use url::Url;

use super::{call::Call, outcome::Redirect};
use crate::{Error, Operation, ResponseProblem, error::Target, place::RepositoryName};

/// Where to send a request.
#[derive(Clone, Debug)]
pub(super) enum Address {
    /// To the address that it has.
    Own,
    /// To another one, within the same origin.
    Redirected(Url),
    /// To the path of a repository in place of that of its former name.
    Renamed { from: String, to: String },
}

/// More redirects in a row than this are a ring.
const MAX_REDIRECTS: usize = 5;

/// A repository can be renamed again after its former name was looked up.
const MAX_RENAMES: usize = 2;

impl Call {
    /// Returns where to send a redirected request.
    ///
    /// A repository that was renamed is reached by its new name. One that was transferred is not:
    /// its new owner must not get the value. Any other write is not redirected at all, because
    /// nothing shows whom it would reach.
    pub(super) async fn redirect(
        self: &Arc<Self>,
        target: &Target,
        redirect: Redirect,
        redirects: usize,
    ) -> Result<Address, Error> {
        match target.owner.repository() {
            _ if may_follow(target) && redirects <= MAX_REDIRECTS => {
                Ok(Address::Redirected(redirect.location))
            }
            Some(repository) if redirects <= MAX_RENAMES && !may_follow(target) => {
                // A name that was remembered could be another repository's by now.
                let found = self.find_repository(repository).await;
                let found = found.map_err(|error| error.about(target))?;
                if self.repository.is_some_and(|id| id != found.id) {
                    let problem = ResponseProblem::Contradiction("another repository has the name");
                    return Err(Error::unexpected(target, redirect.head, problem));
                }
                let leads_to = repository_id(&redirect.location);
                if leads_to.is_some_and(|id| id != found.id) {
                    // The name was given to another repository meanwhile, which is the one meant.
                    return Ok(Address::Own);
                }
                Ok(Address::renamed(repository, &found.name))
            }
            _ => {
                let problem = ResponseProblem::Redirect;
                Err(Error::unexpected(target, redirect.head, problem))
            }
        }
    }
}

impl Address {
    fn renamed(former: &RepositoryName, present: &RepositoryName) -> Self {
        Self::Renamed {
            from: format!("/repos/{former}"),
            to: format!("/repos/{present}"),
        }
    }

    pub(super) fn apply(&self, url: &mut Url) {
        match self {
            Self::Own => {}
            Self::Redirected(to) => *url = to.clone(),
            Self::Renamed { from, to } => {
                if let Some((api, rest)) = url.path().split_once(from.as_str()) {
                    let renamed = format!("{api}{to}{rest}");
                    url.set_path(&renamed);
                }
            }
        }
    }
}

/// Returns the id of the repository that a redirect leads to. By the time that its former name is
/// looked up, another one can have that name.
fn repository_id(location: &Url) -> Option<u64> {
    let (_, rest) = location.path().split_once("/repositories/")?;
    rest.split('/').next()?.parse().ok()
}

/// Returns whether a request may go wherever a redirect leads within the API's origin: one that
/// changes nothing, and does not depend on whom a repository belongs to.
pub(super) fn may_follow(target: &Target) -> bool {
    let reads = !target.operation.is_write();
    let any_owner = target.operation == Operation::REPOSITORY;
    reads && (any_owner || target.owner.repository().is_none())
}
