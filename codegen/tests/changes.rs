//! The words for each kind of change between two descriptions.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, changes};
use serde_json::{Value, json};

fn base() -> Value {
    json!({
        "openapi": "3.0.3",
        "servers": [{ "url": "https://api.example" }],
        "paths": {
            "/secrets": { "get": {
                "operationId": "list",
                "parameters": [{ "$ref": "#/components/parameters/page" }],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": { "Link": { "schema": { "type": "string" } } },
                        "content": { "application/json": { "schema": {
                            "type": "array", "items": { "$ref": "#/components/schemas/secret" },
                        } } },
                    },
                    "404": { "description": "" },
                },
            } },
            "/secrets/{name}": {
                "parameters": [
                    { "name": "name", "in": "path", "required": true, "schema": { "type": "string" } },
                ],
                "get": {
                    "operationId": "get",
                    "responses": { "200": {
                        "description": "",
                        "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/secret" },
                        } },
                    } },
                },
                "put": {
                    "operationId": "put",
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": {
                            "type": "object",
                            "required": ["visibility"],
                            "properties": {
                                "value": { "type": "string", "maxLength": 9 },
                                "visibility": { "type": "string", "enum": ["all", "private"] },
                                "ids": { "type": "array", "items": {
                                    "anyOf": [{ "type": "integer" }, { "type": "string" }],
                                } },
                            },
                        } } },
                    },
                    "responses": { "204": { "description": "" } },
                },
            },
        },
        "components": {
            "parameters": {
                "page": { "name": "page", "in": "query", "schema": { "type": "integer" } },
            },
            "schemas": { "secret": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": { "type": "string" },
                    "owner": { "$ref": "#/components/schemas/account" },
                },
            }, "account": {
                "type": "object",
                "properties": {
                    "id": { "type": "integer" },
                    "parent": { "$ref": "#/components/schemas/account" },
                },
            } },
        },
    })
}

const SECRET: &str = "/components/schemas/secret";
const ACCOUNT: &str = "/components/schemas/account";
const BODY: &str = "/paths/~1secrets~1{name}/put/requestBody";
const SENT: &str = "/paths/~1secrets~1{name}/put/requestBody/content/application~1json/schema";

/// What is said of the base description after `edit` of what stands at `pointer`.
fn words(pointer: &str, edit: impl Fn(&mut Value)) -> Vec<String> {
    let mut new = base();
    edit(new.pointer_mut(pointer).unwrap());
    let parse = |document: Value| Description::parse(&document.to_string()).unwrap();
    changes(&parse(base()), &parse(new))
}

fn remove(object: &mut Value, key: &str) {
    assert!(object.as_object_mut().unwrap().remove(key).is_some());
}

#[test]
fn the_same_description_has_no_changes() {
    assert_eq!(words("", |_| {}), [""; 0]);
}

