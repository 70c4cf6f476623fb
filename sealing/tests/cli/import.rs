use std::collections::BTreeMap;

use github_secrets_emulator::{Emulator, Fault, Matcher, Place, Store, StoredSecret};

use crate::{
    assert_ran,
    program::{Run, emulator, file, on, opened, program, writes},
};

/// A team's `.env` of 60 secrets, and the values that they stand for.
fn sixty() -> (String, BTreeMap<String, String>) {
    let mut text = String::from("# The website's settings\n\n");
    let mut values = BTreeMap::new();
    let mut add = |line: String, name: &str, value: &str| {
        text.push_str(&line);
        text.push('\n');
        values.insert(name.to_owned(), value.to_owned());
    };
    add("PLAIN=abc".to_owned(), "PLAIN", "abc");
    add(
        "export EXPORTED = spaced # why".to_owned(),
        "EXPORTED",
        "spaced",
    );
    add(
        "SINGLE='a $b \\n # \"c\"'".to_owned(),
        "SINGLE",
        "a $b \\n # \"c\"",
    );
    add(
        r#"DOUBLE="a\nb # 'c'" # why"#.to_owned(),
        "DOUBLE",
        "a\nb # 'c'",
    );
    let key = "-----BEGIN KEY-----\nMIIE\n-----END KEY-----\n";
    add(format!("TLS_KEY=\"{key}\""), "TLS_KEY", key);
    add(
        "URL=https://u:p@host/?a=b&c=%20".to_owned(),
        "URL",
        "https://u:p@host/?a=b&c=%20",
    );
    add("UNICODE=grüße".to_owned(), "UNICODE", "grüße");
    for index in 8..=60 {
        let (name, value) = (format!("S_{index}"), format!("value-{index}"));
        add(format!("{name}={value}"), &name, &value);
    }
    (text, values)
}

fn all(emulator: &Emulator, place: &str) -> BTreeMap<String, String> {
    let secrets = emulator.secrets(&place.parse().unwrap());
    let secrets = secrets.into_iter().map(|secret| {
        let value = String::from_utf8(secret.value().to_vec()).unwrap();
        (secret.name().to_owned(), value)
    });
    secrets.collect()
}

#[tokio::test]
async fn sixty_lines_arrive_in_each_kind_of_place() {
    let (text, values) = sixty();
    let path = file("sixty.env", &text);
    let emulator = emulator().await;
    let places = [
        ("--org acme --visibility private", "orgs/acme/actions"),
        ("--repo acme/website", "repos/acme/website/actions"),
        (
            "--repo acme/website --env production",
            "repos/acme/website/environments/production",
        ),
        (
            "--org acme --app dependabot --repos website",
            "orgs/acme/dependabot",
        ),
        ("--user --no-repos-selected", "user/codespaces"),
    ];
    for (options, place) in places {
        // One token is used for each, so the limits do not add up.
        let ran = on(&emulator, &format!("import {path} {options}")).run("");

        assert_eq!(ran.code, 0, "{options}: {ran}");
        assert!(ran.stderr.ends_with("60 secrets: 60 created\n"), "{ran}");
        assert_eq!(all(&emulator, place), values, "{place}");
    }
}

