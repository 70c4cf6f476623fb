//! What the actions of an overlay do, and which overlays are refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, Error, Overlay};
use serde_json::{Value, json};

fn overlay(actions: Value) -> Result<Overlay, Error> {
    let document =
        json!({ "overlay": "1.0.0", "info": { "title": "t", "version": "1" }, "actions": actions });
    Overlay::parse(&document.to_string())
}

/// The field `x-it` of a description after `actions`.
fn apply(it: Value, mut actions: Value) -> Result<Value, Error> {
    for action in actions.as_array_mut().unwrap() {
        action["description"] = json!("A reason.");
    }
    let document = json!({ "openapi": "3.0.3", "x-it": it }).to_string();
    let (overlaid, problems) = overlay(actions)?.apply(&Description::parse(&document)?);
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    let mut document: Value = serde_json::from_str(&overlaid.to_string()).unwrap();
    Ok(document["x-it"].take())
}

#[test]
fn an_update_is_merged_into_what_is_there() {
    let it = json!({ "a": { "b": { "c": 1, "d": 2 } } });
    let update = json!({ "b": { "d": 3, "e": { "f": 4 } } });
    let merged = apply(it, json!([{ "target": "$['x-it'].a", "update": update }]));
    assert_eq!(
        merged.unwrap(),
        json!({ "a": { "b": { "c": 1, "d": 3, "e": { "f": 4 } } } })
    );
}

#[test]
fn an_array_in_an_update_is_appended_to_the_one_that_is_there() {
    let actions = json!([{ "target": "$['x-it']", "update": { "a": [2, 3] } }]);
    assert_eq!(
        apply(json!({ "a": [1] }), actions).unwrap(),
        json!({ "a": [1, 2, 3] })
    );
}

#[test]
fn an_update_of_an_array_is_its_new_last_item() {
    let actions = json!([{ "target": "$['x-it'].a", "update": { "b": 1 } }]);
    assert_eq!(
        apply(json!({ "a": [0] }), actions).unwrap(),
        json!({ "a": [0, { "b": 1 }] })
    );
}

#[test]
fn null_takes_the_place_of_a_string() {
    let actions = json!([{ "target": "$['x-it']", "update": { "pattern": null } }]);
    assert_eq!(
        apply(json!({ "pattern": "^a$" }), actions).unwrap(),
        json!({ "pattern": null })
    );
}

#[test]
fn an_update_reaches_everything_that_the_target_matches() {
    let it = json!({ "a": { "in": "query" }, "b": { "in": "path" }, "c": { "in": "query" } });
    let actions =
        json!([{ "target": "$['x-it'][?@.in == 'query']", "update": { "style": "form" } }]);
    let query = json!({ "in": "query", "style": "form" });
    assert_eq!(
        apply(it, actions).unwrap(),
        json!({ "a": query, "b": { "in": "path" }, "c": query })
    );
}

#[test]
fn a_removal_takes_every_match_out_of_an_object() {
    let it = json!({ "/a/b": { "x": [1] }, "c~d": { "x": [2], "y": 1 } });
    let actions = json!([{ "target": "$['x-it'].*.x", "remove": true }]);
    assert_eq!(
        apply(it, actions).unwrap(),
        json!({ "/a/b": {}, "c~d": { "y": 1 } })
    );
}

#[test]
fn a_removal_takes_every_match_out_of_an_array_and_no_other_item() {
    let it = json!([{ "n": 0, "go": 1 }, { "n": 1 }, { "n": 2, "go": 1 }, { "n": 3 }]);
    let actions = json!([{ "target": "$['x-it'][?@.go]", "remove": true }]);
    assert_eq!(apply(it, actions).unwrap(), json!([{ "n": 1 }, { "n": 3 }]));
}

#[test]
fn a_removal_may_match_what_stands_in_another_match() {
    let it = json!({ "keep": 1, "a": { "go": { "a": { "go": {} } } } });
    let actions = json!([{ "target": "$['x-it']..go", "remove": true }]);
    assert_eq!(apply(it, actions).unwrap(), json!({ "keep": 1, "a": {} }));
}

#[test]
fn what_is_kept_is_left_of_an_object_or_of_an_array() {
    let it = json!({ "fields": { "a": 1, "b": 2, "c": 3 }, "required": ["c", "b", "a"] });
    let actions = json!([{ "target": "$['x-it'].*", "x-keep": ["a", "c"] }]);
    assert_eq!(
        apply(it, actions).unwrap(),
        json!({ "fields": { "a": 1, "c": 3 }, "required": ["c", "a"] })
    );
}

