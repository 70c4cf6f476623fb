//! Changes of the structure of JSON documents.

use serde_json::{Map, Value, json};

/// Where choices come from.
pub(crate) trait Dice {
    /// Returns a number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize;
}

/// How often each document is changed: the operations, the description, the overlay, the families
/// and the words.
const TURNS: [usize; 10] = [0, 1, 1, 1, 1, 1, 2, 3, 4, 4];

const NAMES: [&str; 24] = [
    "",
    "a",
    "type",
    "self",
    "key_id",
    "Key_Id",
    "$ref",
    "properties",
    "allOf",
    "oneOf",
    "+1",
    "a b",
    "a\nb",
    "\u{202e}",
    "\u{1b}[31m",
    "x-rust-type",
    "{name}",
    "..",
    "/a/../{b}",
    "/a?b={c}",
    "//e/{d}",
    "/{org}/{org}",
    "description",
    "\r`</details>",
];

/// Changes one to three places of the documents.
pub(crate) fn mutate(documents: &mut [Value; 5], dice: &mut impl Dice) {
    for _ in 0..=dice.below(3) {
        let document = &mut documents[TURNS[dice.below(TURNS.len())]];
        if dice.below(4) == 0 {
            retarget(document, dice);
        } else {
            change(document, dice);
        }
    }
}

/// Changes a value, or the name of one.
fn change(document: &mut Value, dice: &mut impl Dice) {
    let pointers = pointers(document, &|_| true);
    let graft = pointers[dice.below(pointers.len())].clone();
    let graft = document.pointer(&graft).cloned().unwrap_or_default();
    let pointer = &pointers[dice.below(pointers.len())];
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => change_entry(object, &key, graft, dice),
        Some(Value::Array(items)) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                change_item(items, index, graft, dice);
            }
        }
        _ => {}
    }
}

fn change_entry(object: &mut Map<String, Value>, key: &str, graft: Value, dice: &mut impl Dice) {
    let Some(value) = object.get(key).cloned() else {
        return;
    };
    match dice.below(8) {
        0 => drop(object.remove(key)),
        1 => {
            object.remove(key);
            object.insert(name(key, dice), value);
        }
        2 | 3 => drop(object.insert(name(key, dice), value)),
        4 => drop(object.insert(key.to_owned(), graft)),
        5 => drop(object.insert(key.to_owned(), wrapped(value, dice))),
        _ => drop(object.insert(key.to_owned(), odd(&value, dice))),
    }
}

fn change_item(items: &mut Vec<Value>, index: usize, graft: Value, dice: &mut impl Dice) {
    let value = items[index].clone();
    match dice.below(5) {
        0 => drop(items.remove(index)),
        1 => items.push(value),
        2 => items[index] = graft,
        3 => items[index] = wrapped(value, dice),
        _ => items[index] = odd(&value, dice),
    }
}

/// Another name, often one that is nearly the same.
fn name(key: &str, dice: &mut impl Dice) -> String {
    match dice.below(5) {
        0 => key.to_uppercase(),
        1 => key.replace(['_', '-'], if dice.below(2) == 0 { "_" } else { "-" }),
        2 => key
            .split('_')
            .map(capitalized)
            .collect::<Vec<_>>()
            .join("_"),
        3 => format!("{key}{}", NAMES[dice.below(NAMES.len())]),
        _ => NAMES[dice.below(NAMES.len())].to_owned(),
    }
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

/// A value with others around it.
fn wrapped(value: Value, dice: &mut impl Dice) -> Value {
    match dice.below(8) {
        0 => json!({ "allOf": [value] }),
        1 => json!({ "allOf": [value, value] }),
        2 => json!({ "oneOf": [value, { "type": "string" }] }),
        3 => json!({ "anyOf": [value, value] }),
        4 => json!({ "not": value }),
        5 => json!({ "type": "array", "items": value }),
        6 => json!({ "type": "object", "properties": { "it": value }, "required": ["it"] }),
        _ => (0..60).fold(value, |value, _| json!([value])),
    }
}

/// A value of another kind, or beyond what is usual.
fn odd(value: &Value, dice: &mut impl Dice) -> Value {
    if value.is_string() && dice.below(2) == 0 {
        return json!(NAMES[dice.below(NAMES.len())]);
    }
    let odd = [
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(1_180_591_620_717_411_303_424.0),
        json!(1e300),
        json!(0.1),
        json!([]),
        json!({}),
        json!([[]]),
        json!({ "type": "string" }),
        json!({ "type": "integer" }),
        json!({ "type": "object", "additionalProperties": false }),
        json!({ "type": "string", "enum": ["a", "A", "a ", "\u{1b}"] }),
        json!({ "type": "string", "default": "a" }),
        json!({ "type": "integer", "default": 1_e30, "minimum": 1 }),
        json!({ "crate": "std", "version": "*", "path": "std::option::Option" }),
        json!("{owner}{owner}"),
        json!("a".repeat(5_000)),
    ];
    odd[dice.below(odd.len())].clone()
}

/// Points a reference somewhere else.
fn retarget(document: &mut Value, dice: &mut impl Dice) {
    let references = pointers(document, &|value| value.get("$ref").is_some());
    let schemas = pointers(document, &|value| value.get("type").is_some());
    let all = if dice.below(2) == 0 {
        references
    } else {
        schemas
    };
    let mut targets = vec![
        "#/components/schemas/gone".to_owned(),
        "other.json".to_owned(),
    ];
    for (kind, components) in document["components"].as_object().into_iter().flatten() {
        let names = components.as_object().into_iter().flat_map(Map::keys);
        targets.extend(names.map(|name| format!("#/components/{kind}/{name}")));
    }
    let target = &targets[dice.below(targets.len())];
    if all.is_empty() {
        return;
    }
    if let Some(value) = document.pointer_mut(&all[dice.below(all.len())]) {
        *value = json!({ "$ref": target });
    }
}

/// The JSON pointers to the values that are wanted.
fn pointers(document: &Value, wanted: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = vec![(String::new(), document)];
    while let Some((pointer, value)) = rest.pop() {
        match value {
            Value::Object(object) => rest.extend(object.iter().map(|(key, value)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                (format!("{pointer}/{key}"), value)
            })),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                rest.extend(items.map(|(index, value)| (format!("{pointer}/{index}"), value)));
            }
            _ => {}
        }
        if wanted(value) {
            found.push(pointer);
        }
    }
    found
}
