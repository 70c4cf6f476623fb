//! What somebody else changes, at once, right before a request or right after it.

use github_secrets_emulator::{
    Change, Emulator, Error, Fault, Matcher, Place, Repository, Store, StoredSecret, Visibility,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    SECRETS, acme, get, json_of, key, key_of, refusal, request, sealed, send, store,
    two_organizations, website,
};

const LIST: &str = "codespaces/list-org-secrets";

async fn names(emulator: &Emulator, page: u32) -> Vec<String> {
    let path = format!("{SECRETS}?per_page=2&page={page}");
    let list = json_of(get(emulator, &path).await).await;
    let secrets = list["secrets"].as_array().unwrap();
    secrets
        .iter()
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect()
}

fn between_pages(changes: impl IntoIterator<Item = Change>) -> Fault {
    Fault::changes(changes)
        .on(Matcher::operation(LIST))
        .after(1)
}

#[tokio::test]
async fn an_entry_that_is_removed_between_two_pages_shifts_the_second() {
    let emulator = two_organizations().await;
    emulator.fault(between_pages([Change::delete_secret(acme(), "a")]));

    assert_eq!(names(&emulator, 1).await, ["A", "B"]);
    assert_eq!(names(&emulator, 2).await, [""; 0]);
    assert_eq!(names(&emulator, 1).await, ["B", "C"]);
}

#[tokio::test]
async fn an_entry_that_is_added_between_two_pages_comes_twice() {
    let emulator = two_organizations().await;
    let added = StoredSecret::new("AA", "value");
    emulator.fault(between_pages([Change::set_secret(acme(), added)]));

    assert_eq!(names(&emulator, 1).await, ["A", "B"]);
    assert_eq!(names(&emulator, 2).await, ["B", "C"]);
}

#[tokio::test]
async fn an_entry_that_is_replaced_between_two_pages_leaves_the_count_as_it_was() {
    let emulator = two_organizations().await;
    let replaced = [
        Change::delete_secret(acme(), "A"),
        Change::set_secret(acme(), StoredSecret::new("D", "value")),
    ];
    emulator.fault(between_pages(replaced));
    let total = async || json_of(get(&emulator, SECRETS).await).await["total_count"].clone();

    assert_eq!(total().await, 3);
    assert_eq!(total().await, 3);
    assert_eq!(names(&emulator, 1).await, ["B", "C"]);
    assert_eq!(names(&emulator, 2).await, ["D"]);
}

#[tokio::test]
async fn a_change_after_the_request_is_seen_by_the_next() {
    let emulator = two_organizations().await;
    let deleted = Fault::changes([Change::delete_secret(acme(), "TOKEN")]).after_write();
    emulator.fault(deleted.on(Matcher::method("PUT")));

    let status = store(&emulator, &acme(), "TOKEN", b"value").await;

    assert_eq!(status, 201);
    assert!(emulator.secret(&acme(), "TOKEN").is_none());
}

#[tokio::test]
async fn a_value_that_somebody_else_writes_keeps_the_time_of_the_creation() {
    let emulator = two_organizations().await;
    let before = emulator.secret(&acme(), "A").unwrap();

    let written = StoredSecret::new("a", "theirs").private();
    emulator
        .change(Change::set_secret(acme(), written))
        .unwrap();

    let after = emulator.secret(&acme(), "A").unwrap();
    assert_eq!(after.value(), b"theirs");
    assert_eq!(after.visibility(), Some(Visibility::Private));
    assert_eq!(after.created_at(), before.created_at());
    assert!(after.updated_at() > before.updated_at());
    assert_eq!(after.key_id(), key(&emulator).await.id);
}

#[tokio::test]
async fn access_changes_without_the_value() {
    let emulator = two_organizations().await;
    let selected = Change::set_access(acme(), "a", Visibility::Selected, [7]);

    emulator.change(selected).unwrap();

    let secret = emulator.secret(&acme(), "A").unwrap();
    assert_eq!(secret.value(), b"a");
    assert_eq!(secret.visibility(), Some(Visibility::Selected));
    assert_eq!(secret.selected_repository_ids(), [7]);
}

