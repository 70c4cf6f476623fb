//! What becomes of the members of a family, and which members do not fit.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, Error, Families};
use serde_json::{Value, json};

/// A description with the schemas `a` and `b`, each of which is sent to and received from an
/// operation.
fn description(a: Value, b: Value) -> Value {
    let content = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "description": "", "content": { "application/json": { "schema": schema } } })
    };
    let operation = |name: &str| {
        json!({ "put": {
            "operationId": format!("{name}/put"),
            "requestBody": content(name),
            "responses": { "200": content(name), "404": { "description": "" } },
        } })
    };
    json!({
        "openapi": "3.0.3",
        "paths": { "/a": operation("a"), "/b": operation("b") },
        "components": { "schemas": { "a": a, "b": b } },
    })
}

fn object(required: &[&str], fields: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": fields })
}

/// `document` with `families` folded, and what does not fit.
fn fold(document: &Value, families: &Value) -> (Value, Vec<String>) {
    let families = Families::parse(&families.to_string()).unwrap();
    let description = Description::parse(&document.to_string()).unwrap();
    let (folded, problems) = families.fold(&description);
    let problems = problems.iter().map(Error::to_string).collect();
    (serde_json::from_str(&folded.to_string()).unwrap(), problems)
}

/// The union of two schemas.
fn union(a: Value, b: Value) -> Value {
    let families = json!([{ "name": "Both", "responses": ["a/put", "b/put"] }]);
    let (mut folded, problems) = fold(&description(a, b), &families);
    assert_eq!(problems, [""; 0]);
    folded["components"]["schemas"]["Both"].take()
}

/// Why two schemas are no family.
fn misfit(a: Value, b: Value) -> String {
    let families = json!([{ "name": "Both", "responses": ["a/put", "b/put"] }]);
    let (_, problems) = fold(&description(a, b), &families);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let reason = problems[0].strip_prefix("family `Both`: response of `b/put`: ");
    reason.unwrap().to_owned()
}

#[test]
fn a_family_has_the_fields_of_all_and_requires_what_all_require() {
    let string = json!({ "type": "string" });
    let a = object(&["name", "age"], json!({ "name": string, "age": string }));
    let b = object(&["name", "url"], json!({ "name": string, "url": string }));
    let all = json!({ "name": string, "age": string, "url": string });
    assert_eq!(union(a, b), object(&["name"], all));
}

#[test]
fn types_that_differ_become_alternatives() {
    let number = json!({ "type": "integer" });
    let text = json!({ "type": "string" });
    let list = |items: Value| object(&[], json!({ "ids": { "type": "array", "items": items } }));
    for (a, b) in [
        (text.clone(), number.clone()),
        (number.clone(), text.clone()),
        (number.clone(), json!({ "anyOf": [text, number] })),
    ] {
        let ids = union(list(a), list(b))["properties"]["ids"]["items"].take();
        assert_eq!(ids, json!({ "oneOf": [number, text] }));
    }
}

#[test]
fn a_family_takes_whatever_one_of_its_members_takes() {
    let of = |a: Value, b: Value| {
        let field = |schema: Value| object(&[], json!({ "it": schema }));
        union(field(a), field(b))["properties"]["it"].take()
    };
    let string = json!({ "type": "string" });
    assert_eq!(
        of(
            json!({ "type": "string", "enum": ["all", "private"] }),
            json!({ "type": "string", "enum": ["all", "selected"] }),
        ),
        json!({ "type": "string", "enum": ["all", "private", "selected"] })
    );
    assert_eq!(
        of(json!({ "type": "string", "enum": ["all"] }), string.clone()),
        string
    );
    assert_eq!(
        of(
            json!({ "type": "string", "nullable": true }),
            string.clone()
        ),
        json!({ "type": "string", "nullable": true })
    );
    assert_eq!(
        of(json!({ "type": "string", "maxLength": 9 }), string.clone()),
        string
    );
    assert_eq!(
        of(
            json!({ "type": "string", "format": "uri", "maxLength": 9 }),
            json!({ "type": "string", "format": "uri", "maxLength": 8 }),
        ),
        json!({ "type": "string", "format": "uri" })
    );
}

