//! How an operation, a parameter and a schema are documented.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, Words};
use serde_json::{Value, json};

fn words() -> Value {
    json!({
        "owners": {
            "organization": { "owner": "an organization's", "scope": "Scope `{admin}`.", "admin": "admin:org" },
            "user": { "owner": "the user's", "scope": "Scope `codespace`.", "admin": "" },
        },
        "stores": [
            { "path": "/orgs/{org}/codespaces", "owner": "organization", "store": "Codespaces" },
            { "path": "/user/codespaces", "owner": "user", "store": "Codespaces", "scope": "No scope." },
        ],
        "actions": [
            { "method": "get", "path": "", "summary": "Lists {owner} {store} secrets.", "detail": "{scope}", "source": "list" },
            { "method": "put", "path": "/{name}", "summary": "Sets {owner} {store} secret.", "source": "set-{unknown}" },
        ],
        "operations": { "meta/get": { "summary": "Returns all.", "source": "meta" } },
        "parameters": { "org": "The organization's login." },
        "schemas": { "Secret": "A secret." },
        "fields": { "name": "The name.", "Key.name": "The name of the key." },
    })
}

fn apply(document: &Value) -> Value {
    let words = Words::parse(&words().to_string()).unwrap();
    let described = words.apply(&Description::parse(&document.to_string()).unwrap());
    serde_json::from_str(&described.to_string()).unwrap()
}

/// Summary and description of the operation with this id and route.
fn operation(id: &str, method: &str, path: &str) -> (Value, Value) {
    let mut described = apply(&json!({
        "openapi": "3.0.3",
        "paths": { path: { method: { "operationId": id } } },
    }));
    let operation = &mut described["paths"][path][method];
    (operation["summary"].take(), operation["description"].take())
}

#[test]
fn an_operation_is_documented_from_its_owner_its_store_and_its_action() {
    assert_eq!(
        operation("list", "get", "/orgs/{org}/codespaces"),
        (
            json!("Lists an organization's Codespaces secrets."),
            json!("Scope `admin:org`.\n\nSource: <https://docs.github.com/rest/list>")
        )
    );
}

#[test]
fn a_store_goes_before_its_owner() {
    assert_eq!(
        operation("list", "get", "/user/codespaces"),
        (
            json!("Lists the user's Codespaces secrets."),
            json!("No scope.\n\nSource: <https://docs.github.com/rest/list>")
        )
    );
}

#[test]
fn a_variable_that_nobody_sets_stays_to_be_seen() {
    let (_, description) = operation("set", "put", "/user/codespaces/{name}");
    assert_eq!(
        description,
        json!("Source: <https://docs.github.com/rest/set-{unknown}>")
    );
}

#[test]
fn an_operation_can_have_words_of_its_own() {
    let (summary, _) = operation("meta/get", "get", "/user/codespaces");
    assert_eq!(summary, json!("Returns all."));
}

#[test]
fn an_operation_without_words_is_left_as_it_is() {
    for (method, path) in [("get", "/orgs/{org}"), ("post", "/user/codespaces")] {
        assert_eq!(operation("a", method, path), (Value::Null, Value::Null));
    }
}

#[test]
fn parameters_schemas_and_fields_are_documented_by_name() {
    let fields = json!({ "name": { "type": "string" }, "age": {} });
    let described = apply(&json!({
        "openapi": "3.0.3",
        "paths": { "/a": { "parameters": [{ "name": "org", "in": "path" }] } },
        "components": {
            "parameters": { "org": { "name": "org", "in": "path" }, "repo": { "name": "repo", "in": "path" } },
            "schemas": { "Secret": { "properties": fields }, "Key": { "properties": fields } },
        },
    }));
    let text = |pointer: &str| described.pointer(&format!("{pointer}/description"));
    let login = json!("The organization's login.");
    assert_eq!(text("/paths/~1a/parameters/0"), Some(&login));
    assert_eq!(text("/components/parameters/org"), Some(&login));
    assert_eq!(text("/components/parameters/repo"), None);
    let schemas = "/components/schemas";
    assert_eq!(
        text(&format!("{schemas}/Secret")),
        Some(&json!("A secret."))
    );
    assert_eq!(text(&format!("{schemas}/Key")), None);
    let name = |schema: &str| text(&format!("{schemas}/{schema}/properties/name"));
    assert_eq!(name("Secret"), Some(&json!("The name.")));
    assert_eq!(name("Key"), Some(&json!("The name of the key.")));
    assert_eq!(text(&format!("{schemas}/Key/properties/age")), None);
}

#[test]
fn what_are_no_words_is_refused_with_what_is_wrong() {
    let mut ownerless = words();
    ownerless["stores"][1]["owner"] = json!("guest");
    let mut misspelled = words();
    misspelled["field"] = json!({});
    for (words, reason) in [
        (json!([]), "it is an array, not an object"),
        (json!({}), "missing field `owners`"),
        (ownerless, "it has no owner `guest`"),
        (misspelled, "unknown field `field`"),
    ] {
        let error = Words::parse(&words.to_string()).unwrap_err().to_string();
        let expected = format!("not a table of words: {reason}");
        assert!(error.starts_with(&expected), "{error}");
    }
}
