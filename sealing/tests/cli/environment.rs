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
async fn the_repository_of_gh_comes_before_that_of_the_workflow() {
    let emulator = emulator().await;
    let set = |repository: &str| {
        on(&emulator, "set A")
            .env("GH_REPO", repository)
            .env("GITHUB_REPOSITORY", "acme/Hello-World")
            .run("1")
    };

    let of_gh = set("acme/website");
    assert_eq!(of_gh.code, 0, "{of_gh}");
    assert_eq!(
        opened(&emulator, "repos/acme/Hello-World/actions", "A"),
        None
    );
    assert_eq!(
        opened(&emulator, "repos/acme/website/actions", "A").unwrap(),
        "1"
    );

    let requests = emulator.requests().len();
    assert_ran!(set("website"), @"
    exit code 2
    [stderr]
    error: GH_REPO: the repository's name has no owner; give it as owner/name
    ");
    assert_ran!(set("https://github.com/acme/website"), @"
    exit code 2
    [stderr]
    error: GH_REPO names another server than --api-url; leave out one of them
    ");
    assert_eq!(emulator.requests().len(), requests);
    // An empty variable is none.
    assert_eq!(set("").code, 0);
    assert!(opened(&emulator, "repos/acme/Hello-World/actions", "A").is_some());
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

#[tokio::test]
async fn each_kind_of_server_has_its_own_variables_for_the_token() {
    let github = ["GH_TOKEN", "GITHUB_TOKEN"];
    let enterprise = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
    // Nothing listens at any of these: only whether there is a token is seen.
    for (name, value, own, foreign) in [
        ("GITHUB_API_URL", "http://127.0.0.1:1", github, enterprise),
        (
            "GITHUB_API_URL",
            "https://ghes.invalid/api/v3",
            enterprise,
            github,
        ),
        ("GH_HOST", "ghes.invalid", enterprise, github),
    ] {
        let list = |variables: &[&str]| {
            let mut command = program("list --org acme --attempts 1");
            command.env(name, value);
            command.envs(variables.iter().map(|variable| (*variable, "ghp_canary")));
            command.run("")
        };
        for variable in own {
            let ran = list(&[variable]);
            assert_eq!(ran.code, 1, "{value} {variable}: {ran}");
            assert!(ran.stderr.contains("no connection"), "{ran}");
        }
        let refused = list(&foreign);
        assert_eq!(refused.code, 2, "{value}: {refused}");
        assert!(refused.stderr.contains("there is no token"), "{refused}");
        assert!(!refused.to_string().contains("ghp_canary"));
    }
    assert_ran!(program("list --org acme").env("GH_HOST", "ghes.invalid").run(""), @"
    exit code 2
    [stderr]
    error: there is no token for ghes.invalid; put one into GH_ENTERPRISE_TOKEN or GITHUB_ENTERPRISE_TOKEN, for example that of gh with GH_ENTERPRISE_TOKEN=$(gh auth token --hostname HOST); GH_TOKEN and GITHUB_TOKEN are sent only to github.com, ghe.com and this machine
    ");
}

#[cfg(unix)]
#[tokio::test]
async fn a_variable_that_is_not_utf_8_is_refused_and_does_not_count_as_unset() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let emulator = emulator().await;
    let url = emulator.url();
    let broken = OsStr::from_bytes(b"ghp_\xff");
    for name in [
        "GH_HOST",
        "GITHUB_API_URL",
        "GH_TOKEN",
        "GH_REPO",
        "GITHUB_REPOSITORY",
    ] {
        let mut command = program("set A");
        // What would be taken if the variable counted as unset.
        command.envs([
            ("GITHUB_API_URL", url.as_str()),
            ("GITHUB_TOKEN", "ghp_any"),
            ("GITHUB_REPOSITORY", "acme/website"),
        ]);
        let ran = command.env(name, broken).run("value");
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (
                2,
                format!("error: the variable {name} is not UTF-8\n").as_str()
            )
        );
    }
    assert_eq!(emulator.requests().len(), 0);
}

#[test]
fn a_host_that_is_none_is_refused() {
    for host in [
        "a\nb",
        "evil\\.ghe.com",
        "evil.example#.ghe.com",
        "user@a.example",
        "a b",
    ] {
        let ran = program("list --org acme")
            .env("GH_HOST", host)
            .env("GH_TOKEN", "ghp_any")
            .env("GH_ENTERPRISE_TOKEN", "ghp_any")
            .run("");
        assert_eq!(ran.code, 2, "{host:?}: {ran}");
        assert!(
            ran.stderr.contains("GH_HOST is not the name of a host"),
            "{ran}"
        );
    }
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
    error: there is no token; put one into GH_TOKEN or GITHUB_TOKEN, for example that of gh with GH_TOKEN=$(gh auth token), or try the command with --emulator
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
    error: GH_HOST is not the name of a host such as github.acme.example; give the host alone, such as github.com
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

#[test]
fn an_address_of_pages_is_no_address_of_an_api() {
    for (address, host, api) in [
        ("https://github.com", "github.com", "https://api.github.com"),
        (
            "https://www.GitHub.com/acme",
            "github.com",
            "https://api.github.com",
        ),
        (
            "https://acme.ghe.com/",
            "acme.ghe.com",
            "https://api.acme.ghe.com",
        ),
    ] {
        let message = format!(": the API of {host} is {api}\n");
        let mut option = program(&format!("list --org acme --api-url {address}"));
        let mut variable = program("list -R github.com/acme/website");
        variable.env("GITHUB_API_URL", address);
        for (command, name) in [
            (&mut option, "--api-url"),
            (&mut variable, "GITHUB_API_URL"),
        ] {
            // What is sent all the same does not leave this machine.
            command.env("HTTPS_PROXY", "http://127.0.0.1:1");
            let ran = command.env("GH_TOKEN", "ghp_any").run("");
            assert_eq!(ran.code, 2, "{ran}");
            assert_eq!(ran.stderr, format!("error: {name}{message}"));
        }
    }
}
