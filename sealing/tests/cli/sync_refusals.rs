//! What `plan` and `apply` refuse: nothing is sent, and one message says what is wrong and where.

#[cfg(unix)]
use std::process::Command;
use std::{
    fs::{self, File},
    process::Stdio,
};

use github_secrets_emulator::{Change, Fault};

use crate::{
    assert_ran,
    program::{Run, emulator},
    sync::{Platform, held},
};

const FILE: &str = "
[[set]]
repos   = ['acme/website']
secrets = ['A']
";

/// A folder with this file, and values for its secrets.
fn platform(name: &str, text: &str) -> Platform {
    let mut platform = Platform::new(&format!("refused-{name}"), text);
    platform.set("A", "first");
    platform.set("B", "second");
    platform
}

#[tokio::test]
async fn a_value_in_the_file_is_refused_and_not_repeated() {
    const VALUE: &str = "ghp_V3ryS3cretAndLongValue0123456789";
    let emulator = emulator().await;
    let text = format!(
        "
        [[set]]
        repos   = ['acme/website']
        secrets = {{ A = '{VALUE}', B = 'https://user:{VALUE}@acme.example' }}

        [[set]]
        repos   = ['acme/{VALUE}/website', '@{VALUE}']
        env     = 'production'
        secrets = {{ C = 'file:{VALUE}', {VALUE}_ = 'env:A', 'D-{VALUE}' = 'env:A' }}
        "
    );
    let platform = platform("value", &text);

    let plan = platform.refused(&emulator, "plan");
    let apply = platform.refused(&emulator, "apply");

    for ran in [&plan, &apply] {
        let shown = ran.to_string();
        for piece in VALUE.as_bytes().windows(8) {
            let piece = str::from_utf8(piece).unwrap();
            assert!(!shown.contains(piece), "{piece} is in: {shown}");
        }
    }
    assert_eq!(plan.to_string(), apply.to_string());
    assert_ran!(apply, @"
    exit code 1
    [stderr]
    error: FOLDER/refused-value/platform.toml has faults, and nothing was sent:
      line 5: A has no source; write env:VARIABLE, file:PATH or stdin:, with #KEY for a member of a JSON object; a value does not belong in this file
      line 5: B has no source; write env:VARIABLE, file:PATH or stdin:, with #KEY for a member of a JSON object; a value does not belong in this file
      line 8: the repository's name has '/' at position 37; give the name alone, as in the address of its page
      line 8: there is no set of this name, or none without faults, in [repositories]
      line 10: the secret's name has '-' at position 2; use only the letters A to Z, digits and underscores
    ");
}

#[tokio::test]
async fn all_faults_of_a_file_are_listed_with_their_lines() {
    let emulator = emulator().await;
    let platform = platform(
        "faults",
        "
prune       = 'yes'
max_deletes = -1
unknown     = true

[repositories]
web = ['acme/website']

[[set]]
repos   = ['@web', '@none']
apps    = ['actions', 'packages']
secrets = ['A', 'a', 'GITHUB_B']

[[set]]
org     = 'acme'
secrets = { B = 'env:' }

[[set]]
repos   = ['acme/*', 'website', '*/website']
org     = 'acme'
secrets = []

[[delete]]
repos   = ['acme/website']
secrets = { A = 'env:A' }
",
    );

    assert_ran!(platform.refused(&emulator, "plan"), @r#"
    exit code 1
    [stderr]
    error: FOLDER/refused-faults/platform.toml has faults, and nothing was sent:
      line 3: prune is a string; it has to be true or false
      line 4: max_deletes has to be a whole number from 0
      line 5: the key unknown is not known here; the keys are version, state, prune, max_deletes, changed_elsewhere, repositories, set, delete, registry
      line 11: there is no set of this name, or none without faults, in [repositories]
      line 12: an entry of apps is no store; the stores are actions, agents, codespaces, dependabot
      line 13: a is on line 13 already, in the same case or another, which GitHub ignores; remove one of them
      line 13: the secret's name begins with GITHUB_, a prefix reserved by GitHub; choose another
      line 15: access is missing; give "all", "private" or a list of repositories, or []
      line 17: B has a source of the form env:VARIABLE whose variable is empty, or has a character that no variable has
      line 19: the block has repos and org; give one of them in each block
      line 22: secrets is empty; name a secret
      line 26: what is deleted has no source; secrets has to be a list of names
    "#);
}

#[tokio::test]
async fn a_key_that_stands_twice_is_refused() {
    let emulator = emulator().await;
    let platform = platform(
        "twice",
        "
[[set]]
repos   = ['acme/website']
secrets = { A = 'env:A', A = 'env:B' }
",
    );

    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-twice/platform.toml has a fault, and nothing was sent:
      line 5: the key or table is given already; remove one of them
    ");
}

#[tokio::test]
async fn names_that_differ_in_case_are_the_same_and_blocks_must_agree_about_them() {
    let emulator = emulator().await;
    let platform = platform(
        "disagree",
        "
[[set]]
repos   = ['acme/website']
secrets = { A = 'env:A', B = 'env:B' }

[[set]]
repos   = ['ACME/Website']
secrets = { a = 'env:B', b = 'env:B' }

[[delete]]
repos   = ['acme/website']
secrets = ['B']

[[set]]
org     = 'acme'
access  = ['website']
secrets = ['A']

[[set]]
org     = 'ACME'
access  = 'all'
secrets = ['A']
",
    );

    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-disagree/platform.toml has faults, and nothing was sent:
      line 9: A has another source than the one on line 5, in repos/acme/website/actions; leave it out of one of them
      line 13: B is deleted here, and set on line 5, in repos/acme/website/actions; leave it out of one of them
      line 23: A has another access than the one on line 18, in orgs/acme/actions; leave it out of one of them
    ");
}

#[tokio::test]
async fn a_value_that_is_missing_or_empty_stops_the_run() {
    let emulator = emulator().await;
    let mut platform = platform(
        "values",
        "
[[set]]
repos   = ['acme/website']
secrets = ['A', 'MISSING', 'EMPTY']

[[set]]
repos   = ['acme/Hello-World']
[set.secrets]
C = 'file:none.pem'
D = 'file:values.json#d'
E = 'file:values.json#e'
F = 'env:A#key'
",
    );
    platform.set("EMPTY", "");
    fs::write(platform.path("values.json"), r#"{"d": ""}"#).unwrap();

    for command in ["plan", "apply"] {
        assert_eq!(platform.refused(&emulator, command).code, 1, "{command}");
    }
    assert_ran!(platform.refused(&emulator, "apply"), @r#"
    exit code 1
    [stderr]
    there is no state FOLDER/refused-values/platform.state yet: secrets that exist are taken for those of others
    error: FOLDER/refused-values/platform.toml has faults, and nothing was sent:
      line 5: the value of EMPTY is empty, as is that of a secret of GitHub Actions that does not exist; a secret that should not exist belongs in a [[delete]]
      line 5: the variable MISSING of MISSING is not set
      line 10: the file of C cannot be read: No such file or directory (os error 2)
      line 11: the value of D is empty, as is that of a secret of GitHub Actions that does not exist; a secret that should not exist belongs in a [[delete]]
      line 12: the JSON object has no member for E: its #KEY is not there
      line 13: the source of F has a fault on line 1: the JSON is a boolean; it has to be an object such as {"NAME": "value"}
    "#);
    assert!(!platform.path("platform.state").exists());
}

#[tokio::test]
async fn the_key_of_the_state_is_needed_and_has_to_be_one() {
    let emulator = emulator().await;
    let mut platform = platform("key", FILE);

    platform.unset("SECRETS_STATE_KEY");
    assert_ran!(platform.refused(&emulator, "plan"), @"
    exit code 2
    [stderr]
    error: the variable SECRETS_STATE_KEY is missing: the key with which digests of values are made. Make one with `openssl rand -base64 32` and keep it as a secret; `plan --no-values` takes none
    ");
    for key in ["", "c2hvcnQ=", "not base64 at all"] {
        platform.set("SECRETS_STATE_KEY", key);
        let ran = platform.refused(&emulator, "apply");
        assert_eq!(ran.code, 2, "{ran}");
        assert!(key.is_empty() || !ran.stderr.contains(key), "{ran}");
    }
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 2
    [stderr]
    error: the variable SECRETS_STATE_KEY is not 32 random bytes in base64; make a key with `openssl rand -base64 32`
    ");
}

#[tokio::test]
async fn a_state_that_is_not_the_one_that_was_written_is_refused_and_stays() {
    let emulator = emulator().await;
    let mut platform = platform("state", FILE);
    platform.applied(&emulator);
    let state = platform.state();
    let path = platform.path("platform.state");

    let lines: Vec<&str> = state.lines().collect();
    assert_eq!(lines.len(), 2, "{state}");
    for bad in [
        state[..state.len() / 2].to_owned(),
        format!("{}\n", lines[0]),
        state.replace("\"A\"", "\"B\""),
        format!("<<<<<<< HEAD\n{state}"),
        String::new(),
    ] {
        fs::write(&path, &bad).unwrap();
        for command in ["plan", "apply", "apply --take-over"] {
            let ran = platform.refused(&emulator, command);
            assert_eq!(ran.code, 1, "{bad}: {ran}");
            assert!(ran.stderr.contains("platform.state: "), "{bad}: {ran}");
        }
        assert_eq!(platform.state(), bad);
    }
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-state/platform.state: the state is empty; restore it, or remove it to begin anew
    ");

    fs::write(&path, state.replace("\"A\"", "\"B\"")).unwrap();
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-state/platform.state: the state was edited, cut short or merged since it was written; restore it, or remove it to begin anew
    ");
    fs::write(&path, state.replace("state\":1", "state\":7")).unwrap();
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-state/platform.state: the state has format 7, and this version knows format 1 only; use a newer version
    ");

    fs::write(&path, &state).unwrap();
    platform.set(
        "SECRETS_STATE_KEY",
        "YW5vdGhlciBrZXkgZm9yIHRoZSB0ZXN0cywgMzIgYiE=",
    );
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-state/platform.state: the state was made with another key; use that key, or remove the state to begin anew
    ");
}

#[tokio::test]
async fn a_state_of_another_api_is_refused() {
    let emulator = emulator().await;
    let platform = platform("api", FILE);
    platform.applied(&emulator);
    let other = crate::program::emulator().await;

    assert_ran!(platform.refused(&other, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-api/platform.state: the state is about http://127.0.0.1:PORT/; each API needs a state of its own
    ");
}

#[tokio::test]
async fn a_state_that_another_run_uses_is_refused_for_apply_and_read_for_plan() {
    let emulator = emulator().await;
    let platform = platform("locked", FILE);
    platform.applied(&emulator);
    let lock = File::open(platform.path("platform.state.lock")).unwrap();
    lock.lock().unwrap();

    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: another run is using FOLDER/refused-locked/platform.state; nothing was sent
    ");
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
    drop(lock);
    platform.applied(&emulator);
}

#[tokio::test]
async fn of_two_runs_at_once_one_is_refused_and_sends_nothing() {
    let emulator = emulator().await;
    let platform = platform("two", FILE);
    // The first run waits for its first response until the second has ended.
    let held_back = Fault::delay(std::time::Duration::from_secs(600));
    emulator.fault(held_back);
    let mut first = platform.command(&emulator, "apply");
    first.stdin(Stdio::null()).stdout(Stdio::null());
    let mut first = first.stderr(Stdio::null()).spawn().unwrap();
    while emulator.requests().is_empty() {
        assert!(first.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }

    let second = platform.run(&emulator, "apply");
    let requests = emulator.requests().len();
    first.kill().unwrap();
    first.wait().unwrap();

    assert_eq!((second.code, requests), (1, 1), "{second}");
    assert!(second.stderr.contains("another run is using"), "{second}");
    // The lock of a run that was killed is gone.
    platform.applied(&emulator);
}

/// A folder in the place of the file is in the way of everybody, also of root.
#[tokio::test]
async fn a_state_that_cannot_be_written_stops_the_run_before_anything_is_written() {
    let emulator = emulator().await;
    let platform = platform("in-the-way", FILE);

    fs::create_dir(platform.path("platform.state.lock")).unwrap();
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-in-the-way/platform.state.lock cannot be written: Is a directory (os error 21); nothing was sent
    ");
    fs::remove_dir(platform.path("platform.state.lock")).unwrap();

    fs::create_dir(platform.path("platform.state.tmp")).unwrap();
    let ran = platform.run(&emulator, "apply");
    assert_ran!(ran, @"
    exit code 1
    [stdout]
    not tried→A
    [stderr]
    there is no state FOLDER/refused-in-the-way/platform.state yet: secrets that exist are taken for those of others
    + A  create       repos/acme/website/actions

    1 to write, 0 to delete
    about 4 requests
    error: the state could not be saved: Is a directory (os error 21); nothing was written after that, and the next run writes again what the state does not have
    error: 1 secret not tried: the state could not be saved
    1 secret: 1 not tried
    ");
    assert_eq!(held(&emulator), [""; 0]);
}

#[tokio::test]
async fn a_folder_that_does_not_exist_stops_the_run_before_anything_is_sent() {
    let emulator = emulator().await;
    let platform = platform(
        "no-folder",
        &format!("state = 'none/platform.state'\n{FILE}"),
    );

    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/refused-no-folder/none/platform.state.lock cannot be written: No such file or directory (os error 2); nothing was sent
    ");
}

/// The program with files of at most so many blocks of 512 bytes.
#[cfg(unix)]
fn limited(command: &Command, blocks: usize) -> Command {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let mut limited = Command::new("sh");
    limited.args(["-c", &script, "sh"]);
    limited.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

#[cfg(unix)]
#[tokio::test]
async fn a_state_that_does_not_fit_when_the_writes_are_done_is_no_loss() {
    const SECRETS: usize = 30;
    let names: Vec<String> = (0..SECRETS).map(|index| format!("S_{index}")).collect();
    let text = format!("[[set]]\nrepos = ['acme/website']\nsecrets = {names:?}\n");
    let emulator = emulator().await;
    let mut platform = platform("full-disk", &text);
    for name in &names {
        platform.set(name, "value");
    }
    platform.applied(&emulator);
    let length = platform.state().len();
    fs::remove_file(platform.path("platform.state")).unwrap();
    for name in &names {
        let place = "repos/acme/website/actions".parse().unwrap();
        emulator.change(Change::delete_secret(place, name)).unwrap();
    }

    // What is begun is shorter than what is done, by more than a block for so many secrets.
    let command = platform.command(&emulator, "apply");
    let ran = limited(&command, (length - 1) / 512).run("");

    assert_eq!((ran.code, held(&emulator).len()), (3, SECRETS), "{ran}");
    let message = "the state could not be saved: File too large";
    assert!(ran.stderr.contains(message), "{ran}");
    assert!(platform.state().len() < length);
    platform.applied(&emulator);
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_state_that_does_not_fit_before_the_first_write_stops_the_run() {
    let emulator = emulator().await;
    let platform = platform("full-before", FILE);

    let command = platform.command(&emulator, "apply");
    let ran = limited(&command, 0).run("");

    assert_ran!(ran, @"
    exit code 1
    [stdout]
    not tried→A
    [stderr]
    there is no state FOLDER/refused-full-before/platform.state yet: secrets that exist are taken for those of others
    + A  create       repos/acme/website/actions

    1 to write, 0 to delete
    about 4 requests
    error: the state could not be saved: File too large (os error 27); nothing was written after that, and the next run writes again what the state does not have
    error: 1 secret not tried: the state could not be saved
    1 secret: 1 not tried
    ");
    assert_eq!(held(&emulator), [""; 0]);
}

#[tokio::test]
async fn a_pattern_without_a_match_is_refused_after_reading_alone() {
    let emulator = emulator().await;
    let platform = platform(
        "pattern",
        "
[repositories]
services = ['acme/svc-*', '!acme/web*']

[[set]]
repos   = ['@services']
secrets = ['A']
",
    );

    let ran = platform.run(&emulator, "apply");

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    there is no state FOLDER/refused-pattern/platform.state yet: secrets that exist are taken for those of others
    error: FOLDER/refused-pattern/platform.toml has a fault, and nothing was sent:
      line 4: acme/svc-* matches no repository, or none that the token may see
    ");
    let requests = emulator.requests();
    assert!(requests.iter().all(|request| request.method() == "GET"));
    assert!(!platform.path("platform.state").exists());
}

#[test]
fn the_name_of_the_file_says_what_it_is() {
    assert_ran!(crate::program::program("plan platform.yaml").run(""), @"
    exit code 2
    [stderr]
    error: the name of the file has to end with .toml or .json; use - for JSON on standard input, such as that of `yq -o json`
    ");
}
