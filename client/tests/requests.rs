//! What the client sends, as a transport gets it, and what it reads.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Mutex};

use github_secrets_client::{
    Answer, Client, Error, Transport,
    types::{
        RepositoryId, SelectRepositories, SetSecret, SetSecretVisibility, UpdatePrivateRegistry,
    },
};

/// Keeps each request, and answers it with a status and a body.
#[derive(Debug)]
struct Recorder {
    status: u16,
    body: &'static str,
    requests: Mutex<Vec<reqwest::Request>>,
}

impl Transport for Recorder {
    fn send(self: Arc<Self>, _: &reqwest::Client, request: reqwest::Request) -> Answer<'_> {
        self.requests.lock().unwrap().push(request);
        let response = http::Response::builder().status(self.status);
        let response = response.body(self.body).unwrap();
        Box::pin(async { Ok(response.into()) })
    }
}

impl Recorder {
    fn client(status: u16, body: &'static str) -> (Client, Arc<Self>) {
        let recorder = Arc::new(Self {
            status,
            body,
            requests: Mutex::default(),
        });
        let http = reqwest::Client::new();
        let api = "https://api.example/v3".parse().unwrap();
        let client = Client::new_with_client(api, http, recorder.clone());
        (client, recorder)
    }

    fn take(&self) -> Vec<reqwest::Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// The body of the only request.
    fn sent(&self) -> String {
        let requests = self.take();
        assert_eq!(requests.len(), 1);
        let body = requests[0].body().unwrap().as_bytes().unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }
}

const SECRET: &str =
    r#"{"name":"A","created_at":"2019-08-10T14:59:22Z","updated_at":"2020-01-10T14:59:22Z"}"#;

