//! What GitHub refuses, and what the error says.

use std::time::{Duration, SystemTime};

use contract_tests::{Reply, Wire, github};
use github_secrets::{
    Action, Error, ErrorResponse, LimitKind, RateLimited, ResponseProblem, Visibility,
};
use serde_json::json;

/// Returns the error of `set` when the write gets this response.
async fn set(reply: Reply) -> Error {
    let wire = Wire::script([github::public_key(), reply]);
    let secrets = github::secrets(wire.url());
    let stored = secrets.set("DB_PASSWORD", "value", Visibility::All).await;
    stored.expect_err("an error response")
}

/// Returns the error of fetching the public key when it gets this response.
async fn public_key(reply: Reply) -> Error {
    let wire = Wire::script([reply]);
    let key = github::secrets(wire.url()).public_key().await;
    key.expect_err("an error response")
}

/// Returns the error of selecting one more repository when it gets this response.
async fn add_repository(reply: Reply) -> Error {
    let wire = Wire::script([reply]);
    let selected = github::secrets(wire.url()).repositories("DB_PASSWORD");
    let added = selected.expect("a name").add(1).await;
    added.expect_err("an error response")
}

/// Checks what is common to every error response, and returns its message.
fn message_of(error: &Error, action: Action, status: u16) -> String {
    let response = error.response().expect("there was a response");
    assert_eq!(
        error.operation(),
        Some(github::operation(action)),
        "{error}"
    );
    assert_eq!(response.status(), status, "{error}");
    assert_eq!(
        response.request_id(),
        Some("C0FE:1234:56789A:BCDEF0:12345678"),
        "{error}"
    );
    let message = error.to_string();
    let responded = format!("(status {status}, request C0FE:1234:56789A:BCDEF0:12345678)");
    assert!(message.ends_with(&responded), "{message}");
    assert!(!message.contains("GitHub's words"), "{message}");
    message
}

fn assert_says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
}

#[tokio::test]
async fn a_401_says_that_the_token_is_not_accepted() {
    let error = set(github::refusal(401, "GitHub's words")).await;
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
    let message = message_of(&error, Action::Set, 401);
    assert_says(
        &message,
        &["token", "expired or revoked", "secret DB_PASSWORD of acme"],
    );
}

#[tokio::test]
async fn a_bare_403_says_what_each_kind_of_token_needs() {
    let error = set(github::refusal(403, "GitHub's words")).await;
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
    let message = message_of(&error, Action::Set, 403);
    assert_says(
        &message,
        &["admin:org", "organization_codespaces_secrets=write"],
    );
}

#[tokio::test]
async fn a_403_says_which_permission_github_asks_for() {
    let permission = "organization_codespaces_secrets=read; another=write";
    let reply = github::refusal(403, "Resource not accessible by personal access token");
    let error = public_key(reply.header("X-Accepted-GitHub-Permissions", permission)).await;
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
    assert_says(&message_of(&error, Action::PublicKey, 403), &[permission]);
    let head = error.response().expect("a response");
    assert_eq!(head.accepted_permissions(), Some(permission));
}

#[tokio::test]
async fn a_403_says_which_scope_the_token_lacks() {
    for (has, said) in [
        ("repo, gist", "has scope `repo, gist` but needs `admin:org`"),
        ("", "has no scopes but needs `admin:org`"),
    ] {
        let reply = github::refusal(403, "GitHub's words")
            .header("X-OAuth-Scopes", has)
            .header("X-Accepted-OAuth-Scopes", "admin:org");
        let error = set(reply).await;
        assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
        assert_says(&message_of(&error, Action::Set, 403), &[said]);
        let head = error.response().expect("a response");
        assert_eq!(head.oauth_scopes(), Some(has));
        assert_eq!(head.accepted_oauth_scopes(), Some("admin:org"));
    }
}

#[tokio::test]
async fn single_sign_on_says_where_the_token_is_authorized() {
    let url = "https://github.com/orgs/acme/sso?authorization_request=AZSCKTL";
    for (sso, said) in [
        (format!("required; url={url}"), url),
        (
            "partial-results; organizations=21955855,20582480".into(),
            "authorize the token",
        ),
    ] {
        let reply = github::refusal(403, "GitHub's words").header("X-GitHub-SSO", &sso);
        let error = set(reply).await;
        assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
        assert_says(
            &message_of(&error, Action::Set, 403),
            &["single sign-on", said],
        );
        assert_eq!(
            error.response().expect("a response").sso(),
            Some(sso.as_str())
        );
    }
}

