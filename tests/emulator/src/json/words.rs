//! Values that are one word in JSON.

/// A [`Place`](crate::Place) in its text form.
pub(crate) mod place {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::place::Place;

    pub(crate) fn serialize<S: Serializer>(place: &Place, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(place)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Place, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|error| D::Error::custom(format!("place: {error}")))
    }
}

/// A [`Visibility`](crate::Visibility) in GitHub's word for it.
pub(crate) mod visibility {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::secret::Visibility;

    pub(crate) fn serialize<S: Serializer>(
        visibility: &Visibility,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(visibility.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Visibility, D::Error> {
        let word = String::deserialize(from)?;
        Visibility::of(&word).ok_or_else(|| {
            D::Error::custom(format!(
                "visibility: {word:?} is not all, private or selected"
            ))
        })
    }
}
