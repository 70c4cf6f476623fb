//! The secrets of environments: names with any character in them, and the 404 that means three
//! things.

use contract_tests::{Wire, github};
use github_secrets::{Environment, Error, OwnerFault, OwnerNameKind, Secrets};
use github_secrets_emulator::{Emulator, Place};

fn environment(url: impl Into<String>, name: &str) -> Result<Secrets<Environment>, Error> {
    let github = github::builder(url).build()?;
    github.repo("acme/website")?.environment(name)
}

/// Names as people give them, and how they have to stand in a path.
const NAMES: [(&str, &str); 9] = [
    ("production", "production"),
    ("review/eu west", "review%2Feu%20west"),
    ("100%", "100%25"),
    ("%2F", "%252F"),
    ("ü", "%C3%BC"),
    (r"a\b", "a%5Cb"),
    ("a?b#c&d=e", "a%3Fb%23c%26d%3De"),
    ("...and more", "...and%20more"),
    ("../user", "..%2Fuser"),
];

#[tokio::test]
async fn a_name_is_encoded_once_in_every_path() {
    for (name, encoded) in NAMES {
        let wire = Wire::serve(github::success);
        let secrets = environment(wire.url(), name).expect("a name");
        secrets.set("A", "value").await.expect("set");
        secrets.rotate("A", "value").await.expect("rotated");
        secrets.list().all().await.expect("a list");
        secrets.find("A").await.expect("found");
        secrets.delete("A").await.expect("deleted");
        let path = format!("/repos/acme/website/environments/{encoded}/secrets");
        assert_eq!(
            wire.lines(),
            [
                format!("GET {path}/public-key"),
                format!("PUT {path}/A"),
                format!("GET {path}/A"),
                format!("PUT {path}/A"),
                format!("GET {path}?per_page=100"),
                format!("GET {path}/A"),
                format!("DELETE {path}/A"),
            ]
        );
    }
}

#[tokio::test]
async fn a_value_reaches_the_environment_of_that_name() {
    let mut builder = Emulator::builder();
    for (name, _) in NAMES {
        builder = builder.environment("acme/website", name);
    }
    let emulator = builder.start().await.expect("an emulator");
    for (name, _) in NAMES {
        let secrets = environment(emulator.url(), name).expect("a name");
        secrets.set("A", name).await.expect("set");
    }
    for (name, _) in NAMES {
        let held = emulator.secret(&Place::environment("acme/website", name), "A");
        assert_eq!(held.expect(name).value(), name.as_bytes());
    }
}

#[test]
fn a_name_that_no_environment_can_have_is_refused() {
    let long = "a".repeat(256);
    for (name, words) in [
        ("", "is empty"),
        ("  ", "is empty"),
        (".", "consists of dots alone"),
        ("..", "consists of dots alone"),
        ("a\nb", r"'\n' at position 2"),
        ("a\0", r"'\0' at position 2"),
        (long.as_str(), "more than 255 characters"),
    ] {
        let error = environment("http://127.0.0.1:1", name).expect_err(name);
        let Error::Owner(refused) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(refused.kind, OwnerNameKind::Environment);
        let message = error.to_string();
        assert!(message.starts_with("the environment's name"), "{message}");
        assert!(message.contains(words), "{message}");
    }
    let longest = "ü".repeat(255);
    environment("http://127.0.0.1:1", &longest).expect("255 characters");
}

#[test]
fn a_repository_is_given_with_its_owner_and_nothing_else() {
    let github = github::builder("http://127.0.0.1:1")
        .build()
        .expect("settings");
    for (full_name, fault) in [
        ("website", "has no owner; give it as owner/name"),
        ("", "has no owner; give it as owner/name"),
        ("acme/", "is empty"),
        ("/website", "is empty"),
        ("acme/..", "consists of dots alone"),
        ("acme/website/secrets", "'/' at position 8"),
        ("acme/web site", "' ' at position 4"),
        ("acme/%2e%2e", "'%' at position 1"),
    ] {
        let error = github.repo(full_name).expect_err(full_name);
        assert!(matches!(error, Error::Owner(_)), "{error:?}");
        assert!(error.to_string().contains(fault), "{full_name}: {error}");
    }
    let error = github.repo("website").expect_err("no owner");
    assert!(matches!(&error, Error::Owner(refused) if refused.fault == OwnerFault::NoOwner));
}

#[tokio::test]
async fn a_404_says_the_three_things_that_it_can_mean() {
    let emulator = Emulator::start().await.expect("an emulator");
    let missing = environment(emulator.url(), "missing").expect("a name");
    let key = missing.public_key().await.expect_err("no environment");
    let list = missing.list().all().await.expect_err("no environment");
    let set = missing.set("A", "value").await.expect_err("no environment");
    let rotated = missing.rotate("A", "value").await;
    let rotated = rotated.expect_err("no environment");
    let deleted = missing.delete("A").await.expect_err("no environment");
    for error in [key, list, set, rotated, deleted] {
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let message = error.to_string();
        for words in [
            "the environment \"missing\" of acme/website",
            "this can mean three things",
            "the repository does not exist",
            "it has no such environment, which has to be created first",
            "the token has no access to it",
        ] {
            assert!(message.contains(words), "{words:?} is not in: {message}");
        }
    }
}
