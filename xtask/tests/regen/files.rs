//! Which files are read and written, and what happens when that fails.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::workspace::{Workspace, command, run};

#[test]
fn no_argument_prints_help_and_a_wrong_one_exits_with_2() {
    let here = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let help = run(here, &[]);
    assert_eq!(help.code, 0, "{help:?}");
    assert!(
        help.out.contains("regen  Generate openapi/github.json"),
        "{help:?}"
    );
    assert_eq!(run(here, &["regen", "--form", "a.json"]).code, 2);
}

#[test]
fn one_program_serves_each_copy_of_the_workspace_that_it_is_run_in() {
    let (one, other) = (Workspace::new("one"), Workspace::new("other"));
    let generated = "client/src/generated.rs";
    fs::write(one.root.join(generated), "").unwrap();
    let before = other.files();
    assert_eq!(one.regen(&["--check"]).code, 1);
    assert_eq!(other.regen(&["--check"]).code, 0);
    assert_eq!(one.regen(&[]).out, "wrote client/src/generated.rs\n");
    assert_eq!(
        fs::read(one.root.join(generated)).unwrap(),
        fs::read(other.root.join(generated)).unwrap()
    );
    assert!(other.files() == before);
}

#[test]
fn the_workspace_is_found_from_a_directory_inside_it() {
    let workspace = Workspace::new("inside");
    fs::write(workspace.root.join("client/Cargo.toml"), "[package]\n").unwrap();
    let outcome = run(&workspace.root.join("client/src"), &["regen", "--check"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
}

#[test]
fn outside_a_workspace_the_error_says_where_to_run() {
    let outcome = run(&env::temp_dir(), &["regen"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.error.ends_with("run this inside the workspace\n"),
        "{outcome:?}"
    );
}

#[test]
fn files_are_written_even_if_nobody_reads_the_report() {
    let workspace = Workspace::new("closed-pipe");
    let from = workspace.description(|document| document["servers"][0]["url"] = json!("https://b"));
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let mut regen = command(&workspace.root, &["regen", "--from", &from]);
    let output = regen.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    let slice = fs::read_to_string(workspace.root.join("openapi/github.json")).unwrap();
    assert!(slice.contains(r#""url": "https://b""#));
}

#[test]
fn a_failed_check_exits_with_1_even_if_nobody_reads_the_report() {
    let workspace = Workspace::new("closed-check");
    fs::write(workspace.root.join("client/src/generated.rs"), "").unwrap();
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let mut regen = command(&workspace.root, &["regen", "--check"]);
    let output = regen.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn the_description_that_was_taken_changes_nothing() {
    let workspace = Workspace::new("same");
    let before = workspace.files();
    let outcome = workspace.regen_from(|_| {});
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(
        outcome.out,
        "Nothing changes in the client.\n\
         openapi/github.json and client/src/generated.rs are up to date.\n"
    );
    assert!(workspace.files() == before);
}

#[test]
fn missing_files_are_made_to_the_byte() {
    let workspace = Workspace::new("missing");
    let description = workspace.description(|_| {});
    let before = workspace.files();
    fs::remove_file(workspace.root.join("openapi/github.json")).unwrap();
    fs::remove_file(workspace.root.join("client/src/generated.rs")).unwrap();
    let outcome = workspace.regen(&["--from", &description]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let added = outcome.out.matches("operation added").count();
    assert_eq!(added, 82, "{outcome:?}");
    assert!(workspace.files() == before);
}

#[test]
fn check_shows_what_is_stale_and_the_command_and_writes_nothing() {
    let workspace = Workspace::new("stale");
    let generated = workspace.root.join("client/src/generated.rs");
    let edited = fs::read_to_string(&generated)
        .unwrap()
        .replace("pub key: ", "pub the_key: ");
    fs::write(&generated, &edited).unwrap();
    let outcome = workspace.regen(&["--check"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.out.contains("\n-        pub the_key: "),
        "{outcome:?}"
    );
    assert!(outcome.out.contains("\n+        pub key: "), "{outcome:?}");
    assert_eq!(
        outcome.error,
        "error: not up to date: run `cargo xtask regen`\n"
    );
    assert_eq!(fs::read_to_string(&generated).unwrap(), edited);
}

#[test]
fn check_of_another_description_reports_the_changes_and_writes_nothing() {
    let workspace = Workspace::new("check-from");
    let from = workspace.description(|document| document["servers"][0]["url"] = json!("https://b"));
    let before = workspace.files();
    let outcome = workspace.regen(&["--check", "--from", &from]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.out.contains("breaking: address of the API"),
        "{outcome:?}"
    );
    let command = format!("run `cargo xtask regen --from {from}`");
    assert!(outcome.error.contains(&command), "{outcome:?}");
    assert!(workspace.files() == before);
}

#[test]
fn when_one_file_cannot_be_written_none_is() {
    let workspace = Workspace::new("unwritable");
    let from = workspace.description(|document| document["servers"][0]["url"] = json!("https://b"));
    fs::remove_dir_all(workspace.root.join("client")).unwrap();
    let reason = "cannot write client/src/generated.rs, so nothing was written: ";
    workspace.refuses(&["--from", &from], reason);
}

/// A reader of a pipe waits for a writer: then the first file has been compared, and nothing has
/// been written.
#[cfg(unix)]
#[test]
fn when_the_second_file_cannot_be_put_in_its_place_the_first_is_put_back() {
    for exists in [true, false] {
        let workspace = Workspace::new(&format!("put-back-{exists}"));
        let from =
            workspace.description(|document| document["servers"][0]["url"] = json!("https://b"));
        let generated = workspace.root.join("client/src/generated.rs");
        fs::remove_file(&generated).unwrap();
        if !exists {
            fs::remove_file(workspace.root.join("openapi/github.json")).unwrap();
        }
        let before = workspace.files();
        let made = Command::new("mkfifo").arg(&generated).status().unwrap();
        assert!(made.success());

        let mut regen = command(&workspace.root, &["regen", "--from", &from]);
        let regen = regen.stdout(Stdio::piped()).stderr(Stdio::piped());
        let regen = regen.spawn().unwrap();
        let pipe = fs::OpenOptions::new().write(true).open(&generated).unwrap();
        fs::remove_file(&generated).unwrap();
        fs::create_dir(&generated).unwrap();
        drop(pipe);
        let output = regen.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(output.stdout.is_empty(), "{output:?}");
        let reason = "error: cannot write client/src/generated.rs, so nothing was written: ";
        assert!(error.starts_with(reason), "{error}");
        assert!(workspace.files() == before, "files have changed: {error}");
    }
}

#[test]
fn drafts_of_a_run_that_was_killed_are_removed() {
    let workspace = Workspace::new("drafts");
    let before = workspace.files();
    let stale = workspace.description(|_| {});
    for edit in [false, true] {
        if edit {
            fs::write(workspace.root.join("client/src/generated.rs"), "").unwrap();
        }
        for draft in ["openapi/github.new", "client/src/generated.new"] {
            fs::write(workspace.root.join(draft), "{").unwrap();
        }
        assert_eq!(workspace.regen(&["--check"]).code, i32::from(edit));
        assert_eq!(workspace.files().len(), before.len() + 2);
        let outcome = workspace.regen(&["--from", &stale]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(workspace.files() == before, "{outcome:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_draft_is_not_written_through_a_link() {
    let workspace = Workspace::new("linked-draft");
    let before = workspace.files();
    fs::write(workspace.root.join("client/src/generated.rs"), "").unwrap();
    let elsewhere = workspace.beside("elsewhere");
    let draft = workspace.root.join("client/src/generated.new");
    std::os::unix::fs::symlink(&elsewhere, draft).unwrap();
    assert_eq!(workspace.regen(&[]).code, 0);
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), "elsewhere");
    assert!(workspace.files() == before);
}

#[test]
fn of_two_runs_at_once_one_writes_and_the_other_says_so() {
    let workspace = Workspace::new("two-runs");
    fs::write(workspace.root.join("client/src/generated.rs"), "").unwrap();
    let other = fs::File::open(workspace.root.join("openapi/operations.json")).unwrap();
    other.lock().unwrap();
    workspace.refuses(&[], "another run of regen writes");
    assert_eq!(workspace.regen(&["--check"]).code, 1);
    drop(other);
    assert_eq!(workspace.regen(&[]).code, 0);
}

#[test]
fn a_check_of_two_texts_that_have_nothing_in_common_comes_to_an_end() {
    let workspace = Workspace::new("nothing-in-common");
    let line = |number: u32| format!("{}\n", number.wrapping_mul(2_654_435_761));
    let text: String = (0..400_000).map(line).collect();
    fs::write(workspace.root.join("client/src/generated.rs"), text).unwrap();
    let outcome = workspace.regen(&["--check"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.out.lines().count() < 100, "{outcome:?}");
}
