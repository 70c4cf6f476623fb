//! What the ten stores share, and in what they differ.

use github_secrets_emulator::{
    Emulator, Organization, Place, Repository, Store, StoredSecret, Visibility,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    delete, field_names, fields, get, json_of, key_of, links, path, places, put, refusal, request,
    sealed, set_at, store,
};

const TIMES: [&str; 2] = ["created_at", "updated_at"];

#[tokio::test]
async fn every_store_creates_updates_lists_reads_and_deletes() {
    let emulator = Emulator::start().await.unwrap();
    for place in places() {
        let secrets = path(&place);

        let created = set_at(&emulator, &secrets, "token", b"one", fields(&place)).await;
        assert_eq!(created.status(), 201, "{place}");
        assert_eq!(created.text().await.unwrap(), "{}", "{place}");
        assert_eq!(
            store(&emulator, &place, "TOKEN", b"two").await,
            204,
            "{place}"
        );
        assert_eq!(emulator.secret(&place, "token").unwrap().value(), b"two");

        let list = json_of(get(&emulator, &secrets).await).await;
        let read = json_of(get(&emulator, &format!("{secrets}/TOKEN")).await).await;
        assert_eq!(
            list,
            json!({ "total_count": 1, "secrets": [read] }),
            "{place}"
        );

        let one = format!("{secrets}/token");
        assert_eq!(delete(&emulator, &one).await.status(), 204, "{place}");
        assert!(emulator.secrets(&place).is_empty(), "{place}");
        for refused in [get(&emulator, &one).await, delete(&emulator, &one).await] {
            assert_eq!(refusal(refused).await.0, 404, "{place}");
        }
    }
    assert!(emulator.all_secrets().is_empty());
}

#[tokio::test]
async fn a_place_has_its_own_secrets() {
    let emulator = Emulator::start().await.unwrap();
    for place in places() {
        let value = place.to_string();
        assert_eq!(
            store(&emulator, &place, "TOKEN", value.as_bytes()).await,
            201
        );
    }

    let all = emulator.all_secrets();

    assert_eq!(all.len(), 10);
    for (place, secret) in all {
        assert_eq!(secret.value(), place.to_string().as_bytes());
    }
}

