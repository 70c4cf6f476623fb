//! Faults as JSON.

use std::{collections::BTreeMap, time::Duration};

use hyper::{
    Method, Uri,
    header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    fault::{
        Fault,
        effect::Effect,
        matcher::{Condition, Matcher},
    },
    operation::{Operation, is_known},
    response::Content,
};

/// How long a primary limit lasts by default.
const MINUTE: Duration = Duration::from_secs(60);

/// A fault as a client describes it.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultDescription {
    fault: Kind,
    // What the kinds take.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Other>,
    // Which requests it happens to.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    always: bool,
    // When it happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    after_write: bool,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Status,
    CutBody,
    EndlessBody,
    Dropped,
    Truncated,
    WithoutHeaders,
    Delay,
    RotatedKey,
    Meanwhile,
    PrimaryLimit,
    SecondaryLimit,
}

/// A request of another client.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Other {
    method: String,
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl FaultDescription {
    pub(crate) fn into_fault(self) -> Result<Fault, String> {
        self.check()?;
        let mut fault = self.effect();
        if self.status == Some(429) {
            fault = fault.too_many_requests();
        }
        for (name, value) in self.headers {
            fault = fault.header(name, value);
        }
        let matchers = [
            self.method.map(Matcher::method),
            self.operation.map(Matcher::operation),
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

    fn effect(&self) -> Fault {
        let seconds = self.seconds.map(|it| Duration::from_secs(it.into()));
        let status = Fault::status(self.status.unwrap_or_default());
        let body = self.body.clone();
        let fault = match self.fault {
            Kind::Status => status,
            Kind::CutBody => return status.cut_body(body.unwrap_or_default()),
            Kind::EndlessBody => status.endless_body(),
            Kind::Dropped => Fault::dropped(),
            Kind::Truncated => Fault::truncated(),
            Kind::WithoutHeaders => Fault::without_headers(self.names.iter().flatten()),
            Kind::Delay => Fault::delay(Duration::ZERO),
            Kind::RotatedKey => Fault::rotated_key(),
            Kind::Meanwhile => match &self.request {
                Some(Other { method, path, body }) => {
                    let body = body.as_ref().map(Value::to_string).unwrap_or_default();
                    Fault::meanwhile(method, path, body)
                }
                None => Fault::delay(Duration::ZERO),
            },
            Kind::PrimaryLimit => Fault::primary_limit(seconds.unwrap_or(MINUTE)),
            Kind::SecondaryLimit => Fault::secondary_limit(seconds),
        };
        match body {
            Some(body) => fault.body(body),
            None => fault,
        }
    }

    /// Refuses a fault that makes no sense, and says why.
    fn check(&self) -> Result<(), String> {
        self.check_fields()?;
        self.check_response()?;
        match (&self.method, &self.operation, &self.request) {
            (Some(method), ..) if Method::from_bytes(method.as_bytes()).is_err() => {
                return Err(format!("method: {method:?} is not a method"));
            }
            (_, Some(id), _) if !is_known(id) => {
                return Err(format!(
                    "operation: {id:?} is not an operationId of the emulator"
                ));
            }
            (.., Some(request)) if !request.is_known() => {
                let Other { method, path, .. } = request;
                return Err(format!("request: {method} {path} is not an operation"));
            }
            _ => {}
        }
        match (self.times, self.always, self.delay_ms) {
            (Some(0), ..) => Err("times: a fault happens at least once".to_owned()),
            (Some(_), true, _) => Err("times and always exclude each other".to_owned()),
            (.., None | Some(0)) if self.fault == Kind::Delay => {
                Err("delay needs delay_ms, of at least 1".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Checks that the kind of fault has the fields that it needs, and no other.
    fn check_fields(&self) -> Result<(), String> {
        use Kind::*;
        let kind = self.fault;
        let name = json!(kind);
        let required = [
            (
                "status",
                self.status.is_none(),
                &[Status, CutBody, EndlessBody][..],
            ),
            ("request", self.request.is_none(), &[Meanwhile]),
            (
                "names",
                self.names.as_ref().is_none_or(Vec::is_empty),
                &[WithoutHeaders],
            ),
        ];
        for (field, missing, kinds) in required {
            if missing && kinds.contains(&kind) {
                return Err(format!("{name} needs {field}"));
            }
        }
        let limits = &[PrimaryLimit, SecondaryLimit][..];
        let responses = &[Status, CutBody, EndlessBody, PrimaryLimit, SecondaryLimit][..];
        let bodies = &[Status, CutBody, PrimaryLimit, SecondaryLimit][..];
        let optional = [
            ("status", self.status.is_some(), responses),
            ("seconds", self.seconds.is_some(), limits),
            ("body", self.body.is_some(), bodies),
            ("request", self.request.is_some(), &[Meanwhile]),
            ("names", self.names.is_some(), &[WithoutHeaders]),
        ];
        for (field, present, kinds) in optional {
            if present && !kinds.contains(&kind) {
                return Err(format!("{name} takes no {field}"));
            }
        }
        if kind == Dropped && !self.headers.is_empty() {
            return Err(format!("{name} takes no headers: there is no response"));
        }
        Ok(())
    }

    /// Checks that the response is one that HTTP allows.
    fn check_response(&self) -> Result<(), String> {
        let limit = matches!(self.fault, Kind::PrimaryLimit | Kind::SecondaryLimit);
        match self.status {
            Some(status) if limit && status != 403 && status != 429 => {
                return Err("status: a rate limit has 403 or 429".to_owned());
            }
            Some(status) if !(200..600).contains(&status) => {
                return Err("status: use one from 200 to 599".to_owned());
            }
            Some(status @ (204 | 304)) if self.body.is_some() || self.fault != Kind::Status => {
                return Err(format!("body: a response with status {status} has none"));
            }
            _ => {}
        }
        for name in self.headers.keys().chain(self.names.iter().flatten()) {
            let known = HeaderName::try_from(name)
                .map_err(|_| format!("{name:?} is not the name of a header"))?;
            if known == CONTENT_LENGTH || known == TRANSFER_ENCODING {
                return Err(format!("{name} is the emulator's to set; see cut_body"));
            }
        }
        for (name, value) in &self.headers {
            HeaderValue::try_from(value)
                .map_err(|_| format!("headers: {name} cannot have this value"))?;
        }
        Ok(())
    }

    /// Describes a fault, which may be one that only a test can add.
    pub(crate) fn of(fault: &Fault) -> Self {
        let mut description = Self {
            fault: Kind::Status,
            status: None,
            seconds: None,
            headers: fault.headers.iter().cloned().collect(),
            body: None,
            names: None,
            request: None,
            method: None,
            operation: None,
            path: None,
            after: Some(fault.skip).filter(|skip| *skip > 0),
            times: fault.left,
            always: fault.left.is_none(),
            delay_ms: u32::try_from(fault.delay.as_millis())
                .ok()
                .filter(|it| *it > 0),
            after_write: fault.after_write,
        };
        description.describe_effect(&fault.effect);
        match &fault.body {
            Some(Content::Whole(body)) => description.describe_body(Kind::Status, body),
            Some(Content::Cut(body, _)) => description.describe_body(Kind::CutBody, body),
            Some(Content::Endless(_)) => description.fault = Kind::EndlessBody,
            None => {}
        }
        for Matcher(condition) in &fault.matchers {
            match condition {
                Condition::Method(method) => description.method = Some(method.clone()),
                Condition::Operation(id) => description.operation = Some(id.clone()),
                Condition::Path(path) => description.path = Some(path.clone()),
            }
        }
        description
    }

    fn describe_effect(&mut self, effect: &Effect) {
        let whole = |time: &Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
        self.fault = match effect {
            Effect::None => Kind::Delay,
            Effect::Status(status) => {
                self.status = Some(*status);
                Kind::Status
            }
            Effect::Dropped => Kind::Dropped,
            Effect::Truncated => Kind::Truncated,
            Effect::WithoutHeaders(names) => {
                self.names = Some(names.iter().map(ToString::to_string).collect());
                Kind::WithoutHeaders
            }
            Effect::RotatedKey => Kind::RotatedKey,
            Effect::Meanwhile(other) => {
                self.request = Some(Other {
                    method: other.method.clone(),
                    path: other.path.clone(),
                    body: serde_json::from_slice(&other.body).ok(),
                });
                Kind::Meanwhile
            }
            Effect::PrimaryLimit { status, reset } => {
                (self.status, self.seconds) = (Some(*status), Some(whole(reset)));
                Kind::PrimaryLimit
            }
            Effect::SecondaryLimit {
                status,
                retry_after,
            } => {
                (self.status, self.seconds) = (Some(*status), retry_after.as_ref().map(whole));
                Kind::SecondaryLimit
            }
        };
    }

    fn describe_body(&mut self, kind: Kind, body: &[u8]) {
        self.body = Some(String::from_utf8_lossy(body).into_owned());
        if self.fault == Kind::Status {
            self.fault = kind;
        }
    }
}

impl Other {
    /// Returns whether the emulator has the operation.
    fn is_known(&self) -> bool {
        let method = Method::from_bytes(self.method.as_bytes());
        let uri = self.path.parse::<Uri>();
        method.is_ok_and(|method| uri.is_ok_and(|uri| Operation::of(&method, uri.path()).is_some()))
    }
}
