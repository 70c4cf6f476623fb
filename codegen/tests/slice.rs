//! What a slice of a description holds, and which descriptions are refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, Error, operations};
use serde_json::{Value, json};

fn description(paths: Value, components: Value) -> Description {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Everything", "version": "7.1.0", "description": "Words." },
        "servers": [{ "url": "https://api.example", "description": "Words." }],
        "tags": [{ "name": "all" }],
        "paths": paths,
        "components": components,
    });
    Description::parse(&document.to_string()).unwrap()
}

fn slice(description: &Description, operations: &[&str]) -> Value {
    let (slice, problems) = description.slice(operations);
    assert!(problems.is_empty(), "{problems:?}");
    serde_json::from_str(&slice.to_string()).unwrap()
}

fn get(id: &str, schema: Value) -> Value {
    json!({ "get": { "operationId": id, "responses": { "200": responding(schema) } } })
}

fn responding(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

fn to(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn names(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn an_operation_brings_every_component_that_it_reaches_through_others() {
    let whole = description(
        json!({ "/a": { "get": {
            "operationId": "a",
            "parameters": [{ "$ref": "#/components/parameters/page" }],
            "responses": { "200": { "$ref": "#/components/responses/found" } },
        } } }),
        json!({
            "parameters": { "page": { "name": "page", "in": "query", "schema": to("number") } },
            "responses": { "found": {
                "description": "",
                "headers": { "Link": { "$ref": "#/components/headers/link" } },
                "content": { "application/json": { "schema": to("list") } },
            } },
            "headers": { "link": { "schema": to("text") } },
            "schemas": {
                "list": { "type": "array", "items": to("entry") },
                "entry": { "oneOf": [to("number")], "discriminator": {
                    "propertyName": "kind", "mapping": { "n": "#/components/schemas/mapped" },
                } },
                "mapped": { "type": "object", "additionalProperties": to("deep") },
                "deep": { "type": "string" },
                "number": { "type": "integer" },
                "text": { "type": "string" },
                "unreached": { "type": "string" },
            },
        }),
    );
    let components = &slice(&whole, &["a"])["components"];
    assert_eq!(
        names(&components["schemas"]),
        ["deep", "entry", "list", "mapped", "number", "text"]
    );
    assert_eq!(
        names(components),
        ["headers", "parameters", "responses", "schemas"]
    );
}

#[test]
fn a_component_that_two_operations_share_is_taken_once() {
    let whole = description(
        json!({ "/a": get("a", to("shared")), "/b": get("b", to("shared")) }),
        json!({ "schemas": { "shared": { "type": "string" } } }),
    );
    let slice = slice(&whole, &["a", "b"]);
    assert_eq!(
        slice["components"],
        json!({ "schemas": { "shared": { "type": "string" } } })
    );
    assert_eq!(slice.to_string().matches(r#""shared":"#).count(), 1);
}

#[test]
fn components_that_contain_each_other_are_taken_whole() {
    let schemas = json!({
        "chicken": { "type": "object", "properties": { "laid": to("egg") } },
        "egg": { "type": "object", "properties": { "hatched": to("chicken"), "twin": to("egg") } },
    });
    let whole = description(
        json!({ "/a": get("a", to("egg")) }),
        json!({ "schemas": schemas }),
    );
    assert_eq!(slice(&whole, &["a"])["components"]["schemas"], schemas);
}

#[test]
fn only_the_listed_operations_are_taken_and_the_parameters_of_their_path() {
    let mut item = get("a", to("one"));
    item["put"] = json!({ "operationId": "b", "responses": { "200": responding(to("two")) } });
    item["parameters"] = json!([{ "$ref": "#/components/parameters/org" }]);
    let whole = description(
        json!({ "/a": item, "/c": get("c", to("two")) }),
        json!({
            "parameters": { "org": { "name": "org", "in": "path", "required": true } },
            "schemas": { "one": { "type": "string" }, "two": { "type": "string" } },
        }),
    );
    let slice = slice(&whole, &["a"]);
    assert_eq!(names(&slice["paths"]), ["/a"]);
    assert_eq!(names(&slice["paths"]["/a"]), ["get", "parameters"]);
    assert_eq!(names(&slice["components"]["schemas"]), ["one"]);
    assert_eq!(names(&slice["components"]["parameters"]), ["org"]);
}

#[test]
fn prose_examples_and_extensions_go() {
    let mut schema = json!({ "type": "string", "maxLength": 3 });
    let structure = schema.clone();
    for prose in ["title", "description", "example", "x-note"] {
        schema[prose] = json!("Words.");
    }
    schema["externalDocs"] = json!({ "url": "https://docs.example" });
    let mut item = get("a", schema);
    item["get"]["summary"] = json!("Words.");
    item["get"]["responses"]["200"]["content"]["application/json"]["examples"] =
        json!({ "one": {} });
    let whole = description(json!({ "/a": item }), json!({}));
    assert_eq!(
        slice(&whole, &["a"])["paths"],
        json!({ "/a": get("a", structure) })
    );
}

#[test]
fn a_property_may_be_named_like_prose() {
    let named = json!({
        "title": { "type": "string" },
        "description": { "type": "string" },
        "x-rate": { "type": "integer" },
        "properties": { "type": "object", "properties": { "summary": { "type": "string" } } },
        "$ref": { "type": "string" },
    });
    let schema = json!({ "type": "object", "properties": named, "required": ["title"] });
    let whole = description(json!({ "/a": get("a", schema.clone()) }), json!({}));
    assert_eq!(
        slice(&whole, &["a"])["paths"],
        json!({ "/a": get("a", schema) })
    );
}

#[test]
fn a_value_that_looks_like_prose_stays() {
    let schema = json!({ "enum": [{ "title": "a" }], "default": { "description": "b" } });
    let whole = description(json!({ "/a": get("a", schema.clone()) }), json!({}));
    assert_eq!(
        slice(&whole, &["a"])["paths"],
        json!({ "/a": get("a", schema) })
    );
}

#[test]
fn of_the_whole_only_version_and_address_are_left() {
    let whole = description(json!({ "/a": get("a", json!({})) }), json!({}));
    let slice = slice(&whole, &["a"]);
    assert_eq!(
        names(&slice),
        ["components", "info", "openapi", "paths", "servers"]
    );
    assert_eq!(slice["info"]["version"], "7.1.0");
    assert_eq!(slice["servers"], json!([{ "url": "https://api.example" }]));
}

#[test]
fn a_slice_of_a_slice_is_the_same_to_the_byte() {
    let whole = description(
        json!({ "/b": get("b", to("two")), "/a": get("a", to("one")) }),
        json!({ "schemas": { "two": { "type": "string" }, "one": { "type": "string" } } }),
    );
    let (once, _) = whole.slice(&["b", "a"]);
    let (twice, _) = once.slice(&["a", "b"]);
    assert_eq!(twice.to_string(), once.to_string());
}

/// What keeps the slice of operation `a` from being whole.
fn problems(whole: &Description) -> Vec<String> {
    let (_, problems) = whole.slice(&["a"]);
    problems.iter().map(Error::to_string).collect()
}

#[test]
fn every_operation_that_is_missing_is_named_and_the_others_are_taken() {
    let whole = description(json!({ "/a": get("a", json!({})) }), json!({}));
    let (slice, problems) = whole.slice(&["z", "a", "b"]);
    let problems: Vec<String> = problems.iter().map(Error::to_string).collect();
    assert_eq!(
        problems,
        [
            "the description has no operation `b`",
            "the description has no operation `z`",
        ]
    );
    assert!(slice.to_string().contains(r#""operationId": "a""#));
}

#[test]
fn an_operation_that_stands_on_two_routes_is_refused_with_both() {
    let paths = json!({ "/a": get("a", json!({})), "/b": get("a", json!({})) });
    assert_eq!(
        problems(&description(paths, json!({}))),
        ["the description has operation `a` twice: GET /a and GET /b"]
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_refused_once_with_its_holder() {
    let one = json!({ "oneOf": [to("gone"), to("gone")] });
    let whole = description(
        json!({ "/a": get("a", to("one")) }),
        json!({ "schemas": { "one": one } }),
    );
    assert_eq!(
        problems(&whole),
        [
            "component `one` refers to `#/components/schemas/gone`, which the description does not have"
        ]
    );
}

#[test]
fn a_reference_to_anything_but_a_component_is_refused() {
    for reference in [
        "other.json#/a",
        "https://example.com/a",
        "#/paths/~1a",
        "#/components/schemas/a/items",
    ] {
        let paths = json!({ "/a": get("a", json!({ "$ref": reference })) });
        assert_eq!(
            problems(&description(paths, json!({}))),
            [format!(
                "operation `a` refers to `{reference}`, which is not of the form `#/components/KIND/NAME`"
            )]
        );
    }
}

#[test]
fn what_is_no_openapi_3_0_description_is_refused_with_what_it_is() {
    for (text, found) in [
        (r#"{"swagger": "2.0"}"#, "it is Swagger 2.0"),
        (r#"{"openapi": "3.1.0"}"#, "it is OpenAPI 3.1.0"),
        (
            r#"{"openapi": 3}"#,
            "it has no field `openapi` with a version",
        ),
        ("{}", "it has no field `openapi` with a version"),
        ("[]", "the document is an array, not an object"),
        ("null", "the document is null, not an object"),
    ] {
        let error = Description::parse(text).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("not an OpenAPI 3.0 description: {found}")
        );
    }
}

#[test]
fn what_is_no_json_is_refused_with_line_and_column() {
    let error = Description::parse("{\n  \"openapi\": }").unwrap_err();
    assert_eq!(
        error.to_string(),
        "not JSON: expected value at line 2 column 14"
    );
}

#[test]
fn of_yaml_the_error_says_that_json_is_needed() {
    let error = Description::parse("# GitHub\nopenapi: 3.0.3\npaths: {}\n").unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("this looks like YAML: take the description as JSON")
    );
}

#[test]
fn a_list_of_operations_is_read_in_alphabetical_order() {
    assert_eq!(operations(r#"["b/c", "a/b"]"#).unwrap(), ["a/b", "b/c"]);
}

#[test]
fn a_list_that_is_not_one_of_distinct_operations_is_refused() {
    for (text, reason) in [
        (r#"["a", "b", "a"]"#, "it names `a` twice"),
        (
            r#"["a", 1]"#,
            "it holds a number, where an operationId should be",
        ),
        (
            r#"{"a": 1}"#,
            "it is an object, not an array of operationIds",
        ),
        ("[]", "it is empty"),
    ] {
        let error = operations(text).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("not a list of operations: {reason}")
        );
    }
}
