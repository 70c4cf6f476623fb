//! Repositories and environments, listed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use contract_tests::{Reply, Wire, github};
use fastrand::Rng;
use github_secrets::{Error, GitHub, Reason, ResponseProblem};
use github_secrets_emulator::{Emulator, Fault, Matcher, Organization, Repository};
use serde_json::{Value, json};

/// An organization with so many repositories; every seventh is archived, and the first has so many
/// environments.
async fn organization(repositories: u64, environments: u32) -> (Emulator, GitHub) {
    let mut acme = Organization::new("acme");
    for number in 1..=repositories {
        let mut repository = Repository::new(number, format!("svc-{number}"));
        if number % 7 == 0 {
            repository = repository.archived();
        }
        if number == 1 {
            for environment in 1..=environments {
                repository = repository.environment(format!("stage/{environment}"));
            }
        }
        acme = acme.repository(repository);
    }
    let emulator = Emulator::builder().organization(acme).start().await;
    let emulator = emulator.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    (emulator, github)
}

fn bare(id: u64) -> Value {
    json!({ "id": id, "name": format!("svc-{id}"), "full_name": format!("acme/svc-{id}") })
}

fn problem(error: &Error) -> &ResponseProblem {
    match error {
        Error::UnexpectedResponse(unexpected) => &unexpected.problem,
        other => panic!("another error: {other:?}"),
    }
}

#[tokio::test]
async fn every_repository_is_listed_once_with_what_decides_whether_it_can_be_written() {
    for count in [0, 1, 99, 100, 101, 300] {
        let (emulator, github) = organization(count, 0).await;

        let org = github.org("acme").expect("a login");
        let listed = org.repositories().all().await.expect("a list");

        let mut seen: Vec<_> = listed
            .iter()
            .map(|one| (one.id, one.full_name.clone(), one.archived))
            .collect();
        let all: Vec<_> = (1..=count)
            .map(|id| (id, format!("acme/svc-{id}"), Some(id % 7 == 0)))
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, all);
        // Where there is more than one page, or may be, the first one is read again.
        let requests = match count {
            0..100 => 1,
            100 => 3,
            _ => count.div_ceil(100) + 1,
        };
        assert_eq!(emulator.requests().len() as u64, requests);
    }
}

#[tokio::test]
async fn a_link_that_is_dropped_is_not_taken_for_the_end() {
    let (emulator, github) = organization(250, 0).await;
    emulator.fault(Fault::without_headers(["link"]).always());

    let org = github.org("acme").expect("a login");
    let listed = org.repositories().all().await.expect("a list");

    assert_eq!(listed.len(), 250);
    // From the first page to the last one, and back.
    assert_eq!(emulator.requests().len(), 5);
}

/// Lists the repositories from 1 to 450 in pages, with links or without; after each response, some
/// are deleted and a new one is created.
fn changing(has_links: bool, seed: u64) -> (Wire, Arc<Mutex<Vec<u64>>>) {
    let held = Arc::new(Mutex::new((1..=450).collect::<Vec<u64>>()));
    let shared = Arc::clone(&held);
    let rng = Mutex::new(Rng::with_seed(seed));
    let wire = Wire::serve(move |request| {
        let mut held = shared.lock().expect("the repositories");
        let query = request.query().unwrap_or_default();
        let page = query.rsplit_once("&page=");
        let page = page.map_or(1, |(_, page)| page.parse::<usize>().expect("a number"));
        let last = held.len().div_ceil(100);
        let entries = held.iter().skip((page - 1) * 100).take(100);
        let body: Vec<_> = entries.map(|id| bare(*id)).collect();
        let mut reply = Reply::json(200, &json!(body));
        if has_links {
            let link =
                |relation, page| format!("</orgs/acme/repos?page={page}>; rel=\"{relation}\"");
            let mut links = vec![link("first", 1)];
            if page < last {
                links.extend([link("next", page + 1), link("last", last)]);
            }
            reply = reply.header("link", &links.join(", "));
        }
        let mut rng = rng.lock().expect("no panic");
        for _ in 0..rng.usize(1..=3) {
            let index = rng.usize(..held.len());
            held.remove(index);
        }
        let newest = held.last().copied().unwrap_or_default();
        held.push(newest.max(1_000) + 1);
        reply
    });
    (wire, held)
}

