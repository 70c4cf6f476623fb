//! JSON of another kind than OpenAPI wants, and values that the client cannot have.

use serde_json::{Value, json};

use crate::input::{Input, object};

#[test]
fn a_schema_that_is_no_object() {
    for schema in [
        json!("string"),
        json!(1),
        json!([]),
        json!(true),
        Value::Null,
    ] {
        let fields = object(json!({ "key_id": schema }));
        let mut input = Input::with_schemas([("received".to_owned(), fields)]);
        input.words["fields"] = json!({ "key_id": "The ID.", "received": "It." });
        input.words["schemas"] = json!({ "received": "It." });
        input.is_refused("/components/schemas/received/properties/key_id");
    }
}

#[test]
fn keywords_of_another_kind() {
    for (keyword, value) in [
        ("properties", json!([])),
        ("properties", json!("a")),
        ("required", json!({})),
        ("required", json!([1])),
        ("enum", json!("a")),
        ("items", json!([])),
        ("allOf", json!({})),
        ("oneOf", json!("a")),
        ("anyOf", json!([1])),
        ("type", json!(["string", "null"])),
        ("type", json!("strange")),
        ("$ref", json!(1)),
        ("additionalProperties", json!("no")),
    ] {
        let mut schema = object(json!({}));
        schema[keyword] = value;
        for name in ["sent", "received"] {
            Input::with_schemas([(name.to_owned(), schema.clone())]).is_refused(keyword);
        }
    }
}

#[test]
fn any_part_of_another_kind() {
    let pointers = [
        "/components",
        "/components/schemas",
        "/components/schemas/sent",
        "/components/schemas/received",
        "/info",
        "/paths",
        "/paths/~1secrets~1{name}",
        "/paths/~1secrets~1{name}/put",
        "/paths/~1secrets~1{name}/put/parameters",
        "/paths/~1secrets~1{name}/put/parameters/0",
        "/paths/~1secrets~1{name}/put/parameters/0/name",
        "/paths/~1secrets~1{name}/put/parameters/0/in",
        "/paths/~1secrets~1{name}/put/parameters/0/schema",
        "/paths/~1secrets~1{name}/put/requestBody",
        "/paths/~1secrets~1{name}/put/requestBody/content",
        "/paths/~1secrets~1{name}/put/requestBody/content/application~1json",
        "/paths/~1secrets~1{name}/put/responses",
        "/paths/~1secrets~1{name}/put/responses/200",
        "/paths/~1secrets~1{name}/put/responses/200/content",
        "/paths/~1secrets~1{name}/put/responses/200/content/application~1json",
    ];
    for pointer in pointers {
        for value in [
            Value::Null,
            json!(true),
            json!(1.5),
            json!("a"),
            json!([]),
            json!({}),
            json!([[]]),
        ] {
            let mut input = Input::new();
            *input.description.pointer_mut(pointer).unwrap() = value;
            if input.generate().is_err() {
                input.refusal();
            }
        }
    }
}

#[test]
fn the_earlier_description_can_be_anything_too() {
    let own = json!({ "$ref": "#/components/schemas/own" });
    let earlier = Input::with_schemas([
        ("own".to_owned(), json!({ "oneOf": [own] })),
        ("received".to_owned(), own),
    ]);
    let input = Input::new();
    let generator = input.generator().unwrap();
    let parse = |input: &Input| {
        github_secrets_codegen::Description::parse(&input.description.to_string()).unwrap()
    };
    let generated = generator.generate(&parse(&input), &parse(&earlier));
    let errors = generated.client.unwrap_err();
    assert!(errors[0].to_string().contains("earlier"), "{}", errors[0]);
}

#[test]
fn a_number_beyond_64_bits_is_fresh_at_once() {
    for number in [
        "1180591620717411303424",
        "-1180591620717411303424",
        "0.1e-20",
        "1e300",
        "123456789012345678901234567890",
        "0.30000000000000004",
        "1.7976931348623157e308",
        "-0",
    ] {
        for kind in ["integer", "number"] {
            let schema = object(json!({ "key_id": { "type": kind, "maximum": "NUMBER" } }));
            let input = Input::with_schemas([("received".to_owned(), schema)]);
            let text = input.description.to_string().replace("\"NUMBER\"", number);
            if let Err(reasons) = input.generate_from(&text) {
                panic!("{number}: {reasons:?}");
            }
        }
    }
}