#[test]
fn the_family_takes_the_place_of_its_members_and_of_nothing_else() {
    let string = json!({ "type": "string" });
    let document = description(
        object(&[], json!({ "name": string })),
        object(&[], json!({ "age": string })),
    );
    let families = json!([
        { "name": "Sent", "requests": ["a/put", "b/put"] },
        { "name": "Received", "responses": ["a/put"] },
    ]);
    let (folded, problems) = fold(&document, &families);
    assert_eq!(problems, [""; 0]);
    let schema = |place: &str| {
        let pointer = format!("/paths/{place}/content/application~1json/schema/$ref");
        folded.pointer(&pointer).unwrap().as_str().unwrap()
    };
    assert_eq!(schema("~1a/put/requestBody"), "#/components/schemas/Sent");
    assert_eq!(schema("~1b/put/requestBody"), "#/components/schemas/Sent");
    assert_eq!(
        schema("~1a/put/responses/200"),
        "#/components/schemas/Received"
    );
    assert_eq!(schema("~1b/put/responses/200"), "#/components/schemas/b");
    let schemas = &folded["components"]["schemas"];
    let fields = json!({ "name": string, "age": string });
    assert_eq!(schemas["Sent"]["properties"], fields);
    assert_eq!(schemas["Received"], document["components"]["schemas"]["a"]);
}

#[test]
fn components_that_differ_are_folded_wherever_they_are_used() {
    let string = json!({ "type": "string" });
    let page = |name: &str| {
        let items = json!({ "$ref": format!("#/components/schemas/{name}") });
        object(
            &["all"],
            json!({ "all": { "type": "array", "items": items } }),
        )
    };
    let mut document = description(page("one"), page("two"));
    let schemas = &mut document["components"]["schemas"];
    schemas["one"] = object(&["name"], json!({ "name": string }));
    schemas["two"] = object(&["name"], json!({ "name": string, "age": string }));
    let families = json!([
        { "name": "Page", "responses": ["a/put", "b/put"] },
        { "name": "Item", "fields": ["Page.all[]"] },
    ]);
    let (folded, problems) = fold(&document, &families);
    assert_eq!(problems, [""; 0]);
    let schemas = &folded["components"]["schemas"];
    let fields = json!({ "name": string, "age": string });
    assert_eq!(schemas["Item"], object(&["name"], fields));
    assert_eq!(
        schemas["Page"]["properties"]["all"]["items"],
        json!({ "$ref": "#/components/schemas/Item" })
    );
}

#[test]
fn schemas_that_contain_themselves_are_no_family() {
    let next = |name: &str| {
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        object(
            &[],
            json!({ "next": reference, name: { "type": "string" } }),
        )
    };
    let reason = misfit(next("a"), next("b"));
    assert!(
        reason.starts_with("field `next`: field `next`: "),
        "{reason}"
    );
    assert!(reason.ends_with(": too deep"), "{reason}");
}

#[test]
fn fields_and_the_items_of_fields_can_be_a_family() {
    let kind = json!({ "type": "string", "enum": ["all"] });
    let document = description(
        object(&[], json!({ "kind": kind })),
        object(&[], json!({ "kinds": { "type": "array", "items": kind } })),
    );
    let families = json!([{ "name": "Kind", "fields": ["a.kind", "b.kinds[]"] }]);
    let (folded, problems) = fold(&document, &families);
    assert_eq!(problems, [""; 0]);
    let schemas = &folded["components"]["schemas"];
    let to = json!({ "$ref": "#/components/schemas/Kind" });
    assert_eq!(schemas["Kind"], kind);
    assert_eq!(schemas["a"]["properties"]["kind"], to);
    assert_eq!(schemas["b"]["properties"]["kinds"]["items"], to);
}

