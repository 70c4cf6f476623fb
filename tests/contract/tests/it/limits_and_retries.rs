//! Limits, retries and tokens that end.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use contract_tests::{
    Reply, Wire,
    github::{self, builder, codespaces, secrets},
};
use futures_util::future::join_all;
use github_secrets::{
    ConnectionFault, Error, GitHubBuilder, LimitKind, Limits, RetryPolicy, Token, Visibility,
    WaitReason,
};
use github_secrets_emulator::{Emulator, Fault, Limits as Enforced, Matcher, RecordedRequest};
use tokio::task::yield_now;

async fn emulator() -> Emulator {
    Emulator::start().await.expect("an emulator")
}

#[tokio::test]
async fn while_a_limit_holds_no_request_goes_out_and_a_long_one_is_told_at_once() {
    let emulator = emulator().await;
    emulator.fault(Fault::secondary_limit(Some(Duration::from_secs(3_600))));
    let secrets = codespaces(builder(emulator.url()).retry(RetryPolicy::default()));

    for _ in 0..3 {
        let error = secrets.find("A").await.expect_err("a limit");
        let Error::RateLimited(limited) = error else {
            panic!("{error}")
        };
        assert_eq!(limited.kind, LimitKind::Secondary);
        assert!(
            limited.wait > Duration::from_secs(3_500),
            "{:?}",
            limited.wait
        );
        assert!(
            limited.to_string().contains("secondary rate limit lasts"),
            "{limited}"
        );
    }
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test]
async fn a_short_limit_is_waited_for_and_the_wait_is_told() {
    let emulator = emulator().await;
    emulator.fault(Fault::secondary_limit(Some(Duration::from_secs(1))));
    let waits = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&waits);
    let github = builder(emulator.url())
        .retry(RetryPolicy::default())
        .on_wait(move |wait| heard.lock().expect("no panic").push(wait.reason))
        .build()
        .expect("settings");

    let found = github
        .org("acme")
        .expect("a login")
        .codespaces()
        .find("A")
        .await
        .expect("a response");

    assert_eq!((found, emulator.requests().len()), (None, 2));
    let told = waits.lock().expect("no panic");
    assert_eq!(*told, [WaitReason::RateLimit(LimitKind::Secondary)]);
    let rate_limit = github.rate_limit().expect("the headers tell it");
    assert_eq!(rate_limit.limit, Some(5_000));
}

#[tokio::test]
async fn an_hourly_limit_that_is_used_up_is_not_run_into() {
    let enforced = Enforced::github().requests_per_hour(2);
    let emulator = Emulator::builder()
        .limits(enforced)
        .start()
        .await
        .expect("an emulator");
    let secrets = secrets(emulator.url());

    secrets.find("A").await.expect("a response");
    secrets.find("A").await.expect("the last response");
    let error = secrets.find("A").await.expect_err("nothing remains");

    let Error::RateLimited(limited) = error else {
        panic!("{error}")
    };
    assert_eq!(limited.kind, LimitKind::Primary);
    assert_eq!(
        (emulator.requests().len(), emulator.limit_responses()),
        (2, 0)
    );
}

#[tokio::test]
async fn attempts_are_bounded_and_refusals_are_not_repeated() {
    let emulator = emulator().await;
    let tries = |status: u16| {
        let emulator = &emulator;
        async move {
            emulator.clear_faults();
            emulator.forget_requests();
            emulator.fault(Fault::status(status).always());
            let retry = RetryPolicy::default()
                .attempts(3)
                .first_wait(Duration::from_millis(1));
            let github = builder(emulator.url())
                .retry(retry)
                .build()
                .expect("settings");
            github
                .org("acme")
                .expect("a login")
                .codespaces()
                .find("A")
                .await
                .err()
                .map(|_| emulator.requests().len())
        }
    };
    for status in [408, 500, 502, 503, 504] {
        assert_eq!(tries(status).await, Some(3), "{status}");
    }
    for status in [400, 401, 403, 409, 410, 422] {
        assert_eq!(tries(status).await, Some(1), "{status}");
    }
}

