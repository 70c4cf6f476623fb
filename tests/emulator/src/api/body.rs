//! Request bodies, held against the shapes in GitHub's description.

use std::collections::BTreeSet;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::{Map, Value};

use crate::{
    refusal::Refusal,
    rules::{Ids, Rules, Sharing},
    secret::Visibility,
};

/// Padded standard base64 as GitHub's pattern has it, which says nothing about the bits that the
/// padding leaves over.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The field that lists repositories.
const IDS: &str = "selected_repository_ids";

/// Repository ids as they were sent. `None` is one that no repository can have.
pub(crate) type SentIds = BTreeSet<Option<u64>>;

/// The body of the operation that creates or updates a secret.
pub(crate) struct SetSecret {
    pub(crate) sealed: Option<Sealed>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) selected: SentIds,
}

/// A sealed box, and the key that it was sealed to according to the client.
pub(crate) struct Sealed {
    pub(crate) sealed_box: Vec<u8>,
    pub(crate) key_id: String,
}

impl SetSecret {
    pub(crate) fn parse(body: &[u8], rules: &Rules, version: &str) -> Result<Self, Refusal> {
        let body = Body::parse(body)?;
        for field in rules.required {
            body.require(field)?;
        }
        let sealed = body.sealed()?;
        let ids = rules.ids.in_version(version);
        let (visibility, selected) = match rules.sharing {
            Sharing::None => (None, None),
            Sharing::Repositories => (Some(Visibility::Selected), body.repository_ids(ids)?),
            Sharing::Visibility => (body.visibility()?, body.repository_ids(ids)?),
        };
        if selected.is_some() && visibility != Some(Visibility::Selected) {
            return Err(ids_without_selected());
        }
        Ok(Self {
            sealed,
            visibility,
            selected: selected.unwrap_or_default(),
        })
    }
}

/// Parses the body of the operation that replaces the selected repositories. Its ids are integers
/// in every store and version.
pub(crate) fn selection(body: &[u8]) -> Result<SentIds, Refusal> {
    let ids = Body::parse(body)?.repository_ids(Ids::Integer)?;
    ids.ok_or_else(|| missing(IDS))
}

/// A JSON object that is taken apart field by field.
pub(crate) struct Body(Map<String, Value>);

impl Body {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Err(Refusal::new(
                422,
                "Invalid request.\n\nThe body is missing.",
            ));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Refusal::new(400, "Body should be a JSON object")),
            Err(_) => Err(Refusal::new(400, "Problems parsing JSON")),
        }
    }

    pub(crate) fn field(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    pub(crate) fn require(&self, field: &'static str) -> Result<(), Refusal> {
        match self.field(field) {
            Some(_) => Ok(()),
            None => Err(missing(field)),
        }
    }

    pub(crate) fn text(&self, field: &'static str) -> Result<Option<&str>, Refusal> {
        match self.field(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong_type(field, other, "a string")),
        }
    }

    pub(crate) fn boolean(&self, field: &'static str) -> Result<Option<bool>, Refusal> {
        match self.field(field) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(other) => Err(wrong_type(field, other, "a boolean")),
        }
    }

    pub(crate) fn visibility(&self) -> Result<Option<Visibility>, Refusal> {
        let Some(word) = self.text("visibility")? else {
            return Ok(None);
        };
        Visibility::of(word).map(Some).ok_or_else(|| {
            let allowed = "\"all\", \"private\" or \"selected\"";
            Refusal::invalid(
                "visibility",
                "invalid",
                format!("Invalid request.\n\nvisibility is {allowed}, not {word:?}."),
            )
        })
    }

    /// Returns the sealed box, which comes with its key.
    pub(crate) fn sealed(&self) -> Result<Option<Sealed>, Refusal> {
        let key_id = self.text("key_id")?;
        let Some(value) = self.text("encrypted_value")? else {
            return Ok(None);
        };
        Ok(Some(Sealed {
            sealed_box: decoded(value)?,
            key_id: key_id.ok_or_else(|| missing("key_id"))?.to_owned(),
        }))
    }

    pub(crate) fn repository_ids(&self, ids: Ids) -> Result<Option<SentIds>, Refusal> {
        let sent = match self.field(IDS) {
            None => return Ok(None),
            Some(Value::Array(sent)) => sent,
            Some(other) => return Err(wrong_type(IDS, other, "an array")),
        };
        sent.iter()
            .enumerate()
            .map(|(index, id)| repository_id(id, ids).ok_or_else(|| wrong_id(index, id, ids)))
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

/// Returns the id, or `None` if it is not of the right type.
fn repository_id(id: &Value, ids: Ids) -> Option<Option<u64>> {
    match id {
        Value::Number(number) if ids != Ids::Text => {
            let whole = number.is_i64() || number.is_u64();
            // An integer too large for 64 bits, or one written with a fraction of zero.
            let rounded = || number.as_f64().is_some_and(|it| it.fract() == 0.0);
            (whole || rounded()).then(|| number.as_u64())
        }
        Value::String(text) if ids != Ids::Integer => {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            Some(digits.then(|| text.parse().ok()).flatten())
        }
        _ => None,
    }
}

/// GitHub names the place in the body and the type, so that a client knows what to send.
fn wrong_id(index: usize, id: &Value, ids: Ids) -> Refusal {
    let wanted = match ids {
        Ids::Text => "`string`",
        Ids::Integer | Ids::ByVersion => "`integer`",
        Ids::Either => "`integer` or `string`",
    };
    let message = format!("Invalid request.\n\n/{IDS}/{index} `{id}` is not of type {wanted}.");
    Refusal::invalid(IDS, "invalid", message)
}

pub(crate) fn not_selectable() -> Refusal {
    let message = "A selected repository does not exist, or belongs to another owner.";
    Refusal::invalid(IDS, "invalid", message)
}

pub(crate) fn ids_without_selected() -> Refusal {
    let message = format!("Invalid request.\n\n{IDS} needs the visibility \"selected\".");
    Refusal::invalid(IDS, "invalid", message)
}

/// Decodes base64. GitHub repeats the value in this refusal: a client that logs what a server says
/// has to survive that.
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

pub(crate) fn missing(field: &'static str) -> Refusal {
    Refusal::invalid(
        field,
        "missing_field",
        format!("Invalid request.\n\n{field} is missing."),
    )
}

pub(crate) fn wrong_type(field: &'static str, found: &Value, wanted: &str) -> Refusal {
    Refusal::invalid(
        field,
        "invalid",
        format!("Invalid request.\n\nFor '{field}', {found} is not {wanted}."),
    )
}