#[test]
fn a_foreign_type_of_another_form() {
    for (name, parameters) in [
        ("std::option::Option", None),
        ("std::option::Option", Some(2)),
        ("std::string::String", Some(1)),
        ("std::collections::HashMap", Some(1)),
        ("std::nothing::Nothing", None),
        ("std::process::Command", None),
        ("std::fs", None),
    ] {
        let mut foreign = json!({ "crate": "std", "version": "*", "path": name });
        if let Some(count) = parameters {
            foreign["parameters"] = vec![json!({ "type": "string" }); count].into();
        }
        let mut input = Input::new();
        input.actions = json!([{
            "target": "$.components.schemas.received.properties.key_id",
            "description": "Another type.",
            "update": { "x-rust-type": foreign },
        }]);
        input.is_refused(name.rsplit(':').next().unwrap());
    }
}

#[test]
fn what_an_overlay_breaks_is_refused_as_what_the_description_does() {
    for (target, update) in [
        (
            "$.components.schemas.received",
            json!({ "properties": { "key_id": { "type": "strange" } } }),
        ),
        (
            "$.components.schemas.received.properties",
            json!({ "own": { "$ref": "#/components/schemas/gone" } }),
        ),
        (
            "$.components.schemas.received.properties",
            json!({ "own": 1 }),
        ),
        (
            "$.components.schemas",
            json!({ "received": { "allOf": [{ "$ref": "#/components/schemas/received" }] } }),
        ),
        (
            "$.paths",
            json!({ "/../{name}": { "get": { "operationId": "a", "responses": { "204": { "description": "" } } } } }),
        ),
    ] {
        let mut input = Input::new();
        input.actions = json!([{ "target": target, "description": "Breaks.", "update": update }]);
        input.refusal();
    }
}

#[test]
fn an_overlay_that_takes_other_operations() {
    let other =
        json!({ "get": { "operationId": "a", "responses": { "204": { "description": "" } } } });
    for (target, key, value, words) in [
        (
            "$.paths",
            "remove",
            json!(true),
            "would remove PUT /secrets/{name}",
        ),
        (
            "$.paths.*.put",
            "remove",
            json!(true),
            "would remove PUT /secrets/{name}",
        ),
        (
            "$.paths.*.put",
            "update",
            json!({ "operationId": null }),
            "would remove PUT",
        ),
        (
            "$.paths.*.put",
            "update",
            json!({ "operationId": "a" }),
            "would remove PUT",
        ),
        (
            "$.paths",
            "update",
            json!({ "/a": other }),
            "would add GET /a",
        ),
    ] {
        let mut input = Input::new();
        input.actions = json!([{ "target": target, "description": "Changes.", key: value }]);
        input.is_refused(&format!("overlay action 1, target `{target}`: it {words}"));
    }
}

#[test]
fn a_foreign_type_that_the_generator_would_pass_over() {
    for foreign in [
        json!({ "crate": "other", "version": "*", "path": "other::Type" }),
        json!({ "crate": "std", "version": "*", "path": "other::Type" }),
        json!({ "crate": "std", "version": "*" }),
        json!({ "crate": "std", "version": "strange", "path": "std::string::String" }),
        json!({ "crate": "std", "version": "*", "path": "std::vec::Vec", "parameters": {} }),
        json!({ "crate": "std", "version": "*", "path": "std::vec::Vec", "parameters": ["a"] }),
        json!("std::string::String"),
        json!({}),
    ] {
        let mut input = Input::new();
        input.actions = json!([{
            "target": "$.components.schemas.received.properties.key_id",
            "description": "Another type.",
            "update": { "x-rust-type": foreign },
        }]);
        input.is_refused("the field `key_id` of the component `received` has `x-rust-type`");
    }
}

#[test]
fn a_key_that_an_object_has_twice() {
    let input = Input::new();
    let text = input.description.to_string();
    let twice = text.replacen("\"in\":", "\"in\":\"query\",\"in\":", 1);
    assert_ne!(text, twice);
    let reasons = input.generate_from(&twice).unwrap_err();
    assert!(
        reasons[0].contains("not JSON: an object has the key `in` twice at line 1"),
        "{reasons:?}"
    );
}
