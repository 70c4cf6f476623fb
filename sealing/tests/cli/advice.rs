//! What a message advises exists, and what it repeats is harmless.

use std::{collections::BTreeSet, fs, path::Path};

use github_secrets_emulator::{Fault, Matcher};

use crate::{
    assert_ran,
    program::{Run, emulator, file, on, program},
    server::{Reply, Server},
    sync::Platform,
};

/// The lines of these sources that are no comments.
fn code(folder: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code(&path, lines);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().map(str::trim_start);
            let code = code.filter(|line| !line.starts_with("//"));
            lines.extend(code.map(str::to_owned));
        }
    }
}

/// The options that a text names.
fn options(text: &str) -> BTreeSet<String> {
    let is_inside = |c: char| c.is_ascii_lowercase() || c == '-';
    let parts = text.split("--").skip(1);
    let names = parts.map(|part| part.split(|c| !is_inside(c)).next().unwrap_or_default());
    let names = names.map(|name| name.trim_end_matches('-'));
    let names = names.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
    names.map(str::to_owned).collect()
}

#[test]
fn every_option_that_a_message_names_exists() {
    const COMMANDS: &str = "set import rotate access list audit plan apply show delete key seal \
                            completions registries";
    const OF_REGISTRIES: [&str; 5] = ["list", "show", "create", "update", "delete"];
    // Options of other programs, and those of `gh` that are answered with what there is instead.
    const OF_OTHERS: [&str; 10] = [
        "body",
        "body-file",
        "value",
        "jq",
        "template",
        "hostname",
        "env-file",
        "no-store",
        "decrypt",
        "token",
    ];
    let commands = COMMANDS.split_whitespace().map(str::to_owned);
    let registries = OF_REGISTRIES.map(|command| format!("registries {command}"));
    let mut known = options(&program("--help").run("").stdout);
    for command in commands.chain(registries) {
        known.extend(options(
            &program(&format!("{command} --help")).run("").stdout,
        ));
    }
    known.extend(OF_OTHERS.map(str::to_owned));
    known.insert("file".to_owned());

    let mut lines = Vec::new();
    code(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut lines,
    );
    let named = lines.iter().flat_map(|line| options(line));
    let unknown: BTreeSet<String> = named.filter(|name| !known.contains(name)).collect();
    assert_eq!(unknown, BTreeSet::new());
    assert!(known.contains("deadline") && lines.len() > 1_000);
}

#[test]
fn a_rate_limit_names_the_options_that_wait_for_it() {
    let server = Server::start(|_| Reply::Status(429, "retry-after: 3600"));

    let ran = server.program("list -R acme/website").run("");

    let (error, advice) = ran.stderr.split_once('\n').unwrap();
    assert!(
        error.contains("rate limit lasts 3600 more seconds"),
        "{ran}"
    );
    assert!(error.contains("; try again then"), "{ran}");
    assert_eq!(
        advice,
        "a longer --deadline, with enough --attempts, waits until the limit ends\n"
    );
    assert_eq!(ran.code, 1);
}

#[test]
fn attempts_and_deadline_are_options_of_whatever_sends() {
    for (attempts, requests) in [("1", 1), ("2", 2)] {
        let server = Server::start(|_| Reply::Status(503, ""));
        let list = format!("list -R acme/website --attempts {attempts}");
        let ran = server.program(&list).run("");
        assert_eq!(ran.code, 1, "{ran}");
        assert_eq!(server.requests().len(), requests, "{ran}");
    }
    // A limit that ends in time is waited for, and a deadline of no time waits for nothing.
    for (deadline, requests) in [("0s", 1), ("1m", 2)] {
        let server = Server::start(|_| Reply::Status(429, "retry-after: 1"));
        let list = format!("list -R acme/website --attempts 2 --deadline {deadline}");
        let ran = server.program(&list).run("");
        assert_eq!(ran.code, 1, "{ran}");
        assert_eq!(server.requests().len(), requests, "{ran}");
    }
}

