//! What the generated source is like, and which operations are refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, Error, Words, client};
use serde_json::{Value, json};

/// A description with the operation `secrets/put`, which sends and receives what is given.
fn put(sent: Value, responses: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Secrets", "version": "2022-11-28" },
        "paths": { "/secrets/{name}": { "put": {
            "operationId": "secrets/put",
            "summary": "Stores a secret",
            "parameters": [
                { "name": "name", "in": "path", "required": true, "schema": { "type": "string" } },
            ],
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": sent } },
            },
            "responses": responses,
        } } },
        "components": { "schemas": {
            "received": { "type": "object", "description": "What is received.", "properties": {
                "before": { "$ref": "#/components/schemas/received" },
            } },
            "unreached": { "type": "object", "properties": { "a": { "type": "string" } } },
        } },
    })
}

fn sealed() -> Value {
    json!({ "type": "object", "description": "A sealed value.", "properties": {
        "encrypted_value": { "type": "string" },
        "ids": { "type": "array", "nullable": true, "items": { "type": "integer" } },
    } })
}

fn nothing() -> Value {
    json!({ "description": "" })
}

fn something() -> Value {
    let schema = json!({ "$ref": "#/components/schemas/received" });
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

fn generate(description: &Value) -> Result<String, Vec<Error>> {
    let description = Description::parse(&description.to_string()).unwrap();
    client(&description, &Words::default())
}

/// The source without line breaks and indentation.
fn on_one_line(source: &str) -> String {
    source.lines().map(str::trim).collect()
}

/// Why no client can be generated.
fn refusals(description: &Value) -> Vec<String> {
    let errors = generate(description).unwrap_err();
    errors.iter().map(Error::to_string).collect()
}

#[test]
fn the_source_is_the_same_to_the_byte_whatever_the_order_of_the_keys() {
    let description = put(sealed(), json!({ "204": nothing() }));
    let Value::Object(entries) = &description else {
        panic!("not an object")
    };
    let backwards: Vec<String> = entries
        .iter()
        .rev()
        .map(|(key, value)| format!("{key:?}: {value}"))
        .collect();
    let backwards = Description::parse(&format!("{{{}}}", backwards.join(","))).unwrap();
    let source = generate(&description).unwrap();
    assert_eq!(source, generate(&description).unwrap());
    assert_eq!(source, client(&backwards, &Words::default()).unwrap());
}

#[test]
fn a_request_knows_every_status_that_is_a_success_and_nothing_else() {
    let responses = json!({ "201": nothing(), "204": nothing(), "404": nothing() });
    let source = on_one_line(&generate(&put(sealed(), responses)).unwrap());
    assert!(source.contains("&[201, 204],)"), "{source}");
    assert!(!source.contains("404"), "{source}");
}

#[test]
fn a_request_says_how_its_success_is_read() {
    for (responses, signature, constructor) in [
        (
            json!({ "204": nothing() }),
            "Request<()> {",
            "Request::empty(",
        ),
        (
            json!({ "200": something() }),
            "Request<types::Received> {",
            "Request::json(",
        ),
    ] {
        let source = on_one_line(&generate(&put(sealed(), responses)).unwrap());
        let (_, function) = source.split_once("pub fn secrets_put(").unwrap();
        let (_, function) = function.split_once(signature).unwrap();
        assert!(function.starts_with(constructor), "{function}");
    }
}

#[test]
fn a_field_that_is_required_but_not_described_is_left_out() {
    let mut sent = sealed();
    sent["required"] = json!(["ids", "gone"]);
    let source = generate(&put(sent, json!({ "204": nothing() }))).unwrap();
    assert!(!source.contains("gone"), "{source}");
}

#[test]
fn a_list_that_may_be_null_can_be_sent_empty() {
    let source = generate(&put(sealed(), json!({ "204": nothing() }))).unwrap();
    assert!(
        source.contains("pub ids: ::std::option::Option<::std::vec::Vec<i64>>"),
        "{source}"
    );
}

#[test]
fn the_source_says_what_made_it_and_not_to_edit_it() {
    let source = generate(&put(sealed(), json!({ "204": nothing() }))).unwrap();
    let header = source.lines().next().unwrap();
    for part in ["cargo xtask regen", "openapi/", "Do not edit"] {
        assert!(header.contains(part), "{header}");
    }
}

#[test]
fn the_source_has_no_panic_and_sends_nothing() {
    let source = generate(&put(sealed(), json!({ "200": something() }))).unwrap();
    for part in [
        "unwrap()",
        "expect(",
        "panic!",
        "async",
        "Client",
        "progenitor_client",
    ] {
        assert!(!source.contains(part), "{part} in {source}");
    }
}

#[test]
fn a_request_has_each_part_of_its_url_and_its_body_as_it_is() {
    let mut description = put(sealed(), json!({ "204": nothing() }));
    let mut path = description["paths"]["/secrets/{name}"].take();
    let parameters = path["put"]["parameters"].as_array_mut().unwrap();
    let integer = json!({ "type": "integer" });
    parameters.extend([
        json!({ "name": "id", "in": "path", "required": true, "schema": integer }),
        json!({ "name": "page", "in": "query", "schema": integer }),
        json!({ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } }),
    ]);
    description["paths"] = json!({ "/secrets/{name}/ids/{id}": path });
    let source = on_one_line(&generate(&description).unwrap());
    let (_, function) = source.split_once("pub fn secrets_put(").unwrap();
    let expected = "name: &str,id: i64,page: Option<i64>,q: &str,body: &types::SecretsPutBody,) \
         -> Request<()> {Request::empty(Method::PUT,&[\
         Part::Fixed(\"/secrets/\"),Part::Text(name),Part::Fixed(\"/ids/\"),Part::Integer(id),],\
         &[204],).query(\"page\", page.map(Part::Integer)).query(\"q\", Some(Part::Text(q)))\
         .with_body(body)}";
    assert!(function.starts_with(expected), "{function}");
}

