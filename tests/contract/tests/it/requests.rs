//! What the library sends, byte for byte, held against the very operation of GitHub's description.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::{Description, Operation, Reply, Request, Wire, calls, github};
use github_secrets::{Error, Organization, PublicKey, Secrets, Visibility};
use serde_json::{Value, json};

#[tokio::test]
async fn every_operation_is_called_as_the_description_says() {
    let description = Description::load();
    let wire = Wire::serve(github::success);
    let github = github::builder(wire.url()).build().expect("settings");
    for Operation { id, .. } in description.operations() {
        let before = wire.requests().len();
        let operation = calls::operation(id).expect(id);
        calls::call(&github, operation).await.expect(id);
        let mut called = BTreeSet::new();
        for request in wire.requests().split_off(before) {
            let objections = description.objections(&request);
            assert_eq!(objections, [""; 0], "{}", request.line());
            called.extend(description.operation(&request).map(|it| &it.id));
        }
        assert!(called.contains(id), "{id} is never called: {called:?}");
    }
}

/// What comes over the wire when these calls are made.
async fn sent(call: impl AsyncFnOnce(&Secrets<Organization>) -> Result<(), Error>) -> Vec<Request> {
    let wire = Wire::serve(github::success);
    let secrets = github::secrets(wire.url() + "/api/v3/");
    call(&secrets).await.expect("the calls succeed");
    wire.requests()
}

#[tokio::test]
async fn a_read_carries_these_headers_and_no_other() {
    let requests = sent(async |secrets| secrets.public_key().await.map(drop)).await;
    let path = "/api/v3/orgs/acme/codespaces/secrets/public-key";
    assert_eq!(requests[0].line(), format!("GET {path}"));
    assert_eq!(requests[0].body, b"");
    let mut headers = requests[0].headers.clone();
    headers.retain(|(name, _)| name != "host");
    headers.sort();
    let expected = [
        ("accept", "application/vnd.github+json".to_owned()),
        ("authorization", format!("Bearer {}", github::TOKEN)),
        ("user-agent", "github-secrets/0.1.0".to_owned()),
        ("x-github-api-version", "2022-11-28".to_owned()),
    ];
    assert_eq!(
        headers,
        expected.map(|(name, value)| (name.to_owned(), value))
    );
}

#[tokio::test]
async fn a_write_carries_the_type_and_the_length_of_its_body_as_well() {
    let set = async |secrets: &Secrets<Organization>| {
        secrets
            .set("DB_PASSWORD", "value", Visibility::All)
            .await
            .map(drop)
    };
    let requests = sent(set).await;
    let (read, write) = (&requests[0], &requests[1]);
    let path = "/api/v3/orgs/acme/codespaces/secrets/DB_PASSWORD";
    assert_eq!(write.line(), format!("PUT {path}"));
    let mut headers = write.headers.clone();
    headers.retain(|(name, _)| !name.starts_with("content-"));
    headers.sort();
    let mut expected = read.headers.clone();
    expected.sort();
    assert_eq!(headers, expected);
    assert_eq!(write.header("content-type"), Some("application/json"));
    let length = write.body.len().to_string();
    assert_eq!(write.header("content-length"), Some(length.as_str()));
}

/// The body of the first write that these calls send, with the sealed box shown as its size.
async fn body(call: impl AsyncFnOnce(&Secrets<Organization>) -> Result<(), Error>) -> Value {
    let requests = sent(call).await;
    let write = requests.iter().find(|request| request.method == "PUT");
    let mut body = write.expect("a write").json();
    if let Some(encrypted) = body.get_mut("encrypted_value") {
        let sealed = STANDARD.decode(encrypted.as_str().expect("text"));
        *encrypted = json!(sealed.expect("base64").len());
    }
    body
}

