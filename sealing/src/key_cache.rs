//! The public keys that were fetched in the last minutes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    Error, PublicKey, Store,
    error::Target,
    http::{Call, SharedFetch, Unfetched},
    place::OwnerName,
};

/// GitHub documents no lifetime, and replaced all keys without notice in January 2024.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The public keys of one `GitHub`, which is of one API.
#[derive(Debug, Default)]
pub(crate) struct KeyCache(Mutex<HashMap<KeyScope, Arc<KeySlot>>>);

/// The key of one place. Calls that find it missing share one fetch.
type KeySlot = SharedFetch<FetchedKey, Error>;

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

/// A key and when it was fetched.
#[derive(Clone, Debug)]
pub(crate) struct FetchedKey {
    key: Arc<PublicKey>,
    /// When the first request for it was sent.
    began: Instant,
    ended: Instant,
}

impl FetchedKey {
    /// A key that was fetched by a call of its own.
    pub(crate) fn new(key: PublicKey, call: &Call<'_>) -> Self {
        let ended = Instant::now();
        Self {
            key: Arc::new(key),
            began: call.began().unwrap_or(ended),
            ended,
        }
    }

    fn is_fresh(&self) -> bool {
        self.ended.elapsed() < LIFETIME
    }

    fn is_usable(&self, refused: Option<&Arc<PublicKey>>) -> bool {
        self.is_fresh() && !refused.is_some_and(|refused| Arc::ptr_eq(refused, &self.key))
    }
}

impl KeyCache {
    /// Returns the key at hand, or the one that `fetch` returns. A key that was `refused` is not
    /// used again.
    ///
    /// The fetch is a call of its own, which several calls can share. The `call` here only waits
    /// for it, within its time.
    pub(crate) async fn key<F>(
        &self,
        call: &Call<'_>,
        target: &Target,
        scope: KeyScope,
        refused: Option<&Arc<PublicKey>>,
        fetch: impl FnOnce() -> F + Send + 'static,
    ) -> Result<Arc<PublicKey>, Error>
    where
        F: Future<Output = Result<FetchedKey, Error>> + Send + 'static,
    {
        let slot = self.slot(scope);
        let begun = Instant::now();
        if let Some(kept) = slot.kept().filter(|kept| kept.is_usable(refused)) {
            return Ok(kept.key);
        }
        let refused = refused.cloned();
        let fetched = call.wait_for(target, async move {
            let usable = |kept: &FetchedKey| kept.is_usable(refused.as_ref());
            slot.get_or(usable, fetch).await
        });
        match fetched.await? {
            Ok(fetched) => {
                if fetched.ended >= begun {
                    call.count_from(fetched.began.max(begun));
                }
                Ok(fetched.key)
            }
            Err(Unfetched::Failed(error)) => Err(error),
            Err(Unfetched::Ended) => Err(call.ended(target)),
        }
    }

    /// Keeps a key that was fetched for another reason.
    pub(crate) fn keep(&self, scope: KeyScope, fetched: FetchedKey) {
        self.slot(scope).keep(fetched);
    }

    fn slot(&self, scope: KeyScope) -> Arc<KeySlot> {
        let mut slots = self.lock();
        if let Some(slot) = slots.get(&scope) {
            return Arc::clone(slot);
        }
        // Slots that nobody uses and that have no fresh key make room.
        let in_use = |slot: &Arc<KeySlot>| Arc::strong_count(slot) > 1;
        slots.retain(|_, slot| in_use(slot) || slot.kept().is_some_and(|kept| kept.is_fresh()));
        Arc::clone(slots.entry(scope).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<KeyScope, Arc<KeySlot>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
