//! `cargo xtask regen` as its user meets it: what it prints, its exit code, and the files it leaves.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FILES: [&str; 4] = [
    "openapi/operations.json",
    "openapi/overlay.json",
    "openapi/github.json",
    "client/src/generated.rs",
];

const SECRET: &str = "/paths/~1orgs~1{org}~1codespaces~1secrets~1{secret_name}";

type Edit<'a> = &'a dyn Fn(&mut Value);

/// A copy of the files that `regen` reads and writes.
struct Workspace {
    root: PathBuf,
}

#[derive(Debug)]
struct Outcome {
    code: i32,
    out: String,
    error: String,
}

impl Workspace {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        for name in FILES {
            let file = root.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::copy(Path::new(COMMITTED).join(name), file).unwrap();
        }
        Self { root }
    }

    /// The committed description after `edit`, beside the workspace.
    fn description(&self, edit: impl Fn(&mut Value)) -> String {
        let mut document = self.json("openapi/github.json");
        edit(&mut document);
        self.beside(&document.to_string())
    }

    fn beside(&self, text: &str) -> String {
        let path = self.root.with_extension("json");
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.root.join(name)).unwrap()).unwrap()
    }

    fn edit(&self, name: &str, edit: impl Fn(&mut Value)) {
        let mut document = self.json(name);
        edit(&mut document);
        fs::write(self.root.join(name), document.to_string()).unwrap();
    }

    fn regen(&self, arguments: &[&str]) -> Outcome {
        run(&[&["regen", "--root", self.root.to_str().unwrap()], arguments].concat())
    }

    /// Every file below the workspace, with its bytes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    /// Asserts that `regen` with `arguments` fails with one line that holds `reason`, and changes no file.
    fn refuses(&self, arguments: &[&str], reason: &str) {
        let before = self.files();
        let outcome = self.regen(arguments);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.error.starts_with("error: "), "{outcome:?}");
        assert!(outcome.error.contains(reason), "{reason}: {outcome:?}");
        assert_eq!(outcome.error.lines().count(), 1, "{outcome:?}");
        assert!(self.files() == before, "files have changed: {outcome:?}");
    }
}

fn run(arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("RUST_BACKTRACE", "1")
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}

fn remove(document: &mut Value, pointer: &str, key: &str) {
    let object = document
        .pointer_mut(pointer)
        .unwrap()
        .as_object_mut()
        .unwrap();
    assert!(object.remove(key).is_some(), "{pointer} has no {key}");
}

#[test]
fn the_committed_client_is_what_openapi_makes() {
    let outcome = run(&["regen", "--check"]);
    assert_eq!(
        (outcome.code, outcome.error.as_str()),
        (0, ""),
        "{}",
        outcome.out
    );
}

#[test]
fn no_argument_prints_help_and_a_wrong_one_exits_with_2() {
    let help = run(&[]);
    assert_eq!(help.code, 0, "{help:?}");
    assert!(
        help.out.contains("regen  Make openapi/github.json"),
        "{help:?}"
    );
    assert_eq!(run(&["regen", "--form", "a.json"]).code, 2);
}

