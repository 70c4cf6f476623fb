//! The public keys that were fetched in the last minutes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Mutex as AsyncMutex, time::Instant};

use crate::{Error, PublicKey, Store, place::OwnerName};

/// GitHub documents no lifetime, and replaced all keys without notice in January 2024.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The public keys of one `GitHub`, which is of one API.
#[derive(Debug, Default)]
pub(crate) struct KeyCache(Mutex<HashMap<KeyScope, Arc<AsyncMutex<Option<Kept>>>>>);

/// What a key belongs to. A value that is sealed to another place's key cannot be read there
/// ([cli/cli#3831](https://github.com/cli/cli/issues/3831)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyScope {
    /// The owner, in the form in which two spellings of it are equal.
    pub(crate) owner: OwnerName,
    /// The store, or `None` for private registries.
    pub(crate) store: Option<Store>,
    /// For a user's secrets, which token is in use: its user is their owner.
    pub(crate) token: Option<u64>,
}

#[derive(Debug)]
struct Kept {
    key: Arc<PublicKey>,
    since: Instant,
}

impl KeyCache {
    /// Returns the key at hand, or the one that `fetch` returns; tasks that come together fetch
    /// once. A key that was `refused` is not used again.
    pub(crate) async fn key(
        &self,
        scope: KeyScope,
        refused: Option<&Arc<PublicKey>>,
        fetch: impl Future<Output = Result<PublicKey, Error>>,
    ) -> Result<Arc<PublicKey>, Error> {
        let slot = self.slot(scope);
        let mut kept = slot.lock().await;
        let usable = kept.as_ref().filter(|kept| {
            kept.since.elapsed() < LIFETIME
                && !refused.is_some_and(|refused| Arc::ptr_eq(refused, &kept.key))
        });
        if let Some(kept) = usable {
            return Ok(Arc::clone(&kept.key));
        }
        *kept = None;
        let key = Arc::new(fetch.await?);
        *kept = Some(Kept {
            key: Arc::clone(&key),
            since: Instant::now(),
        });
        Ok(key)
    }

    /// Keeps a key that was fetched for another reason.
    pub(crate) async fn keep(&self, scope: KeyScope, key: PublicKey) {
        let kept = Kept {
            key: Arc::new(key),
            since: Instant::now(),
        };
        *self.slot(scope).lock().await = Some(kept);
    }

    fn slot(&self, scope: KeyScope) -> Arc<AsyncMutex<Option<Kept>>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(scope).or_default())
    }
}
