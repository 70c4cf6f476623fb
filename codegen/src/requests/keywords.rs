//! Which keywords are followed. Null stands for one that is not there, as everywhere behind an
//! overlay.

use std::{collections::HashSet, slice};

use serde_json::Value;

use crate::{
    escape::code,
    slice::{component, is_prose},
};

/// What OpenAPI 3.0 knows of a schema.
const OF_SCHEMA: [&str; 30] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "deprecated",
    "discriminator",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// Returns an error if anything has another keyword than these and those of prose.
pub(super) fn known<'a>(
    entries: impl IntoIterator<Item = (&'a String, &'a Value)>,
    keywords: &[&str],
    what: &str,
) -> Result<(), String> {
    let mut keys = entries.into_iter().filter(|(_, value)| !value.is_null());
    let other = keys.find(|(key, _)| !is_prose(key) && !keywords.contains(&key.as_str()));
    other.map_or(Ok(()), |(key, _)| Err(unfollowed(what, key)))
}

pub(super) fn unfollowed(what: &str, keyword: &str) -> String {
    format!(
        "{what} has {}, which the client does not follow",
        code(keyword)
    )
}

/// A schema with all that it refers to, which is sent or received.
pub(super) struct Schemas<'a> {
    document: &'a Value,
    /// What a field has that is not sent, or not received.
    other: &'static str,
    seen: HashSet<&'a str>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(document: &'a Value, other: &'static str) -> Self {
        Self {
            document,
            other,
            seen: HashSet::new(),
        }
    }

    /// Checks the schema of `what`.
    pub(super) fn check(&mut self, schema: &'a Value, what: &str) -> Result<(), String> {
        self.part(schema, what, what)
    }

    /// Checks a part of a schema: `place` is the part, and `holder` what it is in.
    fn part(&mut self, schema: &'a Value, holder: &str, place: &str) -> Result<(), String> {
        let Some(keywords) = schema.as_object() else {
            return Ok(());
        };
        if let Some((_, name)) = schema["$ref"].as_str().and_then(component) {
            if !self.seen.insert(name) {
                return Ok(());
            }
            let component = &self.document["components"]["schemas"][name];
            return self.check(component, &format!("the component {}", code(name)));
        }
        known(keywords, &OF_SCHEMA, place)?;
        if schema[self.other] == true {
            return Err(unfollowed(place, self.other));
        }
        if let Some(foreign) = keywords.get("x-rust-type") {
            self.foreign(foreign, holder, place)?;
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            self.part(
                field,
                holder,
                &format!("the field {} of {holder}", code(name)),
            )?;
        }
        let parts = [
            "additionalProperties",
            "allOf",
            "anyOf",
            "items",
            "not",
            "oneOf",
        ]
        .into_iter()
        .filter_map(|keyword| keywords.get(keyword));
        parts
            .flat_map(|parts| {
                parts
                    .as_array()
                    .map_or(slice::from_ref(parts), Vec::as_slice)
            })
            .try_for_each(|part| self.part(part, holder, place))
    }

    /// Checks a type that an overlay names. The generator passes over one that it does not know.
    fn foreign(&mut self, foreign: &'a Value, holder: &str, place: &str) -> Result<(), String> {
        let path = foreign["path"].as_str().unwrap_or_default();
        let of_std = foreign["crate"] == "std" && path.starts_with("std::");
        let parameters = foreign["parameters"].as_array();
        let has_schemas = parameters.is_some_and(|all| all.iter().all(Value::is_object));
        let is_known = of_std && foreign["version"] == "*";
        if !is_known || !has_schemas && foreign.get("parameters").is_some() {
            return Err(format!(
                "{place} has `x-rust-type`, which does not name a type of `std` in any version"
            ));
        }
        let mut parameters = parameters.into_iter().flatten();
        parameters.try_for_each(|parameter| self.part(parameter, holder, place))
    }
}
