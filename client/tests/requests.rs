//! What a request asks for, what it is sent as, and what is read.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_client::{
    API_VERSION, Error, MEDIA_TYPE, Request, SecretStore, actions_create_or_update_repo_secret,
    actions_delete_environment_secret, actions_get_environment_secret, actions_get_repo_secret,
    actions_list_repo_organization_secrets, agents_get_org_secret,
    codespaces_add_repository_for_secret_for_authenticated_user, codespaces_delete_org_secret,
    codespaces_set_selected_repos_for_org_secret, dependabot_create_or_update_org_secret,
    private_registries_get_org_public_key, private_registries_update_org_private_registry,
    types::{
        RepositoryId, SelectRepositories, SetSecret, SetSecretVisibility, UpdatePrivateRegistry,
    },
};
use reqwest::{Method, StatusCode, Url};

fn api() -> Url {
    "https://api.example/v3".parse().unwrap()
}

/// The URL below `https://api.example/v3`.
fn path<T>(request: &Request<T>) -> String {
    let url = request.url(&api()).unwrap().to_string();
    url.strip_prefix("https://api.example/v3")
        .unwrap()
        .to_owned()
}

/// The body as text.
fn body<T>(request: &Request<T>) -> &str {
    std::str::from_utf8(request.body().unwrap()).unwrap()
}

#[test]
fn a_name_in_a_path_is_percent_encoded_once() {
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
        let request = actions_get_environment_secret("acme", "website", name, "TOKEN");
        let expected = format!("/repos/acme/website/environments/{encoded}/secrets/TOKEN");
        assert_eq!(path(&request), expected, "{name}");
    }
}

#[test]
fn a_path_stands_below_the_address_of_the_api() {
    let request = codespaces_add_repository_for_secret_for_authenticated_user("A", -7);
    for (base, expected) in [
        ("https://api.github.com", "https://api.github.com"),
        ("https://api.github.com/", "https://api.github.com"),
        (
            "https://github.acme.example/api/v3",
            "https://github.acme.example/api/v3",
        ),
        (
            "https://github.acme.example/api/v3/",
            "https://github.acme.example/api/v3",
        ),
        ("http://127.0.0.1:8080/?a=b", "http://127.0.0.1:8080"),
    ] {
        let url = request.url(&base.parse().unwrap()).unwrap();
        let expected = format!("{expected}/user/codespaces/secrets/A/repositories/-7");
        assert_eq!(url.as_str(), expected);
    }
}

#[test]
fn a_name_that_would_address_something_else_is_an_error_of_the_request() {
    for name in ["", ".", ".."] {
        let request = actions_delete_environment_secret("acme", "website", name, "TOKEN");
        let errors = [
            request.url(&api()).err(),
            request.clone().build(&api()).err(),
        ];
        for error in errors {
            let error = error.unwrap();
            assert!(
                matches!(&error, Error::Segment(segment) if segment == name),
                "{error:?}"
            );
            assert_eq!(
                error.to_string(),
                format!("`{name}` cannot be a segment of a path")
            );
        }
    }
}

#[test]
fn each_request_asks_for_json_of_one_api_version() {
    assert_eq!(API_VERSION, "2022-11-28");
    assert_eq!(MEDIA_TYPE, "application/vnd.github+json");
    let write = actions_create_or_update_repo_secret("acme", "web", "A", &SetSecret::default());
    for (built, content_type) in [
        (
            codespaces_delete_org_secret("acme", "A").build(&api()),
            None,
        ),
        (agents_get_org_secret("acme", "A").build(&api()), None),
        (write.build(&api()), Some("application/json")),
    ] {
        let built = built.unwrap();
        let headers = built.headers();
        assert_eq!(headers["accept"], MEDIA_TYPE);
        assert_eq!(headers["x-github-api-version"], API_VERSION);
        let sent = headers
            .get("content-type")
            .map(|value| value.to_str().unwrap());
        assert_eq!(sent, content_type);
        assert_eq!(headers.len(), 2 + usize::from(content_type.is_some()));
        assert_eq!(built.body().is_some(), content_type.is_some());
    }
}

#[test]
fn a_list_is_asked_for_with_the_page_and_its_size_when_they_are_given() {
    for (page, per_page, query) in [
        (None, None, None),
        (Some(2), None, Some("page=2")),
        (None, Some(100), Some("per_page=100")),
        (Some(2), Some(100), Some("page=2&per_page=100")),
    ] {
        let list = actions_list_repo_organization_secrets("acme", "website", page, per_page);
        assert_eq!(list.url(&api()).unwrap().query(), query);
    }
}

