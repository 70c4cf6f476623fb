//! Makes one schema of two.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{
    bounds::{Budget, DEPTH, Excess, VALUES},
    escape::short,
    slice::resolve,
};

/// How deep schemas are looked into. A schema that contains itself would never end.
const MOST_NESTED: usize = 16;

/// Returns the schema that accepts what either of two schemas of a document accepts: with the
/// fields of both, of which those are required that both require, and with `oneOf` where types
/// differ.
///
/// The error says where the two do not fit, and how.
pub(crate) fn union(document: &Value, one: &Value, other: &Value) -> Result<Value, String> {
    let budget = &Budget::new(VALUES);
    let union = Union {
        document,
        depth: 0,
        budget,
    };
    union.of(one, other)
}

#[derive(Clone, Copy)]
struct Union<'a> {
    document: &'a Value,
    depth: usize,
    budget: &'a Budget,
}

impl Union<'_> {
    fn of(&self, one: &Value, other: &Value) -> Result<Value, String> {
        if one == other {
            return Ok(one.clone());
        }
        let (_, one) = resolve(self.document, one);
        let (_, other) = resolve(self.document, other);
        for schema in [one, other] {
            self.budget
                .spend_on(schema, DEPTH)
                .map_err(Excess::reason)?;
        }
        let mut alternatives = self.alternatives(one)?;
        for new in self.alternatives(other)? {
            let same = |old: &&mut Value| old["type"] == new["type"];
            match alternatives.iter_mut().find(same) {
                Some(old) => *old = self.same_type(old, &new)?,
                None => alternatives.push(new),
            }
        }
        let mut union = match <[Value; 1]>::try_from(alternatives) {
            Ok([single]) => single,
            Err(several) => one_of(several)?,
        };
        if one["nullable"] == true || other["nullable"] == true {
            union["nullable"] = json!(true);
        }
        Ok(union)
    }

    /// Returns the schemas, each of one type, of which a value fits one.
    fn alternatives(&self, schema: &Value) -> Result<Vec<Value>, String> {
        let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
        let Some(choices) = choices else {
            return match schema["type"].as_str() {
                Some(_) => Ok(vec![schema.clone()]),
                None => Err(format!("no type: {}", short(&schema.to_string()))),
            };
        };
        let schemas = choices
            .iter()
            .map(|choice| self.alternatives(resolve(self.document, choice).1));
        Ok(schemas.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// Returns the union of two schemas of one type. A keyword that only one of them has, or has
    /// otherwise, is a limit that the other does not set, and goes.
    fn same_type(&self, one: &Value, other: &Value) -> Result<Value, String> {
        let mut union: Map<String, Value> = object(one)
            .filter(|(keyword, value)| other.get(keyword) == Some(value))
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect();
        if let (Some(values), Some(others)) = (one["enum"].as_array(), other["enum"].as_array()) {
            let known: HashSet<&Value> = values.iter().collect();
            let new = others.iter().filter(|value| !known.contains(value));
            let values = values.iter().chain(new).cloned().collect();
            union.insert("enum".to_owned(), Value::Array(values));
        }
        if one["items"].is_object() && other["items"].is_object() {
            let items = self.below("items", &one["items"], &other["items"])?;
            union.insert("items".to_owned(), items);
        }
        if one["type"] == "object" {
            let (fields, required) = self.fields(one, other)?;
            union.insert("properties".to_owned(), Value::Object(fields));
            union.insert("required".to_owned(), Value::Array(required));
        }
        Ok(Value::Object(union))
    }

    /// Returns the fields of either of two objects, and the names that both require.
    fn fields(
        &self,
        one: &Value,
        other: &Value,
    ) -> Result<(Map<String, Value>, Vec<Value>), String> {
        let mut fields: Map<String, Value> = Map::new();
        for (name, field) in object(&one["properties"]).chain(object(&other["properties"])) {
            let field = match fields.get(name) {
                Some(known) => self.below(&format!("field `{name}`"), known, field)?,
                None => field.clone(),
            };
            fields.insert(name.clone(), field);
        }
        let required = |schema: &Value| schema["required"].as_array().cloned().unwrap_or_default();
        let others: HashSet<Value> = required(other).into_iter().collect();
        let mut both = required(one);
        both.retain(|name| others.contains(name));
        Ok((fields, both))
    }

    /// Returns the union of two parts of schemas.
    fn below(&self, part: &str, one: &Value, other: &Value) -> Result<Value, String> {
        let below = Self {
            depth: self.depth + 1,
            ..*self
        };
        if below.depth > MOST_NESTED {
            return Err("too deep".to_owned());
        }
        let union = below.of(one, other);
        union.map_err(|reason| format!("{part}: {reason}"))
    }
}

/// Returns a choice between several types, none of which is made of others: a reader could not
/// distinguish these.
fn one_of(mut alternatives: Vec<Value>) -> Result<Value, String> {
    let kind = |schema: &Value| schema["type"].as_str().unwrap_or_default().to_owned();
    let composed = |schema: &Value| ["array", "object"].contains(&kind(schema).as_str());
    alternatives.sort_by_key(kind);
    if alternatives.iter().any(composed) {
        let kinds: Vec<String> = alternatives.iter().map(kind).collect();
        return Err(format!("of different types: {}", kinds.join(", ")));
    }
    Ok(json!({ "oneOf": alternatives }))
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
