//! Changes of whole operations, and of what surrounds them.

use serde_json::{Value, json};

use crate::{ACCOUNT, SECRET, base, between, changes_after, remove};

#[test]
fn the_same_description_has_no_changes() {
    assert_eq!(changes_after("", |_| {}), [""; 0]);
}

#[test]
fn prose_examples_and_components_out_of_reach_are_no_changes() {
    assert_eq!(
        changes_after(SECRET, |secret| secret["description"] = json!("Words.")),
        [""; 0]
    );
    assert_eq!(
        changes_after(SECRET, |secret| secret["properties"]["name"]["example"] =
            json!("A")),
        [""; 0]
    );
    assert_eq!(
        changes_after("/components/schemas", |schemas| schemas["lonely"] =
            json!({ "type": "string" })),
        [""; 0]
    );
}

#[test]
fn an_operation_is_added() {
    let change = |paths: &mut Value| {
        paths["/new"] = json!({ "delete": { "operationId": "delete", "responses": {} } });
    };
    assert_eq!(
        changes_after("/paths", change),
        ["compatible: `delete`: operation added, DELETE /new"]
    );
}

#[test]
fn an_operation_is_removed() {
    assert_eq!(
        changes_after("/paths/~1secrets", |path| remove(path, "get")),
        ["breaking: `list`: operation removed, was GET /secrets"]
    );
}

#[test]
fn an_operation_moves() {
    let change = |paths: &mut Value| {
        paths["/all"] = paths["/secrets"].take();
    };
    assert_eq!(
        changes_after("/paths", change),
        ["breaking: `list`: moved from GET /secrets to GET /all"]
    );
}

#[test]
fn an_operation_is_deprecated() {
    let change = |list: &mut Value| list["deprecated"] = json!(true);
    assert_eq!(
        changes_after("/paths/~1secrets/get", change),
        ["compatible: `list`: `deprecated` added: true"]
    );
}

#[test]
fn breaking_changes_come_first() {
    let change = |document: &mut Value| {
        document["paths"]["/secrets"]["get"]["deprecated"] = json!(true);
        remove(&mut document["paths"]["/secrets/{name}"], "put");
    };
    assert_eq!(
        changes_after("", change),
        [
            "breaking: `put`: operation removed, was PUT /secrets/{name}",
            "compatible: `list`: `deprecated` added: true",
        ]
    );
}

#[test]
fn the_address_of_the_api_changes() {
    let change = |servers: &mut Value| servers[0]["url"] = json!("https://new.example");
    assert_eq!(
        changes_after("/servers", change),
        [
            r#"breaking: address of the API: changed from [{"url":"https://api.example"}] to [{"url":"https://new.example"}]"#
        ]
    );
}

#[test]
fn a_component_that_contains_itself_has_one_change() {
    assert_eq!(
        changes_after(ACCOUNT, |account| account["properties"]["id"]["format"] =
            json!("int64")),
        [
            "compatible: `get`, `list`: response schema `account`, field `id`: changed from integer to integer (int64)"
        ]
    );
}

#[test]
fn a_schema_that_moves_into_a_component_is_no_change() {
    let inlined = |document: &mut Value| {
        let account = document["components"]["schemas"]["account"].clone();
        document["components"]["schemas"]["secret"]["properties"]["owner"] = account;
    };
    assert_eq!(changes_after("", inlined), [""; 0]);
    let mut old = base();
    inlined(&mut old);
    assert_eq!(between(&old, &base()), [""; 0]);
}

#[test]
fn a_component_gets_another_name() {
    let renamed = |document: &mut Value| {
        let secret = document["components"]["schemas"]["secret"].take();
        let text = document.to_string();
        let text = text.replace("schemas/secret", "schemas/repository-secret");
        *document = serde_json::from_str(&text).unwrap();
        document["components"]["schemas"]["repository-secret"] = secret;
    };
    let what = "schema `secret` replaced by `repository-secret`";
    assert_eq!(
        changes_after("", renamed),
        [
            format!("compatible: `get`: response 200: {what}"),
            format!("compatible: `list`: response 200, field `[]`: {what}"),
        ]
    );
}
