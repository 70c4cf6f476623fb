//! Who can use a secret, in each store.

use github_secrets_emulator::{Emulator, Organization, Place, Repository, Store, StoredSecret};
use serde_json::json;

use crate::support::{delete, field_names, get, json_of, links, path, places, put, refusal, store};

/// The places that share secrets with repositories.
fn sharing() -> Vec<Place> {
    let places = places().into_iter();
    places
        .filter(|place| *place == Place::user() || place.to_string().starts_with("orgs/"))
        .collect()
}

#[tokio::test]
async fn the_selected_repositories_are_changed_by_integers_in_every_store() {
    for place in sharing() {
        let emulator = Emulator::builder()
            .secret(
                place.clone(),
                StoredSecret::new("TOKEN", "value").selected([1296269]),
            )
            .start()
            .await
            .unwrap();
        let repositories = format!("{}/TOKEN/repositories", path(&place));
        let one = format!("{repositories}/1296280");
        let selected = || {
            emulator
                .secret(&place, "TOKEN")
                .unwrap()
                .selected_repository_ids()
        };

        assert_eq!(
            put(&emulator, &one, &json!({})).await.status(),
            204,
            "{place}"
        );
        assert_eq!(selected(), [1296269, 1296280], "{place}");
        assert_eq!(delete(&emulator, &one).await.status(), 204, "{place}");
        assert_eq!(selected(), [1296269], "{place}");
        let set = json!({ "selected_repository_ids": [1296280] });
        assert_eq!(
            put(&emulator, &repositories, &set).await.status(),
            204,
            "{place}"
        );
        assert_eq!(selected(), [1296280], "{place}");
        let text = json!({ "selected_repository_ids": ["1296269"] });
        let refused = put(&emulator, &repositories, &text).await;
        assert_eq!(refusal(refused).await.0, 422, "{place}");

        let list = json_of(get(&emulator, &repositories).await).await;
        assert_eq!(
            list["repositories"][0]["full_name"], "acme/website",
            "{place}"
        );
        let read = json_of(get(&emulator, &format!("{}/TOKEN", path(&place))).await).await;
        let address = read["selected_repositories_url"].as_str().unwrap();
        assert_eq!(address, emulator.url() + &repositories, "{place}");
    }
}

#[tokio::test]
async fn repositories_and_environments_have_no_selection() {
    let emulator = Emulator::start().await.unwrap();
    for place in places() {
        if sharing().contains(&place) {
            continue;
        }
        store(&emulator, &place, "TOKEN", b"value").await;
        let repositories = format!("{}/TOKEN/repositories", path(&place));

        let refused = get(&emulator, &repositories).await;

        assert_eq!(refusal(refused).await.0, 404, "{place}");
    }
}

#[tokio::test]
async fn a_change_of_access_alone_moves_the_time_of_the_update() {
    let long_ago = std::time::SystemTime::now();
    for place in sharing() {
        let secret = StoredSecret::new("TOKEN", "value").selected([1296269]);
        let emulator = Emulator::builder()
            .secret(place.clone(), secret)
            .start()
            .await
            .unwrap();
        let one = format!("{}/TOKEN/repositories/1296280", path(&place));
        let before = emulator.secret(&place, "TOKEN").unwrap();

        put(&emulator, &one, &json!({})).await;

        let after = emulator.secret(&place, "TOKEN").unwrap();
        assert!(after.updated_at() > before.updated_at(), "{place}");
        assert_eq!(after.created_at(), before.created_at(), "{place}");
        assert_eq!(after.value(), b"value");
        assert!(after.created_at() >= long_ago);
    }
}

#[tokio::test]
async fn a_repository_sees_the_organizations_secrets_that_reach_it() {
    for store in [Store::Actions, Store::Agents] {
        let secret = |name: &str| StoredSecret::new(name, "value");
        let acme = Organization::new("acme")
            .repository(Repository::new(1, "private"))
            .repository(Repository::new(2, "public").public())
            .secret(store, secret("EVERYWHERE"))
            .secret(store, secret("PRIVATE").private())
            .secret(store, secret("ONE").selected([1]))
            .secret(store, secret("TWO").selected([2]))
            .secret(Store::Codespaces, secret("OTHER_STORE"));
        let emulator = Emulator::builder()
            .organization(acme)
            .start()
            .await
            .unwrap();
        for (name, expected) in [
            ("private", &["EVERYWHERE", "ONE", "PRIVATE"][..]),
            ("public", &["EVERYWHERE", "TWO"]),
        ] {
            let path = format!("/repos/acme/{name}/{store}/organization-secrets");

            let list = json_of(get(&emulator, &path).await).await;

            let secrets = list["secrets"].as_array().unwrap();
            let names: Vec<_> = secrets
                .iter()
                .map(|it| it["name"].as_str().unwrap())
                .collect();
            assert_eq!(names, expected, "{path}");
            assert_eq!(list["total_count"], expected.len());
            assert_eq!(
                field_names(&secrets[0]),
                ["created_at", "name", "updated_at"]
            );
            let page = get(&emulator, &format!("{path}?per_page=1")).await;
            let next = links(&page).remove("next").unwrap();
            assert!(next.contains(&format!("/{store}/organization-secrets?per_page=1&page=2")));
        }
    }
    let emulator = Emulator::start().await.unwrap();
    for store in [Store::Codespaces, Store::Dependabot] {
        let path = format!("/repos/acme/website/{store}/organization-secrets");
        assert_eq!(refusal(get(&emulator, &path).await).await.0, 404);
    }
}
