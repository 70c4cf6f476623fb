//! What is refused before anything is sent.

use contract_tests::{Reply, Wire, github};
use github_secrets::{
    BatchError, Error, GitHub, NameError, NewSecret, Organization, RepositoryError, Secrets,
    Visibility,
};
use serde_json::json;

/// A server to which nothing must come.
struct Untouched(Wire);

impl Untouched {
    fn new() -> Self {
        Self(Wire::script([]))
    }

    fn github(&self) -> GitHub {
        let github = github::builder(self.0.url());
        github.build().expect("settings")
    }

    fn secrets(&self) -> Secrets<Organization> {
        github::secrets(self.0.url())
    }
}

impl Drop for Untouched {
    fn drop(&mut self) {
        assert_eq!(self.0.bytes(), b"");
        assert_eq!(self.0.connections(), 0);
    }
}

fn assert_says(error: &Error, words: &[&str]) {
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
}

/// What every method that takes a name makes of one that it refuses.
async fn refused(secrets: &Secrets<Organization>, name: &str) -> Vec<Error> {
    let all = Visibility::All;
    vec![
        secrets
            .set(name, "value", all.clone())
            .await
            .expect_err("set"),
        secrets.rotate(name, "value").await.expect_err("rotate"),
        secrets.set_access(name, all).await.expect_err("set_access"),
        secrets.find(name).await.expect_err("find"),
        secrets.delete(name).await.expect_err("delete"),
        secrets.repositories(name).expect_err("repositories"),
    ]
}

#[tokio::test]
async fn a_name_that_breaks_githubs_rules_is_refused_with_the_rule() {
    let server = Untouched::new();
    let secrets = server.secrets();
    for (name, words) in [
        ("", ["is empty", "at least one letter"]),
        (
            "2FA_SEED",
            ["begins with a digit", "letter or an underscore"],
        ),
        ("GITHUB_TOKEN", ["GITHUB_", "choose another"]),
        ("GitHub_token", ["GITHUB_", "choose another"]),
        (
            "DB-PASSWORD",
            ["'-' at position 3", "digits and underscores"],
        ),
        (
            "DB PASSWORD",
            ["' ' at position 3", "digits and underscores"],
        ),
        (
            "DB/PASSWORD",
            ["'/' at position 3", "digits and underscores"],
        ),
        ("..", ["'.' at position 1", "digits and underscores"]),
        ("%41", ["'%' at position 1", "digits and underscores"]),
        ("PASSWÖRD", ["'Ö' at position 6", "digits and underscores"]),
        ("DB\n", ["'\\n' at position 3", "digits and underscores"]),
    ] {
        let mut errors = refused(&secrets, name).await;
        errors.push(NewSecret::new(name, "value").expect_err("a new secret"));
        for error in errors {
            assert!(matches!(error, Error::Name(_)), "{error:?}");
            assert_says(&error, &words);
        }
    }
}

#[tokio::test]
async fn a_value_in_the_place_of_the_name_is_not_printed() {
    let server = Untouched::new();
    for error in refused(&server.secrets(), "hunter2:correct-horse").await {
        let Error::Name(NameError::Character(fault)) = &error else {
            panic!("{error:?}");
        };
        assert_eq!((fault.character, fault.position), (':', 8));
        let printed = format!("{error} {error:?}");
        assert!(
            !printed.contains("hunter2") && !printed.contains("horse"),
            "{printed}"
        );
    }
}

#[tokio::test]
async fn a_value_beyond_the_limit_is_refused_with_both_sizes() {
    let server = Untouched::new();
    let secrets = server.secrets();
    let value = || vec![7; 49_105];
    let new = github::new_secret("DB_PASSWORD", value(), Visibility::All);
    for error in [
        secrets
            .set("DB_PASSWORD", value(), Visibility::All)
            .await
            .expect_err("set"),
        secrets
            .rotate("DB_PASSWORD", value())
            .await
            .expect_err("rotate"),
        secrets.set_all([new]).await.expect_err("set_all"),
    ] {
        let fits = matches!(
            error,
            Error::Value(_) | Error::Batch(BatchError::Value { .. })
        );
        assert!(fits, "{error:?}");
        assert_says(&error, &["49105 bytes", "at most 49104 bytes"]);
    }
}

#[tokio::test]
async fn two_names_that_are_one_to_github_are_refused_together() {
    let server = Untouched::new();
    let new = |name| github::new_secret(name, "value", Visibility::All);
    let batch = [new("db_password"), new("OTHER"), new("DB_PASSWORD")];
    let error = server.secrets().set_all(batch).await.expect_err("one name");
    assert!(matches!(
        error,
        Error::Batch(BatchError::DuplicateName { .. })
    ));
    assert_says(&error, &["db_password and DB_PASSWORD", "ignores case"]);
}

