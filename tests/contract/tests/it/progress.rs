//! Nothing hangs: calls go on or end, whatever other calls, servers and providers do.

use std::{
    future::{Future, pending},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use contract_tests::{
    Reply, Wire,
    github::{self, builder, secrets},
};
use futures_util::{FutureExt, future::join_all};
use github_secrets::{
    ConnectionFault, Error, GitHubBuilder, Limits, NewSecret, NotTried, RetryPolicy, Token,
    Visibility,
};
use github_secrets_emulator::{Emulator, Fault, Matcher};

/// Longer than anything here takes; what hangs fails.
async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let bounded = tokio::time::timeout(Duration::from_secs(60), work).await;
    bounded.expect("it comes to an end")
}

fn new(count: usize) -> Vec<NewSecret<Visibility>> {
    let secret = |index| github::new_secret(format!("S_{index}"), "value", Visibility::All);
    (0..count).map(secret).collect()
}

async fn emulator() -> Emulator {
    Emulator::start().await.expect("an emulator")
}

/// Sends a batch and, after each of its results, one more secret. After the third, something
/// happens.
async fn set_between_results(emulator: &Emulator, builder: GitHubBuilder, happens: impl Fn()) {
    let secrets = github::codespaces(builder);
    let mut batch = secrets.set_all(new(24)).await.expect("a key");
    let mut results = 0;
    while let Some(item) = batch.next().await {
        item.result.expect("stored");
        results += 1;
        if results == 3 {
            happens();
        }
        let set = secrets.set(format!("BETWEEN_{results}"), "value", Visibility::All);
        set.await.expect("stored between two results");
    }
    assert_eq!(emulator.secrets(&github::place()).len(), 48);
}

#[tokio::test]
async fn a_call_between_two_results_of_a_batch_ends_when_the_key_is_replaced() {
    let emulator = emulator().await;
    let builder = builder(emulator.url());
    let replace = || emulator.rotate_key(&github::place());
    in_time(set_between_results(&emulator, builder, replace)).await;
}

#[tokio::test]
async fn a_call_between_two_results_of_a_batch_ends_when_the_token_does() {
    let emulator = emulator().await;
    let supplied = AtomicUsize::new(0);
    let builder = builder(emulator.url()).token_provider(move || {
        let number = supplied.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, std::convert::Infallible>(Token::new(format!("ghs_{number}"))) }
    });
    let revoke = || emulator.revoke_token("ghs_0");
    in_time(set_between_results(&emulator, builder, revoke)).await;
}

#[tokio::test]
async fn a_call_between_two_results_of_a_batch_ends_when_few_can_be_sent_at_once() {
    let emulator = emulator().await;
    let builder = builder(emulator.url()).limits(Limits::none().concurrent(4));
    in_time(set_between_results(&emulator, builder, || {})).await;
}

#[tokio::test]
async fn a_page_that_nobody_waits_for_any_more_is_in_nobodys_way() {
    let emulator = emulator().await;
    emulator.fault(Fault::delay(Duration::from_millis(50)).on(Matcher::path("secrets")));
    let one = builder(emulator.url()).limits(Limits::none().concurrent(1));
    let secrets = github::codespaces(one);
    let mut list = secrets.list();
    assert!(list.next().now_or_never().is_none(), "it is under way");

    in_time(secrets.find("A")).await.expect("another call");
    assert!(in_time(list.next()).await.is_none(), "an empty list");
}

#[tokio::test]
async fn all_who_wait_for_a_key_that_cannot_be_had_share_the_failure() {
    let emulator = emulator().await;
    emulator.fault(Fault::status(503).on(Matcher::path("public-key")).always());
    let retry = RetryPolicy::default()
        .attempts(2)
        .first_wait(Duration::from_millis(1));
    let secrets = github::codespaces(builder(emulator.url()).retry(retry));

    let names: Vec<_> = (0..30).map(|index| format!("S_{index}")).collect();
    let sets = names
        .iter()
        .map(|name| secrets.set(name.as_str(), "value", Visibility::All));
    for result in in_time(join_all(sets)).await {
        assert!(matches!(result, Err(Error::Unavailable(_))), "{result:?}");
    }
    assert_eq!(emulator.requests().len(), 2);
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_sent_once_for_all_who_wait() {
    let emulator = emulator().await;
    emulator.revoke_token(github::TOKEN);
    let secrets = secrets(emulator.url());

    let results = in_time(join_all((0..50).map(|_| secrets.find("A")))).await;

    let refused = |result: &_| matches!(result, Err(Error::NotAuthorized(_)));
    assert!(results.iter().all(refused), "{results:?}");
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test]
async fn a_provider_that_gives_no_token_ends_the_call_with_the_time_out() {
    let emulator = emulator().await;
    let builder = builder(emulator.url())
        .timeout(Duration::from_millis(50))
        .token_provider(pending::<Result<Token, Error>>);

    let error = in_time(github::codespaces(builder).find("A")).await;

    let error = error.expect_err("no token");
    assert!(matches!(error, Error::Token { .. }), "{error:?}");
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_token_that_is_supplied_shortly_before_it_expires_is_sent() {
    let emulator = emulator().await;
    let supplied = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&supplied);
    let builder = builder(emulator.url()).token_provider(move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let soon = std::time::SystemTime::now() + Duration::from_secs(5);
        async move {
            Ok::<_, std::convert::Infallible>(Token::new(format!("ghs_{number}")).expires_at(soon))
        }
    });
    let secrets = github::codespaces(builder);
    for _ in 0..3 {
        in_time(secrets.find("A")).await.expect("a response");
    }
    assert_eq!(supplied.load(Ordering::Relaxed), 2);
}

