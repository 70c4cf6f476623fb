use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Description, Error, description::Route, json::parse};

/// Our documentation for operations, parameters and schemas: a slice has none of GitHub's.
///
/// An operation on a secret is documented from its owner, its store and its action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    owners: BTreeMap<String, Variables>,
    stores: Vec<Store>,
    actions: Vec<Action>,
    operations: BTreeMap<String, Text>,
    parameters: BTreeMap<String, String>,
    schemas: BTreeMap<String, String>,
    /// By `field`, or by `Schema.field` where a schema needs other words.
    fields: BTreeMap<String, String>,
}

type Variables = BTreeMap<String, String>;

/// The secrets below a path.
#[derive(Clone, Debug, Deserialize)]
struct Store {
    path: String,
    owner: String,
    #[serde(flatten)]
    variables: Variables,
}

/// What is done by a method and the end of a path.
#[derive(Clone, Debug, Deserialize)]
struct Action {
    method: String,
    path: String,
    #[serde(flatten)]
    text: Text,
}

/// Documentation, with `{variables}` of the owner and the store.
#[derive(Clone, Debug, Deserialize)]
struct Text {
    summary: String,
    #[serde(default)]
    detail: String,
    source: String,
}

impl Words {
    /// Returns the words that `text`, a JSON object, holds.
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not JSON, is not such an object, or a store has an owner that
    /// it does not describe.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |reason: String| Error::NotWords { reason };
        let words: Self =
            serde_json::from_value(parse(text)?).map_err(|error| refuse(error.to_string()))?;
        let unknown = words
            .stores
            .iter()
            .find(|store| !words.owners.contains_key(&store.owner));
        match unknown {
            Some(store) => Err(refuse(format!("it has no owner `{}`", store.owner))),
            None => Ok(words),
        }
    }

    /// Returns `description` with these words in the places of GitHub's.
    #[must_use]
    pub fn apply(&self, description: &Description) -> Description {
        let mut document = description.value().clone();
        for (id, route) in description.operations() {
            if let Some(operation) = document.pointer_mut(&route.pointer())
                && let Some((summary, description)) = self.operation(id, &route)
            {
                operation["summary"] = json!(summary);
                operation["description"] = json!(description);
            }
        }
        self.parameters(&mut document);
        if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
            for (name, schema) in schemas {
                self.schema(name, schema);
            }
        }
        document.into()
    }

    fn operation(&self, id: &str, route: &Route<'_>) -> Option<(String, String)> {
        if let Some(text) = self.operations.get(id) {
            return Some(text.render(&|_| None));
        }
        let (store, action) = self.stores.iter().find_map(|store| {
            let end = route.path.strip_prefix(&store.path)?;
            let mut actions = self.actions.iter();
            let action = actions.find(|it| it.path == end && it.method == route.method)?;
            Some((store, action))
        })?;
        let owner = self.owners.get(&store.owner)?;
        let variable = |name: &str| store.variables.get(name).or(owner.get(name)).cloned();
        Some(action.text.render(&variable))
    }

    fn parameters(&self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                let text = object
                    .get("name")
                    .filter(|_| object.contains_key("in"))
                    .and_then(Value::as_str)
                    .and_then(|name| self.parameters.get(name));
                if let Some(text) = text {
                    object.insert("description".to_owned(), json!(text));
                }
                object.values_mut().for_each(|value| self.parameters(value));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.parameters(item)),
            _ => {}
        }
    }

    fn schema(&self, name: &str, schema: &mut Value) {
        if let Some(text) = self.schemas.get(name) {
            schema["description"] = json!(text);
        }
        let Some(fields) = schema["properties"].as_object_mut() else {
            return;
        };
        for (field, schema) in fields {
            let own = self.fields.get(&format!("{name}.{field}"));
            if let Some(text) = own.or(self.fields.get(field)) {
                // What stands beside a reference does not count.
                if schema.get("$ref").is_some() {
                    *schema = json!({ "allOf": [schema] });
                }
                schema["description"] = json!(text);
            }
        }
    }
}

impl Text {
    /// The summary, and what stands below it.
    fn render(&self, variable: &dyn Fn(&str) -> Option<String>) -> (String, String) {
        let mut below = fill(&self.detail, variable);
        if !below.is_empty() {
            below.push_str("\n\n");
        }
        below.push_str(&format!(
            "Source: <https://docs.github.com/rest/{}>",
            fill(&self.source, variable)
        ));
        (fill(&self.summary, variable), below)
    }
}

/// `template` with each `{name}` replaced by the variable of that name, in which there can be
/// others.
fn fill(template: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let Some((before, rest)) = template.split_once('{') else {
        return template.to_owned();
    };
    let Some((name, after)) = rest.split_once('}') else {
        return template.to_owned();
    };
    let value = variable(name).map_or_else(|| format!("{{{name}}}"), |text| fill(&text, variable));
    format!("{before}{value}{}", fill(after, variable))
}
