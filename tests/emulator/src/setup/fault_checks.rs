//! Checks faults in JSON.

use hyper::{
    Method, Uri,
    header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING},
};
use serde_json::json;

use crate::{
    operation::{Operation, is_known},
    setup::fault_description::{FaultDescription, Kind, OtherDescription},
};

/// Refuses a fault that cannot happen, with the reason.
pub(crate) fn check(description: &FaultDescription) -> Result<(), String> {
    check_fields(description)?;
    check_response(description)?;
    match (
        &description.method,
        &description.operation,
        &description.request,
    ) {
        (Some(method), ..) if Method::from_bytes(method.as_bytes()).is_err() => {
            return Err(format!("method: {method:?} is not an HTTP method"));
        }
        (_, Some(id), _) if !is_known(id) => {
            return Err(format!(
                "operation: {id:?} is not an operationId of the emulator"
            ));
        }
        (.., Some(request)) if !is_operation(request) => {
            let OtherDescription { method, path, .. } = request;
            return Err(format!("request: {method} {path} is not an operation"));
        }
        _ => {}
    }
    match (description.times, description.always, description.delay_ms) {
        (Some(0), ..) => Err("times must be at least 1".to_owned()),
        (Some(_), true, _) => Err("times and always cannot be combined".to_owned()),
        (.., None | Some(0)) if description.fault == Kind::Delay => {
            Err("delay needs delay_ms, which must be at least 1".to_owned())
        }
        _ => Ok(()),
    }
}

/// Checks that a fault has the fields that its kind needs, and no others.
fn check_fields(description: &FaultDescription) -> Result<(), String> {
    use Kind::*;
    let kind = description.fault;
    let name = json!(kind);
    let required = [
        (
            "status",
            description.status.is_none(),
            &[Status, CutBody, EndlessBody][..],
        ),
        ("request", description.request.is_none(), &[Meanwhile]),
        (
            "changes",
            description.changes.as_ref().is_none_or(Vec::is_empty),
            &[Changes],
        ),
        (
            "entries",
            description.entries.as_ref().is_none_or(Vec::is_empty),
            &[HiddenEntries, PartialResults],
        ),
        (
            "organizations",
            description.organizations.as_ref().is_none_or(Vec::is_empty),
            &[PartialResults],
        ),
        (
            "total_count",
            description.total_count.is_none(),
            &[TotalCount],
        ),
        (
            "names",
            description.names.as_ref().is_none_or(Vec::is_empty),
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
        ("status", description.status.is_some(), responses),
        ("seconds", description.seconds.is_some(), limits),
        ("body", description.body.is_some(), bodies),
        ("request", description.request.is_some(), &[Meanwhile]),
        ("changes", description.changes.is_some(), &[Changes]),
        (
            "entries",
            description.entries.is_some(),
            &[HiddenEntries, PartialResults],
        ),
        (
            "organizations",
            description.organizations.is_some(),
            &[PartialResults],
        ),
        (
            "total_count",
            description.total_count.is_some(),
            &[HiddenEntries, PartialResults, TotalCount],
        ),
        ("names", description.names.is_some(), &[WithoutHeaders]),
    ];
    for (field, present, kinds) in optional {
        if present && !kinds.contains(&kind) {
            return Err(format!("{name} takes no {field}"));
        }
    }
    if kind == Dropped && !description.headers.is_empty() {
        return Err(format!(
            "{name} takes no headers, because there is no response"
        ));
    }
    Ok(())
}

/// Checks that HTTP allows the response.
fn check_response(description: &FaultDescription) -> Result<(), String> {
    let limit = matches!(description.fault, Kind::PrimaryLimit | Kind::SecondaryLimit);
    match description.status {
        Some(status) if limit && status != 403 && status != 429 => {
            return Err("status must be 403 or 429 for a rate limit".to_owned());
        }
        Some(status) if !(200..600).contains(&status) => {
            return Err("status must be from 200 to 599".to_owned());
        }
        Some(status @ (204 | 304))
            if description.body.is_some() || description.fault != Kind::Status =>
        {
            return Err(format!("a response with status {status} has no body"));
        }
        _ => {}
    }
    for name in description
        .headers
        .keys()
        .chain(description.names.iter().flatten())
    {
        let known = HeaderName::try_from(name)
            .map_err(|_| format!("{name:?} is not the name of a header"))?;
        if known == CONTENT_LENGTH || known == TRANSFER_ENCODING {
            return Err(format!("{name} is set by the emulator; see cut_body"));
        }
    }
    for (name, value) in &description.headers {
        HeaderValue::try_from(value)
            .map_err(|_| format!("headers: the value of {name} is not valid"))?;
    }
    Ok(())
}

/// Returns whether the emulator has the operation that a request is for.
fn is_operation(request: &OtherDescription) -> bool {
    let method = Method::from_bytes(request.method.as_bytes());
    let uri = request.path.parse::<Uri>();
    method.is_ok_and(|method| uri.is_ok_and(|uri| Operation::of(&method, uri.path()).is_some()))
}
