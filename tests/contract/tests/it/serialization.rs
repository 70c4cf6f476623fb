//! Places, names, times, listings, reports and plans in serde's formats.

use contract_tests::github;
use github_secrets::{
    NewSecret, Place, SecretName, Store, Timestamp, Visibility,
    sync::{Desired, Options, State, StateKey},
};
use github_secrets_emulator::{Emulator, Fault, Matcher, Place as Held, StoredSecret};
use serde_json::{Value, json};

#[test]
fn what_has_a_form_as_text_is_that_text() {
    for text in [
        "orgs/acme/actions",
        "repos/acme/website/environments/review/eu west",
    ] {
        let place: Place = serde_json::from_value(json!(text)).expect("a place");
        assert_eq!(place.to_string(), text);
        assert_eq!(serde_json::to_value(&place).expect("text"), json!(text));
    }
    let store: Store = serde_json::from_value(json!("agents")).expect("a store");
    assert_eq!(serde_json::to_value(store).expect("text"), json!("agents"));
    let name: SecretName = serde_json::from_value(json!("DB_PASSWORD")).expect("a name");
    assert_eq!(
        serde_json::to_value(&name).expect("text"),
        json!("DB_PASSWORD")
    );
    let time: Timestamp =
        serde_json::from_value(json!("2019-08-10T16:59:22+02:00")).expect("a time");
    assert_eq!(
        serde_json::to_value(time).expect("text"),
        json!("2019-08-10T14:59:22Z")
    );
}

#[test]
fn a_text_that_is_none_of_them_is_refused_with_the_reason_and_without_the_text() {
    let refused = |error: serde_json::Error, reason: &str| {
        let text = error.to_string();
        assert!(text.contains(reason) && !text.contains("canary"), "{text}");
    };
    let canary = || json!("canary=2FA");
    refused(
        serde_json::from_value::<Place>(canary()).expect_err("no place"),
        "orgs/",
    );
    refused(
        serde_json::from_value::<SecretName>(canary()).expect_err("no name"),
        "use only",
    );
    refused(
        serde_json::from_value::<Store>(canary()).expect_err("no store"),
        "dependabot",
    );
    refused(
        serde_json::from_value::<Timestamp>(canary()).expect_err("no time"),
        "not a time",
    );
    refused(
        serde_json::from_value::<Place>(json!(7)).expect_err("a number"),
        "a place",
    );
}

#[tokio::test]
async fn listings_and_reports_are_objects_and_hold_no_value() {
    let builder = Emulator::builder().secret(
        Held::organization("acme", github_secrets_emulator::Store::Codespaces),
        StoredSecret::new("OLD", "canary"),
    );
    let emulator = builder.start().await.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    let org = github.org("acme").expect("a login");

    let listed = org.codespaces().list().all().await.expect("a list");
    let listed = serde_json::to_value(&listed).expect("JSON");
    assert_eq!(listed[0]["name"], "OLD");
    assert_eq!(listed[0]["visibility"], "all");
    let updated = listed[0]["updated_at"].as_str().expect("a time");
    assert!(updated.parse::<Timestamp>().is_ok(), "{updated}");
    let repositories = org.repositories().all().await.expect("a list");
    let repositories = serde_json::to_value(&repositories).expect("JSON");
    assert!(repositories[0]["full_name"].is_string(), "{repositories}");

    let secrets = ["acme/website", "acme/nowhere"].map(|name| {
        let place = Place::repository(name, Store::Actions).expect("a name");
        (
            place,
            NewSecret::new("NPM_TOKEN", "canary").expect("a name"),
        )
    });
    let report = github.set_all(secrets).expect("secrets").finish().await;
    let report = serde_json::to_value(report.expect_err("one is missing")).expect("JSON");
    let mut items = report["items"].as_array().expect("items").clone();
    items.sort_by_key(|item| item["place"].to_string());
    let error = items[0]["error"].as_str().expect("an error").to_owned();
    assert_eq!(
        items,
        [
            json!({ "place": "repos/acme/nowhere/actions", "name": "NPM_TOKEN", "tried": true, "error": error }),
            json!({ "place": "repos/acme/website/actions", "name": "NPM_TOKEN", "tried": true, "result": "created" }),
        ]
    );
    let all: Value = json!([listed, repositories, report]);
    assert!(!all.to_string().contains("canary"), "{all}");
}

