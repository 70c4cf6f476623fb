//! A fault in JSON, as a file or a client describes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::change::Action;

/// A kind of fault with what it takes, and which requests it happens to.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultDescription {
    pub(crate) fault: Kind,
    // What the kinds take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) names: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<OtherDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changes: Option<Vec<Action>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entries: Option<Vec<Entry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organizations: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total_count: Option<u64>,
    // Which requests it happens to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) always: bool,
    // When it happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delay_ms: Option<u32>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) after_write: bool,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    #[default]
    Status,
    CutBody,
    EndlessBody,
    Dropped,
    Truncated,
    WithoutHeaders,
    Delay,
    RotatedKey,
    Meanwhile,
    Changes,
    HiddenEntries,
    PartialResults,
    TotalCount,
    PrimaryLimit,
    SecondaryLimit,
}

/// A request of another client.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherDescription {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Value>,
}

/// The name or the id of an entry in a list.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Entry {
    Name(String),
    Id(u64),
}

fn is_false(value: &bool) -> bool {
    !value
}
