use serde_json::Value;

use crate::Error;

pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    let text = text.trim_start_matches('\u{feff}');
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