#[tokio::test]
async fn each_secret_has_a_row_and_the_summary_counts_them() {
    let place = Place::repository("acme/website", Store::Actions);
    let builder = Emulator::builder().secret(place, StoredSecret::new("B", "old"));
    let emulator = builder.start().await.unwrap();
    let path = file("three.env", "A=1\nB=2\nC=3\n");

    let mut ran = on(&emulator, &format!("import {path} --repo acme/website")).run("");

    let mut rows: Vec<_> = ran.stdout.lines().collect();
    rows.sort_unstable();
    ran.stdout = rows.join("\n");
    assert_ran!(ran, @"
    exit code 0
    [stdout]
    created→A
    created→C
    updated→B
    [stderr]
    importing 3 secrets into the Actions secrets of the repository acme/website
    3 secrets: 2 created, 1 updated
    ");
}

#[tokio::test]
async fn json_is_imported_from_standard_input() {
    let emulator = emulator().await;
    let json = r#"{"A": "1", "B": "two\nlines \u20ac \"quoted\"", "C": "$HOME #1"}"#;

    let ran = on(&emulator, "import - --repo acme/website").run(json);

    assert_eq!(ran.code, 0, "{ran}");
    let place = "repos/acme/website/actions";
    assert_eq!(opened(&emulator, place, "A").unwrap(), "1");
    assert_eq!(
        opened(&emulator, place, "B").unwrap(),
        "two\nlines € \"quoted\""
    );
    assert_eq!(opened(&emulator, place, "C").unwrap(), "$HOME #1");
}

#[tokio::test]
async fn what_parsers_of_dotenv_files_read_alike_is_taken() {
    let emulator = emulator().await;
    let statements = [
        ("A=a=b", "a=b"),
        ("B= c ", "c"),
        ("C = d", "d"),
        ("D=e # comment", "e"),
        ("E='f' # comment", "f"),
        (r#"F="g\n'h'""#, "g\n'h'"),
        ("  export G=h", "h"),
        ("H='$i \\n # \"j\"'", "$i \\n # \"j\""),
        (r"I='\k $k {k} \n'", r"\k $k {k} \n"),
        ("export=l", "l"),
        ("J='m\n# n\n'", "m\n# n\n"),
        ("_K=o", "o"),
    ];
    let lines = statements.map(|(statement, _)| statement);
    // The last line has no end.
    let ran = on(&emulator, "import - --repo acme/website").run(&lines.join("\n\n# comment\n"));

    assert_eq!(ran.code, 0, "{ran}");
    for (statement, value) in statements {
        let name = statement.trim_start().trim_start_matches("export ");
        let (name, _) = name.split_once('=').unwrap();
        let found = opened(&emulator, "repos/acme/website/actions", name.trim());
        assert_eq!(found.as_deref(), Some(value), "{statement}");
    }
}

#[tokio::test]
async fn files_from_windows_are_read_as_others_are() {
    let emulator = emulator().await;
    let dotenv = "\u{feff}A=1\r\nB=\"x\r\ny\" # why\r\n\r\nC='z'\r\n";
    let json = "\u{feff}{\r\n\"D\": \"4\"\r\n}\r\n";

    on(&emulator, "import - --repo acme/website").run(dotenv);
    on(&emulator, "import - --repo acme/website").run(json);

    let expected = [("A", "1"), ("B", "x\ny"), ("C", "z"), ("D", "4")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        all(&emulator, "repos/acme/website/actions"),
        BTreeMap::from(expected)
    );
}

#[test]
fn an_offline_dry_run_checks_the_file_alone_and_needs_no_token() {
    let good = file("good.env", "A=1\nB='two words'\n");

    let dry = program(&format!(
        "import {good} --org acme --visibility all --dry-run --offline"
    ))
    .run("");
    let place = program(&format!(
        "import {good} --org a/b --visibility all --dry-run --offline"
    ))
    .run("");
    let content = program("import - --repo acme/website --dry-run --offline").run("A=1\nA=2\n");

    assert_ran!(dry, @"
    exit code 0
    [stdout]
    would set→A→1 byte
    would set→B→9 bytes
    [stderr]
    would import 2 secrets into the Actions secrets of the organization acme, for all repositories; the file alone was checked, and nothing was sent
    ");
    assert_ran!(place, @"
    exit code 2
    [stderr]
    error: the owner's name has '/' at position 2; give the name alone, as in the address of its page
    ");
    assert_ran!(content, @"
    exit code 1
    [stderr]
    error: standard input has a fault, and nothing was sent:
      line 2: A is given on line 1 already; remove one of them
    ");
}

#[tokio::test]
async fn empty_values_are_refused_skipped_or_stored() {
    let emulator = emulator().await;
    let path = file("empty.env", "A=\nB=''\nC=3\n");
    let import = format!("import {path} --repo acme/website");
    let names = || {
        all(&emulator, "repos/acme/website/actions")
            .into_keys()
            .collect::<Vec<_>>()
    };

    let refused = on(&emulator, &import).run("");
    assert_ran!(refused, @"
    exit code 1
    [stderr]
    error: FOLDER/empty.env has faults, and nothing was sent:
      line 1: the value of A is empty; use --empty skip to leave it out, or --empty store
      line 2: the value of B is empty; use --empty skip to leave it out, or --empty store
    ");
    assert_eq!(writes(&emulator), 0);

    on(&emulator, &format!("{import} --empty skip")).run("");
    assert_eq!(names(), ["C"]);

    on(&emulator, &format!("{import} --empty store")).run("");
    assert_eq!(names(), ["A", "B", "C"]);
}

#[tokio::test]
async fn a_secret_that_is_refused_is_named_with_its_line_and_the_others_are_stored() {
    let emulator = emulator().await;
    let path = file("refused.env", "A=1\n\nB=hunter2\nC=3\n");
    let refusal = Fault::status(422)
        .body(r#"{"message": "hunter2 is not allowed"}"#)
        .on(Matcher::path("/secrets/B"))
        .always();
    emulator.fault(refusal);

    let ran = on(&emulator, &format!("import {path} --repo acme/website")).run("");

    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr
            .contains("refused.env, line 3: could not create or update"),
        "{ran}"
    );
    assert!(
        ran.stderr.ends_with("3 secrets: 2 created, 1 failed\n"),
        "{ran}"
    );
    assert!(!ran.to_string().contains("hunter2"), "{ran}");
    assert!(ran.rows().contains(&vec!["failed", "B"]));
}

#[tokio::test]
async fn nothing_is_stored_when_github_refuses_before_the_first_secret() {
    let emulator = emulator().await;
    let path = file("one.env", "A=1\n");

    let environment = on(
        &emulator,
        &format!("import {path} -R acme/website -e staging"),
    )
    .run("");
    let repository = on(
        &emulator,
        &format!("import {path} --org acme --repos nowhere"),
    )
    .run("");

    assert_ran!(environment, @r#"
    exit code 1
    [stderr]
    error: could not fetch the public key for the Actions secrets of the environment "staging" of acme/website: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it (status 404, request ID)
    "#);
    assert_ran!(repository, @r#"
    exit code 1
    [stderr]
    error: the repository "acme/nowhere" is unknown to GitHub or hidden from this token, which needs the permission metadata=read (classic: the scope repo) for private repositories
    "#);
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_not_reported_as_a_failure_that_stored_nothing() {
    let emulator = emulator().await;
    let lost = Fault::dropped().after_write().on(Matcher::method("PUT"));
    emulator.fault(lost.always());

    let ran = on(&emulator, "set A --repo acme/website").run("value");

    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("may have taken effect"), "{ran}");
}

#[test]
fn an_import_can_be_tried_without_github() {
    let (text, _) = sixty();
    let path = file("tried.env", text);

    let ran = program(&format!(
        "import {path} --repo initech/shop --env live --emulator"
    ))
    .run("");

    assert_eq!((ran.code, ran.rows().len()), (0, 60));
    let first = ran.stderr.lines().next().unwrap();
    assert!(
        first.starts_with("emulator: nothing is sent to GitHub"),
        "{first}"
    );
    assert!(
        ran.stderr
            .ends_with("emulator: decrypted 60 secrets with its private key\n"),
        "{ran}"
    );
}
