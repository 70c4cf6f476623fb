use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::Description;
use crate::description::Route;
use crate::schema_changes::{Flow, Place, Schemas, resolve, rest};

/// What changed for a caller from `old` to `new`, in words, a line for each change; no lines when a caller sees no difference.
///
/// A change of a component is told once, with all operations that reach it.
#[must_use]
pub fn changes(old: &Description, new: &Description) -> Vec<String> {
    let (before, after) = (old.operations(), new.operations());
    let mut found = Found::default();
    for (id, route) in &before {
        if !after.contains_key(id) {
            found.add(id, "", &format!("operation removed, was {route}"));
        }
    }
    for (id, route) in &after {
        match before.get(id) {
            None => found.add(id, "", &format!("operation added, {route}")),
            Some(earlier) => Operation {
                id,
                schemas: Schemas::new(old.value(), new.value()),
                found: &mut found,
            }
            .compare(earlier, route),
        }
    }
    found.lines(old, new)
}

/// The operations for each change at a place.
#[derive(Default)]
struct Found(BTreeMap<(String, String), BTreeSet<String>>);

impl Found {
    fn add(&mut self, operation: &str, place: &str, change: &str) {
        let key = (place.to_owned(), change.to_owned());
        self.0.entry(key).or_default().insert(operation.to_owned());
    }

    fn lines(self, old: &Description, new: &Description) -> Vec<String> {
        let mut lines = Vec::new();
        rest(
            &old.value()["servers"],
            &new.value()["servers"],
            &[],
            |change| {
                lines.push(format!("address of the API: {change}"));
            },
        );
        let mut changes: Vec<_> = self.0.into_iter().map(|(key, ids)| (ids, key)).collect();
        changes.sort();
        lines.extend(changes.into_iter().map(|(ids, (place, change))| {
            let ids: Vec<String> = ids.into_iter().map(|id| format!("`{id}`")).collect();
            let place = if place.is_empty() {
                place
            } else {
                format!("{place}: ")
            };
            format!("{}: {place}{change}", ids.join(", "))
        }));
        lines
    }
}

struct Operation<'a> {
    id: &'a str,
    schemas: Schemas<'a>,
    found: &'a mut Found,
}

/// The keywords of an operation that are compared one by one, or that a caller never meets.
const OPERATION: [&str; 5] = [
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "tags",
];

impl<'a> Operation<'a> {
    fn compare(mut self, old: &Route<'a>, new: &Route<'a>) {
        if (old.method, old.path) != (new.method, new.path) {
            self.say("", &format!("moved from {old} to {new}"));
        }
        rest(old.operation, new.operation, &OPERATION, |change| {
            self.say("", &change)
        });
        self.parameters(old, new);
        self.request_body(&old.operation["requestBody"], &new.operation["requestBody"]);
        self.responses(&old.operation["responses"], &new.operation["responses"]);
        for (place, change) in self.schemas.take_found() {
            self.found.add(self.id, &place, &change);
        }
    }

    fn say(&mut self, place: &str, change: &str) {
        self.found.add(self.id, place, change);
    }

    fn parameters(&mut self, old: &Route<'a>, new: &Route<'a>) {
        let (old, new) = (
            parameters(self.schemas.old_document, old),
            parameters(self.schemas.new_document, new),
        );
        for (place, old, new) in both(&old, &new) {
            match (old, new) {
                (Some(_), None) => self.say(place, "removed"),
                (None, Some(new)) => self.say(place, added(new["required"] == true)),
                (Some(old), Some(new)) => {
                    self.required(place, old, new);
                    rest(
                        old,
                        new,
                        &["name", "in", "required", "schema", "content"],
                        |change| {
                            self.say(place, &change);
                        },
                    );
                    let at = Place::new(Flow::Request, place);
                    self.schemas.compare(&old["schema"], &new["schema"], &at);
                    self.content(old, new, &at);
                }
                (None, None) => {}
            }
        }
    }

    fn request_body(&mut self, old: &'a Value, new: &'a Value) {
        let (_, old) = resolve(self.schemas.old_document, old);
        let (_, new) = resolve(self.schemas.new_document, new);
        let at = Place::new(Flow::Request, "request body");
        match (old.is_null(), new.is_null()) {
            (true, true) => {}
            (false, true) => self.say("request body", "removed"),
            (true, false) => self.say("request body", added(new["required"] == true)),
            (false, false) => {
                self.required("request body", old, new);
                self.content(old, new, &at);
            }
        }
    }

    fn responses(&mut self, old: &'a Value, new: &'a Value) {
        for (status, old, new) in both(&names(old), &names(new)) {
            let place = format!("response {status}");
            let (Some(old), Some(new)) = (old, new) else {
                self.say(
                    &place,
                    if old.is_some() {
                        "status gone"
                    } else {
                        "status added"
                    },
                );
                continue;
            };
            let (_, old) = resolve(self.schemas.old_document, old);
            let (_, new) = resolve(self.schemas.new_document, new);
            self.content(old, new, &Place::new(Flow::Response, &place));
            for (name, old, new) in both(&names(&old["headers"]), &names(&new["headers"])) {
                let place = format!("{place}, header `{name}`");
                match (old, new) {
                    (Some(_), None) => self.say(&place, "removed"),
                    (None, Some(_)) => self.say(&place, "added"),
                    (Some(old), Some(new)) => {
                        let (_, old) = resolve(self.schemas.old_document, old);
                        let (_, new) = resolve(self.schemas.new_document, new);
                        let at = Place::new(Flow::Response, &place);
                        self.schemas.compare(&old["schema"], &new["schema"], &at);
                    }
                    (None, None) => {}
                }
            }
        }
    }

    fn content(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        for (kind, old, new) in both(&names(&old["content"]), &names(&new["content"])) {
            match (old, new) {
                (Some(old), Some(new)) => self.schemas.compare(&old["schema"], &new["schema"], at),
                (Some(_), None) => self.say(&at.to_string(), &format!("no longer `{kind}`")),
                (None, _) => self.say(&at.to_string(), &format!("also `{kind}`")),
            }
        }
    }

    fn required(&mut self, place: &str, old: &Value, new: &Value) {
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.say(place, "made required"),
            (true, false) => self.say(place, "made optional"),
            _ => {}
        }
    }
}

pub(crate) fn added(required: bool) -> &'static str {
    if required {
        "added, required"
    } else {
        "added, optional"
    }
}

/// The parameters of an operation by where they stand and what they are called; its own go before those of its path.
fn parameters<'a>(document: &'a Value, route: &Route<'a>) -> BTreeMap<String, &'a Value> {
    let of_path = route.item.get("parameters").and_then(Value::as_array);
    let own = route.operation["parameters"].as_array();
    let all = of_path.into_iter().chain(own).flatten();
    all.map(|parameter| {
        let (_, parameter) = resolve(document, parameter);
        let text = |key: &str| parameter[key].as_str().unwrap_or_default();
        (
            format!("{} parameter `{}`", text("in"), text("name")),
            parameter,
        )
    })
    .collect()
}

pub(crate) fn names(object: &Value) -> BTreeMap<String, &Value> {
    let entries = object.as_object().into_iter().flat_map(Map::iter);
    entries.map(|(name, value)| (name.clone(), value)).collect()
}

/// Every key of the two, with what each has for it.
pub(crate) fn both<'k, T: Copy>(
    old: &'k BTreeMap<String, T>,
    new: &'k BTreeMap<String, T>,
) -> impl Iterator<Item = (&'k str, Option<T>, Option<T>)> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .map(|key| (key.as_str(), old.get(key).copied(), new.get(key).copied()))
}
