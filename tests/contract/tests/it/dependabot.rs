//! The type in which the ids of repositories are sent: texts to the Dependabot secrets of an
//! organization under the API version that the library sends, and numbers to everything else.

use contract_tests::{Request, Wire, calls, github};
use github_secrets::{Error, GitHub, NewSecret, Repositories, Store, Visibility};
use github_secrets_emulator::{Emulator, Place, Store as HeldStore};
use serde_json::{Value, json};

fn github(wire: &Wire) -> GitHub {
    let github = github::builder(wire.url()).build();
    github.expect("settings")
}

/// The ids in the bodies of all writes so far.
fn sent_ids(wire: &Wire) -> Vec<Value> {
    let writes = wire
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT");
    writes
        .map(|request| request.json()["selected_repository_ids"].clone())
        .collect()
}

async fn set(github: &GitHub, store: Store) -> Result<(), Error> {
    let secrets = github.org("acme")?.secrets(store);
    let selected = Visibility::selected([7, 1]);
    secrets.set(calls::NAME, "value", selected).await.map(drop)
}

#[tokio::test]
async fn dependabot_gets_the_ids_as_texts_and_every_other_store_as_numbers() {
    for store in Store::ALL {
        let wire = Wire::serve(github::success);
        set(&github(&wire), store).await.expect("set");
        let ids = match store {
            Store::Dependabot => json!(["1", "7"]),
            _ => json!([1, 7]),
        };
        assert_eq!(sent_ids(&wire), [ids], "{store}");
        let version = wire.requests()[1]
            .header("x-github-api-version")
            .map(str::to_owned);
        assert_eq!(version.as_deref(), Some("2022-11-28"));
    }
}

#[tokio::test]
async fn the_list_of_selected_repositories_has_numbers_in_every_store() {
    for store in Store::ALL {
        let wire = Wire::serve(github::success);
        let secrets = github(&wire).org("acme").expect("a login").secrets(store);
        let selected = secrets.repositories(calls::NAME).expect("a name");
        selected.set([7, 1]).await.expect("set");
        assert_eq!(sent_ids(&wire), [json!([1, 7])], "{store}");
    }
}

#[tokio::test]
async fn a_value_for_selected_repositories_is_stored_in_every_store() {
    for store in [
        HeldStore::Actions,
        HeldStore::Agents,
        HeldStore::Codespaces,
        HeldStore::Dependabot,
    ] {
        let emulator = Emulator::start().await.expect("an emulator");
        let github = github::builder(emulator.url()).build().expect("settings");
        let secrets = github.org("acme").expect("a login");
        let secrets = secrets.secrets(store.as_str().parse().expect("a store"));
        let website = Visibility::selected(["website"]);
        secrets.set("A", "value", website).await.expect("set");
        secrets.rotate("A", "another").await.expect("rotated");
        let held = emulator.secret(&Place::organization("acme", store), "A");
        let held = held.expect("a secret");
        assert_eq!(held.value(), b"another");
        assert_eq!(held.selected_repository_ids(), [1_296_280], "{store}");
    }
}

/// A server that accepts ids of one type only, in GitHub's words.
fn only(accepted: &'static str) -> Wire {
    Wire::serve(move |request: &Request| {
        let ids = &request.json()["selected_repository_ids"];
        let given = match ids.get(0) {
            Some(Value::String(_)) => "string",
            Some(_) => "integer",
            None => return github::success(request),
        };
        if given == accepted {
            return github::success(request);
        }
        let id = ids[0].to_string();
        let id = id.trim_matches('"');
        let words = format!(
            "Invalid request.\n\nInvalid property /selected_repository_ids/0: `{id}` is not of \
             type `{accepted}`."
        );
        github::refusal(422, &words)
    })
}

#[tokio::test]
async fn a_rejection_that_names_the_type_of_the_ids_is_met_with_the_other_type() {
    for (store, accepted, ids) in [
        (
            Store::Dependabot,
            "integer",
            [json!(["1", "7"]), json!([1, 7])],
        ),
        (Store::Actions, "string", [json!([1, 7]), json!(["1", "7"])]),
        (Store::Agents, "string", [json!([1, 7]), json!(["1", "7"])]),
        (
            Store::Codespaces,
            "string",
            [json!([1, 7]), json!(["1", "7"])],
        ),
    ] {
        let wire = only(accepted);
        set(&github(&wire), store).await.expect("set");
        assert_eq!(sent_ids(&wire), ids, "{store}");
    }
}

#[tokio::test]
async fn the_other_type_is_tried_by_every_write_that_sends_ids() {
    let wire = only("string");
    let user = github(&wire).user().codespaces();
    user.set("A", "value", Repositories::selected([7]))
        .await
        .expect("set");
    assert_eq!(sent_ids(&wire), [json!([7]), json!(["7"])]);

    let wire = only("integer");
    let secrets = github(&wire).org("acme").expect("a login").dependabot();
    secrets.rotate("A", "value").await.expect("rotated");
    assert_eq!(sent_ids(&wire), [json!(["1", "2"]), json!([1, 2])]);

    let wire = only("integer");
    let secrets = github(&wire).org("acme").expect("a login").dependabot();
    let new = NewSecret::new("A", "value").expect("a name");
    let batch = secrets
        .set_all([new.visibility(Visibility::selected([7]))])
        .await;
    batch.expect("a batch").finish().await.expect("stored");
    assert_eq!(sent_ids(&wire), [json!(["7"]), json!([7])]);
}

#[tokio::test]
async fn a_second_rejection_of_the_ids_is_the_error() {
    for words in [
        "Invalid property /selected_repository_ids/0: `1` is not of type `boolean`.",
        "For 'items', \"1\" is not an integer.",
    ] {
        let wire = Wire::serve(move |request| match request.method.as_str() {
            "PUT" => github::refusal(422, words),
            _ => github::success(request),
        });
        let error = set(&github(&wire), Store::Dependabot).await;
        let error = error.expect_err("neither type is accepted");
        assert!(matches!(error, Error::Rejected(_)), "{error:?}");
        let message = error.to_string();
        assert!(
            message.contains("neither as numbers nor as strings"),
            "{message}"
        );
        assert_eq!(sent_ids(&wire), [json!(["1", "7"]), json!([1, 7])]);
    }
}

#[tokio::test]
async fn a_rejection_that_names_a_type_is_final_where_no_ids_were_sent() {
    let words = "Invalid property /selected_repository_ids: `null` is not of type `array`.";
    let wire = Wire::script([github::public_key(), github::refusal(422, words)]);
    let secrets = github(&wire).org("acme").expect("a login").dependabot();
    let error = secrets.set("A", "value", Visibility::All).await;
    let error = error.expect_err("rejected");
    assert!(matches!(error, Error::Rejected(_)), "{error:?}");
    assert_eq!(sent_ids(&wire), [Value::Null]);
}
