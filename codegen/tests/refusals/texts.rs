//! Long texts, which are few values and take as much memory as many, and lists that are long.

use serde_json::{Map, Value, json};

use crate::input::{Input, content_of, object, reference};

fn long() -> String {
    "x".repeat(100_000)
}

#[test]
fn a_long_text_in_the_place_of_many_references() {
    let own: Map<String, Value> = (0..1_000)
        .map(|number| (format!("field{number}"), reference("own")))
        .collect();
    for schema in [
        json!({ "type": "string", "enum": [long()] }),
        object(json!({ long(): { "type": "string" } })),
    ] {
        let mut input = Input::with_schemas([("own".to_owned(), schema)]);
        input.operation()["requestBody"] = content_of(object(Value::Object(own.clone())));
        input.is_refused("more than");
    }
}

#[test]
fn a_long_text_that_an_overlay_repeats() {
    let mut input = Input::with(|description| {
        for number in 0..1_000 {
            description["components"]["schemas"]["received"]["properties"][format!("f{number}")] =
                json!({ "type": "string" });
        }
    });
    input.actions = json!([{
        "target": "$.components.schemas.received.properties.*",
        "description": "Long.",
        "update": { "x-long": long() },
    }]);
    input.is_refused("overlay action 1");
}

#[test]
fn a_long_text_in_the_words_of_every_field() {
    for kind in ["fields", "schemas", "parameters"] {
        let mut input = Input::new();
        input.words[kind]["key_id"] = json!(long());
        input.is_refused("the text of `key_id`");
    }
}

#[test]
fn names_that_are_long_and_in_each_other() {
    for length in [100_000, 20_000] {
        let nested = (0..60).fold(json!({ "type": "string" }), |schema, number| {
            object(json!({ format!("{number}{}", &long()[..length]): schema }))
        });
        Input::with_schemas([("received".to_owned(), nested)]).is_refused("more than");
    }
}

#[test]
fn as_many_families_as_can_be_listed() {
    let mut input = Input::new();
    let family = |number| json!({ "name": format!("F{number}"), "requests": ["secrets/put"] });
    input.families = (0..100_000).map(family).collect::<Vec<_>>().into();
    input.is_refused("more than");

    let mut input = Input::new();
    input.families = json!([{ "name": "F", "requests": vec!["secrets/put"; 100_000] }]);
    input.is_refused("more than");
}

#[test]
fn as_many_actions_as_can_be_listed() {
    let mut input = Input::new();
    let action = json!({
        "target": "$..[?@..type]", "description": "Again.", "update": { "x-seen": true },
    });
    input.actions = vec![action; 100_000].into();
    input.is_refused("more than");
}

#[test]
fn two_descents_into_what_is_nested_deeply() {
    let chain = |_| (0..100).fold(json!([]), |below, _| json!([below]));
    let mut input = Input::new();
    input.operation()["deep"] = (0..400).map(chain).collect::<Vec<_>>().into();
    input.actions = json!([{
        "target": "$..*..*", "description": "Everything in everything.", "remove": true,
    }]);
    input.is_refused("overlay action 1");
}

#[test]
fn as_many_fields_values_and_operations_as_fit() {
    let string = json!({ "type": "string" });
    let values: Vec<String> = (0..8_000).map(|number| format!("value{number}")).collect();
    let fields = values.iter().map(|name| (name.clone(), string.clone()));
    let fields = Value::Object(fields.collect());
    let mut paths = Map::new();
    for name in &values[..2_000] {
        let operation = json!({
            "operationId": name, "responses": { "204": { "description": "" } },
        });
        paths.insert(format!("/{name}"), json!({ "get": operation }));
    }
    let wide = Input::with_schemas([("received".to_owned(), object(fields))]);
    let choice = json!({ "mode": { "type": "string", "enum": values } });
    let choice = Input::with_schemas([("received".to_owned(), object(choice))]);
    let mut many = Input::new();
    many.description["paths"] = Value::Object(paths);
    many.operations = json!(values[..2_000]);
    for input in [wide, choice, many] {
        if input.generate().is_err() {
            input.refusal();
        }
    }
}
