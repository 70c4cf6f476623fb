//! What does not fit is refused, with what to do, and nothing is written.

use std::fs;

use serde_json::{Value, json};

use crate::workspace::{Outcome, SECRET, Workspace, remove};

/// Asserts that a description after `edit` is refused with nothing written, and returns what is
/// reported.
fn refused(name: &str, edit: impl Fn(&mut Value)) -> Outcome {
    let workspace = Workspace::new(name);
    let before = workspace.files();
    let outcome = workspace.regen_from(edit);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        workspace.files() == before,
        "files have changed: {outcome:?}"
    );
    let remedies = outcome.error.matches("\n  To do: ").count();
    assert_eq!(remedies, outcome.problems().len(), "{outcome:?}");
    outcome
}

#[test]
fn an_operation_that_is_gone() {
    let outcome = refused("gone", |document| remove(document, SECRET, "put"));
    let id = "codespaces/create-or-update-org-secret";
    let route = "PUT /orgs/{org}/codespaces/secrets/{secret_name}";
    assert_eq!(
        outcome.changes(),
        [format!("breaking: `{id}`: operation removed, was {route}")]
    );
    assert_eq!(
        outcome.problems(),
        [format!("the description has no operation `{id}`")]
    );
    let remedy = "remove it from openapi/operations.json, from openapi/families.json, and from the code that calls it";
    assert!(outcome.error.contains(remedy), "{outcome:?}");
}

#[test]
fn an_operation_that_is_called_otherwise() {
    let outcome = refused("renamed", |document| {
        document.pointer_mut(SECRET).unwrap()["get"]["operationId"] =
            json!("codespaces/read-secret");
    });
    assert_eq!(
        outcome.problems(),
        ["the description has no operation `codespaces/get-org-secret`"]
    );
    let remedy = "GitHub calls it `codespaces/read-secret` now: rename it";
    assert!(outcome.error.contains(remedy), "{outcome:?}");
}

#[test]
fn an_operation_that_stands_on_two_routes() {
    let outcome = refused("twice", |document| {
        let repository = document["paths"]["/repos/{owner}/{repo}"].clone();
        document["paths"]["/repositories/{id}"] = repository;
    });
    assert_eq!(
        outcome.problems(),
        [
            "the description has operation `repos/get` twice: GET /repos/{owner}/{repo} and GET /repositories/{id}"
        ]
    );
}

#[test]
fn a_field_that_one_request_of_a_family_names_otherwise() {
    let outcome = refused("member", |document| {
        let path = "/paths/~1repos~1{owner}~1{repo}~1agents~1secrets~1{secret_name}";
        let sent = format!("{path}/put/requestBody/content/application~1json/schema");
        let sent = document.pointer_mut(&sent).unwrap();
        sent["properties"]["sealed_value"] = sent["properties"]["encrypted_value"].take();
        sent["required"] = json!(["sealed_value", "key_id"]);
        remove(sent, "/properties", "encrypted_value");
    });
    let place = "`agents/create-or-update-repo-secret`: request body, field";
    assert_eq!(
        outcome.changes(),
        [
            format!("breaking: {place} `encrypted_value`: removed, was required"),
            format!("breaking: {place} `sealed_value`: added, required"),
        ]
    );
    assert_eq!(
        outcome.problems(),
        [
            "family `SetSecret`: request of `agents/create-or-update-repo-secret`: no field `encrypted_value`"
        ]
    );
}

#[test]
fn a_field_that_an_overlay_action_names() {
    let outcome = refused("action", |document| {
        let schemas = "/components/schemas";
        let registry = "org-private-registry-configuration-with-selected-repositories";
        let fields = document.pointer_mut(&format!("{schemas}/{registry}/properties"));
        let fields = fields.unwrap();
        fields["repository_ids"] = fields["selected_repository_ids"].take();
        remove(fields, "", "selected_repository_ids");
    });
    let place = "`private-registries/create-org-private-registry`: response schema \
         `org-private-registry-configuration-with-selected-repositories`, field";
    assert_eq!(
        outcome.changes(),
        [
            format!("compatible: {place} `repository_ids`: added, optional"),
            format!("compatible: {place} `selected_repository_ids`: removed, was optional"),
        ]
    );
    let problems = outcome.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("overlay action "), "{problems:?}");
    assert!(
        problems[0].ends_with("the target matches nothing"),
        "{problems:?}"
    );
}

#[test]
fn a_field_that_the_client_reads_of_a_repository() {
    let outcome = refused("repository", |document| {
        remove(
            document,
            "/components/schemas/full-repository/properties",
            "full_name",
        );
    });
    assert_eq!(
        outcome.changes(),
        [
            "breaking: `repos/get`: response schema `full-repository`, field `full_name`: removed, was required"
        ]
    );
    let problems = outcome.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].ends_with("full-repository/properties: no `full_name` to keep"),
        "{problems:?}"
    );
}

#[test]
fn a_member_of_a_family_whose_type_does_not_fit() {
    let outcome = refused("misfit", |document| {
        let secret = "/components/schemas/dependabot-secret/properties";
        document.pointer_mut(secret).unwrap()["name"] =
            json!({ "type": "object", "properties": {} });
    });
    assert_eq!(
        outcome.problems(),
        [
            "family `SecretPage`: response of `dependabot/list-repo-secrets`: \
             field `secrets`: items: field `name`: of different types: object, string",
            "family `Secret`: response of `dependabot/get-repo-secret`: field `name`: of different types: object, string",
        ]
    );
}

