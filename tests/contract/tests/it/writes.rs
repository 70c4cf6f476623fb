//! Writes whose responses are lost, whose keys are stale, and whose tokens end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use contract_tests::{Reply, Wire, github};
use github_secrets::{Error, Organization, RetryPolicy, Secrets, Stored, Token, Visibility};
use github_secrets_emulator::{Emulator, Fault, Matcher};
use serde_json::json;

async fn set(secrets: &Secrets<Organization>, name: &str) -> Result<Stored, Error> {
    secrets.set(name, "value", Visibility::All).await
}

async fn emulator() -> Emulator {
    Emulator::start().await.expect("an emulator")
}

#[tokio::test]
async fn a_first_write_creates_and_a_second_updates() {
    let emulator = emulator().await;
    let secrets = github::secrets(emulator.url());
    assert_eq!(
        set(&secrets, "DB_PASSWORD").await.ok(),
        Some(Stored::Created)
    );
    assert_eq!(
        set(&secrets, "db_password").await.ok(),
        Some(Stored::Updated)
    );
    let secret = emulator
        .secret(&github::place(), "DB_PASSWORD")
        .expect("a secret");
    assert_eq!(secret.value(), b"value");
    assert_eq!(emulator.secrets(&github::place()).len(), 1);
}

#[tokio::test]
async fn a_write_whose_response_was_lost_is_done_again() {
    for fault in [
        Fault::dropped().after_write(),
        Fault::dropped(),
        Fault::status(502).after_write(),
        Fault::status(503).body("Secrets service unavailable"),
    ] {
        let emulator = emulator().await;
        emulator.fault(fault.on(Matcher::operation("codespaces/create-or-update-org-secret")));
        let secrets = github::patient_secrets(emulator.url());
        set(&secrets, "DB_PASSWORD").await.expect("stored");
        let secret = emulator
            .secret(&github::place(), "DB_PASSWORD")
            .expect("a secret");
        assert_eq!(secret.value(), b"value");
    }
}

/// Returns what a write is told as whose first response is lost and whose second is 204, if GitHub
/// gives the secret these times, and its clock this date.
async fn told_after_a_lost_response(date: &str, created_at: &str, updated_at: &str) -> Stored {
    let secret = json!({
        "name": "DB_PASSWORD",
        "visibility": "all",
        "created_at": created_at,
        "updated_at": updated_at,
    });
    let wire = Wire::script([
        github::public_key().header("Date", date),
        Reply::closed(),
        Reply::status(204).header("Date", date),
        Reply::json(200, &secret).header("Date", date),
    ]);
    let secrets = github::patient_secrets(wire.url());
    let stored = set(&secrets, "DB_PASSWORD").await.expect("stored");
    assert_eq!(wire.requests().len(), 4);
    stored
}

#[tokio::test]
async fn after_a_lost_response_a_secret_is_an_old_one_if_it_is_older_than_the_call() {
    const NOON: &str = "Sun, 06 Nov 1994 12:00:00 GMT";
    for (created_at, updated_at, stored) in [
        (
            "1994-11-06T11:59:00Z",
            "1994-11-06T12:00:00Z",
            Stored::Updated,
        ),
        (
            "1994-11-06T12:00:00Z",
            "1994-11-06T12:00:00Z",
            Stored::CreatedOrUpdated,
        ),
        // Another writer may have created it while the call was under way.
        (
            "1994-11-06T12:00:04Z",
            "1994-11-06T12:00:05Z",
            Stored::CreatedOrUpdated,
        ),
        (
            "1994-11-06T12:01:00Z",
            "1994-11-06T12:00:00Z",
            Stored::CreatedOrUpdated,
        ),
        ("at noon", "1994-11-06T12:00:00Z", Stored::CreatedOrUpdated),
    ] {
        let told = told_after_a_lost_response(NOON, created_at, updated_at).await;
        assert_eq!(told, stored, "{created_at} {updated_at}");
    }
}

