use github_secrets_emulator::{Access, Emulator, Fault, Matcher, Token};

use crate::{
    assert_ran,
    program::{Run, emulator, on},
};

#[tokio::test]
async fn githubs_own_message_is_shown_only_when_it_is_asked_for() {
    let emulator = emulator().await;
    let fault = Fault::status(422).body(r#"{"message": "Value is too large: hunter2\u001b[2J"}"#);
    emulator.fault(fault.on(Matcher::method("PUT")).always());
    let set = "set A --repo acme/website";

    let hidden = on(&emulator, set).run("hunter2");
    let shown = on(&emulator, &format!("{set} --show-github-message")).run("hunter2");

    assert!(!hidden.to_string().contains("hunter2"), "{hidden}");
    assert!(
        hidden
            .stderr
            .ends_with("GitHub's own message is shown with --show-github-message\n"),
        "{hidden}"
    );
    assert!(
        shown
            .stderr
            .ends_with("GitHub says: Value is too large: hunter2\u{fffd}[2J\n"),
        "{shown}"
    );
    assert_eq!((hidden.code, shown.code), (1, 1));
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let token = Token::fine_grained("github_pat_reader").permission("secrets", Access::Read);
    let emulator = Emulator::builder().token(token).start().await.unwrap();

    let ran = on(&emulator, "set A --repo acme/website")
        .env("GH_TOKEN", "github_pat_reader")
        .run("value");

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not create or update the Actions secret A of acme/website: the token lacks the permission secrets=write (status 403, request ID)
    ");
}

#[tokio::test]
async fn a_wrong_token_is_not_tried_again() {
    let emulator = Emulator::builder()
        .token(Token::unrestricted("ghp_right"))
        .start()
        .await
        .unwrap();

    let ran = on(&emulator, "set A --repo acme/website")
        .env("GH_TOKEN", "ghp_wrong")
        .run("value");

    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("does not accept the token"), "{ran}");
    assert!(!ran.to_string().contains("ghp_wrong"));
    assert_eq!(emulator.requests().len(), 1);
}