#[test]
fn a_reference_that_leads_nowhere() {
    let outcome = refused("dangling", |document| {
        remove(document, "/components/parameters", "page");
    });
    assert_eq!(
        outcome.problems(),
        [
            "operation `repos/list-for-org` refers to `#/components/parameters/page`, \
          which the description does not have"
        ]
    );
}

#[test]
fn an_operation_that_the_generator_cannot_take() {
    let outcome = refused("two-kinds", |document| {
        let content = json!({ "application/json": { "schema": { "type": "string" } } });
        let responses = document.pointer_mut(&format!("{SECRET}/put/responses"));
        responses.unwrap()["202"] = json!({ "description": "", "content": content });
        let header = json!({ "name": "a", "in": "header", "schema": { "type": "string" } });
        let parameters = document.pointer_mut(&format!("{SECRET}/get/parameters"));
        parameters.unwrap().as_array_mut().unwrap().push(header);
    });
    let problems = outcome.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    let refusal = "no client can be generated for `codespaces/";
    let parameter = "get-org-secret`: its parameter `a` is in `header`";
    assert!(problems[0].starts_with(&format!("{refusal}{parameter}")));
    let successes = "create-or-update-org-secret`: its successes";
    assert!(problems[1].starts_with(&format!("{refusal}{successes}")));
}

#[test]
fn everything_that_changed_is_reported_with_everything_that_does_not_fit() {
    let outcome = refused("together", |document| {
        remove(document, SECRET, "delete");
        remove(
            document,
            "/components/schemas/dependabot-secret/properties",
            "name",
        );
        let kind = "/paths/~1orgs~1{org}~1private-registries/post/requestBody/content/application~1json/schema";
        remove(document, &format!("{kind}/properties"), "username");
        remove(document, &format!("{SECRET}/put/responses"), "204");
        let patch = "/paths/~1orgs~1{org}~1private-registries~1{secret_name}/patch/requestBody";
        let patch = format!("{patch}/content/application~1json/schema/properties");
        remove(document, &patch, "username");
    });
    assert_eq!(
        outcome.changes(),
        [
            "breaking: `codespaces/create-or-update-org-secret`: response 204: status removed",
            "breaking: `codespaces/delete-org-secret`: operation removed, \
             was DELETE /orgs/{org}/codespaces/secrets/{secret_name}",
            "breaking: `dependabot/get-repo-secret`, `dependabot/list-repo-secrets`: \
             response schema `dependabot-secret`, field `name`: removed, was required",
            "breaking: `private-registries/create-org-private-registry`, `private-registries/update-org-private-registry`: \
             request body, field `username`: removed, was optional",
        ]
    );
    assert_eq!(
        outcome.problems(),
        [
            "the description has no operation `codespaces/delete-org-secret`",
            "overlay action 7, target `$.paths[*].patch.requestBody..properties.username`: the target matches nothing",
            "family `Secret`: response of `dependabot/get-repo-secret`: no field `name`",
        ]
    );
}

#[test]
fn a_file_that_is_no_description() {
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
fn a_description_of_something_else() {
    let outcome = refused("something-else", |document| document["paths"] = json!({}));
    assert_eq!(
        outcome.problems(),
        ["the description has none of the operations in openapi/operations.json"]
    );
    assert_eq!(outcome.out, "");
}

#[test]
fn a_file_in_openapi_that_is_wrong() {
    type Edit = fn(&mut Value);
    let edits: [(&str, Edit, &str); 4] = [
        (
            "operations.json",
            |list| list[1] = list[0].clone(),
            "openapi/operations.json: not a list of operations: it names `actions/add-",
        ),
        (
            "overlay.json",
            |overlay| overlay["overlay"] = json!("2.0.0"),
            "openapi/overlay.json: not an Overlay 1.0 document: its version is 2.0.0",
        ),
        (
            "families.json",
            |families| families[1] = families[0].clone(),
            "openapi/families.json: not a list of families: it names `SetSecret` twice",
        ),
        (
            "words.json",
            |words| words["stores"][0]["owner"] = json!("nobody"),
            "openapi/words.json: not a table of words: it has no owner `nobody`",
        ),
    ];
    for (name, edit, reason) in edits {
        let workspace = Workspace::new(&format!("wrong-{name}"));
        workspace.edit(&format!("openapi/{name}"), edit);
        workspace.refuses(&[], reason);
        fs::remove_file(workspace.root.join("openapi").join(name)).unwrap();
        workspace.refuses(&[], &format!("cannot read openapi/{name}: "));
    }
}

#[test]
fn an_operation_that_was_not_taken_yet_asks_for_the_whole_description() {
    let workspace = Workspace::new("one-more");
    workspace.edit("openapi/operations.json", |list| {
        list.as_array_mut()
            .unwrap()
            .push(json!("actions/list-org-variables"));
    });
    for arguments in [[].as_slice(), &["--check"]] {
        let outcome = workspace.regen(arguments);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert_eq!(
            outcome.problems(),
            ["the description has no operation `actions/list-org-variables`"]
        );
        assert!(
            outcome
                .error
                .contains("run `cargo xtask regen --from FILE`"),
            "{outcome:?}"
        );
    }
}
