//! Places that hold as many secrets as GitHub allows.

use github_secrets_emulator::{Change, Emulator, Fault, Matcher};

use crate::{
    assert_ran,
    program::writes,
    sync::{Platform, actions, foreign, held, web_and_api},
};

const BOTH: &str = "[[set]]\nrepos = ['acme/web', 'acme/api']\nsecrets = ['A']\n";

/// A file that was applied to two repositories, of which `web` holds 100 secrets.
async fn full(name: &str) -> (Emulator, Platform) {
    let builder = Emulator::builder().organization(web_and_api());
    let emulator = builder.start().await.unwrap();
    let mut platform = Platform::new(&format!("full-{name}"), BOTH);
    platform.set("A", "first");
    platform.set("B", "first");
    platform.applied(&emulator);
    for number in 1..100 {
        let secret = foreign(&format!("S_{number}"));
        let change = Change::set_secret(actions("web"), secret);
        emulator.change(change).unwrap();
    }
    let change = Change::set_secret(actions("api"), foreign("OLD"));
    emulator.change(change).unwrap();
    emulator.forget_requests();
    (emulator, platform)
}

/// `A` and `B` in both repositories, and neither `S_1` nor `S_2` in the full one, nor `OLD` in the
/// other.
fn exchange() -> String {
    format!(
        "{}[[delete]]\nrepos = ['acme/web']\nsecrets = ['S_1', 'S_2']\n\
         [[delete]]\nrepos = ['acme/api']\nsecrets = ['OLD']\n",
        BOTH.replace("'A'", "'A', 'B'")
    )
}

/// The writes and deletes of secrets, in order.
fn changes(emulator: &Emulator) -> Vec<String> {
    let requests = emulator.requests();
    let changes = requests.iter().filter(|request| request.method() != "GET");
    let changes = changes.map(|request| {
        let path = request.path().replace("/repos/acme/", "");
        format!(
            "{} {}",
            request.method(),
            path.replace("/actions/secrets/", " ")
        )
    });
    changes.collect()
}

#[tokio::test]
async fn in_a_full_place_deletes_make_room_and_everywhere_else_they_come_last() {
    let (emulator, platform) = full("exchange").await;
    platform.write(&exchange());

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 0
    [stdout]
    created→repos/acme/api/actions→B
    deleted→repos/acme/web/actions→S_1
    deleted→repos/acme/web/actions→S_2
    created→repos/acme/web/actions→B
    deleted→repos/acme/api/actions→OLD
    [stderr]
    + B    create       2 places: 2 repositories, actions
    - OLD  delete       repos/acme/api/actions; the file says that it must not exist; cannot be undone
    - S_1  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - S_2  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone

    repos/acme/web/actions is full: its deletes come first, to make room for 1 new secret
    2 to write, 3 to delete, 2 unchanged, 97 not managed by this file
    about 19 requests
    5 secrets in 2 places: 2 created, 3 deleted
    ");
    assert_eq!(
        changes(&emulator),
        [
            "PUT api B",
            "DELETE web S_1",
            "DELETE web S_2",
            "PUT web B",
            "DELETE api OLD"
        ]
    );
    assert_eq!(emulator.secrets(&actions("web")).len(), 99);
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
}

