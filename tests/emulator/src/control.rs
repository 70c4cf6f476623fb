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

/// Returns whether a path is one of the emulator's own, or is meant to be.
pub(crate) fn is_own(path: &str) -> bool {
    path == "/_emulator" || path.starts_with("/_emulator/")
}

/// Responds to a request that arrived on this address.
pub(crate) fn respond(shared: &Shared, request: &RecordedRequest, address: SocketAddr) -> Response {
    guard::check(&request.parts.headers, address)
        .and_then(|()| carry_out(shared, request))
        .unwrap_or_else(|refusal| refusal.into_response("Emulator", DOCUMENTATION))
        .header("x-content-type-options", "nosniff")
        .header("cache-control", "no-store")
}

/// What responds to requests with this method to this path.
type Endpoint = (
    &'static str,
    &'static str,
    fn(&Shared, &[u8]) -> Result<Response, Refusal>,
);

const ENDPOINTS: [Endpoint; 11] = [
    ("GET", "/_emulator/secrets", |shared, _| {
        read(contents::secrets(&shared.world()))
    }),
    ("GET", "/_emulator/registries", |shared, _| {
        read(contents::registries(&shared.world()))
    }),
    ("GET", "/_emulator/requests", |shared, _| {
        read(contents::requests(&shared.world()))
    }),
    ("DELETE", "/_emulator/requests", |shared, _| {
        shared.world().requests.clear();
        done()
    }),
    ("GET", "/_emulator/faults", |shared, _| {
        let faults = shared.faults();
        let faults = faults.iter().map(|it| json!(faults::describe(it)));
        read(faults.collect())
    }),
    ("POST", "/_emulator/faults", |shared, body| {
        add_fault(&mut shared.faults(), body)
    }),
    ("DELETE", "/_emulator/faults", |shared, _| {
        shared.faults().clear();
        done()
    }),
    ("POST", "/_emulator/changes", |shared, body| {
        change(&mut shared.world(), body)
    }),
    ("POST", "/_emulator/rotate", |shared, body| {
        rotate(&mut shared.world(), body)
    }),
    ("POST", "/_emulator/clock", |shared, body| {
        advance(&mut shared.world(), body)
    }),
    ("GET", "/_emulator/limits", |shared, _| {
        let limit_responses = shared.world().meter.limit_responses;
        read(json!({ "limit_responses": limit_responses }))
    }),
];

fn carry_out(shared: &Shared, request: &RecordedRequest) -> Result<Response, Refusal> {
    let asked = (request.method(), request.path());
    let found = ENDPOINTS
        .iter()
        .find(|(method, path, _)| (*method, *path) == asked);
    let (_, _, respond) = found.ok_or_else(|| {
        let (method, path) = asked;
        let all = ENDPOINTS.map(|(method, path, _)| format!("{method} {path}"));
        let all = all.join(", ");
        let message =
            format!("There is no {method} {path}. The emulator's own endpoints are {all}.");
        Refusal::new(404, message)
    })?;
    respond(shared, request.body())
}

fn read(body: Value) -> Result<Response, Refusal> {
    Ok(Response::json(200, &body))
}

fn done() -> Result<Response, Refusal> {
    Ok(Response::empty(204))
}

fn add_fault(faults: &mut Vec<Fault>, body: &[u8]) -> Result<Response, Refusal> {
    let fault = faults::described(parsed(body)?).map_err(refused)?;
    let bytes = faults.iter().map(Fault::size).sum::<usize>() + fault.size();
    if faults.len() >= KEPT_FAULTS || bytes > KEPT_FAULT_BYTES {
        let limits = format!("{KEPT_FAULTS} faults or {KEPT_FAULT_BYTES} bytes of them");
        return Err(refused(format!("the emulator keeps no more than {limits}")));
    }
    faults.push(fault);
    done()
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
        .map_err(|error| refused(error.to_string()))?;
    done()
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
    done()
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
    done()
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| refused(error.to_string()))
}

fn refused(message: impl Into<String>) -> Refusal {
    Refusal::new(422, message)
}