#[tokio::test]
async fn a_clock_in_the_year_9999_and_a_lost_response_do_no_harm() {
    let date = "Fri, 31 Dec 9999 23:59:59 GMT";
    let time = "9999-12-31T23:59:59Z";
    let told = told_after_a_lost_response(date, time, time).await;
    assert_eq!(told, Stored::CreatedOrUpdated);
}

#[tokio::test]
async fn a_write_that_never_reached_github_is_told_apart_by_its_status_alone() {
    let emulator = emulator().await;
    let secrets = github::patient_secrets(emulator.url());
    emulator
        .fault(Fault::dropped().on(Matcher::operation("codespaces/create-or-update-org-secret")));
    assert_eq!(
        set(&secrets, "DB_PASSWORD").await.ok(),
        Some(Stored::Created)
    );
}

#[tokio::test]
async fn a_rejection_that_names_another_cause_is_not_sent_again() {
    for words in [
        "Secret names can only contain alphanumeric characters",
        "For 'items', \"12345\" is not an integer.",
    ] {
        let wire = Wire::script([github::public_key(), github::refusal(422, words)]);
        let error = set(&github::patient_secrets(wire.url()), "DB_PASSWORD").await;
        let error = error.expect_err("an error response");
        assert!(matches!(error, Error::Rejected(_)), "{error:?}");
        assert_eq!(wire.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_value_that_is_sealed_anew_is_another_box_for_the_new_key() {
    let other = json!({ "key_id": "2", "key": "2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvvcCU=" });
    let wire = Wire::script([
        github::public_key(),
        github::refusal(422, "improperly encrypted secret"),
        Reply::json(200, &other),
        Reply::status(201),
    ]);
    let stored = set(&github::secrets(wire.url()), "DB_PASSWORD").await;
    assert_eq!(stored.ok(), Some(Stored::Created));
    let requests = wire.requests();
    let (first, second) = (requests[1].json(), requests[3].json());
    assert_eq!(
        (&first["key_id"], &second["key_id"]),
        (&json!("012345678912345678"), &json!("2"))
    );
    assert_ne!(first["encrypted_value"], second["encrypted_value"]);
}

#[tokio::test]
async fn a_key_that_could_not_be_fetched_is_fetched_by_the_next_write() {
    let emulator = emulator().await;
    let secrets = github::secrets(emulator.url());
    emulator.fault(Fault::status(503).on(Matcher::operation("codespaces/get-org-public-key")));
    set(&secrets, "DB_PASSWORD").await.expect_err("no key");
    assert_eq!(
        set(&secrets, "DB_PASSWORD").await.ok(),
        Some(Stored::Created)
    );
}

#[tokio::test]
async fn the_public_key_is_fetched_anew_when_it_is_asked_for() {
    let emulator = emulator().await;
    let secrets = github::secrets(emulator.url());
    let first = secrets.public_key().await.expect("a key");
    emulator.rotate_key(&github::place());
    let second = secrets.public_key().await.expect("a key");
    assert_ne!(
        (first.id(), first.as_bytes()),
        (second.id(), second.as_bytes())
    );
    set(&secrets, "DB_PASSWORD")
        .await
        .expect("sealed to the second");
    assert_eq!(emulator.requests().len(), 3);
}

/// Secrets whose tokens come from a provider, and how often that was asked.
fn provided(
    emulator: &Emulator,
    make: impl Fn(usize) -> Token + Send + Sync + 'static,
) -> (Secrets<Organization>, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let github = github::builder(emulator.url()).token_provider(move || {
        let token = make(count.fetch_add(1, Ordering::Relaxed));
        async move { Ok::<_, std::convert::Infallible>(token) }
    });
    (github::codespaces(github), asked)
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_replaced_before_the_next_request() {
    let emulator = emulator().await;
    let (secrets, asked) = provided(&emulator, |number| {
        let left = Duration::from_secs(if number == 0 { 5 } else { 3_600 });
        Token::new(format!("ghs_{number}")).expires_at(SystemTime::now() + left)
    });
    for _ in 0..3 {
        secrets.find("DB_PASSWORD").await.expect("a response");
    }
    let requests = emulator.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| request.header("authorization"))
        .collect();
    let (first, second) = (Some("Bearer ghs_0"), Some("Bearer ghs_1"));
    assert_eq!(sent, [first, second, second]);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

/// A provider can have no better one, and the clock of this machine can be ahead.
#[tokio::test]
async fn a_provider_whose_tokens_are_all_about_to_end_is_not_asked_before_each_request() {
    for end in [-3_600, 5] {
        let emulator = emulator().await;
        let (secrets, asked) = provided(&emulator, move |number| {
            let now = SystemTime::UNIX_EPOCH
                .elapsed()
                .expect("after 1970")
                .as_secs();
            let end = SystemTime::UNIX_EPOCH + Duration::from_secs(now.saturating_add_signed(end));
            Token::new(format!("ghs_{number}")).expires_at(end)
        });
        for _ in 0..30 {
            secrets.find("DB_PASSWORD").await.expect("a response");
        }
        assert_eq!(emulator.requests().len(), 30);
        // Once more, since the second one could have lasted.
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}

/// GitHub has the last word on a token that is used although it is about to end.
#[tokio::test]
async fn a_token_that_is_used_beyond_its_end_is_replaced_after_a_401() {
    let emulator = emulator().await;
    let (secrets, asked) = provided(&emulator, |number| {
        let ended = SystemTime::now() - Duration::from_secs(3_600);
        Token::new(format!("ghs_{number}")).expires_at(ended)
    });
    for _ in 0..3 {
        secrets.find("DB_PASSWORD").await.expect("a response");
    }
    emulator.revoke_token("ghs_1");
    for _ in 0..3 {
        secrets.find("DB_PASSWORD").await.expect("a response");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_401_in_the_middle_of_a_write_is_met_with_a_new_token() {
    let emulator = emulator().await;
    let (secrets, asked) = provided(&emulator, |number| Token::new(format!("ghs_{number}")));
    set(&secrets, "FIRST").await.expect("stored");
    emulator.revoke_token("ghs_0");
    assert_eq!(set(&secrets, "SECOND").await.ok(), Some(Stored::Created));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn doubt_outlives_a_token_provider_that_fails() {
    let emulator = emulator().await;
    let put = Matcher::operation("codespaces/create-or-update-org-secret");
    emulator.fault(Fault::status(502).after_write().on(put.clone()));
    emulator.fault(Fault::status(401).on(put));
    let asked = AtomicUsize::new(0);
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let builder = github::builder(emulator.url()).retry(retry);
    let builder = builder.token_provider(move || {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        async move {
            match number {
                0 => Ok(Token::new("ghs_0")),
                _ => Err("no more tokens"),
            }
        }
    });

    let error = set(&github::codespaces(builder), "DB_PASSWORD").await;

    let error = error.expect_err("no token");
    assert!(matches!(error, Error::Token { .. }), "{error:?}");
    assert!(error.may_have_taken_effect());
    assert!(
        error.to_string().contains("may have taken effect"),
        "{error}"
    );
    let secret = emulator.secret(&github::place(), "DB_PASSWORD");
    assert_eq!(secret.expect("stored").value(), b"value");
}

#[tokio::test]
async fn doubt_outlives_a_key_that_cannot_be_fetched_anew() {
    let wire = Wire::script([
        github::public_key(),
        Reply::closed(),
        github::refusal(422, "improperly encrypted secret"),
        github::refusal(403, "Must have admin rights to Repository."),
    ]);
    let error = set(&github::patient_secrets(wire.url()), "DB_PASSWORD").await;
    let error = error.expect_err("no key");
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
    assert!(error.may_have_taken_effect());
    assert_eq!(wire.requests().len(), 4);
}

#[tokio::test]
async fn a_deletion_that_ends_with_a_missing_scope_is_in_doubt() {
    let missing = github::refusal(404, "Not Found")
        .header("x-oauth-scopes", "repo")
        .header("x-accepted-oauth-scopes", "admin:org");
    let wire = Wire::script([Reply::status(502), missing]);
    let secrets = github::patient_secrets(wire.url());
    let error = secrets.delete("DB_PASSWORD").await.expect_err("a refusal");
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert!(error.may_have_taken_effect());
}
