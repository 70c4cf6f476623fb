//! Changes of what is sent: parameters and request bodies.

use serde_json::{Value, json};

use crate::{changes_after, remove};

const BODY: &str = "/paths/~1secrets~1{name}/put/requestBody";
const SENT: &str = "/paths/~1secrets~1{name}/put/requestBody/content/application~1json/schema";

/// The changes after `edit` of the field `name` that is sent.
fn field(name: &str, edit: impl Fn(&mut Value)) -> Vec<String> {
    let changes = changes_after(&format!("{SENT}/properties/{name}"), edit);
    let place = ": `put`: request body, field ";
    changes
        .iter()
        .map(|line| line.replacen(place, ": ", 1))
        .collect()
}

#[test]
fn a_parameter_is_added_or_removed() {
    let change = |list: &mut Value| {
        list["parameters"] = json!([
            { "name": "sort", "in": "query", "required": true },
            { "name": "order", "in": "query" },
        ]);
    };
    assert_eq!(
        changes_after("/paths/~1secrets/get", change),
        [
            "breaking: `list`: query parameter `page`: removed",
            "breaking: `list`: query parameter `sort`: added, required",
            "compatible: `list`: query parameter `order`: added, optional",
        ]
    );
}

#[test]
fn a_parameter_of_a_path_changes_for_each_of_its_operations() {
    let change = |schema: &mut Value| schema["type"] = json!("integer");
    assert_eq!(
        changes_after("/paths/~1secrets~1{name}/parameters/0/schema", change),
        ["breaking: `get`, `put`: path parameter `name`: changed from string to integer"]
    );
}

#[test]
fn a_parameter_is_made_required() {
    let change = |page: &mut Value| page["required"] = json!(true);
    assert_eq!(
        changes_after("/components/parameters/page", change),
        ["breaking: `list`: query parameter `page`: made required"]
    );
}

#[test]
fn a_field_is_added_or_removed() {
    let change = |schema: &mut Value| {
        remove(&mut schema["properties"], "value");
        schema["properties"]["key_id"] = json!({ "type": "string" });
        schema["properties"]["note"] = json!({ "type": "string" });
        schema["required"] = json!(["visibility", "key_id"]);
    };
    assert_eq!(
        changes_after(SENT, change),
        [
            "breaking: `put`: request body, field `key_id`: added, required",
            "breaking: `put`: request body, field `value`: removed, was optional",
            "compatible: `put`: request body, field `note`: added, optional",
        ]
    );
}

#[test]
fn a_field_is_made_required_or_optional() {
    assert_eq!(
        changes_after(SENT, |schema| schema["required"] = json!(["value"])),
        [
            "breaking: `put`: request body, field `value`: made required",
            "compatible: `put`: request body, field `visibility`: made optional",
        ]
    );
}

#[test]
fn a_field_may_be_null_or_no_longer() {
    assert_eq!(
        field("value", |value| value["nullable"] = json!(true)),
        ["compatible: `value`: may be null"]
    );
    assert_eq!(
        field("visibility", |it| it["nullable"] = json!(false)),
        ["breaking: `visibility`: may no longer be null"]
    );
}

#[test]
fn a_value_of_an_enumeration_goes_or_comes() {
    let change = |visibility: &mut Value| visibility["enum"] = json!(["all", "selected"]);
    assert_eq!(
        field("visibility", change),
        [
            "breaking: `visibility`: value `private` removed",
            "compatible: `visibility`: value `selected` added",
        ]
    );
}

#[test]
fn an_enumeration_begins_or_ends() {
    assert_eq!(
        field("visibility", |visibility| remove(visibility, "enum")),
        ["compatible: `visibility`: any value, no longer only some"]
    );
    assert_eq!(
        field("value", |value| value["enum"] = json!(["a", "b"])),
        ["breaking: `value`: only `a`, `b`, no longer any value"]
    );
}

#[test]
fn a_limit_is_tightened_or_loosened() {
    for (keyword, limit, expected) in [
        (
            "maxLength",
            json!(3),
            "breaking: `value`: `maxLength` changed from 9 to 3",
        ),
        (
            "maxLength",
            json!(10),
            "compatible: `value`: `maxLength` changed from 9 to 10",
        ),
        (
            "maxLength",
            json!(null),
            "compatible: `value`: `maxLength` removed, was 9",
        ),
        (
            "minLength",
            json!(2),
            "breaking: `value`: `minLength` changed from 1 to 2",
        ),
        (
            "minLength",
            json!(0),
            "compatible: `value`: `minLength` changed from 1 to 0",
        ),
        (
            "pattern",
            json!("^a$"),
            r#"breaking: `value`: `pattern` added: "^a$""#,
        ),
        (
            "default",
            json!("a"),
            r#"compatible: `value`: `default` added: "a""#,
        ),
        (
            "readOnly",
            json!(true),
            "breaking: `value`: `readOnly` added: true",
        ),
    ] {
        assert_eq!(
            field("value", |value| value[keyword] = limit.clone()),
            [expected]
        );
    }
}

#[test]
fn a_field_is_of_another_type() {
    let of = |items: Value| field("ids", |ids| ids["items"] = items.clone());
    let number_or_text = json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] });
    assert_eq!(
        of(json!({ "type": "string" })),
        ["breaking: `ids[]`: changed from integer to string"]
    );
    assert_eq!(
        of(number_or_text),
        ["compatible: `ids[]`: changed from integer to integer or string"]
    );
    assert_eq!(
        of(json!({ "type": "number" })),
        ["compatible: `ids[]`: changed from integer to number"]
    );
    assert_eq!(
        of(json!({ "type": "integer", "format": "int32" })),
        ["breaking: `ids[]`: changed from integer to integer (int32)"]
    );
}

#[test]
fn other_fields_are_allowed_no_longer() {
    assert_eq!(
        changes_after(SENT, |schema| schema["additionalProperties"] = json!(false)),
        ["breaking: `put`: request body: other fields no longer allowed"]
    );
    assert_eq!(
        changes_after(SENT, |schema| schema["additionalProperties"] = json!(true)),
        [""; 0]
    );
}

#[test]
fn a_body_goes_or_is_made_optional_or_is_of_another_kind() {
    assert_eq!(
        changes_after("/paths/~1secrets~1{name}/put", |put| remove(
            put,
            "requestBody"
        )),
        ["breaking: `put`: request body: removed"]
    );
    assert_eq!(
        changes_after(BODY, |body| body["required"] = json!(false)),
        ["compatible: `put`: request body: made optional"]
    );
    assert_eq!(
        changes_after(BODY, |body| {
            body["content"]["text/plain"] = json!({});
            remove(&mut body["content"], "application/json");
        }),
        [
            "breaking: `put`: request body: no longer `application/json`",
            "compatible: `put`: request body: also `text/plain`",
        ]
    );
}

#[test]
fn a_body_is_added() {
    for (required, expected) in [
        (true, "breaking: `list`: request body: added, required"),
        (false, "compatible: `list`: request body: added, optional"),
    ] {
        let add = |list: &mut Value| {
            list["requestBody"] = json!({ "required": required, "content": {} });
        };
        assert_eq!(changes_after("/paths/~1secrets/get", add), [expected]);
    }
}