#[tokio::test]
async fn a_key_that_is_replaced_between_two_requests_refuses_the_second() {
    let emulator = two_organizations().await;
    let rotated = Fault::changes([Change::rotate_key(acme())]);
    emulator.fault(rotated.on(Matcher::method("PUT")));

    assert_eq!(store(&emulator, &acme(), "TOKEN", b"value").await, 422);
    assert_eq!(store(&emulator, &acme(), "TOKEN", b"value").await, 201);
}

#[tokio::test]
async fn a_renamed_repository_redirects_and_keeps_its_secrets() {
    let emulator = two_organizations().await;
    let former = key_of(&emulator, "/repos/acme/website/actions/secrets").await;

    let renamed = Change::rename_repository("ACME/Website", "site");
    emulator.change(renamed).unwrap();

    let path = "/repos/acme/website/actions/secrets/TOKEN";
    let moved = send(&emulator, Method::GET, path, &Value::Null).await;
    let location = format!("{}/repositories/7/actions/secrets/TOKEN", emulator.url());
    assert_eq!(moved.status(), 301);
    assert_eq!(moved.headers()["location"], location);
    for place in [
        Place::repository("acme/site", Store::Actions),
        Place::environment("acme/site", "production"),
    ] {
        assert_eq!(emulator.secret(&place, "TOKEN").unwrap().value(), b"value");
    }
    let site = "/repos/acme/site/actions/secrets";
    assert_eq!(key_of(&emulator, site).await.id, former.id);
}

#[tokio::test]
async fn a_former_name_that_a_new_repository_takes_is_its_own() {
    let emulator = two_organizations().await;
    let taken = [
        Change::rename_repository("acme/website", "site"),
        Change::create_repository("acme", Repository::new(8, "website")),
    ];
    let second_request = Fault::changes(taken).on(Matcher::path("/repos/acme/website"));
    emulator.fault(second_request.after(1));
    let id = async || json_of(get(&emulator, "/repos/acme/website").await).await["id"].clone();

    assert_eq!([id().await, id().await], [json!(7), json!(8)]);
    let secrets = json_of(get(&emulator, "/repos/acme/website/actions/secrets").await).await;
    assert_eq!(secrets["total_count"], 0);
}

#[tokio::test]
async fn a_transferred_repository_leaves_the_selections_of_its_organization() {
    let emulator = two_organizations().await;
    for change in [
        Change::set_access(acme(), "A", Visibility::Selected, [7]),
        Change::set_secret(
            Place::user(),
            StoredSecret::new("MINE", "value").selected([7]),
        ),
        Change::rename_repository("acme/website", "site"),
        Change::transfer_repository("acme/site", "OTHER"),
    ] {
        emulator.change(change).unwrap();
    }

    let repository = json_of(get(&emulator, "/repos/acme/website").await).await;
    assert_eq!(repository["full_name"], "other/site");
    let path = "/repos/acme/site/actions/secrets/A";
    let again = send(&emulator, Method::PUT, path, &json!({})).await;
    assert_eq!(again.status(), 307);
    let selected = |place: &Place, name: &str| {
        let secret = emulator.secret(place, name).unwrap();
        secret.selected_repository_ids()
    };
    assert_eq!(selected(&acme(), "A"), [0; 0]);
    assert_eq!(selected(&Place::user(), "MINE"), [7]);
    let place = Place::environment("other/site", "production");
    assert!(emulator.secret(&place, "TOKEN").is_some());
}

#[tokio::test]
async fn an_archived_repository_refuses_the_next_write() {
    let emulator = two_organizations().await;
    let place = Place::repository("acme/website", Store::Actions);
    assert_eq!(store(&emulator, &place, "TOKEN", b"new").await, 204);

    let archived = Change::archive_repository("acme/website");
    emulator.change(archived).unwrap();

    assert_eq!(store(&emulator, &place, "TOKEN", b"newer").await, 403);
}

