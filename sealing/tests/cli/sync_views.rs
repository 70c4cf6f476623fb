//! A plan as text, Markdown and JSON, exit codes, and what is kept: in none of it is a value.

use std::{fs, time::Duration};

use github_secrets_emulator::{
    Access, Change, Emulator, Organization, Place, Repository, Store, StoredSecret, Token,
    Visibility,
};

use crate::{
    assert_ran,
    program::{Ran, Run, on, writes},
    sync::{KEY, Platform, actions, foreign, held, repositories},
};

const SET: &str = "[[set]]\nrepos = ['acme/web']\nsecrets = ['A']\n";
const FIRST: &str = "first-9xQ2vL7p";
const SECOND: &str = "second-Kd83nWzR";

async fn acme() -> Emulator {
    let [web, api] = repositories();
    let acme = Organization::new("acme")
        .repository(web)
        .repository(api)
        .repository(Repository::new(3, "old").archived());
    Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap()
}

/// An emulator and a file that have something of everything.
async fn mixed() -> (Emulator, Platform) {
    let emulator = acme().await;
    let before = "
        [[set]]
        repos   = ['acme/web', 'acme/api']
        secrets = ['A', 'LEAVES']
    ";
    let mut platform = Platform::new("mixed", before);
    platform.set("A", FIRST);
    platform.set("LEAVES", FIRST);
    platform.applied(&emulator);
    platform.write(
        "
        prune = true

        [repositories]
        all = ['acme/web', 'acme/ap*']

        [[set]]
        repos   = ['@all']
        apps    = ['actions', 'dependabot']
        secrets = ['A', 'B']

        [[set]]
        repos   = ['acme/web', 'acme/old']
        env     = 'production'
        secrets = { C = 'env:B' }

        [[set]]
        org     = 'acme'
        access  = ['web']
        secrets = ['B']

        [[delete]]
        repos   = ['acme/web']
        secrets = ['FORMER', 'NEVER']
        ",
    );
    platform.set("A", SECOND);
    platform.set("B", FIRST);
    for name in ["FORMER", "THEIRS"] {
        let change = Change::set_secret(actions("web"), foreign(name));
        emulator.change(change).unwrap();
    }
    let theirs = StoredSecret::new("B", "foreign").selected([2]);
    let change = Change::set_secret(Place::organization("acme", Store::Actions), theirs);
    emulator.change(change).unwrap();
    (emulator, platform)
}

fn assert_no_value(text: &str) {
    for value in [FIRST, SECOND] {
        for piece in value.as_bytes().windows(8) {
            let piece = str::from_utf8(piece).unwrap();
            assert!(!text.contains(piece), "{piece} is in: {text}");
        }
    }
}

