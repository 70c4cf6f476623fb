//! The environments of a repository, and `GET /user`.

use github_secrets_emulator::{Access, Change, Emulator, Organization, Repository, Token};
use serde_json::Value;

use crate::{
    schemas::{ENVIRONMENT, PUBLIC_USER, SIMPLE_USER, missing_fields},
    support::{field_names, get, get_as, json_of, links, refusal},
};

async fn emulator() -> Emulator {
    let website = Repository::new(7, "website")
        .renamed_from("www")
        .environment("production")
        .environment("review/eu west");
    let docs = Repository::new(8, "docs").public().environment("staging");
    let permission =
        |name: &str, token: &str| Token::fine_grained(token).permission(name, Access::Read);
    let acme = Organization::new("acme");
    Emulator::builder()
        .organization(acme.repository(website).repository(docs))
        .token(Token::classic("ghp_test").scopes(["repo"]))
        .token(Token::classic("ghp_hubot").owned_by("hubot"))
        .token(permission("actions", "github_pat_actions"))
        .token(permission("environments", "github_pat_environments"))
        .token(Token::app("ghs_app"))
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn environments_are_listed_with_their_number() {
    let emulator = emulator().await;
    let list = json_of(get(&emulator, "/repos/acme/website/environments").await).await;

    assert_eq!(field_names(&list), ["environments", "total_count"]);
    assert_eq!(list["total_count"], 2);
    let environments = list["environments"].as_array().unwrap();
    let names: Vec<_> = environments.iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["production", "review/eu west"]);
    for environment in environments {
        assert_eq!(missing_fields(environment, &ENVIRONMENT), [""; 0]);
    }
    assert_ne!(environments[0]["id"], environments[1]["id"]);

    let page = get(&emulator, "/repositories/7/environments?per_page=1").await;
    let next = &links(&page)["next"];
    let path = "/repositories/7/environments?per_page=1&page=2";
    assert_eq!(*next, emulator.url() + path);
    let second = json_of(get(&emulator, path).await).await;
    assert_eq!(second["environments"][0], environments[1]);
    assert_eq!(second["total_count"], 2);
}

#[tokio::test]
async fn an_environment_is_read_by_its_name_in_any_case_encoded_once() {
    let emulator = emulator().await;
    let path = "/repos/acme/website/environments/Review%2FEU%20West";

    let environment = json_of(get(&emulator, path).await).await;

    assert_eq!(missing_fields(&environment, &ENVIRONMENT), [""; 0]);
    assert_eq!(environment["name"], "review/eu west");
    // Clients add `/secrets` to this address.
    let address = environment["url"].as_str().unwrap();
    let secrets = format!("{}/secrets", address.strip_prefix(&emulator.url()).unwrap());
    assert_eq!(get(&emulator, &secrets).await.status(), 200);
    for absent in ["staging", "", "production/"] {
        let path = format!("/repos/acme/website/environments/{absent}");
        assert_eq!(refusal(get(&emulator, &path).await).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn an_environment_that_is_created_again_has_another_id() {
    let emulator = emulator().await;
    let path = "/repos/acme/website/environments/production";
    let id = async || json_of(get(&emulator, path).await).await["id"].clone();
    let former = id().await;

    for change in [
        Change::delete_environment("acme/website", "production"),
        Change::create_environment("acme/website", "production"),
    ] {
        emulator.change(change).unwrap();
    }

    assert_ne!(id().await, former);
}

#[tokio::test]
async fn environments_of_a_private_repository_need_the_permission_for_actions() {
    let emulator = emulator().await;
    for (token, website, docs) in [
        ("ghp_test", 200, 200),
        ("github_pat_actions", 200, 200),
        ("github_pat_environments", 403, 200),
        ("ghp_hubot", 404, 200),
    ] {
        for (name, status) in [("website", website), ("docs", docs)] {
            for rest in ["", "/staging", "/production"] {
                let path = format!("/repos/acme/{name}/environments{rest}");
                let response = get_as(&emulator, token, &path).await;
                let absent = status == 200
                    && ((name, rest) == ("website", "/staging")
                        || (name, rest) == ("docs", "/production"));
                let expected = if absent { 404 } else { status };
                assert_eq!(response.status(), expected, "{token} {path}");
            }
        }
    }
    let refused = get_as(
        &emulator,
        "github_pat_environments",
        "/repos/acme/website/environments",
    )
    .await;
    let header = &refused.headers()["x-accepted-github-permissions"];
    assert_eq!(header, "actions=read");
}

#[tokio::test]
async fn environments_follow_a_renamed_repository() {
    let emulator = emulator().await;

    let list = json_of(get(&emulator, "/repos/acme/www/environments").await).await;

    assert_eq!(list["total_count"], 2);
}

#[tokio::test]
async fn a_token_reads_its_user() {
    let emulator = emulator().await;
    for (token, login, id) in [("ghp_test", "octocat", 1), ("ghp_hubot", "hubot", 2)] {
        let user: Value = json_of(get_as(&emulator, token, "/user").await).await;

        assert_eq!(missing_fields(&user, &SIMPLE_USER), [""; 0]);
        assert_eq!(missing_fields(&user, &PUBLIC_USER), [""; 0]);
        assert_eq!((&user["login"], &user["id"]), (&login.into(), &id.into()));
        assert_eq!(
            (&user["type"], &user["user_view_type"]),
            (&"User".into(), &"public".into())
        );
        // The description allows a public user no other fields.
        assert_eq!(
            field_names(&user).len(),
            SIMPLE_USER.len() + PUBLIC_USER.len() + 1
        );
    }
    let refused = get_as(&emulator, "ghs_app", "/user").await;
    assert_eq!(
        refusal(refused).await,
        (403, "Resource not accessible by integration".to_owned())
    );
}
