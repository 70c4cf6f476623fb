//! A client of the emulator's own tests: raw HTTP, and sealing as its users do it.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use github_secrets_emulator::{Emulator, Organization, Place, Repository, Store, StoredSecret};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};

/// The Codespaces secrets of `acme`.
pub(crate) const SECRETS: &str = "/orgs/acme/codespaces/secrets";

/// What sets one of them.
pub(crate) const SET: &str = "codespaces/create-or-update-org-secret";

/// Their place.
pub(crate) fn acme() -> Place {
    Place::organization("acme", Store::Codespaces)
}

/// The four stores of the organization `acme`, the four of its repository `website`, the
/// environment `production` there, and the user.
pub(crate) fn places() -> Vec<Place> {
    let organizations = Store::ALL.map(|store| Place::organization("acme", store));
    let repositories = Store::ALL.map(|store| Place::repository("acme/website", store));
    let others = [
        Place::environment("acme/website", "production"),
        Place::user(),
    ];
    [&organizations[..], &repositories, &others].concat()
}

/// The path of a place's secrets.
pub(crate) fn path(place: &Place) -> String {
    format!("/{place}/secrets")
}

/// The other fields that the body of a PUT needs.
pub(crate) fn fields(place: &Place) -> Value {
    if path(place).starts_with("/orgs/") {
        json!({ "visibility": "all" })
    } else {
        json!({})
    }
}

/// Creates or updates a secret with a value, in the way of its store.
pub(crate) async fn store(emulator: &Emulator, place: &Place, name: &str, value: &[u8]) -> u16 {
    let response = set_at(emulator, &path(place), name, value, fields(place)).await;
    response.status().as_u16()
}

/// The body of a response that succeeded.
pub(crate) async fn json_of(response: Response) -> Value {
    assert!(response.status().is_success(), "{}", response.status());
    response.json().await.unwrap()
}

/// The names of an object's fields.
pub(crate) fn field_names(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// A public key as the emulator sends it.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) key: PublicKey,
}

impl Key {
    pub(crate) fn of(response: &Value) -> Self {
        let key = STANDARD.decode(response["key"].as_str().unwrap()).unwrap();
        Self {
            id: response["key_id"].as_str().unwrap().to_owned(),
            key: PublicKey::from_slice(&key).unwrap(),
        }
    }

    /// A value sealed to this key, in base64.
    pub(crate) fn seal(&self, value: &[u8]) -> String {
        STANDARD.encode(self.key.seal(&mut OsRng, value).unwrap())
    }
}

pub(crate) fn request(emulator: &Emulator, method: Method, path: &str) -> RequestBuilder {
    request_as(emulator, "ghp_test", method, path)
}

pub(crate) fn request_as(
    emulator: &Emulator,
    token: &str,
    method: Method,
    path: &str,
) -> RequestBuilder {
    Client::new()
        .request(method, format!("{}{path}", emulator.url()))
        .header("user-agent", "emulator-tests")
        .bearer_auth(token)
}

pub(crate) async fn get(emulator: &Emulator, path: &str) -> Response {
    get_as(emulator, "ghp_test", path).await
}

pub(crate) async fn get_as(emulator: &Emulator, token: &str, path: &str) -> Response {
    request_as(emulator, token, Method::GET, path)
        .send()
        .await
        .unwrap()
}

pub(crate) async fn put(emulator: &Emulator, path: &str, body: &Value) -> Response {
    request(emulator, Method::PUT, path)
        .json(body)
        .send()
        .await
        .unwrap()
}

pub(crate) async fn delete(emulator: &Emulator, path: &str) -> Response {
    request(emulator, Method::DELETE, path)
        .send()
        .await
        .unwrap()
}

pub(crate) async fn key(emulator: &Emulator) -> Key {
    key_of(emulator, SECRETS).await
}

/// The key of the secrets with this path.
pub(crate) async fn key_of(emulator: &Emulator, secrets: &str) -> Key {
    let response = get(emulator, &format!("{secrets}/public-key")).await;
    Key::of(&json_of(response).await)
}

