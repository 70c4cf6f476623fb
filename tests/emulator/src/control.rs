//! `/_emulator/…`: what a client in another language asks of the emulator itself.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal};
use crate::fault::{Fault, Matcher};
use crate::operation::Operation;
use crate::recorded::RecordedRequest;
use crate::secret::{StoredSecret, timestamp};
use crate::world::World;

/// How long a primary limit lasts that was not told.
const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn answer(world: &mut World, request: &RecordedRequest) -> Answer {
    match (request.method(), request.path()) {
        ("GET", "/_emulator/secrets") => Ok(Answer::json(200, &secrets(world))),
        ("GET", "/_emulator/requests") => Ok(Answer::json(200, &requests(world))),
        ("GET", "/_emulator/limits") => Ok(Answer::json(
            200,
            &json!({ "limit_answers": world.meter.limit_answers }),
        )),
        ("POST", "/_emulator/rotate") => rotate(world, request),
        ("POST", "/_emulator/faults") => parsed(request.body())
            .and_then(FaultRequest::into_fault)
            .map(|fault| {
                world.faults.push(fault);
                Answer::empty(204)
            }),
        ("DELETE", "/_emulator/faults") => {
            world.faults.clear();
            Ok(Answer::empty(204))
        }
        ("DELETE", "/_emulator/requests") => {
            world.requests.clear();
            Ok(Answer::empty(204))
        }
        _ => Err(Refusal::not_found()),
    }
    .unwrap_or_else(|refusal| refusal.into_answer("https://docs.rs/github-secrets-emulator"))
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
    insert_bytes(&mut object, "value", &secret.value);
    object
}

/// The requests so far, without their tokens.
fn requests(world: &World) -> Value {
    let described = |request: &RecordedRequest| {
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
    };
    world.requests.iter().map(described).collect()
}

/// Puts bytes into an object: as text, or in base64 under a name that says so.
fn insert_bytes(object: &mut Value, field: &str, bytes: &[u8]) {
    match str::from_utf8(bytes) {
        Ok(text) => object[field] = text.into(),
        Err(_) => object[format!("{field}_base64")] = STANDARD.encode(bytes).into(),
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotation {
    organization: Option<String>,
}

/// Rotates the key of one organization, or of all.
fn rotate(world: &mut World, request: &RecordedRequest) -> Result<Answer, Refusal> {
    let rotation = match request.body() {
        [] => Rotation::default(),
        body => parsed(body)?,
    };
    match rotation.organization {
        Some(login) => {
            world
                .organization_mut(&login)
                .ok_or_else(Refusal::not_found)?
                .rotate_key();
        }
        None => world
            .organizations
            .iter_mut()
            .for_each(|it| it.rotate_key()),
    }
    Ok(Answer::empty(204))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRequest {
    fault: Kind,
    // What the kinds take.
    status: Option<u16>,
    seconds: Option<u32>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    request: Option<Other>,
    // Which requests it concerns.
    method: Option<String>,
    operation: Option<String>,
    path: Option<String>,
    after: Option<u32>,
    times: Option<u32>,
    #[serde(default)]
    always: bool,
    // When it happens.
    delay_ms: Option<u32>,
    #[serde(default)]
    after_write: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Status,
    CutBody,
    EndlessBody,
    Dropped,
    Truncated,
    Delay,
    RotatedKey,
    Meanwhile,
    PrimaryLimit,
    SecondaryLimit,
}

/// What another client sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    method: String,
    path: String,
    #[serde(default)]
    body: Option<Value>,
}

impl FaultRequest {
    fn into_fault(self) -> Result<Fault, Refusal> {
        let mut fault = self.what()?;
        if self.status == Some(429) {
            fault = fault.too_many_requests();
        }
        for (name, value) in self.headers {
            fault = fault.header(name, value);
        }
        let operation = self.operation.as_deref().map(operation).transpose()?;
        let matchers = [
            self.method.map(Matcher::method),
            operation.map(Matcher::operation),
            self.path.map(Matcher::path),
        ];
        fault = matchers.into_iter().flatten().fold(fault, Fault::on);
        if self.after_write {
            fault = fault.after_write();
        }
        fault = fault
            .delayed(Duration::from_millis(self.delay_ms.unwrap_or(0).into()))
            .after(self.after.unwrap_or(0))
            .times(self.times.unwrap_or(1));
        Ok(if self.always { fault.always() } else { fault })
    }

    fn what(&self) -> Result<Fault, Refusal> {
        let seconds = self
            .seconds
            .map(|seconds| Duration::from_secs(seconds.into()));
        let status = self.status.unwrap_or(503);
        if !(200..600).contains(&status) {
            return Err(Refusal::new(422, "status has to be one from 200 to 599"));
        }
        let body = self.body.clone();
        Ok(match self.fault {
            Kind::CutBody => Fault::status(status).cut_body(body.unwrap_or_default()),
            Kind::EndlessBody => Fault::status(status).endless_body(),
            Kind::Status => match body {
                Some(body) => Fault::status(status).body(body),
                None => Fault::status(status),
            },
            Kind::Dropped => Fault::dropped(),
            Kind::Truncated => Fault::truncated(),
            Kind::Delay => Fault::delay(Duration::ZERO),
            Kind::RotatedKey => Fault::rotated_key(),
            Kind::Meanwhile => match &self.request {
                Some(Other { method, path, body }) => {
                    let body = body.as_ref().map(Value::to_string).unwrap_or_default();
                    Fault::meanwhile(method, path, body)
                }
                None => return Err(Refusal::new(422, "meanwhile takes a request")),
            },
            Kind::PrimaryLimit => Fault::primary_limit(seconds.unwrap_or(MINUTE)),
            Kind::SecondaryLimit => Fault::secondary_limit(seconds),
        })
    }
}

fn operation(id: &str) -> Result<Operation, Refusal> {
    Operation::ALL
        .into_iter()
        .find(|operation| operation.id() == id)
        .ok_or_else(|| Refusal::new(422, format!("operation: {id:?} is no operationId")))
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(422, error.to_string()))
}