#[test]
fn what_is_to_be_kept_has_to_be_there() {
    for it in [json!({ "a": 1 }), json!(["a"])] {
        let actions = json!([{ "target": "$['x-it']", "x-keep": ["a", "b"] }]);
        match apply(it, actions) {
            Err(Error::Action { reason, .. }) => assert_eq!(reason, "at /x-it: no `b` to keep"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_action_sees_what_the_one_before_it_did() {
    let actions = json!([
        { "target": "$['x-it'].a", "remove": true },
        { "target": "$['x-it']", "update": { "a": { "new": true } } },
        { "target": "$['x-it'].a", "update": { "seen": true } },
    ]);
    assert_eq!(
        apply(json!({ "a": { "old": true } }), actions).unwrap(),
        json!({ "a": { "new": true, "seen": true } })
    );
}

#[test]
fn a_target_that_matches_nothing_is_an_error_naming_the_action() {
    for change in [json!({ "update": {} }), json!({ "remove": true })] {
        let mut action = change;
        action["target"] = json!("$['x-it'].gone");
        let first = json!({ "target": "$['x-it']", "update": {} });
        match apply(json!({}), json!([first, action])) {
            Err(Error::Action {
                number,
                target,
                description,
                reason,
            }) => {
                assert_eq!((number, target.as_str()), (2, "$['x-it'].gone"));
                assert_eq!(description, "A reason.");
                assert_eq!(reason, "the target matches nothing");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_action_that_cannot_be_applied_is_an_error_and_the_others_are_applied() {
    let action =
        |target: &str| json!({ "target": target, "description": "a", "update": { "new": 1 } });
    let actions = json!([action("$['x-a']"), action("$['x-it']"), action("$['x-b']")]);
    let document = json!({ "openapi": "3.0.3", "x-it": {} }).to_string();
    let (overlaid, problems) = overlay(actions)
        .unwrap()
        .apply(&Description::parse(&document).unwrap());
    let problems: Vec<String> = problems.iter().map(Error::to_string).collect();
    assert_eq!(
        problems,
        [
            "overlay action 1, target `$['x-a']`: the target matches nothing",
            "overlay action 3, target `$['x-b']`: the target matches nothing",
        ]
    );
    assert!(overlaid.to_string().contains(r#""new": 1"#), "{overlaid}");
}

#[test]
fn what_an_action_cannot_change_is_an_error() {
    for (action, expected) in [
        (
            json!({ "target": "$['x-it'].text", "remove": true }),
            "it matches a string at $['x-it']['text'], where an object or array is wanted",
        ),
        (
            json!({ "target": "$['x-it']", "update": { "list": {} } }),
            "at /x-it: list: an object cannot be merged into an array",
        ),
        (
            json!({ "target": "$['x-it']", "update": { "text": [] } }),
            "at /x-it: text: an array cannot be merged into a string",
        ),
        (
            json!({ "target": "$['x-it']", "update": 1 }),
            "at /x-it: a number cannot be merged into an object",
        ),
        (
            json!({ "target": "$", "remove": true }),
            "the whole document cannot be removed",
        ),
    ] {
        let it = json!({ "text": "a", "list": [] });
        match apply(it, json!([action])) {
            Err(Error::Action { reason, .. }) => assert_eq!(reason, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_action_has_to_say_why_and_what() {
    for (action, reason) in [
        (
            json!({ "target": "$", "description": "a" }),
            "it must have one of `update`, `remove: true` and `x-keep`",
        ),
        (
            json!({ "target": "$", "description": "a", "update": {}, "remove": true }),
            "it must have one of `update`, `remove: true` and `x-keep`",
        ),
        (
            json!({ "target": "$", "description": " ", "update": {} }),
            "its description must say why it is there",
        ),
    ] {
        let error = overlay(json!([action])).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("overlay action 1, target `$`: {reason}")
        );
    }
}

#[test]
fn a_target_that_is_no_jsonpath_is_an_error_naming_the_action() {
    let action = json!({ "target": "$..[", "description": "a", "remove": true });
    let error = overlay(json!([action])).unwrap_err().to_string();
    assert!(
        error.starts_with("overlay action 1, target `$..[`: its target is no JSONPath"),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn what_is_no_overlay_1_0_document_is_refused_with_what_is_wrong() {
    let info = r#""info": {"title": "t", "version": "1"}"#;
    for (text, reason) in [
        (
            r#"{"overlay": "2.0.0", "actions": []}"#.to_owned(),
            "its version is 2.0.0",
        ),
        (
            r#"{"overlay": "1.1.0", "actions": []}"#.to_owned(),
            "its version is 1.1.0",
        ),
        ("{}".to_owned(), "it has no field `overlay` with a version"),
        ("[]".to_owned(), "it has no field `overlay` with a version"),
        (
            r#"{"overlay": "1.0.0", "actions": []}"#.to_owned(),
            "missing field `info`",
        ),
        (
            format!(r#"{{"overlay": "1.0.0", {info}}}"#),
            "missing field `actions`",
        ),
        (
            format!(
                r#"{{"overlay": "1.0.0", {info}, "actions": [{{"target": "$", "remove": true}}]}}"#
            ),
            "missing field `description`",
        ),
    ] {
        let error = Overlay::parse(&text).unwrap_err().to_string();
        assert_eq!(error, format!("not an Overlay 1.0 document: {reason}"));
    }
}

#[test]
fn a_misspelled_field_is_refused_rather_than_passed_over() {
    let error = overlay(json!([{ "target": "$", "description": "a", "updates": {} }])).unwrap_err();
    assert!(
        error.to_string().contains("unknown field `updates`"),
        "{error}"
    );
}
