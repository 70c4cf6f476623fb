//! What `regen` reads: the committed files, for a few of the operations each, so that a client is
//! generated quickly.

use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
};

use github_secrets_codegen::{
    Description, Error, Families, Generated, Generator, Overlay, Words, operations,
};
use serde_json::{Value, json};

/// The operations that are taken together.
const OPERATIONS: [&[&str]; 6] = [
    &["repos/get"],
    &[
        "actions/create-or-update-repo-secret",
        "actions/get-repo-secret",
    ],
    &[
        "actions/list-repo-secrets",
        "actions/get-repo-public-key",
        "actions/delete-repo-secret",
    ],
    &[
        "dependabot/set-selected-repos-for-org-secret",
        "dependabot/list-selected-repos-for-org-secret",
    ],
    &[
        "private-registries/create-org-private-registry",
        "private-registries/update-org-private-registry",
        "private-registries/list-org-private-registries",
    ],
    &[
        "codespaces/create-or-update-secret-for-authenticated-user",
        "actions/create-or-update-environment-secret",
    ],
];

/// The operations, the description, the overlay, the families and the words.
#[derive(Clone)]
pub(crate) struct Inputs {
    pub(crate) documents: [Value; 5],
    /// The description before it is changed.
    earlier: Arc<Description>,
}

pub(crate) enum Outcome {
    Client(String),
    Refused,
}

pub(crate) fn bases() -> &'static [Inputs] {
    static BASES: OnceLock<Vec<Inputs>> = OnceLock::new();
    BASES.get_or_init(committed)
}

fn committed() -> Vec<Inputs> {
    let names = ["operations", "github", "overlay", "families", "words"];
    let committed = Inputs {
        documents: names.map(read),
        earlier: Arc::new(Description::empty()),
    };
    OPERATIONS
        .iter()
        .map(|operations| committed.cut(operations))
        .collect()
}