#[tokio::test]
async fn a_plan_is_text_markdown_and_json_and_shows_no_value() {
    let (emulator, platform) = mixed().await;
    let markdown = platform.path("summary.md");
    let text = platform.run(
        &emulator,
        &format!("plan --markdown {}", markdown.display()),
    );
    let markdown = fs::read_to_string(markdown).unwrap();
    let json = platform.run(&emulator, "plan --json");
    let all = platform.run(&emulator, "plan --all");
    let without = without_values(&emulator, &platform);

    for shown in [&text, &json, &all, &without] {
        assert_no_value(&shown.to_string());
        assert_eq!((shown.code, writes(&emulator) > 0), (3, true), "{shown}");
    }
    assert_no_value(&markdown);
    assert_ran!(text, @r#"
    exit code 3
    [stdout]
    + A                                       create       2 places: 2 repositories, dependabot
    ~ A                                       update       2 places: 2 repositories, actions; new value
    + B                                       create       4 places: 2 repositories, actions and dependabot
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - LEAVES                                  delete       2 places: 2 repositories, actions; no longer in the file; cannot be undone
    ? B                                       left alone   orgs/acme/actions; exists, and was not written from this file; --take-over overwrites it
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 0 of them not in the state yet
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 not managed by this file
    nothing is deleted as long as a place has a problem
    about 50 requests
    "#);
    assert_ran!(all, @r#"
    exit code 3
    [stdout]
    + A                                       create       repos/acme/api/dependabot
    + A                                       create       repos/acme/web/dependabot
    ~ A                                       update       repos/acme/api/actions; new value
    ~ A                                       update       repos/acme/web/actions; new value
    + B                                       create       repos/acme/api/actions
    + B                                       create       repos/acme/api/dependabot
    + B                                       create       repos/acme/web/actions
    + B                                       create       repos/acme/web/dependabot
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - LEAVES                                  delete       repos/acme/api/actions; no longer in the file; cannot be undone
    - LEAVES                                  delete       repos/acme/web/actions; no longer in the file; cannot be undone
    ? B                                       left alone   orgs/acme/actions; exists, and was not written from this file; --take-over overwrites it
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 0 of them not in the state yet
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 not managed by this file
    nothing is deleted as long as a place has a problem
    about 50 requests
    "#);
    assert_ran!(without, @r#"
    exit code 3
    [stdout]
    + A                                       create       2 places: 2 repositories, dependabot
    + B                                       create       4 places: 2 repositories, actions and dependabot
    ~ B                                       update       orgs/acme/actions; access: + acme/web, - acme/api; written with its value
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 1 of them not in the state yet
    8 to write, 1 to delete, 3 unchanged, 3 not managed by this file
    nothing is deleted as long as a place has a problem
    values were not compared: existing secrets may still get a new value
    about 40 requests
    "#);
    // A break at the end of a line is two spaces.
    assert_ran!(markdown.replace("  \n", "<br>\n"), @r#"
    ### Secrets

    | | secret or place | action | places | |
    |---|---|---|---|---|
    | `+` | A | create | 2 places: 2 repositories, dependabot |  |
    | `~` | A | update | 2 places: 2 repositories, actions | new value |
    | `+` | B | create | 4 places: 2 repositories, actions and dependabot |  |
    | `+` | C | create | repos/acme/web/environments/production |  |
    | `-` | FORMER | delete | repos/acme/web/actions | the file says that it must not exist; cannot be undone |
    | `-` | LEAVES | delete | 2 places: 2 repositories, actions | no longer in the file; cannot be undone |
    | `?` | B | left alone | orgs/acme/actions | exists, and was not written from this file; --take-over overwrites it |
    | `x` | repos/acme/old/environments/production | unreadable |  | could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it (status 404, request ID) |

    acme/ap&#42; (line 6) matches 1 repository, 0 of them not in the state yet<br>
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 not managed by this file<br>
    nothing is deleted as long as a place has a problem<br>
    about 50 requests<br>
    "#);
}

#[tokio::test]
async fn the_results_are_json_and_the_state_is_kept_and_neither_shows_a_value() {
    let (emulator, platform) = mixed().await;

    let mut applied = platform.run(&emulator, "apply --json");

    assert_no_value(&applied.to_string());
    assert_no_value(&platform.state());
    assert!(applied.stderr.starts_with("+ A "), "{applied}");
    applied.stderr.clear();
    // The rows come in the order in which the secrets finish.
    let mut rows: Vec<&str> = applied.stdout.lines().collect();
    rows.sort_unstable();
    applied.stdout = rows.join("\n");
    assert_ran!(applied, @r#"
    exit code 3
    [stdout]
    {"place":"repos/acme/api/actions","name":"A","result":"updated","error":null}
    {"place":"repos/acme/api/actions","name":"B","result":"created","error":null}
    {"place":"repos/acme/api/actions","name":"LEAVES","result":"not tried","error":"an earlier step failed or was skipped"}
    {"place":"repos/acme/api/dependabot","name":"A","result":"created","error":null}
    {"place":"repos/acme/api/dependabot","name":"B","result":"created","error":null}
    {"place":"repos/acme/web/actions","name":"A","result":"updated","error":null}
    {"place":"repos/acme/web/actions","name":"B","result":"created","error":null}
    {"place":"repos/acme/web/actions","name":"FORMER","result":"not tried","error":"an earlier step failed or was skipped"}
    {"place":"repos/acme/web/actions","name":"LEAVES","result":"not tried","error":"an earlier step failed or was skipped"}
    {"place":"repos/acme/web/dependabot","name":"A","result":"created","error":null}
    {"place":"repos/acme/web/dependabot","name":"B","result":"created","error":null}
    {"place":"repos/acme/web/environments/production","name":"C","result":"created","error":null}
    "#);
}

#[tokio::test]
async fn a_plan_as_json_says_what_is_done_with_each_secret_and_what_is_not_managed() {
    let emulator = acme().await;
    let text = "[[set]]\norg = 'acme'\naccess = ['web']\nsecrets = ['A', 'NEW']\n";
    let mut platform = Platform::new("json", &text.replace(", 'NEW'", ""));
    platform.set("A", FIRST);
    platform.applied(&emulator);
    // So that the change of access has another time than the write.
    emulator.advance(Duration::from_secs(10));
    let acme = Place::organization("acme", Store::Actions);
    let access = Change::set_access(acme.clone(), "A", Visibility::Selected, [2]);
    emulator.change(access).unwrap();
    let theirs = Change::set_secret(acme, foreign("THEIRS"));
    emulator.change(theirs).unwrap();
    platform.write(text);
    platform.set("NEW", FIRST);

    let plan = platform.run(&emulator, "plan --json");

    assert_no_value(&plan.to_string());
    assert_ran!(plan, @r#"
    exit code 0
    [stdout]
    {"deletes":0,"estimate_seconds":0,"format":1,"max_deletes":10,"patterns":[],"places":[{"place":"orgs/acme/actions","problem":null,"renamed_from":null,"steps":[{"access":{"added":["acme/web"],"after":"selected","before":"selected","removed":["acme/api"]},"action":"write","name":"A","reason":"access_and_changed","updated_at":"TIME"},{"access":null,"action":"create","name":"NEW","reason":"new","updated_at":null}],"unmanaged":[{"created_at":"TIME","name":"THEIRS","updated_at":"TIME","visibility":"all"}]}],"requests":7,"unreachable_secrets":0,"values_compared":true,"writes":2}
    "#);
}

/// A plan by somebody who has neither the key nor the values.
fn without_values(emulator: &Emulator, platform: &Platform) -> Ran {
    let mut command = platform.command(emulator, "plan --no-values");
    for variable in ["SECRETS_STATE_KEY", "A", "B"] {
        command.env_remove(variable);
    }
    command.run("")
}

#[tokio::test]
async fn the_exit_code_says_whether_there_is_something_to_do() {
    let emulator = acme().await;
    let mut platform = Platform::new("codes", SET);
    platform.set("A", FIRST);

    let codes = ["plan", "plan --check", "apply", "plan --check", "plan"]
        .map(|arguments| platform.run(&emulator, arguments).code);

    assert_eq!(codes, [0, 4, 0, 0, 0]);
    assert_eq!(platform.run(&emulator, "plan --unknown").code, 2);
    emulator.revoke_token("ghp_any");
    let ran = platform.run(&emulator, "apply");
    assert_eq!(ran.code, 1, "{ran}");
}

#[tokio::test]
async fn a_plan_says_how_long_it_takes_and_what_to_do_about_it() {
    let emulator = acme().await;
    let names: Vec<String> = (0..100).map(|index| format!("S_{index}")).collect();
    let sources: Vec<String> = names
        .iter()
        .map(|name| format!("{name} = 'env:A'"))
        .collect();
    let text = format!(
        "[[set]]\nrepos = ['acme/web', 'acme/api']\napps = ['actions', 'agents', 'dependabot']\n\
         secrets = {{ {} }}\n",
        sources.join(", ")
    );
    let mut platform = Platform::new("cost", &text);
    platform.set("A", FIRST);

    let costs = ["plan", "plan --writes-per-hour 0"].map(|arguments| {
        let plan = platform.run(&emulator, arguments);
        plan.stdout.lines().last().unwrap().to_owned()
    });
    let [limited, unlimited] = &costs;
    let begin = "about 2406 requests; within GitHub's rate limits they take about ";
    assert!(
        limited.starts_with(begin) && unlimited.starts_with(begin),
        "{costs:?}"
    );
    assert!(
        limited.ends_with("use --time-limit 50m, and run it again"),
        "{costs:?}"
    );
    assert!(unlimited.ends_with(" minutes"), "{costs:?}");
}

/// A generator prints JSON, and a vault prints another.
#[tokio::test]
async fn the_file_is_json_on_standard_input_or_the_values_are() {
    let emulator = acme().await;
    let mut platform = Platform::new("stdin", "");
    platform.set("A", FIRST);
    let json = r#"{"version": 1, "state": "STATE",
        "set": [{"repos": ["acme/web"], "secrets": ["A"]}]}"#;
    let state = platform.path("json.state");
    let json = json.replace("STATE", state.to_str().unwrap());
    let mut command = on(&emulator, "apply -");
    command.env("SECRETS_STATE_KEY", KEY).env("A", FIRST);
    assert_ran!(command.run(&json), @"
    exit code 0
    [stdout]
    created→A
    [stderr]
    there is no state FOLDER/stdin/json.state yet: existing secrets are treated as written by somebody else
    + A  create       repos/acme/web/actions

    1 to write, 0 to delete
    about 5 requests
    1 secret: 1 created
    ");
    assert!(state.exists());

    platform.write("[[set]]\nrepos = ['acme/api']\nsecrets = { A = 'stdin:#a', B = 'stdin:#b' }\n");
    let values = format!(r#"{{"a": "{FIRST}", "b": "{SECOND}", "c": "other"}}"#);
    let ran = platform.command(&emulator, "apply").run(&values);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(
        held(&emulator),
        [
            format!("repos/acme/api/actions/A={FIRST}"),
            format!("repos/acme/api/actions/B={SECOND}"),
            format!("repos/acme/web/actions/A={FIRST}"),
        ]
    );
}

#[tokio::test]
async fn a_token_that_may_only_read_is_enough_for_a_plan() {
    let [web, _] = repositories();
    let acme = Organization::new("acme").repository(web);
    let token = Token::fine_grained("ghp_any").permission("secrets", Access::Read);
    let builder = Emulator::builder().organization(acme).token(token);
    let emulator = builder.start().await.unwrap();
    let mut platform = Platform::new("read-only", SET);
    platform.set("A", FIRST);

    assert_eq!(platform.run(&emulator, "plan --check").code, 4);
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stdout]
    failed→A
    [stderr]
    there is no state FOLDER/read-only/platform.state yet: existing secrets are treated as written by somebody else
    + A  create       repos/acme/web/actions

    1 to write, 0 to delete
    about 5 requests
    error: could not create or update the Actions secret A of acme/web: the token lacks the permission secrets=write (status 403, request ID)
    1 secret: 1 failed
    ");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_the_state() {
    use std::os::unix::fs::PermissionsExt;
    let emulator = acme().await;
    let mut platform = Platform::new("mode", SET);
    platform.set("A", FIRST);
    platform.applied(&emulator);

    let mode = fs::metadata(platform.path("platform.state")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
}