#[tokio::test]
async fn a_write_sends_ids_with_the_visibility_selected_alone_and_the_empty_selection_too() {
    for (visibility, sent, ids) in [
        (Visibility::All, "all", None),
        (Visibility::Private, "private", None),
        (Visibility::selected_none(), "selected", Some(json!([]))),
        (
            Visibility::selected([7, 1, 7]),
            "selected",
            Some(json!([1, 7])),
        ),
    ] {
        let set = async |secrets: &Secrets<Organization>| {
            secrets
                .set("DB_PASSWORD", "value", visibility)
                .await
                .map(drop)
        };
        let mut expected = json!({
            "encrypted_value": 5 + PublicKey::OVERHEAD_BYTES,
            "key_id": "012345678912345678",
            "visibility": sent,
        });
        if let Some(ids) = ids {
            expected["selected_repository_ids"] = ids;
        }
        assert_eq!(body(set).await, expected);
    }
}

#[tokio::test]
async fn a_change_of_access_alone_sends_no_value_and_no_key() {
    let to_private = async |secrets: &Secrets<Organization>| {
        let set = secrets.set_access("DB_PASSWORD", Visibility::Private).await;
        // This server says that it makes the change, and does not.
        assert!(matches!(set, Err(Error::AccessNotChanged(_))), "{set:?}");
        Ok(())
    };
    assert_eq!(body(to_private).await, json!({ "visibility": "private" }));
}

#[tokio::test]
async fn the_empty_list_of_repositories_is_sent() {
    let set = async |secrets: &Secrets<Organization>| {
        secrets
            .repositories("DB_PASSWORD")?
            .set(Vec::<u64>::new())
            .await
    };
    assert_eq!(body(set).await, json!({ "selected_repository_ids": [] }));
}

#[tokio::test]
async fn the_id_of_a_key_is_sent_as_the_same_text_whether_it_is_text_or_a_number() {
    for (key_id, sent) in [
        (json!("012345678912345678"), "012345678912345678"),
        (json!(568_250_167_242_549_743_u64), "568250167242549743"),
        (json!(i64::MAX), "9223372036854775807"),
        (json!("key \"ü\""), "key \"ü\""),
    ] {
        let key = Reply::json(200, &json!({ "key_id": key_id, "key": github::KEY }));
        let wire = Wire::script([key, Reply::status(201)]);
        let secrets = github::secrets(wire.url());
        let stored = secrets.set("DB_PASSWORD", "value", Visibility::All).await;
        stored.expect("stored");
        assert_eq!(wire.requests()[1].json()["key_id"], sent);
    }
}

#[test]
fn a_request_that_the_description_does_not_allow_would_be_found() {
    let description = Description::load();
    let request = |method: &str, target: &str, body: &str| {
        let content_type = ("content-type".to_owned(), "application/json".to_owned());
        Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::from_iter((!body.is_empty()).then_some(content_type)),
            body: body.into(),
        }
    };
    let secret = "/orgs/acme/codespaces/secrets/NAME";
    let allowed = request("PUT", secret, r#"{"visibility":"all"}"#);
    assert_eq!(description.objections(&allowed), [""; 0]);
    let untyped = Request {
        headers: Vec::new(),
        ..allowed
    };
    for wrong in [
        untyped,
        request("POST", secret, r#"{"visibility":"all"}"#),
        request("PUT", &format!("{secret}/"), r#"{"visibility":"all"}"#),
        request(
            "PUT",
            &format!("{secret}?page=1"),
            r#"{"visibility":"all"}"#,
        ),
        request("PUT", secret, ""),
        request("PUT", secret, "{"),
        request("PUT", secret, r#"{"visibility":"public"}"#),
        request(
            "PUT",
            secret,
            r#"{"visibility":"all","encrypted_value":"a"}"#,
        ),
        request("PUT", secret, r#"{"visibility":"all","key_id":7}"#),
        request(
            "PUT",
            secret,
            r#"{"visibility":"all","selected_repository_ids":["7"]}"#,
        ),
        request(
            "PUT",
            secret,
            r#"{"visibility":"all","selected_repository_ids":null}"#,
        ),
        request("PUT", secret, r#"{"visibility":"all","value":"plain"}"#),
        request("PUT", &format!("{secret}/repositories/website"), ""),
        request("PUT", &format!("{secret}/repositories/7"), "{}"),
        request("GET", "/orgs/acme/codespaces/secrets?per_page=many", ""),
        request("GET", "/orgs/acme/codespaces/secrets?page=1&page=2", ""),
    ] {
        assert_ne!(description.objections(&wrong), [""; 0], "{wrong:?}");
    }
}
