//! Many secrets under GitHub's limits, with time passing faster.

use std::time::{Duration, Instant};

use github_secrets::{GitHub, Limits, NewSecret, Visibility};
use github_secrets_emulator::{Emulator, Limits as Enforced};

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
    let secrets = (0..100).map(|index| {
        NewSecret::new(format!("S_{index}"), "value", Visibility::All).expect("a name")
    });
    let secrets: Vec<_> = secrets.collect();
    let begun = Instant::now();
    let delivery = github
        .org("acme")
        .codespaces()
        .set_all(secrets)
        .await
        .expect("a key");
    let report = delivery.finish().await.expect("all of them stored");
    assert_eq!(report.created(), 100);
    assert_eq!(emulator.secrets("acme").len(), 100);
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
