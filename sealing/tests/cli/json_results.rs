//! Results as lines of JSON, in one form from every command that changes something.

use github_secrets_emulator::{Emulator, Fault, Matcher, Place, Store, StoredSecret};
use serde_json::{Value, json};

use crate::program::{Ran, Run, on, program, writes};

const ACCESS: &str = "access TOKEN --org acme --json";
const CREATE: &str = "registries create --org acme --type npm_registry \
                      --url https://npm.acme.example -v all --json";

fn rows(ran: &Ran) -> Vec<Value> {
    let lines = ran.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// An emulator with a secret that one repository can use.
async fn shared() -> Emulator {
    let place = Place::organization("acme", Store::Actions);
    let secret = StoredSecret::new("TOKEN", "value").selected([1_296_269]);
    let builder = Emulator::builder().secret(place, secret);
    builder.start().await.unwrap()
}

fn access(result: &str) -> Value {
    json!({"place": "orgs/acme/actions", "name": "TOKEN", "result": result, "error": null})
}

fn registry(name: &str, result: &str) -> Value {
    json!({"place": "orgs/acme/private-registries", "name": name, "result": result, "error": null})
}

#[tokio::test]
async fn a_replaced_access_is_a_line_that_says_whether_it_changed() {
    let emulator = shared().await;

    let change = format!("{ACCESS} --repos website --yes");
    let changed = on(&emulator, &change).run("");
    let again = on(&emulator, &change).run("");

    assert_eq!(rows(&changed), [access("updated")], "{changed}");
    assert_eq!(rows(&again), [access("unchanged")], "{again}");
    assert_eq!((changed.code, again.code, writes(&emulator)), (0, 0, 1));
}

#[tokio::test]
async fn an_access_that_cannot_be_replaced_is_a_line_with_the_reason() {
    let emulator = shared().await;

    let missing = on(&emulator, "access GONE --org acme -v all --json").run("");
    let unasked = on(&emulator, &format!("{ACCESS} --no-repos-selected")).run("");
    emulator.fault(Fault::status(401).always());
    let refused = on(&emulator, &format!("{ACCESS} -v private")).run("");

    for (ran, name) in [(&missing, "GONE"), (&refused, "TOKEN")] {
        let [row] = &rows(ran)[..] else {
            panic!("{ran}");
        };
        let said = (&row["name"], &row["result"]);
        assert_eq!(said, (&json!(name), &json!("failed")), "{ran}");
        let error = row["error"].as_str().unwrap();
        assert!(ran.stderr.contains(&format!("error: {error}\n")), "{ran}");
        assert_eq!(ran.code, 1);
    }
    // What was not begun has no result.
    assert_eq!((unasked.code, unasked.stdout.as_str()), (2, ""));
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn each_repository_that_is_added_or_removed_is_a_line() {
    let emulator = shared().await;

    let edit = "--add-repos 7,website --remove-repos 1296269,77";
    let ran = on(&emulator, &format!("{ACCESS} {edit}")).run("");

    let row = |repository: &str, result: &str| {
        let mut row = access(result);
        row["repository"] = repository.into();
        row
    };
    let mut rows = rows(&ran);
    let error = rows[0]["error"].take();
    assert!(
        error.as_str().unwrap().contains("select a repository"),
        "{ran}"
    );
    let done = [
        row("7", "failed"),
        row("website", "added"),
        row("1296269", "removed"),
        row("77", "had no access"),
    ];
    assert_eq!(rows, done);
    assert_eq!(ran.code, 3);
}

#[tokio::test]
async fn a_repository_that_was_not_tried_is_a_line_that_says_why() {
    let emulator = shared().await;
    emulator.fault(Fault::status(401).always());

    let ran = on(&emulator, &format!("{ACCESS} --add-repos 1,2")).run("");

    let rows = rows(&ran);
    let results: Vec<_> = rows.iter().map(|row| &row["result"]).collect();
    assert_eq!(results, ["failed", "not tried"], "{ran}");
    let reason = rows[1]["error"].as_str().unwrap();
    assert!(reason.contains("would fail with the same error"), "{ran}");
    assert_eq!((ran.code, writes(&emulator)), (1, 0));
}

#[tokio::test]
async fn each_change_of_a_registry_is_a_line() {
    let emulator = shared().await;
    let name = "NPM_REGISTRY_SECRET";
    let update = format!("registries update {name} --org acme --json --url https://b.example");

    let created = on(&emulator, CREATE).run("value");
    let updated = on(&emulator, &update).run("");
    let deleted = on(
        &emulator,
        &format!("registries delete {name} --org acme --json"),
    )
    .run("");
    let missing = on(&emulator, &update).run("");

    assert_eq!(rows(&created), [registry(name, "created")], "{created}");
    assert_eq!(rows(&updated), [registry(name, "updated")], "{updated}");
    assert_eq!(rows(&deleted), [registry(name, "deleted")], "{deleted}");
    assert_eq!((created.code, updated.code, deleted.code), (0, 0, 0));
    let [row] = &rows(&missing)[..] else {
        panic!("{missing}");
    };
    assert_eq!(row["result"], "failed");
    assert!(row["error"].as_str().unwrap().contains(name), "{missing}");
    assert_eq!(missing.code, 1);
}

#[tokio::test]
async fn a_registry_that_was_not_created_has_no_name() {
    let emulator = shared().await;
    emulator.fault(Fault::status(403).on(Matcher::method("POST")).always());

    let ran = on(&emulator, CREATE).run("value");

    let [row] = &rows(&ran)[..] else {
        panic!("{ran}");
    };
    assert_eq!(
        (&row["name"], &row["result"]),
        (&Value::Null, &json!("failed"))
    );
    assert!(row["error"].is_string(), "{ran}");
    assert_eq!(ran.code, 1);
}

#[tokio::test]
async fn registries_are_listed_and_shown_with_their_place() {
    let emulator = shared().await;
    on(&emulator, CREATE).run("value");

    let list = on(&emulator, "registries list --org acme --json").run("");
    let show = "registries show NPM_REGISTRY_SECRET --org acme --json";
    let show = on(&emulator, show).run("");

    let list: Value = serde_json::from_str(&list.stdout).unwrap();
    let show: Value = serde_json::from_str(&show.stdout).unwrap();
    assert_eq!(list, json!([show]));
    assert_eq!(show["place"], "orgs/acme/private-registries");
    assert_eq!(show["url"], "https://npm.acme.example");
}

#[test]
fn the_help_of_every_command_that_changes_something_says_what_a_line_has() {
    for command in [
        "set",
        "import",
        "rotate",
        "delete",
        "access",
        "registries create",
        "registries update",
        "registries delete",
    ] {
        let help = program(&format!("{command} --help")).run("");
        let said = "With --json, each result is a line with an object of four members: place";
        assert!(help.stdout.contains(said), "{command}: {help}");
    }
}
