//! The committed client is what openapi/ makes, and its documentation is whole.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::workspace::{COMMITTED, run};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(COMMITTED).join(name)).unwrap()
}

/// The source of each generated function, with its documentation, by operationId.
fn functions() -> BTreeMap<String, String> {
    let operations: Vec<String> = serde_json::from_str(&read("openapi/operations.json")).unwrap();
    let source = read("client/src/generated.rs");
    let items: Vec<&str> = source.split_inclusive("\n}\n").collect();
    let function = |id: String| {
        let name = format!("\npub fn {}(", id.replace(['/', '-'], "_"));
        let source = items.iter().find(|source| source.contains(&name));
        (id, source.copied().unwrap_or_default().to_owned())
    };
    operations.into_iter().map(function).collect()
}

#[test]
fn the_client_is_what_openapi_makes() {
    let outcome = run(Path::new(COMMITTED), &["regen", "--check"]);
    assert_eq!(
        (outcome.code, outcome.error.as_str()),
        (0, ""),
        "{}",
        outcome.out
    );
}

#[test]
fn each_function_says_what_it_does_what_a_token_needs_and_where_github_documents_it() {
    let verbs = [
        "Adds", "Creates", "Deletes", "Lists", "Removes", "Replaces", "Returns", "Updates",
    ];
    for (id, source) in functions() {
        let documentation: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("/// "))
            .collect();
        let (verb, _) = documentation[0].split_once(' ').unwrap();
        assert!(verbs.contains(&verb), "{id}: {documentation:?}");
        let words = documentation.join("\n");
        assert!(words.contains("scope"), "{id}: {words}");
        assert!(
            words.contains("Source: <https://docs.github.com/rest/"),
            "{id}: {words}"
        );
        let (ours, _) = words.split_once("Builds a `").unwrap();
        assert!(!ours.contains('{'), "{id}: a variable is not set: {ours}");
    }
}

#[test]
fn each_argument_is_documented() {
    for (id, source) in functions() {
        let arguments: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("/// - "))
            .collect();
        for argument in arguments.iter().filter(|argument| **argument != "`body`") {
            assert!(argument.contains("`: "), "{id}: {argument}");
        }
    }
}

#[test]
fn no_words_are_left_of_what_is_gone() {
    let words: Value = serde_json::from_str(&read("openapi/words.json")).unwrap();
    let source = read("client/src/generated.rs");
    for part in ["operations", "parameters", "schemas", "fields"] {
        for (name, text) in words[part].as_object().unwrap() {
            let text = text.as_str().or(text["summary"].as_str()).unwrap();
            let text = text.trim_end_matches('.');
            assert!(source.contains(text), "{part}: {name}: {text}");
        }
    }
}
