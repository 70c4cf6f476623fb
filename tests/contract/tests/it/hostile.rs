//! Servers and networks that do what they like.

use std::time::Duration;

use contract_tests::{Reply, Wire, github};
use futures_util::future::join_all;
use github_secrets::{
    Action, ConnectionFault, Error, PublicKey, ResponseProblem, Stored, Visibility,
};
use serde_json::{Value, json};

/// Returns the result of fetching the public key when the replies are these.
async fn key_of(replies: impl IntoIterator<Item = Reply>) -> Result<PublicKey, Error> {
    let wire = Wire::script(replies);
    github::secrets(wire.url()).public_key().await
}

/// Returns the result of `set` when the write gets this response.
async fn set(reply: Reply) -> Result<Stored, Error> {
    set_within(Duration::from_secs(30), reply).await
}

async fn set_within(timeout: Duration, reply: Reply) -> Result<Stored, Error> {
    let wire = Wire::script([github::public_key(), reply]);
    let secrets = github::codespaces(github::builder(wire.url()).timeout(timeout));
    secrets.set("DB_PASSWORD", "value", Visibility::All).await
}

/// Longer than a loopback connection ever takes to respond.
const SHORT: Duration = Duration::from_secs(1);

fn problem(result: Result<PublicKey, Error>) -> ResponseProblem {
    match result {
        Err(Error::UnexpectedResponse(unexpected)) => unexpected.problem,
        other => panic!("an unexpected response was expected: {other:?}"),
    }
}

fn key_json() -> Value {
    json!({ "key_id": "1", "key": github::KEY })
}

#[tokio::test]
async fn a_secret_is_created_whatever_the_body_of_the_201() {
    let empty_object = Reply::json(201, &json!({}));
    for reply in [
        empty_object.clone(),
        Reply::status(201),
        Reply::raw("HTTP/1.1 201 Created\r\nconnection: close\r\n\r\n").cut(0),
        empty_object.clone().cut(1),
        empty_object.clone().cut(2),
        Reply::json(201, &json!(["not", "an", "object"])),
        Reply::text(201, "text/html", "<html>"),
        Reply::raw("HTTP/1.1 201 Created\r\n\r\n{").endless(" "),
    ] {
        assert_eq!(set(reply).await.ok(), Some(Stored::Created));
    }
    let stalled = set_within(SHORT, empty_object.stalled(1)).await;
    assert_eq!(stalled.ok(), Some(Stored::Created));
}

#[tokio::test]
async fn a_secret_is_updated_by_a_204_even_when_it_has_a_body() {
    assert_eq!(set(Reply::status(204)).await.ok(), Some(Stored::Updated));
    let body = Reply::raw("HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}");
    assert_eq!(set(body).await.ok(), Some(Stored::Updated));
}

#[tokio::test]
async fn a_response_in_single_bytes_is_read() {
    let key = key_of([Reply::json(200, &key_json()).dripping()]).await;
    assert_eq!(key.expect("a key").id(), "1");
}

#[tokio::test]
async fn a_response_in_chunks_is_read() {
    let body = key_json().to_string();
    let (first, second) = body.split_at(10);
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
         {:x}\r\n{first}\r\n{:x};a=b\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    assert_eq!(
        key_of([Reply::raw(chunked)]).await.expect("a key").id(),
        "1"
    );
}

