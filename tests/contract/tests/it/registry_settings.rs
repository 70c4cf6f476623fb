//! The settings of private registries: what is sent, what is left out, and what is refused.

use contract_tests::{Reply, Wire, calls, github};
use github_secrets::{
    Error, NewRegistry, Oidc, PrivateRegistries, RegistryAuth, RegistryError, RegistryType,
    RegistryUpdate, Visibility,
};
use github_secrets_emulator::Emulator;
use serde_json::{Value, json};

const URL: &str = "https://maven.acme.example/releases";

fn registries(url: impl Into<String>) -> PrivateRegistries {
    let github = github::builder(url).build().expect("settings");
    github.org("acme").expect("a login").private_registries()
}

fn create(auth: RegistryAuth) -> Result<NewRegistry, Error> {
    NewRegistry::new(
        RegistryType::MavenRepository,
        URL,
        auth,
        Visibility::Private,
    )
}

/// A server that has this registry.
fn with(registry: Value) -> Wire {
    Wire::serve(move |request| match request.method.as_str() {
        "GET" if request.path().ends_with(calls::REGISTRY) => Reply::json(200, &registry),
        _ => github::success(request),
    })
}

/// A registry that authenticates in this way.
fn registry(auth_type: &str, replaces_base: bool) -> Value {
    let mut registry = github::registry(calls::REGISTRY);
    registry["auth_type"] = json!(auth_type);
    registry["replaces_base"] = json!(replaces_base);
    registry
}

/// The body that an update sends, with the sealed box shown as its type.
async fn sent(registry: Value, update: RegistryUpdate) -> Value {
    let wire = with(registry);
    let updated = registries(wire.url()).update(calls::REGISTRY, update).await;
    updated.expect("updated");
    let last = wire.requests().pop().expect("a request");
    let path = format!("PATCH /orgs/acme/private-registries/{}", calls::REGISTRY);
    assert_eq!(last.line(), path);
    let mut body = last.json();
    if let Some(sealed) = body.get_mut("encrypted_value") {
        assert!(sealed.is_string());
        *sealed = json!("sealed");
    }
    body
}

/// GitHub's description gives `replaces_base` a default for updates, so leaving it out could reset
/// it.
#[tokio::test]
async fn an_update_sends_replaces_base_as_it_is_and_nothing_that_was_not_set() {
    for replaces_base in [true, false] {
        let registry = || registry("token", replaces_base);
        let base = json!({ "replaces_base": replaces_base });
        assert_eq!(sent(registry(), RegistryUpdate::new()).await, base);
        let url = RegistryUpdate::new().url(URL);
        let expected = json!({ "replaces_base": replaces_base, "url": URL });
        assert_eq!(sent(registry(), url).await, expected);
        let other = RegistryUpdate::new().replaces_base(!replaces_base);
        assert_eq!(
            sent(registry(), other).await,
            json!({ "replaces_base": !replaces_base })
        );
    }
}

#[tokio::test]
async fn an_update_sends_the_value_with_its_key_and_without_the_way_to_authenticate() {
    for auth_type in ["token", "username_password"] {
        let value = RegistryUpdate::new().value("another");
        let expected = json!({
            "replaces_base": false,
            "encrypted_value": "sealed",
            "key_id": "012345678912345678",
        });
        assert_eq!(sent(registry(auth_type, false), value).await, expected);
    }
}

