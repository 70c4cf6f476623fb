//! Places: how they are written, found and hidden.

use std::collections::BTreeMap;

use github_secrets_emulator::{
    Emulator, Error, Organization, Place, Repository, Store, StoredSecret, Token,
};
use reqwest::Method;
use serde_json::json;

use crate::support::{
    get, get_as, json_of, path, places, refusal, send, set_at, store, website, with,
};

#[test]
fn a_place_is_read_back_from_its_text() {
    let odd = Place::environment("acme/website", "100% review/eu west=ä");
    assert_eq!(
        odd.to_string(),
        "repos/acme/website/environments/100%25%20review%2Feu%20west%3D%C3%A4"
    );
    for place in [&places()[..], &[odd, Place::user_named("hubot")]].concat() {
        assert_eq!(place.to_string().parse::<Place>().unwrap(), place);
    }
    let unencoded: Place = "repos/acme/website/environments/review/eu west"
        .parse()
        .unwrap();
    assert_eq!(unencoded.environment_name(), Some("review/eu west"));
}

#[test]
fn a_text_that_is_not_a_place_is_refused_with_what_is() {
    for text in [
        "",
        "acme",
        "orgs/acme",
        "orgs/acme/variables",
        "orgs//actions",
        "orgs/acme/actions/TOKEN",
        "repos/acme/actions",
        "repos/acme/website/environments/",
        "repos/acme/website/environments/%FF",
        "user/actions",
        "users/hubot/dependabot",
    ] {
        let error = text.parse::<Place>().unwrap_err().to_string();

        assert!(error.contains(&format!("{text:?}")), "{error}");
        assert!(
            error.contains("repos/OWNER/REPO/environments/NAME"),
            "{error}"
        );
    }
}

#[test]
fn places_are_compared_without_case() {
    let mut map = BTreeMap::new();
    for place in ["Acme/Website", "acme/website", "ACME/WEBSITE"] {
        map.insert(Place::repository(place, Store::Actions), ());
        map.insert(Place::environment(place, "Überprüfung"), ());
        map.insert(Place::environment(place, "ÜBERPRÜFUNG"), ());
    }

    assert_eq!(map.len(), 2);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let emulator = Emulator::start().await.unwrap();
    for place in [
        Place::organization("other", Store::Actions),
        Place::repository("acme/other", Store::Dependabot),
        Place::repository("other/website", Store::Actions),
        Place::environment("acme/website", "staging"),
        Place::environment("acme/other", "production"),
    ] {
        let secrets = path(&place);
        let body = json!({ "encrypted_value": "YQ==", "key_id": "1" });
        for response in [
            get(&emulator, &secrets).await,
            get(&emulator, &format!("{secrets}/public-key")).await,
            send(&emulator, Method::PUT, &format!("{secrets}/TOKEN"), &body).await,
        ] {
            assert_eq!(
                refusal(response).await,
                (404, "Not Found".to_owned()),
                "{place}"
            );
        }
        emulator.rotate_key(&place);
        assert!(emulator.secrets(&place).is_empty());
    }
}

#[tokio::test]
async fn an_environment_is_found_by_its_encoded_name_in_any_case() {
    let emulator = with(Repository::new(7, "website").environment("Review/EU west")).await;
    let place = Place::environment("acme/website", "review/eu WEST");
    for environment in [
        "Review%2FEU%20west",
        "review%2feu%20west",
        "REVIEW%2FEU%20WEST",
    ] {
        let secrets = format!("/repos/acme/website/environments/{environment}/secrets");

        let set = set_at(
            &emulator,
            &secrets,
            "TOKEN",
            environment.as_bytes(),
            json!({}),
        )
        .await;

        assert!(set.status().is_success(), "{environment}");
        let secret = emulator.secret(&place, "TOKEN").unwrap();
        assert_eq!(secret.value(), environment.as_bytes());
    }
    assert_eq!(emulator.all_secrets().len(), 1);
    for environment in ["Review/EU%20west", "Review%252FEU%2520west"] {
        let secrets = format!("/repos/acme/website/environments/{environment}/secrets");
        assert_eq!(refusal(get(&emulator, &secrets).await).await.0, 404);
    }
}

