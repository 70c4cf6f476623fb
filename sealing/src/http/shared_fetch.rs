//! A value that many need and one fetches.

use std::{
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    runtime::{Handle, Id},
    sync::SetOnce,
};

/// A value kept between calls. Calls that find it missing share one fetch and its result, whether
/// that is the value or an error.
///
/// The fetch runs in a task of its own, so it goes on when a call that waits for it is dropped or
/// not polled. It is shared within one runtime only: another one may not be driven, or may end.
pub(crate) struct SharedFetch<T, E>(Arc<Mutex<State<T, E>>>);

struct State<T, E> {
    kept: Option<T>,
    under_way: Vec<(Id, FetchResult<T, E>)>,
}

type FetchResult<T, E> = Arc<SetOnce<Result<T, Unfetched<E>>>>;

/// The reason why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfetched<E> {
    /// The fetch failed.
    Failed(E),
    /// The fetch did not come to its end: it panicked, or its runtime is gone.
    Ended,
}

impl<T, E> SharedFetch<T, E>
where
    T: Clone + Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// Returns the value that is kept if it is `usable`, or the result of the fetch under way, or
    /// that of a new one.
    pub(crate) async fn get_or<F>(
        &self,
        usable: impl FnOnce(&T) -> bool,
        fetch: impl FnOnce() -> F,
    ) -> Result<T, Unfetched<E>>
    where
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        let result = {
            let mut state = self.lock();
            if let Some(value) = state.kept.as_ref().filter(|value| usable(value)) {
                return Ok(value.clone());
            }
            state.kept = None;
            let runtime = Handle::try_current().map_err(|_| Unfetched::Ended)?;
            let mut fetches = state.under_way.iter();
            match fetches.find(|(id, _)| *id == runtime.id()) {
                Some((_, result)) => Arc::clone(result),
                None => {
                    let result = Arc::default();
                    state.under_way.push((runtime.id(), Arc::clone(&result)));
                    let under_way = UnderWay {
                        shared: Self(Arc::clone(&self.0)),
                        runtime: runtime.id(),
                        result: Arc::clone(&result),
                    };
                    drop(state);
                    runtime.spawn(under_way.run(fetch()));
                    result
                }
            }
        };
        result.wait().await.clone()
    }
}

impl<T: Clone, E> SharedFetch<T, E> {
    /// Returns the value that is kept.
    pub(crate) fn kept(&self) -> Option<T> {
        self.lock().kept.clone()
    }
}

impl<T, E> SharedFetch<T, E> {
    /// Keeps a value that was fetched for another reason.
    pub(crate) fn keep(&self, value: T) {
        self.lock().kept = Some(value);
    }

    /// Forgets the value that is kept if it is `unusable`.
    pub(crate) fn forget(&self, unusable: impl FnOnce(&mut T) -> bool) {
        self.lock().kept.take_if(unusable);
    }

    fn lock(&self) -> MutexGuard<'_, State<T, E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, E> Default for SharedFetch<T, E> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            kept: None,
            under_way: Vec::new(),
        })))
    }
}

/// A fetch that makes room for another when it ends, in whichever way.
struct UnderWay<T, E> {
    shared: SharedFetch<T, E>,
    runtime: Id,
    result: FetchResult<T, E>,
}

impl<T: Clone, E> UnderWay<T, E> {
    async fn run(self, fetch: impl Future<Output = Result<T, E>>) {
        let result = fetch.await;
        if let Ok(value) = &result {
            self.shared.lock().kept = Some(value.clone());
        }
        self.make_room();
        // Nobody else sets it.
        let _ = self.result.set(result.map_err(Unfetched::Failed));
    }
}

impl<T, E> UnderWay<T, E> {
    fn make_room(&self) {
        let mut state = self.shared.lock();
        let ours = |result: &FetchResult<T, E>| Arc::ptr_eq(result, &self.result);
        state
            .under_way
            .retain(|(runtime, result)| *runtime != self.runtime || !ours(result));
    }
}

