//! Everything that is wrong with a file, with its line.

use super::support::{block_of, json, standard_input, toml, with_block};

/// The line of each fault, and words of its message.
type Expected = &'static [(usize, &'static str)];

fn check(text: &str, found: Option<Vec<String>>, expected: Expected) {
    let found = found.unwrap_or_default();
    let fits = |(line, words): &(usize, &str), found: &String| {
        found.starts_with(&format!("{line}: ")) && found.contains(words)
    };
    let all = found.len() == expected.len();
    let alike = expected
        .iter()
        .zip(&found)
        .all(|(expected, found)| fits(expected, found));
    assert!(
        all && alike,
        "{text}\nhas the faults {found:#?}\nand not {expected:#?}"
    );
}

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
            &[(6, "a set holds no other sets")],
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
fn a_block_names_one_place_and_what_the_place_can_have() {
    let rows: &[(&str, Expected)] = &[
        (
            "secrets = [\"A\"]",
            &[(2, "the block has no place; give repos, org or user")],
        ),
        (
            "repos = [\"acme/web\"]\norg = \"acme\"\nsecrets = [\"A\"]",
            &[(2, "the block has repos and org; give one of them")],
        ),
        (
            "org = \"acme\"\nsecrets = [\"A\"]",
            &[(2, "access is missing; give \"all\"")],
        ),
        (
            "user = true\nsecrets = [\"A\"]",
            &[(2, "access is missing; give a list of repos")],
        ),
        (
            "user = false\naccess = []\nsecrets = [\"A\"]",
            &[(3, "user has to be true")],
        ),
        (
            "user = 1\naccess = []\nsecrets = [\"A\"]",
            &[(3, "user is a number")],
        ),
        (
            "user = true\naccess = \"all\"\nsecrets = [\"A\"]",
            &[(4, "access has to be a list of repositories")],
        ),
        (
            "org = \"acme\"\naccess = \"selected\"\nsecrets = [\"A\"]",
            &[(4, "access has to be \"all\", \"private\" or a list")],
        ),
        (
            "org = \"acme\"\naccess = true\nsecrets = [\"A\"]",
            &[(4, "access is a boolean; it has to be \"all\"")],
        ),
        (
            "repos = [\"acme/web\"]\naccess = \"all\"\nkeep_access = true\nsecrets = [\"A\"]",
            &[(4, "leave out access"), (5, "leave out keep_access")],
        ),
        (
            "org = \"acme\"\naccess = \"all\"\nkeep_access = 1\nsecrets = [\"A\"]",
            &[(5, "keep_access is a number")],
        ),
        (
            "org = \"ac me\"\naccess = \"all\"\nsecrets = [\"A\"]",
            &[(3, "the owner's name has ' ' at position 3")],
        ),
        (
            "org = [\"acme\"]\naccess = \"all\"\nsecrets = [\"A\"]",
            &[(3, "org is a list")],
        ),
        (
            "org = \"acme\"\nenv = \"x\"\naccess = \"all\"\nsecrets = [\"A\"]",
            &[(4, "an organization has no environments")],
        ),
        (
            "user = true\nenv = \"x\"\naccess = []\nsecrets = [\"A\"]",
            &[(4, "a user has no environments")],
        ),
        (
            "user = true\napps = [\"codespaces\"]\naccess = []\nsecrets = [\"A\"]",
            &[(4, "a user has Codespaces secrets only; leave out apps")],
        ),
        (
            "repos = [\"acme/web\"]\nenv = \"x\"\napps = [\"actions\"]\nsecrets = [\"A\"]",
            &[(5, "an environment has Actions secrets only; leave out apps")],
        ),
        (
            "repos = [\"acme/web\"]\nenv = [\"x\", \"y\"]\nsecrets = [\"A\"]",
            &[(4, "env is a list; it has to be a string")],
        ),
        (
            "repos = [\"acme/web\"]\nenv = \"\"\nsecrets = [\"A\"]",
            &[(4, "env is empty")],
        ),
        (
            "repos = [\"acme/web\"]\nenv = \"..\"\nsecrets = [\"A\"]",
            &[(4, "the environment's name consists of dots alone")],
        ),
        (
            "repos = [\"acme/web\"]\napps = []\nsecrets = [\"A\"]",
            &[(4, "apps is empty; remove it, or name actions, agents")],
        ),
        (
            "repos = [\"acme/web\"]\napps = [\"packages\"]\nsecrets = [\"A\"]",
            &[(4, "an entry of apps is no store")],
        ),
        (
            "repos = [\"acme/web\"]\napps = [\n\"actions\",\n\"actions\"]\nsecrets = [\"A\"]",
            &[(6, "actions is on line 5 already")],
        ),
        (
            "repos = [\"acme/web\"]\napps = \"actions\"\nsecrets = [\"A\"]",
            &[(4, "apps is a string; it has to be a list")],
        ),
        (
            "repos = [\"acme/web\"]\nApps = [\"actions\"]\nsecrets = [\"A\"]",
            &[(
                4,
                "the key is not known here; the keys are repos, env, org, user, apps",
            )],
        ),
    ];
    for (block, expected) in rows {
        let text = with_block(block);
        check(&text, toml(&text).err(), expected);
    }
}

