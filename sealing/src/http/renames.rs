//! The present names of repositories that were renamed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use url::Url;

use crate::place::RepositoryName;

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
