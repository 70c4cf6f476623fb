use std::fs;

use serde_json::json;

use crate::workspace::{Edit, SECRET, Workspace, remove, run};

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
    assert_eq!(
        outcome.out,
        "Nothing that a caller sees has changed.\n\
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
