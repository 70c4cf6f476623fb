//! A value changed without its access, and access without the value.

use std::sync::atomic::{AtomicBool, Ordering};

use contract_tests::{Reply, Wire, github};
use github_secrets::{Access, Change, Error, SecretChanged, Visibility};
use github_secrets_emulator::{
    Emulator, Fault, Matcher, Organization, Repository, Store, StoredSecret, Visibility as Stored,
};
use serde_json::json;

/// An organization with 250 repositories and this secret.
async fn emulator(secret: StoredSecret) -> Emulator {
    let mut acme = Organization::new("acme").secret(Store::Codespaces, secret);
    for id in 1..=250 {
        acme = acme.repository(Repository::new(id, format!("repository-{id}")));
    }
    let emulator = Emulator::builder().organization(acme);
    emulator.start().await.expect("an emulator")
}

fn secret() -> StoredSecret {
    StoredSecret::new("DB_PASSWORD", "old")
}

/// What the emulator holds: the value, the visibility and the selected repositories.
fn held(emulator: &Emulator) -> (Vec<u8>, Stored, Vec<u64>) {
    let secret = emulator
        .secret(&github::place(), "DB_PASSWORD")
        .expect("a secret");
    (
        secret.value().to_vec(),
        secret.visibility().expect("one of an organization"),
        secret.selected_repository_ids(),
    )
}

fn writes(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    requests
        .iter()
        .filter(|request| request.method() != "GET")
        .count()
}

fn changed<T: std::fmt::Debug>(result: Result<T, Error>) -> SecretChanged {
    match result {
        Err(Error::SecretChanged(changed)) => *changed,
        other => panic!("a change was expected: {other:?}"),
    }
}

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
    assert!(changed.to_string().contains("created anew"), "{changed}");
    assert_eq!(
        held(&emulator),
        (b"new".to_vec(), Stored::Selected, vec![1])
    );
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
    assert!(changed.to_string().contains("was deleted"), "{changed}");
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
async fn access_goes_from_each_visibility_to_each_and_the_value_stays() {
    for from in [secret(), secret().private(), secret().selected([1, 2])] {
        for (to, visibility, ids) in [
            (Visibility::All, Stored::All, vec![]),
            (Visibility::Private, Stored::Private, vec![]),
            (Visibility::selected([2, 3]), Stored::Selected, vec![2, 3]),
            (Visibility::selected_none(), Stored::Selected, vec![]),
        ] {
            let emulator = emulator(from.clone()).await;
            let before = held(&emulator);
            let set = github::secrets(emulator.url())
                .set_access("DB_PASSWORD", to)
                .await;
            let changed = set.expect("access is changed");
            let after = (b"old".to_vec(), visibility, ids);
            assert_eq!(held(&emulator), after);
            assert_eq!(changed, before != after);
            // The access that the secret has already is not written again.
            assert_eq!(writes(&emulator), usize::from(before != after));
        }
    }
}

#[tokio::test]
async fn from_one_selection_to_another_the_secret_itself_is_not_written() {
    let emulator = emulator(secret().selected([1])).await;
    let secrets = github::secrets(emulator.url());
    let set = secrets
        .set_access("DB_PASSWORD", Visibility::selected([2]))
        .await;
    set.expect("access is changed");
    let requests = emulator.requests();
    let write = requests.iter().find(|request| request.method() == "PUT");
    let path = "/orgs/acme/codespaces/secrets/DB_PASSWORD/repositories";
    assert_eq!(write.expect("a write").target(), path);
}

