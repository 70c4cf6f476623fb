//! `/_emulator/…`: the emulator's own endpoints, for clients in other languages.

mod contents;
mod guard;

use std::{net::SocketAddr, time::Duration};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    change::{Action, Change},
    fault::Fault,
    place::Place,
    recorded::RecordedRequest,
    refusal::Refusal,
    response::Response,
    setup::faults,
    shared::Shared,
    world::{KEPT_BYTES, World},
};

const DOCUMENTATION: &str = "https://docs.rs/github-secrets-emulator";
const KEPT_FAULTS: usize = 1_000;
const KEPT_FAULT_BYTES: usize = 64 * 1024 * 1024;

/// Responds to a request that arrived on this address.
pub(crate) fn respond(shared: &Shared, request: &RecordedRequest, address: SocketAddr) -> Response {
    guard::check(&request.parts.headers, address)
        .and_then(|()| carry_out(shared, request))
        .unwrap_or_else(|refusal| refusal.into_response("Emulator", DOCUMENTATION))
        .header("x-content-type-options", "nosniff")
        .header("cache-control", "no-store")
}

fn carry_out(shared: &Shared, request: &RecordedRequest) -> Result<Response, Refusal> {
    let mut world = shared.world();
    let read = |body: Value| Ok(Response::json(200, &body));
    match (request.method(), request.path()) {
        ("GET", "/_emulator/secrets") => read(contents::secrets(&world)),
        ("GET", "/_emulator/registries") => read(contents::registries(&world)),
        ("GET", "/_emulator/requests") => read(contents::requests(&world)),
        ("GET", "/_emulator/faults") => {
            let faults = shared.faults();
            read(
                faults
                    .iter()
                    .map(|it| json!(faults::describe(it)))
                    .collect(),
            )
        }
        ("GET", "/_emulator/limits") => {
            read(json!({ "limit_responses": world.meter.limit_responses }))
        }
        ("POST", "/_emulator/rotate") => rotate(&mut world, request.body()),
        ("POST", "/_emulator/clock") => advance(&mut world, request.body()),
        ("POST", "/_emulator/changes") => change(&mut world, request.body()),
        ("POST", "/_emulator/faults") => add_fault(&mut shared.faults(), request.body()),
        ("DELETE", "/_emulator/faults") => {
            shared.faults().clear();
            Ok(Response::empty(204))
        }
        ("DELETE", "/_emulator/requests") => {
            world.requests.clear();
            Ok(Response::empty(204))
        }
        _ => Err(Refusal::not_found()),
    }
}

fn add_fault(faults: &mut Vec<Fault>, body: &[u8]) -> Result<Response, Refusal> {
    let fault = faults::described(parsed(body)?).map_err(refused)?;
    let bytes = faults.iter().map(Fault::size).sum::<usize>() + fault.size();
    if faults.len() >= KEPT_FAULTS || bytes > KEPT_FAULT_BYTES {
        let limits = format!("{KEPT_FAULTS} faults or {KEPT_FAULT_BYTES} bytes of them");
        return Err(refused(format!("the emulator keeps no more than {limits}")));
    }
    faults.push(fault);
    Ok(Response::empty(204))
}

/// Makes a change by somebody else.
fn change(world: &mut World, body: &[u8]) -> Result<Response, Refusal> {
    let change = Change(parsed::<Action>(body)?);
    if !world.has_room_for(change.heap_size()) {
        return Err(refused(format!(
            "the emulator keeps no more than {KEPT_BYTES} bytes of secrets"
        )));
    }
    change
        .apply(world)
        .map(|()| Response::empty(204))
        .map_err(|error| refused(error.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u32,
}

/// Moves the clock on.
fn advance(world: &mut World, body: &[u8]) -> Result<Response, Refusal> {
    let Advance { seconds } = parsed(body)?;
    world.ahead += Duration::from_secs(seconds.into());
    Ok(Response::empty(204))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    place: Option<String>,
    organization: Option<String>,
}

/// Replaces the key pair of a place, the key pairs of an organization, or all.
fn rotate(world: &mut World, body: &[u8]) -> Result<Response, Refusal> {
    let rotation = match body {
        [] => Rotation::default(),
        body => parsed(body)?,
    };
    match (rotation.place, rotation.organization) {
        (None, None) => world.rotate_keys(None),
        (None, Some(login)) if world.organization(&login).is_none() => {
            return Err(refused(format!("organization: {login:?} does not exist")));
        }
        (None, Some(login)) => world.rotate_keys(Some(&login)),
        (Some(_), Some(_)) => {
            return Err(refused("place and organization cannot be combined"));
        }
        (Some(text), None) => match text.parse().map(|place: Place| world.existing(&place)) {
            Ok(Some(place)) => world.vault_mut(&place).rotate_key(),
            Ok(None) => return Err(refused(format!("place: {text} does not exist"))),
            Err(error) => return Err(refused(format!("place: {error}"))),
        },
    }
    Ok(Response::empty(204))
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| refused(error.to_string()))
}

fn refused(message: impl Into<String>) -> Refusal {
    Refusal::new(422, message)
}