#[test]
fn a_list_of_repositories_names_each_once_and_with_its_owner() {
    let rows: &[(&str, Expected)] = &[
        (
            "[]",
            &[(3, "repos is empty; remove it, or name repositories")],
        ),
        (
            "\"acme/web\"",
            &[(3, "repos is a string; it has to be a list")],
        ),
        (
            "[1]",
            &[(3, "an entry of repos is a number; it has to be a string")],
        ),
        (
            "[\"web\"]",
            &[(
                3,
                "the repository's name has no owner; give it as owner/name",
            )],
        ),
        (
            "[\"acme/we b\"]",
            &[(3, "the repository's name has ' ' at position 3")],
        ),
        ("[\"acme/\"]", &[(3, "the repository's name is empty")]),
        (
            "[\"*/web\"]",
            &[(3, "a * has to be in a repository's name")],
        ),
        ("[\"*\"]", &[(3, "a * has to be in a repository's name")]),
        (
            "[\"acme/svc-?\"]",
            &[(3, "the repository's name has '?' at position 5")],
        ),
        (
            "[\n\"acme/web\",\n\"ACME/web\"]",
            &[(5, "the entry is on line 4 already")],
        ),
        (
            "[\"acme/s-*\",\n\"acme/S-*\"]",
            &[(4, "the entry is on line 3 already")],
        ),
        ("[\"@nobody\"]", &[(3, "there is no set of this name")]),
        ("[\"!acme/web\"]", &[(3, "there is nothing before the !")]),
        (
            "[\"acme/web\", \"!@node\"]",
            &[(3, "a ! takes away a repository or a pattern")],
        ),
        (
            "[\"acme/web\", \"!acme/api\"]",
            &[(3, "!acme/api takes nothing away")],
        ),
        (
            "[\"acme/web\", \"!acme/*\"]",
            &[(3, "no repository is left of this list")],
        ),
    ];
    for (list, expected) in rows {
        let text = with_block(&format!("repos = {list}\nsecrets = [\"A\"]"));
        check(&text, toml(&text).err(), expected);
    }
    let access: &[(&str, Expected)] = &[
        (
            "[\"labs/web\"]",
            &[(6, "another owner than the organization")],
        ),
        (
            "[\"labs/*\"]",
            &[(6, "another owner than the organization")],
        ),
        (
            "[\"@labs\"]",
            &[(6, "the set has repositories of other owners")],
        ),
        (
            "[\"web\", \"acme/WEB\"]",
            &[(6, "the entry is on line 6 already")],
        ),
        (
            "[\"we/b/c\"]",
            &[(6, "the repository's name has '/' at position 2")],
        ),
    ];
    for (list, expected) in access {
        let text = format!(
            "version = 1\nrepositories.labs = [\"labs/web\"]\n\n[[set]]\norg = \"acme\"\n\
             access = {list}\nsecrets = [\"A\"]"
        );
        check(&text, toml(&text).err(), expected);
    }
}

#[test]
fn secrets_have_names_that_github_takes_and_sources() {
    let rows: &[(&str, Expected)] = &[
        ("", &[(2, "secrets is missing")]),
        ("secrets = []", &[(4, "secrets is empty; name a secret")]),
        ("secrets = {}", &[(4, "secrets is empty; name a secret")]),
        (
            "secrets = \"A\"",
            &[(
                4,
                "secrets is a string; it has to be a list of names, or a table",
            )],
        ),
        ("secrets = [1]", &[(4, "an entry of secrets is a number")]),
        (
            "secrets = [\"A-B\"]",
            &[(4, "the secret's name has '-' at position 2")],
        ),
        ("secrets = [\"1A\"]", &[(4, "begins with a digit")]),
        ("secrets = [\"\"]", &[(4, "the secret's name is empty")]),
        (
            "secrets = [\"github_token\"]",
            &[(4, "begins with GITHUB_")],
        ),
        (
            "secrets = [\n\"A\",\n\"a\"]",
            &[(6, "a is on line 5 already")],
        ),
        (
            "secrets = { A = \"env:A\", a = \"env:A\" }",
            &[(4, "a is on line 4 already")],
        ),
        (
            "secrets = { A = \"hunter2\" }",
            &[(4, "A has no source; write env:VARIABLE")],
        ),
        ("secrets = { A = \"\" }", &[(4, "A has no source")]),
        ("secrets = { A = 1 }", &[(4, "A has no source")]),
        ("secrets = { A = [\"env:A\"] }", &[(4, "A has no source")]),
        (
            "secrets = { A = { command = [\"op\"] } }",
            &[(4, "A has no source")],
        ),
        ("secrets = { A = \"vault:x\" }", &[(4, "A has no source")]),
        ("secrets = { A = \"ENV:x\" }", &[(4, "A has no source")]),
        (
            "secrets = { A = \"env:\" }",
            &[(4, "A has a source of the form env:VARIABLE whose")],
        ),
        (
            "secrets = { A = \"env:A B\" }",
            &[(4, "A has a source of the form env:VARIABLE whose")],
        ),
        (
            "secrets = { A = \"env:A#\" }",
            &[(4, "A has a source that ends with #")],
        ),
        (
            "secrets = { A = \"file:\" }",
            &[(4, "A has a source file: without a path")],
        ),
        (
            "secrets = { A = \"file:#k\" }",
            &[(4, "A has a source file: without a path")],
        ),
        (
            "secrets = { A = \"file:a\\u0000\" }",
            &[(4, "A has a source whose path has a NUL")],
        ),
        (
            "secrets = { A = \"stdin:x\" }",
            &[(4, "A has a source stdin: with more after it")],
        ),
        ("secrets = { A = \"stdin\" }", &[(4, "A has no source")]),
        (
            "secrets = { A = \"x\", B = \"y\" }\nunknown = 1",
            &[
                (4, "A has no source"),
                (4, "B has no source"),
                (5, "the key unknown is not known"),
            ],
        ),
    ];
    for (secrets, expected) in rows {
        let text = with_block(&format!("repos = [\"acme/web\"]\n{secrets}"));
        check(&text, toml(&text).err(), expected);
    }
    let delete = "version = 1\n[[delete]]\nrepos = [\"acme/web\"]\nsecrets = { A = \"env:A\" }\n\
                  access = \"all\"";
    let expected: Expected = &[
        (4, "what is deleted has no source"),
        (
            5,
            "the key access is not known here; the keys are repos, env, org, user, apps, secrets",
        ),
    ];
    check(delete, toml(delete).err(), expected);
}

