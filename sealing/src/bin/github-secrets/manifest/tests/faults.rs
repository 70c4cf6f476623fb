//! What is wrong with a file as a whole, with its line.

use super::support::{Expected, check, json, standard_input, toml};

#[test]
fn a_file_has_one_version_and_known_keys_of_the_right_kind() {
    let one: &[(&str, Expected)] = &[
        (
            "",
            &[(1, "version is missing"), (1, "no set and no delete")],
        ),
        ("version = 2\nwhatever = 1", &[(1, "this is version 2")]),
        ("version = -1", &[(1, "this is version -1")]),
        (
            "version = \"1\"",
            &[
                (1, "version is a string; it has to be the number 1"),
                (1, "no set"),
            ],
        ),
        (
            "version = 1.0",
            &[(1, "version is a number with a fraction"), (1, "no set")],
        ),
        ("version = 1", &[(1, "no set and no delete")]),
        ("version = 1\nset = []", &[(2, "set is empty")]),
        (
            "version = 1\nset = [1]",
            &[(2, "an entry of set is a number")],
        ),
        (
            "version = 1\nset = 1",
            &[(2, "set is a number; it has to be a list of tables")],
        ),
        (
            "version = 1\n[set]\nuser = true",
            &[(2, "set is a table; it has to be a list of tables")],
        ),
        (
            "version = 1\n[[registry]]\norg = \"acme\"\n[[registry]]",
            &[
                (1, "no set"),
                (2, "private registries are not supported yet"),
            ],
        ),
    ];
    for (text, expected) in one {
        check(text, toml(text).err(), expected);
    }
    let settings: &[(&str, Expected)] = &[
        (
            "prune = 1",
            &[(6, "prune is a number; it has to be true or false")],
        ),
        (
            "prune = \"yes\"",
            &[(6, "prune is a string; it has to be true or false")],
        ),
        (
            "max_deletes = -1",
            &[(6, "max_deletes has to be a whole number from 0")],
        ),
        (
            "max_deletes = 1.5",
            &[(6, "max_deletes is a number with a fraction")],
        ),
        (
            "max_deletes = true",
            &[(6, "max_deletes is a boolean; it has to be a number")],
        ),
        (
            "max_deletes = 99999999999999999999",
            &[(6, "max_deletes is a number that is too large")],
        ),
        (
            "changed_elsewhere = \"ask\"",
            &[(6, "\"overwrite\" or \"keep\"")],
        ),
        (
            "changed_elsewhere = \"\"",
            &[(6, "changed_elsewhere is empty")],
        ),
        (
            "changed_elsewhere = false",
            &[(6, "changed_elsewhere is a boolean")],
        ),
        ("state = \"\"", &[(6, "state is empty")]),
        (
            "state = 1",
            &[(6, "state is a number; it has to be a string")],
        ),
        (
            "state = \"platform.toml\"",
            &[(6, "the path of another file")],
        ),
        (
            "states = \"x\"",
            &[(
                6,
                "the key states is not known here; the keys are version, state,",
            )],
        ),
        (
            "repositories = [\"acme/web\"]",
            &[(6, "repositories has to be a table of named sets")],
        ),
        ("repositories = { a = [] }", &[(6, "the set is empty")]),
        (
            "repositories = { a = \"acme/web\" }",
            &[(6, "the set is a string; it has to be a list")],
        ),
        (
            "repositories = { \"\" = [\"acme/web\"] }",
            &[(6, "the set's name is empty")],
        ),
        (
            "repositories = { \"a b\" = [\"acme/web\"] }",
            &[(6, "another character than letters")],
        ),
        (
            "repositories = { web = [\"acme/web\"], Web = [\"acme/api\"] }",
            &[(6, "the name of the one on line 6, since case is ignored")],
        ),
        ("repositories = { a = [\"acme\"] }", &[(6, "has no owner")]),
        (
            "repositories = { a = [\"acme/web\"], b = [\"@a\"] }",
            &[(6, "sets cannot be nested")],
        ),
        (
            "repositories = { a = [\"acme/web\", 7] }",
            &[(6, "an entry of the set is a number")],
        ),
        (
            "repositories = { a = [\"acme/web\", \"Acme/Web\"] }",
            &[(6, "the entry is on line 6 already")],
        ),
    ];
    for (line, expected) in settings {
        let text = format!(
            "version = 1\nset = [\n  {{ repos = [\"acme/web\"], secrets = [\"A\"] }}\n]\n\n{line}"
        );
        check(&text, toml(&text).err(), expected);
    }
}

