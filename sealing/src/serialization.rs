//! Values as text, in any of serde's formats.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
    ser::SerializeStruct,
};

use crate::{
    BatchItem, Deleted, Error, Outcome, Place, Report, SecretName, Store, Stored, Timestamp,
    VisibilityKind,
};

macro_rules! as_text {
    ($($type:ty)*) => { $(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )* };
}

as_text!(Deleted Place SecretName Store Stored Timestamp VisibilityKind);

macro_rules! from_text {
    ($($type:ty: $what:literal,)*) => { $(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    )* };
}

from_text! {
    Place: "a place, such as orgs/acme/actions",
    SecretName: "the name of a secret",
    Store: "actions, agents, codespaces or dependabot",
    Timestamp: "a time, such as 2019-08-10T14:59:22Z",
}

/// `place`, `name`, `tried`, and `result` or `error`.
impl<T: Outcome> Serialize for BatchItem<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tried = !matches!(self.result, Err(Error::NotTried(_)));
        let mut item = serializer.serialize_struct("BatchItem", 4)?;
        item.serialize_field("place", &self.place)?;
        item.serialize_field("name", &self.name)?;
        item.serialize_field("tried", &tried)?;
        match &self.result {
            Ok(result) => item.serialize_field("result", &result.to_string())?,
            Err(error) => item.serialize_field("error", &error.to_string())?,
        }
        item.end()
    }
}

impl<T: Outcome> Serialize for Report<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 1)?;
        report.serialize_field("items", &self.items)?;
        report.end()
    }
}
