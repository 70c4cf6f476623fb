//! What the comparisons of operations and of schemas have in common.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::change::Shift;
use crate::{
    escape::{code, json},
    slice::is_prose,
};

/// Returns the entries of a JSON object, or none of what is no object.
pub(crate) fn entries(object: &Value) -> BTreeMap<String, &Value> {
    let entries = object.as_object().into_iter().flat_map(Map::iter);
    entries.map(|(name, value)| (name.clone(), value)).collect()
}

/// Returns every key of the two, with what each has for it.
pub(crate) fn both<'k, T: Copy>(
    old: &'k BTreeMap<String, T>,
    new: &'k BTreeMap<String, T>,
) -> impl Iterator<Item = (&'k str, Option<T>, Option<T>)> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .map(|key| (key.as_str(), old.get(key).copied(), new.get(key).copied()))
}

/// Records each keyword, other than `known` ones and prose, that two objects do not have in
/// common.
pub(crate) fn keywords(
    old: &Value,
    new: &Value,
    known: &[&str],
    mut record: impl FnMut(Shift, String),
) {
    for (keyword, old, new) in both(&entries(old), &entries(new)) {
        if known.contains(&keyword) || is_prose(keyword) {
            continue;
        }
        let (old, new) = (old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null));
        if let Some(words) = difference(old, new) {
            record(
                shift(keyword, old, new),
                format!("{} {words}", code(keyword)),
            );
        }
    }
}

/// Returns how two values differ, in words.
pub(crate) fn difference(old: &Value, new: &Value) -> Option<String> {
    match (old, new) {
        (old, new) if old == new => None,
        (Value::Null, new) => Some(format!("added: {}", json(new))),
        (old, Value::Null) => Some(format!("removed, was {}", json(old))),
        (old, new) => Some(format!("changed from {} to {}", json(old), json(new))),
    }
}

/// Returns what a change of a keyword, which is null where it is missing, does to the values that
/// are valid.
fn shift(keyword: &str, old: &Value, new: &Value) -> Shift {
    let (added, removed) = (old.is_null(), new.is_null());
    match keyword {
        "deprecated" => Shift::Harmless,
        // Who leaves the field out gets something else than before.
        "default" if added || removed => Shift::Harmless,
        "default" => Shift::Narrower,
        "uniqueItems" | "exclusiveMaximum" | "exclusiveMinimum" if *new == true => Shift::Narrower,
        "uniqueItems" | "exclusiveMaximum" | "exclusiveMinimum" => Shift::Wider,
        _ if !is_limit(keyword) => Shift::Other,
        _ if added => Shift::Narrower,
        _ if removed => Shift::Wider,
        _ => match (old.as_f64(), new.as_f64()) {
            (Some(old), Some(new)) if keyword != "multipleOf" => {
                if (new < old) == keyword.starts_with("max") {
                    Shift::Narrower
                } else {
                    Shift::Wider
                }
            }
            _ => Shift::Other,
        },
    }
}

fn is_limit(keyword: &str) -> bool {
    let limits = ["pattern", "multipleOf"];
    keyword.starts_with("max") || keyword.starts_with("min") || limits.contains(&keyword)
}
