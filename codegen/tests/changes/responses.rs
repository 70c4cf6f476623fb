//! Changes of what is received.

use serde_json::{Value, json};

use crate::{SECRET, base, between, changes_after, remove};

/// The changes after `edit` of the component that two operations respond with.
fn secret(edit: impl Fn(&mut Value)) -> Vec<String> {
    let changes = changes_after(SECRET, edit);
    let place = ": `get`, `list`: response schema `secret`, field ";
    changes
        .iter()
        .map(|line| line.replacen(place, ": ", 1))
        .collect()
}

#[test]
fn a_change_of_a_component_is_one_for_all_operations_that_respond_with_it() {
    assert_eq!(
        changes_after(SECRET, |secret| remove(&mut secret["properties"], "name")),
        ["breaking: `get`, `list`: response schema `secret`, field `name`: removed, was required"]
    );
}

#[test]
fn a_field_is_removed_or_added() {
    let change = |secret: &mut Value| {
        remove(&mut secret["properties"], "owner");
        secret["properties"]["age"] = json!({ "type": "integer" });
        secret["properties"]["id"] = json!({ "type": "integer" });
        secret["required"] = json!(["name", "id"]);
    };
    assert_eq!(
        secret(change),
        [
            "compatible: `age`: added, optional",
            "compatible: `id`: added, required",
            "compatible: `owner`: removed, was optional",
        ]
    );
}

#[test]
fn a_field_is_made_optional_or_required() {
    assert_eq!(
        secret(|secret| secret["required"] = json!(["owner"])),
        [
            "breaking: `name`: made optional",
            "compatible: `owner`: made required",
        ]
    );
}

#[test]
fn a_field_is_of_another_type() {
    let of = |schema: Value| secret(|secret| secret["properties"]["name"] = schema.clone());
    assert_eq!(
        of(json!({ "type": "integer" })),
        ["breaking: `name`: changed from string to integer"]
    );
    assert_eq!(
        of(json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] })),
        ["breaking: `name`: changed from string to integer or string"]
    );
    assert_eq!(
        of(json!({ "type": "string", "format": "uri" })),
        ["compatible: `name`: changed from string to string (uri)"]
    );
    assert_eq!(
        of(json!({ "type": "string", "nullable": true })),
        ["breaking: `name`: may be null"]
    );
}

#[test]
fn a_value_of_an_enumeration_comes_or_goes() {
    let with = |values: Value| {
        let mut document = base();
        document["components"]["schemas"]["secret"]["properties"]["name"]["enum"] = values;
        document
    };
    let place = "`get`, `list`: response schema `secret`, field `name`";
    assert_eq!(
        between(&with(json!(["a", "b"])), &with(json!(["b", "c"]))),
        [
            format!("breaking: {place}: value `c` added"),
            format!("compatible: {place}: value `a` removed"),
        ]
    );
}

#[test]
fn a_field_deep_inside_is_named_with_the_fields_above_it() {
    let mut old = base();
    old["components"]["schemas"]["secret"] = json!({ "type": "object", "properties": { "ids": {
        "type": "array",
        "items": { "type": "object", "properties": { "n": { "type": "integer" } } },
    } } });
    let mut new = old.clone();
    let fields = &mut new["components"]["schemas"]["secret"]["properties"];
    remove(&mut fields["ids"]["items"]["properties"], "n");
    assert_eq!(
        between(&old, &new),
        [
            "compatible: `get`, `list`: response schema `secret`, field `ids[].n`: removed, was optional"
        ]
    );
}

#[test]
fn alternatives_are_compared_with_their_like_whatever_their_order() {
    let with = |choices: Value| {
        let mut document = base();
        document["components"]["schemas"]["secret"]["properties"]["name"] =
            json!({ "oneOf": choices });
        document
    };
    let object = |field: &str| json!({ "type": "object", "properties": { field: {} } });
    let old = with(json!([{ "type": "string" }, object("a")]));
    let place = "`get`, `list`: response schema `secret`, field `name";
    assert_eq!(
        between(&old, &with(json!([object("a"), { "type": "string" }]))),
        [""; 0]
    );
    assert_eq!(
        between(&old, &with(json!([object("b"), { "type": "string" }]))),
        [
            format!("compatible: {place}.a`: removed, was optional"),
            format!("compatible: {place}.b`: added, optional"),
        ]
    );
    assert_eq!(
        between(
            &old,
            &with(json!([{ "type": "string" }, object("a"), object("b")]))
        ),
        [format!("breaking: {place}`: 3 instead of 2 alternatives")]
    );
}

#[test]
fn a_status_goes_or_comes() {
    let change = |responses: &mut Value| {
        remove(responses, "404");
        responses["304"] = json!({ "description": "" });
        responses["201"] = responses["200"].take();
        remove(responses, "200");
    };
    assert_eq!(
        changes_after("/paths/~1secrets/get/responses", change),
        [
            "breaking: `list`: response 200: status removed",
            "compatible: `list`: response 201: status added",
            "compatible: `list`: response 304: status added",
            "compatible: `list`: response 404: status removed",
        ]
    );
}

#[test]
fn a_body_goes_or_comes() {
    assert_eq!(
        changes_after("/paths/~1secrets/get/responses/200", |response| remove(
            response, "content"
        )),
        ["breaking: `list`: response 200: no longer `application/json`"]
    );
    assert_eq!(
        changes_after("/paths/~1secrets/get/responses/404", |response| {
            response["content"] = json!({ "text/html": {} });
        }),
        ["compatible: `list`: response 404: also `text/html`"]
    );
}

#[test]
fn a_header_goes_or_comes() {
    let change = |response: &mut Value| {
        response["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" } } });
    };
    assert_eq!(
        changes_after("/paths/~1secrets/get/responses/200", change),
        [
            "breaking: `list`: response 200, header `Link`: removed",
            "compatible: `list`: response 200, header `Retry-After`: added",
        ]
    );
}
