//! Names that become the same, or none, in Rust.

use serde_json::json;

use crate::input::{Input, add, content, object, parameter};

fn string() -> serde_json::Value {
    json!({ "type": "string" })
}

#[test]
fn two_fields() {
    let fields = object(json!({ "key_id": string(), "Key_Id": string() }));
    for name in ["sent", "received"] {
        Input::with_schemas([(name.to_owned(), fields.clone())])
            .is_refused("has two fields with the name `key_id`");
        let mut alternative = fields.clone();
        alternative["required"] = json!(["key_id", "Key_Id"]);
        let alternatives = json!({ "oneOf": [alternative, { "type": "integer" }] });
        Input::with_schemas([(name.to_owned(), object(json!({ "it": alternatives })))])
            .is_refused("has two fields with the name `key_id`");
    }
}

#[test]
fn two_types() {
    let own = json!({ "one": { "$ref": "#/components/schemas/key-id" }, "two": { "$ref": "#/components/schemas/key_id" } });
    let part = object(json!({ "id": string() }));
    let schemas = [
        ("received".to_owned(), object(own)),
        ("key-id".to_owned(), part.clone()),
        ("key_id".to_owned(), part),
    ];
    Input::with_schemas(schemas).is_refused("has two types with the name `KeyId`");
}

#[test]
fn two_values_of_an_enumeration() {
    let values = json!({ "type": "string", "enum": ["read-only", "read_only", "ReadOnly"] });
    let input = Input::with_schemas([("sent".to_owned(), object(json!({ "mode": values })))]);
    if input.generate().is_err() {
        input.refusal();
    }
}

#[test]
fn two_parameters() {
    let mut input = Input::new();
    add(
        &mut input.operation()["parameters"],
        parameter("page", "query"),
    );
    add(
        &mut input.operation()["parameters"],
        parameter("Page", "query"),
    );
    input.is_refused("parameter `page`");
}

#[test]
fn two_operations() {
    let mut input = Input::new();
    let mut operation = input.operation().clone();
    operation["operationId"] = json!("secrets-put");
    input.description["paths"]["/others/{name}"] = json!({ "put": operation });
    input.operations = json!(["secrets/put", "secrets-put"]);
    input.is_refused("has two methods with the name `secrets_put`");
}

#[test]
fn types_that_are_called_as_what_the_client_uses() {
    for name in [
        "ok", "err", "some", "none", "option", "result", "string", "vec", "box", "self",
    ] {
        let schema = json!({ "type": "string", "enum": ["a"] });
        let own = object(json!({ "it": { "$ref": format!("#/components/schemas/{name}") } }));
        let input = Input::with_schemas([(name.to_owned(), schema), ("received".to_owned(), own)]);
        if input.generate().is_err() {
            input.refusal();
        }
    }
    Input::with_schemas([
        ("ok".to_owned(), json!({ "type": "string", "maxLength": 3 })),
        (
            "received".to_owned(),
            object(json!({ "it": { "$ref": "#/components/schemas/ok" } })),
        ),
    ])
    .is_refused("`Ok`");
}

#[test]
fn a_dispatch_that_is_called_as_what_the_client_uses() {
    for name in [
        "types", "Method", "Part", "Request", "Client", "Error", "Option", "Some", "None", "str",
        "i64", "reqwest",
    ] {
        let mut input = dispatch();
        input.words["dispatch"]["name"] = json!(name);
        input.is_refused(&format!("`{name}`"));
    }
}

#[test]
fn two_variants_or_two_methods_of_a_dispatch() {
    let mut input = dispatch();
    input.generate().unwrap();
    let mut other = input.words["stores"][0].clone();
    other["path"] = json!("/others");
    add(&mut input.words["stores"], other);
    let mut operation = input.operation().clone();
    operation["operationId"] = json!("others/put");
    input.description["paths"]["/others/{name}"] = json!({ "put": operation });
    input.operations = json!(["secrets/put", "others/put"]);
    input.is_refused("two variants with the name `OrganizationActions`");

    let mut input = dispatch();
    let mut other = input.words["actions"][0].clone();
    other["path"] = json!("/{name}/other");
    add(&mut input.words["actions"], other);
    let mut operation = input.operation().clone();
    operation["operationId"] = json!("secrets/other");
    input.description["paths"]["/secrets/{name}/other"] = json!({ "put": operation });
    input.operations = json!(["secrets/put", "secrets/other"]);
    input.is_refused("two methods with the name `set`");
}

fn dispatch() -> Input {
    let mut input = Input::new();
    input.words["dispatch"] = json!({ "name": "Store", "summary": "A store.", "variant": "One." });
    input.words["stores"] =
        json!([{ "path": "/secrets", "owner": "organization", "store": "Actions" }]);
    input.words["actions"] = json!([{
        "method": "put", "path": "/{name}", "summary": "Puts.", "source": "secrets",
        "dispatch": { "name": "set", "summary": "Puts." },
    }]);
    input
}

#[test]
fn names_that_are_none() {
    for name in [
        "", " ", "+1", "-1", "1", "%", "\u{202e}", "a\nb", "type", "self", "🦀", "a.b",
    ] {
        for kind in ["field", "schema", "parameter", "value", "operation"] {
            let mut input = Input::new();
            match kind {
                "field" => {
                    input.description["components"]["schemas"]["sent"] =
                        object(json!({ name: string() }))
                }
                "schema" => {
                    input.description["components"]["schemas"][name] = object(json!({}));
                    input.operation()["responses"]["200"] = content(name);
                }
                "parameter" => add(
                    &mut input.operation()["parameters"],
                    parameter(name, "query"),
                ),
                "value" => {
                    let values = json!({ "type": "string", "enum": [name] });
                    input.description["components"]["schemas"]["sent"] =
                        object(json!({ "mode": values }));
                }
                _ => {
                    input.operation()["operationId"] = json!(name);
                    input.operations = json!([name]);
                }
            }
            match input.generate() {
                Ok(client) => assert!(!client.contains('\u{202e}'), "{kind} {name:?}"),
                Err(_) => drop(input.refusal()),
            }
        }
    }
}