#[tokio::test]
async fn a_deleted_repository_is_gone_with_its_secrets_and_selections() {
    let emulator = two_organizations().await;
    let registries = "/orgs/acme/private-registries";
    let registry = sealed(
        &key_of(&emulator, registries).await,
        b"value",
        json!({
            "registry_type": "npm_registry", "url": "https://npm.example",
            "visibility": "selected", "selected_repository_ids": [7]
        }),
    );
    let created = request(&emulator, Method::POST, registries).json(&registry);
    assert_eq!(created.send().await.unwrap().status(), 201);
    let secret = StoredSecret::new("MINE", "value").selected([7]);
    emulator
        .change(Change::set_secret(Place::user(), secret))
        .unwrap();

    let deleted = Change::delete_repository("acme/website");
    emulator.change(deleted).unwrap();

    let path = "/repos/acme/website/actions/secrets/TOKEN";
    assert_eq!(refusal(get(&emulator, path).await).await.0, 404);
    let mine = emulator.secret(&Place::user(), "MINE").unwrap();
    assert_eq!(mine.selected_repository_ids(), [0; 0]);
    assert_eq!(
        emulator.registries("acme")[0].selected_repository_ids(),
        [0; 0]
    );
    let again = Change::create_repository("acme", website());
    emulator.change(again).unwrap();
    assert_eq!(refusal(get(&emulator, path).await).await.0, 404);
}

#[tokio::test]
async fn environments_come_and_go() {
    let emulator = two_organizations().await;
    let place = Place::environment("acme/website", "staging");
    let path = "/repos/acme/website/environments/staging/secrets";
    assert_eq!(get(&emulator, path).await.status(), 404);

    emulator
        .change(Change::create_environment("acme/website", "staging"))
        .unwrap();
    store(&emulator, &place, "TOKEN", b"value").await;
    assert!(emulator.secret(&place, "TOKEN").is_some());

    emulator
        .change(Change::delete_environment("acme/website", "Staging"))
        .unwrap();
    assert_eq!(get(&emulator, path).await.status(), 404);
    assert!(emulator.secret(&place, "TOKEN").is_none());
}

#[tokio::test]
async fn a_change_that_is_not_possible_is_an_error() {
    let emulator = two_organizations().await;
    let website = Place::repository("acme/website", Store::Actions);
    let nowhere = Place::environment("acme/website", "staging");
    let token = || StoredSecret::new("TOKEN", "value");
    let selected = Visibility::Selected;
    for (change, message) in [
        (
            Change::delete_secret(acme(), "NONE"),
            "no secret \"NONE\" in orgs/acme/codespaces",
        ),
        (
            Change::set_access(acme(), "NONE", selected, []),
            "no secret \"NONE\"",
        ),
        (
            Change::set_access(acme(), "A", selected, [1]),
            "selected repository does not exist",
        ),
        (
            Change::set_access(acme(), "A", Visibility::All, [7]),
            "its visibility is another",
        ),
        (
            Change::set_access(website.clone(), "TOKEN", selected, []),
            "only its own place",
        ),
        (
            Change::set_secret(website, token().private()),
            "only its own place",
        ),
        (
            Change::set_secret(Place::user(), token().private()),
            "only selected repositories",
        ),
        (
            Change::set_secret(nowhere.clone(), token()),
            "no place repos/acme/website/env",
        ),
        (Change::rotate_key(nowhere), "no place"),
        (
            Change::create_repository("nobody", Repository::new(8, "new")),
            "\"nobody\"",
        ),
        (
            Change::create_repository("acme", Repository::new(8, "Website")),
            "\"Website\"",
        ),
        (
            Change::create_repository("other", Repository::new(7, "new")),
            "\"new\"",
        ),
        (
            Change::rename_repository("acme/none", "new"),
            "no repository \"acme/none\"",
        ),
        (
            Change::rename_repository("acme/website", "WEBSITE"),
            "\"WEBSITE\"",
        ),
        (
            Change::transfer_repository("website", "other"),
            "no repository \"website\"",
        ),
        (
            Change::transfer_repository("acme/website", "nobody"),
            "\"nobody\"",
        ),
        (
            Change::archive_repository("other/website"),
            "no repository \"other/website\"",
        ),
        (
            Change::delete_repository("acme/none"),
            "no repository \"acme/none\"",
        ),
        (
            Change::create_environment("acme/none", "new"),
            "no repository \"acme/none\"",
        ),
        (
            Change::delete_environment("acme/website", "none"),
            "no place",
        ),
    ] {
        let asked = format!("{change:?}");
        let error: Error = emulator.change(change.clone()).unwrap_err();
        assert!(error.to_string().contains(message), "{asked}: {error}");

        emulator.fault(Fault::changes([change]));
        let (status, reason) = refusal(get(&emulator, SECRETS).await).await;
        assert_eq!(status, 500, "{asked}");
        assert!(reason.contains(message), "{asked}: {reason}");
    }
    assert_eq!(emulator.all_secrets().len(), 5);
}
