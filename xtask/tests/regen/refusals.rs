use std::fs;

use serde_json::json;

use crate::workspace::{Edit, SECRET, Workspace, remove};

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
    workspace.refuses(&["--from", &from], "cannot write client/src/generated.rs: ");
}
