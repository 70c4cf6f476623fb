//! What changes in the description is reported as breaking or compatible.

use std::fs;

use serde_json::{Value, json};

use crate::workspace::{Outcome, SECRET, Workspace, remove};

const REPO_SECRET: &str = "/paths/~1repos~1{owner}~1{repo}~1agents~1secrets~1{secret_name}";
const REGISTRIES: &str = "/paths/~1orgs~1{org}~1private-registries";
const SENT: &str = "requestBody/content/application~1json/schema";

/// Asserts that a description after `edit` is taken, and returns what is reported.
fn taken(name: &str, edit: impl Fn(&mut Value)) -> (Workspace, Outcome) {
    let workspace = Workspace::new(name);
    let before = workspace.files();
    let outcome = workspace.regen_from(edit);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let after = workspace.files();
    assert!(after.keys().eq(before.keys()), "{:?}", after.keys());
    let check = workspace.regen(&["--check"]);
    assert_eq!(
        check.code, 0,
        "what was written is not up to date: {check:?}"
    );
    (workspace, outcome)
}

/// Asserts that a description after `edit` is taken and that these are all changes.
fn reports(name: &str, edit: impl Fn(&mut Value), changes: &[&str]) {
    let (_, outcome) = taken(name, edit);
    assert_eq!(outcome.changes(), changes);
    assert!(
        outcome.out.starts_with("Changes in the client:\n\n- "),
        "{outcome:?}"
    );
    assert!(
        outcome.out.contains("\nwrote openapi/github.json\n"),
        "{outcome:?}"
    );
}

/// Asserts that a description after `edit` is taken and that these are all changes, in parts
/// that the client leaves out.
fn reports_as_left_out(name: &str, edit: impl Fn(&mut Value), changes: &[&str]) {
    let (_, outcome) = taken(name, edit);
    assert_eq!(outcome.changes(), changes);
    let heading = "Nothing changes in the client.\n\n\
         Changes in parts of GitHub's description that the client leaves out:\n\n- ";
    assert!(outcome.out.starts_with(heading), "{outcome:?}");
}

#[test]
fn a_field_that_one_operation_of_a_family_requires() {
    let (workspace, outcome) = taken("required-field", |document| {
        let sent = at(document, &format!("{REPO_SECRET}/put/{SENT}"));
        sent["properties"]["note"] = json!({ "type": "string" });
        sent["required"] = json!(["encrypted_value", "key_id", "note"]);
    });
    assert_eq!(
        outcome.changes(),
        [
            "breaking: `agents/create-or-update-repo-secret`: request body, field `note`: added, required"
        ]
    );
    let source = fs::read_to_string(workspace.root.join("client/src/generated.rs")).unwrap();
    let note = "pub note: ::std::option::Option<::std::string::String>";
    assert_eq!(
        source.matches(note).count(),
        1,
        "the family has no such field"
    );
}

#[test]
fn a_field_that_one_operation_of_a_family_takes() {
    reports(
        "optional-field",
        |document| {
            let sent = at(document, &format!("{REPO_SECRET}/put/{SENT}"));
            sent["properties"]["note"] = json!({ "type": "string" });
        },
        &[
            "compatible: `agents/create-or-update-repo-secret`: request body, field `note`: added, optional",
        ],
    );
}

#[test]
fn a_field_that_one_operation_of_a_family_requires_from_now_on() {
    reports(
        "made-required",
        |document| {
            let sent = at(document, &format!("{SECRET}/put/{SENT}"));
            sent["required"] = json!(["visibility", "key_id"]);
        },
        &[
            "breaking: `codespaces/create-or-update-org-secret`: request body, field `key_id`: made required",
        ],
    );
}

#[test]
fn a_type_in_one_response_of_a_family() {
    reports(
        "type",
        |document| {
            let secret = at(document, "/components/schemas/dependabot-secret");
            secret["properties"]["name"]["type"] = json!("integer");
        },
        &[
            "breaking: `dependabot/get-repo-secret`, `dependabot/list-repo-secrets`: \
           response schema `dependabot-secret`, field `name`: changed from string to integer",
        ],
    );
}

