use github_secrets_emulator::{Place, Store, StoredSecret, Visibility};

use crate::{
    assert_ran,
    program::{Run, emulator, file, on, opened, program, writes},
};

#[tokio::test]
async fn a_value_from_standard_input_reaches_each_kind_of_place() {
    let emulator = emulator().await;
    let places = [
        ("--org acme -v private", "orgs/acme/actions"),
        ("--org acme -a agents -v all", "orgs/acme/agents"),
        ("-o acme -a codespaces -v all", "orgs/acme/codespaces"),
        ("--org acme -a dependabot -v all", "orgs/acme/dependabot"),
        ("--repo acme/website", "repos/acme/website/actions"),
        ("-R acme/website --app agents", "repos/acme/website/agents"),
        (
            "-R acme/website -a codespaces",
            "repos/acme/website/codespaces",
        ),
        (
            "-R acme/website -a dependabot",
            "repos/acme/website/dependabot",
        ),
        (
            "-R acme/website -e production",
            "repos/acme/website/environments/production",
        ),
        ("--user --repos acme/website", "user/codespaces"),
    ];
    for (options, place) in places {
        let ran = on(&emulator, &format!("set DB_PASSWORD {options}")).run("correct horse");

        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{options}: {ran}");
        let value = opened(&emulator, place, "DB_PASSWORD");
        assert_eq!(value.as_deref(), Some("correct horse"), "{place}");
    }
    assert_eq!(emulator.all_secrets().len(), places.len());
}