#[tokio::test]
async fn access_to_no_secret_is_not_found_and_creates_none() {
    let emulator = emulator(secret()).await;
    let set = github::secrets(emulator.url())
        .set_access("OTHER", Visibility::All)
        .await;
    let error = set.expect_err("no such secret");
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn where_github_requires_the_value_as_well_it_is_an_error_after_one_write() {
    let emulator = emulator(secret()).await;
    let body = json!({ "message": "Invalid request.\n\n\"encrypted_value\" wasn't supplied." });
    let refused = Fault::status(422).body(body.to_string());
    emulator.fault(refused.on(Matcher::operation("codespaces/create-or-update-org-secret")));
    let secrets = github::secrets(emulator.url());
    let error = secrets.set_access("DB_PASSWORD", Visibility::Private).await;
    let error = error.expect_err("an error response");
    assert!(matches!(error, Error::Rejected(_)), "{error:?}");
    assert!(error.to_string().contains("status 422"), "{error}");
    assert_eq!(held(&emulator), (b"old".to_vec(), Stored::All, vec![]));
    assert_eq!(writes(&emulator), 1);
}

#[tokio::test]
async fn access_that_github_accepts_and_does_not_change_is_reported() {
    let wire = Wire::serve(|request| match request.method.as_str() {
        "GET" => github::secret("all"),
        _ => Reply::status(204),
    });
    let secrets = github::secrets(wire.url());
    let error = secrets
        .set_access("DB_PASSWORD", Visibility::Private)
        .await
        .expect_err("nothing changed");
    assert!(matches!(error, Error::AccessNotChanged(_)), "{error}");
    assert!(
        error.to_string().contains("use `set` with the value"),
        "{error}"
    );
}

#[tokio::test]
async fn a_secret_that_a_change_of_access_created_anew_is_reported() {
    let wire = Wire::serve(|request| match request.method.as_str() {
        "GET" => github::secret("all"),
        _ => Reply::status(201),
    });
    let secrets = github::secrets(wire.url());
    let changed = changed(secrets.set_access("DB_PASSWORD", Visibility::Private).await);
    assert_eq!(
        (changed.value_stored, &changed.change),
        (false, &Change::Recreated)
    );
    assert!(changed.to_string().contains("created anew"), "{changed}");
}

#[tokio::test]
async fn setting_a_value_replaces_access_as_it_says() {
    let emulator = emulator(secret().selected([1, 2])).await;
    let secrets = github::secrets(emulator.url());
    let stored = secrets
        .set("DB_PASSWORD", "new", Visibility::selected([3]))
        .await;
    assert_eq!(stored.ok(), Some(github_secrets::Stored::Updated));
    assert_eq!(
        held(&emulator),
        (b"new".to_vec(), Stored::Selected, vec![3])
    );
}

#[tokio::test]
async fn selected_repositories_are_set_added_and_removed() {
    let emulator = emulator(secret().selected([1, 2])).await;
    let secrets = github::secrets(emulator.url());
    let selected = secrets.repositories("DB_PASSWORD").expect("a name");
    selected.add(3).await.expect("added");
    selected.add("repository-3").await.expect("added again");
    selected.remove(1).await.expect("removed");
    selected
        .remove("acme/repository-1")
        .await
        .expect("removed again");
    assert_eq!(held(&emulator).2, [2, 3]);
    selected
        .set(["repository-9", "repository-4"])
        .await
        .expect("set");
    assert_eq!(held(&emulator).2, [4, 9]);
    selected.set(Vec::<u64>::new()).await.expect("set to none");
    assert_eq!(held(&emulator).2, [0; 0]);
}

#[tokio::test]
async fn repositories_of_a_secret_that_is_not_selected_are_a_conflict() {
    let emulator = emulator(secret().private()).await;
    let secrets = github::secrets(emulator.url());
    let selected = secrets.repositories("DB_PASSWORD").expect("a name");
    for result in [
        selected.set([1]).await,
        selected.add(1).await,
        selected.remove(1).await,
    ] {
        let error = result.expect_err("a conflict");
        assert!(matches!(error, Error::Conflict(_)), "{error:?}");
        assert!(error.to_string().contains("`selected`"), "{error}");
    }
}

#[tokio::test]
async fn github_may_require_the_value_together_with_the_access() {
    let wire = Wire::serve(|request| match request.method.as_str() {
        "GET" => github::secret("all"),
        _ => Reply::status(422),
    });
    let secrets = github::secrets(wire.url());
    let error = secrets
        .set_access("DB_PASSWORD", Visibility::Private)
        .await
        .expect_err("an error response");
    assert!(error.to_string().contains("use `set` for both"), "{error}");
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
