//! Repositories by name.

use contract_tests::{Reply, Wire, github};
use github_secrets::{Error, RepositoryError, RepositoryRef, Visibility};
use github_secrets_emulator::{Emulator, Fault, Matcher, Organization, Repository};
use serde_json::json;

async fn emulator() -> Emulator {
    let acme = Organization::new("acme")
        .repository(Repository::new(1, "Hello-World"))
        .repository(Repository::new(2, "website"))
        .repository(Repository::new(3, "api.v2").renamed_from("api"));
    let emulator = Emulator::builder().organization(acme);
    emulator.start().await.expect("an emulator")
}

async fn set(emulator: &Emulator, visibility: Visibility) -> Result<Vec<u64>, Error> {
    let secrets = github::secrets(emulator.url());
    secrets.set("DB_PASSWORD", "value", visibility).await?;
    let secret = emulator
        .secret(&github::place(), "DB_PASSWORD")
        .expect("a secret");
    Ok(secret.selected_repository_ids())
}

fn lookups(emulator: &Emulator) -> Vec<String> {
    let requests = emulator.requests();
    let lookups = requests
        .iter()
        .filter(|request| request.path().starts_with("/repos/"));
    lookups.map(|request| request.path().to_owned()).collect()
}

#[tokio::test]
async fn each_name_is_looked_up_once_whatever_its_case_and_its_owner() {
    let emulator = emulator().await;
    let names = [
        "Hello-World",
        "hello-world",
        "ACME/HELLO-WORLD",
        "website",
        "acme/website",
    ];
    let selected = set(&emulator, Visibility::selected(names)).await;
    assert_eq!(selected.expect("stored"), [1, 2]);
    let mut lookups = lookups(&emulator);
    lookups
        .iter_mut()
        .for_each(|path| path.make_ascii_lowercase());
    assert_eq!(lookups, ["/repos/acme/hello-world", "/repos/acme/website"]);
}

#[tokio::test]
async fn ids_and_names_of_the_same_repositories_are_sent_once() {
    let emulator = emulator().await;
    let both: [RepositoryRef; 4] = [2.into(), "website".into(), 1.into(), "Hello-World".into()];
    let selected = set(&emulator, Visibility::selected(both)).await;
    assert_eq!(selected.expect("stored"), [1, 2]);
}

#[tokio::test]
async fn a_former_name_leads_to_the_repository() {
    let emulator = emulator().await;
    let selected = set(&emulator, Visibility::selected(["api"])).await;
    assert_eq!(selected.expect("stored"), [3]);
}

#[tokio::test]
async fn unknown_names_are_reported_together_and_nothing_is_written() {
    let emulator = emulator().await;
    let names = ["website", "nope", "Hello-World", "acme/neither"];
    let error = set(&emulator, Visibility::selected(names))
        .await
        .expect_err("unknown");
    let message = error.to_string();
    assert!(
        message.contains("\"acme/neither\", \"acme/nope\" are unknown"),
        "{message}"
    );
    assert!(message.contains("metadata=read"), "{message}");
    let Error::Repository(RepositoryError::Unknown(unknown)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(unknown, ["acme/neither", "acme/nope"]);
    let requests = emulator.requests();
    assert!(requests.iter().all(|request| request.method() == "GET"));
}

#[tokio::test]
async fn a_repository_that_was_transferred_is_refused_with_both_names() {
    let wire = Wire::serve(|request| match request.path() {
        "/repos/acme/website" => {
            let moved = json!({ "id": 7, "name": "website", "full_name": "rival/website" });
            Reply::json(200, &moved)
        }
        _ => github::success(request),
    });
    let secrets = github::secrets(wire.url());
    let selected = Visibility::selected(["website"]);
    let error = secrets
        .set("DB_PASSWORD", "value", selected)
        .await
        .expect_err("moved");
    let Error::Moved(moved) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (moved.from.as_str(), moved.to.as_str()),
        ("acme/website", "rival/website")
    );
    assert!(wire.lines().iter().all(|line| line.starts_with("GET ")));
}

#[tokio::test]
async fn a_repository_without_a_usable_id_is_an_unexpected_response() {
    for id in [0, -7] {
        let none = json!({ "id": id, "name": "website", "full_name": "acme/website" });
        let wire = Wire::script([Reply::json(200, &none)]);
        let selected = github::secrets(wire.url()).repositories("DB_PASSWORD");
        let error = selected
            .expect("a name")
            .add("website")
            .await
            .expect_err("no id");
        assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
        assert_eq!(wire.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_lookup_that_fails_otherwise_is_its_own_error() {
    let emulator = emulator().await;
    let forbidden = Fault::status(403).on(Matcher::path("/repos/acme/website"));
    emulator.fault(forbidden.always());
    let error = set(&emulator, Visibility::selected(["website", "api"])).await;
    let error = error.expect_err("not allowed");
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
    assert!(error.to_string().contains("metadata=read"), "{error}");
}

#[tokio::test]
async fn every_repository_that_fails_is_named() {
    for status in [403, 404, 451, 500] {
        let emulator = emulator().await;
        for name in ["website", "Hello-World"] {
            let refused = Fault::status(status).on(Matcher::path(format!("/repos/acme/{name}")));
            emulator.fault(refused.always());
        }

        let names = ["website", "nope", "Hello-World", "api", "gone"];
        let error = set(&emulator, Visibility::selected(names)).await;

        let error = error.expect_err("not all were found");
        let message = error.to_string();
        for name in ["acme/website", "acme/Hello-World", "acme/nope", "acme/gone"] {
            assert!(message.contains(name), "{message}");
        }
        assert!(!message.contains("acme/api"), "{message}");
        assert_eq!(lookups(&emulator).len(), 5);
        assert!(!error.may_have_taken_effect());
        let requests = emulator.requests();
        assert!(requests.iter().all(|request| request.method() == "GET"));
        match error {
            Error::Repositories(errors) => assert_eq!((status != 404, errors.len()), (true, 3)),
            error => assert_eq!((status, matches!(error, Error::Repository(_))), (404, true)),
        }
    }
}

#[tokio::test]
async fn an_error_that_every_lookup_would_meet_ends_them() {
    let names: Vec<_> = (0..100)
        .map(|index| format!("repository-{index}"))
        .collect();
    for reply in [github::refusal(401, "Bad credentials"), Reply::closed()] {
        let wire = Wire::serve(move |request| match request.path() {
            path if path.ends_with("public-key") => github::public_key(),
            _ => reply.clone(),
        });
        let secrets = github::secrets(wire.url());
        let set = secrets.set(
            "DB_PASSWORD",
            "value",
            Visibility::selected(names.iter().map(String::as_str)),
        );
        let error = set.await.expect_err("no lookup succeeds");
        assert!(
            matches!(error, Error::NotAuthorized(_) | Error::Connection(_)),
            "{error:?}"
        );
        // Those that were under way at once, and the key.
        assert!(wire.requests().len() <= 16, "{}", wire.requests().len());
    }
}