#[tokio::test]
async fn a_plan_is_an_object_and_holds_no_value() {
    let builder = Emulator::builder().secret(
        Held::organization("acme", github_secrets_emulator::Store::Codespaces),
        StoredSecret::new("OLD", "canary"),
    );
    let emulator = builder.start().await.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    let mut desired = Desired::new();
    let place = Place::organization("acme", Store::Codespaces).expect("a login");
    let new = NewSecret::new("NEW", "canary").expect("a name");
    let new = new.visibility(Visibility::Private);
    desired.set(place, new).expect("a secret");
    let nowhere = Place::repository("acme/nowhere", Store::Actions).expect("a name");
    let new = NewSecret::new("NEW", "canary").expect("a name");
    desired.set(nowhere, new).expect("a secret");
    let key = StateKey::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a key");

    let plan = github.plan(desired, State::new(key), Options::default());
    let plan = serde_json::to_value(plan.await.expect("a plan")).expect("JSON");

    assert!(!plan.to_string().contains("canary"), "{plan}");
    assert_eq!((&plan["writes"], &plan["deletes"]), (&json!(1), &json!(0)));
    let [org, nowhere] = [&plan["places"][0], &plan["places"][1]];
    assert_eq!(org["place"], "orgs/acme/codespaces");
    assert_eq!(org["problem"], Value::Null);
    assert_eq!(
        org["steps"],
        json!([{
            "name": "NEW",
            "action": "create",
            "reason": "new",
            "updated_at": null,
            "access": null,
        }])
    );
    assert_eq!(org["unmanaged"][0]["name"], "OLD");
    let problem = nowhere["problem"].as_str().expect("a problem");
    assert!(problem.contains("acme/nowhere does not exist"), "{problem}");
}

#[tokio::test]
async fn the_report_of_a_sync_is_an_object_and_holds_no_value() {
    let builder = Emulator::builder().secret(
        Held::repository("acme/website", github_secrets_emulator::Store::Actions),
        StoredSecret::new("OLD", "canary"),
    );
    let emulator = builder.start().await.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    let place = Place::repository("acme/website", Store::Actions).expect("a name");
    let mut desired = Desired::new();
    for name in ["NEW", "REFUSED"] {
        let new = NewSecret::new(name, "canary").expect("a name");
        desired.set(place.clone(), new).expect("a secret");
    }
    desired.delete(place, "OLD").expect("a name");
    let refused = Fault::status(422).on(Matcher::path("REFUSED"));
    emulator.fault(refused.on(Matcher::method("PUT")).always());
    let key = StateKey::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a key");

    let plan = github.plan(desired, State::new(key), Options::default());
    let apply = plan.await.expect("a plan").apply(|_| Ok(()));
    let report = apply.finish().await.expect_err("one is refused");
    let report = serde_json::to_value(report).expect("JSON");

    let applied = &report["applied"];
    let error = applied[1]["error"].as_str().expect("an error").to_owned();
    assert!(error.contains("could not create or update"), "{error}");
    assert_eq!(
        report,
        json!({
            "complete": false,
            "state_error": null,
            "applied": [
                {
                    "place": "repos/acme/website/actions",
                    "name": "NEW",
                    "action": "create",
                    "reason": "new",
                    "tried": true,
                    "result": "created",
                },
                {
                    "place": "repos/acme/website/actions",
                    "name": "REFUSED",
                    "action": "create",
                    "reason": "new",
                    "tried": true,
                    "error": error,
                },
                {
                    "place": "repos/acme/website/actions",
                    "name": "OLD",
                    "action": "delete",
                    "reason": "unwanted",
                    "tried": false,
                    "error": "not deleted: an earlier step failed or was skipped",
                },
            ],
        })
    );
    assert!(!report.to_string().contains("canary"), "{report}");
}
