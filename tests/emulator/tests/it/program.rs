//! The emulator as a program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use reqwest::{Client, Response};
use serde_json::Value;

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
async fn without_arguments_it_holds_acme_with_two_repositories() {
    let program = Program::start(&[]);

    for (name, id) in [("Hello-World", 1296269), ("website", 1296280)] {
        let path = format!("/repos/acme/{name}");
        let repository: Value = program.get("ghp_any", &path).await.json().await.unwrap();
        assert_eq!(repository["id"], id);
    }
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
    ] {
        let output = run(arguments);

        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let line = String::from_utf8(output.stderr).unwrap();
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(output.stdout.is_empty());
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
        "--secret",
        "--token",
        "--limits",
    ] {
        assert!(help.contains(option));
    }
}
