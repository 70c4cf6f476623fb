//! Paths that would address something else than an operation of the API.

use serde_json::json;

use crate::input::{Input, parameter};

/// The input with its operation at another path.
fn at(path: &str) -> Input {
    Input::with(|description| {
        let item = description["paths"]["/secrets/{name}"].take();
        description["paths"] = json!({ path: item });
    })
}

#[test]
fn a_path_that_is_no_plain_path() {
    for path in [
        "",
        "secrets/{name}",
        "//evil.example/{name}",
        "https://evil.example/{name}",
        "/secrets/../{name}",
        "/./{name}",
        "/%2e%2e/{name}",
        "/secrets//{name}",
        "/secrets/{name}/",
        "/secrets?a=b&c={name}",
        "/secrets#{name}",
        "/secrets\\{name}",
        "/secrets/ {name}",
        "/secrets/{name}\n",
        "/secrets/{name}...{name}",
        "/secrets/a{name}",
        "/secrets/{}",
        "/secrets/{name",
        "/secrets/name}",
        "/secrets/\u{e9}/{name}",
    ] {
        at(path).is_refused("path");
    }
}

#[test]
fn a_path_without_a_parameter_of_its_operation() {
    at("/secrets").is_refused("`name`");
    at("/secrets/name").is_refused("`name`");
}

#[test]
fn a_path_with_a_parameter_that_its_operation_does_not_describe() {
    at("/secrets/{name}/{other}").is_refused("`other`");
    let mut input = Input::new();
    input.operation()["parameters"] = json!([]);
    input.is_refused("`name`");
    input.operation()["parameters"] = json!([parameter("name", "query")]);
    input.is_refused("`name`");
}

#[test]
fn a_parameter_can_stand_at_the_path() {
    let mut input = Input::new();
    let parameters = input.operation()["parameters"].take();
    input.operation()["parameters"] = json!([]);
    input.description["paths"]["/secrets/{name}"]["parameters"] = parameters;
    input.generate().unwrap();
}
