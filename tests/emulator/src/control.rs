//! `/_emulator/…`: what a client in another language asks of the emulator itself.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal};
use crate::recorded::RecordedRequest;
use crate::secret::StoredSecret;
use crate::world::World;

pub(crate) fn answer(world: &mut World, request: &RecordedRequest) -> Answer {
    match (request.method(), request.path()) {
        ("GET", "/_emulator/secrets") => Answer::json(200, &secrets(world)),
        _ => Refusal::not_found().into_answer("https://docs.rs/github-secrets-emulator"),
    }
}

fn secrets(world: &World) -> Value {
    world
        .organizations
        .iter()
        .map(|organization| {
            let secrets = organization.secrets.values().map(opened).collect();
            (organization.settings.login.clone(), secrets)
        })
        .collect::<Map<String, Value>>()
        .into()
}

fn opened(secret: &StoredSecret) -> Value {
    let mut object = json!({
        "name": secret.name,
        "visibility": secret.visibility.as_str(),
        "selected_repository_ids": secret.selected,
        "key_id": secret.key_id,
        "created_at": timestamp(secret.created_at),
        "updated_at": timestamp(secret.updated_at),
    });
    match str::from_utf8(&secret.value) {
        Ok(value) => object["value"] = value.into(),
        Err(_) => object["value_base64"] = STANDARD.encode(&secret.value).into(),
    }
    object
}

pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}
