//! A machine that can be lost: from then on, nothing that ran there sends or saves anything.

use std::{
    collections::BTreeSet,
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::Request;
use tokio::sync::SetOnce;

use super::super::server::Server;
use crate::http::{RoundTrip, RoundTripFuture};

#[derive(Clone)]
pub(super) struct Machine(Arc<Inner>);

struct Inner {
    server: Server,
    lost: SetOnce<()>,
    end: Option<End>,
    requests: AtomicU64,
    /// The paths to which something was written.
    written: Mutex<BTreeSet<String>>,
}

/// With which request the machine is lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) request: u64,
    /// Whether that still leaves the machine.
    pub(super) is_sent: bool,
}

impl Machine {
    pub(super) fn new(server: &Server, end: Option<End>) -> Self {
        Self(Arc::new(Inner {
            server: server.clone(),
            lost: SetOnce::new(),
            end,
            requests: AtomicU64::new(0),
            written: Mutex::default(),
        }))
    }

    pub(super) fn lose(&self) {
        // It may be lost already.
        let _ = self.0.lost.set(());
    }

    pub(super) fn is_lost(&self) -> bool {
        self.0.lost.get().is_some()
    }

    pub(super) async fn until_lost(&self) {
        self.0.lost.wait().await;
    }

    /// Returns the paths to which something was written.
    pub(super) fn written(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.written.lock().unwrap()
    }
}

impl RoundTrip for Machine {
    fn round_trip(&self, request: Request, may_follow: bool, limit: Duration) -> RoundTripFuture {
        let machine = self.clone();
        Box::pin(async move {
            if machine.is_lost() {
                return pending().await;
            }
            let number = machine.0.requests.fetch_add(1, Ordering::Relaxed);
            let is_last = machine.0.end.filter(|end| end.request == number);
            if is_last.is_some_and(|end| !end.is_sent) {
                machine.lose();
                return pending().await;
            }
            if request.method() == http::Method::PUT {
                let path = request.url().path().to_owned();
                machine.written().insert(path);
            }
            let travel = machine.0.server.round_trip(request, may_follow, limit);
            if is_last.is_some() {
                machine.lose();
                // It arrives, and nobody is there for the response.
                tokio::spawn(travel);
                return pending().await;
            }
            let received = travel.await;
            if machine.is_lost() {
                return pending().await;
            }
            received
        })
    }
}
