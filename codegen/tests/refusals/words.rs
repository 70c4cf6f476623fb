//! Words and families that are made of themselves, or multiply.

use serde_json::{Map, Value, json};

use crate::input::{Input, content_of, object, reference};

/// The input with the variables of its owner, of which `v0` is used.
fn variables(variables: impl IntoIterator<Item = (String, String)>) -> Input {
    let mut input = Input::new();
    let variables = variables
        .into_iter()
        .map(|(name, text)| (name, json!(text)));
    input.words["owners"]["organization"] = Value::Object(variables.collect::<Map<_, _>>());
    input.words["stores"] =
        json!([{ "path": "/secrets", "owner": "organization", "store": "Actions" }]);
    input.words["actions"] = json!([{
        "method": "put", "path": "/{name}", "summary": "Puts {v0}.", "source": "secrets",
    }]);
    input
}

fn chain(levels: usize, next: impl Fn(String) -> String, last: &str) -> Input {
    let text = |level| {
        if level == levels {
            last.to_owned()
        } else {
            next(format!("{{v{}}}", level + 1))
        }
    };
    variables((0..=levels).map(|level| (format!("v{level}"), text(level))))
}

#[test]
fn words_that_name_themselves() {
    chain(0, |_| String::new(), "{v0}").is_refused("`v0`");
    chain(2, |next| next, "{v0}").is_refused("`v0`");
}

#[test]
fn words_that_double() {
    for last in ["a", ""] {
        chain(60, |next| format!("{next}{next}"), last).is_refused("more than");
        chain(14, |next| next.repeat(40), last).is_refused("more than");
        chain(6, |next| next.repeat(100), last).is_refused("more than");
    }
}

#[test]
fn words_that_are_nested_deeply_or_have_many_variables() {
    for input in [
        chain(5_000, |next| next, "a"),
        chain(1, |next| next.repeat(200_000), "a"),
    ] {
        if input.generate().is_err() {
            input.refusal();
        }
    }
}

#[test]
fn words_that_would_not_compile_as_documentation() {
    for text in [
        "a\rb",
        "a\nb",
        "*/ a /*",
        "\u{202e}a",
        "a\u{0}b",
        "\"#",
        "\\",
        "{",
        "```\n",
    ] {
        let mut input = chain(0, |_| String::new(), text);
        input.words["schemas"] = json!({ "received": text });
        input.words["fields"] = json!({ "key_id": text });
        input.words["parameters"] = json!({ "name": text });
        let client = input.generate().unwrap();
        for character in ['\r', '\0', '\u{202e}'] {
            assert!(!client.contains(character), "{text:?}: {client}");
        }
    }
}

#[test]
fn the_json_of_a_schema_is_no_documentation() {
    let values = json!({ "type": "string", "enum": ["</details>", "a\u{202e}b"] });
    let fields = object(json!({ "mode": values }));
    let client = Input::with_schemas([("sent".to_owned(), fields)])
        .generate()
        .unwrap();
    assert!(!client.contains("///\""), "{client}");
    assert!(!client.contains("\"type\""), "{client}");
}

#[test]
fn a_family_that_refers_to_itself() {
    let tree = object(
        json!({ "own": reference("received"), "all": { "type": "array", "items": reference("received") } }),
    );
    let responses = json!({ "name": "Tree", "responses": ["secrets/put"] });
    let fields = |name: &str, fields: &[&str]| json!({ "name": name, "fields": fields });
    for families in [
        json!([fields("Tree", &["Tree.own"])]),
        json!([responses, fields("Own", &["Tree.own"])]),
        json!([responses, fields("Own", &["Tree.own", "Own.own"])]),
        json!([
            responses,
            fields("Own", &["Tree.own"]),
            fields("Again", &["Own.own"])
        ]),
        json!([
            responses,
            fields("All", &["Tree.all[]"]),
            fields("List", &["Tree.all"])
        ]),
        json!([responses, fields("List", &["Tree.all", "Tree.all[]"])]),
        json!([{ "name": "Tree", "responses": ["secrets/put", "secrets/put"] }]),
        json!([{ "name": "Tree", "responses": ["secrets/put"], "fields": ["received.own"] }]),
        json!([{ "name": "Tree", "responses": ["secrets/put"], "fields": ["received.own", "Tree.own"] }]),
    ] {
        let mut input = Input::with_schemas([("received".to_owned(), tree.clone())]);
        input.families = families.clone();
        if input.generate().is_err() {
            input.refusal();
        }
    }
}

#[test]
fn families_with_a_name_that_is_none() {
    for name in ["", "a/b", "a b", "~", "\u{202e}", "a\nb", "../x"] {
        let mut input = Input::new();
        input.families = json!([{ "name": name, "responses": ["secrets/put"] }]);
        input.refusal();
    }
}

#[test]
fn a_family_of_choices() {
    let choice = json!({ "oneOf": [reference("received"), { "type": "string" }] });
    let mut input = Input::with_schemas([("received".to_owned(), choice)]);
    input.operation()["responses"]["200"] = content_of(reference("received"));
    input.families = json!([{ "name": "All", "responses": ["secrets/put"] }]);
    input.is_refused("`received` is made of itself");
}