#[tokio::test]
async fn a_404_elsewhere_says_what_the_token_could_lack() {
    let reply = github::refusal(404, "GitHub's words")
        .header("X-OAuth-Scopes", "repo")
        .header("X-Accepted-OAuth-Scopes", "admin:org");
    let error = add_repository(reply).await;
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    let message = message_of(&error, Action::AddRepository, 404);
    assert_says(
        &message,
        &[
            "does not exist",
            "the token has scope `repo` but needs `admin:org`",
        ],
    );
}

#[tokio::test]
async fn a_409_says_that_the_visibility_has_to_be_selected() {
    let error = add_repository(github::refusal(409, "GitHub's words")).await;
    assert!(matches!(error, Error::Conflict(_)), "{error:?}");
    let message = message_of(&error, Action::AddRepository, 409);
    assert_says(&message, &["visibility has to be `selected`"]);
}

#[tokio::test]
async fn a_422_says_whether_it_is_about_the_sealed_box() {
    let sealing = "Bad request - validation failed due to an improperly encrypted secret";
    for (words, said) in [
        (sealing, "the value is not sealed to its key"),
        ("Validation Failed", "check the name and the repositories"),
    ] {
        let rejection = github::refusal(422, words);
        let key = github::public_key();
        let wire = Wire::script([key.clone(), rejection.clone(), key, rejection]);
        let secrets = github::secrets(wire.url());
        let set = secrets.set("DB_PASSWORD", "value", Visibility::All).await;
        let error = set.expect_err("an error response");
        assert!(matches!(error, Error::Rejected(_)), "{error:?}");
        assert_says(&message_of(&error, Action::Set, 422), &[said]);
    }
}

#[tokio::test]
async fn githubs_own_words_are_kept_apart_from_the_message() {
    let reply = Reply::json(
        422,
        &json!({
            "message": "GitHub's words: secret names",
            "documentation_url": "https://docs.github.com/rest",
            "errors": ["plain", { "code": "custom", "message": "told" }, { "code": "bare" }],
        }),
    );
    let error = set(reply.header("x-github-request-id", "C0FE:1234:56789A:BCDEF0:12345678")).await;
    message_of(&error, Action::Set, 422);
    let Error::Rejected(response) = &error else {
        panic!("{error:?}");
    };
    let words = response.github_message().map(|message| message.expose());
    assert_eq!(
        words,
        Some("GitHub's words: secret names; plain; told; {\"code\":\"bare\"}")
    );
}

#[tokio::test]
async fn a_backend_in_trouble_is_unavailable() {
    for status in [408, 500, 502, 503, 504] {
        let error = set(github::refusal(status, "GitHub's words")).await;
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert_says(
            &message_of(&error, Action::Set, status),
            &["try again later"],
        );
    }
}

#[tokio::test]
async fn every_status_has_its_variant() {
    let wire = Wire::serve(|request| {
        let status = request.path().split('/').nth(2).expect("the organization");
        Reply::status(status.parse().expect("a status"))
    });
    let github = github::builder(wire.url()).build().expect("settings");
    // The limit comes last, since it would stand against every later call.
    let others = (200..=599).filter(|status| *status != 429);
    for status in others.chain([600, 999, 429]) {
        let secrets = github
            .org(status.to_string())
            .expect("a login")
            .codespaces();
        let key = secrets.public_key().await;
        let error = key.expect_err("not a key");
        let fits = match (&error, status) {
            (Error::UnexpectedResponse(unexpected), _) => match unexpected.problem {
                ResponseProblem::CutShort => status == 200,
                ResponseProblem::Redirect => (300..400).contains(&status),
                ResponseProblem::Status => (201..300).contains(&status) || status >= 600,
                _ => false,
            },
            (Error::NotAuthorized(_), 401..=403) => true,
            (Error::NotFound(_), 404) => true,
            (Error::Conflict(_), 409) => true,
            (Error::RateLimited(_), 429) => true,
            (Error::Unavailable(_), 408 | 500..=599) => true,
            (Error::Rejected(_), 400..500) => {
                ![401, 402, 403, 404, 408, 409, 429].contains(&status)
            }
            _ => false,
        };
        assert!(fits, "{status}: {error:?}");
        assert_eq!(error.response().expect("a response").status(), status);
    }
}

#[tokio::test]
async fn an_error_response_in_html_is_the_same_error() {
    for status in [400, 401, 403, 404, 409, 410, 422, 500, 502, 503] {
        let html = Reply::text(status, "text/html", "<html><h1>Whoa there!</h1></html>");
        let error =
            add_repository(html.header("x-github-request-id", "C0FE:1234:56789A:BCDEF0:12345678"))
                .await;
        message_of(&error, Action::AddRepository, status);
        let response = error_response(&error);
        assert_eq!(response.status(), status);
        assert_eq!(response.github_message(), None);
    }
}