#[tokio::test]
async fn an_update_sends_the_visibility_and_the_ids_only_together() {
    for (visibility, expected) in [
        (Visibility::All, json!({ "visibility": "all" })),
        (Visibility::Private, json!({ "visibility": "private" })),
        (
            Visibility::selected([7, 1]),
            json!({ "visibility": "selected", "selected_repository_ids": [1, 7] }),
        ),
        (
            Visibility::selected_none(),
            json!({ "visibility": "selected", "selected_repository_ids": [] }),
        ),
    ] {
        let update = RegistryUpdate::new().visibility(visibility);
        let mut body = sent(registry("token", false), update).await;
        body.as_object_mut()
            .expect("an object")
            .remove("replaces_base");
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn an_update_sets_or_removes_the_user_name() {
    for (username, sent_name) in [
        (Some("hubot".to_owned()), json!("hubot")),
        (None, Value::Null),
    ] {
        let update = RegistryUpdate::new().username(username);
        let body = sent(registry("username_password", false), update).await;
        assert_eq!(
            body,
            json!({ "replaces_base": false, "username": sent_name })
        );
    }
}

#[tokio::test]
async fn an_update_of_oidc_settings_names_the_way_to_authenticate() {
    let update = RegistryUpdate::new().oidc(azure());
    let body = sent(registry("oidc_azure", true), update).await;
    let expected = json!({
        "replaces_base": true,
        "auth_type": "oidc_azure",
        "tenant_id": "tenant",
        "client_id": "client",
    });
    assert_eq!(body, expected);
}

fn azure() -> Oidc {
    Oidc::Azure {
        tenant_id: "tenant".to_owned(),
        client_id: "client".to_owned(),
    }
}

#[tokio::test]
async fn what_the_registry_cannot_have_is_refused_before_it_is_sent() {
    let value = || RegistryUpdate::new().value("value");
    let oidc = || RegistryUpdate::new().oidc(azure());
    let name = || calls::REGISTRY.to_owned();
    for (auth_type, update, expected) in [
        ("oidc_azure", value(), RegistryError::NoValue(name())),
        ("oidc_aws", value(), RegistryError::NoValue(name())),
        ("oidc_of_tomorrow", value(), RegistryError::NoValue(name())),
        ("token", oidc(), RegistryError::OtherAuth(name())),
        (
            "username_password",
            oidc(),
            RegistryError::OtherAuth(name()),
        ),
        ("oidc_gcp", oidc(), RegistryError::OtherAuth(name())),
    ] {
        let wire = with(registry(auth_type, false));
        let updated = registries(wire.url()).update(calls::REGISTRY, update).await;
        let error = updated.expect_err(auth_type);
        assert!(
            matches!(&error, Error::Registry(refused) if *refused == expected),
            "{error:?}"
        );
        assert!(error.to_string().contains(calls::REGISTRY), "{error}");
        assert!(wire.lines().iter().all(|line| line.starts_with("GET ")));
    }
}

#[tokio::test]
async fn settings_that_cannot_be_right_are_refused_before_anything_is_sent() {
    let empty = |auth| match create(auth) {
        Err(Error::Registry(RegistryError::EmptyField(field))) => field,
        other => panic!("{other:?}"),
    };
    let blank = Oidc::Azure {
        tenant_id: " ".to_owned(),
        client_id: "client".to_owned(),
    };
    assert_eq!(empty(RegistryAuth::Oidc(blank.clone())), "tenant id");
    assert_eq!(
        empty(RegistryAuth::username_password("", "value")),
        "user name"
    );
    let too_large = create(RegistryAuth::token(vec![0; 49_105]));
    assert!(matches!(too_large, Err(Error::Value(_))), "{too_large:?}");
    for url in [
        "",
        "npm.acme.example",
        "/path",
        "mailto:octocat@acme.example",
        "https://octocat:hunter2@npm.acme.example",
        "https://octocat@npm.acme.example",
        "https://npm.acme.example/\npath",
        " https://npm.acme.example",
        "https:\\\\npm.acme.example",
        "javascript://npm.acme.example/%0aalert(1)",
        "ftp://npm.acme.example",
    ] {
        let token = RegistryAuth::token("value");
        let new = NewRegistry::new(RegistryType::NpmRegistry, url, token, Visibility::All);
        let error = new.expect_err(url);
        assert!(
            matches!(error, Error::Registry(RegistryError::Url)),
            "{error:?}"
        );
    }
    let token = RegistryAuth::token("value");
    let other = RegistryType::Other("of_tomorrow".to_owned());
    let error = NewRegistry::new(other, URL, token, Visibility::All).expect_err("unknown");
    assert!(error.to_string().contains("\"of_tomorrow\""), "{error}");

    let wire = Wire::script([]);
    let registries = registries(wire.url());
    for update in [
        RegistryUpdate::new().url("nowhere"),
        RegistryUpdate::new().oidc(blank),
        RegistryUpdate::new().value(vec![0; 49_105]),
    ] {
        registries
            .update(calls::REGISTRY, update)
            .await
            .expect_err("refused");
    }
    for name in ["", "NPM/REGISTRY", "..", "npm registry"] {
        for error in [
            registries.find(name).await.expect_err("find"),
            registries
                .update(name, RegistryUpdate::new())
                .await
                .expect_err("update"),
            registries.delete(name).await.expect_err("delete"),
        ] {
            assert!(
                matches!(error, Error::Registry(RegistryError::Name)),
                "{error:?}"
            );
        }
    }
    assert_eq!(wire.connections(), 0);
}

fn every_oidc() -> [Oidc; 8] {
    let text = str::to_owned;
    let aws = |audience| Oidc::Aws {
        region: text("us-east-1"),
        account_id: text("123456789012"),
        role_name: text("role"),
        domain: text("domain"),
        domain_owner: text("210987654321"),
        audience,
    };
    let jfrog = |audience, identity_mapping_name| Oidc::Jfrog {
        provider_name: text("provider"),
        audience,
        identity_mapping_name,
    };
    let gcp = |service_account, audience| Oidc::Gcp {
        workload_identity_provider: text("projects/1/providers/github"),
        service_account,
        audience,
    };
    [
        azure(),
        aws(None),
        aws(Some(text("audience"))),
        jfrog(None, None),
        jfrog(Some(text("audience")), Some(text("mapping"))),
        Oidc::Cloudsmith {
            namespace: text("acme"),
            service_slug: text("service"),
            audience: text("audience"),
            api_host: Some(text("api.cloudsmith.io")),
        },
        gcp(None, None),
        gcp(Some(text("account@acme.example")), Some(text("audience"))),
    ]
}

#[tokio::test]
async fn oidc_settings_are_stored_in_the_clear_and_read_back_as_they_were() {
    for oidc in every_oidc() {
        let emulator = Emulator::start().await.expect("an emulator");
        let registries = registries(emulator.url());
        let new = create(RegistryAuth::Oidc(oidc.clone())).expect("settings");
        let created = registries.create(new).await.expect("created");
        assert_eq!(created.oidc.as_ref(), Some(&oidc));
        let found = registries.find(&created.name).await.expect("a response");
        let found = found.expect("a registry");
        assert_eq!(found.oidc, Some(oidc));
        assert!(found.auth_type.starts_with("oidc_"), "{}", found.auth_type);
        let held = &emulator.registries("acme")[0];
        assert_eq!((held.value(), held.key_id()), (None, None));
        let requests = emulator.requests();
        assert!(
            !requests
                .iter()
                .any(|request| request.path().ends_with("/public-key"))
        );
    }
}

#[tokio::test]
async fn a_creation_sends_the_settings_of_its_kind_and_no_other() {
    for (auth, expected) in [
        (
            RegistryAuth::token("value"),
            json!({ "auth_type": "token", "encrypted_value": "sealed", "key_id": "012345678912345678" }),
        ),
        (
            RegistryAuth::username_password("octocat", "value"),
            json!({
                "auth_type": "username_password",
                "username": "octocat",
                "encrypted_value": "sealed",
                "key_id": "012345678912345678",
            }),
        ),
        (
            RegistryAuth::Oidc(azure()),
            json!({ "auth_type": "oidc_azure", "tenant_id": "tenant", "client_id": "client" }),
        ),
    ] {
        let wire = Wire::serve(github::success);
        let created = registries(wire.url())
            .create(create(auth).expect("settings"))
            .await;
        created.expect("created");
        let mut body = wire.requests().pop().expect("a request").json();
        if let Some(sealed) = body.get_mut("encrypted_value") {
            assert!(sealed.is_string());
            *sealed = json!("sealed");
        }
        let common = json!({
            "registry_type": "maven_repository",
            "url": URL,
            "visibility": "private",
            "replaces_base": false,
        });
        let mut all = common.as_object().expect("an object").clone();
        all.extend(expected.as_object().expect("an object").clone());
        assert_eq!(body, Value::Object(all));
    }
}

#[tokio::test]
async fn a_registry_of_a_later_kind_is_read_all_the_same() {
    let mut registry = registry("oidc_of_tomorrow", false);
    registry["registry_type"] = json!("of_tomorrow");
    registry["visibility"] = json!("internal");
    let wire = with(registry);
    let found = registries(wire.url()).find(calls::REGISTRY).await;
    let found = found.expect("a response").expect("a registry");
    assert_eq!(found.registry_type.as_str(), "of_tomorrow");
    assert_eq!(
        (found.auth_type.as_str(), found.oidc),
        ("oidc_of_tomorrow", None)
    );
    assert_eq!(found.visibility.to_string(), "internal");
}
