//! Whether each part of a description is JSON of the kind that OpenAPI wants. Null stands for a
//! part that is not there: it is all that an overlay can leave of a string.

use serde_json::{Map, Value};

use crate::{
    Error,
    json::{escaped_key, kind},
    slice::{Place, place_below},
};

/// After this many problems, the rest of a description is not checked.
const MOST_PROBLEMS: usize = 20;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Returns what does not have the form that OpenAPI requires, and where it is.
pub(super) fn check(document: &Value) -> Result<(), Vec<Error>> {
    let mut shapes = Shapes::default();
    shapes.document(document);
    if shapes.problems.is_empty() {
        Ok(())
    } else {
        Err(shapes.problems)
    }
}

#[derive(Default)]
struct Shapes {
    problems: Vec<Error>,
}

impl Shapes {
    fn document(&mut self, document: &Value) {
        for (path, item) in self.entries(&document["paths"], "/paths") {
            let at = format!("/paths/{}", escaped_key(path));
            for (key, value) in self.entries(item, &at) {
                self.part(value, place_below(key, value), &below(&at, key));
            }
        }
        for (kind, components) in self.entries(&document["components"], "/components") {
            let at = below("/components", kind);
            for (name, component) in self.entries(components, &at) {
                let at = below(&at, name);
                if kind == "schemas" {
                    self.schema(component, &at);
                } else {
                    self.wants(component.is_object(), component, "an object", &at);
                    self.part(component, Place::Keywords, &at);
                }
            }
        }
    }

    /// Looks for schemas below a part that is not one itself.
    fn part(&mut self, part: &Value, place: Place, at: &str) {
        match (part, place) {
            (_, Place::Data) => {}
            (Value::Array(items), _) => {
                for (index, item) in items.iter().enumerate() {
                    self.part(item, Place::Keywords, &format!("{at}/{index}"));
                }
            }
            (Value::Object(object), Place::Names | Place::Responses) => {
                for (name, value) in object {
                    self.part(value, Place::Keywords, &below(at, name));
                }
            }
            (Value::Object(object), _) => {
                self.reference(object, at);
                for (key, value) in object {
                    let at = below(at, key);
                    match (key.as_str(), value) {
                        ("schema", Value::Null) => {}
                        ("schema", schema) => self.schema(schema, &at),
                        ("$ref", value) => self.wants(value.is_string(), value, "a string", &at),
                        _ => self.part(value, place_below(key, value), &at),
                    }
                }
            }
            _ => {}
        }
    }

    fn schema(&mut self, schema: &Value, at: &str) {
        let Value::Object(schema) = schema else {
            return self.wants(false, schema, "a schema", at);
        };
        self.reference(schema, at);
        for (keyword, value) in schema.iter().filter(|(_, value)| !value.is_null()) {
            self.keyword(keyword, value, &below(at, keyword));
        }
    }

    /// OpenAPI ignores what is beside a reference.
    fn reference(&mut self, object: &Map<String, Value>, at: &str) {
        if object.get("$ref").is_some_and(Value::is_string) {
            let ignored = |key: &str| !matches!(key, "$ref" | "description" | "summary");
            for (key, value) in object
                .iter()
                .filter(|(key, it)| ignored(key) && !it.is_null())
            {
                self.wants(false, value, "nothing beside a reference", &below(at, key));
            }
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Value, at: &str) {
        match keyword {
            "properties" => {
                for (name, schema) in self.entries(value, at) {
                    self.schema(schema, &below(at, name));
                }
            }
            "items" | "not" => self.schema(value, at),
            "additionalProperties" if !value.is_boolean() => self.schema(value, at),
            "allOf" | "anyOf" | "oneOf" => {
                for (index, schema) in self.items(value, at).iter().enumerate() {
                    self.schema(schema, &format!("{at}/{index}"));
                }
            }
            "required" => {
                for name in self.items(value, at) {
                    self.wants(name.is_string(), name, "a string", at);
                }
            }
            "enum" => drop(self.items(value, at)),
            "type" => {
                let known = value.as_str().is_some_and(|name| TYPES.contains(&name));
                self.wants(known, value, "the name of a type", at);
            }
            "$ref" => {
                let reference = value.as_str().unwrap_or_default();
                let is_met = reference.starts_with("#/components/schemas/");
                self.wants(is_met, value, "a reference to a schema", at);
            }
            "format" => self.wants(value.is_string(), value, "a string", at),
            "nullable" => self.wants(value.is_boolean(), value, "a boolean", at),
            _ => {}
        }
    }

    /// Returns the entries of what should be an object, if it is there.
    fn entries<'a>(
        &mut self,
        value: &'a Value,
        at: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let object = value.as_object();
        self.wants(object.is_some() || value.is_null(), value, "an object", at);
        let entries = object.into_iter().flat_map(Map::iter);
        entries.map(|(key, value)| (key.as_str(), value))
    }

    fn items<'a>(&mut self, value: &'a Value, at: &str) -> &'a [Value] {
        self.wants(value.is_array(), value, "an array", at);
        value.as_array().map_or(&[], Vec::as_slice)
    }

    fn wants(&mut self, is_met: bool, value: &Value, wanted: &str, at: &str) {
        if is_met || self.problems.len() == MOST_PROBLEMS {
            return;
        }
        let found = match value.as_str() {
            Some(text) if text.len() < 40 => format!("the string {value}"),
            _ => kind(value).to_owned(),
        };
        self.problems.push(Error::Malformed {
            place: at.to_owned(),
            reason: format!("{found}, where {wanted} should be"),
        });
    }
}

fn below(at: &str, key: &str) -> String {
    format!("{at}/{}", escaped_key(key))
}
