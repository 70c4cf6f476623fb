use serde_json::{Map, Value, json};

/// Returns the schema that takes what either of two schemas takes: fields of both, required where both require them,
/// and `oneOf` where types differ.
///
/// The error says where the two do not fit, and how.
pub(crate) fn union(one: &Value, other: &Value) -> Result<Value, String> {
    if one == other {
        return Ok(one.clone());
    }
    let mut alternatives = alternatives(one)?;
    for new in self::alternatives(other)? {
        match alternatives
            .iter_mut()
            .find(|old| old["type"] == new["type"])
        {
            Some(old) => *old = same_type(old, &new)?,
            None => alternatives.push(new),
        }
    }
    let mut union = match <[Value; 1]>::try_from(alternatives) {
        Ok([single]) => single,
        Err(several) => one_of(several)?,
    };
    if let Some(title) = one.get("title").filter(|title| other["title"] == **title) {
        union["title"] = title.clone();
    }
    if one["nullable"] == true || other["nullable"] == true {
        union["nullable"] = json!(true);
    }
    Ok(union)
}

/// The schemas, each of one type, of which a value fits one.
fn alternatives(schema: &Value) -> Result<Vec<Value>, String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return Err(format!("a reference to `{reference}`, unlike the others"));
    }
    let alternatives = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let alternatives = alternatives.map_or_else(|| vec![schema.clone()], Clone::clone);
    match alternatives.iter().find(|one| !one["type"].is_string()) {
        Some(untyped) => Err(format!("no type: {untyped}")),
        None => Ok(alternatives),
    }
}

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

/// The union of two schemas of one type. A keyword that only one of them has, or has otherwise, is a limit that the other
/// does not set, and goes.
fn same_type(one: &Value, other: &Value) -> Result<Value, String> {
    let mut union: Map<String, Value> = object(one)
        .filter(|(keyword, value)| other.get(keyword) == Some(value))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
        .collect();
    if let (Some(values), Some(others)) = (one["enum"].as_array(), other["enum"].as_array()) {
        let new = others.iter().filter(|value| !values.contains(value));
        let values = values.iter().chain(new).cloned().collect();
        union.insert("enum".to_owned(), Value::Array(values));
    }
    if one["items"].is_object() && other["items"].is_object() {
        let items = self::union(&one["items"], &other["items"]);
        let items = items.map_err(|reason| format!("items: {reason}"))?;
        union.insert("items".to_owned(), items);
    }
    if one["type"] == "object" {
        let (fields, required) = fields(one, other)?;
        union.insert("properties".to_owned(), Value::Object(fields));
        union.insert("required".to_owned(), Value::Array(required));
    }
    Ok(Value::Object(union))
}

/// The fields of either of two objects, and the names that both require.
fn fields(one: &Value, other: &Value) -> Result<(Map<String, Value>, Vec<Value>), String> {
    let mut fields: Map<String, Value> = Map::new();
    for (name, field) in object(&one["properties"]).chain(object(&other["properties"])) {
        let field = match fields.get(name) {
            Some(known) => {
                union(known, field).map_err(|reason| format!("field `{name}`: {reason}"))?
            }
            None => field.clone(),
        };
        fields.insert(name.clone(), field);
    }
    let required = |schema: &Value| schema["required"].as_array().cloned().unwrap_or_default();
    let others = required(other);
    let mut both = required(one);
    both.retain(|name| others.contains(name));
    Ok((fields, both))
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
