//! What the library makes of every answer that GitHub's own description allows.

use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::{Description, Generator, Operation, Reply, Wire, github};
use github_secrets::{Error, Organization, Secret, Secrets, SelectedRepository, Visibility};
use serde_json::{Value, json};

#[tokio::test]
async fn every_answer_of_the_description_is_understood() {
    let description = Arc::new(Description::load());
    // What a schema does not say: which text is a key, and whose repository was asked for.
    let known = vec![
        ("key", json!(github::KEY)),
        ("full_name", json!("acme/website")),
    ];
    let generator = Generator::new(&description, known);
    let scene = Scene::new(&description);
    for operation in description.operations() {
        if !is_of_codespaces(operation) {
            continue;
        }
        for answer in &operation.answers {
            let Some(schema) = &answer.schema else {
                scene.understand(&operation.id, answer.status, None).await;
                continue;
            };
            for mut body in generator.instances(schema) {
                count(&mut body);
                let objections = description.schema_objections(schema, &body);
                assert_eq!(objections, [""; 0], "of the test's own {body}");
                scene
                    .understand(&operation.id, answer.status, Some(body))
                    .await;
            }
        }
    }
}

/// A server that answers one operation as it is told, and the others well.
struct Scene {
    told: Arc<Mutex<(String, Reply)>>,
    wire: Wire,
    secrets: Secrets<Organization>,
}

impl Scene {
    fn new(description: &Arc<Description>) -> Self {
        let told = Arc::new(Mutex::new((String::new(), Reply::closed())));
        let (telling, description) = (Arc::clone(&told), Arc::clone(description));
        let wire = Wire::serve(move |request| {
            let (told, reply) = &*telling.lock().expect("no panic while it was held");
            match description
                .operation(request)
                .map(|operation| operation.id.as_str())
            {
                Some(id) if id == told => reply.clone(),
                Some("codespaces/get-org-public-key") => github::public_key(),
                _ => Reply::status(204),
            }
        });
        Self {
            secrets: github::secrets(wire.url()),
            told,
            wire,
        }
    }

    /// Calls an operation that is answered with this, and checks what the library makes of it.
    async fn understand(&self, id: &str, status: u16, body: Option<Value>) {
        let reply = match &body {
            Some(body) => Reply::json(status, body),
            None => Reply::status(status),
        };
        *self.told.lock().expect("no panic while it was held") = (id.to_owned(), reply);
        let outcome = call(id, &self.secrets, &self.wire).await;
        let context = format!("{id} {status} {body:?}: {outcome:?}");
        let body = body.unwrap_or_default();
        match (status, outcome) {
            (200 | 201 | 204, Ok(outcome)) => {
                assert_eq!(outcome, expected(id, status, &body), "{context}");
            }
            (301, Err(Error::UnexpectedResponse(_)))
            | (403, Err(Error::NotAuthorized(_)))
            | (404, Err(Error::NotFound(_)))
            | (409, Err(Error::Conflict(_))) => {}
            (404, Err(Error::Repository(_))) => assert_eq!(id, "repos/get", "{context}"),
            (422, Err(Error::Rejected(response))) => {
                let words = response.github_message().map(|words| words.expose());
                let message = body["message"].as_str().expect("a message");
                assert!(
                    words.is_some_and(|words| words.starts_with(message)),
                    "{context}"
                );
            }
            _ => panic!("{context}"),
        }
    }
}

/// Calls an operation, and gives what the library says in the words of the description.
async fn call(id: &str, secrets: &Secrets<Organization>, wire: &Wire) -> Result<Value, Error> {
    let selected = secrets.repositories("DB_PASSWORD")?;
    Ok(match id {
        "codespaces/get-org-public-key" => {
            let key = secrets.public_key().await?;
            json!({ "key_id": key.id(), "key": STANDARD.encode(key.as_bytes()) })
        }
        "codespaces/create-or-update-org-secret" => {
            let stored = secrets.set("DB_PASSWORD", "value", Visibility::All).await?;
            json!(format!("{stored:?}"))
        }
        "codespaces/list-org-secrets" => {
            json!(
                secrets
                    .list()
                    .all()
                    .await?
                    .iter()
                    .map(secret)
                    .collect::<Vec<_>>()
            )
        }
        "codespaces/get-org-secret" => {
            json!(secrets.find("DB_PASSWORD").await?.as_ref().map(secret))
        }
        "codespaces/delete-org-secret" => json!(secrets.delete("DB_PASSWORD").await?),
        "codespaces/list-selected-repos-for-org-secret" => {
            json!(
                selected
                    .list()
                    .all()
                    .await?
                    .iter()
                    .map(repository)
                    .collect::<Vec<_>>()
            )
        }
        "codespaces/set-selected-repos-for-org-secret" => json!(selected.set([1]).await?),
        "codespaces/add-selected-repo-to-org-secret" => json!(selected.add(1).await?),
        "codespaces/remove-selected-repo-from-org-secret" => json!(selected.remove(1).await?),
        "repos/get" => {
            selected.add("website").await?;
            let last = wire.requests().pop().expect("the repository is selected");
            json!(
                last.path()
                    .rsplit('/')
                    .next()
                    .and_then(|id| id.parse::<i64>().ok())
            )
        }
        other => panic!("nothing here calls {other}"),
    })
}

/// What the library has to say when this is answered.
fn expected(id: &str, status: u16, body: &Value) -> Value {
    let each = |list: &Value, fields: &[&str]| {
        let list = list.as_array().expect("a list");
        list.iter().map(|body| only(body, fields)).collect()
    };
    match (id, status) {
        ("codespaces/create-or-update-org-secret", 201) => json!("Created"),
        ("codespaces/create-or-update-org-secret", 204) => json!("Updated"),
        ("codespaces/get-org-public-key", _) => only(body, &["key_id", "key"]),
        ("codespaces/get-org-secret", _) => only(body, &SECRET),
        ("codespaces/list-org-secrets", _) => each(&body["secrets"], &SECRET),
        ("codespaces/list-selected-repos-for-org-secret", _) => {
            each(&body["repositories"], &REPOSITORY)
        }
        ("repos/get", _) => body["id"].clone(),
        _ => Value::Null,
    }
}

const SECRET: [&str; 4] = ["name", "visibility", "created_at", "updated_at"];

fn secret(secret: &Secret) -> Value {
    json!({
        "name": secret.name,
        "visibility": secret.visibility.as_ref().map(ToString::to_string),
        "created_at": secret.created_at,
        "updated_at": secret.updated_at,
    })
}

const REPOSITORY: [&str; 7] = [
    "id",
    "name",
    "full_name",
    "private",
    "visibility",
    "html_url",
    "archived",
];

fn repository(repository: &SelectedRepository) -> Value {
    json!({
        "id": repository.id,
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "visibility": repository.visibility,
        "html_url": repository.html_url,
        "archived": repository.archived,
    })
}

/// These fields of an object; one that is not there is null.
fn only(object: &Value, fields: &[&str]) -> Value {
    fields
        .iter()
        .map(|field| ((*field).to_owned(), object[field].clone()))
        .collect()
}

fn is_of_codespaces(operation: &Operation) -> bool {
    operation.id.starts_with("codespaces/") && operation.id.contains("-org-")
        || operation.id == "repos/get"
}

/// No schema says that the number of entries is the number of entries.
fn count(body: &mut Value) {
    let lists = body.as_object().into_iter().flat_map(|body| body.values());
    let entries = lists.filter_map(Value::as_array).map(Vec::len).next();
    if let (Some(entries), Some(total)) = (entries, body.get_mut("total_count")) {
        *total = json!(entries);
    }
}