#[test]
fn an_organization_that_cannot_be_one_segment_of_a_path_is_refused() {
    let server = Untouched::new();
    for (login, word) in [
        ("", "is empty"),
        (".", "consists of dots alone"),
        ("..", "consists of dots alone"),
        ("acme/widgets", "'/' at position 5"),
        ("acme/", "'/' at position 5"),
        ("../user", "'/' at position 3"),
        ("acme\\widgets", "'\\\\' at position 5"),
        ("%2e%2e", "'%' at position 1"),
        ("acme%2Fwidgets", "'%' at position 5"),
        ("acme?page=2", "'?' at position 5"),
        ("acme#top", "'#' at position 5"),
        ("acme inc", "' ' at position 5"),
        ("acme\r\nx-evil: 1", "'\\r' at position 5"),
        ("acme\0", "'\\0' at position 5"),
        ("acmé", "'é' at position 4"),
        ("аcme", "'а' at position 1"),
    ] {
        let error = server.github().org(login).expect_err("not a login");
        assert!(matches!(error, Error::Owner(_)), "{error:?}");
        assert_says(&error, &["owner's name", word]);
    }
}

#[tokio::test]
async fn an_id_that_no_repository_can_have_is_refused() {
    let server = Untouched::new();
    let secrets = server.secrets();
    let selected = secrets.repositories("DB_PASSWORD").expect("a name");
    for id in [0, 1 << 63, u64::MAX] {
        let visibility = Visibility::selected([1, id]);
        let new = github::new_secret("DB_PASSWORD", "value", visibility.clone());
        for error in [
            secrets
                .set("DB_PASSWORD", "value", visibility.clone())
                .await
                .expect_err("set"),
            secrets
                .set_access("DB_PASSWORD", visibility)
                .await
                .expect_err("set_access"),
            secrets.set_all([new]).await.expect_err("set_all"),
            selected.set([1, id]).await.expect_err("set"),
            selected.add(id).await.expect_err("add"),
            selected.remove(id).await.expect_err("remove"),
        ] {
            let fits = matches!(error, Error::Repository(RepositoryError::Id(of)) if of == id);
            assert!(fits, "{error:?}");
            assert_says(&error, &[&id.to_string(), "from 1 to 9223372036854775807"]);
        }
    }
}

#[tokio::test]
async fn repositories_of_another_owner_are_refused_all_together() {
    let server = Untouched::new();
    let names = ["website", "rival/website", "ACME/api", "rival/api"];
    let secrets = server.secrets();
    let visibility = Visibility::selected(names);
    let error = secrets
        .set("DB_PASSWORD", "value", visibility)
        .await
        .expect_err("foreign");
    assert!(matches!(
        error,
        Error::Repository(RepositoryError::OtherOwner(_))
    ));
    assert_says(
        &error,
        &[r#""rival/website", "rival/api" are owned by somebody else"#],
    );
}

#[tokio::test]
async fn malformed_names_of_repositories_are_refused_all_together() {
    let server = Untouched::new();
    let names = [
        "",
        "/",
        "a/",
        "/b",
        "acme/a/b",
        ".",
        "..",
        "acme/..",
        "a b",
        "a%2Fb",
        "a?b",
        "https://x",
    ];
    let secrets = server.secrets();
    let visibility = Visibility::selected(names.into_iter().chain(["website"]));
    let error = secrets
        .set("DB_PASSWORD", "value", visibility)
        .await
        .expect_err("malformed");
    assert_says(&error, &["are not valid", "`owner/name`"]);
    let Error::Repository(RepositoryError::Malformed(malformed)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(malformed, names);
}

#[tokio::test]
async fn nothing_is_sealed_to_an_invalid_key() {
    let low_order = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (id, key, word) in [
        (
            "1",
            "2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvv1234",
            "33 bytes instead of 32",
        ),
        ("1", "AAAA", "3 bytes instead of 32"),
        ("1", "", "0 bytes instead of 32"),
        ("1", low_order, "low order"),
        (
            "1",
            "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs",
            "padding",
        ),
        (
            "1",
            "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5_IT3ZCVQPzs=",
            "byte 32 is outside",
        ),
        (
            "1",
            "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=\n",
            "outside the standard alphabet",
        ),
        ("", github::KEY, "empty id"),
    ] {
        let wire = Wire::script([Reply::json(200, &json!({ "key_id": id, "key": key }))]);
        let secrets = github::secrets(wire.url());
        let set = secrets.set("DB_PASSWORD", "value", Visibility::All).await;
        let error = set.expect_err("no key");
        assert!(matches!(error, Error::Key { .. }), "{error:?}");
        assert_says(&error, &["public key", word, "nothing was sealed to it"]);
        assert_eq!(
            wire.lines(),
            ["GET /orgs/acme/codespaces/secrets/public-key"]
        );
    }
}
