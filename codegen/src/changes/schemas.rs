//! Compares schemas, and what each difference does to the values that are valid.

use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    fmt, mem, ptr,
};

use serde_json::Value;

use super::{
    change::{Finding, Flow, Shift},
    compare::{both, difference, entries, keywords},
};
use crate::{escape::code, slice::resolve};

/// Where a schema is in an operation or a component.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) flow: Flow,
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

    fn component(flow: Flow, name: &str) -> Self {
        let direction = match flow {
            Flow::Request => "request",
            Flow::Response => "response",
        };
        Self::new(flow, &format!("{direction} schema {}", code(name)))
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
            write!(f, ", field {}", code(&self.field))
        }
    }
}

/// Compares the schemas of one operation in two documents.
pub(crate) struct Schemas<'a> {
    pub(crate) old_document: &'a Value,
    pub(crate) new_document: &'a Value,
    /// Pairs that were compared before: a component that contains itself ends here.
    seen: HashSet<(*const Value, *const Value, Flow)>,
    found: Vec<Finding>,
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

    /// Returns the changes so far.
    pub(crate) fn take_found(&mut self) -> Vec<Finding> {
        mem::take(&mut self.found)
    }

    pub(crate) fn compare(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        let (old_name, old) = resolve(self.old_document, old);
        let (new_name, new) = resolve(self.new_document, new);
        if !self
            .seen
            .insert((ptr::from_ref(old), ptr::from_ref(new), at.flow))
        {
            return;
        }
        let at = match (old_name, new_name) {
            (Some(old), Some(new)) if old == new => &Place::component(at.flow, new),
            (Some(old), Some(new)) => {
                let what = format!("schema {} replaced by {}", code(old), code(new));
                self.record(at, Shift::Harmless, what);
                at
            }
            _ => at,
        };
        let same_kinds = self.kinds(old, new, at);
        if let (Some(old), Some(new)) = (choices(old), choices(new)) {
            self.choices(old, new, at);
            if same_kinds && old.len() != new.len() {
                let more = new.len() > old.len();
                let shift = if more { Shift::Wider } else { Shift::Narrower };
                let what = format!("{} instead of {} alternatives", new.len(), old.len());
                self.record(at, shift, what);
            }
        }
        if old["type"] != new["type"] {
            return;
        }
        match (old["nullable"] == true, new["nullable"] == true) {
            (false, true) => self.record(at, Shift::Wider, "may be null"),
            (true, false) => self.record(at, Shift::Narrower, "may no longer be null"),
            _ => {}
        }
        self.values(&old["enum"], &new["enum"], at);
        self.fields(old, new, at);
        self.items(&old["items"], &new["items"], &at.below("[]"));
        self.other_fields(
            &old["additionalProperties"],
            &new["additionalProperties"],
            at,
        );
        self.all_of(&old["allOf"], &new["allOf"], at);
        keywords(old, new, &SCHEMA, |shift, what| {
            self.record(at, shift, what)
        });
    }

    fn record(&mut self, at: &Place, shift: Shift, what: impl Into<String>) {
        let finding = Finding::new(at.flow, shift, &at.to_string(), what);
        self.found.push(finding);
    }

    /// Compares the types that a value can be of, and returns whether they are the same.
    fn kinds(&mut self, old: &Value, new: &Value, at: &Place) -> bool {
        let (old, new) = (kinds(self.old_document, old), kinds(self.new_document, new));
        if old == new {
            return true;
        }
        let shift = match (covers(&new, &old), covers(&old, &new)) {
            (true, _) => Shift::Wider,
            (_, true) => Shift::Narrower,
            _ => Shift::Other,
        };
        let words = |kinds: BTreeSet<String>| kinds.into_iter().collect::<Vec<_>>().join(" or ");
        self.record(
            at,
            shift,
            format!("changed from {} to {}", words(old), words(new)),
        );
        false
    }

    /// Compares the alternatives of `oneOf` and `anyOf`, each with the one of its kind.
    fn choices(&mut self, old: &'a [Value], new: &'a [Value], at: &Place) {
        let mut rest: HashMap<BTreeSet<String>, VecDeque<&Value>> = HashMap::new();
        for old in old {
            let kinds = kinds(self.old_document, old);
            rest.entry(kinds).or_default().push_back(old);
        }
        for new in new {
            let same = rest.get_mut(&kinds(self.new_document, new));
            if let Some(old) = same.and_then(VecDeque::pop_front) {
                self.compare(old, new, at);
            }
        }
    }

    fn values(&mut self, old: &Value, new: &Value, at: &Place) {
        match (old.as_array(), new.as_array()) {
            (None, None) => {}
            (Some(_), None) => self.record(at, Shift::Wider, "any value, no longer only some"),
            (None, Some(new)) => {
                let values: Vec<String> = new.iter().map(quoted).collect();
                let what = format!("only {}, no longer any value", values.join(", "));
                self.record(at, Shift::Narrower, what);
            }
            (Some(old), Some(new)) => {
                let (before, after): (HashSet<&Value>, HashSet<&Value>) =
                    (old.iter().collect(), new.iter().collect());
                for value in old.iter().filter(|value| !after.contains(value)) {
                    self.record(
                        at,
                        Shift::Narrower,
                        format!("value {} removed", quoted(value)),
                    );
                }
                for value in new.iter().filter(|value| !before.contains(value)) {
                    self.record(at, Shift::Wider, format!("value {} added", quoted(value)));
                }
            }
        }
    }

    fn fields(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        let (old_required, new_required) = (required(old), required(new));
        for (name, old, new) in both(&entries(&old["properties"]), &entries(&new["properties"])) {
            let at = at.field(name);
            let (was, is) = (old_required.contains(name), new_required.contains(name));
            match (old, new) {
                (Some(_), None) if was => self.record(&at, Shift::Other, "removed, was required"),
                (Some(_), None) => self.record(&at, Shift::Narrower, "removed, was optional"),
                (None, _) if is => self.record(&at, Shift::Narrower, "added, required"),
                (None, _) => self.record(&at, Shift::Harmless, "added, optional"),
                (Some(old), Some(new)) => {
                    match (was, is) {
                        (false, true) => self.record(&at, Shift::Narrower, "made required"),
                        (true, false) => self.record(&at, Shift::Wider, "made optional"),
                        _ => {}
                    }
                    self.compare(old, new, &at);
                }
            }
        }
    }

    fn items(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        match (old.is_object(), new.is_object()) {
            (true, true) => self.compare(old, new, at),
            (true, false) => self.record(at, Shift::Wider, "any item, no longer only some"),
            (false, true) => self.record(at, Shift::Narrower, "only some items, no longer any"),
            (false, false) => {}
        }
    }

    /// Compares what is said of fields that are not described: a schema, `true` or nothing, or
    /// `false`.
    fn other_fields(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        match (old, new) {
            (Value::Object(_), Value::Object(_)) => self.compare(old, new, &at.below("{}")),
            (Value::Bool(false), Value::Bool(false)) => {}
            (_, Value::Bool(false)) => {
                self.record(at, Shift::Narrower, "other fields no longer allowed");
            }
            (Value::Bool(false), _) => self.record(at, Shift::Wider, "other fields allowed"),
            (Value::Object(_), _) => self.record(at, Shift::Wider, "other fields of any type"),
            (_, Value::Object(_)) => self.record(at, Shift::Narrower, "other fields of one type"),
            _ => {}
        }
    }

    fn all_of(&mut self, old: &'a Value, new: &'a Value, at: &Place) {
        match (old.as_array(), new.as_array()) {
            (Some(old), Some(new)) if old.len() == new.len() => {
                for (old, new) in old.iter().zip(new) {
                    self.compare(old, new, at);
                }
            }
            _ => {
                if let Some(words) = difference(old, new) {
                    self.record(at, Shift::Other, format!("`allOf` {words}"));
                }
            }
        }
    }
}