#[test]
fn the_description_that_was_taken_changes_nothing() {
    let workspace = Workspace::new("same");
    let before = workspace.files();
    let outcome = workspace.regen(&["--from", &workspace.description(|_| {})]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(outcome.out, "Nothing that a caller sees has changed.\n");
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
    assert_eq!(
        outcome.out.matches("operation added").count(),
        10,
        "{outcome:?}"
    );
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
fn check_of_another_description_says_what_changed_and_writes_nothing() {
    let workspace = Workspace::new("check-from");
    let from = workspace.description(|document| {
        remove(document, &format!("{SECRET}/put/responses"), "422");
    });
    let before = workspace.files();
    let outcome = workspace.regen(&["--check", "--from", &from]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.out.contains("response 422: status gone"),
        "{outcome:?}"
    );
    assert!(
        outcome
            .error
            .contains(&format!("run `cargo xtask regen --from {from}`")),
        "{outcome:?}"
    );
    assert!(workspace.files() == before);
}

#[test]
fn operations_that_are_taken_show_up_as_additions() {
    let workspace = Workspace::new("additions");
    let from = workspace.description(|_| {});
    workspace.edit("openapi/github.json", |document| {
        let kept = ["create-or-update-org-secret", "get-org-public-key", "get"];
        for item in document["paths"].as_object_mut().unwrap().values_mut() {
            item.as_object_mut().unwrap().retain(|_, operation| {
                let id = operation["operationId"].as_str().unwrap();
                kept.contains(&id.split_once('/').unwrap().1)
            });
        }
    });
    let outcome = workspace.regen(&["--from", &from]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let lines: Vec<&str> = outcome
        .out
        .lines()
        .filter(|line| line.starts_with("- "))
        .collect();
    let secret = "/orgs/{org}/codespaces/secrets/{secret_name}";
    let expected = [
        (
            "add-selected-repo-to-org-secret",
            format!("PUT {secret}/repositories/{{repository_id}}"),
        ),
        ("delete-org-secret", format!("DELETE {secret}")),
        ("get-org-secret", format!("GET {secret}")),
        (
            "list-org-secrets",
            "GET /orgs/{org}/codespaces/secrets".to_owned(),
        ),
        (
            "list-selected-repos-for-org-secret",
            format!("GET {secret}/repositories"),
        ),
        (
            "remove-selected-repo-from-org-secret",
            format!("DELETE {secret}/repositories/{{repository_id}}"),
        ),
        (
            "set-selected-repos-for-org-secret",
            format!("PUT {secret}/repositories"),
        ),
    ];
    let expected =
        expected.map(|(id, route)| format!("- `codespaces/{id}`: operation added, {route}"));
    assert_eq!(lines, expected);
}

#[test]
fn a_change_for_a_caller_is_said_and_taken() {
    let sent = format!("{SECRET}/put/requestBody/content/application~1json/schema");
    let stored = "/components/schemas/codespaces-org-secret";
    let changes: [(&str, Edit<'_>, &str); 5] = [
        (
            "field",
            &|document| remove(document, &format!("{stored}/properties"), "updated_at"),
            "`codespaces/get-org-secret`, `codespaces/list-org-secrets`: \
             response schema `codespaces-org-secret`, field `updated_at`: removed",
        ),
        (
            "required",
            &|document| {
                document.pointer_mut(&sent).unwrap()["required"] = json!(["visibility", "key_id"]);
            },
            "`codespaces/create-or-update-org-secret`: request body, field `key_id`: made required",
        ),
        (
            "value",
            &|document| {
                document.pointer_mut(&sent).unwrap()["properties"]["visibility"]["enum"] =
                    json!(["all", "selected"]);
            },
            "`codespaces/create-or-update-org-secret`: \
             request body, field `visibility`: value `private` gone",
        ),
        (
            "status",
            &|document| remove(document, &format!("{SECRET}/put/responses"), "204"),
            "`codespaces/create-or-update-org-secret`: response 204: status gone",
        ),
        (
            "operation",
            &|document| {
                let path = document["paths"]["/repos/{owner}/{repo}"].take();
                document["paths"]["/repositories/{owner}/{repo}"] = path;
            },
            "`repos/get`: moved from GET /repos/{owner}/{repo} to GET /repositories/{owner}/{repo}",
        ),
    ];
    for (name, edit, words) in changes {
        let workspace = Workspace::new(name);
        let before = workspace.files();
        let outcome = workspace.regen(&["--from", &workspace.description(edit)]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        let expected = format!(
            "What has changed for a caller:\n\n- {words}\n\n\
             wrote openapi/github.json\nwrote client/src/generated.rs\n"
        );
        assert_eq!(outcome.out, expected);
        let after = workspace.files();
        assert!(after.keys().eq(before.keys()), "{:?}", after.keys());
        assert_eq!(
            workspace.regen(&["--check"]).code,
            0,
            "what was written is not up to date"
        );
    }
}

#[test]
fn a_file_that_is_no_description_changes_no_file() {
    let workspace = Workspace::new("no-description");
    for (text, reason) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        (
            "<!DOCTYPE html>",
            "not JSON: expected value at line 1 column 1",
        ),
        (
            "openapi: 3.0.3\n",
            "this looks like YAML: take the description as JSON",
        ),
        (
            "[]",
            "not an OpenAPI 3.0 description: the document is an array, not an object",
        ),
        (
            r#"{"swagger": "2.0"}"#,
            "not an OpenAPI 3.0 description: it is Swagger 2.0",
        ),
        (
            r#"{"openapi": "3.1.0"}"#,
            "not an OpenAPI 3.0 description: it is OpenAPI 3.1.0",
        ),
        (
            r#"{"openapi": "3.0.3"}"#,
            "the description has no operation `codespaces/add-",
        ),
    ] {
        workspace.refuses(&["--from", &workspace.beside(text)], reason);
    }
    workspace.refuses(
        &["--from", "no/such/file.json"],
        "cannot read no/such/file.json: ",
    );
    workspace.refuses(&["--from", env!("CARGO_TARGET_TMPDIR")], "cannot read ");
}

#[test]
fn a_description_that_cannot_be_taken_changes_no_file() {
    let answers = format!("{SECRET}/put/responses");
    let edits: [(Edit<'_>, &str); 6] = [
        (
            &|document| remove(document, SECRET, "put"),
            "the description has no operation `codespaces/create-or-update-org-secret`",
        ),
        (
            &|document| remove(document, "/components/schemas", "codespaces-org-secret"),
            "refers to `#/components/schemas/codespaces-org-secret`, which the description does not have",
        ),
        (
            &|document| {
                document.pointer_mut(&answers).unwrap()["201"] = json!({ "$ref": "other.json#/a" });
            },
            "operation `codespaces/create-or-update-org-secret` refers to `other.json#/a`",
        ),
        (
            &|document| {
                let content = json!({ "application/json": { "schema": { "type": "string" } } });
                document.pointer_mut(&answers).unwrap()["202"] =
                    json!({ "description": "", "content": content });
            },
            "no client can be generated for operation `codespaces/create-or-update-org-secret`: \
             its successes, or its failures, differ in their bodies",
        ),
        (
            &|document| {
                document.pointer_mut(SECRET).unwrap()["get"]["parameters"] =
                    json!([{ "name": "a", "in": "path", "schema": { "type": "string" } }]);
            },
            "no client can be generated for operation `codespaces/get-org-secret`: ",
        ),
        (
            &|document| {
                remove(
                    document,
                    "/components/schemas/codespaces-public-key/properties",
                    "key_id",
                )
            },
            "openapi/overlay.json: overlay action 7, target `$.components.schemas.*.properties.key_id`: the target matches nothing",
        ),
    ];
    let workspace = Workspace::new("not-taken");
    for (edit, reason) in edits {
        workspace.refuses(&["--from", &workspace.description(edit)], reason);
    }
}

#[test]
fn a_wrong_list_or_overlay_changes_no_file() {
    let workspace = Workspace::new("wrong-list");
    workspace.edit("openapi/operations.json", |list| list[1] = list[0].clone());
    workspace.refuses(
        &[],
        "openapi/operations.json: not a list of operations: it names `codespaces/add-",
    );

    let workspace = Workspace::new("wrong-overlay");
    workspace.edit("openapi/overlay.json", |overlay| {
        overlay["overlay"] = json!("2.0.0")
    });
    workspace.refuses(
        &[],
        "openapi/overlay.json: not an Overlay 1.0 document: its version is 2.0.0",
    );

    let workspace = Workspace::new("wrong-target");
    workspace.edit("openapi/overlay.json", |overlay| {
        overlay["actions"][2]["target"] = json!("$.paths['/gone']");
    });
    workspace.refuses(
        &[],
        "overlay action 3, target `$.paths['/gone']`: the target matches nothing",
    );
}

#[test]
fn an_operation_that_was_not_taken_yet_asks_for_the_whole_description() {
    let workspace = Workspace::new("one-more");
    workspace.edit("openapi/operations.json", |list| {
        list.as_array_mut()
            .unwrap()
            .push(json!("actions/list-org-secrets"));
    });
    workspace.refuses(
        &[],
        "the description has no operation `actions/list-org-secrets`",
    );
    workspace.refuses(&["--check"], "`--from FILE`");
}

#[test]
fn when_one_file_cannot_be_written_none_is() {
    let workspace = Workspace::new("unwritable");
    let from = workspace.description(|document| document["servers"][0]["url"] = json!("https://b"));
    fs::remove_dir_all(workspace.root.join("client")).unwrap();
    workspace.refuses(&["--from", &from], "cannot write ");
}
