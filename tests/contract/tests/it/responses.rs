//! What the library makes of every response that GitHub's own description allows.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::{Description, Generator, Reply, Response, Wire, calls, github};
use github_secrets::{Action, Error, GitHub, Operation, RegistryAction};
use serde_json::{Value, json};

#[tokio::test]
async fn every_response_of_the_description_is_understood() {
    let description = Arc::new(Description::load());
    // What a schema does not say: which text is a key, and whose repository was asked for.
    let known = vec![
        ("key", json!(github::KEY)),
        ("full_name", json!("acme/website")),
    ];
    let generator = Generator::new(&description, known);
    let scene = Scene::new(&description);
    let mut understood = BTreeSet::new();
    for described in description.operations() {
        let operation = calls::operation(&described.id).expect(&described.id);
        for Response { status, schema } in &described.responses {
            let bodies = match schema {
                Some(schema) => generator.instances(schema),
                None => vec![Value::Null],
            };
            for mut body in bodies {
                count(&mut body);
                if let Some(schema) = schema {
                    let objections = description.schema_objections(schema, &body);
                    assert_eq!(objections, [""; 0], "of the test's own {body}");
                }
                scene.understand(operation, *status, body).await;
            }
            understood.insert((described.id.as_str(), *status));
        }
    }
    let operations = description.operations().iter();
    let without_success = operations.map(|it| it.id.as_str()).filter(|id| {
        !understood
            .iter()
            .any(|(of, status)| of == id && *status < 300)
    });
    assert_eq!(without_success.collect::<Vec<_>>(), [""; 0]);
}

/// No schema says that the number of entries is the number of entries.
fn count(body: &mut Value) {
    let lists = body.as_object().into_iter().flat_map(|body| body.values());
    let entries = lists.filter_map(Value::as_array).map(Vec::len).next();
    if let (Some(entries), Some(total)) = (entries, body.get_mut("total_count")) {
        *total = json!(entries);
    }
}

/// A server that responds to one operation as it is told, and to the others well.
struct Scene {
    told: Arc<Mutex<(String, Reply)>>,
    wire: Wire,
    github: GitHub,
}

impl Scene {
    fn new(description: &Arc<Description>) -> Self {
        let told = Arc::new(Mutex::new((String::new(), Reply::closed())));
        let (telling, description) = (Arc::clone(&told), Arc::clone(description));
        let wire = Wire::serve(move |request| {
            let told = telling.lock().unwrap_or_else(PoisonError::into_inner);
            match description.operation(request) {
                Some(operation) if operation.id == told.0 => told.1.clone(),
                _ => github::success(request),
            }
        });
        Self {
            github: github::builder(wire.url()).build().expect("settings"),
            told,
            wire,
        }
    }

    /// Calls an operation that gets this response, and checks what the library makes of it.
    async fn understand(&self, operation: Operation, status: u16, body: Value) {
        let reply = match &body {
            Value::Null => Reply::status(status),
            body => Reply::json(status, body),
        };
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = (operation.id(), reply);
        let outcome = calls::call(&self.github, operation).await;
        let context = format!("{} {status} {body}: {outcome:?}", operation.id());
        match (status, outcome) {
            (200 | 201 | 204, Ok(outcome)) => {
                assert_eq!(outcome, expected(operation, status, &body), "{context}");
                if let Some(id) = looked_up(operation, &body) {
                    let last = self.wire.requests().pop().expect("a request");
                    assert!(
                        last.path().ends_with(&format!("/repositories/{id}")),
                        "{context}"
                    );
                }
            }
            (404, Ok(outcome)) => {
                let find = operation.action() == Some(Action::Find)
                    || operation.registry_action() == Some(RegistryAction::Find);
                assert!(find && outcome == Value::Null, "{context}");
            }
            (404, Err(Error::Repository(_))) => assert_eq!(operation.id(), "repos/get"),
            (301 | 304, Err(Error::UnexpectedResponse(_)))
            | (401 | 403, Err(Error::NotAuthorized(_)))
            | (404, Err(Error::NotFound(_)))
            | (409, Err(Error::Conflict(_)))
            | (500, Err(Error::Unavailable(_))) => {}
            (400 | 422, Err(Error::Rejected(response))) => {
                let words = response.github_message().map(|words| words.expose());
                match body["message"].as_str() {
                    Some(message) => {
                        let words = words.expect("GitHub's words");
                        assert!(words.starts_with(message), "{context}");
                    }
                    None => assert_eq!(words, None, "{context}"),
                }
            }
            _ => panic!("{context}"),
        }
    }
}

/// The id in the response, if it is that of a repository which was looked up.
fn looked_up(operation: Operation, body: &Value) -> Option<&Value> {
    (operation.id() == "repos/get").then(|| &body["id"])
}

/// What the library has to say of this response.
fn expected(operation: Operation, status: u16, body: &Value) -> Value {
    match (operation.action(), operation.registry_action()) {
        (Some(Action::Set), _) if status == 201 => json!("created"),
        (Some(Action::Set), _) => json!("updated"),
        (Some(Action::PublicKey), _) | (_, Some(RegistryAction::PublicKey)) => {
            let key = STANDARD.decode(github::KEY).expect("base64");
            json!({ "key_id": body["key_id"], "key": key })
        }
        (Some(Action::Find), _) => only(body, &SECRET),
        (Some(Action::List | Action::ListOrganizationSecrets), _) => {
            each(&body["secrets"], &SECRET)
        }
        (Some(Action::ListRepositories), _) => each(&body["repositories"], &REPOSITORY),
        (_, Some(RegistryAction::Find | RegistryAction::Create)) => registry(body),
        (_, Some(RegistryAction::List)) => {
            let all = body["configurations"].as_array().expect("a list");
            all.iter().map(registry).collect()
        }
        _ => match operation.id().as_str() {
            "repos/list-for-org" => each(body, &REPOSITORY),
            "repos/get-all-environments" if body["environments"].is_null() => json!([]),
            "repos/get-all-environments" => each(&body["environments"], &["id", "name"]),
            "users/get-authenticated" => body["id"].clone(),
            _ => Value::Null,
        },
    }
}

const SECRET: [&str; 4] = ["name", "visibility", "created_at", "updated_at"];

const REPOSITORY: [&str; 7] = [
    "id",
    "name",
    "full_name",
    "private",
    "visibility",
    "html_url",
    "archived",
];

const REGISTRY: [&str; 9] = [
    "name",
    "registry_type",
    "url",
    "username",
    "replaces_base",
    "auth_type",
    "visibility",
    "created_at",
    "updated_at",
];

/// A registry, with the defaults of the description for what it leaves out.
fn registry(body: &Value) -> Value {
    let mut registry = only(body, &REGISTRY);
    for (field, default) in [
        ("replaces_base", json!(false)),
        ("auth_type", json!("token")),
    ] {
        if registry[field].is_null() {
            registry[field] = default;
        }
    }
    registry
}

fn each(list: &Value, fields: &[&str]) -> Value {
    let list = list.as_array().expect("a list");
    list.iter().map(|body| only(body, fields)).collect()
}

/// These fields of an object; one that is not there is null.
fn only(object: &Value, fields: &[&str]) -> Value {
    let named = fields
        .iter()
        .map(|field| ((*field).to_owned(), object[field].clone()));
    named.collect()
}