#[tokio::test]
async fn a_provider_is_asked_once_for_many_and_once_more_after_a_401() {
    let emulator = emulator().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let github = with_new_tokens(builder(emulator.url()), &asked).build();
    let github = github.expect("settings");
    let secrets = github.org("acme").expect("a login").codespaces();

    join_all((0..10).map(|_| secrets.find("A"))).await;
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    emulator.revoke_token("ghs_0");
    secrets
        .find("A")
        .await
        .expect("a response with the second token");
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    emulator.fault(Fault::status(401).always());
    let error = secrets.find("A").await.expect_err("no token will do");
    assert!(matches!(error, Error::NotAuthorized(_)), "{error}");
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

/// Lets a provider supply `ghs_0`, `ghs_1` and so on, and counts them.
fn with_new_tokens(builder: GitHubBuilder, asked: &Arc<AtomicUsize>) -> GitHubBuilder {
    let asked = Arc::clone(asked);
    builder.token_provider(move || {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, Infallible>(Token::new(format!("ghs_{number}"))) }
    })
}

#[tokio::test]
async fn a_token_that_any_request_found_refused_is_tried_by_nobody_else() {
    let emulator = emulator().await;
    let late = Duration::from_secs(60);
    for first in ["get-org-public-key", "get-org-secret"] {
        let first = Matcher::operation(format!("codespaces/{first}"));
        emulator.fault(Fault::delay(late).on(first));
    }
    let soon = Duration::from_millis(200);
    let selection = Matcher::operation("codespaces/list-selected-repos-for-org-secret");
    emulator.fault(Fault::status(401).delayed(soon).on(selection));
    let secrets = codespaces(with_new_tokens(builder(emulator.url()), &Arc::default()));

    // The reading of the selection is not the first request of its call.
    let rotation = secrets.clone();
    let rotation = tokio::spawn(async move { rotation.rotate("A", "value").await });
    while emulator.requests().len() < 3 {
        yield_now().await;
    }
    assert_eq!(secrets.list().all().await.expect("a list").len(), 0);
    rotation.abort();
    let requests = emulator.requests();
    let listing = |request: &&RecordedRequest| request.path().ends_with("/codespaces/secrets");
    let tokens = requests.iter().filter(listing);
    let tokens: Vec<_> = tokens.map(|list| list.header("authorization")).collect();
    assert_eq!(tokens, [Some("Bearer ghs_1")]);
}