#[test]
fn the_type_of_the_ids_that_one_operation_takes() {
    let agents = "/paths/~1orgs~1{org}~1agents~1secrets~1{secret_name}";
    let dependabot = "/paths/~1orgs~1{org}~1dependabot~1secrets~1{secret_name}";
    let ids = |path: &str| format!("{path}/put/{SENT}/properties/selected_repository_ids/items");
    reports(
        "ids",
        |document| {
            *at(document, &ids(agents)) =
                json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] });
            *at(document, &ids(dependabot)) = json!({ "type": "integer" });
        },
        &[
            "breaking: `dependabot/create-or-update-org-secret`: \
             request body, field `selected_repository_ids[]`: changed from integer or string to integer",
            "compatible: `agents/create-or-update-org-secret`: \
             request body, field `selected_repository_ids[]`: changed from integer to integer or string",
        ],
    );
}

#[test]
fn a_success_that_one_operation_has_from_now_on() {
    reports(
        "success",
        |document| {
            at(document, &format!("{SECRET}/delete/responses"))["202"] =
                json!({ "description": "" });
        },
        &["compatible: `codespaces/delete-org-secret`: response 202: status added"],
    );
}

#[test]
fn a_success_that_one_operation_has_no_longer() {
    reports(
        "no-success",
        |document| remove(document, &format!("{SECRET}/put/responses"), "204"),
        &["breaking: `codespaces/create-or-update-org-secret`: response 204: status removed"],
    );
}

#[test]
fn a_failure_that_one_operation_has_from_now_on() {
    reports_as_left_out(
        "failure",
        |document| {
            at(document, &format!("{REPO_SECRET}/put/responses"))["422"] =
                json!({ "description": "" });
        },
        &["compatible: `agents/create-or-update-repo-secret`: response 422: status added"],
    );
}

#[test]
fn a_value_that_one_request_can_have() {
    reports(
        "sent-value",
        |document| {
            let kind = at(
                document,
                &format!("{REGISTRIES}/post/{SENT}/properties/registry_type"),
            );
            kind["enum"].as_array_mut().unwrap().push(json!("swift"));
        },
        &[
            "compatible: `private-registries/create-org-private-registry`: \
           request body, field `registry_type`: value `swift` added",
        ],
    );
}

#[test]
fn a_value_that_one_request_can_have_no_longer() {
    reports(
        "no-value",
        |document| {
            let visibility = at(
                document,
                &format!("{SECRET}/put/{SENT}/properties/visibility"),
            );
            visibility["enum"] = json!(["all", "selected"]);
        },
        &["breaking: `codespaces/create-or-update-org-secret`: \
           request body, field `visibility`: value `private` removed"],
    );
}

#[test]
fn a_value_that_one_response_can_have() {
    reports_as_left_out(
        "received-value",
        |document| {
            let secret = at(document, "/components/schemas/codespaces-secret");
            let values = secret["properties"]["visibility"]["enum"].as_array_mut();
            values.unwrap().push(json!("internal"));
        },
        &[
            "compatible: `codespaces/get-secret-for-authenticated-user`, `codespaces/list-secrets-for-authenticated-user`: \
           response schema `codespaces-secret`, field `visibility`: value `internal` added",
        ],
    );
}

#[test]
fn a_field_that_one_response_of_a_family_has_no_longer() {
    reports(
        "field",
        |document| {
            let fields = "/components/schemas/codespaces-org-secret/properties";
            remove(document, fields, "updated_at");
        },
        &[
            "breaking: `codespaces/get-org-secret`, `codespaces/list-org-secrets`: \
           response schema `codespaces-org-secret`, field `updated_at`: removed, was required",
        ],
    );
}

#[test]
fn a_parameter_that_is_required_from_now_on() {
    let (_, outcome) = taken("parameter", |document| {
        at(document, "/components/parameters/page")["required"] = json!(true);
    });
    let changes = outcome.changes();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(
        changes[0].starts_with("breaking: `actions/list-environment-secrets`, "),
        "{changes:?}"
    );
    assert!(
        changes[0].ends_with("`: query parameter `page`: made required"),
        "{changes:?}"
    );
    // All lists but the one that has no pages: secrets of stores, what organizations share,
    // repositories, registries.
    assert_eq!(changes[0].matches("/list-").count(), 18, "{changes:?}");
}

