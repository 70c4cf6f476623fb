//! `audit`: every secret of an organization.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
    time::Duration,
};

use github_secrets_emulator::{
    Emulator, Fault, Matcher, Organization, Place, Repository, Store, StoredSecret,
};
use serde_json::{Value, json};

use crate::{
    assert_ran,
    program::{Ran, Run, emulator, on},
    server::{Reply, Server},
};

/// An organization whose secrets stand under one name in several places.
async fn acme() -> Emulator {
    let organization = |store| Place::organization("acme", store);
    let repository = |name: &str| Place::repository(format!("acme/{name}"), Store::Actions);
    let token = || StoredSecret::new("TOKEN", "value");
    let acme = Organization::new("acme")
        .repository(
            Repository::new(1, "api")
                .environment("staging")
                .environment("a/b"),
        )
        .repository(Repository::new(2, "docs").public())
        .repository(Repository::new(3, "old").archived());
    Emulator::builder()
        .organization(acme)
        .secret(organization(Store::Actions), token().private())
        .secret(
            organization(Store::Dependabot),
            StoredSecret::new("NPM_TOKEN", "value").selected([1, 3]),
        )
        .secret(repository("api"), token())
        // What the organization does not share with it is not hidden by it.
        .secret(repository("docs"), token())
        .secret(
            Place::repository("acme/docs", Store::Dependabot),
            StoredSecret::new("NPM_TOKEN", "value"),
        )
        .secret(
            Place::repository("acme/old", Store::Dependabot),
            StoredSecret::new("NPM_TOKEN", "value"),
        )
        .secret(Place::environment("acme/api", "staging"), token())
        .secret(
            Place::environment("acme/api", "a/b"),
            StoredSecret::new("OTHER", "value"),
        )
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn every_secret_is_listed_with_who_can_use_it_and_what_it_hides() {
    let emulator = acme().await;

    let ran = on(&emulator, "audit --org acme").run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    orgs/acme/actions→TOKEN→TIME→0→private→hidden by repos/acme/api/actions, repos/acme/api/environments/staging
    orgs/acme/dependabot→NPM_TOKEN→TIME→0→selected:api,old→hidden by repos/acme/old/dependabot
    repos/acme/api/actions→TOKEN→TIME→0→repository→hides orgs/acme/actions, hidden by repos/acme/api/environments/staging
    repos/acme/api/environments/a/b→OTHER→TIME→0→environment→
    repos/acme/api/environments/staging→TOKEN→TIME→0→environment→hides repos/acme/api/actions, orgs/acme/actions
    repos/acme/docs/actions→TOKEN→TIME→0→repository→
    repos/acme/docs/dependabot→NPM_TOKEN→TIME→0→repository→
    repos/acme/old/dependabot→NPM_TOKEN→TIME→0→repository→hides orgs/acme/dependabot
    [stderr]
    acme has 3 repositories: 19 lists to read, and one for each environment
    2 environments: 18 lists left to read
    8 secrets in 22 lists
    ");
    // The repositories, and one request for each list.
    assert_eq!(emulator.requests().len(), 23);
}

#[tokio::test]
async fn names_and_stores_can_be_chosen_and_a_program_can_read_it() {
    let emulator = acme().await;

    let options = "audit --org acme --name npm_* --app dependabot --json";
    let ran = on(&emulator, options).run("");

    let rows: Value = serde_json::from_str(&ran.stdout).unwrap();
    let places: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["place"])
        .collect();
    assert_eq!(
        places,
        [
            "orgs/acme/dependabot",
            "repos/acme/docs/dependabot",
            "repos/acme/old/dependabot"
        ]
    );
    let mut first = rows[0].clone();
    for time in ["created_at", "updated_at"] {
        assert!(first[time].as_str().unwrap().ends_with('Z'));
        first.as_object_mut().unwrap().remove(time);
    }
    assert_eq!(
        first,
        json!({
            "place": "orgs/acme/dependabot",
            "name": "NPM_TOKEN",
            "age_days": 0,
            "access": "selected:api,old",
            "repositories": ["api", "old"],
            "hides": [],
            "hidden_by": ["repos/acme/old/dependabot"],
        })
    );
    assert_eq!(rows[2]["hides"], json!(["orgs/acme/dependabot"]));
    // The repositories, four lists of secrets and one selection; no environments.
    assert_eq!(emulator.requests().len(), 6);
}

#[test]
fn only_what_was_not_changed_for_long_is_listed() {
    const REPOSITORIES: &str = r#"[{"id": 1, "name": "api", "full_name": "acme/api"}]"#;
    const SECRETS: &str = r#"{"total_count": 2, "secrets": [
        {"name": "OLD", "created_at": "2019-08-10T14:59:22Z", "updated_at": "2020-01-10T14:59:22Z"},
        {"name": "NEW", "created_at": "2019-08-10T14:59:22Z", "updated_at": "2100-01-10T14:59:22Z"}
    ]}"#;
    let server = Server::start(|line| {
        Reply::Body(match line.starts_with("GET /orgs/acme/repos?") {
            true => REPOSITORIES,
            false => SECRETS,
        })
    });
    let audit = "audit --org acme --app dependabot --older-than 90d";

    let ran = server.program(audit).run("");

    let names: Vec<_> = ran.rows().iter().map(|row| row[1].to_owned()).collect();
    assert_eq!(names, ["OLD", "OLD"], "{ran}");
    let days: u64 = ran.rows()[0][3].parse().unwrap();
    assert!(days > 2_000, "{ran}");
    assert!(ran.rows()[1][5].starts_with("hides orgs/acme"), "{ran}");
}

