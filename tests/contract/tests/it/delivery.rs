//! Many secrets at a time, and what is shared between calls.

use std::time::Duration;

use contract_tests::github::{self, builder, secrets};
use futures_util::future::join_all;
use github_secrets::{
    BatchError, Error, NewSecret, Place, Reason, RetryPolicy, Store, Stored, Visibility,
};
use github_secrets_emulator::{Emulator, Fault, Matcher, Token};

fn new(count: usize) -> Vec<NewSecret<Visibility>> {
    let secret = |index| github::new_secret(format!("S_{index}"), "value", Visibility::All);
    (0..count).map(secret).collect()
}

async fn emulator() -> Emulator {
    Emulator::start().await.expect("an emulator")
}

fn key_requests(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    requests
        .iter()
        .filter(|request| request.path().ends_with("/public-key"))
        .count()
}

#[tokio::test]
async fn a_batch_makes_one_request_more_than_it_has_secrets() {
    let emulator = emulator().await;

    let batch = secrets(emulator.url())
        .set_all(new(60))
        .await
        .expect("a key");
    let report = batch.concurrency(16).finish().await.expect("all of them");

    assert_eq!((report.created(), emulator.requests().len()), (60, 61));
    assert_eq!(key_requests(&emulator), 1);
    assert!(emulator.most_concurrent() <= 16);
    // A connection can be opened for a request that then takes one which came back meanwhile.
    assert!(
        emulator.connections() <= 32,
        "{} connections",
        emulator.connections()
    );
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let emulator = emulator().await;

    let batch = secrets(emulator.url())
        .set_all([])
        .await
        .expect("nothing to do");
    let report = batch.finish().await.expect("nothing to do");

    assert_eq!(report.items.len(), 0);
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_value_that_is_too_large_is_named_before_anything_is_sent() {
    let emulator = emulator().await;
    let mut new = new(2);
    new.push(github::new_secret(
        "HUGE",
        vec![b'x'; 50_000],
        Visibility::All,
    ));

    let error = secrets(emulator.url())
        .set_all(new)
        .await
        .expect_err("a value too large");

    assert!(
        matches!(&error, Error::Batch(BatchError::Value { name, .. }) if name.as_str() == "HUGE")
    );
    assert!(error.to_string().starts_with("HUGE: ") && error.to_string().contains("50000 bytes"));
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_repository_that_many_secrets_name_is_looked_up_once() {
    let emulator = emulator().await;
    let visibility = || Visibility::selected(["website", "acme/Website"]);
    let new = ["A", "B", "C"].map(|name| github::new_secret(name, "v", visibility()));

    let batch = secrets(emulator.url()).set_all(new).await.expect("a key");
    batch.finish().await.expect("all of them");

    assert_eq!(emulator.requests().len(), 1 + 1 + 3);
    let stored = emulator.secret(&github::place(), "B").expect("a secret");
    assert_eq!(stored.selected_repository_ids(), [1296280]);
}

#[tokio::test]
async fn what_fails_is_reported_beside_what_is_stored_and_is_no_success() {
    let emulator = emulator().await;
    emulator.fault(Fault::status(500).on(Matcher::path("S_1")).always());

    let batch = secrets(emulator.url())
        .set_all(new(3))
        .await
        .expect("a key");
    let report = batch.finish().await.expect_err("one failed");

    assert_eq!(
        (report.created(), report.failed(), report.not_tried()),
        (2, 1, 0)
    );
    let failed = report
        .items
        .iter()
        .find(|one| one.name.as_str() == "S_1")
        .expect("S_1");
    assert!(matches!(failed.result, Err(Error::Unavailable(_))));
    let text = report.to_string();
    assert!(
        text.starts_with("2 of 3 secrets are stored") && text.contains("first S_1: "),
        "{text}"
    );
    assert_eq!(emulator.secrets(&github::place()).len(), 2);
}

#[tokio::test]
async fn an_unfinished_batch_may_have_taken_effect_unless_nothing_can_have_changed() {
    let may_have_taken_effect = async |fault: Fault| {
        let emulator = emulator().await;
        emulator.fault(fault);
        let batch = secrets(emulator.url()).set_all(new(2)).await;
        let batch = batch.expect("a key").concurrency(1);
        let error = Error::from(batch.finish().await.expect_err("one failed"));
        assert!(matches!(error, Error::Unfinished { .. }), "{error:?}");
        error.may_have_taken_effect()
    };
    let put = Matcher::method("PUT");
    let refused = || Fault::status(403).on(put.clone()).always();

    assert!(
        may_have_taken_effect(refused().after(1)).await,
        "one is stored"
    );
    assert!(!may_have_taken_effect(refused()).await, "none is");
    let lost = Fault::dropped().after_write().on(put.clone()).always();
    assert!(may_have_taken_effect(lost).await, "both may be");
}

#[tokio::test]
async fn an_unfinished_deletion_of_what_was_missing_has_taken_no_effect() {
    let emulator = emulator().await;
    let missing = Place::organization("acme", Store::Codespaces);
    let refused = Matcher::path("/orgs/acme/codespaces/secrets/S_1");
    emulator.fault(Fault::status(403).on(refused));
    let github = builder(emulator.url()).build().expect("settings");
    let place = missing.expect("a place");
    let batch = github.delete_all([(&place, "S_0"), (&place, "S_1")]);

    let batch = batch.expect("secrets").allow_missing().concurrency(1);
    let report = batch.finish().await;

    let report = report.expect_err("the second is refused");
    assert_eq!((report.missing(), report.failed()), (1, 1));
    assert!(!Error::from(report).may_have_taken_effect());
}

#[tokio::test]
async fn an_unfinished_deletion_whose_response_was_lost_may_have_taken_effect() {
    let emulator = emulator().await;
    let secret = |name| Matcher::path(format!("/orgs/acme/codespaces/secrets/{name}"));
    emulator.fault(Fault::dropped().after_write().on(secret("S_0")));
    emulator.fault(Fault::status(403).on(secret("S_1")));
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let github = builder(emulator.url()).retry(retry).build();
    let place = Place::organization("acme", Store::Codespaces).expect("a place");
    let batch = github
        .expect("settings")
        .delete_all([(&place, "S_0"), (&place, "S_1")]);

    let report = batch.expect("secrets").concurrency(1).finish().await;

    let report = report.expect_err("the second is refused");
    assert_eq!((report.deleted_or_missing(), report.failed()), (1, 1));
    assert!(Error::from(report).may_have_taken_effect());
}

#[tokio::test]
async fn after_an_error_that_concerns_all_the_rest_is_not_tried() {
    let token = Token::classic("ghp_reader").scopes(["admin:org"]);
    let emulator = Emulator::builder()
        .token(token)
        .start()
        .await
        .expect("an emulator");
    let mut batch = github::codespaces(builder(emulator.url()).token("ghp_reader"))
        .set_all(new(5))
        .await
        .expect("a key")
        .concurrency(1);

    let first = batch.next().await.expect("a first");
    emulator.revoke_token("ghp_reader");
    let mut rest = Vec::new();
    while let Some(item) = batch.next().await {
        rest.push(item.result);
    }

    assert!(matches!(first.result, Ok(Stored::Created)));
    // The second may have been under way when the first was reported.
    let begun = usize::from(rest[0].is_ok());
    assert!(
        matches!(&rest[begun], Err(error) if error.reason() == Some(Reason::BadToken)),
        "{rest:?}"
    );
    let not_tried = |result| matches!(result, &Err(Error::NotTried(_)));
    assert!(rest[begun + 1..].iter().all(not_tried), "{rest:?}");
    let stored = emulator.secrets(&github::place()).len();
    assert_eq!((rest.len(), stored), (4, 1 + begun));
}

#[tokio::test]
async fn a_loop_that_breaks_off_at_the_first_failure_sends_nothing_more() {
    let emulator = emulator().await;
    emulator.fault(Fault::status(422).on(Matcher::path("S_2")).always());
    let batch = secrets(emulator.url()).set_all(new(20)).await;
    let mut batch = batch.expect("a key").concurrency(1);

    while let Some(item) = batch.next().await {
        if item.result.is_err() {
            break;
        }
    }
    // Whatever was begun ends.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    drop(batch);

    let requests = emulator.requests();
    let last = requests.last().expect("requests");
    assert!(last.path().ends_with("/S_2"), "{requests:?}");
}

#[tokio::test]
async fn what_was_reported_stored_is_stored_when_the_rest_is_dropped() {
    let emulator = emulator().await;
    let mut batch = secrets(emulator.url())
        .set_all(new(20))
        .await
        .expect("a key")
        .concurrency(4);
    let mut stored = Vec::new();
    for _ in 0..5 {
        stored.push(batch.next().await.expect("more").name);
    }
    drop(batch);

    for name in &stored {
        assert_eq!(
            emulator
                .secret(&github::place(), name.as_str())
                .expect("stored")
                .value(),
            b"value"
        );
    }
    let sent = emulator.requests().len();
    secrets(emulator.url())
        .find("S_0")
        .await
        .expect("a response");
    assert!(
        emulator.requests().len() <= sent + 4 + 1,
        "nothing goes on in the background"
    );
}

#[tokio::test]
async fn twenty_tasks_that_find_no_key_make_one_request_for_it() {
    let emulator = emulator().await;
    let secrets = secrets(emulator.url());

    let names: Vec<_> = (0..20).map(|index| format!("S_{index}")).collect();
    let calls = names
        .iter()
        .map(|name| secrets.set(name.as_str(), "value", Visibility::All));
    for stored in join_all(calls).await {
        assert_eq!(stored.expect("stored"), Stored::Created);
    }

    assert_eq!(key_requests(&emulator), 1);
}

#[tokio::test]
async fn a_key_that_was_replaced_under_way_is_fetched_once_and_the_value_sealed_anew() {
    let emulator = emulator().await;
    let secrets = secrets(emulator.url());
    secrets
        .set("A", "value", Visibility::All)
        .await
        .expect("stored");
    emulator.rotate_key(&github::place());

    let stored = secrets
        .set("B", "another", Visibility::All)
        .await
        .expect("stored");

    assert_eq!(stored, Stored::Created);
    assert_eq!(
        emulator
            .secret(&github::place(), "B")
            .expect("a secret")
            .value(),
        b"another"
    );
    assert_eq!(key_requests(&emulator), 2);
}

#[tokio::test]
async fn a_second_rejection_is_the_error() {
    let emulator = emulator().await;
    let words =
        r#"{"message": "Bad request - validation failed due to an improperly encrypted secret"}"#;
    let set = Matcher::operation("codespaces/create-or-update-org-secret");
    emulator.fault(Fault::status(422).body(words).on(set).always());

    let error = secrets(emulator.url())
        .set("A", "value", Visibility::All)
        .await
        .expect_err("refused");

    assert!(
        matches!(&error, Error::Rejected(response) if response.status() == 422),
        "{error}"
    );
    assert_eq!((key_requests(&emulator), emulator.requests().len()), (2, 4));
}

#[tokio::test]
async fn a_secret_that_the_token_may_not_see_is_not_taken_for_absent() {
    let emulator = emulator().await;
    let hidden = Fault::status(404)
        .header("x-oauth-scopes", "repo")
        .header("x-accepted-oauth-scopes", "admin:org");
    emulator.fault(hidden);

    let error = secrets(emulator.url())
        .find("A")
        .await
        .expect_err("a lack of scope");

    assert!(matches!(error, Error::NotFound(_)), "{error}");
    assert!(
        error
            .to_string()
            .contains("the token has scope `repo` but needs `admin:org`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_404_for_one_secret_does_not_stop_the_others() {
    let emulator = emulator().await;
    emulator.fault(Fault::status(404).on(Matcher::path("S_0")));

    let batch = secrets(emulator.url())
        .set_all(new(5))
        .await
        .expect("a key");
    let report = batch.concurrency(1).finish().await.expect_err("one failed");

    assert_eq!((report.created(), report.failed()), (4, 1));
}
