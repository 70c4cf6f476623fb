//! What comes from outside is shown as what it is, and cannot pass for a line of the report.

use std::fs;

use serde_json::json;

use crate::workspace::{SECRET, Workspace};

const FAKED: &str = "a` added\n- compatible: `b\u{1b}[2K\r\u{202e}";
const SHOWN: &str = r"a\u{60} added\n- compatible: \u{60}b\u{1b}[2K\r\u{202e}";

#[test]
fn a_value_of_an_enumeration_is_one_line_of_the_changes() {
    let workspace = Workspace::new("faked-value");
    let outcome = workspace.regen_from(|document| {
        let values = "/requestBody/content/application~1json/schema/properties/visibility/enum";
        let values = document
            .pointer_mut(&format!("{SECRET}/put{values}"))
            .unwrap();
        values.as_array_mut().unwrap().push(json!(FAKED));
    });
    let id = "codespaces/create-or-update-org-secret";
    let change =
        format!("compatible: `{id}`: request body, field `visibility`: value `{SHOWN}` added");
    assert_eq!(outcome.changes(), [change], "{outcome:?}");
}

#[test]
fn whatever_is_changed_its_report_has_no_control_characters() {
    for (number, edit) in [
        "/parameters/0/name",
        "/parameters/0/in",
        "/responses/204/description",
        "/requestBody/content/application~1json/schema/type",
        "/requestBody/content/application~1json/schema/properties/key_id/format",
        "/requestBody/content/application~1json/schema/properties/key_id/pattern",
        "/operationId",
    ]
    .iter()
    .enumerate()
    {
        let workspace = Workspace::new(&format!("faked-{number}"));
        let outcome = workspace.regen_from(|document| {
            let (parent, key) = edit.rsplit_once('/').unwrap();
            let parent = document
                .pointer_mut(&format!("{SECRET}/put{parent}"))
                .unwrap();
            parent[key] = json!(FAKED);
        });
        let shown = outcome.out.clone() + &outcome.error;
        let odd = |char: char| char.is_control() && char != '\n' || char == '\u{202e}';
        assert!(!shown.contains(odd), "{edit}: {outcome:?}");
        assert!(!shown.contains("\n- compatible: `b"), "{edit}: {outcome:?}");
    }
}

#[test]
fn a_diff_and_the_name_of_a_file_are_shown_without_control_characters() {
    let workspace = Workspace::new("faked-diff");
    let generated = workspace.root.join("client/src/generated.rs");
    fs::write(generated, "// \u{1b}[31m\u{202e}\n").unwrap();
    let outcome = workspace.regen(&["--check"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.out.contains(r"-// \u{1b}[31m\u{202e}"),
        "{outcome:?}"
    );
    let outcome = workspace.regen(&["--from", "gone\n\u{1b}[31m.json"]);
    assert!(
        outcome.error.contains(r"gone\n\u{1b}[31m.json"),
        "{outcome:?}"
    );
    assert_eq!(outcome.error.lines().count(), 1, "{outcome:?}");
}

#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_refused() {
    let workspace = Workspace::new("endless");
    workspace.refuses(&["--from", "/dev/zero"], "more than 67108864 bytes");
}
