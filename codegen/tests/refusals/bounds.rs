//! What refers to itself, is nested deeply or multiplies.

use serde_json::{Value, json};

use crate::input::{Input, add, content_of, object, reference};

/// The schemas `l0` to `l{levels}`, each made of the next by `link`.
fn chain(levels: usize, link: impl Fn(Value) -> Value) -> Vec<(String, Value)> {
    let schema = |level| {
        if level == levels {
            object(json!({ "end": { "type": "string" } }))
        } else {
            link(reference(&format!("l{}", level + 1)))
        }
    };
    (0..=levels)
        .map(|level| (format!("l{level}"), schema(level)))
        .collect()
}

/// The inputs that send and that receive the first schema of a chain.
fn both_ways(schemas: Vec<(String, Value)>) -> [Input; 2] {
    let (mut sends, mut receives) = (
        Input::with_schemas(schemas.clone()),
        Input::with_schemas(schemas),
    );
    sends.operation()["requestBody"] = content_of(reference("l0"));
    receives.operation()["responses"]["200"] = content_of(reference("l0"));
    [sends, receives]
}

#[test]
fn a_component_that_refers_to_itself() {
    for kind in [
        "parameters",
        "responses",
        "requestBodies",
        "schemas",
        "headers",
    ] {
        let own = json!({ "$ref": format!("#/components/{kind}/own") });
        let input = Input::with(|description| {
            description["components"][kind]["own"] = own.clone();
            let operation = &mut description["paths"]["/secrets/{name}"]["put"];
            match kind {
                "parameters" => add(&mut operation["parameters"], own),
                "responses" => operation["responses"]["200"] = own,
                "requestBodies" => operation["requestBody"] = own,
                "headers" => operation["responses"]["200"]["headers"] = json!({ "X": own }),
                _ => operation["responses"]["200"] = content_of(own),
            }
        });
        input.is_refused("`own` refers to itself");
    }
}

#[test]
fn two_components_that_refer_to_each_other() {
    let input = Input::with(|description| {
        description["components"]["parameters"] = json!({
            "one": { "$ref": "#/components/parameters/two" },
            "two": { "$ref": "#/components/parameters/one" },
        });
        add(
            &mut description["paths"]["/secrets/{name}"]["put"]["parameters"],
            json!({ "$ref": "#/components/parameters/one" }),
        );
    });
    input.is_refused("`one` refers to itself");
}

#[test]
fn a_choice_that_is_among_its_own_alternatives() {
    for keyword in ["oneOf", "anyOf", "allOf", "not"] {
        let own = reference("l0");
        let schema = if keyword == "not" {
            json!({ "not": own })
        } else {
            json!({ keyword: [own, { "type": "string" }] })
        };
        for input in both_ways(vec![("l0".to_owned(), schema)]) {
            input.is_refused("`l0` is made of itself");
        }
    }
}

#[test]
fn a_schema_that_holds_itself_as_a_field_is_a_type() {
    let mut schema = object(
        json!({ "next": reference("l0"), "all": { "type": "array", "items": reference("l0") } }),
    );
    schema["required"] = json!(["all"]);
    for input in both_ways(vec![("l0".to_owned(), schema)]) {
        input.generate().unwrap();
    }
}

#[test]
fn schemas_that_are_nested_3000_times() {
    let field = |next| object(json!({ "next": next }));
    let list = |next| json!({ "type": "array", "items": next });
    let part = |next| json!({ "allOf": [next] });
    for chain in [chain(3_000, field), chain(3_000, list), chain(3_000, part)] {
        for input in both_ways(chain) {
            input.is_refused("more than");
        }
    }
}

/// As many as fit, or one clear refusal: never the end of the stack.
#[test]
fn schemas_that_are_nested_as_deeply_as_can_be() {
    let field = |next| object(json!({ "next": next }));
    let list = |next| json!({ "type": "array", "items": next });
    let part = |next| json!({ "allOf": [next] });
    let choice = |next| json!({ "oneOf": [next, { "type": "string" }] });
    for levels in [20, 120] {
        for chain in [
            chain(levels, field),
            chain(levels, list),
            chain(levels, part),
            chain(levels, choice),
        ] {
            for input in both_ways(chain) {
                if input.generate().is_err() {
                    input.refusal();
                    assert!(levels > 20, "{levels} levels are not many");
                }
            }
        }
    }
}

#[test]
fn a_ring_of_many_schemas_is_walked_once() {
    let mut ring = chain(400, |next| object(json!({ "next": next })));
    ring.push((
        "l400".to_owned(),
        object(json!({ "next": reference("l0") })),
    ));
    for input in both_ways(ring) {
        if input.generate().is_err() {
            input.refusal();
        }
    }
}