impl<T, E> Drop for UnderWay<T, E> {
    fn drop(&mut self) {
        if self.result.set(Err(Unfetched::Ended)).is_ok() {
            self.make_room();
        }
    }
}

impl<T, E> fmt::Debug for SharedFetch<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedFetch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use futures_util::FutureExt;
    use tokio::{
        runtime,
        task::JoinSet,
        time::{Instant, sleep, timeout},
    };

    use super::{SharedFetch, Unfetched};

    type Numbers = Arc<SharedFetch<usize, &'static str>>;

    async fn slowly<T>(result: T) -> T {
        sleep(Duration::from_secs(1)).await;
        result
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_fetch_and_its_failure() {
        for result in [Ok(7), Err("no value")] {
            let shared = Numbers::new(SharedFetch::default());
            let fetches = Arc::new(AtomicUsize::new(0));
            let begun = Instant::now();
            let mut calls = JoinSet::new();
            for _ in 0..30 {
                let (shared, fetches) = (Arc::clone(&shared), Arc::clone(&fetches));
                calls.spawn(async move {
                    let fetch = || {
                        fetches.fetch_add(1, Ordering::Relaxed);
                        slowly(result)
                    };
                    shared.get_or(|_| true, fetch).await
                });
            }
            let all = calls.join_all().await;
            assert_eq!(all, vec![result.map_err(Unfetched::Failed); 30]);
            assert_eq!(fetches.load(Ordering::Relaxed), 1);
            assert_eq!(begun.elapsed(), Duration::from_secs(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_fetch_goes_on_when_the_call_that_began_it_is_dropped() {
        let shared = Numbers::new(SharedFetch::default());
        let dropped = shared.get_or(|_| true, || slowly(Ok(1)));
        assert!(timeout(Duration::from_millis(1), dropped).await.is_err());
        let joined = shared.get_or(|_| true, || slowly(Ok(2)));
        assert_eq!(joined.await, Ok(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_is_kept_until_it_is_not_usable() {
        let shared = Numbers::new(SharedFetch::default());
        for (usable, expected) in [(true, 1), (true, 1), (false, 3), (true, 3)] {
            let fetch = || slowly(Ok(expected));
            assert_eq!(shared.get_or(|_| usable, fetch).await, Ok(expected));
        }
        shared.keep(4);
        assert_eq!(shared.get_or(|_| true, || slowly(Ok(5))).await, Ok(4));
        shared.forget(|value| *value == 4);
        assert_eq!(shared.get_or(|_| true, || slowly(Ok(6))).await, Ok(6));
    }

    #[tokio::test(start_paused = true)]
    async fn a_fetch_that_panics_ends_the_wait_and_the_next_call_fetches_anew() {
        let shared = Numbers::new(SharedFetch::default());
        let broken = shared.get_or(|_| true, || async { panic!("a broken provider") });
        assert_eq!(broken.await, Err(Unfetched::Ended));
        assert_eq!(shared.get_or(|_| true, || slowly(Ok(2))).await, Ok(2));
    }

    #[test]
    fn a_runtime_that_shuts_down_ends_the_wait_and_another_fetches_anew() {
        let shared = Numbers::new(SharedFetch::default());
        let first = runtime::Builder::new_current_thread().build().unwrap();
        let waiting = Arc::clone(&shared);
        let mut waiting = Box::pin(async move {
            let never = std::future::pending::<Result<usize, &'static str>>;
            waiting.get_or(|_| true, never).await
        });
        let started = first.block_on(async { (&mut waiting).now_or_never() });
        assert_eq!(started, None);
        drop(first);
        let second = runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(second.block_on(waiting), Err(Unfetched::Ended));
        let anew = shared.get_or(|_| true, || async { Ok(2) });
        assert_eq!(second.block_on(anew), Ok(2));
    }

    #[test]
    fn without_a_runtime_there_is_an_error() {
        let shared = Numbers::new(SharedFetch::default());
        let mut waiting = Box::pin(shared.get_or(|_| true, || async { Ok(1) }));
        let polled = (&mut waiting).now_or_never();
        assert_eq!(polled, Some(Err(Unfetched::Ended)));
    }
}
