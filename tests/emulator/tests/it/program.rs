//! The emulator as a program.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Output, Stdio},
};

use reqwest::{Client, Response};
use serde_json::Value;

use crate::support::Key;

struct Program {
    child: Child,
    url: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { child, url }
    }

    async fn get(&self, token: &str, path: &str) -> Response {
        Client::new()
            .get(format!("{}{path}", self.url))
            .header("user-agent", "emulator-tests")
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_github-secrets-emulator"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

#[tokio::test]
async fn it_holds_what_its_arguments_say() {
    let program = Program::start(&[
        "--org",
        "acme",
        "--org=other",
        "--repository",
        "other/docs=7",
        "--secret",
        "acme/TOKEN=a=b",
        "--token",
        "ghp_only",
    ]);

    let secrets: Value = program
        .get("", "/_emulator/secrets")
        .await
        .json()
        .await
        .unwrap();
    let repository: Value = program
        .get("ghp_only", "/repos/other/docs")
        .await
        .json()
        .await
        .unwrap();
    let key = program
        .get("ghp_only", "/orgs/acme/codespaces/secrets/public-key")
        .await;
    let unknown = program
        .get("ghp_other", "/orgs/acme/codespaces/secrets")
        .await;

    assert_eq!(secrets[0]["value"], "a=b");
    assert_eq!(repository["id"], 7);
    assert_eq!(key.status(), 200);
    assert_eq!(unknown.status(), 401);
}

#[tokio::test]
async fn without_arguments_it_holds_acme_and_octocat() {
    let program = Program::start(&[]);

    for (name, id) in [("Hello-World", 1296269), ("website", 1296280)] {
        let path = format!("/repos/acme/{name}");
        let repository: Value = program.get("ghp_any", &path).await.json().await.unwrap();
        assert_eq!(repository["id"], id);
        let environment = format!("{path}/environments/production/secrets");
        assert_eq!(program.get("ghp_any", &environment).await.status(), 200);
    }
    let user = program.get("ghp_any", "/user/codespaces/secrets").await;
    assert_eq!(user.status(), 200);
}

#[tokio::test]
async fn it_holds_secrets_in_every_place() {
    let places = [
        "orgs/acme/actions",
        "orgs/acme/agents",
        "orgs/acme/codespaces",
        "orgs/acme/dependabot",
        "repos/acme/website/actions",
        "repos/acme/website/agents",
        "repos/acme/website/codespaces",
        "repos/acme/website/dependabot",
        "repos/acme/website/environments/a%3Db",
        "repos/acme/website/environments/production",
        "repos/acme/website/environments/review%2Feu%20west",
        "user/codespaces",
        "users/hubot/codespaces",
    ];
    let secrets = places.map(|place| format!("--secret={place}/TOKEN=the value of {place}"));
    let others = [
        "--environment=acme/website/production",
        "--environment=acme/website/a%3Db",
        "--environment=acme/website/review/eu west",
        "--user=hubot",
    ];
    let arguments: Vec<&str> = secrets.iter().map(String::as_str).chain(others).collect();
    let program = Program::start(&arguments);

    let held: Value = program
        .get("", "/_emulator/secrets")
        .await
        .json()
        .await
        .unwrap();

    let held = held.as_array().unwrap();
    let found: Vec<_> = held
        .iter()
        .map(|it| it["place"].as_str().unwrap())
        .collect();
    assert_eq!(found, places);
    for secret in held {
        let place = secret["place"].as_str().unwrap();
        assert_eq!(secret["value"], format!("the value of {place}"));
    }
}

#[tokio::test]
async fn a_limit_holds_in_every_place_of_the_organization() {
    let program = Program::start(&["--secret-limit=0"]);
    let secrets = "/repos/acme/website/actions/secrets";
    let key: Value = program
        .get("ghp_any", &format!("{secrets}/public-key"))
        .await
        .json()
        .await
        .unwrap();
    let key = Key::of(&key);
    let body = serde_json::json!({ "encrypted_value": key.seal(b"value"), "key_id": key.id });

    let refused = Client::new()
        .put(format!("{}{secrets}/TOKEN", program.url))
        .header("user-agent", "emulator-tests")
        .bearer_auth("ghp_any")
        .json(&body)
        .send()
        .await
        .unwrap();

    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("limit of 0"));
}

