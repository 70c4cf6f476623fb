//! A machine that can be lost: from then on, nothing that ran there sends or saves anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::Method;
use reqwest::Request;
use tokio::{sync::SetOnce, time::Instant};

use super::{super::server::Server, world::World};
use crate::http::{Received, RoundTrip, RoundTripFuture};

#[derive(Clone)]
pub(super) struct Machine(Arc<Inner>);

struct Inner {
    server: Server,
    world: World,
    /// The number of its run.
    number: u64,
    lost: SetOnce<()>,
    end: Option<End>,
    requests: AtomicU64,
    sent: Mutex<Sent>,
}

/// What left the machine.
#[derive(Default)]
pub(super) struct Sent {
    /// The paths to which something was written.
    pub(super) written: BTreeSet<String>,
    /// When each path was read last.
    read: BTreeMap<String, Instant>,
    /// When a rate-limit response came last.
    limited: Option<Instant>,
    /// When each path was written to last, where that may have another attempt.
    failed: BTreeMap<String, Instant>,
    /// After which time nothing is sent any more.
    until: Option<Instant>,
    pub(super) complaints: Vec<String>,
}

/// With which request the machine is lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) request: u64,
    /// Whether that still leaves the machine.
    pub(super) is_sent: bool,
}

impl Machine {
    pub(super) fn new(server: &Server, world: &World, number: u64, end: Option<End>) -> Self {
        Self(Arc::new(Inner {
            server: server.clone(),
            world: world.clone(),
            number,
            lost: SetOnce::new(),
            end,
            requests: AtomicU64::new(0),
            sent: Mutex::default(),
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

    pub(super) fn sent(&self) -> MutexGuard<'_, Sent> {
        self.0.sent.lock().unwrap()
    }
}

impl Sent {
    /// Lets nothing be sent after this time.
    pub(super) fn ends_at(&mut self, at: Instant) {
        self.until = Some(self.until.map_or(at, |until| until.min(at)));
    }

    fn departs(&mut self, request: &Request) {
        let path = request.url().path();
        // The fetch of a key goes on, because others may wait for it.
        let is_shared = path.ends_with("/public-key");
        if self.until.is_some_and(|until| Instant::now() > until) && !is_shared {
            let complaint = format!("{} {path} was sent after the end", request.method());
            self.complaints.push(complaint);
        }
        match *request.method() {
            Method::GET => {
                self.read.insert(path.to_owned(), Instant::now());
                return;
            }
            Method::PUT => {
                self.written.insert(path.to_owned());
            }
            _ => {}
        }
        let failed = self.failed.remove(path);
        // The secret alone or in the list of its place, and its repository.
        let list = path.rsplit_once('/').map_or(path, |(list, _)| list);
        let mut sights = vec![vec![path, list]];
        if path.starts_with("/repos/") {
            // By any name: a former one leads to it as well.
            let paths = self.read.keys().map(String::as_str);
            sights.push(paths.filter(|path| is_repository(path)).collect());
        }
        for paths in sights {
            let read = paths.iter().filter_map(|path| self.read.get(*path)).max();
            let is_limited = read.is_some_and(|read| Some(*read) <= self.limited);
            if is_limited || read.is_some_and(|read| Some(*read) < failed) {
                let what = if is_limited { "a limit" } else { "a failure" };
                let complaint = format!("{path} was written after {what} without another look");
                self.complaints.push(complaint);
                return;
            }
        }
    }

    /// Notes how an attempt at a write has ended, unless that was a refusal or a redirect.
    fn attempted(&mut self, path: &str, received: Option<&Received>) {
        let is_over = received.is_some_and(|received| match received.status.as_u16() {
            401 | 403 | 408 | 429 => false,
            200..=299 => received.fault.is_none(),
            status => status < 500,
        });
        if !is_over {
            self.failed.insert(path.to_owned(), Instant::now());
        }
    }

    fn received(&mut self, received: &Received) {
        let is_limit = matches!(received.status.as_u16(), 403 | 429)
            && String::from_utf8_lossy(&received.body).contains("rate limit");
        if is_limit {
            self.limited = Some(Instant::now());
        }
    }
}

/// Returns whether a path is that of a repository itself.
fn is_repository(path: &str) -> bool {
    path.strip_prefix("/repos/")
        .is_some_and(|name| name.matches('/').count() == 1)
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
            machine.sent().departs(&request);
            if *request.method() == Method::PUT {
                let (world, number) = (&machine.0.world, machine.0.number);
                world.lock().watch.departs(number, request.url().path());
            }
            let is_write = *request.method() != Method::GET;
            let path = request.url().path().to_owned();
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
            if is_write {
                let received = received.as_ref().ok();
                machine.sent().attempted(&path, received);
            }
            if let Ok(received) = &received {
                machine.sent().received(received);
            }
            received
        })
    }
}
