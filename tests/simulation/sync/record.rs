//! Records as they stand in a state, read by a reader of its own.

use std::{collections::BTreeMap, time::SystemTime};

use serde_json::Value;

use super::{MASKED, watch::repository};
use crate::Timestamp;

/// The records of a state by where the secret is, and its name.
pub(super) type Records = BTreeMap<(String, String), Written>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Begun(u64),
    About(u64),
    At(u64),
}

impl Written {
    /// Returns whether a secret with this time is the one that was written.
    pub(super) fn is_of(self, updated: u64) -> bool {
        match self {
            Self::Begun(_) => false,
            Self::About(at) => (at.saturating_sub(60)..=at + 1).contains(&updated),
            Self::At(at) => at == updated,
        }
    }

    /// Returns whether a write at this time can be the one that is recorded.
    pub(super) fn knows(self, written: u64) -> bool {
        match self {
            Self::Begun(_) => true,
            Self::About(at) | Self::At(at) => written <= at + MASKED,
        }
    }

    /// Returns whether a secret that was created at this time can have been written so.
    pub(super) fn can_be_of(self, created: u64) -> bool {
        match self {
            Self::Begun(until) => created <= until,
            Self::About(_) | Self::At(_) => true,
        }
    }
}

pub(super) fn records(state: &[u8]) -> Records {
    let lines = str::from_utf8(state).expect("text").lines().skip(1);
    lines.map(record).collect()
}

fn record(line: &str) -> ((String, String), Written) {
    let line: Value = serde_json::from_str(line).expect("JSON");
    let text = |key: &str| line[key].as_str();
    let place = text("place").expect("a place");
    let home = match (repository(place), &line["repository"]) {
        (Some((_, tail)), id) => format!("repos/{id}/{tail}"),
        (None, _) => place.to_owned(),
    };
    let written = match (text("about"), text("at")) {
        (Some(about), _) => Written::About(seconds(about)),
        (None, Some(at)) => Written::At(seconds(at)),
        (None, None) => Written::Begun(seconds(text("begun").expect("a time"))),
    };
    let name = text("name").expect("a name").to_owned();
    ((home, name), written)
}

fn seconds(text: &str) -> u64 {
    let time: Timestamp = text.parse().expect("a time");
    let since = SystemTime::from(time).duration_since(SystemTime::UNIX_EPOCH);
    since.expect("a time after 1970").as_secs()
}