fn read(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let text = fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

impl Inputs {
    /// The same for a few operations, without the actions and families that only others need.
    fn cut(&self, operations: &[&str]) -> Self {
        let mut cut = self.clone();
        cut.documents[0] = json!(operations);
        let families = cut.documents[3].as_array_mut().unwrap();
        for family in families.iter_mut() {
            for members in ["requests", "responses"] {
                if let Some(Value::Array(members)) = family.get_mut(members) {
                    members.retain(|id| operations.iter().any(|it| id == it));
                }
            }
        }
        families.retain(|family| {
            let members = ["requests", "responses", "fields"].map(|kind| &family[kind]);
            members
                .iter()
                .any(|it| it.as_array().is_some_and(|it| !it.is_empty()))
        });
        let slice = cut.run().unwrap().0.slice.to_string();
        cut.documents[1] = serde_json::from_str(&slice).unwrap();
        cut.earlier = Arc::new(Description::parse(&slice).unwrap());
        loop {
            let problems = match cut.run().unwrap().0.client {
                Ok(_) => return cut,
                Err(problems) => problems,
            };
            for problem in problems.iter().rev() {
                match problem {
                    Error::Action { number, .. } => {
                        cut.documents[2]["actions"]
                            .as_array_mut()
                            .unwrap()
                            .remove(number - 1);
                    }
                    Error::Misfit { family, .. } => {
                        let families = cut.documents[3].as_array_mut().unwrap();
                        let family = families.iter().position(|it| it["name"] == **family);
                        if let Some(index) = family {
                            families.remove(index);
                        }
                    }
                    other => panic!("{other}"),
                }
            }
        }
    }

    /// Generates, and asserts what holds for any input.
    pub(crate) fn generate(&self) -> Outcome {
        let (
            Generated {
                slice,
                changes,
                client,
            },
            generator,
        ) = match self.run() {
            Ok(generated) => generated,
            Err(problem) => {
                assert_is_a_line(&problem.to_string());
                return Outcome::Refused;
            }
        };
        for change in changes.client.iter().chain(&changes.left_out) {
            assert_is_a_line(&change.to_string());
        }
        match client {
            Ok(source) => {
                syn::parse_file(&source).unwrap();
                let written = Description::parse(&slice.to_string()).unwrap();
                let again = generator.generate(&written, &written);
                assert_eq!(again.slice.to_string(), slice.to_string(), "stale at once");
                assert_eq!(again.client.unwrap(), source, "stale at once");
                assert!(again.changes.client.is_empty() && again.changes.left_out.is_empty());
                Outcome::Client(source)
            }
            Err(problems) => {
                assert!(!problems.is_empty());
                for problem in problems {
                    assert_is_a_line(&problem.to_string());
                    assert_is_a_line(&problem.remedy().unwrap_or("none".to_owned()));
                }
                Outcome::Refused
            }
        }
    }

    fn run(&self) -> Result<(Generated, Generator), Error> {
        let [operation_list, description, overlay, families, words] =
            self.documents.each_ref().map(Value::to_string);
        let generator = Generator {
            operations: operations(&operation_list)?,
            overlay: Overlay::parse(&overlay)?,
            families: Families::parse(&families)?,
            words: Words::parse(&words)?,
        };
        let source = Description::parse(&description)?;
        Ok((generator.generate(&source, &self.earlier), generator))
    }
}

fn assert_is_a_line(text: &str) {
    assert!(
        !text.is_empty() && text.len() < 100_000,
        "{} bytes",
        text.len()
    );
    assert!(
        !text.contains(|char: char| char.is_control() || char == '\u{202e}'),
        "{text:?}"
    );
}

/// Clients of names, values and types that are as odd as can be.
pub(crate) fn odd_clients() -> Vec<String> {
    let names = [
        "ok",
        "err",
        "option",
        "result",
        "string",
        "vec",
        "box",
        "self",
        "type",
        "default",
        "from",
        "serialize",
        "error",
        "debug",
        "clone",
        "display",
        "to-string",
        "str",
        "i64",
        "fn",
        "async",
        "+1",
        "-1",
        "1st",
        "with space",
        "\u{e9}t\u{e9}",
        "new",
        "body",
        "value",
        "method",
        "client",
    ];
    let schemas = [
        json!({ "type": "string", "enum": ["a", "B", "+1", "self", ""] }),
        json!({ "type": "string", "enum": ["a", "b"], "default": "a" }),
        json!({ "type": "string", "maxLength": 3, "minLength": 1 }),
        json!({ "type": "object", "properties": { "a": { "type": "string", "default": "x" } } }),
        json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
        json!({ "anyOf": [{ "type": "object", "properties": { "a": { "type": "integer" } } }, { "type": "boolean" }] }),
        json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true }),
        json!({ "type": "integer", "format": "int32", "minimum": 1, "maximum": 1e30 }),
        json!({ "type": "string", "format": "uri" }),
        json!({ "type": "object" }),
        json!({}),
    ];
    // Each name with two of the schemas, and so each schema with five of the names.
    let numbered = names.iter().enumerate();
    let pairs = numbered.flat_map(|(number, name)| {
        [number, number + 5].map(|number| (name, &schemas[number % schemas.len()]))
    });
    let clients: Vec<String> = pairs
        .filter_map(|(name, schema)| client_of(name, schema).ok())
        .collect();
    assert!(clients.len() > names.len() / 2, "{} clients", clients.len());
    clients
}

/// The client of an operation that sends and receives a schema of this name, in a field of this
/// name, with a parameter of this name.
fn client_of(name: &str, schema: &Value) -> Result<String, Vec<Error>> {
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    let holder = json!({ "type": "object", "properties": { name: reference, "other": schema } });
    let mut sent = holder.clone();
    sent["required"] = json!([name, "other"]);
    let content = |schema: Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let string = json!({ "type": "string" });
    let description = json!({
        "openapi": "3.0.3",
        "info": { "title": "", "version": "1" },
        "paths": { "/a/{it}": { "put": {
            "operationId": name,
            "parameters": [
                { "name": "it", "in": "path", "required": true, "schema": string },
                { "name": name, "in": "query", "schema": string },
            ],
            "requestBody": content(sent),
            "responses": { "200": content(holder) },
        } } },
        "components": { "schemas": { name: schema } },
    });
    let description = Description::parse(&description.to_string()).unwrap();
    github_secrets_codegen::client(&description, &Words::default())
}