fn choices(schema: &Value) -> Option<&Vec<Value>> {
    schema["oneOf"].as_array().or(schema["anyOf"].as_array())
}

/// Returns the types of which a value can be.
fn kinds(document: &Value, schema: &Value) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut rest = vec![schema];
    while let Some(schema) = rest.pop() {
        let (_, schema) = resolve(document, schema);
        if !seen.insert(ptr::from_ref(schema)) {
            continue;
        }
        match choices(schema) {
            Some(choices) => rest.extend(choices),
            None => {
                kinds.insert(type_of(schema));
            }
        }
    }
    kinds
}

fn type_of(schema: &Value) -> String {
    let kind = schema["type"].as_str().unwrap_or("any type");
    let format = schema["format"].as_str();
    format.map_or_else(|| kind.to_owned(), |format| format!("{kind} ({format})"))
}

/// Returns whether every value that is of one of the `narrow` kinds is of one of the `wide` ones.
fn covers(wide: &BTreeSet<String>, narrow: &BTreeSet<String>) -> bool {
    narrow.iter().all(|kind| {
        let bare = kind.split(' ').next().unwrap_or_default();
        let number = (bare == "integer").then_some("number");
        [Some("any type"), Some(kind), Some(bare), number]
            .into_iter()
            .flatten()
            .any(|kind| wide.contains(kind))
    })
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
    value.as_str().map_or_else(|| value.to_string(), code)
}
