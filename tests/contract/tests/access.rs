//! A value changed without its access, and access without the value.

use contract_tests::{Reply, Wire, github};
use github_secrets::{AccessChanged, Error, Visibility, VisibilityKind};
use github_secrets_emulator::{
    Emulator, Fault, Matcher, Operation, Organization, Repository, StoredSecret,
    Visibility as Stored,
};
use serde_json::json;

/// An organization with 250 repositories and this secret.
async fn emulator(secret: StoredSecret) -> Emulator {
    let mut acme = Organization::new("acme").secret(secret);
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
    let secret = emulator.secret("acme", "DB_PASSWORD").expect("a secret");
    (
        secret.value().to_vec(),
        secret.visibility(),
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

fn changed(result: Result<(), Error>) -> AccessChanged {
    match result {
        Err(Error::AccessChanged(changed)) => *changed,
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
    assert!(emulator.secret("acme", "OTHER").is_none());
    assert_eq!(writes(&emulator), 0);
}

/// Another client's change to the secret of these tests.
fn change(method: &str, repository: &str) -> Fault {
    let path = format!("/orgs/acme/codespaces/secrets/DB_PASSWORD{repository}");
    Fault::meanwhile(method, path, "")
}

#[tokio::test]
async fn access_that_changes_before_the_write_is_reported_and_not_overwritten() {
    let emulator = emulator(secret().selected([1, 2])).await;
    let meanwhile = change("PUT", "/repositories/3").on(Matcher::operation(Operation::PublicKey));
    emulator.fault(meanwhile);
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert!(!changed.value_stored);
    assert_eq!(changed.expected.selected_repository_ids, [1, 2]);
    let found = changed.found.as_ref().expect("the secret");
    assert_eq!(found.visibility, VisibilityKind::Selected);
    assert_eq!(found.selected_repository_ids, [1, 2, 3]);
    let message = changed.to_string();
    assert!(
        message.contains("2 repositories") && message.contains("3 repositories"),
        "{message}"
    );
    assert!(message.contains("no new value is stored"), "{message}");
    assert_eq!(
        held(&emulator),
        (b"old".to_vec(), Stored::Selected, vec![1, 2, 3])
    );
}

#[tokio::test]
async fn a_secret_that_is_deleted_before_the_write_is_reported_and_not_created() {
    let emulator = emulator(secret()).await;
    emulator.fault(change("DELETE", "").on(Matcher::operation(Operation::PublicKey)));
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert_eq!((changed.value_stored, &changed.found), (false, &None));
    assert!(changed.to_string().contains("found no secret"), "{changed}");
    assert!(emulator.secret("acme", "DB_PASSWORD").is_none());
}

#[tokio::test]
async fn access_that_changes_after_the_write_is_reported_with_the_value_stored() {
    let emulator = emulator(secret().selected([1, 2])).await;
    let meanwhile =
        change("DELETE", "/repositories/2").on(Matcher::operation(Operation::SetSecret));
    emulator.fault(meanwhile.after_write());
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert!(changed.value_stored);
    let found = changed.found.as_ref().expect("the secret");
    assert_eq!(found.selected_repository_ids, [1]);
    assert!(
        changed.to_string().contains("the new value is stored"),
        "{changed}"
    );
    assert_eq!(
        held(&emulator),
        (b"new".to_vec(), Stored::Selected, vec![1])
    );
}

#[tokio::test]
async fn a_secret_that_the_write_created_anew_is_reported() {
    let emulator = emulator(secret().selected([1])).await;
    emulator.fault(change("DELETE", "").on(Matcher::operation(Operation::SetSecret)));
    let rotated = github::secrets(emulator.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let changed = changed(rotated);
    assert!(changed.value_stored);
    assert!(changed.to_string().contains("created anew"), "{changed}");
}

#[tokio::test]
async fn a_visibility_that_is_not_known_is_not_written_back() {
    let wire = Wire::serve(|_| github::secret("internal"));
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
    assert_eq!(
        wire.lines(),
        ["GET /orgs/acme/codespaces/secrets/DB_PASSWORD"]
    );
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
            let set = github::secrets(emulator.url())
                .set_access("DB_PASSWORD", to)
                .await;
            set.expect("access is changed");
            assert_eq!(held(&emulator), (b"old".to_vec(), visibility, ids));
            assert_eq!(writes(&emulator), 1);
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
async fn where_github_wants_the_value_as_well_it_is_a_refusal_after_one_write() {
    let emulator = emulator(secret()).await;
    let body = json!({ "message": "Invalid request.\n\n\"encrypted_value\" wasn't supplied." });
    let refused = Fault::status(422).body(body.to_string());
    emulator.fault(refused.on(Matcher::operation(Operation::SetSecret)));
    let secrets = github::secrets(emulator.url());
    let error = secrets.set_access("DB_PASSWORD", Visibility::Private).await;
    let error = error.expect_err("a refusal");
    assert!(matches!(error, Error::Refused(_)), "{error:?}");
    assert!(error.to_string().contains("status 422"), "{error}");
    assert_eq!(held(&emulator), (b"old".to_vec(), Stored::All, vec![]));
    assert_eq!(writes(&emulator), 1);
}

#[tokio::test]
async fn access_that_github_takes_and_does_not_change_is_reported() {
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
        error.to_string().contains("with its value instead"),
        "{error}"
    );
}

#[tokio::test]
async fn a_secret_that_a_change_of_access_created_anew_is_reported() {
    let replies = [
        github::secret("all"),
        Reply::status(201),
        github::secret("private"),
    ];
    let wire = Wire::script(replies);
    let secrets = github::secrets(wire.url());
    let changed = changed(secrets.set_access("DB_PASSWORD", Visibility::Private).await);
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
async fn github_may_want_the_value_together_with_the_access() {
    let wire = Wire::script([github::secret("all"), Reply::status(422)]);
    let secrets = github::secrets(wire.url());
    let error = secrets
        .set_access("DB_PASSWORD", Visibility::Private)
        .await
        .expect_err("a refusal");
    assert!(error.to_string().contains("set both with `set`"), "{error}");
}

#[tokio::test]
async fn a_new_value_that_cannot_be_looked_at_again_is_said_to_be_stored() {
    let replies = [
        github::secret("all"),
        github::public_key(),
        github::secret("all"),
        Reply::status(204),
        Reply::status(500),
    ];
    let wire = Wire::script(replies);
    let rotated = github::secrets(wire.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    let error = rotated.expect_err("no last reading");
    let Error::Unverified(unverified) = &error else {
        panic!("{error}")
    };
    assert!(unverified.value_stored && error.may_have_taken_effect());
    assert!(
        error.to_string().contains("the new value is stored"),
        "{error}"
    );
    assert!(matches!(unverified.source, Error::Unavailable(_)));
}

#[tokio::test]
async fn a_list_that_shifts_while_it_is_read_again_is_a_change() {
    let replies = [
        github::secret("selected"),
        github::repositories([1, 2]),
        github::public_key(),
        github::secret("selected"),
        github::repositories([1, 2, 2]),
    ];
    let wire = Wire::script(replies);
    let rotated = github::secrets(wire.url())
        .rotate("DB_PASSWORD", "new")
        .await;
    assert!(!changed(rotated).value_stored);
    assert!(wire.lines().iter().all(|line| line.starts_with("GET ")));
}
