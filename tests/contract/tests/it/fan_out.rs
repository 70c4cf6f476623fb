//! Many secrets in many places, and what happens where a place cannot take them.

mod existing;

use std::collections::BTreeMap;

use contract_tests::github;
use github_secrets::{
    Batch, BatchError, Error, GitHub, NewSecret, NotTried, Place, Reason, Report, SecretValue,
    Store, Stored, Visibility,
};
use github_secrets_emulator::{
    Emulator, Fault, Matcher, Organization, Repository, Store as HeldStore,
};

/// An organization with these repositories, numbered from 1 on.
async fn start(repositories: impl IntoIterator<Item = Repository>) -> (Emulator, GitHub) {
    let mut acme = Organization::new("acme");
    for repository in repositories {
        acme = acme.repository(repository);
    }
    let emulator = Emulator::builder().organization(acme).start().await;
    let emulator = emulator.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    (emulator, github)
}

fn services(count: u64) -> impl Iterator<Item = Repository> {
    (1..=count).map(|number| Repository::new(number, format!("svc-{number}")))
}

fn repository(number: u64, store: Store) -> Place {
    Place::repository(format!("acme/svc-{number}"), store).expect("a name")
}

fn held(place: &Place) -> github_secrets_emulator::Place {
    place.to_string().parse().expect("a place")
}

fn token() -> NewSecret {
    NewSecret::new("NPM_TOKEN", "correct horse").expect("a name")
}

/// A batch with one value for each of 300 services.
fn for_all(github: &GitHub) -> Batch {
    let places = (1..=300).map(|number| repository(number, Store::Actions));
    let batch = github.set_all(places.map(|place| (place, token())));
    batch.expect("secrets")
}

/// The results by place and name, as text.
fn results<T: std::fmt::Display>(report: &Report<T>) -> BTreeMap<String, String> {
    let items = report.items.iter().map(|item| {
        let result = match &item.result {
            Ok(outcome) => outcome.to_string(),
            Err(error) => error.to_string(),
        };
        (format!("{} {}", item.place, item.name), result)
    });
    items.collect()
}

#[tokio::test]
async fn one_value_in_300_places_takes_one_key_and_one_write_for_each() {
    let (emulator, github) = start(services(300)).await;

    let batch = for_all(&github);
    let report = batch.finish().await.expect("all of them");

    assert_eq!((report.created(), report.items.len()), (300, 300));
    assert_eq!(report.to_string(), "300 created, 0 updated");
    assert_eq!(emulator.requests().len(), 600);
    assert!(emulator.most_concurrent() <= 8);
    let stored = emulator.all_secrets();
    assert_eq!(stored.len(), 300);
    for (_, secret) in stored {
        assert_eq!(secret.value(), b"correct horse");
    }
}

#[tokio::test]
async fn the_first_result_takes_two_round_trips() {
    let (emulator, github) = start(services(300)).await;

    let batch = for_all(&github);
    let mut batch = batch.concurrency(1);
    let first = batch.next().await.expect("the first").result;

    assert_eq!(first.expect("stored"), Stored::Created);
    // Nothing else is sent before: the next place can be begun by now.
    let requests = emulator.requests();
    let lines: Vec<_> = requests.iter().map(|it| (it.method(), it.path())).collect();
    let place = "/repos/acme/svc-1/actions/secrets";
    let [key, secret] = ["public-key", "NPM_TOKEN"].map(|tail| format!("{place}/{tail}"));
    assert_eq!(
        lines[..2],
        [("GET", key.as_str()), ("PUT", secret.as_str())]
    );
}