#[test]
fn a_text_that_is_not_toml_is_refused_with_its_lines() {
    let rows: &[(&str, Expected)] = &[
        (
            "version = 1\nversion = 1",
            &[(1, "no set"), (2, "is given already")],
        ),
        (
            "version = 1\n[a]\n[a]",
            &[
                (1, "no set"),
                (3, "is given already"),
                (3, "the key a is not known"),
            ],
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
        ("", &[(1, "the JSON is empty; it has to be an object")]),
        ("[]", &[(1, "the JSON is an array; it has to be an object")]),
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
            &[(1, "an escape is no character")],
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

#[test]
fn blocks_that_disagree_are_named_with_both_lines() {
    let a = "[[set]]\nrepos = [\"acme/web\", \"acme/api\"]\nsecrets = { A = \"env:A\" }\n";
    let rows: &[(&str, Expected)] = &[
        (
            "[[set]]\nrepos = [\"ACME/Web\"]\nsecrets = { a = \"env:B\" }",
            &[(
                7,
                "A has another source than the one on line 4, in repos/acme/web/actions; ",
            )],
        ),
        (
            "[[set]]\nrepos = [\"acme/api\", \"acme/web\"]\nsecrets = { A = \"env:A#x\" }",
            &[(
                7,
                "than the one on line 4, in repos/acme/api/actions and 1 more place;",
            )],
        ),
        (
            "[[delete]]\nrepos = [\"acme/api\"]\nsecrets = [\"A\"]",
            &[(
                7,
                "A is deleted here, and set on line 4, in repos/acme/api/actions",
            )],
        ),
        (
            "[[set]]\nrepos = [\"acme/web\"]\nsecrets = { A = \"env:A\" }",
            &[],
        ),
        (
            "[[set]]\nrepos = [\"acme/web\"]\napps = [\"agents\"]\nsecrets = { A = \"env:B\" }",
            &[],
        ),
        (
            "[[set]]\nrepos = [\"acme/web\"]\nenv = \"x\"\nsecrets = { A = \"env:B\" }",
            &[],
        ),
        (
            "[[set]]\nrepos = [\"acme/web\"]\nenv = \"Live\"\nsecrets = { A = \"env:B\" }\n\
             [[set]]\nrepos = [\"acme/web\"]\nenv = \"live\"\nsecrets = { A = \"env:C\" }",
            &[(
                12,
                "A has another source than the one on line 8, in one place",
            )],
        ),
    ];
    for (b, expected) in rows {
        let text = format!("version = 1\n{a}{b}");
        check(&text, toml(&text).err(), expected);
    }
    let accesses: &[(&str, &str, Expected)] = &[
        ("\"all\"", "\"all\"", &[]),
        ("[\"a\", \"B\"]", "[\"acme/b\", \"acme/A\"]", &[]),
        (
            "\"all\"",
            "\"private\"",
            &[(9, "A has another access than the one on line 5")],
        ),
        (
            "[]",
            "[\"a\"]",
            &[(9, "A has another access than the one on line 5")],
        ),
        (
            "\"all\"\nkeep_access = true",
            "\"all\"",
            &[(10, "A has another keep_access than the one on line 6")],
        ),
    ];
    for (one, other, expected) in accesses {
        let (one, other) = (block_of("acme", one), block_of("Acme", other));
        let text = format!("version = 1\n{one}{other}");
        check(&text, toml(&text).err(), expected);
    }
}
