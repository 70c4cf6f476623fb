use std::collections::{BTreeSet, HashSet};
use std::{fmt, mem, ptr};

use serde_json::Value;

use crate::changes::{added, both, names};
use crate::slice::{component, is_prose};

/// Which way a schema's values go.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Flow {
    Request,
    Response,
}

/// Where in an operation, or in a component, a schema stands.
#[derive(Clone)]
pub(crate) struct Place {
    flow: Flow,
    part: String,
    field: String,
}

impl Place {
    pub(crate) fn new(flow: Flow, part: &str) -> Self {
        Self {
            flow,
            part: part.to_owned(),
            field: String::new(),
        }
    }

    fn field(&self, name: &str) -> Self {
        let dot = if self.field.is_empty() { "" } else { "." };
        self.below(&format!("{dot}{name}"))
    }

    fn below(&self, suffix: &str) -> Self {
        Self {
            field: format!("{}{suffix}", self.field),
            ..self.clone()
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.part)?;
        if self.field.is_empty() {
            Ok(())
        } else {
            write!(f, ", field `{}`", self.field)
        }
    }
}

/// Compares the schemas of one operation in two documents.
pub(crate) struct Schemas<'a> {
    pub(crate) old_document: &'a Value,
    pub(crate) new_document: &'a Value,
    /// Pairs that were compared before: a component that contains itself ends here.
    seen: HashSet<(*const Value, *const Value, Flow)>,
    found: Vec<(String, String)>,
}

/// The keywords of a schema that are compared one by one; the others are compared as they are.
const SCHEMA: [&str; 12] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "enum",
    "format",
    "items",
    "nullable",
    "oneOf",
    "properties",
    "required",
    "type",
];

impl<'a> Schemas<'a> {
    pub(crate) fn new(old_document: &'a Value, new_document: &'a Value) -> Self {
        Self {
            old_document,
            new_document,
            seen: HashSet::new(),
            found: Vec::new(),
        }
    }

    /// The changes so far, each with its place.
    pub(crate) fn take_found(&mut self) -> Vec<(String, String)> {
        mem::take(&mut self.found)
    }

    pub(crate) fn compare(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        let (old_name, old) = resolve(self.old_document, old);
        let (new_name, new) = resolve(self.new_document, new);
        let at = match (old_name, new_name) {
            (Some(old), Some(new)) if old == new => {
                let part = match at.flow {
                    Flow::Request => format!("request schema `{new}`"),
                    Flow::Response => format!("response schema `{new}`"),
                };
                &Place::new(at.flow, &part)
            }
            _ => at,
        };
        if !self
            .seen
            .insert((ptr::from_ref(old), ptr::from_ref(new), at.flow))
        {
            return;
        }
        let (old_type, new_type) = (type_of(old), type_of(new));
        if old_type != new_type {
            self.say(at, format!("changed from {old_type} to {new_type}"));
        }
        if old["type"] != new["type"] {
            return;
        }
        match (old["nullable"] == true, new["nullable"] == true) {
            (false, true) => self.say(at, "may be null"),
            (true, false) => self.say(at, "may no longer be null"),
            _ => {}
        }
        self.values(&old["enum"], &new["enum"], at);
        self.fields(old, new, at);
        self.compare_some(&old["items"], &new["items"], &at.below("[]"));
        self.compare_some(
            &old["additionalProperties"],
            &new["additionalProperties"],
            &at.below("{}"),
        );
        for keyword in ["oneOf", "anyOf", "allOf"] {
            self.alternatives(keyword, &old[keyword], &new[keyword], at);
        }
        rest(old, new, &SCHEMA, |change| self.say(at, change));
    }

    fn say(&mut self, at: &Place, change: impl Into<String>) {
        self.found.push((at.to_string(), change.into()));
    }

    fn values(&mut self, old: &Value, new: &Value, at: &Place) {
        match (old.as_array(), new.as_array()) {
            (None, None) => {}
            (Some(_), None) => self.say(at, "takes any value, no longer only some"),
            (None, Some(new)) => {
                let values: Vec<String> = new.iter().map(quoted).collect();
                self.say(
                    at,
                    format!("takes only {}, no longer any value", values.join(", ")),
                );
            }
            (Some(old), Some(new)) => {
                for value in old.iter().filter(|value| !new.contains(value)) {
                    self.say(at, format!("value {} gone", quoted(value)));
                }
                for value in new.iter().filter(|value| !old.contains(value)) {
                    self.say(at, format!("value {} added", quoted(value)));
                }
            }
        }
    }

    fn fields(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        let (old_required, new_required) = (required(old), required(new));
        for (name, old, new) in both(&names(&old["properties"]), &names(&new["properties"])) {
            let at = at.field(name);
            match (old, new) {
                (Some(_), None) => self.say(&at, "removed"),
                (None, _) => self.say(&at, added(new_required.contains(name))),
                (Some(old), Some(new)) => {
                    match (old_required.contains(name), new_required.contains(name)) {
                        (false, true) => self.say(&at, "made required"),
                        (true, false) => self.say(&at, "made optional"),
                        _ => {}
                    }
                    self.compare(old, new, &at);
                }
            }
        }
    }

    /// Compares two schemas that may be missing, or be `true` or `false`.
    fn compare_some(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        if old.is_object() && new.is_object() {
            self.compare(old, new, at);
        } else {
            change(old, new, |words| self.say(at, words));
        }
    }

    fn alternatives(&mut self, keyword: &str, old: &'a Value, new: &'a Value, at: &Place) {
        let (Some(old), Some(new)) = (old.as_array(), new.as_array()) else {
            return change(old, new, |words| {
                self.say(at, format!("`{keyword}` {words}"))
            });
        };
        if old.len() != new.len() {
            self.say(
                at,
                format!(
                    "{} instead of {} alternatives in `{keyword}`",
                    new.len(),
                    old.len()
                ),
            );
        }
        for (old, new) in old.iter().zip(new) {
            self.compare(old, new, at);
        }
    }
}

/// The component that `value` refers to, by name and in itself, or `value`.
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

/// Tells of each keyword, other than `known` ones and prose, that two objects do not have in common.
pub(crate) fn rest(old: &Value, new: &Value, known: &[&str], mut say: impl FnMut(String)) {
    if !old.is_object() && !new.is_object() {
        return change(old, new, say);
    }
    for (keyword, old, new) in both(&names(old), &names(new)) {
        if !known.contains(&keyword) && !is_prose(keyword) {
            let (old, new) = (old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null));
            change(old, new, |words| say(format!("`{keyword}` {words}")));
        }
    }
}

fn change(old: &Value, new: &Value, mut say: impl FnMut(String)) {
    match (old, new) {
        (old, new) if old == new => {}
        (Value::Null, new) => say(format!("added: {new}")),
        (old, Value::Null) => say(format!("removed, was {old}")),
        (old, new) => say(format!("changed from {old} to {new}")),
    }
}

fn type_of(schema: &Value) -> String {
    let kind = schema["type"].as_str().unwrap_or("any type");
    schema["format"]
        .as_str()
        .map_or_else(|| kind.to_owned(), |format| format!("{kind} ({format})"))
}

fn required(schema: &Value) -> BTreeSet<&str> {
    schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn quoted(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), |text| format!("`{text}`"))
}
