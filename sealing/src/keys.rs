//! Public keys: fetched, kept for some minutes, and sealed to; the one home of what a write with a
//! value has in common.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use github_secrets_client::{Request, types};
use tokio::time::Instant;

use crate::{
    Error, PublicKey, SealedValue, SecretValue, Store,
    error::Target,
    http::{Call, SharedFetch, Unfetched},
    place::OwnerName,
};

/// GitHub documents no lifetime, and replaced all keys without notice in January 2024.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Something that has a public key of its own: a store of secrets, or the private registries.
pub(crate) trait KeyOwner {
    fn key_scope(&self) -> KeyScope;
    fn key_target(&self) -> Target;
    fn key_request(&self) -> Request<types::PublicKey>;
}

/// The public keys of one `GitHub`, which is of one API.
#[derive(Debug, Default)]
pub(crate) struct Keys(Mutex<Slots>);

#[derive(Debug, Default)]
struct Slots {
    by_scope: HashMap<KeyScope, Arc<Slot>>,
    /// How many slots there may be before those that nobody needs make room.
    most: usize,
}

/// Fewer slots than this are not worth a look.
const FEW_SLOTS: usize = 64;

/// The key of one owner. Calls that find it missing share one fetch.
type Slot = SharedFetch<FetchedKey, Error>;

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

/// Keeps the key of an owner at hand while a batch works there, for longer than others keep it: if
/// it is replaced, GitHub refuses what is sealed to it.
pub(crate) struct KeyHold {
    /// When it was fetched at the earliest.
    pub(crate) since: Option<Instant>,
    /// A slot that is in use keeps its key.
    _slot: Arc<Slot>,
}

/// A key and when it was fetched.
#[derive(Clone, Debug)]
struct FetchedKey {
    key: Arc<PublicKey>,
    /// When the first request for it was sent.
    began: Instant,
    ended: Instant,
}

impl Keys {
    /// Returns the key at hand, or fetches it for this write and the next ones.
    pub(crate) async fn get(
        &self,
        call: &Arc<Call>,
        owner: &impl KeyOwner,
    ) -> Result<Arc<PublicKey>, Error> {
        self.other_than(None, call, owner).await
    }

    /// Fetches the current key, bypassing the cache, and keeps it.
    pub(crate) async fn fetch(
        &self,
        call: &Arc<Call>,
        owner: &impl KeyOwner,
    ) -> Result<PublicKey, Error> {
        let fetched = fetch(call, &owner.key_target(), owner.key_request()).await?;
        let key = PublicKey::clone(&fetched.key);
        self.slot(owner.key_scope()).keep(fetched);
        Ok(key)
    }

    /// Keeps the key that is fresh now, or is fetched later.
    pub(crate) fn hold(&self, owner: &impl KeyOwner) -> KeyHold {
        KeyHold {
            since: Instant::now().checked_sub(LIFETIME),
            _slot: self.slot(owner.key_scope()),
        }
    }

    /// Seals the value and sends it, once more with a fresh key if `key` may be stale.
    pub(crate) async fn send_sealed<T, F: Future<Output = Result<T, Error>>>(
        &self,
        call: &Arc<Call>,
        owner: &impl KeyOwner,
        key: Arc<PublicKey>,
        value: &SecretValue,
        send: impl Fn(SealedValue) -> F,
    ) -> Result<T, Error> {
        match send(key.seal(value)?).await {
            Err(Error::Rejected(response)) if response.can_mean_stale_key() => {
                let path = response.target().owner.path();
                tracing::info!(github.owner = path, "rejected, perhaps for a stale key");
                let again = async {
                    let key = self.other_than(Some(key), call, owner).await?;
                    send(key.seal(value)?).await
                };
                let sent = || Error::Rejected(response);
                again.await.map_err(|error| error.or_of_sent(sent))
            }
            result => result,
        }
    }

    /// Returns a key other than the one that was `refused`.
    ///
    /// The fetch is a call of its own, which several calls can share. The `call` here only waits
    /// for it, within its time.
    async fn other_than(
        &self,
        refused: Option<Arc<PublicKey>>,
        call: &Arc<Call>,
        owner: &impl KeyOwner,
    ) -> Result<Arc<PublicKey>, Error> {
        let slot = self.slot(owner.key_scope());
        let usable = Usable {
            since: call.keys_since(),
            refused,
        };
        if let Some(kept) = slot.kept().filter(|kept| usable.includes(kept)) {
            return Ok(kept.key);
        }
        let begun = Instant::now();
        let target = owner.key_target();
        match wait_for_key(call, &target, slot, usable, owner.key_request()).await? {
            Ok(fetched) => {
                if fetched.ended >= begun {
                    call.count_from(fetched.began.max(begun));
                }
                Ok(fetched.key)
            }
            Err(Unfetched::Failed(error)) => Err(error),
            Err(Unfetched::Ended) => Err(call.shut_down(&target)),
        }
    }

    fn slot(&self, scope: KeyScope) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.by_scope.get(&scope) {
            return Arc::clone(slot);
        }
        if slots.by_scope.len() >= slots.most {
            slots.make_room();
        }
        Arc::clone(slots.by_scope.entry(scope).or_default())
    }
}

impl Slots {
    /// Removes the slots that nobody uses and that have no fresh key. The next time is when there
    /// are twice as many, so that thousands of places are not walked through for each new one.
    fn make_room(&mut self) {
        let in_use = |slot: &Arc<Slot>| Arc::strong_count(slot) > 1;
        self.by_scope
            .retain(|_, slot| in_use(slot) || slot.kept().is_some_and(|kept| kept.is_fresh()));
        self.most = (self.by_scope.len() * 2).max(FEW_SLOTS);
    }
}

impl FetchedKey {
    fn is_fresh(&self) -> bool {
        self.ended.elapsed() < LIFETIME
    }
}

/// Which keys will do.
struct Usable {
    /// One that was fetched since then, however old it is.
    since: Option<Instant>,
    /// Not this one.
    refused: Option<Arc<PublicKey>>,
}

impl Usable {
    fn includes(&self, kept: &FetchedKey) -> bool {
        let is_held = self.since.is_some_and(|since| kept.ended >= since);
        let refused = self.refused.as_ref();
        (is_held || kept.is_fresh())
            && !refused.is_some_and(|refused| Arc::ptr_eq(refused, &kept.key))
    }
}

type KeyResult = Result<FetchedKey, Unfetched<Error>>;

/// Waits for a key that is fetched now, by this call or another. Boxed, so that it is compiled here
/// and not in each crate that sets a secret.
fn wait_for_key<'a>(
    call: &'a Arc<Call>,
    target: &'a Target,
    slot: Arc<Slot>,
    usable: Usable,
    request: Request<types::PublicKey>,
) -> Pin<Box<dyn Future<Output = Result<KeyResult, Error>> + Send + 'a>> {
    let part = Arc::new(Call::new(call.http()).part_of(call));
    let key_target = target.clone();
    Box::pin(call.wait_for(target, async move {
        let fetch = || async move { fetch(&part, &key_target, request).await };
        slot.get_or(|kept| usable.includes(kept), fetch).await
    }))
}

async fn fetch(
    call: &Arc<Call>,
    target: &Target,
    request: Request<types::PublicKey>,
) -> Result<FetchedKey, Error> {
    let found = call.send(target, request).await?.value;
    let key = PublicKey::new(found.key_id.to_string(), &found.key)?;
    let ended = Instant::now();
    Ok(FetchedKey {
        key: Arc::new(key),
        began: call.began().unwrap_or(ended),
        ended,
    })
}