#[tokio::test]
async fn the_stores_of_owners_of_all_kinds_fit_in_one_batch() {
    let website = Repository::new(7, "website").environment("production");
    let (emulator, github) = start([website]).await;
    let (org, repo) = (
        github.org("acme").expect("a login"),
        github.repo("acme/website").expect("a name"),
    );
    let production = repo.environment("production").expect("a name");
    let value = SecretValue::from("correct horse");
    let new = || NewSecret::new("NPM_TOKEN", value.clone()).expect("a name");
    let selected = new().visibility(Visibility::selected(["website"]));

    let batch = github.set_all([
        (Place::from(org.dependabot()), selected.into()),
        (repo.actions().into(), new().access(())),
        (repo.codespaces().into(), new().into()),
        (production.into(), new().into()),
    ]);
    let report = batch.expect("secrets").finish().await.expect("all of them");

    assert_eq!(report.created(), 4);
    // Four keys, one name, four writes.
    assert_eq!(emulator.requests().len(), 9);
    let org = github_secrets_emulator::Place::organization("acme", HeldStore::Dependabot);
    let stored = emulator.secret(&org, "NPM_TOKEN").expect("a secret");
    assert_eq!(stored.selected_repository_ids(), [7]);
}

#[tokio::test]
async fn what_is_wrong_in_one_place_is_refused_before_anything_is_sent() {
    let (emulator, github) = start(services(2)).await;
    let [one, two] = [1, 2].map(|number| repository(number, Store::Actions));

    let twice = [
        (&one, "npm_token"),
        (&two, "NPM_TOKEN"),
        (&one, "NPM_TOKEN"),
    ]
    .map(|(place, name)| (place, NewSecret::new(name, "value").expect("a name")));
    let error = github.set_all(twice.clone()).expect_err("one name twice");
    assert!(
        matches!(&error, Error::Batch(BatchError::DuplicateName { place, .. }) if *place == one)
    );
    assert!(
        error.to_string().contains("repos/acme/svc-1/actions"),
        "{error}"
    );
    github.rotate_all(twice).expect_err("one name twice");
    let names = [(&one, "npm_token"), (&one, "NPM_TOKEN")];
    github.delete_all(names).expect_err("one name twice");
    github.delete_all([(&one, "2FA")]).expect_err("no name");

    let for_all = token().visibility(Visibility::All);
    let error = github.set_all([(&one, for_all)]).expect_err("no access");
    assert!(matches!(&error, Error::Batch(BatchError::Access { place, .. }) if *place == one));
    let huge = NewSecret::new("HUGE", vec![b'x'; 50_000]).expect("a name");
    let error = github.rotate_all([(&two, huge)]).expect_err("too large");
    assert!(matches!(&error, Error::Batch(BatchError::Value { place, .. }) if *place == two));

    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_place_that_is_broken_ends_alone_and_says_why() {
    let broken = [
        Repository::new(1, "svc-1").archived(),
        Repository::new(2, "svc-2").transferred_from("acme/gone"),
    ];
    let (emulator, github) = start(broken.into_iter().chain(services(30).skip(3))).await;
    for (number, fault) in [
        (
            4,
            Fault::status(403).body(r#"{"message":"Resource not accessible by integration"}"#),
        ),
        (
            5,
            Fault::status(422).body(r#"{"message":"You may have at most 100 secrets."}"#),
        ),
        (6, Fault::dropped()),
    ] {
        let writes = format!("/svc-{number}/actions/secrets/S_");
        emulator.fault(fault.on(Matcher::path(writes)).always());
    }
    let names = (4..=30).map(|number| format!("svc-{number}"));
    let names = ["svc-1", "nowhere"]
        .map(str::to_owned)
        .into_iter()
        .chain(names);
    let secrets = names.flat_map(|name| {
        let place = Place::repository(format!("acme/{name}"), Store::Actions).expect("a name");
        (0..12).map(move |number| {
            let new = NewSecret::new(format!("S_{number}"), "value").expect("a name");
            (place.clone(), new)
        })
    });

    let batch = github.set_all(secrets).expect("secrets");
    let report = batch.finish().await.expect_err("five places are broken");

    let mut by_place = BTreeMap::<String, Vec<&Result<Stored, Error>>>::new();
    for item in &report.items {
        by_place
            .entry(item.place.to_string())
            .or_default()
            .push(&item.result);
    }
    for (place, results) in by_place {
        let errors: Vec<_> = results
            .iter()
            .filter_map(|result| result.as_ref().err())
            .collect();
        let tried = errors
            .iter()
            .filter(|error| !matches!(error, Error::NotTried(_)));
        let tried: Vec<_> = tried.collect();
        assert_eq!(results.len(), 12, "{place}");
        let broken = place.split('/').nth(2).expect("a name");
        let reason = tried.first().and_then(|error| error.reason());
        match broken {
            "svc-1" => assert_eq!(reason, Some(Reason::Archived)),
            "svc-4" => assert_eq!(reason, Some(Reason::MissingPermission)),
            "svc-5" => assert_eq!(reason, Some(Reason::Quota)),
            "svc-6" => assert!(matches!(tried[0], Error::Connection(_))),
            "nowhere" => {
                assert!(matches!(tried[..], [Error::NotFound(_)]), "{tried:?}");
            }
            _ => {
                assert!(errors.is_empty(), "{place}: {errors:?}");
                continue;
            }
        }
        assert_eq!(errors.len(), 12, "{place}");
        assert!(tried.len() <= 8, "{place}: {}", tried.len());
        let reasons = errors
            .iter()
            .filter(|error| matches!(error, Error::NotTried(NotTried::EarlierError)));
        assert_eq!(reasons.count() + tried.len(), 12, "{place}");
    }
    assert_eq!(report.succeeded(), 25 * 12 - 12);
}

#[tokio::test]
async fn a_place_that_moved_to_another_owner_gets_nothing_and_the_others_do() {
    let moved = Repository::new(1, "svc-1").transferred_from("acme/svc-1");
    let other = Organization::new("other").repository(moved);
    let acme = services(3)
        .skip(1)
        .fold(Organization::new("acme"), Organization::repository);
    let emulator = Emulator::builder()
        .organization(acme)
        .organization(other)
        .start()
        .await;
    let emulator = emulator.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    let places = (1..=3).map(|number| repository(number, Store::Actions));

    let batch = github.set_all(places.map(|place| (place, token())));
    let report = batch
        .expect("secrets")
        .finish()
        .await
        .expect_err("one moved");

    let results = results(&report);
    let moved = &results["repos/acme/svc-1/actions NPM_TOKEN"];
    assert!(moved.contains("other/svc-1"), "{moved}");
    assert_eq!(report.created(), 2);
    assert!(
        emulator
            .all_secrets()
            .iter()
            .all(|(place, _)| place.owner() == "acme")
    );
}

#[tokio::test]
async fn a_token_that_is_refused_ends_the_whole_batch() {
    let (emulator, github) = start(services(300)).await;
    emulator.fault(Fault::status(401).always());

    let batch = for_all(&github);
    let report = batch.finish().await.expect_err("no token");

    assert!(
        emulator.requests().len() <= 8,
        "{}",
        emulator.requests().len()
    );
    assert_eq!((report.succeeded(), report.items.len()), (0, 300));
    let places: std::collections::BTreeSet<_> =
        report.items.iter().map(|item| &item.place).collect();
    assert_eq!(places.len(), 300);
}

#[tokio::test]
async fn a_server_that_is_gone_is_not_asked_for_every_place() {
    let (emulator, github) = start(services(300)).await;
    emulator.fault(Fault::dropped().always());

    let batch = for_all(&github);
    let report = batch.finish().await.expect_err("no server");

    assert!(
        emulator.requests().len() <= 32,
        "{}",
        emulator.requests().len()
    );
    assert_eq!(
        report.succeeded() + report.failed() + report.not_tried(),
        300
    );
    assert!(report.not_tried() >= 268);
}

#[tokio::test]
async fn a_report_is_an_error_where_one_is_wanted() {
    async fn all(github: &GitHub, places: Vec<Place>) -> Result<usize, Error> {
        let secrets = places.into_iter().map(|place| (place, token()));
        Ok(github.set_all(secrets)?.finish().await?.created())
    }
    let (_emulator, github) = start(services(2)).await;
    let place = |number| repository(number, Store::Actions);

    assert_eq!(all(&github, vec![place(1), place(2)]).await.ok(), Some(2));
    let error = all(&github, vec![place(1), place(9)])
        .await
        .expect_err("one is missing");
    let text = error.to_string();
    assert!(
        text.starts_with("1 of 2 secrets are stored: 0 created, 1 updated"),
        "{text}"
    );
    assert!(
        text.contains("first NPM_TOKEN in repos/acme/svc-9/actions: "),
        "{text}"
    );
    assert!(std::error::Error::source(&error).is_some());
}
