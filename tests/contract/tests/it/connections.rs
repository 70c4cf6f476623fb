//! Connections that belong to a runtime which is not driven any more, or has ended.

use std::time::Duration;

use contract_tests::{Wire, github};
use github_secrets::{Organization, RetryPolicy, Secrets, Visibility};
use tokio::runtime::{Builder, Runtime};

/// As many connections are idle as a batch has opened.
const IDLE: usize = 8;

#[derive(Clone, Copy, Debug)]
enum Fate {
    NotDriven,
    Ended,
}

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

fn patient(wire: &Wire) -> Secrets<Organization> {
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let builder = github::builder(wire.url()).retry(retry);
    github::codespaces(builder.timeout(Duration::from_millis(500)))
}

/// Stores as many secrets at once on a runtime, and returns how many are stored.
fn set_at_once(secrets: &Secrets<Organization>, runtime: &Runtime) -> usize {
    runtime.block_on(async {
        let new = (0..IDLE)
            .map(|index| github::new_secret(format!("S_{index}"), "value", Visibility::All));
        let batch = secrets.set_all(new).await.expect("a key");
        match batch.concurrency(IDLE).finish().await {
            Ok(report) => report.items.len(),
            Err(error) => panic!("{error}"),
        }
    })
}

#[test]
fn connections_of_another_runtime_fail_no_call() {
    for fate in [Fate::NotDriven, Fate::Ended] {
        let wire = Wire::serve(github::success);
        let secrets = patient(&wire);
        let (first, second) = (runtime(), runtime());
        assert_eq!(set_at_once(&secrets, &first), IDLE);

        let kept = match fate {
            Fate::NotDriven => Some(first),
            Fate::Ended => {
                drop(first);
                None
            }
        };
        // Alone, it would have to try one idle connection after the other.
        let one = secrets.set("ONE", "value", Visibility::All);
        let one = second.block_on(one);
        assert!(one.is_ok(), "{fate:?}: {one:?}");
        assert_eq!(set_at_once(&secrets, &second), IDLE, "{fate:?}");
        let one = wire
            .lines()
            .iter()
            .filter(|line| line.ends_with("/ONE"))
            .count();
        assert_eq!(one, 1, "{fate:?}");
        drop(kept);
    }
}