#[test]
fn a_type_that_goes_one_way_is_only_written_or_only_read() {
    let source = generate(&put(sealed(), json!({ "200": something() }))).unwrap();
    let derives = |name: &str| {
        let (before, _) = source.split_once(&format!("pub struct {name} {{")).unwrap();
        before.lines().rev().nth(1).unwrap().trim()
    };
    assert_eq!(
        derives("SecretsPutBody"),
        "#[derive(::serde::Serialize, Clone, Default)]"
    );
    assert_eq!(
        derives("Received"),
        "#[derive(::serde::Deserialize, Clone, Debug, Default)]"
    );
    let (_, received) = source.split_once("pub struct Received {").unwrap();
    let (received, _) = received.split_once('}').unwrap();
    assert!(!received.contains("skip_serializing"), "{received}");
}

#[test]
fn a_type_that_derives_nothing_of_serde_has_no_attribute_of_it() {
    let short = json!({ "type": "string", "maxLength": 3 });
    let received = json!({ "type": "object", "properties": { "short": short } });
    let mut description = put(sealed(), json!({ "200": something() }));
    description["components"]["schemas"]["received"] = received;
    let source = generate(&description).unwrap();
    let (before, _) = source.split_once("pub struct ReceivedShort(").unwrap();
    let attributes = &before[before.rfind("///").unwrap()..];
    assert!(!attributes.contains("erialize"), "{attributes}");
    assert!(!attributes.contains("serde"), "{attributes}");
}

