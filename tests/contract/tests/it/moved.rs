//! Repositories that were renamed, which are followed, and repositories that were transferred,
//! which never get a value.

mod redirects;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use contract_tests::{Reply, Request, Wire, github};
use github_secrets::{
    Error, GitHub, NewSecret, Owner, RepositoryMoved, ResponseProblem, Secrets, Store, Stored,
};
use github_secrets_emulator::{
    Change, Emulator, Organization, Place, Repository, Store as HeldStore,
};
use serde_json::json;

/// `acme/old` is `acme/website` now, and `acme/sold` is `rival/bought`.
async fn emulator() -> Emulator {
    let website = Repository::new(7, "website").environment("production");
    let bought = Repository::new(8, "bought").environment("production");
    let acme = Organization::new("acme").repository(website.renamed_from("old"));
    let rival = Organization::new("rival").repository(bought.transferred_from("acme/sold"));
    let emulator = Emulator::builder().organization(acme).organization(rival);
    emulator.start().await.expect("an emulator")
}

fn github(url: impl Into<String>) -> GitHub {
    github::builder(url).build().expect("settings")
}

/// Calls everything that a repository or an environment has.
async fn call_everything<O: Owner<Access = ()>>(secrets: &Secrets<O>) -> Result<(), Error> {
    secrets.public_key().await?;
    assert_eq!(secrets.set("A", "value").await?, Stored::Created);
    secrets.rotate("A", "another").await?;
    secrets.find("A").await?.expect("a secret");
    assert_eq!(secrets.list().all().await?.len(), 1);
    secrets.delete("A").await?;
    let new = ["B", "C"].map(|name| NewSecret::new(name, "value").expect("a name"));
    let batch = secrets.set_all(new).await?;
    assert_eq!(batch.finish().await.expect("all stored").created(), 2);
    Ok(())
}

#[tokio::test]
async fn every_call_reaches_a_renamed_repository() {
    let emulator = emulator().await;
    let repo = github(emulator.url()).repo("acme/old").expect("a name");
    for store in Store::ALL {
        call_everything(&repo.secrets(store))
            .await
            .expect("all calls succeed");
    }
    let production = repo.environment("production").expect("a name");
    call_everything(&production)
        .await
        .expect("all calls succeed");
    for inheriting in [repo.actions(), repo.agents()] {
        let shared = inheriting.organization_secrets().all().await;
        assert_eq!(shared.expect("a list"), []);
    }

    let mut places = vec![Place::environment("acme/website", "production")];
    places.extend(HeldStore::ALL.map(|store| Place::repository("acme/website", store)));
    for place in places {
        let held = emulator.secrets(&place);
        let names: Vec<_> = held.iter().map(|secret| secret.name()).collect();
        assert_eq!(names, ["B", "C"], "{place}");
        assert!(held.iter().all(|secret| secret.value() == b"value"));
    }
}

#[tokio::test]
async fn each_write_of_a_batch_asks_anew_where_a_renamed_repository_is() {
    let emulator = emulator().await;
    let repo = github(emulator.url()).repo("acme/old").expect("a name");
    let new = (0..20).map(|index| NewSecret::new(format!("S_{index}"), "value").expect("a name"));
    let batch = repo.actions().set_all(new).await.expect("a batch");
    assert_eq!(batch.finish().await.expect("all stored").created(), 20);

    let requests = emulator.requests();
    let lookups = requests.iter().filter(|it| it.path() == "/repos/acme/old");
    assert_eq!(lookups.count(), 21, "the public key's as well");
    // The former name could be another repository's by now, so it is tried each time.
    let writes = |name: &str| {
        let prefix = format!("/repos/acme/{name}/");
        let writes = requests
            .iter()
            .filter(|it| it.method() == "PUT" && it.path().starts_with(&prefix));
        writes.count()
    };
    assert_eq!((writes("old"), writes("website")), (20, 20));
}

