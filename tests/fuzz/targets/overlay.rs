//! An overlay is applied to any description in one way, or refused with a reason.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use github_secrets_codegen::{Description, Error, Overlay};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

/// Each action can multiply what the next one meets.
const MOST_ACTIONS: usize = 3;
const MOST_BYTES: usize = 768;

fuzz_target!(|data: &[u8]| {
    if data.len() > MOST_BYTES {
        return;
    }
    if let Ok(both) = serde_json::from_slice::<Value>(data) {
        apply(&both["description"], &both["overlay"]);
    }
    if let Ok((description, actions)) =
        <(Json, Vec<Action>)>::arbitrary(&mut Unstructured::new(data))
    {
        let actions: Vec<Value> = actions
            .iter()
            .take(MOST_ACTIONS)
            .map(Action::json)
            .collect();
        let mut description = description.value();
        if let Value::Object(members) = &mut description {
            members.insert("openapi".to_owned(), json!("3.0.3"));
        }
        let info = json!({ "title": "fuzzed", "version": "1" });
        apply(
            &description,
            &json!({ "overlay": "1.0.0", "info": info, "actions": actions }),
        );
    }
});

fn apply(description: &Value, overlay: &Value) {
    let actions = overlay["actions"].as_array().map_or(0, Vec::len);
    if actions > MOST_ACTIONS {
        return;
    }
    let (description, overlay) = (
        description.to_string(),
        Overlay::parse(&overlay.to_string()),
    );
    let (Ok(description), Ok(overlay)) = (Description::parse(&description), overlay) else {
        return;
    };
    let before = description.to_string();
    let (applied, errors) = overlay.apply(&description);
    assert_eq!(
        description.to_string(),
        before,
        "what it is applied to stays as it was"
    );
    let again = overlay.apply(&description);
    let applied = applied.to_string();
    assert_eq!(applied, again.0.to_string());
    assert_eq!(texts(&errors), texts(&again.1));
    for error in &errors {
        let known = matches!(error, Error::Action { number, .. } if (1..=actions).contains(number));
        assert!(known, "{error}");
    }

    let mut value: Value = serde_json::from_str(&applied).expect("it is JSON");
    value.sort_all_objects();
    assert_eq!(format!("{value:#}\n"), applied, "its keys are sorted");
    if actions == 0 {
        let before: Value = serde_json::from_str(&before).expect("it is JSON");
        assert_eq!(before, value, "no action changes nothing");
    }
}

fn texts(errors: &[Error]) -> Vec<String> {
    errors.iter().map(Error::to_string).collect()
}

/// JSON of few keys, so that paths meet something.
#[derive(Debug, Arbitrary)]
enum Json {
    Null,
    Bool(bool),
    Number(i8),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(Key, Json)>),
}

#[derive(Debug, Arbitrary)]
enum Key {
    Paths,
    Get,
    /// Has what a JSON pointer escapes.
    Route,
    Empty,
    Other(char),
}

#[derive(Debug, Arbitrary)]
struct Action {
    path: Vec<Segment>,
    update: Option<Json>,
}

#[derive(Debug, Arbitrary)]
enum Segment {
    Name(Key),
    Index(i8),
    Slice(i8, i8),
    Every,
    Below,
    WhereThere(Key),
    WhereEqual(Key, i8),
    Raw(String),
}

impl Json {
    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => json!(bool),
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
            Self::Array(items) => items.iter().map(Self::value).collect(),
            Self::Object(members) => {
                let members = members
                    .iter()
                    .map(|(key, value)| (key.text(), value.value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}

impl Key {
    fn text(&self) -> String {
        match self {
            Self::Paths => "paths".to_owned(),
            Self::Get => "get".to_owned(),
            Self::Route => "/orgs/{org}~1".to_owned(),
            Self::Empty => String::new(),
            Self::Other(char) => char.to_string(),
        }
    }
}

impl Action {
    fn json(&self) -> Value {
        let target: String = self.path.iter().map(Segment::text).collect();
        let (target, description) = (format!("${target}"), "fuzzed");
        match &self.update {
            Some(update) => {
                json!({ "target": target, "description": description, "update": update.value() })
            }
            None => json!({ "target": target, "description": description, "remove": true }),
        }
    }
}

impl Segment {
    fn text(&self) -> String {
        let quoted = |key: &Key| json!(key.text()).to_string();
        match self {
            Self::Name(key) => format!("[{}]", quoted(key)),
            Self::Index(index) => format!("[{index}]"),
            Self::Slice(from, to) => format!("[{from}:{to}]"),
            Self::Every => "[*]".to_owned(),
            Self::Below => "..[*]".to_owned(),
            Self::WhereThere(key) => format!("[?@[{}]]", quoted(key)),
            Self::WhereEqual(key, number) => format!("[?@[{}] == {number}]", quoted(key)),
            Self::Raw(text) => text.clone(),
        }
    }
}