#[tokio::test]
async fn a_success_that_is_not_json_is_an_unexpected_response() {
    for (content_type, body) in [
        ("text/html", "<html><h1>Sign in to the network</h1></html>"),
        ("text/plain", "OK"),
        ("application/json", r#"{"key_id":"1"}"#),
        ("application/json", r#"{"key_id":"1","key":7}"#),
        ("application/json", r#"{"key_id":true,"key":"a"}"#),
        ("application/json", "[]"),
        ("application/json", "null"),
        ("application/json", "{\"key_id\":\"1\",\"key\":\"\u{0}\"}"),
        (
            "application/json",
            r#"{"key_id":"1","key_id":"2","key":"a"}"#,
        ),
    ] {
        let key = key_of([Reply::text(200, content_type, body)]).await;
        let problem = problem(key);
        assert!(
            matches!(problem, ResponseProblem::Json { .. }),
            "{body}: {problem:?}"
        );
    }
    let deep = "[".repeat(100_000);
    let key = key_of([Reply::text(200, "application/json", deep)]).await;
    assert!(matches!(problem(key), ResponseProblem::Json { .. }));
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_told_as_such() {
    let whole = Reply::json(200, &key_json());
    for reply in [
        whole.clone().cut(1),
        whole.clone().cut(key_json().to_string().len()),
        Reply::text(200, "application/json", r#"{"key_id":"1","#),
        Reply::text(200, "application/json", ""),
        Reply::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"key").cut(0),
        Reply::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n{\"key"),
    ] {
        assert_eq!(problem(key_of([reply]).await), ResponseProblem::CutShort);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_head_is_lost() {
    let whole = Reply::json(200, &key_json());
    let body = key_json().to_string().len();
    for reply in [
        Reply::closed(),
        whole.clone().cut(body + 2),
        Reply::raw("HTTP/1.1 2").cut(0),
        Reply::raw("SSH-2.0-OpenSSH_9.6\r\n").cut(0),
        Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n").cut(0),
        Reply::raw("HTTP/1.1 200 OK\r\n").endless("x-filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
        Reply::raw("HTTP/1.1 200 OK\r\nx-filler: ").endless("x"),
    ] {
        let error = key_of([reply]).await.expect_err("no response");
        let Error::Connection(lost) = &error else {
            panic!("a lost connection was expected: {error:?}");
        };
        assert_eq!(lost.fault, ConnectionFault::Lost, "{error:?}");
        assert!(lost.maybe_sent);
        assert_eq!(
            error.operation(),
            Some(github::operation(Action::PublicKey))
        );
        assert!(error.response().is_none());
        assert!(
            error
                .to_string()
                .contains("the connection broke before the response was complete"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_lost_write_says_that_it_may_have_taken_effect() {
    let error = set(Reply::closed()).await.expect_err("no response");
    assert!(matches!(error, Error::Connection(_)), "{error:?}");
    assert!(
        error.to_string().contains("may have taken effect"),
        "{error}"
    );
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_a_connection_error_and_nothing_was_sent() {
    let deleted = github::secrets("http://127.0.0.1:1")
        .delete("DB_PASSWORD")
        .await;
    let error = deleted.expect_err("no server");
    let Error::Connection(failed) = &error else {
        panic!("a connection error was expected: {error:?}");
    };
    assert_eq!(
        (failed.fault, failed.maybe_sent),
        (ConnectionFault::Connect, false)
    );
    assert!(
        error
            .to_string()
            .contains("no connection to GitHub could be made"),
        "{error}"
    );
    assert!(
        !error.to_string().contains("may have taken effect"),
        "{error}"
    );
}

#[tokio::test]
async fn silence_ends_with_the_time_out() {
    let body = key_json().to_string().len();
    let whole = Reply::json(200, &key_json());
    join_all([
        time_out(Reply::silence(), None),
        time_out(Reply::raw("HTTP/1.1 200 OK\r\n").stalled(1), None),
        time_out(whole.clone().stalled(body), Some(200)),
        time_out(whole.stalled(1), Some(200)),
    ])
    .await;
}

async fn time_out(reply: Reply, status: Option<u16>) {
    let wire = Wire::script([reply]);
    let secrets = github::codespaces(github::builder(wire.url()).timeout(SHORT));
    let error = secrets.public_key().await.expect_err("no response");
    let Error::Connection(failed) = &error else {
        panic!("a time-out was expected: {error:?}");
    };
    assert_eq!(failed.fault, ConnectionFault::Timeout, "{error:?}");
    assert!(failed.maybe_sent);
    assert_eq!(error.response().map(|head| head.status()), status);
    assert!(
        error
            .to_string()
            .contains("GitHub did not send a complete response in time"),
        "{error}"
    );
}

#[tokio::test]
async fn an_endless_body_is_read_within_bounds() {
    let endless = Reply::raw("HTTP/1.1 200 OK\r\n\r\n").endless(" ");
    let ResponseProblem::TooLarge { limit } = problem(key_of([endless]).await) else {
        panic!("a body that is too large was expected");
    };
    let key = key_json().to_string();
    let of_size = |bytes| {
        let padded = " ".repeat(bytes - key.len()) + &key;
        Reply::text(200, "application/json", padded)
    };
    key_of([of_size(limit)]).await.expect("as much as is read");
    let larger = problem(key_of([of_size(limit + 1)]).await);
    assert_eq!(larger, ResponseProblem::TooLarge { limit });
    let endless = Reply::raw("HTTP/1.1 503 Unavailable\r\n\r\n").endless(" ");
    let error = set(endless).await.expect_err("an error response");
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_redirect_within_the_api_is_followed_with_the_token() {
    for (status, location) in [
        (301, "/organizations/9001/codespaces/secrets/public-key"),
        (
            302,
            "../../../../organizations/9001/codespaces/secrets/public-key",
        ),
        (307, "/organizations/9001/codespaces/secrets/public-key"),
        (308, "/organizations/9001/codespaces/secrets/public-key"),
    ] {
        let redirect = Reply::status(status).header("Location", location);
        let wire = Wire::script([redirect, Reply::json(200, &key_json())]);
        let key = github::secrets(wire.url()).public_key().await;
        assert_eq!(key.expect("a key").id(), "1");
        let requests = wire.requests();
        let path = "/organizations/9001/codespaces/secrets/public-key";
        assert_eq!(requests[1].path(), path, "{status} to {location}");
        let token = format!("Bearer {}", github::TOKEN);
        assert_eq!(requests[1].header("authorization"), Some(token.as_str()));
    }
}

#[tokio::test]
async fn a_redirected_write_of_an_organization_is_refused() {
    let path = "/organizations/9001/codespaces/secrets/DB_PASSWORD";
    for status in [301, 302, 303, 307, 308] {
        let redirect = Reply::status(status).header("Location", path);
        let wire = Wire::script([github::public_key(), redirect, Reply::status(201)]);
        let secrets = github::secrets(wire.url());
        let set = secrets.set("DB_PASSWORD", "value", Visibility::All).await;
        let error = set.expect_err("nothing says whom the write would reach");
        let Error::UnexpectedResponse(unexpected) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(unexpected.problem, ResponseProblem::Redirect);
        assert!(!error.may_have_taken_effect(), "{error:?}");
        assert_eq!(wire.requests().len(), 2);
    }
}

/// A client that was passed in follows redirects by itself, and makes a read of the write.
#[tokio::test]
async fn a_write_that_was_redirected_to_a_read_is_no_success() {
    let redirect = Reply::status(303).header("Location", "/");
    for reply in [
        Reply::status(204),
        Reply::status(201),
        github::secret("all"),
    ] {
        let wire = Wire::script([github::public_key(), redirect.clone(), reply]);
        let following = github::builder(wire.url()).http_client(reqwest::Client::new());
        let secrets = github::codespaces(following);
        let set = secrets.set("DB_PASSWORD", "value", Visibility::All).await;
        let error = set.expect_err("nothing was stored");
        assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
        assert_eq!(wire.requests().len(), 3);
    }
}

/// The first request was sent, although the client says that it could not connect.
#[tokio::test]
async fn a_write_that_was_redirected_to_where_nothing_listens_may_have_taken_effect() {
    for status in [301, 302, 303, 307, 308] {
        let wire = Wire::serve(move |request| match request.method.as_str() {
            "POST" => Reply::status(status).header("Location", "http://127.0.0.1:1/"),
            _ => github::success(request),
        });
        let following = github::builder(wire.url()).http_client(reqwest::Client::new());
        let github = following.build().expect("settings");
        let registries = github.org("acme").expect("a login").private_registries();
        let created = registries.create(contract_tests::calls::new_registry());
        let error = created.await.expect_err("nothing listens");
        assert!(error.may_have_taken_effect(), "{status}: {error:?}");
        let requests = wire.requests();
        let posts = requests.iter().filter(|request| request.method == "POST");
        assert_eq!(posts.count(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_client_that_follows_no_redirects_knows_that_nothing_was_sent() {
    let policy = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().redirect(policy).build();
    let given = github::builder("http://127.0.0.1:1").http_client(client.expect("a client"));
    let secrets = github::codespaces(given);
    let set = secrets.set("DB_PASSWORD", "value", Visibility::All);
    let error = set.await.expect_err("nothing listens");
    assert!(!error.may_have_taken_effect(), "{error:?}");
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_refused_and_nothing_is_sent_there() {
    let elsewhere = Wire::script([Reply::json(200, &key_json())]);
    for location in [
        elsewhere.url(),
        elsewhere.url().replace("127.0.0.1", "localhost"),
        elsewhere.url().replace("http:", ""),
        elsewhere.url().replace("http:", "https:"),
        elsewhere.url().replace("http://", "http://api.github.com@"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let redirect = Reply::status(status).header("Location", &location);
            let problem = problem(key_of([redirect]).await);
            assert_eq!(problem, ResponseProblem::Redirect, "{status} to {location}");
        }
    }
    assert_eq!(elsewhere.bytes(), b"");
}

#[tokio::test]
async fn a_redirect_without_end_or_without_an_address_is_refused() {
    let path = "/orgs/acme/codespaces/secrets/public-key";
    let wire = Wire::serve(move |_| Reply::status(302).header("Location", path));
    let key = github::secrets(wire.url()).public_key().await;
    assert_eq!(problem(key), ResponseProblem::Redirect);
    assert!(wire.requests().len() < 20);
    for location in [
        "http://[",
        "mailto:octocat@example.com",
        "file:///etc/passwd",
        "data:application/json,{}",
    ] {
        let redirect = Reply::status(302).header("Location", location);
        let problem = problem(key_of([redirect]).await);
        assert_eq!(problem, ResponseProblem::Redirect, "to {location}");
    }
    assert_eq!(
        problem(key_of([Reply::status(302)]).await),
        ResponseProblem::Redirect
    );
}

#[tokio::test]
async fn a_response_from_another_origin_is_refused_when_the_given_client_goes_there() {
    let elsewhere = Wire::script([Reply::json(200, &key_json())]);
    let wire = Wire::script([Reply::status(302).header("Location", &elsewhere.url())]);
    let following = github::builder(wire.url()).http_client(reqwest::Client::new());
    let secrets = github::codespaces(following);
    let key = secrets.public_key().await;
    assert_eq!(problem(key), ResponseProblem::Redirect);
    let requests = elsewhere.requests();
    assert_eq!(
        (requests.len(), requests[0].header("authorization")),
        (1, None)
    );
}