#[tokio::test]
async fn a_name_in_a_path_is_percent_encoded_once() {
    let (client, recorder) = Recorder::client(200, SECRET);
    for (name, encoded) in [
        ("production", "production"),
        ("review/eu west", "review%2Feu%20west"),
        ("50%", "50%25"),
        ("a%2Fb", "a%252Fb"),
        (r"a\b", "a%5Cb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a;b:c@d&e=f+g", "a%3Bb%3Ac%40d%26e%3Df%2Bg"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("a\tb\nc", "a%09b%0Ac"),
        ("...", "..."),
        ("a-b_c.d~e", "a-b_c.d~e"),
    ] {
        let call = client.actions_get_environment_secret("acme", "website", name, "TOKEN");
        call.await.unwrap();
        let url = recorder.take().remove(0).url().to_string();
        let path = format!("/repos/acme/website/environments/{encoded}/secrets/TOKEN");
        assert_eq!(url, format!("https://api.example/v3{path}"), "{name}");
    }
}

#[tokio::test]
async fn a_name_that_would_address_something_else_is_refused_and_nothing_is_sent() {
    let (client, recorder) = Recorder::client(204, "");
    for name in ["", ".", ".."] {
        let call = client.actions_delete_environment_secret("acme", "website", name, "TOKEN");
        match call.await {
            Err(Error::InvalidRequest(reason)) => {
                assert_eq!(reason, format!("`{name}` cannot be a segment of a path"));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(recorder.take().is_empty());
}

#[tokio::test]
async fn each_request_asks_for_json_of_one_api_version() {
    let (client, recorder) = Recorder::client(204, "");
    client
        .codespaces_delete_org_secret("acme", "A")
        .await
        .unwrap();
    let (client, reader) = Recorder::client(200, SECRET);
    client.codespaces_get_org_secret("acme", "A").await.unwrap();
    for mut request in [recorder.take(), reader.take()].into_iter().flatten() {
        let headers = std::mem::take(request.headers_mut());
        assert_eq!(headers.get_all("accept").iter().count(), 1);
        assert_eq!(headers["accept"], "application/json");
        assert_eq!(headers["x-github-api-version"], "2022-11-28");
    }
}

#[tokio::test]
async fn a_list_is_asked_for_with_the_page_and_its_size_when_they_are_given() {
    let (client, recorder) = Recorder::client(200, r#"{"total_count":0,"secrets":[]}"#);
    for (page, per_page, query) in [
        (None, None, None),
        (Some(2), Some(100), Some("page=2&per_page=100")),
    ] {
        let call = client.actions_list_repo_organization_secrets("acme", "website", page, per_page);
        assert_eq!(call.await.unwrap().secrets.len(), 0);
        assert_eq!(recorder.take()[0].url().query(), query);
    }
}

#[tokio::test]
async fn nothing_selected_is_sent_as_an_empty_list_and_nothing_said_is_left_out() {
    let (client, recorder) = Recorder::client(201, "{}");
    for (ids, sent) in [
        (None, r#"{"visibility":"selected"}"#),
        (
            Some(vec![]),
            r#"{"selected_repository_ids":[],"visibility":"selected"}"#,
        ),
        (
            Some(vec![
                RepositoryId::Integer(1),
                RepositoryId::String("2".into()),
            ]),
            r#"{"selected_repository_ids":[1,"2"],"visibility":"selected"}"#,
        ),
    ] {
        let body = SetSecret {
            visibility: Some(SetSecretVisibility::Selected),
            selected_repository_ids: ids,
            ..SetSecret::default()
        };
        let call = client.dependabot_create_or_update_org_secret("acme", "A", &body);
        assert_eq!(call.await.unwrap().status(), 201);
        assert_eq!(recorder.sent(), sent);
    }
    let none = SelectRepositories {
        selected_repository_ids: vec![],
    };
    let call = client.codespaces_set_selected_repos_for_org_secret("acme", "A", &none);
    assert!(call.await.is_err(), "201 is no success of this operation");
    assert_eq!(recorder.sent(), r#"{"selected_repository_ids":[]}"#);
}

#[tokio::test]
async fn an_update_of_a_registry_tells_null_from_what_it_leaves_out() {
    let (client, recorder) = Recorder::client(204, "");
    for (username, sent) in [
        (None, "{}"),
        (Some(None), r#"{"username":null}"#),
        (
            Some(Some("octocat".to_owned())),
            r#"{"username":"octocat"}"#,
        ),
    ] {
        let body = UpdatePrivateRegistry {
            username,
            ..UpdatePrivateRegistry::default()
        };
        let call = client.private_registries_update_org_private_registry("acme", "A", &body);
        call.await.unwrap();
        assert_eq!(recorder.sent(), sent);
    }
}

#[test]
fn a_sealed_value_is_not_printed() {
    let secret = SetSecret {
        encrypted_value: Some("c2VhbGVk".into()),
        ..SetSecret::default()
    };
    assert_eq!(format!("{secret:?}"), "SetSecret { .. }");
    let registry = UpdatePrivateRegistry {
        encrypted_value: Some("c2VhbGVk".into()),
        ..UpdatePrivateRegistry::default()
    };
    assert_eq!(format!("{registry:?}"), "UpdatePrivateRegistry { .. }");
}

#[tokio::test]
async fn a_value_that_github_adds_later_can_be_read() {
    let secret =
        r#"{"name":"A","created_at":"","updated_at":"","visibility":"enterprise","new":[]}"#;
    let (client, _) = Recorder::client(200, secret);
    let secret = client.agents_get_org_secret("acme", "A").await.unwrap();
    assert_eq!(secret.visibility.as_deref(), Some("enterprise"));
}

#[tokio::test]
async fn the_id_of_a_key_can_be_text_or_a_number() {
    for (body, id) in [
        (r#"{"key":"a","key_id":"012"}"#, "012"),
        (r#"{"key":"a","key_id":12}"#, "12"),
    ] {
        let (client, _) = Recorder::client(200, body);
        let key = client.private_registries_get_org_public_key("acme").await;
        assert_eq!(key.unwrap().key_id.to_string(), id);
    }
}

#[tokio::test]
async fn a_refusal_keeps_its_status_and_its_unread_body() {
    let (client, _) = Recorder::client(422, "<html>");
    match client.actions_get_repo_secret("acme", "website", "A").await {
        Err(Error::UnexpectedResponse(response)) => {
            assert_eq!(response.status(), 422);
            assert_eq!(response.text().await.unwrap(), "<html>");
        }
        other => panic!("{other:?}"),
    }
}
