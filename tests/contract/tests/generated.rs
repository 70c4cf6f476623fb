//! What is generated and committed, held against what it is generated from.

use std::{fs, path::Path};

use github_secrets_codegen::{Description, Error, Families, Overlay, Words, client, operations};

const ADVICE: &str = "run `cargo xtask regen`";

fn committed(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).expect(path)
}

fn without_problems((description, problems): (Description, Vec<Error>)) -> Description {
    assert!(problems.is_empty(), "{problems:?}");
    description
}

fn slice() -> Description {
    let operations = operations(&committed("openapi/operations.json")).expect("operation ids");
    let description = Description::parse(&committed("openapi/github.json")).expect("a description");
    without_problems(description.slice(&operations))
}

#[test]
fn the_description_holds_the_operations_that_are_taken_and_nothing_else() {
    let fresh = slice().to_string();
    assert!(fresh == committed("openapi/github.json"), "{ADVICE}");
}

#[test]
fn the_generated_client_is_what_the_description_and_our_changes_to_it_make_today() {
    let overlay = Overlay::parse(&committed("openapi/overlay.json")).expect("an overlay");
    let families = Families::parse(&committed("openapi/families.json")).expect("families");
    let words = Words::parse(&committed("openapi/words.json")).expect("words");
    let overlaid = without_problems(overlay.apply(&slice()));
    let folded = without_problems(families.fold(&overlaid));
    let fresh = client(&folded, &words).expect("a client");
    assert!(fresh == committed("client/src/generated.rs"), "{ADVICE}");
}
