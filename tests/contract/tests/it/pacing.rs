//! Many secrets under GitHub's limits, with time passing faster.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use contract_tests::github;
use github_secrets::{Batch, GitHub, Limits, Visibility, WaitReason};
use github_secrets_emulator::{Emulator, Fault, Limits as Enforced, Matcher, Place, Store};

/// A minute of GitHub's in a second and a half, which is slow beside what a request takes.
const SCALE: u32 = 40;
const MINUTE: Duration = Duration::from_millis(1_500);

/// The store that holds the most secrets.
fn place() -> Place {
    Place::organization("acme", Store::Actions)
}

type Waits = Arc<Mutex<Vec<WaitReason>>>;

async fn batch(emulator: &Emulator, secrets: usize) -> (Batch, Waits) {
    let waits = Waits::default();
    let heard = Arc::clone(&waits);
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("token")
        .limits(Limits::default().minute(MINUTE))
        .on_wait(move |wait| heard.lock().expect("no panic").push(wait.reason))
        .build()
        .expect("a GitHub");
    let new = (0..secrets)
        .map(|index| github::new_secret(format!("S_{index}"), "value", Visibility::All));
    let secrets = github.org("acme").expect("a login").actions();
    (secrets.set_all(new).await.expect("a key"), waits)
}

#[tokio::test]
async fn two_hundred_secrets_meet_no_limit_however_the_server_counts() {
    let github = || Enforced::github().scaled(SCALE);
    for enforced in [
        github(),
        github().in_sliding_windows(),
        github().in_fixed_windows(),
    ] {
        let emulator = Emulator::builder().limits(enforced).start().await;
        let emulator = emulator.expect("an emulator");
        let (batch, waits) = batch(&emulator, 200).await;
        assert!(batch.estimate() >= MINUTE * 2 && batch.estimate() < MINUTE * 3);

        let report = batch.finish().await.expect("all of them stored");

        assert_eq!((report.created(), emulator.limit_responses()), (200, 0));
        assert_eq!(emulator.secrets(&place()).len(), 200);
        assert!(
            waits
                .lock()
                .expect("no panic")
                .contains(&WaitReason::Pacing)
        );
    }
}

#[tokio::test]
async fn eighty_secrets_wait_for_nothing() {
    let enforced = Enforced::github().scaled(SCALE).in_sliding_windows();
    let emulator = Emulator::builder().limits(enforced).start().await;
    let emulator = emulator.expect("an emulator");
    let (batch, waits) = batch(&emulator, 80).await;
    assert_eq!(batch.estimate(), Duration::ZERO);

    let report = batch.finish().await.expect("all of them stored");

    assert_eq!((report.created(), emulator.limit_responses()), (80, 0));
    assert_eq!(*waits.lock().expect("no panic"), []);
}

#[tokio::test]
async fn after_one_short_limit_half_of_the_allowance_is_left() {
    let emulator = Emulator::start().await.expect("an emulator");
    let limit = Fault::secondary_limit(Some(Duration::from_secs(1)));
    emulator.fault(limit.on(Matcher::method("PUT")).after(10));
    let (batch, waits) = batch(&emulator, 50).await;

    let report = batch.finish().await.expect("all of them stored");

    assert_eq!(report.created(), 50);
    let waits = waits.lock().expect("no panic");
    assert!(!waits.contains(&WaitReason::Pacing), "{waits:?}");
}