/// Creates or updates a Codespaces secret of `acme`. The body has these fields besides the value
/// and the key id.
pub(crate) async fn set(emulator: &Emulator, name: &str, value: &[u8], fields: Value) -> Response {
    set_at(emulator, SECRETS, name, value, fields).await
}

/// Creates or updates a secret below this path.
pub(crate) async fn set_at(
    emulator: &Emulator,
    secrets: &str,
    name: &str,
    value: &[u8],
    fields: Value,
) -> Response {
    let body = sealed(&key_of(emulator, secrets).await, value, fields);
    put(emulator, &format!("{secrets}/{name}"), &body).await
}

/// A body with a sealed value and other fields.
pub(crate) fn sealed(key: &Key, value: &[u8], fields: Value) -> Value {
    let mut body = json!({ "encrypted_value": key.seal(value), "key_id": key.id });
    let fields = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

/// The status and the message of a refusal.
pub(crate) async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["status"], status.to_string());
    assert!(
        body["documentation_url"]
            .as_str()
            .unwrap()
            .starts_with("https://docs.github.com/")
    );
    (status, body["message"].as_str().unwrap().to_owned())
}

/// The relations of the `Link` header, with their addresses.
pub(crate) fn links(response: &Response) -> BTreeMap<String, String> {
    let header = response
        .headers()
        .get("link")
        .map_or("", |value| value.to_str().unwrap());
    header
        .split(", ")
        .filter(|link| !link.is_empty())
        .map(|link| {
            let (address, relation) = link.split_once("; rel=").unwrap();
            (
                relation.trim_matches('"').to_owned(),
                address.trim_matches(['<', '>']).to_owned(),
            )
        })
        .collect()
}

/// Sends a request to one of the emulator's own endpoints.
pub(crate) async fn control(
    emulator: &Emulator,
    method: Method,
    path: &str,
    body: &Value,
) -> Response {
    Client::new()
        .request(method, format!("{}/_emulator/{path}", emulator.url()))
        .json(body)
        .send()
        .await
        .unwrap()
}

/// What one of them responds with.
pub(crate) async fn control_json(emulator: &Emulator, path: &str) -> Value {
    control(emulator, Method::GET, path, &Value::Null)
        .await
        .json()
        .await
        .unwrap()
}

/// An emulator with this repository of `acme`.
pub(crate) async fn with(repository: Repository) -> Emulator {
    let acme = Organization::new("acme").repository(repository);
    Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap()
}

/// The repository `acme/website`, with an environment.
pub(crate) fn website() -> Repository {
    Repository::new(7, "website").environment("production")
}

/// The organizations `acme`, with the repository `website` (7) and three Codespaces secrets, and
/// `other`.
pub(crate) async fn two_organizations() -> Emulator {
    let secrets = ["A", "B", "C"].map(|name| StoredSecret::new(name, name.to_lowercase()));
    let repository = website()
        .secret(Store::Actions, StoredSecret::new("TOKEN", "value"))
        .environment_secret("production", StoredSecret::new("TOKEN", "value"));
    let start = Organization::new("acme").repository(repository);
    let organization = secrets.into_iter().fold(start, |organization, secret| {
        organization.secret(Store::Codespaces, secret)
    });
    Emulator::builder()
        .organization(organization)
        .organization(Organization::new("other"))
        .start()
        .await
        .unwrap()
}

/// Sends a request without following redirects.
pub(crate) async fn send(
    emulator: &Emulator,
    method: Method,
    path: &str,
    body: &Value,
) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    client
        .request(method, format!("{}{path}", emulator.url()))
        .header("user-agent", "emulator-tests")
        .bearer_auth("ghp_test")
        .json(body)
        .send()
        .await
        .unwrap()
}

/// Waits for what another task brings about, half a minute at most.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let met = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), met)
        .await
        .unwrap();
}