#[test]
fn the_items_of_a_response_can_be_of_a_family() {
    let thing = object(&[], json!({ "it": { "type": "string" } }));
    let mut document = description(thing.clone(), thing);
    let schema = "/paths/~1b/put/responses/200/content/application~1json/schema";
    let items = json!({ "$ref": "#/components/schemas/b" });
    *document.pointer_mut(schema).unwrap() = json!({ "type": "array", "items": items });
    let families = json!([{ "name": "Thing", "responses": ["a/put", "b/put[]"] }]);
    let (folded, problems) = fold(&document, &families);
    assert_eq!(problems, [""; 0]);
    let to = json!({ "$ref": "#/components/schemas/Thing" });
    let list = folded.pointer(schema).unwrap();
    assert_eq!(*list, json!({ "type": "array", "items": to }));
    let families = json!([{ "name": "Thing", "responses": ["a/put[]"] }]);
    let (_, problems) = fold(&document, &families);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("a/put[]"), "{}", problems[0]);
}

#[test]
fn a_member_that_does_not_fit_is_refused_by_name() {
    let field = |schema: Value| object(&[], json!({ "it": schema }));
    let string = json!({ "type": "string" });
    assert_eq!(
        misfit(field(string.clone()), field(object(&[], json!({})))),
        "field `it`: of different types: object, string"
    );
    assert_eq!(
        misfit(field(string.clone()), field(json!({ "allOf": [string] }))),
        r#"field `it`: no type: {"allOf":[{"type":"string"}]}"#
    );
    assert_eq!(
        misfit(field(string.clone()), string),
        "of different types: object, string"
    );
}

#[test]
fn a_member_without_a_common_field_is_refused_by_name() {
    let string = json!({ "type": "string" });
    let document = description(
        object(&[], json!({ "key": string, "key_id": string })),
        object(&[], json!({ "key": string, "id": string })),
    );
    let families =
        json!([{ "name": "Key", "responses": ["a/put", "b/put"], "common": ["key", "key_id"] }]);
    let (_, problems) = fold(&document, &families);
    assert_eq!(
        problems,
        ["family `Key`: response of `b/put`: no field `key_id`"]
    );
}

#[test]
fn every_member_that_is_not_there_is_named_and_other_families_are_folded() {
    let string = json!({ "type": "string" });
    let mut document = description(object(&[], json!({ "a": string })), string);
    document["paths"]["/a"]["put"]["responses"]["200"] = json!({ "description": "" });
    let families = json!([
        { "name": "One", "requests": ["c/put"], "responses": ["a/put"], "fields": ["a.b"] },
        { "name": "Two", "requests": ["a/put"] },
    ]);
    let (folded, problems) = fold(&document, &families);
    assert_eq!(
        problems,
        [
            "family `One`: request of `c/put`: not in the description",
            "family `One`: response of `a/put`: not in the description",
            "family `One`: field `a.b`: not in the description",
        ]
    );
    let schemas = folded["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("Two") && !schemas.contains_key("One"));
}

#[test]
fn a_family_does_not_take_the_name_of_a_component() {
    let string = json!({ "type": "string" });
    let document = description(object(&[], json!({ "a": string })), object(&[], json!({})));
    let (_, problems) = fold(&document, &json!([{ "name": "b", "requests": ["a/put"] }]));
    assert_eq!(
        problems,
        ["family `b`: its name: GitHub's description has a component of this name"]
    );
}

#[test]
fn what_is_no_list_of_families_is_refused_with_what_is_wrong() {
    for (families, reason) in [
        (json!({}), "invalid type: map, expected a sequence"),
        (json!([{ "requests": ["a"] }]), "missing field `name`"),
        (
            json!([{ "name": "A", "schemas": ["a"] }]),
            "unknown field `schemas`",
        ),
        (json!([{ "name": "A" }]), "`A` has no members"),
        (
            json!([{ "name": "A", "requests": ["a"] }, { "name": "A", "requests": ["b"] }]),
            "it names `A` twice",
        ),
    ] {
        let error = Families::parse(&families.to_string())
            .unwrap_err()
            .to_string();
        let expected = format!("not a list of families: {reason}");
        assert!(error.starts_with(&expected), "{error}");
    }
}
