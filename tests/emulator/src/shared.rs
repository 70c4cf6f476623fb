//! What the emulator's handle and its connections share.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use crate::{fault::Fault, world::World};

pub(crate) struct Shared {
    world: Mutex<World>,
    faults: Mutex<Vec<Fault>>,
    connections: AtomicU64,
    concurrent: AtomicUsize,
    most_concurrent: AtomicUsize,
    responses: AtomicU64,
}

impl Shared {
    pub(crate) fn new(world: World, faults: Vec<Fault>) -> Self {
        Self {
            world: Mutex::new(world),
            faults: Mutex::new(faults),
            connections: AtomicU64::new(0),
            concurrent: AtomicUsize::new(0),
            most_concurrent: AtomicUsize::new(0),
            responses: AtomicU64::new(0),
        }
    }

    /// Counts a connection and returns its number.
    pub(crate) fn connected(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Counts a response and returns its number.
    pub(crate) fn responded(&self) -> u64 {
        self.responses.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the faults to come. Who needs the world too locks the world first.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn most_concurrent(&self) -> usize {
        self.most_concurrent.load(Ordering::Relaxed)
    }
}

/// A request that is being handled.
pub(crate) struct InProgress<'a> {
    shared: &'a Shared,
    /// How many requests there were when it arrived, this one included.
    pub(crate) concurrent: usize,
}

impl<'a> InProgress<'a> {
    pub(crate) fn new(shared: &'a Shared) -> Self {
        let concurrent = shared.concurrent.fetch_add(1, Ordering::Relaxed) + 1;
        shared
            .most_concurrent
            .fetch_max(concurrent, Ordering::Relaxed);
        Self { shared, concurrent }
    }
}

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        self.shared.concurrent.fetch_sub(1, Ordering::Relaxed);
    }
}
