//! Applies our deviations from GitHub's description, and reports those that do not fit it any more.

mod target;

use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use self::target::target;
use crate::{
    Description, Error,
    bounds::{Budget, DEPTH, Excess, VALUES, within},
    description::routes,
    escape::code,
    json::{kind, parse},
};

/// Our deviations from GitHub's description: an OpenAPI Overlay 1.0 document whose every action
/// says why.
#[derive(Clone, Debug)]
pub struct Overlay {
    actions: Vec<Action>,
}

#[derive(Clone, Debug)]
struct Action {
    name: Name,
    target: JsonPath,
    /// How often the target descends to everything below.
    descents: usize,
    change: Change,
}

/// What an error says of an action.
#[derive(Clone, Debug)]
struct Name {
    number: usize,
    target: String,
    description: String,
}

/// The client has 19 actions. Each looks at the whole description.
const MOST_ACTIONS: usize = 200;

/// How many pairs of a value and one that it is in may be looked at by a target with two descents.
/// The client's own description has 30,000.
const MOST_PAIRS: usize = 300_000;

#[derive(Clone, Debug)]
enum Change {
    Update(Value),
    Remove,
    /// Removes everything but these entries of an object, or these strings of an array.
    Keep(Vec<String>),
}

impl Overlay {
    /// Returns the overlay that `text` holds.
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not JSON or not an Overlay 1.0 document, or an action has no
    /// description, no valid target or nothing to do.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |reason: String| Error::NotOverlay10 { reason };
        let document = parse(text)?;
        match document["overlay"].as_str() {
            Some(version) if version.starts_with("1.0.") => {}
            Some(version) => return Err(refuse(format!("its version is {version}"))),
            None => {
                return Err(refuse(
                    "it has no field `overlay` with a version".to_owned(),
                ));
            }
        }
        let document: Document =
            serde_json::from_value(document).map_err(|error| refuse(error.to_string()))?;
        within(
            document.actions.len(),
            MOST_ACTIONS,
            "the overlay",
            "actions",
        )?;
        let actions = document.actions.into_iter().enumerate();
        let actions = actions.map(|(index, action)| action.check(index + 1));
        Ok(Self {
            actions: actions.collect::<Result<_, _>>()?,
        })
    }

    /// Returns `description` after all actions, one after the other, and every action that could
    /// not be applied: its target matches nothing, or not what the action can change.
    ///
    /// The last is an action that makes the description too large; those after it are left out.
    #[must_use]
    pub fn apply(&self, description: &Description) -> (Description, Vec<Error>) {
        let mut document = description.value().clone();
        let mut problems = Vec::new();
        for action in &self.actions {
            if let Err(reason) = action.is_bearable(&document) {
                problems.push(action.name.error(reason));
                break;
            }
            let before = operations(&document);
            let applied = action.apply(&mut document);
            let kept = applied.and_then(|()| same_operations(&before, &operations(&document)));
            if let Err(reason) = kept {
                problems.push(action.name.error(reason));
            }
        }
        (document.into(), problems)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "what an overlay says of itself has to be there, and is not used"
)]
struct Document {
    overlay: String,
    info: Info,
    extends: Option<String>,
    actions: Vec<RawAction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "what an overlay says of itself has to be there, and is not used"
)]
struct Info {
    title: String,
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAction {
    target: String,
    description: String,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
    /// An extension of ours, since a target cannot name what is to be left.
    #[serde(rename = "x-keep")]
    keep: Option<Vec<String>>,
}

impl Name {
    fn error(&self, reason: impl Into<String>) -> Error {
        let Self {
            number,
            target,
            description,
        } = self.clone();
        Error::Action {
            number,
            target,
            description,
            reason: reason.into(),
        }
    }
}

impl RawAction {
    fn check(self, number: usize) -> Result<Action, Error> {
        let name = Name {
            number,
            description: self.description,
            target: self.target,
        };
        let change = match (self.update, self.remove, self.keep) {
            (Some(update), false, None) => Change::Update(update),
            (None, true, None) => Change::Remove,
            (None, false, Some(names)) => Change::Keep(names),
            _ => {
                let reason = "it must have one of `update`, `remove: true` and `x-keep`";
                return Err(name.error(reason));
            }
        };
        if name.description.trim().is_empty() {
            return Err(name.error("its description must say why it is there"));
        }
        match target(&name.target) {
            Ok((target, descents)) => Ok(Action {
                name,
                target,
                descents,
                change,
            }),
            Err(reason) => Err(name.error(reason)),
        }
    }
}

impl Action {
    /// Returns whether a description stays within its bounds if this is applied.
    fn is_bearable(&self, document: &Value) -> Result<(), String> {
        let excess = |excess: Excess| format!("the description would have {}", excess.reason());
        let budget = Budget::new(VALUES);
        budget.spend_on(document, DEPTH).map_err(excess)?;
        if self.descents > 1 && pairs(document, 0) > MOST_PAIRS {
            return Err(format!(
                "its target has `..` twice, and the description is nested so deeply that more than \
                 {MOST_PAIRS} pairs of values would be looked at"
            ));
        }
        let Change::Update(update) = &self.change else {
            return Ok(());
        };
        for location in self.target.query_located(document).locations() {
            let depth = DEPTH.saturating_sub(location.len());
            budget.spend_on(update, depth).map_err(excess)?;
        }
        Ok(())
    }

