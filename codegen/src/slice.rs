//! Cuts from a description what some operations reach.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::{
    Error,
    description::{Description, METHODS, Route},
    escape::code,
};

/// Whether words, examples and extensions come along.
#[derive(Clone, Copy, PartialEq)]
enum Prose {
    Keep,
    Drop,
}

/// An extension of GitHub's that changes what is sent: the slashes in a parameter of a path stay.
pub(crate) const MULTI_SEGMENT: &str = "x-multi-segment";

/// OpenAPI wants a title; that of the whole description is prose of GitHub's.
const TITLE: &str = "The operations of GitHub's REST API that github-secrets takes";

impl Description {
    /// Returns the structure of `operations` and of every component that they reach, without prose,
    /// examples and extensions.
    ///
    /// With it comes whatever keeps the slice from being whole: an operation that is missing or
    /// is on two routes, of which the first is taken, or a reference that leads nowhere or out
    /// of the description.
    #[must_use]
    pub fn slice<S: AsRef<str>>(&self, operations: &[S]) -> (Self, Vec<Error>) {
        slice(self, operations, Prose::Drop)
    }

    /// Returns the same as [`slice`](Self::slice), with the words.
    pub(crate) fn only<S: AsRef<str>>(&self, operations: &[S]) -> (Self, Vec<Error>) {
        slice(self, operations, Prose::Keep)
    }
}

fn slice<S: AsRef<str>>(
    source: &Description,
    operations: &[S],
    prose: Prose,
) -> (Description, Vec<Error>) {
    let mut copier = Copier {
        prose,
        holder: String::new(),
        pending: Vec::new(),
    };
    let mut paths = Map::new();
    let (found, mut problems) = find(source, operations);
    for (id, route) in found {
        copier.holder = format!("operation {}", code(id));
        let item = paths.entry(route.path).or_insert_with(|| json!({}));
        for (key, value) in route.item {
            let is_operation = METHODS.contains(&key.as_str());
            if !is_operation && (prose == Prose::Keep || !is_prose(key)) {
                item[key] = copier.copy(value, Place::Keywords);
            }
        }
        item[route.method] = copier.copy(route.operation, Place::Keywords);
    }
    let (components, lost) = components(source, &mut copier);
    problems.extend(lost);
    let info = &source.value()["info"];
    let mut document = json!({
        "openapi": source.value()["openapi"],
        "info": match prose {
            Prose::Keep => info.clone(),
            Prose::Drop => {
                json!({"title": TITLE, "version": info["version"].as_str().unwrap_or_default()})
            }
        },
        "paths": paths,
        "components": components,
    });
    if let Some(servers) = source.value().get("servers") {
        document["servers"] = copier.copy(servers, Place::Keywords);
    }
    (document.into(), problems)
}

fn find<'a, S: AsRef<str>>(
    source: &'a Description,
    operations: &'a [S],
) -> (BTreeMap<&'a str, Route<'a>>, Vec<Error>) {
    let wanted: BTreeSet<&str> = operations.iter().map(AsRef::as_ref).collect();
    let mut found: BTreeMap<&str, Route<'_>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (id, route) in source.routes().filter(|(id, _)| wanted.contains(id)) {
        let first = found.entry(id).or_insert(route);
        if (first.path, first.method) != (route.path, route.method) {
            problems.push(Error::OperationTwice {
                operation: id.to_owned(),
                first: first.to_string(),
                second: route.to_string(),
            });
        }
    }
    for id in wanted.iter().filter(|id| !found.contains_key(*id)) {
        problems.push(Error::OperationMissing {
            operation: (*id).to_owned(),
            successor: None,
        });
    }
    (found, problems)
}

/// Returns each component that is referred to, once, by kind and name.
fn components(
    source: &Description,
    copier: &mut Copier,
) -> (BTreeMap<String, BTreeMap<String, Value>>, Vec<Error>) {
    let mut components: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut lost = BTreeSet::new();
    while let Some(Reference { reference, holder }) = copier.pending.pop() {
        if lost.contains(&reference) {
            continue;
        }
        let Some((kind, name)) = component(&reference) else {
            lost.insert(reference.clone());
            problems.push(Error::ForeignReference { reference, holder });
            continue;
        };
        let taken = components.entry(kind.to_owned()).or_default();
        if taken.contains_key(name) {
            continue;
        }
        let Some(value) = source.value()["components"][kind].get(name) else {
            lost.insert(reference.clone());
            problems.push(Error::DanglingReference { reference, holder });
            continue;
        };
        copier.holder = format!("component {}", code(name));
        let place = if kind == "responses" {
            Place::Response
        } else {
            Place::Keywords
        };
        taken.insert(name.to_owned(), copier.copy(value, place));
    }
    (components, problems)
}