#[tokio::test]
async fn a_full_place_stays_as_it_is_until_everything_else_succeeds() {
    let (emulator, platform) = full("held").await;
    platform.write(&format!("max_deletes = 2\n{}", exchange()));
    let before = held(&emulator);
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    created→repos/acme/api/actions→B
    not tried→repos/acme/web/actions→S_1
    not tried→repos/acme/web/actions→S_2
    not tried→repos/acme/web/actions→B
    not tried→repos/acme/api/actions→OLD
    [stderr]
    + B          create       2 places: 2 repositories, actions
    - OLD        delete       repos/acme/api/actions; the file says that it must not exist; cannot be undone
    - S_1        delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - S_2        delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    x 3 deletes  too many     max_deletes is 2: nothing will be deleted; raise it to allow this

    repos/acme/web/actions is full: without its deletes there is no room for 1 new secret
    2 to write, 3 to delete, 2 unchanged, 97 not managed by this file
    about 5 requests
    error: 1 secret not tried: the place is full, and the deletes there were not all made
    error: 3 secrets not tried: the plan has more deletes than allowed
    5 secrets in 2 places: 1 created, 4 not tried
    ");
    assert_eq!(changes(&emulator), ["PUT api B"]);
    assert_eq!(held(&emulator).len(), before.len() + 1);

    platform.write(&exchange());
    let change = Change::delete_secret(actions("api"), "B");
    emulator.change(change).unwrap();
    emulator.forget_requests();
    let refused = Fault::status(422).on(Matcher::path("/api/actions/secrets/B"));
    emulator.fault(refused.on(Matcher::method("PUT")).always());
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stdout]
    failed→repos/acme/api/actions→B
    not tried→repos/acme/web/actions→S_1
    not tried→repos/acme/web/actions→S_2
    not tried→repos/acme/web/actions→B
    not tried→repos/acme/api/actions→OLD
    [stderr]
    + B    create       repos/acme/web/actions
    + B    create       repos/acme/api/actions; was deleted by somebody else
    - OLD  delete       repos/acme/api/actions; the file says that it must not exist; cannot be undone
    - S_1  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - S_2  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone

    repos/acme/web/actions is full: its deletes come first, to make room for 1 new secret
    2 to write, 3 to delete, 2 unchanged, 97 not managed by this file
    about 19 requests
    error: could not create or update the Actions secret B of acme/api: GitHub does not accept the request; check the name and the repositories, and that the store is not full: GitHub documents a limit of 100 secrets (status 422, request ID)
    error: 3 secrets not tried: an earlier step failed or was skipped
    error: 1 secret not tried: the place is full, and the deletes there were not all made
    5 secrets in 2 places: 1 failed, 4 not tried
    ");
    assert_eq!(held(&emulator), before);

    emulator.clear_faults();
    platform.applied(&emulator);
    assert_eq!(emulator.secrets(&actions("web")).len(), 99);
}

#[tokio::test]
async fn nothing_is_created_where_a_delete_has_failed_and_the_next_run_completes_it() {
    let (emulator, platform) = full("stuck").await;
    platform.write(&exchange());
    let refused = Fault::status(422).on(Matcher::path("/web/actions/secrets/S_2"));
    emulator.fault(refused.on(Matcher::method("DELETE")).always());
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    created→repos/acme/api/actions→B
    deleted→repos/acme/web/actions→S_1
    failed→repos/acme/web/actions→S_2
    not tried→repos/acme/web/actions→B
    not tried→repos/acme/api/actions→OLD
    [stderr]
    + B    create       2 places: 2 repositories, actions
    - OLD  delete       repos/acme/api/actions; the file says that it must not exist; cannot be undone
    - S_1  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - S_2  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone

    repos/acme/web/actions is full: its deletes come first, to make room for 1 new secret
    2 to write, 3 to delete, 2 unchanged, 97 not managed by this file
    about 19 requests
    error: could not delete the Actions secret S_2 of acme/web: GitHub does not accept the request; check what it sets. GitHub's own message is left out here, because it can repeat what was sent (status 422, request ID)
    error: 1 secret not tried: an earlier step failed or was skipped
    error: 1 secret not tried: the place is full, and the deletes there were not all made
    5 secrets in 2 places: 1 created, 1 deleted, 1 failed, 2 not tried
    ");
    assert_eq!(emulator.secrets(&actions("api")).len(), 3);

    emulator.clear_faults();
    platform.applied(&emulator);
    assert_eq!(emulator.secrets(&actions("web")).len(), 99);
    assert_eq!(emulator.secrets(&actions("api")).len(), 2);
}

#[tokio::test]
async fn a_place_that_would_hold_too_many_secrets_gets_none() {
    let (emulator, mut platform) = full("over").await;
    platform.write(&BOTH.replace("'A'", "'A', 'B'"));
    platform.set("A", "second");

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/api/actions→A
    created→repos/acme/api/actions→B
    not tried→repos/acme/web/actions→A
    not tried→repos/acme/web/actions→B
    [stderr]
    ~ A                       update       repos/acme/api/actions; new value
    + B                       create       repos/acme/api/actions
    x repos/acme/web/actions  full         it would hold 101 secrets, but GitHub allows at most 100; 2 secrets are skipped

    2 to write, 0 to delete, 2 skipped, 100 not managed by this file
    about 9 requests
    error: 2 secrets not tried: the place has a problem
    4 secrets in 2 places: 1 created, 1 updated, 2 not tried
    ");
    let web = emulator.secrets(&actions("web"));
    assert_eq!((web.len(), writes(&emulator)), (100, 2));
}
