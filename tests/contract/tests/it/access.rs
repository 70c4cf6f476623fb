//! Access changed without the value. The value changed without its access is in `rotation.rs`.

mod rotation;

use contract_tests::{Reply, Wire, github};
use github_secrets::{Change, Error, SecretChanged, Visibility};
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
    assert!(
        changed.to_string().contains(
            "the secret DB_PASSWORD was deleted, and this call recreated it; somebody else changed \
             it at the same time, and the value is unchanged: check who can use it, and try again"
        ),
        "{changed}"
    );
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