#[tokio::test]
async fn ages_are_measured_by_the_servers_clock() {
    let emulator = acme().await;
    emulator.advance(Duration::from_secs(1_000 * 24 * 60 * 60));

    let audit = "audit --org acme --app dependabot";
    let ran = on(&emulator, audit).run("");
    let ages: Vec<_> = ran.rows().iter().map(|row| row[3].to_owned()).collect();
    assert_eq!(ages, ["1000", "1000", "1000"], "{ran}");

    let old = on(&emulator, &format!("{audit} --older-than 999d")).run("");
    assert_eq!(old.stdout, ran.stdout);
    let none = on(&emulator, &format!("{audit} --older-than 1001d")).run("");
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
}

#[tokio::test]
async fn a_pattern_that_no_name_can_match_is_refused() {
    let emulator = emulator().await;

    for pattern in ["", " ", "NPM-*"] {
        let audit = &mut on(&emulator, "audit --org acme");
        let ran = audit.args(["--name", pattern]).run("");
        assert_eq!(ran.code, 2, "{ran}");
        let reason = "'--name <NAME>': a name has letters, digits and underscores";
        assert!(ran.stderr.contains(reason), "{ran}");
    }
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_changes_the_exit_code() {
    let emulator = acme().await;
    let agents = || Matcher::path("/agents/secrets");
    emulator.fault(Fault::status(403).on(agents()).always());
    emulator.fault(
        Fault::status(404)
            .on(Matcher::path("/api/environments?"))
            .always(),
    );
    emulator.fault(
        Fault::status(404)
            .on(Matcher::path("/api/environments"))
            .always(),
    );

    let ran = on(&emulator, "audit --org acme").run("");

    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(ran.stdout.lines().count(), 6, "{ran}");
    let same = "3 lists failed with this error: repos/acme/api/agents, repos/acme/docs/agents, \
                repos/acme/old/agents\n";
    assert!(ran.stderr.contains(same), "{ran}");
    assert!(ran.stderr.contains("environments of acme/api"), "{ran}");
    let summary = "error: 6 secrets found; 5 of 20 lists could not be read\n";
    assert!(ran.stderr.ends_with(summary), "{ran}");
}

#[test]
fn each_list_with_missing_entries_is_named_with_what_is_missing() {
    let server = Server::start(|line| {
        if line.contains("/orgs/acme/repos") {
            Reply::Body(
                r#"[{"id": 1, "name": "a", "full_name": "acme/a"},
                    {"id": 2, "name": "b", "full_name": "acme/b"}]"#,
            )
        } else if line.contains("/repos/acme/a/dependabot") {
            Reply::Body(r#"{"total_count": 101, "secrets": []}"#)
        } else if line.contains("/repos/acme/b/dependabot") {
            Reply::Body(r#"{"total_count": 202, "secrets": []}"#)
        } else {
            Reply::Success
        }
    });

    let ran = server.program("audit --org acme --app dependabot").run("");

    assert_ran!(ran, @"
    exit code 3
    [stderr]
    acme has 2 repositories: 3 lists to read
    error: could not list the Dependabot secrets of acme/a: the list has 0 entries instead of 101: pages are missing, or the list changed while it was read; try again (status 200)
    error: could not list the Dependabot secrets of acme/b: the list has 0 entries instead of 202: pages are missing, or the list changed while it was read; try again (status 200)
    error: 0 secrets found; 2 of 3 lists could not be read
    ");
}

#[tokio::test]
async fn an_audit_ends_with_the_first_error_that_every_list_would_meet() {
    let emulator = acme().await;
    let unauthorized = Fault::status(401).on(Matcher::path("secrets"));
    emulator.fault(unauthorized.after(3).always());

    let ran = on(&emulator, "audit --org acme").run("");

    assert_eq!(ran.code, 3, "{ran}");
    let not_read = "error: not read, because they would fail with the same error: ";
    assert!(ran.stderr.contains(not_read), "{ran}");

    let gone = on(&emulator, "audit --org gone").run("");
    assert_eq!((gone.code, gone.stdout.as_str()), (1, ""), "{gone}");
}

#[tokio::test]
async fn three_hundred_repositories_are_read_with_one_request_for_each_list() {
    let mut acme = Organization::new("acme");
    for id in 1..=300 {
        acme = acme.repository(Repository::new(id, format!("svc-{id}")));
    }
    let builder = Emulator::builder().organization(acme);
    let emulator = builder.start().await.unwrap();

    let ran: Ran = on(&emulator, "audit --org acme --app dependabot").run("");
    let mut child = on(&emulator, "audit --org acme")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut all = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut all).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(
        ran.stderr,
        "acme has 300 repositories: 301 lists to read\n0 secrets in 301 lists\n"
    );
    // A second or two of the minute may be over when it is announced.
    let (before, time) = all.split_once(" this takes about ").unwrap();
    assert_eq!(
        before,
        "acme has 300 repositories: 1504 lists to read, and one for each environment; within \
         GitHub's rate limits"
    );
    assert!(time.ends_with(" seconds or more\n"), "{time}");
}

#[tokio::test]
async fn an_organization_without_secrets_has_none() {
    let emulator = emulator().await;

    let ran = on(&emulator, "audit --org acme --json").run("");

    assert_eq!((ran.code, ran.stdout.as_str()), (0, "[]\n"));
}
