use github_secrets_emulator::{Emulator, Token};

use crate::{
    assert_ran,
    program::{Run, emulator, on, opened, program},
};

#[tokio::test]
async fn the_repository_comes_from_the_environment_unless_a_place_is_named() {
    let emulator = emulator().await;

    let repository = on(&emulator, "set A")
        .env("GITHUB_REPOSITORY", "acme/website")
        .run("1");
    on(&emulator, "set A --env production")
        .env("GITHUB_REPOSITORY", "acme/website")
        .run("2");
    on(&emulator, "set A --org acme -v all")
        .env("GITHUB_REPOSITORY", "acme/website")
        .run("3");
    on(&emulator, "set A --repo acme/Hello-World")
        .env("GITHUB_REPOSITORY", "acme/website")
        .run("4");

    assert_ran!(repository, @"
    exit code 0
    [stdout]
    created A in the Actions secrets of the repository acme/website
    ");
    for (place, value) in [
        ("repos/acme/website/actions", "1"),
        ("repos/acme/website/environments/production", "2"),
        ("orgs/acme/actions", "3"),
        ("repos/acme/Hello-World/actions", "4"),
    ] {
        assert_eq!(opened(&emulator, place, "A").unwrap(), value);
    }
}

#[tokio::test]
async fn the_token_comes_from_either_variable() {
    let builder = Emulator::builder().token(Token::unrestricted("ghp_right"));
    let emulator = builder.start().await.unwrap();
    let list = format!("list --org acme --api-url {}", emulator.url());
    let code = |variables: &[(&str, &str)]| {
        let mut command = program(&list);
        command.envs(variables.iter().copied());
        command.run("").code
    };

    assert_eq!(code(&[("GH_TOKEN", "ghp_right")]), 0);
    assert_eq!(code(&[("GITHUB_TOKEN", "ghp_right")]), 0);
    assert_eq!(
        code(&[("GH_TOKEN", "ghp_right"), ("GITHUB_TOKEN", "ghp_wrong")]),
        0
    );
    assert_eq!(code(&[("GH_TOKEN", ""), ("GITHUB_TOKEN", "ghp_right")]), 0);
    assert_eq!(code(&[("GITHUB_TOKEN", "ghp_wrong")]), 1);
}

#[test]
fn without_a_token_nothing_is_asked_for_or_sent() {
    let missing = program("set A --org acme -v all").run("value");
    let malformed = program("set A --org acme -v all")
        .env("GH_TOKEN", "hunter2 x")
        .run("value");

    assert_ran!(missing, @"
    exit code 2
    [stderr]
    error: there is no token; put one into GH_TOKEN or GITHUB_TOKEN, or try the command with --emulator
    ");
    assert_ran!(malformed, @"
    exit code 2
    [stderr]
    error: the token contains a space, a line break or another byte that no token has; trim it
    ");
}

#[tokio::test]
async fn the_address_comes_from_the_option_or_the_environment() {
    let emulator = emulator().await;
    let key = |arguments: &str, variables: &[(&str, &str)]| {
        let mut command = program(&format!("key --org acme {arguments}"));
        command
            .env("GH_TOKEN", "ghp_any")
            .envs(variables.iter().copied());
        command.run("")
    };
    let url = emulator.url();

    assert_eq!(key("", &[("GITHUB_API_URL", &url)]).code, 0);
    let option = format!("--api-url {url}");
    assert_eq!(
        key(
            &option,
            &[("GITHUB_API_URL", "http://127.0.0.1:1"), ("GH_HOST", "x")]
        )
        .code,
        0
    );
    assert_ran!(key("", &[("GH_HOST", "https://github.acme.example")]), @"
    exit code 2
    [stderr]
    error: GH_HOST is not the name of a host such as github.acme.example; use --api-url for an address
    ");
    assert_ran!(key("--api-url http://github.acme.example", &[]), @"
    exit code 2
    [stderr]
    error: the API address is http, which would send the token unencrypted; use https (http is allowed for loopback addresses only)
    ");
    assert_ran!(key("--api-url http://127.0.0.1:1 --emulator", &[]), @"
    exit code 2
    [stderr]
    error: the argument '--api-url <URL>' cannot be used with '--emulator'

    Usage: github-secrets key --org <LOGIN> --api-url <URL>

    For more information, try '--help'.
    ");
}

#[test]
fn the_emulator_is_never_used_unasked() {
    let refused = program("list --org acme --api-url http://127.0.0.1:1")
        .env("GH_TOKEN", "ghp_any")
        .run("");

    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(
        refused
            .stderr
            .contains("no connection to GitHub could be made"),
        "{refused}"
    );
}
