//! Rows on a terminal have a header, and in a pipe none, since programs read them there.

use github_secrets_emulator::{Emulator, Place, Store, StoredSecret};

use crate::{
    program::{Run, emulator, file, on},
    terminal::Terminal,
};

#[tokio::test]
async fn rows_have_a_header_on_a_terminal_and_none_in_a_pipe() {
    let emulator = emulator().await;
    let path = file("header.env", "A=value\n");
    for (arguments, header, row) in [
        (
            format!("import {path} -R acme/website --dry-run"),
            "RESULT        NAME\n",
            "would create  A (5 bytes)\n",
        ),
        (
            format!("import {path} -R acme/website,acme/Hello-World --dry-run"),
            "RESULT        PLACE                           NAME\n",
            "would create  repos/acme/website/actions      A (5 bytes)\n",
        ),
        (
            format!("import {path} -R acme/website,acme/Hello-World"),
            "RESULT     PLACE                           NAME\n",
            "created    repos/acme/website/actions      A\n",
        ),
        (
            "list -R acme/website,acme/Hello-World".to_owned(),
            "PLACE                           NAME  UPDATED\n",
            "repos/acme/website/actions      A     20",
        ),
        (
            "delete A -R acme/website".to_owned(),
            "RESULT     NAME\n",
            "deleted    A\n",
        ),
    ] {
        let store = || on(&emulator, &format!("import {path} -R acme/website")).run("");
        if !arguments.starts_with("import") {
            store();
        }
        let mut terminal = Terminal::start(on(&emulator, &arguments));
        assert_eq!(terminal.finish(), 0, "{}", terminal.screen);
        let screen = terminal.lines();
        assert_eq!(screen.matches(header).count(), 1, "{screen}");
        assert!(screen.contains(row), "{screen}");
        assert!(screen.find(header) < screen.find(row), "{screen}");

        store();
        let piped = on(&emulator, &arguments).run("");
        assert_eq!(piped.code, 0, "{piped}");
        assert!(!piped.stdout.contains("NAME"), "{piped}");
        on(&emulator, "delete A -R acme/website").run("");
    }
}

#[tokio::test]
async fn repositories_that_gain_a_secret_have_a_header() {
    let place = Place::organization("acme", Store::Actions);
    let secret = StoredSecret::new("TOKEN", "value").selected([]);
    let builder = Emulator::builder().secret(place, secret);
    let emulator = builder.start().await.unwrap();
    let access = "access TOKEN --org acme --add-repos website";

    let mut terminal = Terminal::start(on(&emulator, access));
    assert_eq!(terminal.finish(), 0, "{}", terminal.screen);
    let screen = terminal.lines();
    assert!(
        screen.contains("RESULT        REPOSITORY\nadded         website\n"),
        "{screen}"
    );
}
