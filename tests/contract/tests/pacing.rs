//! Many secrets under GitHub's limits, with time passing faster.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use contract_tests::github;
use github_secrets::{GitHub, Limits, Visibility, WaitReason};
use github_secrets_emulator::{Emulator, Fault, Limits as Enforced, Matcher};

/// A minute of GitHub's in three seconds: short for a test, and a twentieth of the pace is still
/// slow beside what a request takes.
const SCALE: u32 = 20;
const MINUTE: Duration = Duration::from_secs(3);

async fn store_a_hundred(enforced: Enforced) -> (Emulator, Duration) {
    let emulator = Emulator::builder()
        .limits(enforced)
        .start()
        .await
        .expect("an emulator");
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("token")
        .limits(Limits::default().minute(MINUTE))
        .build()
        .expect("a GitHub");
    let new =
        (0..100).map(|index| github::new_secret(format!("S_{index}"), "value", Visibility::All));
    let new: Vec<_> = new.collect();
    let begun = Instant::now();
    let batch = github
        .org("acme")
        .expect("a login")
        .codespaces()
        .set_all(new)
        .await
        .expect("a key");
    let report = batch.finish().await.expect("all of them stored");
    assert_eq!(report.created(), 100);
    assert_eq!(emulator.secrets(&github::place()).len(), 100);
    (emulator, begun.elapsed())
}

#[tokio::test]
async fn a_hundred_secrets_meet_no_limit() {
    let (emulator, took) = store_a_hundred(Enforced::github().scaled(SCALE)).await;

    assert_eq!(emulator.limit_answers(), 0);
    let least = MINUTE * 20 / 80;
    println!(
        "{:.2} times the least time",
        took.as_secs_f64() / least.as_secs_f64()
    );
}

#[tokio::test]
async fn a_limit_that_counts_in_windows_costs_time_and_no_secret() {
    let enforced = Enforced::github().scaled(SCALE).in_sliding_windows();
    let (emulator, took) = store_a_hundred(enforced).await;

    println!(
        "{} limit answers, {:.1} minutes",
        emulator.limit_answers(),
        took.as_secs_f64() / MINUTE.as_secs_f64()
    );
}

#[tokio::test]
async fn one_short_limit_does_not_bring_the_pace_down_to_the_hours() {
    let emulator = Emulator::start().await.expect("an emulator");
    let limit = Fault::secondary_limit(Some(Duration::from_secs(1)));
    emulator.fault(limit.on(Matcher::method("PUT")).after(10));
    let longest = Arc::new(Mutex::new(Duration::ZERO));
    let seen = Arc::clone(&longest);
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("token")
        .limits(Limits::default().minute(MINUTE))
        .on_wait(move |wait| {
            if wait.reason == WaitReason::Pacing {
                let mut longest = seen.lock().expect("no panic");
                *longest = wait.duration.max(*longest);
            }
        })
        .build()
        .expect("a GitHub");

    let new = (0..30).map(|index| github::new_secret(format!("S_{index}"), "v", Visibility::All));
    let batch = github
        .org("acme")
        .expect("a login")
        .codespaces()
        .set_all(new)
        .await;
    let report = batch.expect("a key").finish().await.expect("all stored");

    assert_eq!(report.created(), 30);
    // Eight wait at once for one of the 80 writes of a minute, at half the rate.
    let longest = *longest.lock().expect("no panic");
    assert!(longest <= MINUTE * 2 * 9 / 80, "{longest:?}");
}
