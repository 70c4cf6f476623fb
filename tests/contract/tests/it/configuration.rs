//! Settings that are refused before anything is sent.

use std::time::Duration;

use contract_tests::{Wire, github};
use github_secrets::{ConfigurationError, Error, GitHub, Token};

fn assert_says(error: &Error, words: &[&str]) {
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
}

fn configuration(built: Result<GitHub, Error>) -> Error {
    let error = built.expect_err("unusable settings");
    assert!(matches!(error, Error::Configuration(_)), "{error:?}");
    error
}

#[test]
fn an_address_that_would_send_the_token_in_the_clear_is_refused() {
    for url in [
        "http://api.github.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://128.0.0.1",
        "http://[::2]",
        "http://[::ffff:10.0.0.1]",
        "HTTP://GITHUB.EXAMPLE.COM/api/v3",
    ] {
        let error = configuration(github::builder(url).build());
        let insecure = matches!(error, Error::Configuration(ConfigurationError::Insecure));
        assert!(insecure, "{url}: {error:?}");
        assert_says(&error, &["unencrypted", "use https"]);
    }
}

#[test]
fn an_address_of_this_machine_may_be_http() {
    for url in [
        "http://127.0.0.1:1",
        "http://localhost:1/api/v3",
        "http://[::1]:1",
        "http://127.9.9.9",
    ] {
        github::builder(url).build().expect(url);
    }
}

#[test]
fn an_address_with_more_than_an_api_has_is_refused_and_not_printed() {
    for url in [
        "https://octocat@api.github.com",
        "https://octocat:hunter2@api.github.com",
        "https://:hunter2@api.github.com",
        "https://api.github.com?access_token=hunter2",
        "https://api.github.com/?",
        "https://api.github.com#hunter2",
    ] {
        let error = configuration(github::builder(url).build());
        let extra = matches!(error, Error::Configuration(ConfigurationError::ExtraParts));
        assert!(extra, "{url}: {error:?}");
        assert_says(&error, &["user name, a query or a fragment"]);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[test]
fn what_is_no_address_of_a_server_is_refused() {
    for url in [
        "",
        "api.github.com",
        "https://",
        "ftp://api.github.com",
        "file:///tmp",
        "https://a b",
    ] {
        let error = configuration(github::builder(url).build());
        let none = matches!(error, Error::Configuration(ConfigurationError::NotAUrl));
        assert!(none, "{url}: {error:?}");
        assert_says(&error, &["not a URL", "https://HOST/api/v3"]);
    }
}

/// Texts that are no token, with a word of what is said of them.
const NO_TOKENS: [(&str, &str); 8] = [
    ("", "no token"),
    (" ", "trim it"),
    ("ghp_canary\n", "trim it"),
    (" ghp_canary", "trim it"),
    ("ghp_canary\r\nx-evil: 1", "trim it"),
    ("ghp_canary\u{7f}", "trim it"),
    ("ghp_canary\0", "trim it"),
    ("ghp_canäry", "trim it"),
];

#[tokio::test]
async fn a_text_that_is_no_token_is_refused_and_not_printed() {
    let wire = Wire::script([]);
    for (token, word) in NO_TOKENS {
        for error in [
            configuration(GitHub::new(token)),
            configuration(github::builder(wire.url()).token(token).build()),
        ] {
            assert_says(&error, &[word]);
            assert!(!format!("{error} {error:?}").contains("ghp_"));
        }
        let provided = github::builder(wire.url()).token_provider(move || async move {
            Ok::<_, std::convert::Infallible>(Token::new(token))
        });
        let key = github::codespaces(provided).public_key().await;
        let error = key.expect_err("no token");
        let Error::Token { source, .. } = &error else {
            panic!("{error:?}");
        };
        assert!(source.to_string().contains(word), "{source}");
        assert!(!format!("{error} {error:?} {source}").contains("ghp_"));
    }
    let error = configuration(GitHub::builder().api_url(wire.url()).build());
    assert_says(&error, &["no token"]);
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn a_provider_that_fails_is_reported_with_its_reason() {
    let wire = Wire::script([]);
    let github = github::builder(wire.url()).token_provider(|| async { Err("no vault") });
    let error = github::codespaces(github)
        .public_key()
        .await
        .expect_err("no token");
    assert_says(&error, &["token provider"]);
    let Error::Token {
        source,
        may_have_taken_effect,
    } = error
    else {
        panic!("{error:?}");
    };
    assert_eq!(
        (source.to_string().as_str(), may_have_taken_effect),
        ("no vault", false)
    );
    assert_eq!(wire.connections(), 0);
}

#[test]
fn a_user_agent_that_no_header_can_carry_is_refused() {
    for user_agent in ["", "  ", "deploy\r\nx-evil: 1", "deploy\0"] {
        let error = configuration(
            github::builder("http://127.0.0.1")
                .user_agent(user_agent)
                .build(),
        );
        assert_says(&error, &["user agent"]);
    }
}

#[tokio::test]
async fn settings_beyond_all_bounds_are_settings_still() {
    let emulator = github_secrets_emulator::Emulator::start()
        .await
        .expect("an emulator");
    let retry = github_secrets::RetryPolicy::default()
        .attempts(u32::MAX)
        .first_wait(Duration::MAX)
        .longest_wait(Duration::MAX)
        .deadline(Duration::MAX);
    let limits = github_secrets::Limits::default()
        .concurrent(usize::MAX)
        .points_per_minute(u32::MAX)
        .writes_per_minute(u32::MAX)
        .writes_per_hour(0)
        .minute(Duration::MAX);
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("token")
        .retry(retry)
        .limits(limits)
        .timeout(Duration::MAX)
        .build()
        .expect("settings");
    let secrets = github.org("acme").expect("a login").codespaces();
    secrets
        .set("A", "value", github_secrets::Visibility::All)
        .await
        .expect("stored");
    assert_eq!(
        emulator
            .secret(&github::place(), "A")
            .expect("stored")
            .value(),
        b"value"
    );
}
