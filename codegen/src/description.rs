//! An OpenAPI description: a JSON document, and the operations in it.
//!
//! A part of it is cut in `slice.rs`, and references are replaced in `in_place.rs`.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use crate::{
    Error,
    json::{self, kind},
};

/// An OpenAPI 3.0 description. Its `Display` is JSON with sorted keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Description(Value);

/// Where an operation is in a description.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) item: &'a Map<String, Value>,
    pub(crate) operation: &'a Value,
}

impl Route<'_> {
    /// Returns the JSON pointer to the operation.
    pub(crate) fn pointer(&self) -> String {
        format!("/paths/{}/{}", json::escaped_key(self.path), self.method)
    }
}

pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Description {
    /// Returns the description that `text` holds.
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not JSON, or is not an OpenAPI 3.0 description.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document = json::parse(text)?;
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

    /// Returns the description that has nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self(Value::Object(Map::new()))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn routes(&self) -> impl Iterator<Item = (&str, Route<'_>)> {
        routes(&self.0)
    }

    /// Returns every operation by its operationId; of two with one id, the last.
    pub(crate) fn operations(&self) -> BTreeMap<&str, Route<'_>> {
        self.routes().collect()
    }

    /// Returns the operationId at the method and path of `route`.
    pub(crate) fn at(&self, route: &Route<'_>) -> Option<&str> {
        self.value()["paths"][route.path][route.method]["operationId"].as_str()
    }
}

/// Returns every operation of a document, with its operationId.
pub(crate) fn routes(document: &Value) -> impl Iterator<Item = (&str, Route<'_>)> {
    let items = document["paths"].as_object().into_iter().flatten();
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
