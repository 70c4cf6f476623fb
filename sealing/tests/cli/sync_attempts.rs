//! Further attempts, and what is there after a write.

use std::time::Duration;

use github_secrets_emulator::{Change, Emulator, Fault, Matcher};

use crate::{
    assert_ran,
    program::opened,
    sync::{Platform, actions, held, web_and_api},
};

const WEB: &str = "repos/acme/web/actions";
const SET: &str = "[[set]]\nrepos = ['acme/web']\nsecrets = ['A']\n";
const DELETE: &str = "[[delete]]\nrepos = ['acme/web']\nsecrets = ['A']\n";
const FIND: &str = "actions/get-repo-secret";

async fn acme(name: &str) -> (Emulator, Platform) {
    let builder = Emulator::builder().organization(web_and_api());
    let emulator = builder.start().await.unwrap();
    let mut platform = Platform::new(&format!("attempts-{name}"), SET);
    platform.set("A", "first");
    (emulator, platform)
}

/// The requests about the secret and its repository since the plan, which sends no such request.
fn requests(emulator: &Emulator) -> Vec<String> {
    let requests = emulator.requests();
    let line = |path: &str| match path.strip_prefix("/repos/acme/web") {
        Some("") => Some("repository"),
        Some("/actions/secrets/A") => Some("A"),
        Some("/actions/secrets") => Some("list"),
        _ => None,
    };
    let lines = requests.iter().filter_map(|request| {
        let method = request.method();
        Some(format!("{method} {}", line(request.path())?))
    });
    lines.collect()
}

#[tokio::test]
async fn an_attempt_after_a_lost_response_looks_again() {
    let (emulator, mut platform) = acme("lost").await;
    platform.applied(&emulator);
    platform.set("A", "second");
    emulator.advance(Duration::from_secs(60));
    let lost = Fault::dropped().after_write();
    emulator.fault(lost.clone().on(Matcher::method("PUT")));
    emulator.forget_requests();
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 0
    [stdout]
    updated→A
    [stderr]
    ~ A  update       repos/acme/web/actions; new value

    1 to write, 0 to delete
    about 5 requests
    1 secret: 1 updated
    ");
    let look = ["GET A", "GET repository"];
    let mut expected = vec![
        "GET repository",
        "GET list",
        "GET list",
        "GET repository",
        "PUT A",
    ];
    expected.extend(look);
    expected.extend(["PUT A", "GET A", "GET A"]);
    assert_eq!(requests(&emulator), expected);

    // Of a delete, there is nothing to be sent again.
    platform.write(DELETE);
    emulator.fault(lost.on(Matcher::method("DELETE")));
    emulator.forget_requests();
    platform.applied(&emulator);
    let mut expected = vec!["GET repository", "GET list"];
    expected.extend(look);
    expected.push("DELETE A");
    expected.extend(look);
    assert_eq!(requests(&emulator), expected);
    assert!(held(&emulator).is_empty());
}

#[tokio::test]
async fn what_somebody_else_deletes_after_a_lost_response_is_not_created_again() {
    let (emulator, mut platform) = acme("gone").await;
    platform.applied(&emulator);
    platform.set("A", "second");
    let lost = Fault::dropped().after_write().on(Matcher::method("PUT"));
    emulator.fault(lost);
    let deleted = Fault::changes([Change::delete_secret(actions("web"), "A")]);
    emulator.fault(deleted.on(Matcher::operation(FIND)));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    unknown→A
    [stderr]
    ~ A  update       repos/acme/web/actions; new value

    1 to write, 0 to delete
    about 5 requests
    error: could not create or update the Actions secret A of acme/web: the connection broke before the response was complete (http://127.0.0.1:PORT); the change may have taken effect, and repeating it is safe: error sending request: client error (SendRequest): connection closed before message completed
    1 secret: 1 unknown
    ");
    assert!(held(&emulator).is_empty());
}

#[tokio::test]
async fn what_somebody_else_deletes_right_after_the_write_is_not_reported_as_created() {
    let (emulator, platform) = acme("vanished").await;
    let deleted = Fault::changes([Change::delete_secret(actions("web"), "A")]);
    emulator.fault(deleted.on(Matcher::operation(FIND)));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    unknown→A
    [stderr]
    there is no state FOLDER/attempts-vanished/platform.state yet: existing secrets are treated as written by somebody else
    + A  create       repos/acme/web/actions

    1 to write, 0 to delete
    about 5 requests
    error: the value of the secret A was stored, but the secret no longer exists: somebody else deleted it at the same time; set it again
    1 secret: 1 unknown
    ");
    assert!(held(&emulator).is_empty());
    let plan = platform.run(&emulator, "plan");
    assert!(
        plan.stdout.contains("was deleted by somebody else"),
        "{plan}"
    );
    platform.applied(&emulator);
}

#[tokio::test]
async fn what_github_shows_a_moment_later_is_created() {
    let (emulator, platform) = acme("late").await;
    emulator.fault(Fault::status(404).on(Matcher::operation(FIND)));
    let ran = platform.applied(&emulator);
    assert_eq!(ran.stdout, "created\tA\n");
    assert_eq!(opened(&emulator, WEB, "A").as_deref(), Some("first"));
}