#[test]
fn a_runtime_that_shuts_down_ends_a_call_that_another_thread_waits_for() {
    let wire = Wire::serve(|request| match request.path().ends_with("public-key") {
        true => github::public_key(),
        false => Reply::silence(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let secrets = secrets(wire.url());
    let handle = runtime.handle().clone();
    let call = thread::spawn(move || {
        handle.block_on(secrets.set("DB_PASSWORD", "value", Visibility::All))
    });
    while wire.lines().len() + usize::from(call.is_finished()) < 1 || wire.connections() < 2 {
        thread::yield_now();
        if call.is_finished() || wire.bytes().windows(4).any(|bytes| bytes == b"PUT ") {
            break;
        }
    }
    runtime.shutdown_background();

    let error = call.join().expect("no panic").expect_err("no runtime");
    let Error::Connection(ended) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(ended.fault, ConnectionFault::Shutdown);
    assert!(
        error.to_string().contains("the async runtime shut down"),
        "{error}"
    );
    assert!(error.may_have_taken_effect());
}

#[tokio::test]
async fn a_batch_stops_when_the_server_is_gone() {
    let wire = Wire::script([github::public_key()]);
    let secrets = github::patient_secrets(wire.url());
    let batch = secrets.set_all(new(200)).await.expect("a key");

    let report = in_time(batch.finish()).await.expect_err("nobody is there");

    assert!(report.not_tried() >= 200 - 16, "{}", report.failed());
    assert!(wire.requests().len() <= 1 + 16 * 4);
}

#[tokio::test]
async fn a_batch_stops_when_the_organization_is_gone() {
    let stored = AtomicUsize::new(0);
    let wire = Wire::serve(move |request| {
        if request.method == "GET" {
            github::public_key()
        } else if stored.fetch_add(1, Ordering::Relaxed) < 10 {
            Reply::status(201)
        } else {
            github::refusal(404, "Not Found")
        }
    });
    let batch = secrets(wire.url()).set_all(new(300)).await.expect("a key");

    let report = in_time(batch.finish()).await.expect_err("it is gone");

    assert_eq!(report.created(), 10);
    // Eight 404s in a row end it. Each success that was under way can come after seven of them.
    assert!(wire.requests().len() <= 1 + 10 + 8 * 8 + 8);
}

#[tokio::test]
async fn a_batch_sends_nothing_whose_turn_comes_after_its_deadline() {
    let emulator = emulator().await;
    let limits = Limits::default().writes_per_minute(5);
    let secrets = github::codespaces(builder(emulator.url()).limits(limits));
    let batch = secrets.set_all(new(20)).await.expect("a key");
    assert!(
        batch.estimate() >= Duration::from_secs(180),
        "{:?}",
        batch.estimate()
    );

    let report = in_time(batch.deadline(Duration::from_secs(50)).finish()).await;

    let report = report.expect_err("not all of them");
    assert_eq!((report.created(), report.not_tried()), (5, 15));
    assert_eq!(emulator.secrets(&github::place()).len(), 5);
}

#[tokio::test]
async fn a_batch_that_is_stopped_says_what_is_stored() {
    let emulator = emulator().await;
    let secrets = secrets(emulator.url());
    let mut batch = secrets.set_all(new(50)).await.expect("a key");
    let first = batch.next().await.expect("a first result");
    batch.stop();

    let report = in_time(batch.finish()).await.expect_err("it was stopped");

    let stored = usize::from(first.result.is_ok()) + report.created();
    assert_eq!(emulator.secrets(&github::place()).len(), stored);
    assert_eq!(report.created() + report.not_tried(), 49);
}

#[tokio::test]
async fn what_was_stopped_is_not_to_be_retried_and_what_was_late_is() {
    let emulator = emulator().await;
    let github = builder(emulator.url()).build().expect("settings");
    let organization = github.org("acme").expect("a login");
    let secrets = organization.codespaces();
    let late = secrets.set_all(new(2)).await.expect("a key");
    let late = late.deadline(Duration::ZERO).finish().await;
    let late = late.expect_err("there was no time").items.remove(0);
    let late = late.result.expect_err("not tried");
    assert!(
        matches!(late, Error::NotTried(NotTried::Deadline)),
        "{late:?}"
    );
    assert!(late.is_retryable());
    github.stop();

    let stopped = secrets.set("A", "value", Visibility::All).await;

    let stopped = stopped.expect_err("it was stopped");
    assert!(
        matches!(stopped, Error::NotTried(NotTried::Stopped)),
        "{stopped:?}"
    );
    assert!(!stopped.is_retryable());
}