#[test]
fn another_page_is_the_same_request_at_another_address() {
    let list = actions_list_repo_organization_secrets("acme", "website", None, Some(100));
    let address: Url = "https://api.example/organizations/1/secrets?page=2"
        .parse()
        .unwrap();
    let next = list.clone().at(address.clone());
    assert_eq!(next.url(&api()).unwrap(), address);
    assert_eq!(next.build(&api()).unwrap().url(), &address);
    assert_eq!(next.method(), Method::GET);
    let page = next.read(br#"{"total_count":0,"secrets":[]}"#).unwrap();
    assert_eq!(page.secrets.len(), 0);
    assert_eq!(list.url(&api()).unwrap().query(), Some("per_page=100"));
}

#[test]
fn nothing_selected_is_sent_as_an_empty_list_and_nothing_said_is_left_out() {
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
        let secret = SetSecret {
            visibility: Some(SetSecretVisibility::Selected),
            selected_repository_ids: ids,
            ..SetSecret::default()
        };
        let request = dependabot_create_or_update_org_secret("acme", "A", &secret);
        assert_eq!(body(&request), sent);
    }
    let none = SelectRepositories {
        selected_repository_ids: vec![],
    };
    let request = codespaces_set_selected_repos_for_org_secret("acme", "A", &none);
    assert_eq!(body(&request), r#"{"selected_repository_ids":[]}"#);
}

#[test]
fn an_update_of_a_registry_distinguishes_null_from_what_it_leaves_out() {
    for (username, sent) in [
        (None, "{}"),
        (Some(None), r#"{"username":null}"#),
        (
            Some(Some("octocat".to_owned())),
            r#"{"username":"octocat"}"#,
        ),
    ] {
        let update = UpdatePrivateRegistry {
            username,
            ..UpdatePrivateRegistry::default()
        };
        let request = private_registries_update_org_private_registry("acme", "A", &update);
        assert_eq!(body(&request), sent);
        assert_eq!(request.method(), Method::PATCH);
    }
}

#[test]
fn a_clone_shares_the_body_and_is_sent_as_the_request_is() {
    let secret = SetSecret {
        encrypted_value: Some("c2VhbGVk".into()),
        ..SetSecret::default()
    };
    let request = dependabot_create_or_update_org_secret("acme", "A", &secret);
    let clone = request.clone();
    assert_eq!(
        request.body().unwrap().as_ptr(),
        clone.body().unwrap().as_ptr()
    );
    let (one, other) = (request.build(&api()).unwrap(), clone.build(&api()).unwrap());
    assert_eq!(one.url(), other.url());
    assert_eq!(one.headers(), other.headers());
    let sent = |request: &reqwest::Request| request.body().unwrap().as_bytes().unwrap().as_ptr();
    assert_eq!(sent(&one), sent(&other));
}

#[test]
fn a_request_apart_from_how_it_is_read_is_the_same_request() {
    let list = actions_list_repo_organization_secrets("acme", "website", Some(2), None);
    let whole = list.build(&api()).unwrap();
    let (request, read) = list.split();
    let apart = request.build(&api()).unwrap();
    assert_eq!(apart.method(), whole.method());
    assert_eq!(apart.url(), whole.url());
    assert_eq!(apart.headers(), whole.headers());
    assert!(request.is_success(StatusCode::OK));
    assert!(!request.is_success(StatusCode::CREATED));
    let page = read(br#"{"total_count":0,"secrets":[]}"#).unwrap();
    assert_eq!(page.secrets.len(), 0);
    let secret = SetSecret {
        encrypted_value: Some("c2VhbGVk".into()),
        ..SetSecret::default()
    };
    let write = dependabot_create_or_update_org_secret("acme", "A", &secret);
    let body = write.body().cloned();
    assert_eq!(write.split().0.body(), body.as_ref());
}

#[test]
fn only_what_the_description_lists_is_a_success() {
    let write = dependabot_create_or_update_org_secret("acme", "A", &SetSecret::default());
    let delete = codespaces_delete_org_secret("acme", "A");
    for status in 100..600 {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(
            write.is_success(status),
            [201, 204].contains(&status.as_u16())
        );
        assert_eq!(delete.is_success(status), status == StatusCode::NO_CONTENT);
    }
    write.read(b"{}").unwrap();
    delete.read(b"<html>").unwrap();
}

#[test]
fn a_value_that_github_adds_later_can_be_read() {
    let secret =
        br#"{"name":"A","created_at":"","updated_at":"","visibility":"enterprise","new":[]}"#;
    let secret = agents_get_org_secret("acme", "A").read(secret).unwrap();
    assert_eq!(secret.visibility.as_deref(), Some("enterprise"));
}

#[test]
fn the_id_of_a_key_can_be_text_or_a_number() {
    let request = private_registries_get_org_public_key("acme");
    for (body, id) in [
        (r#"{"key":"a","key_id":"012"}"#, "012"),
        (r#"{"key":"a","key_id":12}"#, "12"),
    ] {
        let key = request.read(body.as_bytes()).unwrap();
        assert_eq!(key.key_id.to_string(), id);
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
    let request = dependabot_create_or_update_org_secret("acme", "A", &secret);
    let path = r#"path: "/orgs/acme/dependabot/secrets/A""#;
    assert_eq!(
        format!("{request:?}"),
        format!("Request {{ method: PUT, {path}, .. }}")
    );
    let elsewhere = request.at("https://api.example/b?c=d".parse().unwrap());
    let expected = r#"Request { method: PUT, path: "/b", .. }"#;
    assert_eq!(format!("{elsewhere:?}"), expected);
}

#[test]
fn a_store_of_any_owner_asks_for_what_its_own_function_does() {
    let repository = SecretStore::RepositoryActions {
        owner: "acme",
        repo: "website",
    };
    let own = actions_get_repo_secret("acme", "website", "A");
    assert_eq!(path(&repository.get("A")), path(&own));
    assert_eq!(
        path(&repository.list_organization_secrets(Some(2), None).unwrap()),
        "/repos/acme/website/actions/organization-secrets?page=2"
    );
    assert!(repository.list_repositories("A", None, None).is_none());
    assert!(repository.add_repository("A", 7).is_none());
    let user = SecretStore::User;
    let repositories = user.list_repositories("A", Some(2), Some(100)).unwrap();
    assert_eq!(
        path(&repositories),
        "/user/codespaces/secrets/A/repositories"
    );
    assert!(user.list_organization_secrets(None, None).is_none());
}
