//! How many connections there are.

use std::{
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{task, time::sleep};

use super::limiter::Limiter;
use crate::ResponseHead;

/// How long a connection that another request is done with may take to come back. Pauses are
/// counted because a busy machine makes them longer.
const PAUSES: usize = 10;
const PAUSE: Duration = Duration::from_millis(1);

type Connected<C> = Result<C, Box<dyn StdError + Send + Sync>>;

/// Opens connections for an HTTP client, and no more of them than there are requests under way.
///
/// hyper opens one for each request that finds none idle, although one is often about to come back,
/// and has the request take whichever is there first.
#[derive(Clone)]
pub(crate) struct Connections {
    limiter: Arc<Limiter<ResponseHead>>,
    /// How many were opened, without those that are known to be closed.
    opened: Arc<AtomicUsize>,
}

impl Connections {
    pub(crate) fn new(limiter: Arc<Limiter<ResponseHead>>) -> Self {
        Self {
            limiter,
            opened: Arc::default(),
        }
    }

    /// Connects as soon as one more connection is needed.
    pub(crate) async fn open<C>(self, connect: impl Future<Output = Connected<C>>) -> Connected<C> {
        let request = task::try_id();
        let mut pauses = 0;
        while !self.is_needed() {
            if pauses == PAUSES {
                // The others did not come back, so they are in use or closed.
                let in_use = self.limiter.under_way();
                self.opened.store(in_use, Ordering::Relaxed);
                break;
            }
            pauses += 1;
            sleep(PAUSE).await;
            // What a request does not need after all, hyper completes in a task of its own.
            if task::try_id() != request {
                return Err("the request has another connection".into());
            }
        }
        connect.await
    }

    fn is_needed(&self) -> bool {
        let under_way = self.limiter.under_way();
        self.opened
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |opened| {
                (opened < under_way).then_some(opened + 1)
            })
            .is_ok()
    }
}
