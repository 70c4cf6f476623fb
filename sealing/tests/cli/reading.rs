use github_secrets_emulator::{Emulator, Fault, Matcher, Place, Store, StoredSecret};
use serde_json::{Value, json};

use crate::{
    assert_ran,
    program::{Ran, Run, emulator, on},
};

async fn acme() -> Emulator {
    let place = Place::organization("acme", Store::Actions);
    Emulator::builder()
        .secret(
            place.clone(),
            StoredSecret::new("API_KEY", "value").private(),
        )
        .secret(
            place,
            StoredSecret::new("DB_PASSWORD", "value").selected([1_296_280]),
        )
        .secret(
            Place::environment("acme/website", "production"),
            StoredSecret::new("TOKEN", "value"),
        )
        .start()
        .await
        .unwrap()
}

fn json_of(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

#[tokio::test]
async fn a_list_in_a_pipe_has_plain_columns() {
    let emulator = acme().await;

    let organization = on(&emulator, "list --org acme").run("");
    let environment = on(&emulator, "list --repo acme/website --env production").run("");
    let empty = on(&emulator, "list --user").run("");

    assert_ran!(organization, @"
    exit code 0
    [stdout]
    API_KEY→TIME→private
    DB_PASSWORD→TIME→selected
    ");
    assert_ran!(environment, @"
    exit code 0
    [stdout]
    TOKEN→TIME
    ");
    assert_ran!(empty, @"exit code 0");
}

#[tokio::test]
async fn a_list_as_json_can_be_read_by_a_program() {
    let emulator = acme().await;

    let organization = json_of(&on(&emulator, "list --org acme --json").run(""));
    let environment = json_of(&on(&emulator, "list -R acme/website -e production --json").run(""));
    let empty = json_of(&on(&emulator, "list --user --json").run(""));

    assert_eq!(organization[1]["name"], "DB_PASSWORD");
    assert_eq!(organization[1]["visibility"], "selected");
    let times = [
        &organization[1]["created_at"],
        &organization[1]["updated_at"],
    ];
    assert!(
        times
            .iter()
            .all(|time| time.as_str().unwrap().ends_with('Z'))
    );
    assert_eq!(environment[0]["name"], "TOKEN");
    assert_eq!(environment[0].get("visibility"), None);
    assert_eq!(empty, json!([]));
}

#[tokio::test]
async fn a_list_of_several_pages_is_whole() {
    let place = Place::organization("acme", Store::Actions);
    let mut builder = Emulator::builder();
    for index in 0..250 {
        let secret = StoredSecret::new(format!("S_{index:03}"), "value");
        builder = builder.secret(place.clone(), secret);
    }
    let emulator = builder.start().await.unwrap();

    let ran = on(&emulator, "list --org acme").run("");

    let names: Vec<_> = ran.rows().iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(names.len(), 250);
    assert_eq!((names[0].as_str(), names[249].as_str()), ("S_000", "S_249"));
}

#[tokio::test]
async fn a_secret_is_shown_with_the_repositories_that_can_use_it() {
    let emulator = acme().await;

    let text = on(&emulator, "show db_password --org acme").run("");
    let json = json_of(&on(&emulator, "show DB_PASSWORD --org acme --json").run(""));

    assert_ran!(text, @"
    exit code 0
    [stdout]
    name→DB_PASSWORD
    created→TIME
    updated→TIME
    visibility→selected
    repository→acme/website
    ");
    assert_eq!(
        json["selected_repositories"],
        json!([{"id": 1_296_280, "full_name": "acme/website"}])
    );
}

#[tokio::test]
async fn a_secret_that_does_not_exist_is_not_shown() {
    let emulator = acme().await;

    let ran = on(&emulator, "show OTHER --org acme").run("");

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: OTHER is not among the Actions secrets of the organization acme, or the token has no access to it
    ");
}

#[tokio::test]
async fn the_key_is_shown_as_github_has_it() {
    let emulator = emulator().await;

    let text = on(&emulator, "key --org acme").run("");
    let json = json_of(&on(&emulator, "key --org acme --json").run(""));

    assert_ran!(text, @"
    exit code 0
    [stdout]
    key id→KEY_ID
    key→KEY
    ");
    let rows = text.rows();
    assert_eq!(
        (rows[0][1], rows[1][1]),
        (
            json["key_id"].as_str().unwrap(),
            json["key"].as_str().unwrap()
        )
    );
}

#[tokio::test]
async fn what_a_server_sends_cannot_drive_the_terminal_or_break_a_column() {
    let emulator = emulator().await;
    let body = json!({"total_count": 1, "secrets": [{
        "name": "A\u{1b}[2JB\tC\nD",
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
    }]});
    let list = Matcher::operation("actions/list-repo-secrets");
    emulator.fault(Fault::status(200).body(body.to_string()).on(list));

    let ran = on(&emulator, "list --repo acme/website").run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    A�[2JB�C�D→TIME
    ");
}
