//! Values that a schema of the description allows.

use serde_json::{Map, Value, json};

use crate::description::Description;

/// Generates values by the schemas of a description.
pub struct Generator<'a> {
    description: &'a Description,
    known: Vec<(&'static str, Value)>,
}

/// Chooses among the values that a schema allows.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Whether optional properties are there.
    full: bool,
    /// Whether everything that can be null is null.
    null: bool,
    /// Whether objects have a field that the description does not know.
    unknown: bool,
    /// Which of several possible values, and how many entries an array has.
    variant: usize,
}

/// Deeper than any schema but one that holds itself.
const MAX_DEPTH: usize = 8;

impl<'a> Generator<'a> {
    /// Creates a generator that gives these properties these values wherever they are.
    pub fn new(description: &'a Description, known: Vec<(&'static str, Value)>) -> Self {
        Self { description, known }
    }

    /// Returns values of every shape: with and without optional, null and unknown properties, with
    /// each value of an enumeration, and with no, one and two entries in a list.
    pub fn instances(&self, schema: &Value) -> Vec<Value> {
        let full = Shape {
            full: true,
            null: false,
            unknown: false,
            variant: 1,
        };
        let minimal = Shape {
            full: false,
            ..full
        };
        let mut shapes = vec![Shape { null: true, ..full }];
        shapes.push(Shape {
            unknown: true,
            ..full
        });
        for variant in 0..4 {
            shapes.push(Shape { variant, ..full });
            shapes.push(Shape { variant, ..minimal });
        }
        let values = shapes.into_iter().map(|shape| self.value(schema, shape, 0));
        values.collect()
    }

    fn value(&self, schema: &Value, shape: Shape, depth: usize) -> Value {
        let schema = self.description.resolve(schema);
        if let Some(values) = schema["enum"].as_array() {
            return values[shape.variant % values.len()].clone();
        }
        if let Some(alternatives) = schema["anyOf"].as_array() {
            let index = usize::from(!shape.null);
            return self.value(&alternatives[index], shape, depth + 1);
        }
        if let Some(alternatives) = schema["oneOf"].as_array() {
            // Several can be null, and only one may fit.
            let index = shape.variant % alternatives.len();
            let shape = Shape {
                null: false,
                ..shape
            };
            return self.value(&alternatives[index], shape, depth + 1);
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, shape, depth),
            Some("array") => {
                let item = self.value(&schema["items"], shape, depth + 1);
                let items = (0..shape.variant.min(2)).map(|index| distinct(&item, index));
                Value::Array(items.collect())
            }
            Some("string") => json!(match schema["format"].as_str() {
                Some("date-time") => "2019-08-10T14:59:22Z",
                Some("email") => "octocat@github.com",
                Some("uri") => "https://api.github.com/some/where",
                None => "some words",
                Some(other) => panic!("no text of the format {other}"),
            }),
            Some("integer" | "number") => json!(1296269 + shape.variant),
            Some("boolean") => json!(shape.variant == 1),
            Some("null") => Value::Null,
            other => panic!("no value of the type {other:?}: {schema}"),
        }
    }

    fn object(&self, schema: &Value, shape: Shape, depth: usize) -> Value {
        let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
        let properties = schema["properties"].as_object();
        let mut object = Map::new();
        for (name, schema) in properties.into_iter().flatten() {
            let needed = required.iter().any(|required| required == name);
            if needed || (shape.full && depth < MAX_DEPTH) {
                let known = self.known.iter().find(|(known, _)| known == name);
                let value = match known {
                    Some((_, value)) => value.clone(),
                    None => self.value(schema, shape, depth + 1),
                };
                object.insert(name.clone(), value);
            }
        }
        if shape.unknown && schema["additionalProperties"] != json!(false) {
            object.insert("added_by_a_later_version".into(), json!({ "deep": [1] }));
        }
        Value::Object(object)
    }
}

/// The item of an array at this index: no two have the same name or id.
fn distinct(item: &Value, index: usize) -> Value {
    let mut item = item.clone();
    if let Some(Value::String(name)) = item.get_mut("name") {
        name.push_str(&"!".repeat(index));
    }
    if let Some(id) = item.get_mut("id")
        && let Some(number) = id.as_u64()
    {
        *id = json!(number + index as u64);
    }
    item
}