#[tokio::test]
async fn a_repository_is_found_by_its_id_too() {
    let emulator = with(website()).await;
    for place in places() {
        let secrets = path(&place).replace("repos/acme/website", "repositories/7");
        if !secrets.starts_with("/repositories/") {
            continue;
        }

        let set = set_at(&emulator, &secrets, "TOKEN", b"value", json!({})).await;

        assert_eq!(set.status(), 201, "{secrets}");
        assert_eq!(emulator.secret(&place, "TOKEN").unwrap().value(), b"value");
        assert_eq!(
            get(&emulator, &format!("{secrets}/TOKEN")).await.status(),
            200
        );
    }
    let missing = get(&emulator, "/repositories/8/actions/secrets").await;
    assert_eq!(refusal(missing).await.0, 404);
}

#[tokio::test]
async fn a_user_has_secrets_of_its_own() {
    let emulator = Emulator::builder()
        .organization(Organization::new("acme").example_repositories())
        .organization(Organization::new("other").repository(Repository::new(3, "docs")))
        .token(Token::classic("ghp_octocat").scopes(["codespace"]))
        .token(
            Token::classic("ghp_hubot")
                .scopes(["codespace"])
                .owned_by("hubot"),
        )
        .start()
        .await
        .unwrap();
    let key = async |token: &str| {
        let key = get_as(&emulator, token, "/user/codespaces/secrets/public-key").await;
        json_of(key).await["key_id"].as_str().unwrap().to_owned()
    };
    assert_ne!(key("ghp_octocat").await, key("ghp_hubot").await);
    let secret = StoredSecret::new("DOTFILES", "value").selected([1296269, 3]);

    let emulator = Emulator::builder()
        .organization(Organization::new("acme").example_repositories())
        .organization(Organization::new("other").repository(Repository::new(3, "docs")))
        .user("hubot")
        .secret(Place::user_named("Hubot"), secret)
        .token(
            Token::classic("ghp_hubot")
                .scopes(["codespace"])
                .owned_by("hubot"),
        )
        .start()
        .await
        .unwrap();

    let list = "/user/codespaces/secrets/DOTFILES/repositories";
    let list = json_of(get_as(&emulator, "ghp_hubot", list).await).await;
    let repositories = list["repositories"].as_array().unwrap();
    let names: Vec<_> = repositories.iter().map(|it| &it["full_name"]).collect();
    assert_eq!(names, ["other/docs", "acme/Hello-World"]);
    assert_eq!(
        emulator.all_secrets()[0].0.to_string(),
        "users/hubot/codespaces"
    );
    assert!(emulator.secrets(&Place::user()).is_empty());
}

#[tokio::test]
async fn a_users_update_without_ids_clears_the_selection() {
    let secret = StoredSecret::new("DOTFILES", "value").selected([1296269]);
    let emulator = Emulator::builder()
        .secret(Place::user(), secret)
        .start()
        .await
        .unwrap();

    assert_eq!(
        store(&emulator, &Place::user(), "DOTFILES", b"new").await,
        204
    );

    let secret = emulator.secret(&Place::user(), "DOTFILES").unwrap();
    assert!(secret.selected_repository_ids().is_empty());
}

#[tokio::test]
async fn a_secret_to_start_with_has_to_be_possible() {
    let secret = || StoredSecret::new("TOKEN", "value");
    let repository = Place::repository("acme/website", Store::Actions);
    let unknown = [
        Place::organization("other", Store::Actions),
        Place::environment("acme/website", "staging"),
        Place::user_named("hubot"),
    ];
    for place in unknown {
        let error = Emulator::builder()
            .secret(place.clone(), secret())
            .start()
            .await;

        let error = error.unwrap_err();
        assert!(error.to_string().contains(&place.to_string()), "{error}");
        assert!(matches!(error, Error::UnknownPlace { place: named } if named == place));
    }
    for (place, secret, reason) in [
        (repository.clone(), secret().private(), "its own place"),
        (Place::user(), secret().private(), "selected repositories"),
        (Place::user(), secret().selected([42]), "does not exist"),
    ] {
        let error = Emulator::builder()
            .secret(place.clone(), secret)
            .start()
            .await;

        let error = error.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert!(matches!(error, Error::InvalidSecret { place: named, .. } if named == place));
    }
}

#[tokio::test]
async fn an_environment_needs_a_repository() {
    for repository in ["acme/other", "other/website", "website"] {
        let started = Emulator::builder()
            .environment(repository, "staging")
            .start()
            .await;

        let error = started.unwrap_err();
        assert!(error.to_string().contains(repository), "{error}");
        assert!(matches!(error, Error::UnknownRepository { full_name } if full_name == repository));
    }
    let emulator = Emulator::builder()
        .environment("ACME/Website", "staging")
        .start()
        .await
        .unwrap();
    let staging = "/repos/acme/website/environments/staging/secrets";
    assert_eq!(get(&emulator, staging).await.status(), 200);
}
