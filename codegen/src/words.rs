//! Our documentation, which takes the place of GitHub's: a slice has none.

mod template;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use self::template::{Template, fill};
use crate::{
    Description, Error,
    bounds::{Budget, within},
    description::Route,
    escape::code,
    json::{kind, parse},
};

/// Our documentation for operations, parameters and schemas.
///
/// An operation on a secret is documented from its owner, its store and its action. The same
/// product gives the type for a store of any owner.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    #[serde(default)]
    pub(crate) dispatch: Option<Dispatch>,
    owners: BTreeMap<String, Variables>,
    pub(crate) stores: Vec<Store>,
    pub(crate) actions: Vec<Action>,
    operations: BTreeMap<String, Text>,
    parameters: BTreeMap<String, String>,
    schemas: BTreeMap<String, String>,
    /// By `field`, or by `Schema.field` where a schema needs other words.
    fields: BTreeMap<String, String>,
}

type Variables = BTreeMap<String, String>;

/// How long a text may be that can be repeated. The client's longest has 157 bytes.
const MOST_BYTES_OF_TEXT: usize = 2_000;

/// How many characters the texts of all stores may have together.
const MOST_CHARACTERS: usize = 5_000_000;

/// The type for a store of any owner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dispatch {
    pub(crate) name: String,
    pub(crate) summary: String,
    /// The documentation of each variant.
    variant: String,
}

/// The secrets below a path.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Store {
    pub(crate) path: String,
    pub(crate) owner: String,
    pub(crate) store: String,
    #[serde(flatten)]
    variables: Variables,
}

/// What is done by a method and the end of a path.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The method of the type for any store.
    pub(crate) dispatch: Option<Call>,
    summary: String,
    #[serde(default)]
    detail: String,
    source: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) summary: String,
}

/// Documentation, with `{variables}` of the owner and the store.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
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
        let document = parse(text)?;
        if !document.is_object() {
            return Err(refuse(format!("it is {}, not an object", kind(&document))));
        }
        let words: Self =
            serde_json::from_value(document).map_err(|error| refuse(error.to_string()))?;
        let unknown = words
            .stores
            .iter()
            .find(|store| !words.owners.contains_key(&store.owner));
        if let Some(store) = unknown {
            return Err(refuse(format!("it has no owner {}", code(&store.owner))));
        }
        words.check_lengths()?;
        words.check_variables().map_err(refuse)?;
        Ok(words)
    }

    /// Checks the texts that can be repeated for any number of fields and parameters.
    fn check_lengths(&self) -> Result<(), Error> {
        let repeated = [&self.parameters, &self.schemas, &self.fields];
        let mut repeated = repeated.into_iter().flatten();
        repeated.try_for_each(|(name, text)| {
            let place = format!("the text of {}", code(name));
            within(text.len(), MOST_BYTES_OF_TEXT, &place, "bytes")
        })
    }

    /// Fills in every text once: a variable can be made of others, and so of itself.
    fn check_variables(&self) -> Result<(), String> {
        let budget = Budget::new(MOST_CHARACTERS);
        for store in &self.stores {
            let variable = |name: &str| self.variable(store, name);
            let template = Template::new(&variable, &budget);
            for action in &self.actions {
                for text in [&action.summary, &action.detail, &action.source] {
                    template.fill(text)?;
                }
            }
            if let Some(dispatch) = &self.dispatch {
                template.fill(&dispatch.variant)?;
            }
        }
        Ok(())
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
        let schemas = document.pointer_mut("/components/schemas");
        for (name, schema) in schemas.and_then(Value::as_object_mut).into_iter().flatten() {
            self.schema(name, schema);
        }
        document.into()
    }

    /// Returns the documentation of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    /// Returns the documentation of a store as a variant of the type for any store.
    pub(crate) fn variant(&self, store: &Store, dispatch: &Dispatch) -> String {
        fill(&dispatch.variant, &|name| self.variable(store, name))
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
        Some(action.text().render(&|name| self.variable(store, name)))
    }

    /// Returns what `{name}` stands for in the words of a store. Those of the store go before those
    /// of its owner.
    fn variable(&self, store: &Store, name: &str) -> Option<String> {
        if name == "store" {
            return Some(store.store.clone());
        }
        let owner = self.owners.get(&store.owner)?;
        store.variables.get(name).or(owner.get(name)).cloned()
    }

    fn parameters(&self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                let text = object
                    .get("name")
                    .filter(|_| object.contains_key("in"))
                    .and_then(Value::as_str)
                    .and_then(|name| self.parameter(name));
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
        // Whoever calls this has not necessarily checked the description.
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        if let Some(text) = self.schemas.get(name) {
            schema.insert("description".to_owned(), json!(text));
        }
        let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
        let fields = fields.into_iter().flatten();
        for (field, schema) in fields.filter(|(_, schema)| schema.is_object()) {
            let own = self.fields.get(&format!("{name}.{field}"));
            if let Some(text) = own.or(self.fields.get(field)) {
                // Other fields of an object with a reference are ignored.
                if schema.get("$ref").is_some() {
                    *schema = json!({ "allOf": [schema] });
                }
                schema["description"] = json!(text);
            }
        }
    }
}

impl Action {
    fn text(&self) -> Text {
        Text {
            summary: self.summary.clone(),
            detail: self.detail.clone(),
            source: self.source.clone(),
        }
    }
}

impl Text {
    /// Returns the summary and the text below it.
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