/// Returns kind and name of the component that `reference` names. OpenAPI allows no character in a
/// name that would need an escape.
pub(crate) fn component(reference: &str) -> Option<(&str, &str)> {
    let (kind, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    (!name.contains('/')).then_some((kind, name))
}

/// Returns the component that `value` refers to, by name and in itself, or `value`.
pub(crate) fn resolve<'a>(document: &'a Value, value: &'a Value) -> (Option<&'a str>, &'a Value) {
    let mut found = (None, value);
    // A component can be a reference itself; more than a few in a row are a ring.
    for _ in 0..8 {
        let Some((kind, name)) = found.1["$ref"].as_str().and_then(component) else {
            break;
        };
        found = (Some(name), &document["components"][kind][name]);
    }
    found
}

/// What the keys of a JSON object are, which decides whether `title` is prose or the name of a
/// property.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// Words of OpenAPI itself.
    Keywords,
    /// Words of OpenAPI itself, of which `description` may not be missing.
    Response,
    /// Names that the author of the description chose.
    Names,
    /// Names, or statuses, of responses.
    Responses,
    /// Neither: a value that stands for itself.
    Data,
}

struct Reference {
    reference: String,
    holder: String,
}

struct Copier {
    prose: Prose,
    holder: String,
    pending: Vec<Reference>,
}

impl Copier {
    fn copy(&mut self, value: &Value, place: Place) -> Value {
        match (value, place) {
            (_, Place::Data) => value.clone(),
            (Value::Array(items), _) => items
                .iter()
                .map(|item| self.copy(item, Place::Keywords))
                .collect(),
            (Value::Object(object), Place::Keywords | Place::Response) => {
                let mut copy = self.keywords(object);
                if matches!(place, Place::Response) && !copy.contains_key("$ref") {
                    copy.entry("description").or_insert_with(|| json!(""));
                }
                Value::Object(copy)
            }
            (Value::Object(object), Place::Names | Place::Responses) => {
                let below = match place {
                    Place::Responses => Place::Response,
                    _ => Place::Keywords,
                };
                object
                    .iter()
                    .map(|(name, value)| (name.clone(), self.copy(value, below)))
                    .collect()
            }
            (primitive, _) => primitive.clone(),
        }
    }

    fn keywords(&mut self, object: &Map<String, Value>) -> Map<String, Value> {
        let mut copy = Map::new();
        for (key, value) in object {
            if self.prose == Prose::Drop && is_prose(key) {
                continue;
            }
            match (key.as_str(), value) {
                ("$ref", Value::String(reference)) => self.refer(reference),
                ("mapping", Value::Object(names)) => {
                    let names = names.values().filter_map(Value::as_str);
                    names
                        .filter(|name| name.contains('/'))
                        .for_each(|name| self.refer(name));
                }
                _ => {}
            }
            copy.insert(key.clone(), self.copy(value, place_below(key, value)));
        }
        copy
    }

    fn refer(&mut self, reference: &str) {
        let (reference, holder) = (reference.to_owned(), self.holder.clone());
        self.pending.push(Reference { reference, holder });
    }
}

pub(crate) fn is_prose(keyword: &str) -> bool {
    let words = [
        "summary",
        "description",
        "title",
        "externalDocs",
        "example",
        "examples",
    ];
    words.contains(&keyword) || keyword.starts_with("x-") && keyword != MULTI_SEGMENT
}

pub(crate) fn place_below(keyword: &str, value: &Value) -> Place {
    match keyword {
        "properties" | "patternProperties" | "content" | "headers" | "encoding" | "callbacks"
        | "links" | "variables" => Place::Names,
        // An array of parameters belongs to an operation, an object to a link.
        "parameters" if value.is_object() => Place::Names,
        "responses" => Place::Responses,
        "enum" | "default" | "required" | "mapping" | "security" => Place::Data,
        _ => Place::Keywords,
    }
}