#[test]
fn a_diamond_of_25_levels() {
    let fields = |next: Value| object(json!({ "left": next, "right": next }));
    let parts = |next: Value| json!({ "allOf": [object(json!({ "a": next })), next] });
    let choice = |next: Value| json!({ "oneOf": [next, next] });
    let any = |next: Value| json!({ "anyOf": [next, object(json!({ "a": next }))] });
    for chain in [
        chain(25, fields),
        chain(25, parts),
        chain(25, choice),
        chain(25, any),
    ] {
        for input in both_ways(chain) {
            input.is_refused("more than");
        }
    }
}

#[test]
fn choices_that_multiply() {
    let choice = |name: &str| {
        let alternatives = (0..10).map(|number| object(json!({ format!("{name}{number}"): {} })));
        json!({ "oneOf": alternatives.collect::<Vec<_>>() })
    };
    let parts: Vec<Value> = (0..8).map(|part| choice(&format!("part{part}_"))).collect();
    for input in both_ways(vec![("l0".to_owned(), json!({ "allOf": parts }))]) {
        input.is_refused("more than");
    }
}

#[test]
fn a_description_of_too_many_values() {
    let values: Vec<Value> = (0..100_000)
        .map(|number| json!(format!("v{number}")))
        .collect();
    let input = Input::with(|description| {
        description["components"]["schemas"]["received"] =
            object(json!({ "key_id": { "type": "string", "enum": values } }));
    });
    input.is_refused("more than");
}

#[test]
fn a_text_of_too_many_values_is_refused_before_it_takes_memory() {
    let mut input = Input::new();
    input.description["x"] = Value::Array(vec![json!({}); 1_100_000]);
    input.is_refused("more than");
}

/// Two stacks of schemas that differ at the bottom alone, so that their union looks at everything.
#[test]
fn a_family_of_two_diamonds() {
    let fields = |next: Value| {
        let names = ["a", "b", "c", "d"];
        object(
            names
                .into_iter()
                .map(|name| (name.to_owned(), next.clone()))
                .collect(),
        )
    };
    let mut schemas = chain(7, fields);
    let other = chain(7, fields).into_iter().map(|(name, schema)| {
        let text = schema.to_string().replace("schemas/l", "schemas/m");
        let text = text.replace("\"end\"", "\"other_end\"");
        (name.replace('l', "m"), serde_json::from_str(&text).unwrap())
    });
    schemas.extend(other);
    let [_, mut input] = both_ways(schemas);
    input.operation()["responses"]["201"] = content_of(reference("m0"));
    input.description["paths"]["/other/{name}"] = json!({ "get": {
        "operationId": "secrets/get",
        "parameters": input.operation()["parameters"].clone(),
        "responses": { "200": content_of(reference("m0")) },
    } });
    input.operations = json!(["secrets/put", "secrets/get"]);
    input.operation()["responses"] = json!({ "200": content_of(reference("l0")) });
    input.families = json!([{ "name": "All", "responses": ["secrets/put", "secrets/get"] }]);
    if input.generate().is_err() {
        input.refusal();
    }
}

#[test]
fn an_overlay_that_doubles_what_it_meets() {
    let mut input = Input::new();
    let action = json!({
        "target": "$..[?@.type]",
        "description": "Doubles.",
        "update": { "a": { "type": "a", "b": { "type": "b" } }, "c": { "type": "c", "d": { "type": "d" } } },
    });
    let numbered = |number: usize| {
        let text = action
            .to_string()
            .replace("\"a\":", &format!("\"a{number}\":"));
        serde_json::from_str(&text.replace("\"c\":", &format!("\"c{number}\":"))).unwrap()
    };
    input.actions = (0..40).map(numbered).collect::<Vec<Value>>().into();
    input.is_refused("more than");
}

#[test]
fn an_overlay_that_nests_what_it_meets() {
    let mut input = Input::new();
    let mut update = json!({ "type": "string", "last": true });
    for _ in 0..60 {
        update = json!({ "a": update });
    }
    let action = json!({ "target": "$..[?@.last]", "description": "Nests.", "update": update });
    input.operation()["last"] = json!(true);
    input.actions = vec![action; 60].into();
    input.refusal();
}

#[test]
fn a_target_that_takes_too_long() {
    let nested = format!("$..[?@{}]", "[?@.a".repeat(200) + &"]".repeat(200));
    let parentheses = format!("$[?{}@.a{}]", "(".repeat(5_000), ")".repeat(5_000));
    let few_parentheses = format!("$[?{}@.a{}]", "(".repeat(30), ")".repeat(30));
    for target in [
        "$..*..*..*..*..*..*..*..*..*..*",
        "$[*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*][*,*,*,*,*,*,*,*]",
        "$..[?$..[?$..[?$..a]]]",
        "$..[?search(@.type, '(x{1000}){1000}')]",
        &nested,
        &parentheses,
        &few_parentheses,
        &"$".repeat(100_000),
    ] {
        let mut input = Input::new();
        let action = json!({ "target": target, "description": "Slow.", "remove": true });
        input.actions = json!([action]);
        input.is_refused("overlay action 1");
    }
}
