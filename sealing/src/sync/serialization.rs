//! Plans in any of serde's formats: what is there and what is to be done, and no value.

use std::error::Error as _;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::plan::{Plan, PlannedPlace, Problem};

/// `writes`, `deletes`, `max_deletes`, `unseen`, `requests`, `estimate_seconds` and `places`.
impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut plan = serializer.serialize_struct("Plan", 7)?;
        plan.serialize_field("writes", &self.writes())?;
        plan.serialize_field("deletes", &self.deletes())?;
        plan.serialize_field("max_deletes", &self.max_deletes())?;
        plan.serialize_field("unseen", &self.unseen())?;
        plan.serialize_field("requests", &self.requests())?;
        plan.serialize_field("estimate_seconds", &self.estimate().as_secs())?;
        plan.serialize_field("places", self.places())?;
        plan.end()
    }
}

/// `place`, `renamed_from`, `problem`, `steps` and `others`.
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
        place.serialize_field("others", &self.others)?;
        place.end()
    }
}

/// The problem in words, with its causes.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(error) = source {
            let message = error.to_string();
            if !text.contains(&message) {
                text.push_str(": ");
                text.push_str(&message);
            }
            source = error.source();
        }
        serializer.serialize_str(&text)
    }
}