#[tokio::test]
async fn it_starts_with_what_a_file_says_and_what_its_arguments_add() {
    let path = std::env::temp_dir().join(format!("emulator-setup-{}.json", std::process::id()));
    let setup = serde_json::json!({
        "organizations": [{
            "login": "other",
            "repositories": [{ "id": 7, "name": "docs", "renamed_from": ["manual"] }]
        }]
    });
    std::fs::write(&path, setup.to_string()).unwrap();
    let file = path.to_str().unwrap();
    let program = Program::start(&["--setup", file, "--environment", "other/docs/staging"]);

    let moved: Value = program
        .get("ghp_any", "/repos/other/manual")
        .await
        .json()
        .await
        .unwrap();
    let staging = program
        .get("ghp_any", "/repos/other/docs/environments/staging")
        .await;
    let acme = program.get("ghp_any", "/orgs/acme").await;
    let both = run(&["--setup", file, "--org", "acme"]);
    std::fs::remove_file(&path).unwrap();

    assert_eq!(moved["id"], 7);
    assert_eq!(staging.status(), 200);
    assert_eq!(acme.status(), 404);
    assert_eq!(both.status.code(), Some(2));
    let line = String::from_utf8(both.stderr).unwrap();
    assert!(
        line.contains("--setup") && line.lines().count() == 1,
        "{line}"
    );
}

#[cfg(unix)]
#[test]
fn it_ends_in_order_when_asked_to_terminate_or_interrupted() {
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&[]);

        let pid = program.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );

        assert!(program.child.wait().unwrap().success());
        let mut rest = String::new();
        program
            .child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut rest)
            .unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn a_bad_argument_is_one_line_and_status_2() {
    for arguments in [
        &["--port", "many"][..],
        &["--port"],
        &["--colour"],
        &["acme"],
        &["--org", "a/b"],
        &["--org", "acme", "--org", "ACME"],
        &["--repository", "acme/docs"],
        &["--repository", "acme/docs=one"],
        &["--repository", "other/docs=1"],
        &["--limits", "fast"],
        &["--environment", "acme/website"],
        &["--environment", "acme/website/"],
        &["--environment", "acme/other/production"],
        &["--user", "a b"],
        &["--setup", "/nonexistent/setup.json"],
        &[
            "--setup",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ],
        &["--secret", "TOKEN=value"],
        &["--secret", "acme/TOKEN"],
        &["--secret", "acme/TO-KEN=value"],
        &["--secret", "other/TOKEN=value"],
        &["--secret", "orgs/acme/variables/TOKEN=value"],
        &[
            "--secret",
            "repos/acme/website/environments/staging/TOKEN=value",
        ],
        &["--secret", "users/hubot/codespaces/TOKEN=value"],
    ] {
        let output = run(arguments);

        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let line = String::from_utf8(output.stderr).unwrap();
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_refused_secret_is_not_repeated() {
    for argument in [
        "TOKEN=hunter2",
        "acme/TO-KEN=hunter2",
        "orgs/acme/vars/TOKEN=hunter2",
    ] {
        let output = run(&["--secret", argument]);

        let line = String::from_utf8(output.stderr).unwrap();
        assert!(line.contains("--secret"), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
}

#[test]
fn a_taken_port_is_one_line_and_status_1() {
    let program = Program::start(&[]);
    let (_, port) = program.url.rsplit_once(':').unwrap();

    let output = run(&["--port", port]);

    assert_eq!(output.status.code(), Some(1));
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(line.lines().count(), 1);
    assert!(line.contains(port));
}

#[test]
fn help_names_every_option() {
    let output = run(&["--help"]);

    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for option in [
        "--port",
        "--address",
        "--org",
        "--repository",
        "--environment",
        "--user",
        "--secret",
        "--secret-limit",
        "--token",
        "--limits",
        "--setup",
        "repos/ORG/REPO/environments/ENV",
    ] {
        assert!(help.contains(option));
    }
}