#[tokio::test]
async fn it_says_what_it_did_and_where() {
    let emulator = emulator().await;

    let created = on(
        &emulator,
        "set DB_PASSWORD --org acme --repos website,Hello-World",
    )
    .run("1");
    let updated = on(&emulator, "set DB_PASSWORD --org acme --visibility all").run("2");

    assert_ran!(created, @"
    exit code 0
    [stdout]
    created DB_PASSWORD in the Actions secrets of the organization acme, for the repositories website, Hello-World
    ");
    assert_ran!(updated, @"
    exit code 0
    [stdout]
    updated DB_PASSWORD in the Actions secrets of the organization acme, for all repositories
    ");
    let place = Place::organization("acme", Store::Actions);
    let secret = emulator.secret(&place, "DB_PASSWORD").unwrap();
    assert_eq!(secret.visibility(), Some(Visibility::All));
}

#[tokio::test]
async fn repositories_are_selected_by_name_and_by_id() {
    let emulator = emulator().await;

    on(&emulator, "set A --org acme --repos Hello-World,1296280").run("1");
    on(&emulator, "set B --org acme --repos website -r Hello-World").run("1");
    on(&emulator, "set C --org acme --no-repos-selected").run("1");

    let place = Place::organization("acme", Store::Actions);
    let selected = |name| {
        emulator
            .secret(&place, name)
            .unwrap()
            .selected_repository_ids()
    };
    assert_eq!(selected("A"), [1_296_269, 1_296_280]);
    assert_eq!(selected("B"), [1_296_269, 1_296_280]);
    assert!(selected("C").is_empty());
}

#[tokio::test]
async fn the_line_break_of_a_single_line_is_left_out_and_that_of_a_key_is_kept() {
    let emulator = emulator().await;
    let key = "-----BEGIN KEY-----\nMIIE\n-----END KEY-----\n";
    let place = "repos/acme/website/actions";

    let line = on(&emulator, "set LINE --repo acme/website").run("correct horse\r\n");
    let exact = on(&emulator, "set EXACT --exact --repo acme/website").run("correct horse\n");
    let lines = on(&emulator, "set KEY --repo acme/website").run(key);

    assert_ran!(line, @"
    exit code 0
    [stdout]
    created LINE in the Actions secrets of the repository acme/website
    [stderr]
    the line break at the end of the value is left out; --exact keeps it
    ");
    assert_eq!((exact.stderr, lines.stderr), (String::new(), String::new()));
    assert_eq!(opened(&emulator, place, "LINE").unwrap(), "correct horse");
    assert_eq!(
        opened(&emulator, place, "EXACT").unwrap(),
        "correct horse\n"
    );
    assert_eq!(opened(&emulator, place, "KEY").unwrap(), key);
}

#[tokio::test]
async fn a_value_comes_from_a_file_or_a_variable() {
    let emulator = emulator().await;
    let path = file("value.txt", "from a file\n");
    let place = "repos/acme/website/actions";

    let from_file = on(
        &emulator,
        &format!("set FILE -R acme/website --value-file {path}"),
    )
    .run("");
    let from_variable = on(&emulator, "set VARIABLE -R acme/website --value-env SOURCE")
        .env("SOURCE", "from a variable\n")
        .run("");

    assert_eq!((from_file.code, from_variable.code), (0, 0));
    assert_eq!(opened(&emulator, place, "FILE").unwrap(), "from a file");
    assert_eq!(
        opened(&emulator, place, "VARIABLE").unwrap(),
        "from a variable"
    );
}

#[tokio::test]
async fn an_empty_value_is_stored_only_when_it_is_asked_for() {
    let emulator = emulator().await;

    let refused = on(&emulator, "set EMPTY --repo acme/website").run("\n");
    assert_ran!(refused, @"
    exit code 1
    [stderr]
    the line break at the end of the value is left out; --exact keeps it
    error: the value is empty; use --allow-empty to store it all the same
    ");
    assert_eq!(writes(&emulator), 0);

    let stored = on(&emulator, "set EMPTY --repo acme/website --allow-empty").run("");
    assert_eq!(stored.code, 0);
    let place = "repos/acme/website/actions";
    assert_eq!(opened(&emulator, place, "EMPTY").unwrap(), "");
}

#[tokio::test]
async fn a_value_that_cannot_be_read_or_stored_is_refused_and_not_repeated() {
    let emulator = emulator().await;
    let set = "set DB_PASSWORD --repo acme/website";

    let file = on(&emulator, &format!("{set} --value-file /hunter2")).run("");
    let variable = on(&emulator, &format!("{set} --value-env hunter2")).run("");
    let large = on(&emulator, set).run(&"hunter2".repeat(10_000));

    assert_ran!(file, @"
    exit code 1
    [stderr]
    error: the file given with --value-file cannot be read: No such file or directory (os error 2)
    ");
    assert_ran!(variable, @"
    exit code 2
    [stderr]
    error: the variable named by --value-env is not set
    ");
    assert_ran!(large, @"
    exit code 1
    [stderr]
    error: the secret's value has 49105 bytes or more; GitHub accepts at most 49104 bytes, so store a larger one elsewhere and keep only its key here
    ");
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn on_the_emulator_nothing_is_needed_and_the_first_line_says_so() {
    let ran = program("set DB_PASSWORD --org initech --repos web,api --emulator").run("correct");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    created DB_PASSWORD in the Actions secrets of the organization initech, for the repositories web, api
    [stderr]
    emulator: nothing is sent to GitHub; this command has an emulator to itself at http://127.0.0.1:PORT
    emulator: decrypted 1 secret with its private key
    ");
}

#[tokio::test]
async fn an_update_replaces_the_access_by_exactly_what_is_given() {
    let place = Place::organization("acme", Store::Actions);
    let before = StoredSecret::new("TOKEN", "old").selected([1_296_269]);
    let builder = github_secrets_emulator::Emulator::builder();
    let emulator = builder.secret(place.clone(), before).start().await.unwrap();

    // Without a word about access nothing is sent: a default would change it silently.
    let unsaid = on(&emulator, "set TOKEN --org acme").run("new");
    assert_ran!(unsaid, @"
    exit code 2
    [stderr]
    error: an organization's secret needs --visibility all or private, --repos or --no-repos-selected; to change only the value of an existing secret, use `rotate`
    ");
    assert_eq!(emulator.requests().len(), 0);

    on(&emulator, "set TOKEN --org acme -r website").run("new");
    let after = emulator.secret(&place, "TOKEN").unwrap();
    assert_eq!(after.selected_repository_ids(), [1_296_280]);
}

#[tokio::test]
async fn what_editors_add_to_a_value_is_left_out_with_a_word_from_every_source() {
    let emulator = emulator().await;
    let place = "repos/acme/website/actions";
    let set = |arguments: &str| on(&emulator, &format!("set A -R acme/website {arguments}"));

    for (bytes, stored, note) in [
        (
            &b"\xef\xbb\xbfhunter2"[..],
            "hunter2",
            "byte order mark before the value is left out",
        ),
        (
            b"hunter2\n\n",
            "hunter2",
            "line breaks at the end of the value are left out",
        ),
        (
            b"hunter2\r\n",
            "hunter2",
            "line break at the end of the value is left out",
        ),
        (b"two\nlines\n\n", "two\nlines\n\n", ""),
        (b"a\tb ", "a\tb ", ""),
    ] {
        let path = file("edited.txt", bytes);
        let from_file = set(&format!("--value-file {path}")).run("");
        let value = String::from_utf8(bytes.to_vec()).unwrap();
        let from_input = set("").run(&value);
        let from_variable = set("--value-env SOURCE").env("SOURCE", &value).run("");
        for ran in [from_file, from_input, from_variable] {
            assert_eq!(ran.code, 0, "{ran}");
            assert!(
                ran.stderr.contains(note) && ran.stderr.is_empty() == note.is_empty(),
                "{ran}"
            );
            assert_eq!(opened(&emulator, place, "A").unwrap(), stored);
        }
        let exact = set(&format!("--exact --value-file {path}")).run("");
        assert_eq!(exact.stderr, "");
        assert_eq!(opened(&emulator, place, "A").unwrap(), value);
    }

    let utf_16 = file("utf-16.txt", b"\xff\xfeh\0u\0");
    let refused = set(&format!("--value-file {utf_16}")).run("");
    assert_ran!(refused, @"
    exit code 1
    [stderr]
    error: the value is UTF-16; save it as UTF-8, or store its bytes with --exact
    ");
    assert_eq!(
        set(&format!("--exact --value-file {utf_16}")).run("").code,
        0
    );
}

#[tokio::test]
async fn the_largest_value_fits_with_a_line_break_after_it() {
    let emulator = emulator().await;
    let value = "x".repeat(49_104);

    let fits = on(&emulator, "set A -R acme/website").run(&format!("{value}\n"));
    let larger = on(&emulator, "set B -R acme/website").run(&format!("{value}y\n"));
    let exact = on(&emulator, "set B -R acme/website --exact").run(&format!("{value}\n"));

    assert_eq!(fits.code, 0, "{fits}");
    let stored = opened(&emulator, "repos/acme/website/actions", "A");
    assert_eq!(stored.unwrap().len(), 49_104);
    for ran in [larger, exact] {
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("at most 49104 bytes"), "{ran}");
    }
}

#[test]
fn standard_input_is_what_is_read_without_a_file() {
    let ran = program("set A -R acme/website --value-file - --emulator").run("value");
    assert_eq!(ran.code, 1, "{ran}");
    let advice = "; leave it out to read standard input\n";
    assert!(ran.stderr.ends_with(advice), "{ran}");
}