#[test]
fn a_text_that_is_not_toml_is_refused_with_its_lines() {
    let rows: &[(&str, Expected)] = &[
        (
            "version = 1\nversion = 1",
            &[(1, "no set"), (2, "is given on line 1 already")],
        ),
        (
            "version = 1\n[a]\n[a]",
            &[
                (1, "no set"),
                (3, "is given on line 2 already"),
                (3, "the key a is not known"),
            ],
        ),
        (
            "version = 1\nversion = 1\nversion = 1",
            &[
                (1, "no set"),
                (2, "is given on line 1 already"),
                (3, "is given on line 2 already"),
            ],
        ),
        // Neither another table nor a comment has the key.
        (
            "version = 1\n[[set]]\nrepos = [\"acme/api\"]\nsecrets = [\"A\"] # repos = 1\n[[set]]\n\
             repos = [\"acme/web\"]\nsecrets = { repos = \"env:A\" }\nrepos = [\"acme/repos\"]",
            &[(8, "is given on line 6 already")],
        ),
        (
            "version = 1\nset = [{ repos = [\"acme/web\"],\nsecrets = { A = \"env:A\",\n\
             B = \"env:A\",\nA = \"env:A\" } }]",
            &[(5, "is given on line 3 already")],
        ),
        // Another spelling of the key is not looked for.
        (
            "version = 1\n\"version\" = 1",
            &[(1, "no set"), (2, "the key or table is given already")],
        ),
        (
            "version = 1\nstate = \"\"\"\n\na\n",
            &[(2, "the string that begins here with \"\"\" is not closed")],
        ),
        (
            "version = 1\nstate = \"\"\"a\"\"\"\n\nx = '''a\nb",
            &[(4, "the string that begins here with ''' is not closed")],
        ),
        (
            "version = 1\nstate = '''a\n\u{1}'''",
            &[(3, "a string is not closed, or has a character")],
        ),
        (
            "version = 1\nset = x\nstate = y",
            &[(2, "not in quotes"), (3, "not in quotes")],
        ),
        (
            "version = 1\r\nstate = \"a\r\nprune = = 1\r\n",
            &[(2, "a string is not closed"), (3, "at column 9")],
        ),
        ("just text", &[(1, "this is not of the form KEY = VALUE")]),
        ("version = 1\nset = [1, 2", &[(2, "a [ is not closed")]),
        (
            "version = 1\nstate = 'a\tb\u{1}'",
            &[(2, "a string is not closed, or has a character")],
        ),
        (
            "version = 1\nstate = \"a\\qb\"",
            &[(2, "the TOML is not valid at column 12")],
        ),
    ];
    for (text, expected) in rows {
        check(text, toml(text).err(), expected);
    }
}

#[test]
fn a_text_that_is_not_json_is_refused_with_its_line() {
    let rows: &[(&str, Expected)] = &[
        ("", &[(1, "this is empty; it has to be a JSON object")]),
        ("[]", &[(1, "this is an array; it has to be a JSON object")]),
        (
            "{\"version\": 1,\n\"set\": [}",
            &[(2, "the JSON is not valid at column 9")],
        ),
        (
            "{\"version\": 1}\n{}",
            &[(2, "something follows the object")],
        ),
        (
            "{\"version\": 1,\n\n\"version\": 1}",
            &[(1, "no set"), (3, "given on line 1 already")],
        ),
        (
            "{\"version\": null}",
            &[
                (1, "version is null; it has to be the number 1"),
                (1, "no set"),
            ],
        ),
        (
            "{\"version\": 1, \"set\": [{\n\"repos\": [\"acme/web\"],\n\"secrets\": {\"A\": \"x\",\n\
             \"A\": \"env:A\"}}]}",
            &[
                (3, "A has no source"),
                (4, "the key is given on line 3 already"),
            ],
        ),
        (
            "{\"version\": \"\\ud800\"}",
            &[(1, "an escape is not a valid Unicode character")],
        ),
    ];
    for (text, expected) in rows {
        check(text, json(text).err(), expected);
    }
    let stdin = "{\"version\": 1, \"set\": [{\"repos\": [\"acme/web\"],\n\
                 \"secrets\": {\"A\": \"stdin:\"}}]}";
    let expected: Expected = &[(1, "state is missing"), (2, "stdin: is this file itself")];
    check(stdin, standard_input(stdin).err(), expected);
}

#[test]
fn a_text_that_is_nested_deeply_is_refused() {
    for (begin, middle, end) in [
        ("a = ", "[", "]"),
        ("a = ", "{ a = ", "}"),
        ("", "a.", "a = 1"),
        ("", "[", "a"),
        ("a = {", "a.", "a = 1 }"),
    ] {
        let text = format!("{begin}{}{end}", middle.repeat(100_000));
        assert!(toml(&text).is_err(), "{begin}{middle}");
        let text = format!(
            "version = 1\n{begin}{}1{}",
            middle.repeat(20),
            end.repeat(20)
        );
        assert!(toml(&text).is_err(), "{begin}{middle}");
    }
    for open in ["[", "{\"a\":"] {
        let text = format!("{{\"a\": {}", open.repeat(100_000));
        let faults = json(&text).err().unwrap_or_default();
        assert!(faults[0].contains("nested too deeply"), "{faults:?}");
    }
}