#[test]
fn prose_examples_and_components_out_of_reach_are_no_changes() {
    assert_eq!(
        words(SECRET, |secret| secret["description"] = json!("Words.")),
        [""; 0]
    );
    assert_eq!(
        words(SECRET, |secret| secret["properties"]["name"]["example"] =
            json!("A")),
        [""; 0]
    );
    assert_eq!(
        words("/components/schemas", |schemas| schemas["lonely"] =
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
        words("/paths", change),
        ["`delete`: operation added, DELETE /new"]
    );
}

#[test]
fn an_operation_is_removed() {
    let words = words("/paths/~1secrets", |path| remove(path, "get"));
    assert_eq!(words, ["`list`: operation removed, was GET /secrets"]);
}

#[test]
fn an_operation_moves() {
    let change = |paths: &mut Value| {
        paths["/all"] = paths["/secrets"].take();
    };
    assert_eq!(
        words("/paths", change),
        ["`list`: moved from GET /secrets to GET /all"]
    );
}

#[test]
fn an_operation_is_deprecated() {
    let words = words("/paths/~1secrets/get", |list| {
        list["deprecated"] = json!(true)
    });
    assert_eq!(words, ["`list`: `deprecated` added: true"]);
}

#[test]
fn a_parameter_is_added_or_removed() {
    let change = |list: &mut Value| {
        list["parameters"] = json!([{ "name": "sort", "in": "query", "required": true }]);
    };
    assert_eq!(
        words("/paths/~1secrets/get", change),
        [
            "`list`: query parameter `page`: removed",
            "`list`: query parameter `sort`: added, required"
        ]
    );
}

#[test]
fn a_parameter_of_a_path_changes_for_each_of_its_operations() {
    let words = words("/paths/~1secrets~1{name}/parameters/0/schema", |schema| {
        schema["type"] = json!("integer");
    });
    assert_eq!(
        words,
        ["`get`, `put`: path parameter `name`: changed from string to integer"]
    );
}

#[test]
fn a_parameter_is_made_required() {
    let words = words("/components/parameters/page", |page| {
        page["required"] = json!(true)
    });
    assert_eq!(words, ["`list`: query parameter `page`: made required"]);
}

#[test]
fn a_field_that_is_sent_is_added_or_removed() {
    let change = |properties: &mut Value| {
        remove(properties, "value");
        properties["key_id"] = json!({ "type": "string" });
    };
    assert_eq!(
        words(&format!("{SENT}/properties"), change),
        [
            "`put`: request body, field `key_id`: added, optional",
            "`put`: request body, field `value`: removed",
        ]
    );
}

#[test]
fn a_field_that_is_sent_is_made_required_or_optional() {
    assert_eq!(
        words(SENT, |schema| schema["required"] = json!(["value"])),
        [
            "`put`: request body, field `value`: made required",
            "`put`: request body, field `visibility`: made optional",
        ]
    );
}

#[test]
fn a_field_that_is_received_is_told_once_for_all_operations_that_answer_with_it() {
    assert_eq!(
        words(SECRET, |secret| remove(&mut secret["properties"], "name")),
        ["`get`, `list`: response schema `secret`, field `name`: removed"]
    );
    assert_eq!(
        words(SECRET, |secret| secret["required"] = json!([])),
        ["`get`, `list`: response schema `secret`, field `name`: made optional"]
    );
    assert_eq!(
        words(SECRET, |secret| secret["properties"]["name"]["type"] =
            json!("integer")),
        ["`get`, `list`: response schema `secret`, field `name`: changed from string to integer"]
    );
}

#[test]
fn a_component_that_contains_itself_is_told_once() {
    assert_eq!(
        words(ACCOUNT, |account| account["properties"]["id"]["format"] =
            json!("int64")),
        [
            "`get`, `list`: response schema `account`, field `id`: changed from integer to integer (int64)"
        ]
    );
}

#[test]
fn a_field_deep_inside_is_told_with_its_way() {
    let inline = json!({ "type": "object", "properties": { "ids": {
        "type": "array", "items": { "type": "object", "properties": { "n": { "type": "integer" } } },
    } } });
    let old = |document: &mut Value| document["components"]["schemas"]["secret"] = inline.clone();
    let new = |document: &mut Value| {
        old(document);
        let fields = &mut document["components"]["schemas"]["secret"]["properties"];
        remove(&mut fields["ids"]["items"]["properties"], "n");
    };
    let parse = |edit: &dyn Fn(&mut Value)| {
        let mut document = base();
        edit(&mut document);
        Description::parse(&document.to_string()).unwrap()
    };
    assert_eq!(
        changes(&parse(&old), &parse(&new)),
        ["`get`, `list`: response schema `secret`, field `ids[].n`: removed"]
    );
}

#[test]
fn a_field_may_be_null_or_no_longer() {
    assert_eq!(
        words(
            &format!("{SENT}/properties/value"),
            |value| value["nullable"] = json!(true)
        ),
        ["`put`: request body, field `value`: may be null"]
    );
}

#[test]
fn a_value_of_an_enumeration_goes_or_comes() {
    let change = |visibility: &mut Value| visibility["enum"] = json!(["all", "selected"]);
    assert_eq!(
        words(&format!("{SENT}/properties/visibility"), change),
        [
            "`put`: request body, field `visibility`: value `private` gone",
            "`put`: request body, field `visibility`: value `selected` added",
        ]
    );
}

#[test]
fn an_enumeration_begins_or_ends() {
    assert_eq!(
        words(&format!("{SENT}/properties/visibility"), |visibility| {
            remove(visibility, "enum")
        }),
        ["`put`: request body, field `visibility`: takes any value, no longer only some"]
    );
    assert_eq!(
        words(&format!("{SENT}/properties/value"), |value| value["enum"] =
            json!(["a", "b"])),
        ["`put`: request body, field `value`: takes only `a`, `b`, no longer any value"]
    );
}

#[test]
fn a_limit_changes() {
    assert_eq!(
        words(
            &format!("{SENT}/properties/value"),
            |value| value["maxLength"] = json!(3)
        ),
        ["`put`: request body, field `value`: `maxLength` changed from 9 to 3"]
    );
}

#[test]
fn an_alternative_changes_or_goes() {
    let ids = format!("{SENT}/properties/ids/items/anyOf");
    assert_eq!(
        words(&ids, |ids| ids[1]["type"] = json!("boolean")),
        ["`put`: request body, field `ids[]`: changed from string to boolean"]
    );
    assert_eq!(
        words(&ids, |ids| *ids = json!([{ "type": "integer" }])),
        ["`put`: request body, field `ids[]`: 1 instead of 2 alternatives in `anyOf`"]
    );
}

#[test]
fn other_fields_are_allowed_or_not() {
    assert_eq!(
        words(SENT, |schema| schema["additionalProperties"] = json!(false)),
        ["`put`: request body, field `{}`: added: false"]
    );
}

#[test]
fn a_body_goes_or_is_made_optional_or_is_of_another_kind() {
    assert_eq!(
        words("/paths/~1secrets~1{name}/put", |put| remove(
            put,
            "requestBody"
        )),
        ["`put`: request body: removed"]
    );
    assert_eq!(
        words(BODY, |body| body["required"] = json!(false)),
        ["`put`: request body: made optional"]
    );
    assert_eq!(
        words(BODY, |body| {
            body["content"]["text/plain"] = json!({});
            remove(&mut body["content"], "application/json");
        }),
        [
            "`put`: request body: also `text/plain`",
            "`put`: request body: no longer `application/json`"
        ]
    );
}

#[test]
fn a_status_goes_or_comes() {
    let change = |responses: &mut Value| {
        remove(responses, "404");
        responses["304"] = json!({ "description": "" });
    };
    assert_eq!(
        words("/paths/~1secrets/get/responses", change),
        [
            "`list`: response 304: status added",
            "`list`: response 404: status gone"
        ]
    );
}

#[test]
fn a_header_of_an_answer_goes() {
    assert_eq!(
        words("/paths/~1secrets/get/responses/200", |answer| remove(
            answer, "headers"
        )),
        ["`list`: response 200, header `Link`: removed"]
    );
}

#[test]
fn the_address_of_the_api_changes() {
    assert_eq!(
        words("/servers", |servers| servers[0]["url"] =
            json!("https://new.example")),
        [
            r#"address of the API: changed from [{"url":"https://api.example"}] to [{"url":"https://new.example"}]"#
        ]
    );
}

#[test]
fn a_schema_that_moves_into_a_component_is_no_change() {
    let inlined = |document: &mut Value| {
        let account = document["components"]["schemas"]["account"].clone();
        document["components"]["schemas"]["secret"]["properties"]["owner"] = account;
    };
    assert_eq!(words("", inlined), [""; 0]);
}
