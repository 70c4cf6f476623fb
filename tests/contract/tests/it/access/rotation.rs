//! The value changed without its access.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use contract_tests::{Reply, Wire, github};
use github_secrets::{Access, Change, Error};
use github_secrets_emulator::{Fault, Matcher, Visibility as Stored};

use super::{changed, emulator, held, secret, writes};

#[tokio::test]
async fn a_rotation_changes_the_value_and_nothing_else() {
    for (secret, visibility, ids) in [
        (secret(), Stored::All, vec![]),
        (secret().private(), Stored::Private, vec![]),
        (secret().selected([]), Stored::Selected, vec![]),
        (secret().selected([7]), Stored::Selected, vec![7]),
        (
            secret().selected(1..=250),
            Stored::Selected,
            Vec::from_iter(1..=250),
        ),
    ] {
        let emulator = emulator(secret).await;
        let rotated = github::secrets(emulator.url())
            .rotate("db_password", "new")
            .await;
        rotated.expect("rotated");
        assert_eq!(held(&emulator), (b"new".to_vec(), visibility, ids));
        assert_eq!(writes(&emulator), 1);
    }
}

#[tokio::test]
async fn a_rotation_never_creates_a_secret() {
    let emulator = emulator(secret()).await;
    let error = github::secrets(emulator.url()).rotate("OTHER", "new").await;
    let error = error.expect_err("no such secret");
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert!(emulator.secret(&github::place(), "OTHER").is_none());
    assert_eq!(writes(&emulator), 0);
}

/// Another client's change to the secret of these tests.
fn change(method: &str, repository: &str) -> Fault {
    let path = format!("/orgs/acme/codespaces/secrets/DB_PASSWORD{repository}");
    Fault::meanwhile(method, path, "")
}

#[tokio::test]
async fn a_secret_that_is_deleted_before_the_write_is_reported_as_created_anew() {
    let emulator = emulator(secret().selected([1])).await;
    let set = Matcher::operation("codespaces/create-or-update-org-secret");
    emulator.fault(change("DELETE", "").on(set));
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert_eq!(
        (changed.value_stored, &changed.change),
        (true, &Change::Recreated)
    );
    assert!(
        changed.to_string().contains("this call recreated it"),
        "{changed}"
    );
    assert_eq!(
        held(&emulator),
        (b"new".to_vec(), Stored::Selected, vec![1])
    );
}

#[tokio::test]
async fn access_that_changes_while_the_write_waits_for_another_attempt_is_kept() {
    let put = || Matcher::operation("codespaces/create-or-update-org-secret");
    for fault in [
        Fault::status(503),
        Fault::dropped(),
        Fault::secondary_limit(Some(Duration::from_secs(1))),
    ] {
        for narrowed in ["/repositories/2", "/repositories/3"] {
            let emulator = emulator(secret().selected([1, 2, 3])).await;
            emulator.fault(fault.clone().on(put()));
            let second = Matcher::operation("codespaces/list-selected-repos-for-org-secret");
            emulator.fault(change("DELETE", narrowed).on(second).after(1));
            let rotated = github::patient_secrets(emulator.url())
                .rotate("DB_PASSWORD", "new")
                .await;
            rotated.expect("rotated");
            let left = [1, 2, 3]
                .into_iter()
                .filter(|id| !narrowed.ends_with(&id.to_string()));
            assert_eq!(
                held(&emulator),
                (b"new".to_vec(), Stored::Selected, left.collect())
            );
        }
    }
}

#[tokio::test]
async fn access_that_changes_after_the_write_is_reported_with_the_value_stored() {
    let emulator = emulator(secret().selected([1, 2])).await;
    let set = Matcher::operation("codespaces/create-or-update-org-secret");
    let meanwhile = change("DELETE", "/repositories/2").on(set);
    emulator.fault(meanwhile.after_write());
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert!(changed.value_stored);
    let (expected, found) = (Access::Selected(vec![1, 2]), Access::Selected(vec![1]));
    assert_eq!(changed.change, Change::Access { expected, found });
    let message = changed.to_string();
    for words in [
        "selected with 1 repository instead of selected with 2 repositories, without 2",
        "the new value is stored",
    ] {
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(
        held(&emulator),
        (b"new".to_vec(), Stored::Selected, vec![1])
    );
}

#[tokio::test]
async fn a_secret_that_is_deleted_after_the_write_is_reported() {
    let emulator = emulator(secret()).await;
    let set = Matcher::operation("codespaces/create-or-update-org-secret");
    emulator.fault(change("DELETE", "").on(set).after_write());
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert_eq!(
        (changed.value_stored, &changed.change),
        (true, &Change::Deleted)
    );
    assert!(
        changed.to_string().contains("no longer exists"),
        "{changed}"
    );
    assert!(emulator.secret(&github::place(), "DB_PASSWORD").is_none());
}

/// GitHub has no conditional write.
#[tokio::test]
async fn access_that_changes_between_the_reading_and_the_write_is_overwritten() {
    let emulator = emulator(secret().selected([1, 2])).await;
    let set = Matcher::operation("codespaces/create-or-update-org-secret");
    emulator.fault(change("PUT", "/repositories/3").on(set));
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    rotated.expect("nothing tells of the change");
    assert_eq!(
        held(&emulator),
        (b"new".to_vec(), Stored::Selected, vec![1, 2])
    );
}

#[tokio::test]
async fn a_visibility_that_is_not_known_is_not_written_back() {
    let wire = Wire::serve(|request| match request.path().rsplit('/').next() {
        Some("DB_PASSWORD") => github::secret("internal"),
        _ => github::success(request),
    });
    let rotated = github::secrets(wire.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let error = rotated.expect_err("an unknown visibility");
    assert!(
        error
            .to_string()
            .contains("does not know the secret's visibility"),
        "{error}"
    );
    assert!(wire.lines().iter().all(|line| line.starts_with("GET ")));
}

#[tokio::test]
async fn a_new_value_that_cannot_be_read_back_is_said_to_be_stored() {
    let written = AtomicBool::new(false);
    let wire = Wire::serve(move |request| match request.method.as_str() {
        "GET" if written.load(Ordering::Relaxed) => Reply::status(500),
        "GET" => github::success(request),
        _ => {
            written.store(true, Ordering::Relaxed);
            Reply::status(204)
        }
    });
    let rotated = github::secrets(wire.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let error = rotated.expect_err("no last reading");
    let Error::Unverified {
        value_stored,
        source,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert!(*value_stored && error.may_have_taken_effect());
    assert!(matches!(**source, Error::Unavailable(_)), "{source:?}");
    assert!(
        error.to_string().contains("the new value is stored"),
        "{error}"
    );
}

#[tokio::test]
async fn a_list_that_shifts_while_it_is_read_is_an_error_and_nothing_is_written() {
    let wire = Wire::serve(|request| match request.path().rsplit('/').next() {
        Some("repositories") => github::repositories([1, 2, 2]),
        _ => github::success(request),
    });
    let rotated = github::secrets(wire.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let error = rotated.expect_err("a repository may be missing");
    assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
    assert!(
        error.to_string().contains("changed while it was read"),
        "{error}"
    );
    assert!(error.is_retryable());
    assert!(wire.lines().iter().all(|line| line.starts_with("GET ")));
}
