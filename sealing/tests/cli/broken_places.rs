//! Many places, of which some are broken in different ways.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read},
    process::Stdio,
    time::Duration,
};

use github_secrets_emulator::{
    Builder, Emulator, Fault, Matcher, Organization, Place, Repository, Store, StoredSecret,
};

use crate::program::{Run, file, on};

const REPOSITORIES: u64 = 50;
const FULL: usize = 100;

/// Fifty names, of which five stand for no repository that takes a secret.
fn acme() -> Builder {
    let mut acme = Organization::new("acme");
    for number in (0..REPOSITORIES).filter(|number| !matches!(number, 1 | 2)) {
        let repository = Repository::new(number + 1, name(number));
        acme = acme.repository(match number {
            3 => repository.archived(),
            _ => repository,
        });
    }
    let moved = Repository::new(1_000, "moved").transferred_from(format!("acme/{}", name(2)));
    let full = Place::repository(format!("acme/{}", name(4)), Store::Actions);
    let mut builder = Emulator::builder()
        .organization(acme)
        .organization(Organization::new("other").repository(moved));
    for number in 0..FULL {
        let secret = StoredSecret::new(format!("S_{number}"), "value");
        builder = builder.secret(full.clone(), secret);
    }
    builder
}

fn name(number: u64) -> String {
    format!("svc-{number:02}")
}

fn place(number: u64) -> String {
    format!("repos/acme/{}/actions", name(number))
}

fn all() -> String {
    let names = (0..REPOSITORIES).map(|number| format!("acme/{}", name(number)));
    names.collect::<Vec<_>>().join(",")
}

/// The places that hold the secret.
fn holders(emulator: &Emulator) -> BTreeSet<String> {
    let secrets = emulator.all_secrets().into_iter();
    let secrets = secrets.filter(|(_, secret)| secret.name() == "TOKEN");
    secrets.map(|(place, _)| place.to_string()).collect()
}

fn working() -> BTreeSet<String> {
    (0..REPOSITORIES)
        .filter(|number| !(1..=5).contains(number))
        .map(place)
        .collect()
}

#[tokio::test]
async fn places_that_are_gone_moved_archived_full_or_forbidden_keep_no_other_from_its_secret() {
    let emulator = acme().start().await.unwrap();
    let forbidden = Matcher::path(format!("/repos/acme/{}/", name(5)));
    emulator.fault(Fault::status(403).on(forbidden).always());

    let ran = on(&emulator, &format!("set TOKEN -R {}", all())).run("value");

    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(holders(&emulator), working());
    let rows = ran.rows();
    let with = |result| -> BTreeSet<String> {
        let rows = rows.iter().filter(|row| row[0] == result);
        rows.map(|row| row[1].to_owned()).collect()
    };
    assert_eq!(with("created"), working());
    assert_eq!(with("failed"), (1..=5).map(place).collect());
    for (number, reason) in [
        (1, "does not exist"),
        (2, "other/moved"),
        (3, "archived"),
        (4, "store is full"),
        (5, "status 403"),
    ] {
        let name = format!("acme/{}", name(number));
        let mut lines = ran.stderr.lines();
        let said = lines.any(|line| line.contains(&name) && line.contains(reason));
        assert!(said, "{name} {reason}: {ran}");
    }
    let summary = "50 secrets in 50 places: 45 created, 5 failed\n";
    assert!(ran.stderr.ends_with(summary), "{ran}");
}

#[tokio::test]
async fn a_place_that_does_not_respond_holds_no_other_up() {
    let emulator = acme().start().await.unwrap();
    let slow = Matcher::path(format!("/repos/acme/{}/", name(5)));
    emulator.fault(Fault::delay(Duration::from_secs(600)).on(slow).always());
    let mut command = on(&emulator, &format!("set TOKEN -R {} --value-env V", all()));
    command.env("V", "value").args(["--deadline", "1h"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());

    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut rows = String::new();
    // All results but that of the one that does not respond.
    for _ in 1..REPOSITORIES {
        stdout.read_line(&mut rows).unwrap();
    }

    assert_eq!(rows.matches("created\t").count(), 45, "{rows}");
    assert_eq!(holders(&emulator), working());
    assert!(!rows.contains(&place(5)), "{rows}");
    child.kill().unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_all_places_and_that_is_said_once() {
    let emulator = acme().start().await.unwrap();
    emulator.fault(Fault::status(401).always());
    let path = file("revoked.env", "A=1\nB=2\n");

    let ran = on(&emulator, &format!("import {path} -R {}", all())).run("");

    let not_tried = ran.stdout.matches("not tried\t").count();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(not_tried >= 80, "{ran}");
    let reason = "not tried: every secret of every place would fail with the same error\n";
    assert_eq!(ran.stderr.matches(reason).count(), 1, "{ran}");
    // The first call with a token goes alone, so the others do not send it.
    assert_eq!(emulator.requests().len(), 1);
}