#[test]
fn an_operation_that_moves() {
    reports(
        "moves",
        |document| {
            let path = document["paths"]["/repos/{owner}/{repo}"].take();
            document["paths"]["/repositories/{owner}/{repo}"] = path;
            remove(document, "/paths", "/repos/{owner}/{repo}");
        },
        &[
            "breaking: `repos/get`: moved from GET /repos/{owner}/{repo} to GET /repositories/{owner}/{repo}",
        ],
    );
}

#[test]
fn a_component_that_is_called_otherwise() {
    let renamed = |document: &mut Value| {
        let text = document.to_string();
        let text = text.replace("dependabot-public-key", "dependabot-key");
        *document = serde_json::from_str(&text).unwrap();
    };
    let (workspace, outcome) = taken("component", renamed);
    assert_eq!(
        outcome.changes(),
        [
            "compatible: `dependabot/get-org-public-key`, `dependabot/get-repo-public-key`: \
          response 200: schema `dependabot-public-key` replaced by `dependabot-key`"
        ]
    );
    let generated = "client/src/generated.rs";
    let committed = Workspace::new("component-before");
    assert_eq!(
        fs::read(workspace.root.join(generated)).unwrap(),
        fs::read(committed.root.join(generated)).unwrap(),
        "the client is another"
    );
}

#[test]
fn a_field_that_the_client_reads_of_a_repository() {
    reports(
        "repository",
        |document| {
            let fields = "/components/schemas/full-repository/properties";
            at(document, fields)["archived"]["type"] = json!("string");
        },
        &[
            "breaking: `repos/get`: response schema `full-repository`, field `archived`: changed from boolean to string",
        ],
    );
}

#[test]
fn a_field_that_the_client_does_not_read_of_a_repository() {
    reports_as_left_out(
        "repository-unread",
        |document| {
            let fields = "/components/schemas/full-repository/properties";
            at(document, fields)["forks_url"]["type"] = json!("integer");
        },
        &[
            "compatible: `repos/get`: response schema `full-repository`, field `forks_url`: \
           changed from string (uri) to integer (uri)",
        ],
    );
}

#[test]
fn a_body_that_moves_into_a_component_is_no_change() {
    let move_body = |document: &mut Value| {
        let body = at(document, &format!("{SECRET}/put/requestBody"));
        let schema = body["content"]["application/json"]["schema"].take();
        body["content"]["application/json"]["schema"] =
            json!({ "$ref": "#/components/schemas/set-secret" });
        document["components"]["schemas"]["set-secret"] = schema;
    };
    let (_, outcome) = taken("moved-body", move_body);
    assert_eq!(
        outcome.out,
        "Nothing changes in the client.\nwrote openapi/github.json\n"
    );
}

#[test]
fn a_limit_of_what_is_sent_that_the_client_does_not_check() {
    reports_as_left_out(
        "pattern",
        |document| {
            let sent = at(document, &format!("{REPO_SECRET}/put/{SENT}/properties"));
            sent["key_id"]["pattern"] = json!("^[0-9]+$");
        },
        &[
            "breaking: `agents/create-or-update-repo-secret`: request body, field `key_id`: `pattern` added: \"^[0-9]+$\"",
        ],
    );
}

#[test]
fn operations_that_are_taken_from_now_on() {
    let workspace = Workspace::new("additions");
    let from = workspace.description(|_| {});
    let kept = ["dependabot/get-repo-secret", "dependabot/list-repo-secrets"];
    workspace.edit("openapi/github.json", |document| {
        for item in document["paths"].as_object_mut().unwrap().values_mut() {
            item.as_object_mut().unwrap().retain(|_, operation| {
                let id = operation["operationId"].as_str().unwrap();
                !id.starts_with("dependabot/") || id.contains("-org-") || kept.contains(&id)
            });
        }
    });
    let outcome = workspace.regen(&["--from", &from]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let secrets = "/repos/{owner}/{repo}/dependabot/secrets";
    assert_eq!(
        outcome.changes(),
        [
            format!(
                "compatible: `dependabot/create-or-update-repo-secret`: operation added, PUT {secrets}/{{secret_name}}"
            ),
            format!(
                "compatible: `dependabot/delete-repo-secret`: operation added, DELETE {secrets}/{{secret_name}}"
            ),
            format!(
                "compatible: `dependabot/get-repo-public-key`: operation added, GET {secrets}/public-key"
            ),
        ]
    );
}

fn at<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Value {
    document.pointer_mut(pointer).unwrap()
}