#[tokio::test]
async fn a_box_for_the_key_of_another_place_is_refused() {
    let emulator = Emulator::start().await.unwrap();
    let mut ids = Vec::new();
    let others = places().into_iter().cycle().skip(1);
    for (own, other) in places().iter().zip(others) {
        let own_id = key_of(&emulator, &path(own)).await.id;
        let other = key_of(&emulator, &path(&other)).await;
        for key_id in [&own_id, &other.id] {
            let mut body = sealed(&other, b"value", fields(own));
            body["key_id"] = key_id.as_str().into();

            let refused = put(&emulator, &format!("{}/TOKEN", path(own)), &body).await;

            let (status, message) = refusal(refused).await;
            assert_eq!(status, 422, "{own}");
            assert!(message.contains("improperly encrypted"), "{message}");
        }
        ids.push(own_id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10);
    assert!(emulator.all_secrets().is_empty());
}

#[tokio::test]
async fn only_organizations_and_users_say_who_can_use_a_secret() {
    let emulator = Emulator::start().await.unwrap();
    for place in places() {
        store(&emulator, &place, "TOKEN", b"value").await;
        let visibility = emulator.secret(&place, "TOKEN").unwrap().visibility();

        let read = json_of(get(&emulator, &format!("{}/TOKEN", path(&place))).await).await;

        let [created, updated] = TIMES;
        let expected = if place.to_string().starts_with("orgs/") {
            assert_eq!(visibility, Some(Visibility::All));
            vec![created, "name", updated, "visibility"]
        } else if place == Place::user() {
            assert_eq!(visibility, Some(Visibility::Selected));
            assert_eq!(read["visibility"], "selected");
            vec![
                created,
                "name",
                "selected_repositories_url",
                updated,
                "visibility",
            ]
        } else {
            assert_eq!(visibility, None);
            vec![created, "name", updated]
        };
        assert_eq!(field_names(&read), expected, "{place}");
    }
}

#[tokio::test]
async fn a_body_needs_the_fields_that_its_store_requires() {
    let emulator = Emulator::start().await.unwrap();
    let value = ["encrypted_value", "key_id"];
    for (place, required) in [
        ("orgs/acme/actions", &["visibility"][..]),
        (
            "orgs/acme/agents",
            &["encrypted_value", "key_id", "visibility"],
        ),
        ("orgs/acme/codespaces", &["visibility"]),
        ("orgs/acme/dependabot", &["visibility"]),
        ("repos/acme/website/actions", &value),
        ("repos/acme/website/agents", &value),
        ("repos/acme/website/codespaces", &[]),
        ("repos/acme/website/dependabot", &[]),
        ("repos/acme/website/environments/production", &value),
        ("user/codespaces", &["key_id"]),
    ] {
        let place: Place = place.parse().unwrap();
        store(&emulator, &place, "TOKEN", b"value").await;
        let key = key_of(&emulator, &path(&place)).await;
        for field in ["encrypted_value", "key_id", "visibility"] {
            let mut body = sealed(&key, b"value", fields(&place));
            let body_fields = body.as_object_mut().unwrap();
            body_fields.remove(field);
            if field == "key_id" && !required.contains(&"encrypted_value") {
                // A value always comes with its key.
                body_fields.remove("encrypted_value");
            }

            let response = put(&emulator, &format!("{}/TOKEN", path(&place)), &body).await;

            if required.contains(&field) {
                assert_eq!(response.status(), 422, "{place} without {field}");
                let response: Value = response.json().await.unwrap();
                assert_eq!(response["errors"][0]["field"], field, "{place}");
                assert_eq!(response["errors"][0]["code"], "missing_field", "{place}");
            } else {
                assert_eq!(response.status(), 204, "{place} without {field}");
            }
        }
        assert_eq!(emulator.secret(&place, "TOKEN").unwrap().value(), b"value");
    }
}

#[tokio::test]
async fn a_new_secret_needs_a_value_in_every_store() {
    let emulator = Emulator::start().await.unwrap();
    for place in places() {
        let mut body = fields(&place);
        if place == Place::user() {
            body["key_id"] = key_of(&emulator, &path(&place)).await.id.into();
        }

        let refused = put(&emulator, &format!("{}/TOKEN", path(&place)), &body).await;

        assert_eq!(refusal(refused).await.0, 422, "{place}");
        assert!(emulator.secrets(&place).is_empty());
    }
}

#[tokio::test]
async fn the_type_of_a_repository_id_depends_on_the_store_and_the_version() {
    let emulator = Emulator::start().await.unwrap();
    let both = [json!(1296269), json!("1296269")];
    let [integer, _] = &both;
    let (integers, texts) = (&both[..1], &both[1..]);
    for (place, version, accepted) in [
        ("orgs/acme/actions", "2022-11-28", &both[..]),
        ("orgs/acme/actions", "2026-03-10", &both),
        ("orgs/acme/agents", "2022-11-28", integers),
        ("orgs/acme/codespaces", "2026-03-10", integers),
        ("orgs/acme/dependabot", "2022-11-28", texts),
        ("orgs/acme/dependabot", "2026-03-10", integers),
        ("user/codespaces", "2022-11-28", &both),
        ("user/codespaces", "2026-03-10", &both),
    ] {
        let place: Place = place.parse().unwrap();
        let key = key_of(&emulator, &path(&place)).await;
        for id in &both {
            let mut body = sealed(&key, b"value", json!({ "selected_repository_ids": [id] }));
            if place != Place::user() {
                body["visibility"] = "selected".into();
            }

            let response = request(&emulator, Method::PUT, &format!("{}/TOKEN", path(&place)))
                .header("x-github-api-version", version)
                .json(&body)
                .send()
                .await
                .unwrap();

            if accepted.contains(id) {
                assert!(response.status().is_success(), "{place} {version} {id}");
                let secret = emulator.secret(&place, "TOKEN").unwrap();
                assert_eq!(secret.selected_repository_ids(), [1296269]);
            } else {
                let (status, message) = refusal(response).await;
                assert_eq!(status, 422, "{place} {version} {id}");
                let wanted = if id == integer { "string" } else { "integer" };
                for part in ["/selected_repository_ids/0", "type", wanted] {
                    assert!(message.contains(part), "{message}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_full_store_refuses_one_more() {
    for place in places() {
        let limit = if place == Place::organization("acme", Store::Actions) {
            1_000
        } else {
            100
        };
        let secrets = (1..limit).map(|number| StoredSecret::new(format!("S_{number}"), "value"));
        let builder = secrets.fold(Emulator::builder(), |builder, secret| {
            builder.secret(place.clone(), secret)
        });
        let emulator = builder.start().await.unwrap();

        assert_eq!(
            store(&emulator, &place, "LAST", b"value").await,
            201,
            "{place}"
        );
        let refused = set_at(&emulator, &path(&place), "MORE", b"value", fields(&place)).await;
        let (status, message) = refusal(refused).await;

        assert_eq!(status, 422, "{place}");
        assert!(message.contains(&limit.to_string()), "{message}");
        assert_eq!(
            store(&emulator, &place, "S_7", b"new").await,
            204,
            "{place}"
        );
    }
}

#[tokio::test]
async fn a_limit_of_the_tests_own_holds_in_every_store_of_the_organization() {
    let acme = Organization::new("acme")
        .example_repositories()
        .secret_limit(1);
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    for place in places() {
        let statuses = [
            store(&emulator, &place, "ONE", b"value").await,
            store(&emulator, &place, "TWO", b"value").await,
        ];

        let second = if place == Place::user() { 201 } else { 422 };
        assert_eq!(statuses, [201, second], "{place}");
    }
}

#[tokio::test]
async fn pages_are_linked_by_numeric_ids() {
    let website = Repository::new(7, "website").environment("production");
    let acme = Organization::new("acme").id(42).repository(website);
    let start = Emulator::builder().organization(acme);
    let builder = places().into_iter().fold(start, |builder, place| {
        (0..3).fold(builder, |builder, number| {
            builder.secret(
                place.clone(),
                StoredSecret::new(format!("S_{number}"), "value"),
            )
        })
    });
    let emulator = builder.start().await.unwrap();
    for place in places() {
        let numeric = place
            .to_string()
            .replace("orgs/acme", "organizations/42")
            .replace("repos/acme/website", "repositories/7");

        let page = get(&emulator, &format!("{}?per_page=2", path(&place))).await;

        let next = links(&page).remove("next").unwrap();
        assert_eq!(
            next,
            format!("{}/{numeric}/secrets?per_page=2&page=2", emulator.url())
        );
        let rest = next.strip_prefix(&emulator.url()).unwrap();
        let rest = json_of(get(&emulator, rest).await).await;
        assert_eq!(rest["secrets"][0]["name"], "S_2", "{place}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_page_of_its_store() {
    let emulator = Emulator::start().await.unwrap();
    for (place, page) in [
        ("orgs/acme/agents", "agents/secrets"),
        ("orgs/acme/codespaces", "codespaces/organization-secrets"),
        (
            "repos/acme/website/codespaces",
            "codespaces/repository-secrets",
        ),
        (
            "repos/acme/website/environments/production",
            "actions/secrets",
        ),
        ("user/codespaces", "codespaces/secrets"),
    ] {
        let refused = get(&emulator, &format!("/{place}/secrets/ABSENT")).await;

        let body: Value = refused.json().await.unwrap();
        let url = body["documentation_url"].as_str().unwrap();
        assert_eq!(url, format!("https://docs.github.com/rest/{page}"));
    }
}
