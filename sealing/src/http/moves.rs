//! Repositories that were renamed.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::place::RepositoryName;

/// A name can be given to another repository at any time, so what it stood for is soon forgotten.
const LIFETIME: Duration = Duration::from_secs(60);

/// The names of renamed repositories, by their former names.
///
/// A repository keeps its id when it is transferred, so a request to the id would reach the new
/// owner. A request to the name is redirected again.
#[derive(Default)]
pub(crate) struct Moves(Mutex<HashMap<String, (RepositoryName, Instant)>>);

impl Moves {
    pub(crate) fn note(&self, repository: &RepositoryName, name: RepositoryName) {
        let mut moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        moves.retain(|_, (_, since)| since.elapsed() < LIFETIME);
        moves.insert(repository.folded(), (name, Instant::now()));
    }

    pub(crate) fn name(&self, repository: &RepositoryName) -> Option<RepositoryName> {
        let moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (name, since) = moves.get(&repository.folded())?;
        (since.elapsed() < LIFETIME).then(|| name.clone())
    }
}
