//! What is wrong with a block, or with two together, with its line.

use super::support::{Expected, block_of, check, toml, with_block};

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
            &[(4, "an entry of apps is not a store")],
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
        (
            "[\"@nobody\"]",
            &[(3, "there is no valid set of this name")],
        ),
        (
            "[\"!acme/web\"]",
            &[(3, "the ! has nothing to exclude from")],
        ),
        (
            "[\"acme/web\", \"!@node\"]",
            &[(3, "a ! can exclude a repository or a pattern")],
        ),
        (
            "[\"acme/web\", \"!acme/api\"]",
            &[(3, "!acme/api excludes nothing")],
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
fn blocks_that_disagree_are_named_with_both_lines() {
    let a = "[[set]]\nrepos = [\"acme/web\", \"acme/api\"]\nsecrets = { A = \"env:A\" }\n";
    let rows: &[(&str, Expected)] = &[
        (
            "[[set]]\nrepos = [\"ACME/Web\"]\nsecrets = { a = \"env:B\" }",
            &[(
                7,
                "A has a different source from the one on line 4, in repos/acme/web/actions; ",
            )],
        ),
        (
            "[[set]]\nrepos = [\"acme/api\", \"acme/web\"]\nsecrets = { A = \"env:A#x\" }",
            &[(
                7,
                "from the one on line 4, in repos/acme/api/actions and 1 more place;",
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
                "A has a different source from the one on line 8, in one place",
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
            &[(9, "A has a different access from the one on line 5")],
        ),
        (
            "[]",
            "[\"a\"]",
            &[(9, "A has a different access from the one on line 5")],
        ),
        (
            "\"all\"\nkeep_access = true",
            "\"all\"",
            &[(10, "A has a different keep_access from the one on line 6")],
        ),
    ];
    for (one, other, expected) in accesses {
        let (one, other) = (block_of("acme", one), block_of("Acme", other));
        let text = format!("version = 1\n{one}{other}");
        check(&text, toml(&text).err(), expected);
    }
}
