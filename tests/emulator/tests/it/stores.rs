//! The ten stores, and what differs among them.

use github_secrets_emulator::{Emulator, Place, Store};
use serde_json::{Value, json};

use crate::support::{delete, get, refusal, set_at};

/// One of the ten places.
struct Site {
    place: Place,
    /// What the body of a PUT says beside the value.
    fields: Value,
}

fn sites() -> Vec<Site> {
    let all = json!({ "visibility": "all" });
    let of_organization = |store| Site {
        place: Place::organization("acme", store),
        fields: all.clone(),
    };
    let of_repository = |store| Site {
        place: Place::repository("acme/website", store),
        fields: json!({}),
    };
    let environment = Site {
        place: Place::environment("acme/website", "production"),
        fields: json!({}),
    };
    let user = Site {
        place: Place::user(),
        fields: json!({ "selected_repository_ids": [1296269] }),
    };
    let organizations = Store::ALL.into_iter().map(of_organization);
    let repositories = Store::ALL.into_iter().map(of_repository);
    organizations
        .chain(repositories)
        .chain([environment, user])
        .collect()
}

impl Site {
    /// The path of its secrets, which is made of its text form.
    fn path(&self) -> String {
        format!("/{}/secrets", self.place)
    }
}

#[tokio::test]
async fn every_store_creates_updates_lists_reads_and_deletes() {
    let emulator = Emulator::start().await.unwrap();
    for site in sites() {
        let (path, fields) = (site.path(), site.fields.clone());

        let created = set_at(&emulator, &path, "token", b"one", fields.clone()).await;
        assert_eq!(created.status(), 201, "{path}");
        assert_eq!(created.text().await.unwrap(), "{}", "{path}");
        let updated = set_at(&emulator, &path, "TOKEN", b"two", fields).await;
        assert_eq!(updated.status(), 204, "{path}");
        assert_eq!(
            emulator.secret(&site.place, "token").unwrap().value(),
            b"two"
        );

        let list: Value = get(&emulator, &path).await.json().await.unwrap();
        let read: Value = get(&emulator, &format!("{path}/TOKEN"))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(
            list,
            json!({ "total_count": 1, "secrets": [read] }),
            "{path}"
        );

        assert_eq!(
            delete(&emulator, &format!("{path}/token")).await.status(),
            204
        );
        assert!(emulator.secrets(&site.place).is_empty(), "{path}");
        let gone = get(&emulator, &format!("{path}/TOKEN")).await;
        assert_eq!(refusal(gone).await.0, 404, "{path}");
    }
    assert!(emulator.all_secrets().is_empty());
}
