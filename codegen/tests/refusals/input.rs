//! Everything that `regen` reads, small, for a test to change one thing.

use github_secrets_codegen::{
    Description, Error, Families, Generated, Generator, Overlay, Words, operations,
};
use serde_json::{Value, json};

pub(crate) struct Input {
    pub(crate) operations: Value,
    pub(crate) description: Value,
    pub(crate) actions: Value,
    pub(crate) families: Value,
    pub(crate) words: Value,
}

impl Input {
    /// One operation, which sends a schema and receives one.
    pub(crate) fn new() -> Self {
        Self {
            operations: json!(["secrets/put"]),
            description: json!({
                "openapi": "3.0.3",
                "info": { "title": "Secrets", "version": "1" },
                "paths": { "/secrets/{name}": { "put": {
                    "operationId": "secrets/put",
                    "parameters": [parameter("name", "path")],
                    "requestBody": content("sent"),
                    "responses": { "200": content("received") },
                } } },
                "components": { "schemas": {
                    "sent": object(json!({ "encrypted_value": { "type": "string" } })),
                    "received": object(json!({ "key_id": { "type": "string" } })),
                } },
            }),
            actions: json!([]),
            families: json!([]),
            words: json!({
                "owners": { "organization": {} },
                "stores": [], "actions": [],
                "operations": {}, "parameters": {}, "schemas": {}, "fields": {},
            }),
        }
    }

    /// The input with a change of the description.
    pub(crate) fn with(change: impl FnOnce(&mut Value)) -> Self {
        let mut input = Self::new();
        change(&mut input.description);
        input
    }

    /// The input with other schemas beside those that are sent and received.
    pub(crate) fn with_schemas(schemas: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self::with(|description| {
            for (name, schema) in schemas {
                description["components"]["schemas"][name] = schema;
            }
        })
    }

    pub(crate) fn operation(&mut self) -> &mut Value {
        &mut self.description["paths"]["/secrets/{name}"]["put"]
    }

    /// The client, or every reason why there is none. A client is the same when it is generated
    /// again from what was written.
    pub(crate) fn generate(&self) -> Result<String, Vec<String>> {
        self.generate_from(&self.description.to_string())
    }

    /// The same from the text of a description.
    pub(crate) fn generate_from(&self, text: &str) -> Result<String, Vec<String>> {
        let generator = self.generator().map_err(|error| vec![error.to_string()])?;
        let source = Description::parse(text).map_err(|error| vec![error.to_string()])?;
        let Generated { slice, client, .. } = generator.generate(&source, &Description::empty());
        let client = client.map_err(|errors| texts(&errors))?;
        let written = Description::parse(&slice.to_string()).unwrap();
        let again = generator.generate(&written, &written);
        assert_eq!(again.slice.to_string(), slice.to_string());
        assert_eq!(again.client.unwrap(), client);
        Ok(client)
    }

    /// The reasons why there is no client, joined.
    pub(crate) fn refusal(&self) -> String {
        let reasons = self.generate().unwrap_err();
        assert!(!reasons.is_empty());
        for reason in &reasons {
            assert!(reason.len() < 2_000, "{} bytes of reason", reason.len());
            assert!(!reason.contains(char::is_control), "{reason:?}");
        }
        reasons.join("\n")
    }

    /// Asserts that there is no client, and that one reason has these words.
    pub(crate) fn is_refused(&self, words: &str) {
        let refusal = self.refusal();
        assert!(refusal.contains(words), "{words}: {refusal}");
    }

    pub(crate) fn generator(&self) -> Result<Generator, Error> {
        let overlay = json!({
            "overlay": "1.0.0",
            "info": { "title": "Deviations", "version": "1" },
            "actions": self.actions,
        });
        Ok(Generator {
            operations: operations(&self.operations.to_string())?,
            overlay: Overlay::parse(&overlay.to_string())?,
            families: Families::parse(&self.families.to_string())?,
            words: Words::parse(&self.words.to_string())?,
        })
    }
}

fn texts(errors: &[Error]) -> Vec<String> {
    errors.iter().map(Error::to_string).collect()
}

pub(crate) fn parameter(name: &str, place: &str) -> Value {
    let schema = json!({ "type": "string" });
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
}

pub(crate) fn content(schema: &str) -> Value {
    content_of(reference(schema))
}

pub(crate) fn content_of(schema: Value) -> Value {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

pub(crate) fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

pub(crate) fn object(fields: Value) -> Value {
    json!({ "type": "object", "properties": fields })
}

/// Adds an item to an array.
pub(crate) fn add(array: &mut Value, item: Value) {
    array.as_array_mut().unwrap().push(item);
}
