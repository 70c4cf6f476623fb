//! `/_emulator/…`: what a client in another language asks of the emulator itself.

mod faults;
mod guard;
mod held;

use std::net::SocketAddr;

use serde::Deserialize;
use serde_json::json;

use crate::{
    answer::Answer, place::Place, recorded::RecordedRequest, refusal::Refusal, world::World,
};

const DOCUMENTATION: &str = "https://docs.rs/github-secrets-emulator";

/// Answers a request that arrived on this address.
pub(crate) fn answer(world: &mut World, request: &RecordedRequest, address: SocketAddr) -> Answer {
    guard::check(&request.parts.headers, address)
        .and_then(|()| respond(world, request))
        .unwrap_or_else(|refusal| refusal.into_answer("Emulator", DOCUMENTATION))
        .header("x-content-type-options", "nosniff")
        .header("cache-control", "no-store")
}

fn respond(world: &mut World, request: &RecordedRequest) -> Result<Answer, Refusal> {
    let body = match (request.method(), request.path()) {
        ("GET", "/_emulator/secrets") => held::secrets(world),
        ("GET", "/_emulator/registries") => held::registries(world),
        ("GET", "/_emulator/requests") => held::requests(world),
        ("GET", "/_emulator/faults") => faults::list(world),
        ("GET", "/_emulator/limits") => json!({ "limit_answers": world.meter.limit_answers }),
        ("POST", "/_emulator/rotate") => return rotate(world, request),
        ("POST", "/_emulator/faults") => return faults::add(world, request.body()),
        ("DELETE", "/_emulator/faults") => {
            world.faults.clear();
            return Ok(Answer::empty(204));
        }
        ("DELETE", "/_emulator/requests") => {
            world.requests.clear();
            return Ok(Answer::empty(204));
        }
        _ => return Err(Refusal::not_found()),
    };
    Ok(Answer::json(200, &body))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    place: Option<String>,
    organization: Option<String>,
}

/// Replaces the key pair of a place, the key pairs of an organization, or all.
fn rotate(world: &mut World, request: &RecordedRequest) -> Result<Answer, Refusal> {
    let rotation = match request.body() {
        [] => Rotation::default(),
        body => parsed(body)?,
    };
    let refused = |message| Err(Refusal::new(422, message));
    match (rotation.place, rotation.organization) {
        (None, None) => world.rotate_keys(None),
        (None, Some(login)) if world.organization(&login).is_none() => {
            return refused(format!("organization: {login:?} does not exist"));
        }
        (None, Some(login)) => world.rotate_keys(Some(&login)),
        (Some(_), Some(_)) => {
            return refused("place and organization exclude each other".to_owned());
        }
        (Some(text), None) => match text.parse().map(|place: Place| world.existing(&place)) {
            Ok(Some(place)) => world.vault_mut(&place).rotate_key(),
            Ok(None) => return refused(format!("place: {text} does not exist")),
            Err(error) => return refused(format!("place: {error}")),
        },
    }
    Ok(Answer::empty(204))
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(422, error.to_string()))
}
