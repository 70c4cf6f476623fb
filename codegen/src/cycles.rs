//! What is made of itself: a reference back through properties or items is a type that contains
//! itself, but one through references and compositions alone is no type at all.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::slice::component;

/// Returns the name of a component that refers to itself and is nothing else, if there is one.
pub(crate) fn refers_to_itself(document: &Value) -> Option<&str> {
    let kinds = document["components"].as_object().into_iter().flatten();
    let mut all = kinds.flat_map(|(kind, components)| {
        let names = components.as_object().into_iter().flat_map(Map::keys);
        names.map(move |name| (kind.as_str(), name.as_str()))
    });
    let own = all.find(|start| {
        let mut passed = BTreeSet::new();
        let mut next = *start;
        while let Some(target) = referred(&document["components"][next.0][next.1]) {
            if target == *start || !passed.insert(target) {
                return target == *start;
            }
            next = target;
        }
        false
    });
    own.map(|(_, name)| name)
}

fn referred(value: &Value) -> Option<(&str, &str)> {
    value["$ref"].as_str().and_then(component)
}

/// Returns the name of a schema that is made of itself, if there is one.
pub(crate) fn made_of_itself(document: &Value) -> Option<&str> {
    let schemas = document["components"]["schemas"].as_object()?;
    let reaches = |name: &str| {
        let mut seen = BTreeSet::new();
        let mut next = parts(schemas.get(name));
        while let Some(part) = next.pop() {
            if part == name {
                return true;
            }
            if seen.insert(part) {
                next.extend(parts(schemas.get(part)));
            }
        }
        false
    };
    schemas
        .keys()
        .map(String::as_str)
        .find(|name| reaches(name))
}

/// Returns the names of the schemas that a schema is made of.
fn parts(schema: Option<&Value>) -> Vec<&str> {
    let Some(schema) = schema else {
        return Vec::new();
    };
    let own = referred(schema).filter(|(kind, _)| *kind == "schemas");
    let lists = ["allOf", "oneOf", "anyOf"].into_iter();
    let lists = lists.filter_map(|keyword| schema[keyword].as_array());
    let composed = lists.flatten().chain(schema.get("not"));
    let own = own.map(|(_, name)| name).into_iter();
    own.chain(composed.flat_map(|part| parts(Some(part))))
        .collect()
}
