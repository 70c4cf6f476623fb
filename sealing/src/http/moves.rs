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

/// The ids of renamed repositories, by their former names.
#[derive(Debug, Default)]
pub(crate) struct Moves(Mutex<HashMap<String, (u64, Instant)>>);

impl Moves {
    pub(crate) fn note(&self, repository: &RepositoryName, id: u64) {
        let mut moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        moves.retain(|_, (_, since)| since.elapsed() < LIFETIME);
        moves.insert(repository.folded(), (id, Instant::now()));
    }

    pub(crate) fn id(&self, repository: &RepositoryName) -> Option<u64> {
        let moves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, since) = moves.get(&repository.folded())?;
        (since.elapsed() < LIFETIME).then_some(*id)
    }
}
