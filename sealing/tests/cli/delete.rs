use github_secrets_emulator::{Emulator, Fault, Matcher, Place, Store, StoredSecret};

use crate::{
    assert_ran,
    program::{Run, on, writes},
};

async fn with_secrets(names: &[&str]) -> Emulator {
    let place = Place::repository("acme/website", Store::Actions);
    let mut builder = Emulator::builder();
    for name in names {
        builder = builder.secret(place.clone(), StoredSecret::new(*name, "value"));
    }
    builder.start().await.unwrap()
}

#[tokio::test]
async fn several_secrets_are_deleted() {
    let emulator = with_secrets(&["A", "B", "C"]).await;

    let ran = on(&emulator, "delete A B --repo acme/website").run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    deleted→A
    deleted→B
    [stderr]
    2 secrets: 2 deleted
    ");
    let left = emulator.all_secrets();
    let left: Vec<_> = left.iter().map(|(_, secret)| secret.name()).collect();
    assert_eq!(left, ["C"]);
}

#[tokio::test]
async fn a_deletion_that_fails_is_distinguished_from_those_that_do_not() {
    let emulator = with_secrets(&["A", "C"]).await;

    let partly = on(&emulator, "delete A B C --repo acme/website").run("");
    let nothing = on(&emulator, "delete A --repo acme/website").run("");

    assert_ran!(partly, @"
    exit code 3
    [stdout]
    deleted→A
    failed→B
    deleted→C
    [stderr]
    error: could not delete the Actions secret B of acme/website: it does not exist, or the token has no access to it (status 404, request ID)
    --if-exists takes a missing secret for deleted
    3 secrets: 2 deleted, 1 failed
    ");
    assert_eq!((partly.code, nothing.code), (3, 1));
    let allowed = on(&emulator, "delete A -R acme/website --if-exists").run("");
    assert!(!allowed.stderr.contains("--if-exists"), "{allowed}");
    assert!(emulator.all_secrets().is_empty());
}

#[tokio::test]
async fn a_deletion_whose_response_was_lost_does_not_say_that_the_secret_existed() {
    let emulator = with_secrets(&["A"]).await;
    for line in [
        "delete A B --json --repo acme/website",
        "delete A B --json --if-exists --repo acme/website",
    ] {
        let delete = Matcher::operation("actions/delete-repo-secret");
        let lost = Fault::dropped().after_write().on(delete);
        for name in ["/A", "/B"] {
            emulator.fault(lost.clone().on(Matcher::path(name)));
        }

        let ran = on(&emulator, line).run("");

        assert_eq!(ran.code, 0, "{ran}");
        let results = ["A", "B"].map(|name| {
            format!(
                r#"{{"place":"repos/acme/website/actions","name":"{name}","result":"deleted or did not exist","error":null}}"#
            )
        });
        assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), results);
        assert_eq!(ran.stderr, "2 secrets: 2 deleted or did not exist\n");
    }
}

#[tokio::test]
async fn one_impossible_name_stops_all_deletions() {
    let emulator = with_secrets(&["A"]).await;

    let ran = on(&emulator, "delete A b-c --repo acme/website").run("");

    assert_ran!(ran, @"
    exit code 2
    [stderr]
    error: the secret's name has '-' at position 2; use only the letters A to Z, digits and underscores
    ");
    assert_eq!(writes(&emulator), 0);
}
