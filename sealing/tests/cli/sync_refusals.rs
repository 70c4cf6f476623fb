//! What `plan` and `apply` refuse: nothing is sent, and one message says what is wrong and where.

use std::fs;

use crate::{
    assert_ran,
    program::{Run, emulator, program, writes},
    sync::Platform,
};

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
      line 8: there is no valid set of this name in [repositories]
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
      line 11: there is no valid set of this name in [repositories]
      line 12: an entry of apps is not a store; the stores are actions, agents, codespaces, dependabot
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
      line 5: the key or table is given on line 5 already; remove one of them
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
      line 9: A has a different source from the one on line 5, in repos/acme/website/actions; leave it out of one of them
      line 13: B is deleted here, and set on line 5, in repos/acme/website/actions; leave it out of one of them
      line 23: A has a different access from the one on line 18, in orgs/acme/actions; leave it out of one of them
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
    there is no state FOLDER/refused-values/platform.state yet: existing secrets are treated as written by somebody else
    error: FOLDER/refused-values/platform.toml has faults, and nothing was sent:
      line 5: the value of EMPTY is empty; in a workflow, a missing secret is empty too; to delete the secret, list it under [[delete]]
      line 5: the variable MISSING is not set
      line 10: the file of C cannot be read: No such file or directory (os error 2)
      line 11: the value of D is empty; in a workflow, a missing secret is empty too; to delete the secret, list it under [[delete]]
      line 12: the JSON object has no member for E: its #KEY is not there
      line 13: the source of F has a fault on line 1: this is a boolean; it has to be a JSON object such as {"NAME": "value"}
    "#);
    assert!(!platform.path("platform.state").exists());
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
    there is no state FOLDER/refused-pattern/platform.state yet: existing secrets are treated as written by somebody else
    error: FOLDER/refused-pattern/platform.toml has a fault, and nothing was written:
      line 4: acme/svc-* matches no repository, or none that the token may see
    ");
    let requests = emulator.requests();
    assert!(requests.iter().all(|request| request.method() == "GET"));
    assert!(!platform.path("platform.state").exists());
}

#[test]
fn the_name_of_the_file_says_what_it_is() {
    assert_ran!(program("plan platform.yaml").run(""), @"
    exit code 2
    [stderr]
    error: the name of the file has to end with .toml or .json; use - for JSON on standard input, such as that of `yq -o json`
    ");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_written_if_the_plan_cannot_be_shown() {
    let emulator = emulator().await;
    let text = "[[set]]\nrepos = ['acme/website']\nsecrets = ['A']\n";
    let platform = platform("unseen", text);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = platform.command(&emulator, "apply");

    let code = command.stderr(full).status().unwrap().code();

    assert_eq!((code, writes(&emulator)), (Some(1), 0));
}
