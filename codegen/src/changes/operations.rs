//! Compares operations: their routes, parameters, request bodies and responses.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    change::{Finding, Findings, Flow, Shift},
    compare::{both, difference, entries, keywords},
    schemas::{Place, Schemas},
};
use crate::{Description, description::Route, escape::code, slice::resolve};

/// Compares every operation of two descriptions.
pub(crate) fn findings(old: &Description, new: &Description) -> Findings {
    let (before, after) = (old.operations(), new.operations());
    let mut findings = Findings::default();
    if let Some(words) = difference(&old.value()["servers"], &new.value()["servers"]) {
        let finding = Finding::new(Flow::Request, Shift::Other, "address of the API", words);
        findings.add(None, finding);
    }
    for (id, route) in &before {
        if !after.contains_key(id) {
            let what = format!("operation removed, was {route}");
            findings.add(
                Some(id),
                Finding::new(Flow::Request, Shift::Other, "", what),
            );
        }
    }
    for (id, route) in &after {
        let Some(earlier) = before.get(id) else {
            let what = format!("operation added, {route}");
            findings.add(
                Some(id),
                Finding::new(Flow::Request, Shift::Harmless, "", what),
            );
            continue;
        };
        let mut operation = Operation {
            schemas: Schemas::new(old.value(), new.value()),
            found: Vec::new(),
        };
        operation.compare(earlier, route);
        for finding in operation.into_findings() {
            findings.add(Some(id), finding);
        }
    }
    findings
}

/// Compares an operation in two documents.
struct Operation<'a> {
    schemas: Schemas<'a>,
    found: Vec<Finding>,
}

/// The keywords of an operation that are compared one by one, or that a caller never meets.
const OPERATION: [&str; 5] = [
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "tags",
];

/// The keywords of a parameter that are compared one by one.
const PARAMETER: [&str; 5] = ["name", "in", "required", "schema", "content"];

impl<'a> Operation<'a> {
    fn compare(&mut self, old: &Route<'a>, new: &Route<'a>) {
        if (old.method, old.path) != (new.method, new.path) {
            self.record("", Shift::Other, format!("moved from {old} to {new}"));
        }
        keywords(old.operation, new.operation, &OPERATION, |shift, what| {
            self.record("", shift, what);
        });
        self.parameters(old, new);
        self.request_body(&old.operation["requestBody"], &new.operation["requestBody"]);
        self.responses(&old.operation["responses"], &new.operation["responses"]);
    }

    fn into_findings(mut self) -> Vec<Finding> {
        self.found.extend(self.schemas.take_found());
        self.found
    }

    /// Adds a change of what is sent.
    fn record(&mut self, place: &str, shift: Shift, what: impl Into<String>) {
        let finding = Finding::new(Flow::Request, shift, place, what);
        self.found.push(finding);
    }

    fn parameters(&mut self, old: &Route<'a>, new: &Route<'a>) {
        let (old, new) = (
            parameters(self.schemas.old_document, old),
            parameters(self.schemas.new_document, new),
        );
        for (place, old, new) in both(&old, &new) {
            match (old, new) {
                (Some(_), None) => self.record(place, Shift::Other, "removed"),
                (None, Some(new)) => self.added(place, new),
                (Some(old), Some(new)) => {
                    self.required(place, old, new);
                    keywords(old, new, &PARAMETER, |shift, what| {
                        self.record(place, shift, what);
                    });
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
        let place = "request body";
        match (old.is_null(), new.is_null()) {
            (true, true) => {}
            (false, true) => self.record(place, Shift::Other, "removed"),
            (true, false) => self.added(place, new),
            (false, false) => {
                self.required(place, old, new);
                self.content(old, new, &Place::new(Flow::Request, place));
            }
        }
    }

    fn added(&mut self, place: &str, new: &Value) {
        if new["required"] == true {
            self.record(place, Shift::Narrower, "added, required");
        } else {
            self.record(place, Shift::Harmless, "added, optional");
        }
    }

    fn required(&mut self, place: &str, old: &Value, new: &Value) {
        match (old["required"] == true, new["required"] == true) {
            (false, true) => self.record(place, Shift::Narrower, "made required"),
            (true, false) => self.record(place, Shift::Wider, "made optional"),
            _ => {}
        }
    }

    fn responses(&mut self, old: &'a Value, new: &'a Value) {
        for (status, old, new) in both(&entries(old), &entries(new)) {
            let at = Place::new(Flow::Response, &format!("response {status}"));
            match (old, new) {
                (Some(_), None) => {
                    // Nobody relies on being refused.
                    let success = status.starts_with('2');
                    let shift = if success {
                        Shift::Other
                    } else {
                        Shift::Harmless
                    };
                    self.received(&at.to_string(), shift, "status removed");
                }
                (None, _) => self.received(&at.to_string(), Shift::Harmless, "status added"),
                (Some(old), Some(new)) => {
                    let (_, old) = resolve(self.schemas.old_document, old);
                    let (_, new) = resolve(self.schemas.new_document, new);
                    self.content(old, new, &at);
                    self.headers(&old["headers"], &new["headers"], &at);
                }
            }
        }
    }

    /// Adds a change of what is received.
    fn received(&mut self, place: &str, shift: Shift, what: impl Into<String>) {
        let finding = Finding::new(Flow::Response, shift, place, what);
        self.found.push(finding);
    }

    fn headers(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        for (name, old, new) in both(&entries(old), &entries(new)) {
            let place = format!("{at}, header {}", code(name));
            match (old, new) {
                (Some(_), None) => self.received(&place, Shift::Other, "removed"),
                (None, _) => self.received(&place, Shift::Harmless, "added"),
                (Some(old), Some(new)) => {
                    let (_, old) = resolve(self.schemas.old_document, old);
                    let (_, new) = resolve(self.schemas.new_document, new);
                    let at = Place::new(Flow::Response, &place);
                    self.schemas.compare(&old["schema"], &new["schema"], &at);
                }
            }
        }
    }

    fn content(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        for (kind, old, new) in both(&entries(&old["content"]), &entries(&new["content"])) {
            let (shift, what) = match (old, new) {
                (Some(old), Some(new)) => {
                    self.schemas.compare(&old["schema"], &new["schema"], at);
                    continue;
                }
                (Some(_), None) => (Shift::Other, format!("no longer {}", code(kind))),
                (None, _) => (Shift::Harmless, format!("also {}", code(kind))),
            };
            let finding = Finding::new(at.flow, shift, &at.to_string(), what);
            self.found.push(finding);
        }
    }
}

/// Returns the parameters of an operation by location and name; its own go
/// before those of its path.
fn parameters<'a>(document: &'a Value, route: &Route<'a>) -> BTreeMap<String, &'a Value> {
    let of_path = route.item.get("parameters").and_then(Value::as_array);
    let own = route.operation["parameters"].as_array();
    let all = of_path.into_iter().chain(own).flatten();
    all.map(|parameter| {
        let (_, parameter) = resolve(document, parameter);
        let text = |key: &str| parameter[key].as_str().unwrap_or_default();
        (
            format!("{} parameter {}", text("in"), code(text("name"))),
            parameter,
        )
    })
    .collect()
}
