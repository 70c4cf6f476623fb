//! What a description wants to be sent or read and the generator would leave out: it is refused
//! with the operation, the part and the keyword.

use serde_json::{Value, json};

use crate::input::{Input, add, content, object, parameter, reference};

/// Asserts that the operation is refused after a change, with these words.
fn refuses(words: &str, change: impl FnOnce(&mut Value)) {
    let mut input = Input::new();
    change(input.operation());
    input.is_refused(&format!("for `secrets/put`: {words}"));
}

/// A parameter of the query with another keyword.
fn query(keyword: &str, value: Value) -> Value {
    let mut query = parameter("q", "query");
    query[keyword] = value;
    query
}

#[test]
fn a_parameter_outside_of_path_and_query() {
    for place in ["cookie", "header", "formData"] {
        refuses(&format!("its parameter `q` is in `{place}`"), |operation| {
            add(&mut operation["parameters"], parameter("q", place))
        });
    }
}

#[test]
fn two_parameters_with_one_name() {
    for (one, other) in [
        ("query", "query"),
        ("cookie", "query"),
        ("query", "cookie"),
        ("header", "query"),
    ] {
        let mut input = Input::new();
        for place in [one, other] {
            add(&mut input.operation()["parameters"], parameter("q", place));
        }
        input.is_refused("its parameter `q` ");
        let mut input = Input::new();
        input.description["paths"]["/secrets/{name}"]["parameters"] = json!([parameter("q", one)]);
        add(&mut input.operation()["parameters"], parameter("q", other));
        if one == other {
            input.generate().unwrap();
        } else {
            input.is_refused("its parameter `q` ");
        }
    }
    refuses("its parameter `name` is described twice", |operation| {
        add(&mut operation["parameters"], parameter("name", "query"));
    });
}

#[test]
fn a_parameter_that_is_written_in_another_way() {
    for (keyword, value) in [
        ("style", json!("deepObject")),
        ("style", json!("simple")),
        ("allowReserved", json!(true)),
        ("content", json!({ "application/json": {} })),
        ("collectionFormat", json!("multi")),
    ] {
        let words = format!("its parameter `q` has `{keyword}`");
        refuses(&words, |operation| {
            add(&mut operation["parameters"], query(keyword, value));
        });
    }
    for (keyword, value) in [
        ("required", json!(false)),
        ("style", json!("label")),
        ("x-multi-segment", json!(true)),
    ] {
        let words = format!("its parameter `name` has `{keyword}`");
        refuses(&words, |operation| {
            operation["parameters"][0][keyword] = value
        });
    }
}

#[test]
fn keywords_that_change_nothing() {
    for parameter in [
        query("style", json!("form")),
        query("explode", json!(false)),
        query("allowReserved", json!(false)),
        query("allowEmptyValue", json!(true)),
        query("deprecated", json!(true)),
    ] {
        let mut input = Input::new();
        add(&mut input.operation()["parameters"], parameter);
        input.generate().unwrap();
    }
    for (keyword, value) in [
        ("deprecated", json!(true)),
        ("servers", json!([])),
        ("tags", json!(["secrets"])),
    ] {
        let mut input = Input::new();
        input.operation()[keyword] = value;
        input.generate().unwrap();
    }
}

#[test]
fn an_operation_elsewhere() {
    let servers = json!([{ "url": "https://uploads.example" }]);
    refuses("it has `servers`", |operation| {
        operation["servers"] = servers.clone();
    });
    for (keyword, value) in [
        ("servers", servers),
        ("$ref", json!("#/components/pathItems/a")),
    ] {
        let item = "/secrets/{name}";
        Input::with(|description| description["paths"][item][keyword] = value)
            .is_refused(&format!("its path has `{keyword}`"));
    }
    refuses("it has `strange`", |operation| {
        operation["strange"] = json!(1)
    });
}

#[test]
fn a_body_that_is_not_json_alone() {
    let schema = json!({ "schema": { "type": "string" } });
    let json = "application/json";
    for content in [
        json!({}),
        Value::Null,
        json!({ json: schema, "text/plain": schema }),
        json!({ "text/plain": schema }),
        json!({ "application/x-www-form-urlencoded": schema }),
    ] {
        refuses("its request body is not JSON alone", |operation| {
            operation["requestBody"]["content"] = content;
        });
    }
    for (media, words) in [
        (json!({}), "its request body has no `schema`"),
        (
            json!({ "schema": reference("sent"), "encoding": { "a": {} } }),
            "its request body has `encoding`",
        ),
    ] {
        refuses(words, |operation| {
            operation["requestBody"]["content"][json] = media
        });
    }
}

#[test]
fn a_success_that_cannot_be_read() {
    for (status, response, words) in [
        ("204", content("received"), "its response `204` has a body"),
        ("205", content("received"), "its response `205` has a body"),
        (
            "200",
            json!({ "description": "", "content": { "application/json": {} } }),
            "its response `200` has no `schema`",
        ),
        (
            "200",
            reference("received"),
            "its response `200` has `properties`",
        ),
    ] {
        refuses(words, |operation| {
            operation["responses"] = json!({ status: response })
        });
    }
    Input::with(|description| {
        let item = &mut description["paths"]["/secrets/{name}"];
        *item = json!({ "head": item["put"] });
    })
    .is_refused("its response `200` has a body");
}

