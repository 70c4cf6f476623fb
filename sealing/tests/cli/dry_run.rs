//! `import --dry-run`: what it finds before anything is written.

use github_secrets_emulator::{
    Access, Emulator, Organization, Place, Repository, Store, StoredSecret, Token,
};
use serde_json::Value;

use crate::{
    assert_ran,
    program::{Run, file, on, program, writes},
};

async fn acme() -> Emulator {
    let acme = Organization::new("acme")
        .repository(Repository::new(1, "a"))
        .repository(Repository::new(2, "full"));
    let mut builder = Emulator::builder().organization(acme);
    for number in 0..99 {
        let full = Place::repository("acme/full", Store::Actions);
        builder = builder.secret(full, StoredSecret::new(format!("S_{number}"), "value"));
    }
    let known = Place::repository("acme/a", Store::Actions);
    builder = builder.secret(known, StoredSecret::new("A", "old"));
    let reader = Token::fine_grained("ghp_reader").permission("secrets", Access::Read);
    let other = Token::fine_grained("ghp_other").permission("issues", Access::Read);
    let any = Token::unrestricted("ghp_any");
    let builder = builder.token(reader).token(other).token(any);
    builder.start().await.unwrap()
}

#[tokio::test]
async fn a_dry_run_says_what_is_new_and_changes_nothing() {
    let emulator = acme().await;
    let path = file("dry.env", "A=1\nB='two words'\n");

    let ran = on(&emulator, &format!("import {path} -R acme/a --dry-run"))
        .env("GH_TOKEN", "ghp_reader")
        .run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    would update→A→1 byte
    would create→B→9 bytes
    [stderr]
    would import 2 secrets into the Actions secrets of the repository acme/a; nothing was changed
    ");
    // The key, the list and the repository.
    assert_eq!((emulator.requests().len(), writes(&emulator)), (3, 0));
}

#[tokio::test]
async fn places_that_are_gone_or_would_be_full_are_found() {
    let emulator = acme().await;
    let path = file("places-dry.env", "S_0=1\nB=2\nC=3\n");
    let import = format!("import {path} -R acme/a,acme/full,acme/gone --dry-run");

    let ran = on(&emulator, &import).run("");
    assert_ran!(ran, @"
    exit code 1
    [stdout]
    would create→repos/acme/a/actions→S_0→1 byte
    would create→repos/acme/a/actions→B→1 byte
    would create→repos/acme/a/actions→C→1 byte
    would update→repos/acme/full/actions→S_0→1 byte
    would create→repos/acme/full/actions→B→1 byte
    would fail→repos/acme/full/actions→C→1 byte
    would fail→repos/acme/gone/actions→S_0→1 byte
    would fail→repos/acme/gone/actions→B→1 byte
    would fail→repos/acme/gone/actions→C→1 byte
    [stderr]
    error: repos/acme/full/actions: it holds 99 secrets, and GitHub keeps 100 there at most: of 2 new ones, 1 would not be stored
    error: could not fetch the public key for the Actions secrets of acme/gone: acme/gone does not exist, or the token has no access to it (status 404, request ID)
    error: the import of 3 secrets into each of 3 places would fail in 2 of 3; nothing was changed
    ");

    let ran = on(&emulator, &format!("{import} --json")).run("");
    let rows = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let failed: Vec<Value> = rows
        .filter(|row: &Value| row["result"] == "would fail")
        .collect();
    assert_eq!(failed.len(), 4);
    assert!(failed.iter().all(|row| row["error"].is_string()));
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn a_token_that_may_not_and_an_address_where_nothing_listens_are_found() {
    let emulator = acme().await;
    let path = file("token-dry.env", "A=1\n");
    let import = format!("import {path} -R acme/a --dry-run");

    let refused = on(&emulator, &import).env("GH_TOKEN", "ghp_other").run("");
    assert_eq!(refused.code, 1, "{refused}");
    assert!(refused.stderr.contains("secrets=read"), "{refused}");
    let summary = "error: the import of 1 secret into the Actions secrets of the repository acme/a \
                   would fail; nothing was changed";
    assert_eq!(refused.stderr.lines().last(), Some(summary), "{refused}");

    let mut nowhere = program(&import);
    nowhere.args(["--api-url", "http://127.0.0.1:1", "--attempts", "1"]);
    let nowhere = nowhere.env("GH_TOKEN", "ghp_any").run("");
    assert_eq!(
        (nowhere.code, nowhere.stdout.as_str()),
        (1, "would fail\tA\t1 byte\n")
    );
    assert!(
        nowhere
            .stderr
            .contains("no connection to GitHub could be made"),
        "{nowhere}"
    );

    let unknown = format!("import {path} --org acme --repos nope --dry-run");
    let unknown = on(&emulator, &unknown).run("");
    assert_eq!(unknown.code, 1, "{unknown}");
    assert!(unknown.stderr.contains("acme/nope"), "{unknown}");
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn an_archived_repository_is_found_before_anything_is_written() {
    let acme = Organization::new("acme")
        .repository(Repository::new(1, "api"))
        .repository(Repository::new(2, "api-old").archived());
    let old = Place::repository("acme/api-old", Store::Actions);
    let builder = Emulator::builder().organization(acme);
    let builder = builder.secret(old, StoredSecret::new("A", "old"));
    let emulator = builder.start().await.unwrap();
    let path = file("archived-dry.env", "A=1\n");

    let named = format!("import {path} -R acme/api,acme/api-old --app actions,dependabot");
    let ran = on(&emulator, &format!("{named} --dry-run")).run("");
    assert_ran!(ran, @"
    exit code 1
    [stdout]
    would create→repos/acme/api/actions→A→1 byte
    would create→repos/acme/api/dependabot→A→1 byte
    would fail→repos/acme/api-old/actions→A→1 byte
    would fail→repos/acme/api-old/dependabot→A→1 byte
    [stderr]
    error: repos/acme/api-old/actions: the repository is archived, so GitHub would refuse to change its secrets
    error: repos/acme/api-old/dependabot: the repository is archived, so GitHub would refuse to change its secrets
    error: the import of 1 secret into each of 4 places would fail in 2 of 4; nothing was changed
    ");
    // The key and the list of each place, and each repository once.
    assert_eq!((emulator.requests().len(), writes(&emulator)), (10, 0));
    assert_eq!(on(&emulator, &named).run("").code, 3);

    // A pattern leaves it out.
    let matching = format!("import {path} -R acme/api* --dry-run");
    let ran = on(&emulator, &matching).run("");
    assert_eq!(ran.stdout, "would update\tA\t1 byte\n", "{ran}");
    assert_eq!(ran.code, 0, "{ran}");
}

#[test]
fn offline_goes_with_a_dry_run_only() {
    let ran = program("import - -R acme/website --offline").run("A=1\n");

    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stderr.contains("--dry-run"), "{ran}");
}