#[tokio::test]
async fn a_repository_that_is_deleted_in_the_meantime_hides_no_other() {
    for seed in 0..40 {
        let has_links = seed % 2 == 0;
        let (wire, held) = changing(has_links, seed);
        let github = github::builder(wire.url()).build().expect("settings");

        let org = github.org("acme").expect("a login");
        let listed = org.repositories().all().await.expect("a list");

        let ids: BTreeSet<_> = listed.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), listed.len(), "one came twice");
        let held = held.lock().expect("the repositories").clone();
        let missing: Vec<_> = held
            .iter()
            .filter(|id| **id <= 450 && !ids.contains(*id))
            .collect();
        assert_eq!(missing, Vec::<&u64>::new(), "seed {seed}");
        assert!(wire.requests().len() >= 5, "seed {seed}");
    }
}

#[tokio::test]
async fn a_list_that_repeats_its_first_page_without_end_is_an_error() {
    let wire = Wire::serve(|_| {
        let page: Vec<_> = (1..=100).map(bare).collect();
        Reply::json(200, &json!(page))
    });
    let github = github::builder(wire.url()).build().expect("settings");

    let org = github.org("acme").expect("a login");
    let error = org.repositories().all().await.expect_err("no end");

    assert_eq!(problem(&error), &ResponseProblem::ListChanged);
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn an_endless_list_of_repositories_ends() {
    let wire = Wire::serve(|request| {
        let query = request.query().unwrap_or_default();
        let page = query
            .rsplit_once("&page=")
            .and_then(|(_, page)| page.parse().ok());
        let first = page.unwrap_or(1) * 100 + 1;
        let page: Vec<_> = (first..first + 100).map(bare).collect();
        Reply::json(200, &json!(page))
    });
    let limits = github_secrets::Limits::none();
    let github = github::builder(wire.url())
        .limits(limits)
        .build()
        .expect("settings");

    let org = github.org("acme").expect("a login");
    let error = org.repositories().all().await.expect_err("no end");

    assert!(
        matches!(problem(&error), ResponseProblem::NextPage(_)),
        "{error}"
    );
    assert_eq!(wire.requests().len(), 1_000);
}

#[tokio::test]
async fn every_environment_is_listed_and_counted() {
    let (emulator, github) = organization(1, 130).await;
    let repo = github.repo("acme/svc-1").expect("a name");

    let listed = repo.environments().all().await.expect("a list");

    assert_eq!(listed.len(), 130);
    assert!(listed.iter().any(|one| one.name == "stage/130"));
    assert_eq!(emulator.requests().len(), 2);

    emulator.fault(Fault::without_headers(["link"]).on(Matcher::path("/environments")));
    let error = repo.environments().all().await.expect_err("30 are missing");
    let missing = ResponseProblem::Count {
        expected: 130,
        found: 100,
    };
    assert_eq!(problem(&error), &missing);
}

#[tokio::test]
async fn what_single_sign_on_hides_is_said_after_what_can_be_seen() {
    let wire = Wire::serve(|_| {
        Reply::json(200, &json!([bare(1)]))
            .header("x-github-sso", "partial-results; organizations=21955855")
    });
    let github = github::builder(wire.url()).build().expect("settings");

    let mut repositories = github.org("acme").expect("a login").repositories();
    let first = repositories.next().await.expect("one").expect("one");
    let error = repositories
        .next()
        .await
        .expect("an end")
        .expect_err("not all");

    assert_eq!(first.id, 1);
    assert_eq!(error.reason(), Some(Reason::SingleSignOn));
    assert!(error.to_string().contains("21955855"), "{error}");
}
