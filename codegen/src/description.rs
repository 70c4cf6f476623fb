use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::{Error, slice};

/// An OpenAPI 3.0 description. Its `Display` is JSON with sorted keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Description(Value);

/// Where an operation stands in a description.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) item: &'a Map<String, Value>,
    pub(crate) operation: &'a Value,
}

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Description {
    /// The description that `text` holds.
    ///
    /// # Errors
    ///
    /// When `text` is not JSON, or is not an OpenAPI 3.0 description.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document = json(text)?;
        let found = if !document.is_object() {
            format!("the document is {}, not an object", kind(&document))
        } else if let Some(version) = document["openapi"].as_str() {
            if version.starts_with("3.0.") {
                return Ok(Self(document));
            }
            format!("it is OpenAPI {version}")
        } else if let Some(version) = document["swagger"].as_str() {
            format!("it is Swagger {version}")
        } else {
            "it has no field `openapi` with a version".to_owned()
        };
        Err(Error::NotOpenApi30 { found })
    }

    /// The description that has nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self(Value::Object(Map::new()))
    }

    /// The structure of `operations` and of every component that they reach, without prose, examples and extensions.
    ///
    /// # Errors
    ///
    /// When an operation is missing or there twice, or a reference leads nowhere or out of the description.
    pub fn slice<S: AsRef<str>>(&self, operations: &[S]) -> Result<Self, Error> {
        slice::slice(self, operations, slice::Prose::Drop)
    }

    /// The same as [`slice`](Self::slice), with the words kept.
    pub(crate) fn only<S: AsRef<str>>(&self, operations: &[S]) -> Result<Self, Error> {
        slice::slice(self, operations, slice::Prose::Keep)
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn routes(&self) -> impl Iterator<Item = (&str, Route<'_>)> {
        let items = self.0["paths"].as_object().into_iter().flatten();
        let items = items.filter_map(|(path, item)| Some((path, item.as_object()?)));
        items.flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| {
                let operation = item.get(method)?;
                let id = operation["operationId"].as_str()?;
                Some((
                    id,
                    Route {
                        path,
                        method,
                        item,
                        operation,
                    },
                ))
            })
        })
    }

    /// Every operation by its operationId; of two with one id, the last.
    pub(crate) fn operations(&self) -> BTreeMap<&str, Route<'_>> {
        self.routes().collect()
    }
}

impl From<Value> for Description {
    fn from(mut document: Value) -> Self {
        document.sort_all_objects();
        Self(document)
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:#}", self.0)
    }
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}

/// The operationIds that `text`, a JSON array of strings, lists.
///
/// # Errors
///
/// When `text` is something else, or names an operation twice or none at all.
pub fn operations(text: &str) -> Result<Vec<String>, Error> {
    let refuse = |reason: String| Err(Error::OperationList { reason });
    let document = json(text)?;
    let Value::Array(items) = document else {
        return refuse(format!(
            "it is {}, not an array of operationIds",
            kind(&document)
        ));
    };
    let mut seen = BTreeSet::new();
    for item in items {
        let Value::String(id) = item else {
            return refuse(format!(
                "it holds {}, where an operationId should be",
                kind(&item)
            ));
        };
        if !seen.insert(id.clone()) {
            return refuse(format!("it names `{id}` twice"));
        }
    }
    if seen.is_empty() {
        return refuse("it is empty".to_owned());
    }
    Ok(seen.into_iter().collect())
}

pub(crate) fn json(text: &str) -> Result<Value, Error> {
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
