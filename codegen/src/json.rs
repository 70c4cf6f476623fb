//! Reads JSON, within bounds.

use serde_json::Value;

use crate::{
    Error,
    bounds::{VALUES_IN_TEXT, within},
};

pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    let text = text.trim_start_matches('\u{feff}');
    within(values(text), VALUES_IN_TEXT, "the text", "values")?;
    serde_json::from_str(text).map_err(|error| Error::NotJson {
        reason: error.to_string(),
        looks_like_yaml: text.lines().any(|line| {
            ["openapi:", "swagger:", "overlay:"]
                .iter()
                .any(|start| line.starts_with(start))
        }),
    })
}

pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Returns the key of an object in a JSON pointer.
pub(crate) fn escaped_key(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns at least how many values are in a JSON text: what separates them and begins them,
/// outside of strings. A value in memory takes many times the bytes of its text.
fn values(text: &str) -> usize {
    let (mut values, mut in_string, mut is_escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}