#[test]
fn a_type_that_holds_a_sealed_value_does_not_print_it() {
    let source = generate(&put(sealed(), json!({ "204": nothing() }))).unwrap();
    let (derives, _) = source.split_once("pub struct SecretsPutBody {").unwrap();
    let derives = derives.lines().rev().nth(1).unwrap();
    assert!(!derives.contains("Debug"), "{derives}");
    assert!(source.contains(r#"f.debug_struct("SecretsPutBody").finish_non_exhaustive()"#));
}

#[test]
fn a_type_that_is_one_of_several_does_not_print_a_sealed_value_either() {
    let text = || json!({ "type": "string", "maxLength": 9 });
    let both = |of: Value, required: Value| json!({ "type": "object", "required": required, "properties": of });
    let one = |field: &str| both(json!({ field: text() }), json!([field]));
    let named = both(
        json!({ "kind": { "type": "string", "enum": ["a"] }, "encrypted_value": text() }),
        json!(["kind", "encrypted_value"]),
    );
    let other = both(
        json!({ "kind": { "type": "string", "enum": ["b"] }, "plain": text() }),
        json!(["kind"]),
    );
    let parts = json!({ "type": "array", "items": text() });
    let flat = json!({ "plain": text(), "encrypted_value": text() });
    for sent in [
        json!({ "oneOf": [one("plain"), one("encrypted_value")] }),
        json!({ "oneOf": [one("plain"), one("encrypted-value")] }),
        json!({ "oneOf": [one("plain"), one("encryptedValue")] }),
        json!({ "oneOf": [named, other] }),
        json!({ "anyOf": [
            both(flat.clone(), json!(["plain"])), both(flat, json!(["encrypted_value"])),
        ] }),
        one("encryptedValue"),
        both(
            json!({ "encrypted_value": parts }),
            json!(["encrypted_value"]),
        ),
    ] {
        let source = generate(&put(sent.clone(), json!({ "204": nothing() }))).unwrap();
        for item in source.split("#[derive(").skip(1) {
            let ends = ["\n    }\n", ");\n"].map(|end| item.find(end));
            let end = ends.into_iter().flatten().min().unwrap();
            let (derives, definition) = item[..end].split_once(")]").unwrap();
            let is_sealed = definition.to_lowercase().contains("encrypted");
            assert!(!is_sealed || !derives.contains("Debug"), "{sent}: {item}");
        }
        assert!(source.contains("finish_non_exhaustive()"), "{sent}");
    }
}

#[test]
fn documentation_is_words_and_not_the_schema() {
    let source = generate(&put(sealed(), json!({ "200": something() }))).unwrap();
    assert!(source.contains("\n/// Stores a secret.\n"), "{source}");
    let route = "\n/// Builds a `PUT` request to `/secrets/{name}`\n";
    assert!(source.contains(route), "{source}");
    assert!(!source.contains("# Errors"), "{source}");
    assert!(!source.contains("JSON schema"), "{source}");
}

#[test]
fn a_component_that_nothing_refers_to_gives_no_type() {
    let source = generate(&put(sealed(), json!({ "200": something() }))).unwrap();
    assert!(source.contains("pub struct Received {"), "{source}");
    assert!(!source.contains("Unreached"), "{source}");
}

#[test]
fn every_operation_that_the_generator_refuses_is_named_with_the_reason() {
    let mut description = put(sealed(), json!({ "200": something(), "204": nothing() }));
    let kinds = json!({ "200": something(), "204": nothing() });
    description["paths"]["/a"] = json!({
        "get": { "operationId": "a/get", "responses": { "204": nothing() } },
        "put": { "operationId": "a/put", "responses": kinds },
    });
    let header = json!([{ "name": "X-A", "in": "header", "schema": { "type": "string" } }]);
    description["paths"]["/b"] = json!({ "get": {
        "operationId": "b/get", "parameters": header, "responses": { "204": nothing() },
    } });
    assert_eq!(
        refusals(&description),
        [
            "no client can be generated for `b/get`: its parameter `X-A` is in `header`, \
             and the client sends parameters in paths and queries alone",
            "no client can be generated for `a/put`, `secrets/put`: \
             its successes, or its failures, differ in their bodies, and a method has one type for each",
        ]
    );
}

#[test]
fn an_operation_that_is_malformed_is_refused_by_name() {
    let mut description = put(sealed(), json!({ "204": nothing() }));
    let parameters = &mut description["paths"]["/secrets/{name}"]["put"]["parameters"];
    parameters
        .as_array_mut()
        .unwrap()
        .push(json!({ "name": "page" }));
    let refusals = refusals(&description);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert!(
        refusals[0].starts_with(
            "no client can be generated for `secrets/put`: the description is malformed: "
        ),
        "{refusals:?}"
    );
}

#[test]
fn a_schema_that_is_made_of_itself_is_refused_by_name() {
    for (schema, reason) in [
        (
            json!({ "$ref": "#/components/schemas/received" }),
            "`received` refers to itself",
        ),
        (
            json!({ "allOf": [{ "$ref": "#/components/schemas/other" }] }),
            "`other` is made of itself",
        ),
    ] {
        let mut description = put(sealed(), json!({ "200": something() }));
        description["components"]["schemas"]["received"] = schema;
        description["components"]["schemas"]["other"] =
            json!({ "$ref": "#/components/schemas/received" });
        let refusal = format!("the component {reason}");
        assert_eq!(refusals(&description), [refusal]);
    }
}

#[test]
fn an_operation_that_needs_another_crate_is_refused_by_name() {
    for (schema, name) in [
        (
            json!({ "type": "string", "pattern": "^[A-Z]+$" }),
            "regress",
        ),
        (json!({ "type": "string", "format": "date-time" }), "chrono"),
        (json!({}), "serde_json"),
    ] {
        let sent = json!({ "type": "object", "required": ["a"], "properties": { "a": schema } });
        let refusals = refusals(&put(sent, json!({ "204": nothing() })));
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        let reason = format!("for `secrets/put`: it needs the crate `{name}`");
        assert!(refusals[0].contains(&reason), "{refusals:?}");
    }
}

#[test]
fn operations_that_only_clash_with_each_other_are_refused_together() {
    let mut description = put(sealed(), json!({ "204": nothing() }));
    let path = description["paths"]["/secrets/{name}"].clone();
    description["paths"]["/other/{name}"] = path;
    description["paths"]["/other/{name}"]["put"]["operationId"] = json!("secrets_put");
    assert_eq!(
        refusals(&description),
        [
            "no client can be generated for these operations together: it has two methods with the name `secrets_put`"
        ]
    );
}
