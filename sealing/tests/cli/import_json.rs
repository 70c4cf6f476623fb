//! JSON that cannot be imported.

use crate::{
    assert_ran,
    import_refusals::import,
    program::{Run, file, program},
};

#[test]
fn json_of_another_shape_is_refused() {
    let array = import("\n [\"hunter2\"]");
    let nested = import(
        "{\n  \"A\": \"1\",\n  \"B\": {\"C\": \"hunter2\"},\n  \"D\": 8080,\n  \"E\": null,\n  \"F\": true,\n  \"G\": [],\n  \"h-i\": \"x\"\n}",
    );
    let twice = import("{\n  \"A\": \"1\",\n  \"a\": \"2\",\n  \"A\": \"3\"\n}");
    let cut = import("{\n  \"A\": \"hunter2");
    let comma = import("{\n  \"A\": \"hunter2\"\n  \"B\": \"2\"\n}");
    let surrogate = import("{\"A\": \"\\ud800\"}");
    let after = import("{\"A\": \"1\"}\n{\"B\": \"2\"}");

    assert_ran!(array, @r#"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: this is an array; it has to be a JSON object such as {"NAME": "value"}
    "#);
    assert_ran!(nested, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 3: the value of B is an object; it has to be a string
      line 4: the value of D is a number; it has to be a string
      line 5: the value of E is null; it has to be a string
      line 6: the value of F is a boolean; it has to be a string
      line 7: the value of G is an array; it has to be a string
      line 8: the secret's name has '-' at position 2; use only the letters A to Z, digits and underscores
    ");
    assert_ran!(twice, @"
    exit code 1
    [stderr]
    error: standard input has faults, and nothing was sent:
      line 3: a is the same name as A on line 2, since GitHub ignores case; remove one of them
      line 4: A is given on line 2 already; remove one of them
    ");
    assert_ran!(cut, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the JSON is not valid at column 16: a string does not end
    ");
    assert_ran!(comma, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 3: the JSON is not valid at column 3: a comma or the end is expected
    ");
    assert_ran!(surrogate, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 1: A has an escape that is not a valid Unicode character
    ");
    assert_ran!(after, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: the JSON is not valid at column 1: something follows the object
    ");
}

#[test]
fn a_json_file_is_known_by_its_name_too() {
    let path = file("string.json", "\"hunter2\"");

    let ran = program(&format!(
        "import {path} --repo acme/website --dry-run --offline"
    ))
    .run("");

    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("line 1: this is a string"), "{ran}");
}

#[test]
fn the_key_file_of_a_service_account_is_recognized_before_it_is_torn_apart() {
    let text = r#"{
      "type": "service_account",
      "project_id": "acme",
      "private_key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
    }"#;
    let ran = import(text);
    let skipped = program("import - -R acme/website --dry-run --offline --skip type").run(text);

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: this looks like the key file of a Google service account, which is one secret: use `set NAME --value-file FILE`; to import its members one by one all the same, leave this one out with --skip type
    ");
    assert_eq!((skipped.code, skipped.rows().len()), (0, 2), "{skipped}");
}
