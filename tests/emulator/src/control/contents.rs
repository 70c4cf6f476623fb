//! What the emulator holds, as JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use crate::{
    place::Place,
    recorded::RecordedRequest,
    registry::StoredRegistry,
    secret::{StoredSecret, Visibility, timestamp},
    world::World,
};

pub(super) fn secrets(world: &World) -> Value {
    world
        .all_secrets()
        .map(|(place, it)| secret(place, it))
        .collect()
}

fn secret(place: &Place, secret: &StoredSecret) -> Value {
    let mut object = json!({
        "place": place.to_string(),
        "owner": place.owner(),
        "repository": place.repository_name(),
        "environment": place.environment_name(),
        "store": place.store().as_str(),
        "name": secret.name(),
        "value": null,
        "visibility": secret.visibility().map(Visibility::as_str),
        "selected_repository_ids": secret.selected_repository_ids(),
        "key_id": secret.key_id(),
        "created_at": timestamp(secret.created_at()),
        "updated_at": timestamp(secret.updated_at()),
    });
    insert_bytes(&mut object, "value", secret.value());
    object
}

pub(super) fn registries(world: &World) -> Value {
    world
        .organizations
        .iter()
        .flat_map(|organization| {
            let owner = organization.settings.login();
            let registries = organization.registries.iter();
            registries.map(move |it| registry(owner, it))
        })
        .collect()
}

fn registry(owner: &str, registry: &StoredRegistry) -> Value {
    let mut object = json!({
        "owner": owner,
        "name": registry.name(),
        "registry_type": registry.registry_type(),
        "url": registry.url(),
        "username": registry.username(),
        "replaces_base": registry.replaces_base(),
        "auth_type": registry.auth_type(),
        "visibility": registry.visibility().as_str(),
        "selected_repository_ids": registry.selected_repository_ids(),
        "key_id": registry.key_id(),
        "value": null,
        "created_at": timestamp(registry.created_at()),
        "updated_at": timestamp(registry.updated_at()),
    });
    for (name, value) in registry.settings() {
        object[name] = value.as_str().into();
    }
    if let Some(value) = registry.value() {
        insert_bytes(&mut object, "value", value);
    }
    object
}

/// Returns the requests so far, without their tokens.
pub(super) fn requests(world: &World) -> Value {
    world.requests.iter().map(request).collect()
}

fn request(request: &RecordedRequest) -> Value {
    let headers: Map<String, Value> = request
        .headers()
        .filter(|(name, _)| *name != "authorization")
        .map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into()))
        .collect();
    let mut object = json!({
        "method": request.method(),
        "target": request.target(),
        "headers": headers,
    });
    insert_bytes(&mut object, "body", request.body());
    object
}

/// Puts bytes into an object: as text, or in base64 under a name that says so.
fn insert_bytes(object: &mut Value, field: &str, bytes: &[u8]) {
    match str::from_utf8(bytes) {
        Ok(text) => object[field] = text.into(),
        Err(_) => object[format!("{field}_base64")] = STANDARD.encode(bytes).into(),
    }
}