#[tokio::test]
async fn an_error_says_that_an_earlier_attempt_may_have_stored_the_value() {
    let emulator = emulator().await;
    let put = || Matcher::method("PUT");
    for fault in [
        Fault::status(401),
        Fault::status(403),
        Fault::status(404),
        Fault::status(422).body(r#"{"message": "Secret names are odd"}"#),
        Fault::secondary_limit(Some(Duration::from_secs(900))),
    ] {
        let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
        let github = builder(emulator.url())
            .retry(retry)
            .build()
            .expect("settings");
        emulator.fault(Fault::dropped().after_write().on(put()));
        emulator.fault(fault.on(put()));

        let secrets = github.org("acme").expect("a login").codespaces();
        let error = secrets
            .set("A", "value", Visibility::All)
            .await
            .expect_err("refused");

        assert!(error.may_have_taken_effect(), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("may have taken effect"), "{text}");
        emulator.clear_faults();
    }
    assert_eq!(
        emulator
            .secret(&github::place(), "A")
            .expect("stored")
            .value(),
        b"value"
    );
}

#[tokio::test]
async fn attempts_are_bounded_where_limits_and_failures_mix() {
    let replies = (0..20).map(|index| match index % 2 {
        0 => Reply::status(503),
        _ => github::refusal(429, "You have exceeded a secondary rate limit"),
    });
    let wire = Wire::script(replies);
    let retry = RetryPolicy::default()
        .attempts(4)
        .first_wait(Duration::from_millis(1));
    let limits = Limits::none().minute(Duration::from_millis(5));
    let secrets = github::codespaces(builder(wire.url()).retry(retry).limits(limits));

    let error = secrets.find("A").await.expect_err("a limit");

    assert!(matches!(error, Error::RateLimited(_)), "{error}");
    assert_eq!(wire.requests().len(), 4);
}

#[tokio::test]
async fn the_deadline_is_that_of_the_whole_call() {
    let emulator = emulator().await;
    emulator.fault(Fault::delay(Duration::from_millis(400)).always());
    let retry = RetryPolicy::default().deadline(Duration::from_millis(100));
    let secrets = github::codespaces(builder(emulator.url()).retry(retry));

    let error = secrets.set("A", "value", Visibility::All).await;

    let error = error.expect_err("no time for the write");
    assert!(
        matches!(&error, Error::Connection(late) if late.fault == ConnectionFault::Deadline),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("the time limit of the call had passed before the request was sent"),
        "{error}"
    );
    assert!(!error.may_have_taken_effect() && error.is_retryable());
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test]
async fn without_a_deadline_each_request_is_sent_once() {
    let emulator = emulator().await;
    emulator.fault(Fault::delay(Duration::from_millis(20)).always());
    let set = secrets(emulator.url());
    set.set("A", "value", Visibility::All)
        .await
        .expect("stored");
    assert_eq!(emulator.requests().len(), 2);
}

#[tokio::test]
async fn a_missing_permission_is_not_a_rate_limit_even_if_no_request_is_left() {
    let refusal = github::refusal(403, "Resource not accessible by personal access token")
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", "4102444800");
    let wire = Wire::script([refusal]);
    let error = secrets(wire.url()).find("A").await.expect_err("a refusal");
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
}

#[tokio::test]
async fn an_hourly_limit_ends_within_the_hour_whatever_its_header_says() {
    for reset in ["4102444800", "33000000000", "18446744073709551615"] {
        let spent = github::refusal(403, "API rate limit exceeded for user ID 1.")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", reset);
        let wire = Wire::script([spent, github::public_key()]);
        // An hour of 60 of these.
        let limits = Limits::none().minute(Duration::from_millis(1));
        let retry = RetryPolicy::default().deadline(Duration::from_secs(60));
        let builder = builder(wire.url()).limits(limits).retry(retry);
        let key = github::codespaces(builder).public_key().await;
        assert!(key.is_ok(), "{key:?}");
    }
}

#[tokio::test]
async fn a_minute_of_no_length_is_a_whole_one() {
    let wire = Wire::serve(|_| github::refusal(429, "You have exceeded a secondary rate limit"));
    let retry = RetryPolicy::default().deadline(Duration::from_secs(1));
    let limits = Limits::default().minute(Duration::ZERO);
    let secrets = github::codespaces(builder(wire.url()).limits(limits).retry(retry));
    for _ in 0..100 {
        let error = secrets.find("A").await.expect_err("a limit");
        assert!(matches!(error, Error::RateLimited(_)), "{error:?}");
    }
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test]
async fn calls_that_are_given_up_take_no_turn_from_others() {
    let emulator = emulator().await;
    let limits = Limits::default().writes_per_minute(1);
    let secrets = github::codespaces(builder(emulator.url()).limits(limits));
    secrets
        .set("A", "value", Visibility::All)
        .await
        .expect("stored");
    for _ in 0..300 {
        let set = secrets.set("A", "value", Visibility::All);
        assert!(tokio::time::timeout(Duration::ZERO, set).await.is_err());
    }
    // It waits for its minute, and for the last call if that is still on its way out; not for 300.
    let batch = secrets.set_all([github::new_secret("B", "value", Visibility::All)]);
    let estimate = batch.await.expect("a key").estimate();
    assert!(estimate <= Duration::from_secs(125), "{estimate:?}");
}

#[tokio::test]
async fn reads_do_not_wait_behind_writes() {
    let emulator = emulator().await;
    let limits = Limits::default().writes_per_minute(1).concurrent(1);
    let secrets = github::codespaces(builder(emulator.url()).limits(limits));
    secrets
        .set("A", "value", Visibility::All)
        .await
        .expect("stored");
    let writes = (0..5).map(|_| secrets.set("A", "value", Visibility::All));
    let reads = join_all((0..20).map(|_| secrets.find("A")));
    let first = futures_util::future::select(Box::pin(reads), Box::pin(join_all(writes))).await;
    assert!(matches!(first, futures_util::future::Either::Left(_)));
}
