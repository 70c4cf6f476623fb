//! Types of other crates that an overlay names, and what they do to the types that hold them.

use serde_json::{Value, json};

use crate::input::{Input, object, reference};

fn foreign(path: &str, parameters: Value) -> Value {
    json!({
        "x-rust-type": { "crate": "std", "version": "*", "path": path, "parameters": parameters },
    })
}

/// The input with an overlay that makes this of a field that is received.
fn with(schema: Value) -> Input {
    let mut input = Input::new();
    input.actions = json!([{
        "target": "$.components.schemas.received.properties",
        "description": "Another type.",
        "update": { "it": schema },
    }]);
    input
}

#[test]
fn types_that_the_client_has() {
    let string = json!({ "type": "string" });
    for schema in [
        foreign("std::boxed::Box", json!([reference("received")])),
        foreign("std::vec::Vec", json!([reference("received")])),
        foreign("std::option::Option", json!([string])),
        foreign(
            "std::collections::BTreeMap",
            json!([string, { "type": "number" }]),
        ),
        foreign("std::string::String", json!([])),
    ] {
        with(schema).generate().unwrap();
    }
}

#[test]
fn a_map_whose_keys_cannot_be_ordered() {
    for key in [
        json!({ "type": "number" }),
        reference("sent"),
        json!({ "type": "boolean" }),
    ] {
        for map in ["BTreeMap", "HashMap"] {
            let path = format!("std::collections::{map}");
            with(foreign(&path, json!([key, { "type": "string" }])))
                .is_refused("keys that are not strings");
        }
    }
}

#[test]
fn a_text_without_a_size() {
    with(foreign("std::primitive::str", json!([]))).is_refused("std::primitive::str");
    let text = foreign("std::primitive::str", json!([]));
    with(foreign("std::vec::Vec", json!([text]))).is_refused("std::primitive::str");
}

#[test]
fn a_type_that_contains_itself_without_a_box() {
    let own = || foreign("std::option::Option", json!([reference("received")]));
    with(own()).is_refused("`Received` contains itself");
    with(object(json!({ "own": own() }))).is_refused("contains itself");
    with(json!({ "oneOf": [own(), { "type": "integer" }] })).is_refused("contains itself");
}

#[test]
fn alternatives_that_are_one_type_in_rust() {
    let strings = json!({ "type": "array", "items": { "type": "string" } });
    let same = foreign("std::vec::Vec", json!([{ "type": "string" }]));
    with(json!({ "oneOf": [strings, same] })).is_refused("two alternatives of one type");
}
