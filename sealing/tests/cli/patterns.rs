//! Repositories by a pattern for their names.

use github_secrets_emulator::{Emulator, Organization, Repository};

use crate::{
    assert_ran,
    program::{Run, emulator, on, program, writes},
};

async fn acme() -> Emulator {
    let acme = Organization::new("acme")
        .repository(Repository::new(1, "svc-a"))
        .repository(Repository::new(2, "svc-b"))
        .repository(Repository::new(3, "svc-old").archived())
        .repository(Repository::new(4, "website"));
    let builder = Emulator::builder().organization(acme);
    builder.start().await.unwrap()
}

fn held(emulator: &Emulator) -> Vec<String> {
    let secrets = emulator.all_secrets().into_iter();
    let mut held: Vec<_> = secrets.map(|(place, _)| place.to_string()).collect();
    held.sort_unstable();
    held
}

#[tokio::test]
async fn a_pattern_takes_what_matches_and_is_not_archived_and_says_so() {
    let emulator = acme().await;

    let names = "ACME/SVC-*,acme/svc-a,acme/website,acme/*-b";
    let ran = on(&emulator, &format!("set TOKEN -R {names}")).run("value");

    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            0,
            "ACME/SVC-* matches 2 repositories: svc-a, svc-b; 1 that is archived is left out\n\
             acme/*-b matches 1 repository: svc-b\n\
             setting TOKEN in 3 places\n\
             3 secrets in 3 places: 3 created\n"
        )
    );
    assert_eq!(
        held(&emulator),
        [
            "repos/acme/svc-a/actions",
            "repos/acme/svc-b/actions",
            "repos/acme/website/actions",
        ]
    );
    // One list for both patterns, and a key and a write for each place.
    assert_eq!(emulator.requests().len(), 7);
}

#[tokio::test]
async fn a_pattern_that_takes_nothing_is_an_error_before_anything_is_written() {
    let emulator = acme().await;

    let ran = on(&emulator, "set TOKEN -R acme/website,acme/web-*").run("value");
    assert_ran!(ran, @"
    exit code 2
    [stderr]
    error: acme/web-* matches no repository, or none that the token may see; nothing was changed
    ");
    let archived = on(&emulator, "delete TOKEN -R acme/*old").run("");
    assert_ran!(archived, @"
    exit code 2
    [stderr]
    error: acme/*old matches no repository that is not archived; nothing was changed
    ");
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn an_owner_has_no_pattern_and_only_an_organization_can_be_listed() {
    for pattern in ["*/website", "*", "acme*"] {
        let ran = program(&format!("list -R {pattern}")).run("");
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.stderr.contains("in a repository's name"), "{ran}");
    }
    let emulator = emulator().await;
    let ran = on(&emulator, "list -R octocat/*").run("");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("repositories of octocat"), "{ran}");
}

#[test]
fn a_pattern_finds_something_on_the_emulator_inside() {
    let ran = program("set TOKEN -R acme/svc-* --emulator").run("value");

    assert_eq!(ran.code, 0, "{ran}");
    assert!(
        ran.stderr.contains("acme/svc-* matches 2 repositories"),
        "{ran}"
    );
    assert!(ran.stderr.contains("decrypted 2 secrets"), "{ran}");
}