fn error_response(error: &Error) -> &ErrorResponse {
    match error {
        Error::NotAuthorized(response)
        | Error::NotFound(response)
        | Error::Conflict(response)
        | Error::Rejected(response)
        | Error::Unavailable(response) => response,
        other => panic!("no error response: {other:?}"),
    }
}

fn limited(error: &Error, kind: LimitKind) -> &RateLimited {
    let Error::RateLimited(limited) = error else {
        panic!("no limit: {error:?}");
    };
    assert_eq!(limited.kind, kind, "{error}");
    assert_says(
        &error.to_string(),
        &[
            "rate limit lasts ",
            " more seconds, until ",
            "; try again then",
        ],
    );
    limited
}

#[tokio::test]
async fn retry_after_says_how_long_a_limit_holds() {
    for status in [403, 429] {
        let reply = github::refusal(status, "GitHub's words").header("Retry-After", "3000");
        let error = set(reply).await;
        let limited = limited(&error, LimitKind::Secondary);
        told_wait(limited, 3_000);
        let told = error.response().expect("a response").retry_after();
        assert_eq!(told, Some(Duration::from_secs(3_000)));
    }
}

#[tokio::test]
async fn retry_after_can_be_a_date() {
    let reply = github::refusal(429, "GitHub's words")
        .header("Date", "Sun, 06 Nov 1994 08:00:00 GMT")
        .header("Retry-After", "Sun, 06 Nov 1994 08:50:00 GMT");
    told_wait(limited(&set(reply).await, LimitKind::Secondary), 3_000);
}

#[tokio::test]
async fn the_reset_says_how_long_the_hourly_limit_holds() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let reset = now.expect("after 1970").as_secs() + 3_000;
    for status in [403, 429] {
        let reply = github::refusal(status, "API rate limit exceeded for user ID 1.")
            .header("X-RateLimit-Limit", "5000")
            .header("X-RateLimit-Remaining", "0")
            .header("X-RateLimit-Resource", "core")
            .header("X-RateLimit-Reset", &reset.to_string());
        let error = set(reply).await;
        told_wait(limited(&error, LimitKind::Primary), 3_000);
        let state = error.response().expect("a response").rate_limit().cloned();
        let state = state.expect("the state of the limit");
        assert_eq!((state.limit, state.remaining), (Some(5_000), 0));
        assert_eq!(
            state.reset,
            SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(reset))
        );
        assert_eq!(state.resource.as_deref(), Some("core"));
    }
}

/// The wait is told to within what a test can take.
fn told_wait(limited: &RateLimited, seconds: u64) {
    let bounds = Duration::from_secs(seconds - 100)..=Duration::from_secs(seconds + 2);
    assert!(bounds.contains(&limited.wait), "{limited:?}");
    let until = limited
        .until
        .duration_since(SystemTime::now())
        .expect("a time to come");
    assert!(until <= limited.wait, "{limited:?}");
}

#[tokio::test]
async fn a_limit_without_headers_is_known_by_its_address_or_its_words() {
    let about = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api\
                 #about-secondary-rate-limits";
    for body in [
        json!({ "message": "Slow down.", "documentation_url": about }),
        json!({ "message": "You have exceeded a secondary rate limit. Please wait." }),
        json!({ "message": "You have triggered an abuse detection mechanism." }),
    ] {
        let error = set(Reply::json(403, &body)).await;
        let limited = limited(&error, LimitKind::Secondary);
        assert!(limited.wait <= Duration::from_secs(60), "{limited:?}");
    }
}

#[tokio::test]
async fn absurd_waits_are_told_and_not_waited_for() {
    const MOST: &str = "18446744073709551615";
    for headers in [
        vec![("Retry-After", MOST)],
        vec![("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", MOST)],
        vec![("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "0")],
        vec![("Retry-After", "-1")],
        vec![("Retry-After", "soon")],
        vec![("Retry-After", "0")],
        vec![("Retry-After", "")],
    ] {
        let limited = github::refusal(429, "GitHub's words");
        let add = |reply: Reply, (name, value): &(&str, &str)| reply.header(name, value);
        let error = set(headers.iter().fold(limited, add)).await;
        assert!(
            matches!(error, Error::RateLimited(_)),
            "{headers:?}: {error:?}"
        );
    }
}