#[tokio::test]
async fn a_value_follows_a_repository_that_is_renamed_again_when_its_name_is_given_to_another() {
    let emulator = emulator().await;
    let secrets = github(emulator.url()).repo("acme/old").expect("a name");
    let secrets = secrets.actions();
    secrets.set("A", "value").await.expect("stored");
    for change in [
        Change::rename_repository("acme/website", "site"),
        Change::create_repository("acme", Repository::new(9, "website")),
    ] {
        emulator.change(change).expect("a change");
    }
    secrets.set("B", "value").await.expect("stored");

    let names = |repository: &str| {
        let held = emulator.secrets(&Place::repository(repository, HeldStore::Actions));
        held.iter()
            .map(|one| one.name().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("acme/site"), ["A", "B"]);
    assert_eq!(names("acme/website"), [""; 0]);
}

/// A server whose `acme/website` gets another owner or name, once it is told to.
fn moving(to: &'static str) -> (Wire, Arc<AtomicBool>) {
    let moved = Arc::new(AtomicBool::new(false));
    let asking = Arc::clone(&moved);
    let wire = Wire::serve(move |request| {
        let path = request.path();
        let tail = path.strip_prefix("/repos/acme/website");
        match tail.filter(|_| asking.load(Ordering::Relaxed)) {
            Some("") => Reply::json(200, &json!({ "id": 7, "name": "website", "full_name": to })),
            Some(tail) => {
                let status = if request.method == "GET" { 301 } else { 307 };
                Reply::status(status).header("Location", &format!("/repositories/7{tail}"))
            }
            None => github::success(request),
        }
    });
    (wire, moved)
}

fn sealed(request: &Request) -> bool {
    request.json()["encrypted_value"].is_string()
}

#[tokio::test]
async fn a_write_is_sent_again_to_a_repository_that_was_renamed_meanwhile() {
    let (wire, moved) = moving("acme/renamed");
    let secrets = github(wire.url())
        .repo("acme/website")
        .expect("a name")
        .actions();
    secrets.set("A", "value").await.expect("set");
    moved.store(true, Ordering::Relaxed);
    let stored = secrets.set("A", "another").await;
    assert_eq!(stored.ok(), Some(Stored::Updated));

    let requests = wire.requests();
    let writes: Vec<_> = requests.iter().filter(|request| sealed(request)).collect();
    assert_eq!(writes.len(), 3);
    assert_eq!(writes[1].path(), "/repos/acme/website/actions/secrets/A");
    assert_ne!(writes[2].path(), writes[1].path());
    assert_eq!(writes[2].body, writes[1].body);
}

fn transferred(error: &Error) -> &RepositoryMoved {
    let Error::Moved(moved) = error else {
        panic!("{error:?}");
    };
    let message = error.to_string();
    for words in [
        moved.from.as_str(),
        moved.to.as_str(),
        "was transferred",
        "nothing was sent",
    ] {
        assert!(message.contains(words), "{words:?} is not in: {message}");
    }
    assert!(!error.may_have_taken_effect() && !error.is_retryable());
    moved
}

#[tokio::test]
async fn a_write_is_not_sent_to_a_repository_that_was_transferred_meanwhile() {
    let (wire, moved) = moving("rival/website");
    let secrets = github(wire.url())
        .repo("acme/website")
        .expect("a name")
        .actions();
    secrets.set("A", "value").await.expect("set");
    moved.store(true, Ordering::Relaxed);
    let error = secrets.set("A", "another").await.expect_err("transferred");
    let moved = transferred(&error);
    assert_eq!(
        (moved.from.as_str(), moved.to.as_str()),
        ("acme/website", "rival/website")
    );
    assert_eq!(
        error.operation().map(|it| it.id()).as_deref(),
        Some("actions/create-or-update-repo-secret")
    );

    let requests = wire.requests();
    let written = requests.iter().filter(|request| request.method != "GET");
    assert!(
        written
            .into_iter()
            .all(|request| request.path().starts_with("/repos/acme/website/"))
    );
}

/// A repository keeps its id when it is transferred: a request to the id would not be redirected.
#[tokio::test]
async fn a_repository_that_is_transferred_after_it_was_renamed_is_not_written_to_either() {
    let transferred_too = Arc::new(AtomicBool::new(false));
    let asking = Arc::clone(&transferred_too);
    let wire = Wire::serve(move |request| {
        let full_name = if asking.load(Ordering::Relaxed) {
            "rival/website"
        } else {
            "acme/website"
        };
        let (owner_and_name, tail) = repository_and_tail(request.path());
        match (owner_and_name.as_str(), tail.as_str()) {
            ("acme/old" | "acme/website", "") => Reply::json(
                200,
                &json!({ "id": 7, "name": "website", "full_name": full_name }),
            ),
            (asked, tail) if asked.starts_with("acme/") && asked != full_name => {
                let status = if request.method == "GET" { 301 } else { 307 };
                Reply::status(status).header("Location", &format!("/repositories/7{tail}"))
            }
            _ => github::success(request),
        }
    });
    let secrets = github(wire.url())
        .repo("acme/old")
        .expect("a name")
        .actions();
    secrets.set("A", "value").await.expect("set");
    let before = wire.requests().len();
    transferred_too.store(true, Ordering::Relaxed);
    let error = secrets.set("A", "another").await.expect_err("transferred");
    let moved = transferred(&error);
    assert_eq!(
        (moved.from.as_str(), moved.to.as_str()),
        ("acme/old", "rival/website")
    );
    for request in wire.requests().split_off(before) {
        assert!(
            request.path().starts_with("/repos/acme/"),
            "{}",
            request.line()
        );
    }
}

/// Between a redirect and the look at the former name, that name can pass to another repository,
/// which can be renamed as well.
#[tokio::test]
async fn a_value_is_not_sent_to_the_new_name_of_another_repository() {
    let wire = Wire::serve(|request| match request.path() {
        "/repos/acme/website" => Reply::json(
            200,
            &json!({ "id": 9, "name": "site", "full_name": "acme/site" }),
        ),
        path if request.method == "PUT" && path.starts_with("/repos/acme/website/") => {
            let tail = path.trim_start_matches("/repos/acme/website");
            Reply::status(307).header("Location", &format!("/repositories/7{tail}"))
        }
        _ => github::success(request),
    });
    let repo = github(wire.url()).repo("acme/website").expect("a name");
    let error = repo.actions().set("A", "value").await.expect_err("another");
    let Error::UnexpectedResponse(unexpected) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(unexpected.problem, ResponseProblem::Redirect);
    assert!(!error.may_have_taken_effect(), "{error:?}");
    let asked = |request: &Request| request.path().starts_with("/repos/acme/website/");
    let requests = wire.requests();
    assert!(requests.iter().filter(|it| sealed(it)).all(asked));
}

/// The repository that a path begins with, and the rest of it.
fn repository_and_tail(path: &str) -> (String, String) {
    let mut parts = path
        .strip_prefix("/repos/")
        .unwrap_or_default()
        .splitn(3, '/');
    let (owner, name) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let tail = parts.next().map(|tail| format!("/{tail}"));
    (format!("{owner}/{name}"), tail.unwrap_or_default())
}

/// What every call makes of a repository or an environment that cannot be reached.
async fn refused<O: Owner<Access = ()>>(secrets: &Secrets<O>) -> Vec<Error> {
    let new = [NewSecret::new("A", "value").expect("a name")];
    vec![
        secrets.public_key().await.expect_err("public_key"),
        secrets.set("A", "value").await.expect_err("set"),
        secrets.rotate("A", "value").await.expect_err("rotate"),
        secrets.find("A").await.expect_err("find"),
        secrets.list().all().await.expect_err("list"),
        secrets.delete("A").await.expect_err("delete"),
        secrets.set_all(new).await.expect_err("set_all"),
    ]
}

#[tokio::test]
async fn the_new_owner_of_a_transferred_repository_gets_no_value_and_no_write() {
    let emulator = emulator().await;
    let repo = github(emulator.url()).repo("acme/sold").expect("a name");
    let mut errors = refused(&repo.environment("production").expect("a name")).await;
    for store in Store::ALL {
        errors.extend(refused(&repo.secrets(store)).await);
    }
    errors.push(
        repo.actions()
            .organization_secrets()
            .all()
            .await
            .expect_err("list"),
    );
    for error in &errors {
        let moved = transferred(error);
        assert_eq!(
            (moved.from.as_str(), moved.to.as_str()),
            ("acme/sold", "rival/bought")
        );
    }
    assert_eq!(emulator.all_secrets().len(), 0);
    for request in emulator.requests().iter().map(Request::from) {
        assert!(!sealed(&request), "{request:?}");
        let elsewhere = request.path().starts_with("/repositories/8/");
        assert!(!elsewhere, "{}", request.line());
    }
}
