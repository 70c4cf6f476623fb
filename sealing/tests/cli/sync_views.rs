//! A plan as text, Markdown and JSON, exit codes, and what is kept: in none of it is a value.

use std::fs;

use github_secrets_emulator::{
    Change, Emulator, Organization, Place, Repository, Store, StoredSecret,
};
use serde_json::Value;

use crate::{
    assert_ran,
    program::{Ran, Run, writes},
    sync::{Platform, actions, foreign, repositories},
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
    ~ A                                       new value    2 places: 2 repositories, actions
    + B                                       create       4 places: 2 repositories, actions and dependabot
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - LEAVES                                  delete       2 places: 2 repositories, actions; no longer in the file; cannot be undone
    ? B                                       left alone   orgs/acme/actions; exists, and this sync did not write it; --take-over overwrites it
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 0 of them new to the state
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 of others
    about 33 requests
    "#);
    assert_ran!(all, @r#"
    exit code 3
    [stdout]
    + A                                       create       repos/acme/api/dependabot
    + A                                       create       repos/acme/web/dependabot
    ~ A                                       new value    repos/acme/api/actions
    ~ A                                       new value    repos/acme/web/actions
    + B                                       create       repos/acme/api/actions
    + B                                       create       repos/acme/api/dependabot
    + B                                       create       repos/acme/web/actions
    + B                                       create       repos/acme/web/dependabot
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - LEAVES                                  delete       repos/acme/api/actions; no longer in the file; cannot be undone
    - LEAVES                                  delete       repos/acme/web/actions; no longer in the file; cannot be undone
    ? B                                       left alone   orgs/acme/actions; exists, and this sync did not write it; --take-over overwrites it
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 0 of them new to the state
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 of others
    about 33 requests
    "#);
    assert_ran!(without, @r#"
    exit code 3
    [stdout]
    + A                                       create       2 places: 2 repositories, dependabot
    + B                                       create       4 places: 2 repositories, actions and dependabot
    ~ B                                       access       orgs/acme/actions; + acme/web, - acme/api; written with its value
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 1 of them new to the state
    8 to write, 1 to delete, 3 unchanged, 3 of others
    values were not compared: what exists may still get a new value
    about 28 requests
    "#);
    assert_ran!(markdown, @r#"
    ### Secrets

    | | secret or place | action | places | |
    |---|---|---|---|---|
    | `+` | A | create | 2 places: 2 repositories, dependabot |  |
    | `~` | A | new value | 2 places: 2 repositories, actions |  |
    | `+` | B | create | 4 places: 2 repositories, actions and dependabot |  |
    | `+` | C | create | repos/acme/web/environments/production |  |
    | `-` | FORMER | delete | repos/acme/web/actions | the file says that it must not exist; cannot be undone |
    | `-` | LEAVES | delete | 2 places: 2 repositories, actions | no longer in the file; cannot be undone |
    | `?` | B | left alone | orgs/acme/actions | exists, and this sync did not write it; --take-over overwrites it |
    | `x` | repos/acme/old/environments/production | unreadable |  | could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID) |

    acme/ap&#42; (line 6) matches 1 repository, 0 of them new to the state  
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 of others  
    about 33 requests
    "#);
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_ran!(serde_json::to_string(&value).unwrap(), @r#"{"deletes":3,"estimate_seconds":0,"format":1,"max_deletes":10,"patterns":[{"new":0,"pattern":"acme/ap*","repositories":["acme/api"]}],"places":[{"others":[],"place":"orgs/acme/actions","problem":null,"renamed_from":null,"steps":[{"access":null,"action":"leave","name":"B","updated_at":"TIME","why":"not_ours"}]},{"others":[],"place":"repos/acme/api/actions","problem":null,"renamed_from":null,"steps":[{"access":null,"action":"write","name":"A","updated_at":"TIME","why":"new_value"},{"access":null,"action":"create","name":"B","updated_at":null,"why":"new"},{"access":null,"action":"delete","name":"LEAVES","updated_at":"TIME","why":"no_longer_wanted"}]},{"others":[],"place":"repos/acme/api/dependabot","problem":null,"renamed_from":null,"steps":[{"access":null,"action":"create","name":"A","updated_at":null,"why":"new"},{"access":null,"action":"create","name":"B","updated_at":null,"why":"new"}]},{"others":[],"place":"repos/acme/old/environments/production","problem":"could not list the Actions secrets of the environment \"production\" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID)","renamed_from":null,"steps":[]},{"others":[{"created_at":"TIME","name":"THEIRS","updated_at":"TIME"}],"place":"repos/acme/web/actions","problem":null,"renamed_from":null,"steps":[{"access":null,"action":"write","name":"A","updated_at":"TIME","why":"new_value"},{"access":null,"action":"create","name":"B","updated_at":null,"why":"new"},{"access":null,"action":"delete","name":"FORMER","updated_at":"TIME","why":"unwanted"},{"access":null,"action":"delete","name":"LEAVES","updated_at":"TIME","why":"no_longer_wanted"},{"access":null,"action":"keep","name":"NEVER","updated_at":null,"why":"absent"}]},{"others":[],"place":"repos/acme/web/dependabot","problem":null,"renamed_from":null,"steps":[{"access":null,"action":"create","name":"A","updated_at":null,"why":"new"},{"access":null,"action":"create","name":"B","updated_at":null,"why":"new"}]},{"others":[],"place":"repos/acme/web/environments/production","problem":null,"renamed_from":null,"steps":[{"access":null,"action":"create","name":"C","updated_at":null,"why":"new"}]}],"requests":33,"unseen":0,"values_compared":true,"writes":9}"#);

    let applied = platform.run(&emulator, "apply --json");
    assert_no_value(&applied.to_string());
    assert_no_value(&platform.state());
    assert_ran!(applied, @r#"
    exit code 3
    [stdout]
    {"place":"repos/acme/api/actions","name":"A","result":"updated","error":null}
    {"place":"repos/acme/api/dependabot","name":"A","result":"created","error":null}
    {"place":"repos/acme/web/actions","name":"A","result":"updated","error":null}
    {"place":"repos/acme/web/dependabot","name":"A","result":"created","error":null}
    {"place":"repos/acme/api/actions","name":"B","result":"created","error":null}
    {"place":"repos/acme/web/environments/production","name":"C","result":"created","error":null}
    {"place":"repos/acme/api/dependabot","name":"B","result":"created","error":null}
    {"place":"repos/acme/web/actions","name":"B","result":"created","error":null}
    {"place":"repos/acme/web/dependabot","name":"B","result":"created","error":null}
    {"place":"repos/acme/api/actions","name":"LEAVES","result":"not tried","error":"not deleted: not everything before it was done"}
    {"place":"repos/acme/web/actions","name":"FORMER","result":"not tried","error":"not deleted: not everything before it was done"}
    {"place":"repos/acme/web/actions","name":"LEAVES","result":"not tried","error":"not deleted: not everything before it was done"}
    [stderr]
    + A                                       create       2 places: 2 repositories, dependabot
    ~ A                                       new value    2 places: 2 repositories, actions
    + B                                       create       4 places: 2 repositories, actions and dependabot
    + C                                       create       repos/acme/web/environments/production
    - FORMER                                  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - LEAVES                                  delete       2 places: 2 repositories, actions; no longer in the file; cannot be undone
    ? B                                       left alone   orgs/acme/actions; exists, and this sync did not write it; --take-over overwrites it
    x repos/acme/old/environments/production  unreadable   could not list the Actions secrets of the environment "production" of acme/old: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID)

    acme/ap* (line 6) matches 1 repository, 0 of them new to the state
    9 to write, 3 to delete, 1 left alone, 1 unchanged, 1 of others
    about 33 requests
    error: 3 secrets not tried: not deleted: not everything before it was done
    12 secrets in 5 places: 7 created, 2 updated, 3 not tried
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
