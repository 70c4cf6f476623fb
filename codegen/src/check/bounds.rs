//! Whether a description is as small as the steps after it take it for: it is walked again and
//! again, and the generator looks at all combinations of alternatives.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    Error,
    bounds::{Budget, DEPTH, VALUES, units, within},
    escape::code,
    slice::component,
};

/// The client's own description has 42.
const COMPONENTS: usize = 500;

/// How many values a component may have with everything that it refers to. GitHub's largest has
/// 19,000.
const REFERRED: usize = 100_000;

/// How deeply values may be nested, references included. GitHub's are up to 40.
const REFERRED_DEPTH: usize = 256;

/// How many combinations of alternatives a schema may allow.
const ALTERNATIVES: usize = 1_000;

/// How many bytes all values may have in their places, written as the names that they are in. The
/// generator makes such names for types. The client's own description has 370,000.
const NAMES: usize = 20_000_000;

const PLACE: &str = "the description of the client's operations";

/// Returns an error if a description is too large.
pub(super) fn check(document: &Value) -> Result<(), Error> {
    let budget = Budget::new(VALUES);
    let size = budget.spend_on(document, DEPTH);
    size.map_err(|excess| excess.error(PLACE))?;
    let kinds = document["components"].as_object().into_iter().flatten();
    let components: usize = kinds
        .filter_map(|(_, components)| components.as_object())
        .map(Map::len)
        .sum();
    within(components, COMPONENTS, PLACE, "components")?;
    within(
        names(document, 0),
        NAMES,
        PLACE,
        "bytes of names in each other",
    )
}

/// Returns how many bytes the names have that each value is in.
fn names(value: &Value, above: usize) -> usize {
    let below = match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| names(value, above + 1 + key.len()))
            .sum(),
        Value::Array(items) => items.iter().map(|item| names(item, above + 1)).sum(),
        _ => 0,
    };
    above + below
}

/// Returns an error if a component or an operation is too large with all that it refers to.
pub(super) fn check_references(document: &Value) -> Result<(), Error> {
    let mut weights = Weights {
        document,
        known: HashMap::new(),
    };
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let weight = weights.of(item, 0);
        let place = format!("path {} with all that it refers to", code(path));
        weight.ok_or_else(|| too_deep(&place))?.check(&place)?;
    }
    Ok(())
}

fn too_deep(place: &str) -> Error {
    Error::TooMuch {
        place: place.to_owned(),
        what: format!("more than {REFERRED_DEPTH} levels"),
    }
}

/// How large a value is if each reference is replaced by what it refers to.
#[derive(Clone, Copy)]
struct Weight {
    values: usize,
    depth: usize,
    /// Of the value itself.
    alternatives: usize,
    /// The most alternatives of anything in it.
    most_alternatives: usize,
}

impl Weight {
    const ONE: Self = Self {
        values: 1,
        depth: 1,
        alternatives: 1,
        most_alternatives: 1,
    };

    /// Adds a part that is this many levels deep.
    fn add(&mut self, part: Self, levels: usize) {
        self.values = self.values.saturating_add(part.values);
        self.depth = self.depth.max(part.depth + levels);
        self.most_alternatives = self.most_alternatives.max(part.most_alternatives);
    }

    fn check(self, place: &str) -> Result<(), Error> {
        within(self.values, REFERRED, place, "values")?;
        within(
            self.most_alternatives,
            ALTERNATIVES,
            place,
            "combinations of alternatives",
        )
    }
}

/// The weight of each component that is known, or none of one that is being weighed: there a
/// schema contains itself, which ends the expansion.
struct Weights<'a> {
    document: &'a Value,
    known: HashMap<(&'a str, &'a str), Weight>,
}

impl<'a> Weights<'a> {
    /// Returns `None` if anything is nested too deeply.
    fn of(&mut self, value: &'a Value, above: usize) -> Option<Weight> {
        if above > REFERRED_DEPTH {
            return None;
        }
        let mut weight = match value {
            Value::Object(object) => {
                match object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(component)
                {
                    Some(component) => self.of_component(component, above)?,
                    None => self.of_object(object, above)?,
                }
            }
            Value::Array(items) => self.of_array(items, above)?,
            Value::String(text) => Weight {
                values: 1 + units(text),
                ..Weight::ONE
            },
            _ => Weight::ONE,
        };
        weight.most_alternatives = weight.most_alternatives.max(weight.alternatives);
        (above + weight.depth <= REFERRED_DEPTH).then_some(weight)
    }

    fn of_component(&mut self, (kind, name): (&'a str, &'a str), above: usize) -> Option<Weight> {
        if let Some(known) = self.known.get(&(kind, name)) {
            return Some(*known);
        }
        self.known.insert((kind, name), Weight::ONE);
        let weight = self.of(&self.document["components"][kind][name], above + 1)?;
        let weight = Weight {
            depth: weight.depth + 1,
            ..weight
        };
        self.known.insert((kind, name), weight);
        Some(weight)
    }

    fn of_object(&mut self, object: &'a Map<String, Value>, above: usize) -> Option<Weight> {
        let mut all = Weight::ONE;
        for (keyword, value) in object {
            let parts = match value {
                Value::Array(items) => items.as_slice(),
                single => std::slice::from_ref(single),
            };
            // The fields of one name in all of several schemas are merged as well.
            let (mut sum, mut product) = (0_usize, 1_usize);
            for part in parts {
                let weight = self.of(part, above + 2)?;
                all.add(weight, 2);
                sum = sum.saturating_add(weight.alternatives);
                product = product.saturating_mul(weight.most_alternatives);
            }
            let factor = match keyword.as_str() {
                "allOf" => product,
                "anyOf" | "oneOf" => sum,
                _ => 1,
            };
            all.alternatives = all.alternatives.saturating_mul(factor.max(1));
        }
        Some(all)
    }

    fn of_array(&mut self, items: &'a [Value], above: usize) -> Option<Weight> {
        let mut all = Weight::ONE;
        for item in items {
            all.add(self.of(item, above + 1)?, 1);
        }
        Some(all)
    }
}
