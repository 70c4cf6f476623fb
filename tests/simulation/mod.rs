//! Whole schedules of calls against a GitHub in memory, under tokio's paused clock.
//!
//! A seed decides everything: the settings, what the callers do, what the network and the server do
//! to each request. `SIMULATION_SEED` repeats one, `SOAK` multiplies how many are tried.

mod audit;
mod batch;
mod conditions;
mod features;
mod key;
mod ledger;
mod message;
mod places;
mod registries;
mod renames;
mod rng;
mod runtimes;
mod schedule;
mod script;
mod server;
mod store;
mod stranger;
mod suspended;
#[cfg(feature = "sync")]
mod sync;

use std::{
    env,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use tokio::time::Instant;

use self::{
    audit::{Audit, CallBounds},
    conditions::Conditions,
    rng::Rng,
    schedule::{TIMEOUT, build, paused, settings, simulate},
    server::Server,
    store::Store,
    stranger::Stranger,
};
use crate::{Limits, NewSecret, Visibility};

const RUNS: u64 = 3_000;

#[test]
fn every_schedule_keeps_what_is_promised() {
    if let Some(seed) = number("SIMULATION_SEED") {
        let report = simulate(seed);
        println!("{}", report.log);
        return assert_eq!(report.complaints, [""; 0], "seed {seed}");
    }
    try_seeds("SIMULATION", RUNS, |seed| simulate(seed).complaints);
}

/// Tries this many seeds, or as many more as `SOAK` says, on all processors until one fails.
fn try_seeds(prefix: &str, runs: u64, simulate: fn(u64) -> Vec<String>) {
    let begin = number(&format!("{prefix}_BEGIN")).unwrap_or(0);
    let end = begin + runs * number("SOAK").unwrap_or(1);
    let next = AtomicU64::new(begin);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while failed.lock().unwrap().is_empty() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let complaints = complaints(seed, simulate);
                    if !complaints.is_empty() {
                        failed.lock().unwrap().push((seed, complaints));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let first = failed.iter().min_by_key(|(seed, _)| *seed);
    if let Some((seed, complaints)) = first {
        panic!("{prefix}_SEED={seed} repeats this: {complaints:#?}");
    }
}

#[test]
fn a_seed_repeats_exactly() {
    for seed in 0..20 {
        assert_eq!(simulate(seed).log, simulate(seed).log, "seed {seed}");
    }
}

#[test]
fn a_batch_takes_the_least_time_that_any_counting_allows() {
    for (secrets, least) in [(80, 0), (100, 60), (200, 120), (600, 3_660)] {
        let (took, complaints) = paused(async move {
            let audit = Audit::new(Limits::default());
            let store = Store::new(100, Stranger::idle());
            let server = Server::new(Conditions::calm(), Rng::new(secrets, 2), audit, store);
            let builder = settings(Limits::default(), CALL_BOUNDS).token("token");
            let github = build(builder, secrets, &server);
            let new = (0..secrets).map(|index| {
                let secret = NewSecret::new(format!("S_{index}"), "value").expect("a name");
                secret.visibility(Visibility::All)
            });
            let secrets = github.org("acme").expect("a login").codespaces();
            let batch = secrets.set_all(new).await.expect("a key");
            let (begun, estimate) = (Instant::now(), batch.estimate());
            let report = batch.finish().await.expect("all of them stored");
            assert!(report.is_complete());
            assert_eq!(estimate.as_secs() / 60, least / 60, "{estimate:?}");
            let complaints = server.state().audit.complaints.clone();
            (begun.elapsed(), complaints)
        });
        assert_eq!(complaints, [""; 0], "{secrets}");
        let least = Duration::from_secs(least).max(Duration::from_secs(10));
        assert!(took <= least.mul_f64(1.1), "{secrets} secrets: {took:?}");
    }
}

/// Returns what a schedule complains of, or that it does not end: time does not pass while a task
/// goes round and round.
fn complaints(seed: u64, simulate: fn(u64) -> Vec<String>) -> Vec<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(simulate(seed)));
    let ended = receiver.recv_timeout(Duration::from_secs(60));
    ended.unwrap_or_else(|error| {
        let what = match error {
            RecvTimeoutError::Timeout => "it does not end",
            RecvTimeoutError::Disconnected => "it panics",
        };
        vec![what.to_owned()]
    })
}

const CALL_BOUNDS: CallBounds = CallBounds {
    attempts: 1,
    deadline: Duration::from_secs(120),
    timeout: TIMEOUT,
    provider: TIMEOUT,
};

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().expect("a number"))
}
