//! Request bodies, held against the shapes in GitHub's description.

use std::collections::BTreeSet;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::secret::Visibility;

/// Padded standard base64 as GitHub's pattern has it, which says nothing about the bits that the
/// padding leaves over.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The body of the operation that creates or updates a secret.
pub(crate) struct SetSecret {
    pub(crate) sealed: Option<Sealed>,
    pub(crate) visibility: Visibility,
    /// Repository ids as they were sent; `None` is one that no repository can have.
    pub(crate) selected: BTreeSet<Option<u64>>,
}

/// A sealed box and the key that it says it was sealed to.
pub(crate) struct Sealed {
    pub(crate) sealed_box: Vec<u8>,
    pub(crate) key_id: String,
}

impl SetSecret {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let body = object(body)?;
        let visibility = visibility(&body)?;
        let selected = selected_repository_ids(&body)?;
        let key_id = string(&body, "key_id")?;
        let sealed = match string(&body, "encrypted_value")? {
            None => None,
            Some(value) => Some(Sealed {
                sealed_box: decoded(value)?,
                key_id: key_id.ok_or_else(|| missing("key_id"))?.to_owned(),
            }),
        };
        if selected.is_some() && visibility != Visibility::Selected {
            return Err(Refusal::invalid(
                "selected_repository_ids",
                "invalid",
                "Invalid request.\n\nselected_repository_ids goes with \"selected\" alone.",
            ));
        }
        Ok(Self {
            sealed,
            visibility,
            selected: selected.unwrap_or_default(),
        })
    }
}

/// The body of the operation that replaces the selected repositories.
pub(crate) fn selection(body: &[u8]) -> Result<BTreeSet<Option<u64>>, Refusal> {
    selected_repository_ids(&object(body)?)?.ok_or_else(|| missing("selected_repository_ids"))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::new(400, "Body should be a JSON object")),
        Err(_) => Err(Refusal::new(400, "Problems parsing JSON")),
    }
}

fn visibility(body: &Map<String, Value>) -> Result<Visibility, Refusal> {
    let word = string(body, "visibility")?.ok_or_else(|| missing("visibility"))?;
    Visibility::of(word).ok_or_else(|| {
        let allowed = "\"all\", \"private\" or \"selected\"";
        Refusal::invalid(
            "visibility",
            "invalid",
            format!("Invalid request.\n\nvisibility has to be {allowed}, not {word:?}."),
        )
    })
}

fn string<'a>(
    body: &'a Map<String, Value>,
    field: &'static str,
) -> Result<Option<&'a str>, Refusal> {
    match body.get(field) {
        None => Ok(None),
        Some(Value::String(string)) => Ok(Some(string)),
        Some(other) => Err(wrong_type(field, other, "a string")),
    }
}

fn selected_repository_ids(
    body: &Map<String, Value>,
) -> Result<Option<BTreeSet<Option<u64>>>, Refusal> {
    const FIELD: &str = "selected_repository_ids";
    let ids = match body.get(FIELD) {
        None => return Ok(None),
        Some(Value::Array(ids)) => ids,
        Some(other) => return Err(wrong_type(FIELD, other, "an array")),
    };
    ids.iter()
        .map(|id| match id {
            Value::Number(number) if number.is_i64() || number.is_u64() => Ok(number.as_u64()),
            // An integer too large for 64 bits, or one written with a fraction of zero.
            Value::Number(number) if number.as_f64().is_some_and(|it| it.fract() == 0.0) => {
                Ok(None)
            }
            other => Err(wrong_type(FIELD, other, "an integer")),
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

/// GitHub repeats the value in this refusal; a client that logs what a server says has to survive
/// that.
fn decoded(value: &str) -> Result<Vec<u8>, Refusal> {
    match BASE64.decode(value) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => Err(Refusal::invalid(
            "encrypted_value",
            "invalid",
            format!(
                "Invalid request.\n\nencrypted_value: \"{value}\" is not padded standard base64."
            ),
        )),
    }
}

fn missing(field: &'static str) -> Refusal {
    Refusal::invalid(
        field,
        "missing_field",
        format!("Invalid request.\n\n{field} is missing."),
    )
}

fn wrong_type(field: &'static str, found: &Value, wanted: &str) -> Refusal {
    Refusal::invalid(
        field,
        "invalid",
        format!("Invalid request.\n\nFor '{field}', {found} is not {wanted}."),
    )
}
