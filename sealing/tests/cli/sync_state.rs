//! States that `apply` refuses, that another run has, and that cannot be written.

use std::{
    fs::{self, File},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use github_secrets_emulator::{Emulator, Fault, Matcher};

use crate::{
    assert_ran,
    program::{Ran, Run, emulator, writes},
    sync::{Platform, held},
};

const SITE: &str = "repos/acme/website/actions";
const FILE: &str = "
[[set]]
repos   = ['acme/website']
secrets = ['A']
";

/// A folder with a file, and the value of its secret.
fn platform(name: &str, text: &str) -> Platform {
    let mut platform = Platform::new(&format!("state-{name}"), text);
    platform.set("A", "first");
    platform
}

#[tokio::test]
async fn the_key_of_the_state_is_needed_and_has_to_be_one() {
    let emulator = emulator().await;
    let mut platform = platform("key", FILE);

    platform.unset("SECRETS_STATE_KEY");
    assert_ran!(platform.refused(&emulator, "plan"), @"
    exit code 2
    [stderr]
    error: the variable SECRETS_STATE_KEY is not set; it holds the key for the state's digests. Create one with `openssl rand -base64 32` and store it as a secret; `plan --no-values` does not need it
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
    error: the variable SECRETS_STATE_KEY is not 32 random bytes in base64; create a key with `openssl rand -base64 32`
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
    error: FOLDER/state-state/platform.state: the state is empty; restore it, or remove it to start over
    ");

    fs::write(&path, state.replace("\"A\"", "\"B\"")).unwrap();
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/state-state/platform.state: the state was edited, cut short or merged since it was written; restore it, or remove it to start over
    ");
    fs::write(&path, state.replace("state\":1", "state\":7")).unwrap();
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/state-state/platform.state: the state has format 7, but this version knows only format 1; use a newer version
    ");

    fs::write(&path, &state).unwrap();
    platform.set(
        "SECRETS_STATE_KEY",
        "YW5vdGhlciBrZXkgZm9yIHRoZSB0ZXN0cywgMzIgYiE=",
    );
    assert_ran!(platform.refused(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/state-state/platform.state: the state was made with another key; use that key, or remove the state to start over
    ");
}

#[tokio::test]
async fn with_a_state_that_is_lost_or_older_nothing_is_deleted_and_secrets_are_written_again() {
    let emulator = emulator().await;
    let mut platform = platform("older", FILE);
    platform.applied(&emulator);
    let (path, older) = (platform.path("platform.state"), platform.state());
    emulator.advance(Duration::from_secs(60 * 60));
    platform.set("A", "second");
    platform.applied(&emulator);
    let is = |value: &str| assert_eq!(held(&emulator), [format!("{SITE}/A={value}")]);
    let pruning = "prune = true\n[[set]]\nrepos = ['acme/website']\nsecrets = { B = 'env:B' }\n";

    fs::write(&path, &older).unwrap();
    platform.write(&pruning.replace("{ B = 'env:B' }", "['A']"));
    let ran = platform.applied(&emulator);
    assert!(ran.stderr.starts_with("! A  overwrite "), "{ran}");
    is("second");

    fs::write(&path, &older).unwrap();
    platform.write(pruning);
    platform.set("B", "second");
    let plan = platform.run(&emulator, "plan");
    assert!(plan.stdout.contains("changed by somebody else"), "{plan}");
    assert!(plan.stdout.contains("\n1 to write, 0 to delete"), "{plan}");

    fs::remove_file(&path).unwrap();
    platform.write(FILE);
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stderr]
    there is no state FOLDER/state-older/platform.state yet: existing secrets are treated as written by somebody else
    ? A  left alone   repos/acme/website/actions; exists, and was not written from this file; --take-over overwrites it

    0 to write, 0 to delete, 1 left alone
    ");
    is("second");
    let ran = platform.run(&emulator, "apply --take-over");
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
    is("second");
}

#[tokio::test]
async fn a_state_of_another_api_is_refused() {
    let emulator = emulator().await;
    let platform = platform("api", FILE);
    platform.applied(&emulator);
    let other = Emulator::start().await.unwrap();

    assert_ran!(platform.refused(&other, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/state-api/platform.state: the state belongs to http://127.0.0.1:PORT/; each API needs its own state
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
    error: another run is using FOLDER/state-locked/platform.state, and nothing was sent; wait for it to finish
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
    let held_back = Fault::delay(Duration::from_secs(600));
    emulator.fault(held_back);
    let mut first = platform.command(&emulator, "apply");
    first.stdin(Stdio::null()).stdout(Stdio::null());
    let mut first = first.stderr(Stdio::null()).spawn().unwrap();
    while emulator.requests().is_empty() {
        assert!(first.try_wait().unwrap().is_none());
        thread::yield_now();
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
    error: FOLDER/state-in-the-way/platform.state.lock cannot be written: Is a directory (os error 21); nothing was sent
    ");
    fs::remove_dir(platform.path("platform.state.lock")).unwrap();

    fs::create_dir(platform.path("platform.state.tmp")).unwrap();
    let ran = platform.run(&emulator, "apply");
    assert_ran!(ran, @"
    exit code 1
    [stdout]
    not tried→A
    [stderr]
    there is no state FOLDER/state-in-the-way/platform.state yet: existing secrets are treated as written by somebody else
    + A  create       repos/acme/website/actions

    1 to write, 0 to delete
    about 5 requests
    error: the state could not be saved: Is a directory (os error 21); nothing was written after that, and the next run rewrites what the state does not record
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
    error: the folder FOLDER/state-no-folder/none for the state does not exist; create it; nothing was sent
    ");
}

/// The program with files of at most so many blocks of 512 bytes.
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

#[tokio::test]
async fn a_state_that_cannot_be_saved_when_the_writes_are_done_is_no_loss() {
    let emulator = emulator().await;
    let platform = platform("lost-folder", &format!("state = 'kept/it.state'\n{FILE}"));
    let (kept, away) = (platform.path("kept"), platform.path("away"));
    fs::create_dir(&kept).unwrap();
    // The write waits here, after the state was saved.
    emulator.fault(Fault::secondary_limit(Some(Duration::from_secs(2))).on(Matcher::method("PUT")));
    let mut command = platform.command(&emulator, "apply");
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let child = child.stderr(Stdio::piped()).spawn().unwrap();
    while writes(&emulator) == 0 {
        thread::yield_now();
    }
    fs::rename(&kept, &away).unwrap();

    let ran = Ran::new(child.wait_with_output().unwrap());

    assert_eq!((ran.code, held(&emulator).len()), (3, 1), "{ran}");
    assert!(
        ran.stderr.contains("the state could not be saved: "),
        "{ran}"
    );
    fs::rename(&away, &kept).unwrap();
    platform.applied(&emulator);
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
}

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
    there is no state FOLDER/state-full-before/platform.state yet: existing secrets are treated as written by somebody else
    + A  create       repos/acme/website/actions

    1 to write, 0 to delete
    about 5 requests
    error: the state could not be saved: File too large (os error 27); nothing was written after that, and the next run rewrites what the state does not record
    error: 1 secret not tried: the state could not be saved
    1 secret: 1 not tried
    ");
    assert_eq!(held(&emulator), [""; 0]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_state_that_is_no_file_is_refused_and_not_read_without_end() {
    let emulator = emulator().await;
    let platform = platform("device", FILE);
    std::os::unix::fs::symlink("/dev/zero", platform.path("platform.state")).unwrap();
    let ran = platform.refused(&emulator, "plan");
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("not a regular file"), "{ran}");
}
