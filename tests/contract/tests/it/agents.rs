//! The Agents secrets of an organization: no write without a value.

use contract_tests::{Request, github};
use github_secrets::{Error, Organization, Secrets, Visibility};
use github_secrets_emulator::{Emulator, Place, Store, StoredSecret, Visibility as Held};

const NAME: &str = "DB_PASSWORD";

async fn emulator(secret: StoredSecret) -> Emulator {
    let place = Place::organization("acme", Store::Agents);
    let emulator = Emulator::builder().secret(place, secret);
    emulator.start().await.expect("an emulator")
}

fn secret() -> StoredSecret {
    StoredSecret::new(NAME, "old")
}

fn agents(emulator: &Emulator) -> Secrets<Organization> {
    let github = github::builder(emulator.url()).build().expect("settings");
    github.org("acme").expect("a login").agents()
}

fn held(emulator: &Emulator) -> StoredSecret {
    let place = Place::organization("acme", Store::Agents);
    emulator.secret(&place, NAME).expect("a secret")
}

fn writes(emulator: &Emulator) -> Vec<Request> {
    let requests = emulator.requests();
    let requests = requests.iter().map(Request::from);
    requests.filter(|request| request.method != "GET").collect()
}

#[tokio::test]
async fn a_change_of_visibility_needs_the_value_and_sends_nothing() {
    for (from, to) in [
        (secret(), Visibility::Private),
        (secret().private(), Visibility::All),
        (secret(), Visibility::selected(["website"])),
        (secret().selected([1_296_280]), Visibility::All),
    ] {
        let emulator = emulator(from).await;
        let before = held(&emulator);
        let set = agents(&emulator).set_access(NAME, to).await;
        let error = set.expect_err("no value");
        let Error::ValueRequired(name) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(name.as_str(), NAME);
        let message = error.to_string();
        assert!(
            message.contains("only together with its value"),
            "{message}"
        );
        assert!(message.contains("use `set`"), "{message}");
        assert!(!error.may_have_taken_effect() && !error.is_retryable());
        assert_eq!(writes(&emulator), []);
        assert_eq!(held(&emulator).visibility(), before.visibility());
    }
}

#[tokio::test]
async fn one_selection_is_replaced_by_another_without_the_value() {
    let emulator = emulator(secret().selected([1_296_269])).await;
    let website = Visibility::selected(["website"]);
    let set = agents(&emulator).set_access(NAME, website).await;
    set.expect("the selection is replaced");
    let held = held(&emulator);
    assert_eq!(held.selected_repository_ids(), [1_296_280]);
    assert_eq!(held.value(), b"old");
    let lines: Vec<_> = writes(&emulator).iter().map(Request::line).collect();
    assert_eq!(
        lines,
        [format!("PUT /orgs/acme/agents/secrets/{NAME}/repositories")]
    );
}

#[tokio::test]
async fn the_access_that_a_secret_has_already_needs_no_value() {
    let emulator = emulator(secret().private()).await;
    let set = agents(&emulator)
        .set_access(NAME, Visibility::Private)
        .await;
    set.expect("nothing to do");
    assert_eq!(writes(&emulator), []);
}

#[tokio::test]
async fn the_value_and_another_visibility_are_set_together() {
    let emulator = emulator(secret().selected([1_296_269])).await;
    let set = agents(&emulator).set(NAME, "new", Visibility::All).await;
    set.expect("set");
    let held = held(&emulator);
    assert_eq!(
        (held.value(), held.visibility()),
        (&b"new"[..], Some(Held::All))
    );
}

#[tokio::test]
async fn a_rotation_keeps_the_visibility_with_the_new_value() {
    for from in [secret(), secret().private(), secret().selected([1_296_280])] {
        let emulator = emulator(from).await;
        let before = held(&emulator);
        let rotated = agents(&emulator).rotate(NAME, "new").await;
        rotated.expect("rotated");
        let after = held(&emulator);
        assert_eq!(after.value(), b"new");
        assert_eq!(after.visibility(), before.visibility());
        assert_eq!(
            after.selected_repository_ids(),
            before.selected_repository_ids()
        );
    }
}
