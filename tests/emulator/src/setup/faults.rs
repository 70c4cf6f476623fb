//! Faults from JSON, and back.

use std::time::Duration;

use serde_json::Value;

use crate::{
    change::Change,
    fault::{
        Fault,
        effect::Effect,
        matcher::{Condition, Matcher},
    },
    response::Content,
    setup::{
        fault_checks::check,
        fault_description::{Entry, FaultDescription, Kind, OtherDescription},
    },
};

/// How long a primary limit lasts by default.
const MINUTE: Duration = Duration::from_secs(60);

/// Returns the fault, or why it is not valid.
pub(crate) fn described(description: FaultDescription) -> Result<Fault, String> {
    check(&description)?;
    let mut fault = effect(&description);
    if description.status == Some(429) {
        fault = fault.too_many_requests();
    }
    if let Some(total) = description.total_count {
        fault = fault.with_total_count(total);
    }
    for (name, value) in description.headers {
        fault = fault.header(name, value);
    }
    let matchers = [
        description.method.map(Matcher::method),
        description.operation.map(Matcher::operation),
        description.path.map(Matcher::path),
    ];
    fault = matchers.into_iter().flatten().fold(fault, Fault::on);
    if description.after_write {
        fault = fault.after_write();
    }
    fault = fault
        .delayed(Duration::from_millis(
            description.delay_ms.unwrap_or(0).into(),
        ))
        .after(description.after.unwrap_or(0))
        .times(description.times.unwrap_or(1));
    Ok(if description.always {
        fault.always()
    } else {
        fault
    })
}

fn effect(description: &FaultDescription) -> Fault {
    let seconds = description.seconds.map(|it| Duration::from_secs(it.into()));
    let status = Fault::status(description.status.unwrap_or_default());
    let body = description.body.clone();
    let entries = description
        .entries
        .iter()
        .flatten()
        .map(|entry| match entry {
            Entry::Name(name) => name.clone(),
            Entry::Id(id) => id.to_string(),
        });
    let fault = match description.fault {
        Kind::Status => status,
        Kind::CutBody => return status.cut_body(body.unwrap_or_default()),
        Kind::EndlessBody => status.endless_body(),
        Kind::Dropped => Fault::dropped(),
        Kind::Truncated => Fault::truncated(),
        Kind::WithoutHeaders => Fault::without_headers(description.names.iter().flatten()),
        Kind::Delay => Fault::delay(Duration::ZERO),
        Kind::RotatedKey => Fault::rotated_key(),
        Kind::Meanwhile => match &description.request {
            Some(OtherDescription { method, path, body }) => {
                let body = body.as_ref().map(Value::to_string).unwrap_or_default();
                Fault::meanwhile(method, path, body)
            }
            None => Fault::delay(Duration::ZERO),
        },
        Kind::Changes => {
            let changes = description.changes.iter().flatten();
            Fault::changes(changes.cloned().map(Change))
        }
        Kind::HiddenEntries => Fault::hidden_entries(entries),
        Kind::PartialResults => {
            let organizations = description.organizations.iter().flatten();
            Fault::partial_results(organizations.copied(), entries)
        }
        Kind::TotalCount => Fault::total_count(description.total_count.unwrap_or_default()),
        Kind::PrimaryLimit => Fault::primary_limit(seconds.unwrap_or(MINUTE)),
        Kind::SecondaryLimit => Fault::secondary_limit(seconds),
    };
    match body {
        Some(body) => fault.body(body),
        None => fault,
    }
}

/// Describes a fault, which may be one that only a test in Rust can add.
pub(crate) fn describe(fault: &Fault) -> FaultDescription {
    let mut description = FaultDescription {
        headers: fault.headers.iter().cloned().collect(),
        after: Some(fault.skip).filter(|skip| *skip > 0),
        times: fault.left,
        always: fault.left.is_none(),
        delay_ms: u32::try_from(fault.delay.as_millis())
            .ok()
            .filter(|it| *it > 0),
        after_write: fault.after_write,
        ..describe_effect(&fault.effect)
    };
    match &fault.body {
        Some(Content::Whole(body)) => describe_body(&mut description, Kind::Status, body),
        Some(Content::Cut(body, _)) => describe_body(&mut description, Kind::CutBody, body),
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

fn describe_effect(effect: &Effect) -> FaultDescription {
    let of_kind = |fault| FaultDescription {
        fault,
        ..FaultDescription::default()
    };
    let whole = |time: &Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    match effect {
        Effect::None => of_kind(Kind::Delay),
        Effect::Status(status) => FaultDescription {
            status: Some(*status),
            ..of_kind(Kind::Status)
        },
        Effect::Dropped => of_kind(Kind::Dropped),
        Effect::Truncated => of_kind(Kind::Truncated),
        Effect::WithoutHeaders(names) => FaultDescription {
            names: Some(names.iter().map(ToString::to_string).collect()),
            ..of_kind(Kind::WithoutHeaders)
        },
        Effect::RotatedKey => of_kind(Kind::RotatedKey),
        Effect::Meanwhile(other) => FaultDescription {
            request: Some(OtherDescription {
                method: other.method.clone(),
                path: other.path.clone(),
                body: serde_json::from_slice(&other.body).ok(),
            }),
            ..of_kind(Kind::Meanwhile)
        },
        Effect::Changes(changes) => FaultDescription {
            changes: Some(
                changes
                    .iter()
                    .map(|Change(action)| action.clone())
                    .collect(),
            ),
            ..of_kind(Kind::Changes)
        },
        Effect::EditedList {
            edits,
            organizations,
        } => {
            let kind = match (edits.hidden.is_empty(), organizations.is_empty()) {
                (true, true) => Kind::TotalCount,
                (false, true) => Kind::HiddenEntries,
                (_, false) => Kind::PartialResults,
            };
            let entries: Vec<_> = edits.hidden.iter().cloned().map(Entry::Name).collect();
            FaultDescription {
                entries: Some(entries).filter(|it| !it.is_empty()),
                organizations: Some(organizations.clone()).filter(|it| !it.is_empty()),
                total_count: edits.total_count,
                ..of_kind(kind)
            }
        }
        Effect::PrimaryLimit { status, reset } => FaultDescription {
            status: Some(*status),
            seconds: Some(whole(reset)),
            ..of_kind(Kind::PrimaryLimit)
        },
        Effect::SecondaryLimit {
            status,
            retry_after,
        } => FaultDescription {
            status: Some(*status),
            seconds: retry_after.as_ref().map(whole),
            ..of_kind(Kind::SecondaryLimit)
        },
    }
}

fn describe_body(description: &mut FaultDescription, kind: Kind, body: &[u8]) {
    description.body = Some(String::from_utf8_lossy(body).into_owned());
    if description.fault == Kind::Status {
        description.fault = kind;
    }
}
