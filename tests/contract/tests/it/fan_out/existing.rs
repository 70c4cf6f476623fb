//! Rotations and deletions of secrets in many places, of which some have none.

use std::time::Duration;

use contract_tests::github;
use github_secrets::{Deleted, RetryPolicy, Store};
use github_secrets_emulator::{Fault, Matcher, Repository, Store as HeldStore, StoredSecret};

use super::{held, repository, results, services, start, token};

#[tokio::test]
async fn many_secrets_are_rotated_where_they_are_and_created_nowhere() {
    let planted = StoredSecret::new("NPM_TOKEN", "old");
    let services = services(3)
        .zip([true, false, true])
        .map(|(service, has_it)| {
            if has_it {
                service.secret(HeldStore::Actions, planted.clone())
            } else {
                service
            }
        });
    let (emulator, github) = start(services).await;
    let places = [1, 2, 3].map(|number| repository(number, Store::Actions));

    let batch = github.rotate_all(places.each_ref().map(|place| (place, token())));
    let report = batch
        .expect("secrets")
        .finish()
        .await
        .expect_err("one is missing");

    assert_eq!((report.updated(), report.failed()), (2, 1));
    assert!(emulator.secrets(&held(&places[1])).is_empty());
    for place in [&places[0], &places[2]] {
        let stored = emulator
            .secret(&held(place), "NPM_TOKEN")
            .expect("a secret");
        assert_eq!(stored.value(), b"correct horse");
    }
}

#[tokio::test]
async fn a_deletion_distinguishes_a_secret_that_is_missing_from_a_place_that_is() {
    let planted = StoredSecret::new("NPM_TOKEN", "old");
    let one = Repository::new(1, "svc-1").secret(HeldStore::Actions, planted);
    let (emulator, github) = start([one, Repository::new(2, "svc-2")]).await;
    let places = [1, 2, 3].map(|number| repository(number, Store::Actions));
    let pairs = || places.iter().map(|place| (place, "NPM_TOKEN"));

    let batch = github.delete_all(pairs()).expect("secrets").allow_missing();
    let report = batch
        .finish()
        .await
        .expect_err("the third place is missing");

    assert_eq!(
        (report.deleted(), report.missing(), report.failed()),
        (1, 1, 1)
    );
    let failed = report
        .items
        .iter()
        .find(|item| item.result.is_err())
        .expect("one");
    assert_eq!(failed.place, places[2]);
    assert!(emulator.all_secrets().is_empty());

    let report = github.delete_all(pairs()).expect("secrets").finish().await;
    let report = report.expect_err("all are missing");
    assert_eq!((report.succeeded(), report.failed()), (0, 3));
    assert!(
        !results(&report)
            .values()
            .any(|result| result == &Deleted::Missing.to_string())
    );
}

#[tokio::test]
async fn a_deletion_whose_response_was_lost_does_not_say_that_the_secret_existed() {
    let planted = StoredSecret::new("NPM_TOKEN", "old");
    let one = Repository::new(1, "svc-1").secret(HeldStore::Actions, planted);
    let (emulator, _) = start([one, Repository::new(2, "svc-2")]).await;
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let github = github::builder(emulator.url()).retry(retry).build();
    let github = github.expect("settings");
    let places = [1, 2, 3].map(|number| repository(number, Store::Actions));
    let delete = Matcher::operation("actions/delete-repo-secret");
    for allow_missing in [false, true] {
        for name in ["/svc-1/", "/svc-2/", "/svc-3/"] {
            let lost = Fault::dropped().after_write().on(delete.clone());
            emulator.fault(lost.on(Matcher::path(name)));
        }
        let pairs = places.iter().map(|place| (place, "NPM_TOKEN"));
        let mut batch = github.delete_all(pairs).expect("secrets");
        if allow_missing {
            batch = batch.allow_missing();
        }
        let report = batch.finish().await.expect_err("a place is missing");

        let results = results(&report);
        for number in [1, 2] {
            let key = format!("repos/acme/svc-{number}/actions NPM_TOKEN");
            assert_eq!(results[&key], "deleted or did not exist");
        }
        assert_eq!((report.deleted_or_missing(), report.failed()), (2, 1));
    }
    assert!(emulator.all_secrets().is_empty());
}
