//! How many connections there are.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    task,
    time::{sleep, timeout},
};
use tower::{BoxError, Layer, Service, util::Oneshot};

use super::limiter::Limiter;
use crate::ResponseHead;

/// How long a connection that another request is done with may take to come back. Pauses are
/// counted because a busy machine makes them longer.
const PAUSES: usize = 10;
const PAUSE: Duration = Duration::from_millis(1);
/// For the name, the connection and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Lets an HTTP client open no more connections than there are requests under way.
#[derive(Clone)]
pub(crate) struct Connections(pub(crate) Arc<Limiter<ResponseHead>>);

impl<C> Layer<C> for Connections {
    type Service = Connector<C>;

    fn layer(&self, connect: C) -> Connector<C> {
        Connector(Arc::new(Shared {
            limiter: Arc::clone(&self.0),
            opened: AtomicUsize::new(0),
            connect,
        }))
    }
}

/// Opens connections by `connect`: another one only where there are more requests than connections.
///
/// hyper asks for one with each request that finds none idle, although one is often about to come
/// back, and has the request take whichever is there first. A clone is one pointer, because reqwest
/// clones its connector several times for each request.
pub(crate) struct Connector<C>(Arc<Shared<C>>);

struct Shared<C> {
    limiter: Arc<Limiter<ResponseHead>>,
    /// How many were opened, without those that are known to be closed.
    opened: AtomicUsize,
    connect: C,
}

impl<C> Clone for Connector<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C, T> Service<T> for Connector<C>
where
    C: Service<T, Error = BoxError> + Clone + Send + Sync + 'static,
    C::Future: Send,
    T: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: T) -> Self::Future {
        let shared = Arc::clone(&self.0);
        Box::pin(async move {
            shared.wait_for_need().await?;
            let connect = Oneshot::new(shared.connect.clone(), target);
            let late = |_| io::Error::new(io::ErrorKind::TimedOut, "connecting took too long");
            timeout(CONNECT_TIMEOUT, connect).await.map_err(late)?
        })
    }
}

impl<C> Shared<C> {
    /// Waits until one more connection is needed.
    async fn wait_for_need(&self) -> Result<(), BoxError> {
        let request = task::try_id();
        for _ in 0..PAUSES {
            if self.is_needed() {
                return Ok(());
            }
            sleep(PAUSE).await;
            // What a request does not need after all, hyper completes in a task of its own.
            if task::try_id() != request {
                return Err("the request has another connection".into());
            }
        }
        if !self.is_needed() {
            // The others did not come back, so they are in use or closed.
            self.opened
                .store(self.limiter.under_way(), Ordering::Relaxed);
        }
        Ok(())
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
