//! The public keys at hand: one for each store and owner, kept for minutes.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Mutex as AsyncMutex, time::Instant};

use crate::{Error, PublicKey};

/// GitHub documents no lifetime, and has replaced all keys at once without notice (January 2024).
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The key cache of one `GitHub`, which is of one API.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<HashMap<KeyScope, Arc<AsyncMutex<Option<Kept>>>>>);

/// Whose key it is: keys differ by store as well as by owner, and one in the place of another
/// makes a value unreadable ([cli/cli#3831](https://github.com/cli/cli/issues/3831)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyScope {
    pub(crate) store: &'static str,
    pub(crate) owner: String,
}

#[derive(Debug)]
struct Kept {
    key: Arc<PublicKey>,
    since: Instant,
}

impl Keys {
    /// The key at hand, or what `fetch` gives; tasks that come together fetch once.
    ///
    /// A key that is `refused` is not used again.
    pub(crate) async fn key(
        &self,
        scope: &KeyScope,
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
    pub(crate) async fn keep(&self, scope: &KeyScope, key: PublicKey) {
        let kept = Kept {
            key: Arc::new(key),
            since: Instant::now(),
        };
        *self.slot(scope).lock().await = Some(kept);
    }

    fn slot(&self, scope: &KeyScope) -> Arc<AsyncMutex<Option<Kept>>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(scope.clone()).or_default())
    }
}
