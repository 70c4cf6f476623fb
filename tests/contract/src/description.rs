//! GitHub's own description of its API, as it is committed in `openapi/github.json`.

use std::{
    collections::HashMap,
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::Validator;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::request::Request;

/// The slice of GitHub's description that the client is generated from.
pub struct Description {
    components: Value,
    operations: Vec<Operation>,
    /// By the texts of their schemas.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// One operation of the description.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The method, in upper case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The responses that are described.
    pub responses: Vec<Response>,
    parameters: Vec<Value>,
    body: Option<Value>,
}

/// A response of an operation.
#[derive(Debug)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// The schema of its body, if it has one.
    pub schema: Option<Value>,
}

impl Description {
    /// Reads the committed description.
    pub fn load() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/github.json");
        let text = fs::read_to_string(path).expect("the committed description");
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        translate(&mut document);
        let operations = entries(&document["paths"]).flat_map(|(path, methods)| {
            entries(methods)
                .map(|(method, operation)| Operation::new(&document, method, path, operation))
        });
        Self {
            operations: operations.collect(),
            components: document["components"].clone(),
            validators: Mutex::default(),
        }
    }

    /// Returns all operations.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Returns the operation that a request calls; a path without parameters comes before one with
    /// them.
    pub fn operation(&self, request: &Request) -> Option<&Operation> {
        self.operations
            .iter()
            .filter(|operation| operation.method == request.method)
            .filter(|operation| operation.arguments(request.path()).is_some())
            .min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Returns everything in a request that the description does not allow.
    pub fn objections(&self, request: &Request) -> Vec<String> {
        let Some(operation) = self.operation(request) else {
            return vec![format!("no operation has the path of {}", request.line())];
        };
        let mut objections = self.parameter_objections(operation, request);
        objections.extend(self.body_objections(operation, request));
        objections
    }

    /// Returns everything in a value that a schema of the description does not allow.
    pub fn schema_objections(&self, schema: &Value, value: &Value) -> Vec<String> {
        self.validator(schema)
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// Returns the schema that a reference leads to, or the schema itself.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.strip_prefix("#/components").expect("a component");
                let found = self.components.pointer(pointer);
                self.resolve(found.expect("a component that is there"))
            }
            None => schema,
        }
    }

    /// OpenAPI 3.0 builds on the draft before 6; 4 is the nearest that has the same keywords.
    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let schema = json!({ "allOf": [schema], "components": self.components });
            let validator = jsonschema::draft4::options()
                .should_validate_formats(true)
                .build(&schema);
            Arc::new(validator.expect("a schema"))
        });
        Arc::clone(validator)
    }

    fn parameter_objections(&self, operation: &Operation, request: &Request) -> Vec<String> {
        let path = operation.arguments(request.path()).unwrap_or_default();
        let query: Vec<_> = pairs(request.query().unwrap_or_default()).collect();
        let mut objections = Vec::new();
        for (name, _) in &query {
            if operation.parameter("query", name).is_none() {
                objections.push(format!("{name} is not a query parameter"));
            }
        }
        for parameter in &operation.parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let given = match parameter["in"].as_str() {
                Some("path") => &path,
                Some("query") => &query,
                other => panic!("parameters in {other:?} are not checked"),
            };
            let mut arguments = given.iter().filter(|(given, _)| given == name);
            match (arguments.next(), arguments.next()) {
                (Some((_, text)), None) => {
                    let value = typed(&parameter["schema"], text);
                    let found = self.schema_objections(&parameter["schema"], &value);
                    objections.extend(found.iter().map(|found| format!("{name}: {found}")));
                }
                (None, _) if parameter["required"] != json!(true) => {}
                (None, _) => objections.push(format!("{name} is missing")),
                (Some(_), Some(_)) => objections.push(format!("{name} is given twice")),
            }
        }
        objections
    }

    fn body_objections(&self, operation: &Operation, request: &Request) -> Vec<String> {
        let Some(schema) = &operation.body else {
            let has_body = !request.body.is_empty() || request.header("content-type").is_some();
            let objection = has_body.then(|| "a body where none is described".to_owned());
            return objection.into_iter().collect();
        };
        if request.header("content-type") != Some("application/json") {
            return vec!["the content type is not application/json".to_owned()];
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return vec!["the body is not JSON".to_owned()];
        };
        let mut objections = self.schema_objections(schema, &body);
        let described = &self.resolve(schema)["properties"];
        for (key, _) in entries(&body) {
            if described.get(key).is_none() {
                objections.push(format!("{key} is not in the description of the body"));
            }
        }
        objections
    }
}

impl Operation {
    fn new(document: &Value, method: &str, path: &str, operation: &Value) -> Self {
        let components = |value: &Value| referenced(document, value).clone();
        let schema = |content: &Value| {
            content["content"]["application/json"]
                .get("schema")
                .cloned()
        };
        let responses = entries(&operation["responses"]).map(|(status, response)| Response {
            status: status.parse().expect("a status"),
            schema: schema(&components(response)),
        });
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        Self {
            id: operation["operationId"].as_str().expect("an id").to_owned(),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            responses: responses.collect(),
            parameters: parameters.map(components).collect(),
            body: schema(&operation["requestBody"]),
        }
    }

    fn parameter(&self, place: &str, name: &str) -> Option<&Value> {
        self.parameters
            .iter()
            .find(|parameter| parameter["in"] == place && parameter["name"] == name)
    }

    /// Returns the names and values of the parameters in a path, if it is a path of this operation.
    fn arguments(&self, path: &str) -> Option<Vec<(String, String)>> {
        let (mut template, mut given) = (self.path.split('/'), path.split('/'));
        let mut arguments = Vec::new();
        loop {
            match (template.next(), given.next()) {
                (None, None) => return Some(arguments),
                (Some(part), Some(given)) => {
                    match part
                        .strip_prefix('{')
                        .and_then(|part| part.strip_suffix('}'))
                    {
                        Some(name) if !given.is_empty() => {
                            arguments.push((name.to_owned(), decoded(given)));
                        }
                        None if part == given => {}
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

/// Returns the value of a parameter in the type of its schema.
fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer") => text
            .parse::<i64>()
            .map_or_else(|_| json!(text), |it| json!(it)),
        _ => json!(text),
    }
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

fn decoded(text: &str) -> String {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.expect("percent-encoded UTF-8").into_owned()
}

fn referenced<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let found = document.pointer(reference.trim_start_matches('#'));
            found.expect("a reference that leads somewhere")
        }
        None => value,
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter)
}

/// Turns the `nullable` of OpenAPI 3.0 into a schema of its own for `null`.
fn translate(value: &mut Value) {
    match value {
        Value::Object(object) => {
            let nullable = object.remove("nullable") == Some(json!(true));
            object.values_mut().for_each(translate);
            if nullable {
                *value = json!({ "anyOf": [{ "type": "null" }, value.take()] });
            }
        }
        Value::Array(array) => array.iter_mut().for_each(translate),
        _ => {}
    }
}
