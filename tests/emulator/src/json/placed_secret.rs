//! A secret and its place in JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{
    json::words,
    place::Place,
    secret::{StoredSecret, Visibility},
};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Description {
    #[serde(with = "words::place")]
    place: Place,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// The value if it is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    visibility: Option<Word>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    selected_repository_ids: Vec<u64>,
}

#[derive(Deserialize, Serialize)]
struct Word(#[serde(with = "words::visibility")] Visibility);

pub(crate) fn serialize<S: Serializer>(
    (place, secret): &(Place, StoredSecret),
    to: S,
) -> Result<S::Ok, S::Error> {
    let text = str::from_utf8(secret.value()).ok().map(str::to_owned);
    let description = Description {
        place: place.clone(),
        name: secret.name().to_owned(),
        value_base64: text.is_none().then(|| STANDARD.encode(secret.value())),
        value: text,
        visibility: secret.visibility().map(Word),
        selected_repository_ids: secret.selected_repository_ids(),
    };
    description.serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<(Place, StoredSecret), D::Error> {
    let description = Description::deserialize(from)?;
    let value = match (description.value, description.value_base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(base64)) => STANDARD
            .decode(base64)
            .map_err(|_| D::Error::custom("value_base64 is not padded standard base64"))?,
        _ => {
            return Err(D::Error::custom(
                "a secret has either value or value_base64",
            ));
        }
    };
    let mut secret = StoredSecret::new(description.name, value);
    secret.selected = description.selected_repository_ids.into_iter().collect();
    secret.visibility = match description.visibility {
        Some(Word(visibility)) => Some(visibility),
        None if secret.selected.is_empty() => None,
        None => Some(Visibility::Selected),
    };
    Ok((description.place, secret))
}
