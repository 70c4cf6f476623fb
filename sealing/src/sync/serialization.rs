//! Plans and reports in any of serde's formats: what is there and what is done, and no value.

use std::error::Error;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    plan::{Plan, PlannedPlace, Problem},
    report::{Applied, Done, StepError, SyncReport},
};

/// `writes`, `deletes`, `max_deletes`, `unreachable_secrets`, `requests`, `estimate_seconds` and
/// `places`.
impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut plan = serializer.serialize_struct("Plan", 7)?;
        plan.serialize_field("writes", &self.writes())?;
        plan.serialize_field("deletes", &self.deletes())?;
        plan.serialize_field("max_deletes", &self.max_deletes())?;
        plan.serialize_field("unreachable_secrets", &self.unreachable_secrets())?;
        plan.serialize_field("requests", &self.requests())?;
        plan.serialize_field("estimate_seconds", &self.estimate().as_secs())?;
        plan.serialize_field("places", self.places())?;
        plan.end()
    }
}

/// `place`, `renamed_from`, `problem`, `steps` and `unmanaged`.
impl Serialize for PlannedPlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut place = serializer.serialize_struct("PlannedPlace", 5)?;
        match &self.problem {
            None => place.serialize_field("place", &self.place)?,
            // What cannot be read can be a value in the place of a name.
            Some(_) => place.serialize_field("place", &format!("{:#}", self.place))?,
        }
        place.serialize_field("renamed_from", &self.renamed_from)?;
        place.serialize_field("problem", &self.problem)?;
        place.serialize_field("steps", &self.steps)?;
        place.serialize_field("unmanaged", &self.unmanaged)?;
        place.end()
    }
}

/// The problem in words, with its causes.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&with_causes(self))
    }
}

/// `place`, `name`, `action`, `reason`, `tried`, and `result` or `error`.
impl Serialize for Applied {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tried = !matches!(self.result, Err(StepError::Skipped(_)));
        let mut applied = serializer.serialize_struct("Applied", 6)?;
        applied.serialize_field("place", &self.place)?;
        applied.serialize_field("name", &self.name)?;
        applied.serialize_field("action", &self.kind)?;
        applied.serialize_field("reason", &self.reason)?;
        applied.serialize_field("tried", &tried)?;
        match &self.result {
            Ok(done) => applied.serialize_field("result", done)?,
            Err(error) => applied.serialize_field("error", error)?,
        }
        applied.end()
    }
}

/// `complete`, `applied` and `state_error`.
impl Serialize for SyncReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let state_error = self.state_error.as_ref().map(ToString::to_string);
        let mut report = serializer.serialize_struct("SyncReport", 3)?;
        report.serialize_field("complete", &self.is_complete())?;
        report.serialize_field("applied", &self.applied)?;
        report.serialize_field("state_error", &state_error)?;
        report.end()
    }
}

/// The result in words.
impl Serialize for Done {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The error in words, with its causes.
impl Serialize for StepError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&with_causes(self))
    }
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let message = cause.to_string();
        if !text.contains(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        source = cause.source();
    }
    text
}