#[test]
fn keywords_of_a_schema() {
    for (schema, words) in [
        (json!({ "type": "string", "const": "a" }), "`const`"),
        (
            json!({ "type": "array", "prefixItems": [] }),
            "`prefixItems`",
        ),
        (
            json!({ "type": "object", "patternProperties": {} }),
            "`patternProperties`",
        ),
    ] {
        for (name, place) in [
            ("sent", "its request body"),
            ("received", "the component `received`"),
        ] {
            let fields = object(json!({ "it": schema }));
            Input::with_schemas([(name.to_owned(), fields)]).is_refused(&format!(
                "for `secrets/put`: the field `it` of {place} has {words}"
            ));
        }
    }
}

#[test]
fn a_field_in_the_wrong_direction() {
    let fields = |keyword: &str| object(json!({ "it": { "type": "string", keyword: true } }));
    for (name, keyword, other) in [
        ("sent", "readOnly", "writeOnly"),
        ("received", "writeOnly", "readOnly"),
    ] {
        let schema = [(name.to_owned(), fields(keyword))];
        Input::with_schemas(schema).is_refused(&format!("has `{keyword}`"));
        let schema = [(name.to_owned(), fields(other))];
        Input::with_schemas(schema).generate().unwrap();
    }
}

#[test]
fn a_field_that_is_sent_otherwise_than_it_is_set() {
    let list = json!({ "type": "array", "items": { "type": "integer" } });
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    for field in [
        list,
        map,
        json!({ "type": "string", "default": "a" }),
        json!({ "type": "boolean", "default": false }),
    ] {
        let fields = object(json!({ "it": field, "other": { "type": "string" } }));
        let mut in_list = fields.clone();
        in_list["required"] = json!(["other"]);
        let in_list = json!({ "oneOf": [in_list, { "type": "string" }] });
        for sent in [fields.clone(), in_list] {
            Input::with_schemas([("sent".to_owned(), sent)])
                .is_refused("has the field `it`, which would be left out if it is empty");
        }
        let mut nullable = fields.clone();
        nullable["properties"]["it"]["nullable"] = json!(true);
        nullable["properties"]["it"]["default"].take();
        let mut required = fields.clone();
        required["required"] = json!(["it"]);
        for (name, schema) in [("received", fields), ("sent", nullable), ("sent", required)] {
            Input::with_schemas([(name.to_owned(), schema)])
                .generate()
                .unwrap();
        }
    }
}

#[test]
fn a_reference_to_a_component_of_another_kind() {
    refuses(
        "it has `#/components/schemas/sent` for a parameter",
        |operation| {
            add(&mut operation["parameters"], reference("sent"));
        },
    );
    for name in ["sent", "received"] {
        let fields = object(json!({ "it": { "$ref": "#/components/parameters/name" } }));
        let mut input = Input::with_schemas([(name.to_owned(), fields)]);
        input.description["components"]["parameters"] =
            json!({ "name": parameter("name", "path") });
        input.is_refused("where a reference to a schema should be");
    }
}

#[test]
fn keywords_beside_a_reference() {
    let it = |keyword: &str| {
        let other = json!({ "$ref": "#/components/schemas/received", keyword: true });
        object(json!({ "it": other }))
    };
    for name in ["sent", "received"] {
        Input::with_schemas([(name.to_owned(), it("nullable"))])
            .is_refused("/properties/it/nullable: a boolean, where nothing beside a reference");
    }
    let mut input = Input::with_schemas([("received".to_owned(), it("description"))]);
    input.generate().unwrap();
    input.actions = json!([{
        "target": "$.components.schemas.received.properties.it",
        "description": "Changes nothing.",
        "update": { "x-rust-type": {} },
    }]);
    input.is_refused("/x-rust-type: an object");
    let mut input = Input::new();
    input.description["components"]["parameters"] = json!({ "q": parameter("q", "query") });
    add(
        &mut input.operation()["parameters"],
        json!({ "$ref": "#/components/parameters/q", "required": true }),
    );
    input.is_refused("/parameters/1/required: a boolean");
}

#[test]
fn an_overlay_mends_what_is_left_out() {
    let mut input = Input::new();
    input.operation()["servers"] = json!([{ "url": "https://uploads.example" }]);
    add(
        &mut input.operation()["parameters"],
        parameter("q", "cookie"),
    );
    input.actions = json!([
        {
            "target": "$.paths.*.*.parameters[?@.in == 'cookie']",
            "description": "Sends no cookie.",
            "remove": true,
        },
        { "target": "$.paths.*.*.servers", "description": "Sends it here.", "remove": true },
    ]);
    input.generate().unwrap();
}
