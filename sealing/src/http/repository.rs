//! Repositories by their names: their ids and present names.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use github_secrets_client::repos_get;
use tokio::time::Instant;
use url::Url;

use super::call::Call;
use crate::{
    Error, Operation, ResponseProblem,
    error::Target,
    place::{OwnerName, RepositoryName},
};

/// A repository as GitHub knows it.
pub(crate) struct FoundRepository {
    pub(crate) id: u64,
    pub(super) name: RepositoryName,
}

type Lookup<'a> = Pin<Box<dyn Future<Output = Result<FoundRepository, Error>> + Send + 'a>>;

impl Call {
    /// Returns the id and the present name of a repository. One that was transferred answers to its
    /// old name as well, and is an error.
    ///
    /// A redirected request asks for the name before it is sent again, so the future is boxed.
    pub(crate) fn find_repository<'a>(self: &'a Arc<Self>, name: &'a RepositoryName) -> Lookup<'a> {
        let owner = OwnerName::Repository(name.clone());
        let target = Target::new(Operation::REPOSITORY, owner, None);
        let request = repos_get(name.owner().as_str(), name.name());
        Box::pin(async move {
            let response = self.send(&target, &request).await?;
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
}

/// How long the name of a renamed repository is believed.
const LIFETIME: Duration = Duration::from_secs(60);

/// The present names of renamed repositories, by their former names.
///
/// A former name can be given to another repository at any time, which ends the redirect. So it is
/// always tried first, and what is known counts only if GitHub redirects to the same repository.
#[derive(Default)]
pub(super) struct Renames(Mutex<HashMap<String, Rename>>);

struct Rename {
    /// Where GitHub redirects: the path holds the id of the repository.
    location: Url,
    name: RepositoryName,
    since: Instant,
}

impl Renames {
    pub(super) fn note(&self, former: &RepositoryName, location: &Url, name: RepositoryName) {
        let mut renames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        renames.retain(|_, rename| rename.since.elapsed() < LIFETIME);
        let rename = Rename {
            location: repository_of(location),
            name,
            since: Instant::now(),
        };
        renames.insert(former.folded(), rename);
    }

    pub(super) fn name(&self, former: &RepositoryName, location: &Url) -> Option<RepositoryName> {
        let renames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rename = renames.get(&former.folded())?;
        let is_same = rename.location == repository_of(location);
        (is_same && rename.since.elapsed() < LIFETIME).then(|| rename.name.clone())
    }
}

/// Returns the part of an address that stands for a repository: `/repositories/{id}`.
fn repository_of(location: &Url) -> Url {
    let mut url = location.clone();
    url.set_query(None);
    if let Some((before, after)) = location.path().split_once("/repositories/") {
        let id = after.split('/').next().unwrap_or_default();
        url.set_path(&format!("{before}/repositories/{id}"));
    }
    url
}