#[tokio::test]
async fn a_request_that_github_does_not_accept_is_explained_in_words() {
    let refused = async |body: &str, arguments: &str| {
        let emulator = emulator().await;
        let fault = Fault::status(422).body(body);
        emulator.fault(fault.on(Matcher::method("PUT")).always());
        let ran = on(&emulator, arguments).run("hunter2");
        assert_eq!(ran.code, 1, "{ran}");
        for internal in ["hunter2", "github_message", "encrypted_value", "_ids"] {
            assert!(!ran.stderr.contains(internal), "{internal}: {ran}");
        }
        ran
    };
    let set = "set A -R acme/website";

    let ran = refused(r#"{"message": "hunter2 is odd"}"#, set).await;
    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not create or update the Actions secret A of acme/website: GitHub does not accept the request; check the name and the repositories, and that the store is not full: GitHub documents a limit of 100 secrets (status 422, request ID)
    GitHub's own message is shown with --show-github-message
    ");
    let ran = refused(r#"{"message": "Value hunter2 is too large"}"#, set).await;
    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not create or update the Actions secret A of acme/website: the value is too large for GitHub (status 422, request ID)
    GitHub's own message is shown with --show-github-message
    ");
    let ran = refused(r#"{"message": "Secret names must not be hunter2"}"#, set).await;
    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not create or update the Actions secret A of acme/website: GitHub does not accept the name (status 422, request ID)
    GitHub's own message is shown with --show-github-message
    ");
    let field = |field: &str| {
        format!(
            r#"{{"message": "Invalid", "errors": [{{"field": "{field}", "code": "invalid"}}]}}"#
        )
    };
    let org = "set A --org acme -v all";
    let ran = refused(&field("visibility"), org).await;
    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not create or update the Actions secret A of acme: GitHub does not accept the visibility for this owner (status 422, request ID)
    GitHub's own message is shown with --show-github-message
    ");
    let ran = refused(&field("selected_repository_ids"), org).await;
    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not create or update the Actions secret A of acme: GitHub does not accept the selected repositories; check that each exists and belongs to the owner of the secret (status 422, request ID)
    GitHub's own message is shown with --show-github-message
    ");
}

#[tokio::test]
async fn an_environments_name_that_does_not_look_like_one_is_not_repeated() {
    let emulator = emulator().await;
    let path = file("environment.env", "A=1\nB=2\n");
    for secret in [
        "hunter2-sEcReT",
        "ghp_Ab3dE5gH1jK2",
        "correct+horse=staple",
        "550e8400-e29b-41d4-a716-446655440000",
        "correcthorsebatterystaple",
    ] {
        for arguments in [
            "set A -R acme/website --env @",
            "set A -R acme/website,acme/Hello-World --json --env @",
            "rotate A -R acme/website --env @",
            "list -R acme/website,acme/Hello-World --env @",
            "show A -R acme/website --env @",
            "key -R acme/website --env @",
            "seal A -R acme/website --env @",
            "delete A B -R acme/website,acme/Hello-World --env @",
            "import FILE -R acme/website,acme/Hello-World --env @",
            "import FILE -R acme/website --dry-run --env @",
            "import FILE -R acme/website --dry-run --json --env @",
        ] {
            let arguments = arguments.replace('@', secret).replace("FILE", &path);
            let ran = on(&emulator, &arguments).run("value");
            assert_ne!(ran.code, 0, "{arguments}: {ran}");
            assert!(!ran.to_string().contains(secret), "{arguments}: {ran}");
        }
    }
    // What looks like a name is one.
    for name in ["staging", "Review/EU west", "prod-eu1", "k8s_v2.1", "QA"] {
        let mut command = on(&emulator, "key -R acme/website");
        let ran = command.args(["--env", name]).run("");
        assert!(ran.stderr.contains(name), "{ran}");
    }
}

#[tokio::test]
async fn an_environments_name_in_a_file_is_not_repeated_either() {
    let emulator = emulator().await;
    let secret = "ghp_Ab3dE5gH1jK2";
    let block = format!("[[set]]\nrepos = ['acme/website']\nenv = '{secret}'\nsecrets = ['A']\n");
    let mut platform = Platform::new("odd-environment", &block);
    platform.set("A", "value");
    for arguments in ["plan", "plan --json", "plan --all", "apply", "apply --json"] {
        let ran = platform.run(&emulator, arguments);
        assert_eq!(ran.code, 3, "{arguments}: {ran}");
        assert!(
            ran.to_string().contains("environments/…"),
            "{arguments}: {ran}"
        );
        assert!(!ran.to_string().contains(secret), "{arguments}: {ran}");
    }
}
