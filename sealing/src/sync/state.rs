//! The record of the secrets that a sync wrote: digests and times, no values.

use std::{collections::BTreeMap, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use super::{
    digest::{Digest, StateKey},
    judge::{Record, Visibility, Written},
    place_id::PlaceId,
    state_error::StateError,
};
use crate::{Place, SecretName, Timestamp};

/// The record of a sync: for each secret that it wrote, a keyed digest of the value and a time.
///
/// A state holds no value and no ciphertext. It is authenticated with its key, so one that was
/// edited, cut short or merged is rejected. Its lines are sorted, so version control shows what has
/// changed.
///
/// ```
/// use github_secrets::sync::{State, StateKey};
///
/// let key = || StateKey::new("b2CEVsOIo4rfY3xp5z8vvbLeWVLWYxfG8kQiHEYCBto=");
/// let state = State::new(key()?);
/// let again = State::read(&state.to_bytes(), key()?)?;
/// assert_eq!(again.len(), 0);
/// # Ok::<(), github_secrets::sync::StateError>(())
/// ```
pub struct State {
    key: StateKey,
    /// The address of the API, once it is known.
    api: Option<String>,
    records: BTreeMap<PlaceId, PlaceRecords>,
}

#[derive(Clone)]
pub(super) struct PlaceRecords {
    /// The place as it was called last.
    pub(super) place: Place,
    pub(super) records: BTreeMap<SecretName, Record>,
}

const FORMAT: u64 = 1;
const FORMAT_KEY: &str = "github-secrets-state";

impl State {
    /// Creates an empty state.
    ///
    /// It does not know the secrets that exist already, so a sync leaves them alone.
    pub fn new(key: StateKey) -> Self {
        Self {
            key,
            api: None,
            records: BTreeMap::new(),
        }
    }

    /// Reads a state from the bytes that [`to_bytes`](Self::to_bytes) returned.
    ///
    /// # Errors
    ///
    /// Returns a [`StateError`] if the bytes are not a state, have changed since they were written,
    /// or belong to another key.
    pub fn read(bytes: &[u8], key: StateKey) -> Result<Self, StateError> {
        if bytes.trim_ascii().is_empty() {
            return Err(StateError::Empty);
        }
        let text = str::from_utf8(bytes).map_err(|_| StateError::Form)?;
        let mut lines = text.lines();
        let header = lines.next().and_then(object).ok_or(StateError::Form)?;
        match header.get(FORMAT_KEY).and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(format) => return Err(StateError::Format(format)),
            None => return Err(StateError::Form),
        }
        let text = |key: &str| header.get(key).and_then(Value::as_str);
        let encoded = |key: &str| BASE64_STANDARD.decode(text(key)?).ok();
        let id = encoded("key").ok_or(StateError::Form)?;
        let (api, mac) = (text("api"), encoded("mac").ok_or(StateError::Form)?);
        if id != key.id() {
            return Err(StateError::OtherKey);
        }
        // Whatever version control has made of the line breaks.
        let lines: String = lines.flat_map(|line| [line, "\n"]).collect();
        if !key.verifies(api.unwrap_or_default(), &lines, &mac) {
            return Err(StateError::Changed);
        }
        let mut state = Self {
            key,
            api: api.map(str::to_owned),
            records: BTreeMap::new(),
        };
        for (index, line) in lines.lines().enumerate() {
            // The first line is the header.
            let line_number = index + 2;
            state
                .read_record(line)
                .ok_or(StateError::Line(line_number))?;
        }
        Ok(state)
    }

    /// Returns the state as bytes: JSON, one secret per line.
    pub fn to_bytes(&self) -> Vec<u8> {
        let api = self.api.as_deref();
        let mut lines = String::new();
        for (id, of_place) in &self.records {
            for (name, record) in &of_place.records {
                let mut line = Map::new();
                line.insert("place".into(), json!(of_place.place.to_string()));
                for (key, id) in [("repository", id.repository()), ("user", id.user())] {
                    if let Some(id) = id {
                        line.insert(key.into(), json!(id));
                    }
                }
                line.insert("name".into(), json!(name.as_str()));
                line.insert("digest".into(), json!(record.digest.to_string()));
                let (key, time) = match record.written {
                    Written::Begun(until) => ("begun", until),
                    Written::About(time) => ("about", time),
                    Written::At(time) => ("at", time),
                };
                line.insert(key.into(), json!(time.to_string()));
                if let Some(visibility) = record.visibility {
                    let text = visibility.kind().to_string();
                    line.insert("visibility".into(), json!(text));
                }
                lines.push_str(&Value::Object(line).to_string());
                lines.push('\n');
            }
        }
        let mac = self.key.mac(api.unwrap_or_default(), &lines);
        let header = json!({
            FORMAT_KEY: FORMAT,
            "api": api,
            "key": BASE64_STANDARD.encode(self.key.id()),
            "mac": BASE64_STANDARD.encode(mac),
        });
        format!("{header}\n{lines}").into_bytes()
    }

    /// Returns the number of secrets in the state.
    pub fn len(&self) -> usize {
        self.places().map(|(_, place)| place.records.len()).sum()
    }

    /// Returns whether the state has no secrets.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the repositories with secrets in the state: their ids, and the names `owner/name`
    /// that they had when the secrets were written.
    pub fn repositories(&self) -> BTreeMap<u64, String> {
        let named = self.places().filter_map(|(id, place)| {
            let name = place.place.full_name()?;
            Some((id.repository()?, name))
        });
        named.collect()
    }

    pub(super) fn key(&self) -> &StateKey {
        &self.key
    }

    /// Makes it a state of this API.
    pub(super) fn bind(&mut self, api: &str) -> Result<(), StateError> {
        match &self.api {
            Some(bound) if bound != api => Err(StateError::OtherApi { api: bound.clone() }),
            _ => {
                self.api = Some(api.to_owned());
                Ok(())
            }
        }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = (&PlaceId, &PlaceRecords)> {
        self.records.iter()
    }

    pub(super) fn records_of(&self, id: &PlaceId) -> BTreeMap<SecretName, Record> {
        let found = self.records.get(id);
        found.map(|place| place.records.clone()).unwrap_or_default()
    }

    /// Sets what is known of a secret; `None` forgets it.
    pub(super) fn set(
        &mut self,
        id: &PlaceId,
        place: &Place,
        name: &SecretName,
        record: Option<Record>,
    ) {
        let of_place = self.records.entry(id.clone());
        let of_place = of_place.or_insert_with(|| PlaceRecords {
            place: place.clone(),
            records: BTreeMap::new(),
        });
        of_place.place = place.clone();
        match record {
            Some(record) => of_place.records.insert(name.clone(), record),
            None => of_place.records.remove(name),
        };
        if of_place.records.is_empty() {
            self.records.remove(id);
        }
    }

    fn read_record(&mut self, line: &str) -> Option<()> {
        let line = object(line)?;
        let text = |key: &str| line.get(key).and_then(Value::as_str);
        let place: Place = text("place")?.parse().ok()?;
        let id = line.get("repository").or(line.get("user"));
        let id = PlaceId::new(&place, id.and_then(Value::as_u64))?;
        let name = SecretName::new(text("name")?).ok()?;
        let digest = Digest::parse(text("digest")?)?;
        let time = |key: &str| text(key).map(|text| text.parse::<Timestamp>());
        let written = match (time("begun"), time("about"), time("at")) {
            (Some(until), None, None) => Written::Begun(until.ok()?),
            (None, Some(time), None) => Written::About(time.ok()?),
            (None, None, Some(time)) => Written::At(time.ok()?),
            _ => return None,
        };
        let visibility = match text("visibility") {
            None => None,
            Some("all") => Some(Visibility::All),
            Some("private") => Some(Visibility::Private),
            Some("selected") => Some(Visibility::Selected),
            Some(_) => return None,
        };
        let record = Record {
            digest,
            written,
            visibility,
        };
        self.set(&id, &place, &name, Some(record));
        Some(())
    }
}

fn object(line: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("secrets", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Digest, Place, PlaceId, Record, SecretName, State, StateError, StateKey, Visibility,
        Written,
    };
    use crate::Store;

    /// The bytes 0 to 31.
    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// Signed with Python's hashlib.
    const STATE: &str = concat!(
        r#"{"api":"https://api.github.com/","github-secrets-state":1,"#,
        r#""key":"vKRkcfkGQpVXCCrtlGtz5g==","#,
        r#""mac":"/7ujaw1//8I9iluujB0uisa0R9g89y0wdyoxIjIwY/0="}"#,
        "\n",
        r#"{"at":"2026-11-20T09:12:04Z","digest":"Zo2oePTfDtzNo2gI8zz6Xg==","name":"NPM_TOKEN","#,
        r#""place":"repos/acme/web/actions","repository":1296280}"#,
        "\n",
    );

    fn read(bytes: &[u8]) -> Result<State, StateError> {
        State::read(bytes, StateKey::new(KEY).expect("a key"))
    }

    #[test]
    fn a_state_is_read_and_written_as_it_was() {
        let state = read(STATE.as_bytes()).expect("the state");
        assert_eq!(String::from_utf8(state.to_bytes()).as_deref(), Ok(STATE));
        assert_eq!(state.len(), 1);
        let repositories: Vec<_> = state.repositories().into_iter().collect();
        assert_eq!(repositories, [(1296280, "acme/web".to_owned())]);
        // As version control may check it out on Windows.
        let state = read(STATE.replace('\n', "\r\n").as_bytes()).expect("the state");
        assert_eq!(String::from_utf8(state.to_bytes()).as_deref(), Ok(STATE));
    }

    #[test]
    fn a_visibility_is_kept() {
        let mut state = read(STATE.as_bytes()).expect("the state");
        let place = Place::organization("acme", Store::Agents).expect("a login");
        let id = PlaceId::new(&place, None).expect("an organization");
        let name = SecretName::new("MCP_TOKEN").expect("a name");
        for visibility in [None, Some(Visibility::Private), Some(Visibility::Selected)] {
            let record = Record {
                digest: Digest::parse("Zo2oePTfDtzNo2gI8zz6Xg==").expect("a digest"),
                written: Written::At("2026-11-20T09:12:04Z".parse().expect("a time")),
                visibility,
            };
            state.set(&id, &place, &name, Some(record));
            let state = read(&state.to_bytes()).expect("the state");
            assert_eq!(state.records_of(&id).get(&name), Some(&record));
        }
    }

    #[test]
    fn no_changed_byte_passes() {
        let sound = STATE.as_bytes();
        for index in 0..sound.len() {
            for change in [1, 0x20, 0x80] {
                let mut bytes = sound.to_vec();
                bytes[index] ^= change;
                let same = bytes.eq_ignore_ascii_case(sound) && read(&bytes).is_ok();
                // Only a line break can pass for another one.
                assert!(!same || sound[index] == b'\n', "byte {index} ^ {change:#x}");
                assert!(same || read(&bytes).is_err(), "byte {index} ^ {change:#x}");
            }
        }
        for length in 0..sound.len() - 1 {
            assert!(read(&sound[..length]).is_err(), "cut to {length} bytes");
        }
    }

    #[test]
    fn what_is_wrong_with_a_state_is_said() {
        let (header, record) = STATE.split_once('\n').expect("two lines");
        let future = STATE.replace("state\":1", "state\":2");
        let twice = format!("{STATE}{record}");
        let without = format!("{header}\n");
        for (bytes, expected) in [
            ("", StateError::Empty),
            ("\n \n", StateError::Empty),
            ("version = 1", StateError::Form),
            (record, StateError::Form),
            ("<<<<<<< HEAD\n", StateError::Form),
            (future.as_str(), StateError::Format(2)),
            (twice.as_str(), StateError::Changed),
            (without.as_str(), StateError::Changed),
        ] {
            assert_eq!(
                read(bytes.as_bytes()).map(|state| state.len()),
                Err(expected)
            );
        }
        let other = StateKey::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh4=");
        let error = State::read(STATE.as_bytes(), other.expect("a key"));
        assert_eq!(error.map(|state| state.len()), Err(StateError::OtherKey));
        let mut state = read(STATE.as_bytes()).expect("the state");
        let bound = state.bind("https://ghe.example/api/v3/");
        let api = "https://api.github.com/".to_owned();
        assert_eq!(bound, Err(StateError::OtherApi { api }));
    }
}