    fn apply(&self, document: &mut Value) -> Result<(), String> {
        let nodes = self.target.query_located(document);
        if let Some(node) = nodes.iter().find(|node| !is_container(node.node())) {
            return Err(format!(
                "it matches {} at {}, where an object or array is wanted",
                kind(node.node()),
                node.location()
            ));
        }
        let mut pointers: Vec<String> = nodes
            .locations()
            .map(|location| location.to_json_pointer())
            .collect();
        if pointers.is_empty() {
            return Err("the target matches nothing".to_owned());
        }
        // Backwards, so that removing an item of an array does not move one that is still to be
        // removed.
        pointers.reverse();
        for pointer in &pointers {
            match &self.change {
                Change::Remove => remove(document, pointer)?,
                Change::Update(update) => change(document, pointer, |it| update_node(it, update))?,
                Change::Keep(names) => change(document, pointer, |it| keep(it, names))?,
            }
        }
        Ok(())
    }
}

/// Returns each operation of a document, by its id and where it is.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    routes(document)
        .map(|(id, route)| (id.to_owned(), route.to_string()))
        .collect()
}

/// Returns an error if there are others: `operations.json` lists them.
fn same_operations(
    before: &BTreeSet<(String, String)>,
    after: &BTreeSet<(String, String)>,
) -> Result<(), String> {
    let list = "`openapi/operations.json` lists what the client takes";
    if let Some((id, route)) = before.difference(after).next() {
        return Err(format!("it would remove {route}, {}, and {list}", code(id)));
    }
    match after.difference(before).next() {
        Some((id, route)) => Err(format!("it would add {route}, {}, and {list}", code(id))),
        None => Ok(()),
    }
}

/// Returns how many pairs there are of a value and one that it is in.
fn pairs(value: &Value, depth: usize) -> usize {
    let below = |value| pairs(value, depth + 1);
    depth
        + match value {
            Value::Object(object) => object.values().map(below).sum(),
            Value::Array(items) => items.iter().map(below).sum(),
            _ => 0,
        }
}

fn change(
    document: &mut Value,
    pointer: &str,
    change: impl FnOnce(&mut Value) -> Result<(), String>,
) -> Result<(), String> {
    let node = document.pointer_mut(pointer);
    node.map_or(Ok(()), change)
        .map_err(|reason| format!("at {pointer}: {reason}"))
}

fn keep(node: &mut Value, names: &[String]) -> Result<(), String> {
    let kept: HashSet<&str> = names.iter().map(String::as_str).collect();
    let present: HashSet<&str> = match &*node {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        node => node
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect(),
    };
    let missing = names.iter().find(|name| !present.contains(name.as_str()));
    if let Some(name) = missing {
        return Err(format!("no `{name}` to keep"));
    }
    match node {
        Value::Object(entries) => entries.retain(|name, _| kept.contains(name.as_str())),
        Value::Array(items) => {
            items.retain(|item| item.as_str().is_some_and(|item| kept.contains(item)));
        }
        _ => {}
    }
    Ok(())
}

fn remove(document: &mut Value, pointer: &str) -> Result<(), String> {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return Err("the whole document cannot be removed".to_owned());
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(parent)) => {
            parent.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(parent)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < parent.len()) {
                parent.remove(index);
            }
        }
        // What it stood in is gone already.
        _ => {}
    }
    Ok(())
}

fn update_node(node: &mut Value, update: &Value) -> Result<(), String> {
    match node {
        Value::Array(items) => {
            items.push(update.clone());
            Ok(())
        }
        node => merge(node, update),
    }
}

fn merge(node: &mut Value, update: &Value) -> Result<(), String> {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, value) in update {
                match node.get_mut(key) {
                    Some(old) => merge(old, value).map_err(|reason| format!("{key}: {reason}"))?,
                    None => {
                        node.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(node), Value::Array(update)) => node.extend(update.iter().cloned()),
        (node, update) if is_container(node) || is_container(update) => {
            return Err(format!(
                "{} cannot be merged into {}",
                kind(update),
                kind(node)
            ));
        }
        (node, update) => *node = update.clone(),
    }
    Ok(())
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}
