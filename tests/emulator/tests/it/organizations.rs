//! `GET /orgs/{org}` and `GET /orgs/{org}/repos`.

use github_secrets_emulator::{Access, Emulator, Organization, Repository, Token};
use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    schemas::{MINIMAL_REPOSITORY, ORGANIZATION_FULL, SIMPLE_USER, missing_fields},
    support::{get, get_as, json_of, links, refusal},
};

/// `acme` with four repositories: `d` is the first, `a` the last.
async fn acme() -> Emulator {
    let acme = Organization::new("Acme")
        .id(42)
        .repository(Repository::new(1, "d"))
        .repository(Repository::new(2, "C").public())
        .repository(Repository::new(3, "b").archived())
        .repository(Repository::new(4, "a").public().renamed_from("z"));
    let private = Organization::new("sso").sso("https://github.com/orgs/sso/sso");
    Emulator::builder()
        .organization(acme)
        .organization(private.repository(Repository::new(5, "website")))
        .organization(Organization::new("free").without_plan())
        .organization(
            Organization::new("hidden")
                .sso("https://example.com")
                .hidden(),
        )
        .token(Token::classic("ghp_test").scopes(["repo"]))
        .token(Token::classic("ghp_none"))
        .token(Token::fine_grained("github_pat_blind").without_metadata())
        .token(Token::app("ghs_app").permission("secrets", Access::Read))
        .start()
        .await
        .unwrap()
}

async fn names(response: Response) -> Vec<String> {
    let list: Value = json_of(response).await;
    let entries = list.as_array().unwrap();
    entries
        .iter()
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_organization_has_what_github_requires_of_it() {
    let emulator = acme().await;
    for path in ["/orgs/ACME", "/organizations/42"] {
        let organization = json_of(get(&emulator, path).await).await;

        assert_eq!(missing_fields(&organization, &ORGANIZATION_FULL), [""; 0]);
        assert_eq!(organization["login"], "Acme");
        assert_eq!(organization["id"], 42);
        assert_eq!(organization["type"], "Organization");
        assert_eq!(organization["public_repos"], 2);
        assert_eq!(
            organization["repos_url"],
            format!("{}/orgs/Acme/repos", emulator.url())
        );
    }
    let free = get(&emulator, "/orgs/free").await;
    assert_eq!(free.status(), 200);
    assert_eq!(refusal(get(&emulator, "/orgs/nobody").await).await.0, 404);
}

#[tokio::test]
async fn every_token_reads_an_organization_but_for_single_sign_on() {
    let emulator = acme().await;
    for (token, header, value) in [
        ("ghp_none", "x-accepted-oauth-scopes", ""),
        (
            "github_pat_blind",
            "x-accepted-github-permissions",
            "allows_permissionless_access=true",
        ),
        (
            "ghs_app",
            "x-accepted-github-permissions",
            "allows_permissionless_access=true",
        ),
    ] {
        let response = get_as(&emulator, token, "/orgs/acme").await;
        assert_eq!(response.status(), 200, "{token}");
        assert_eq!(response.headers()[header], value, "{token}");
    }
    for path in ["/orgs/sso", "/orgs/sso/repos"] {
        let refused = get(&emulator, path).await;
        let header = &refused.headers()["x-github-sso"];
        assert_eq!(header, "required; url=https://github.com/orgs/sso/sso");
        assert_eq!(refusal(refused).await.0, 403, "{path}");
    }
    assert_eq!(refusal(get(&emulator, "/orgs/hidden").await).await.0, 404);
}

#[tokio::test]
async fn repositories_are_listed_without_their_number() {
    let emulator = acme().await;

    let list = json_of(get(&emulator, "/orgs/acme/repos").await).await;

    let entries = list.as_array().unwrap();
    for entry in entries {
        assert_eq!(missing_fields(entry, &MINIMAL_REPOSITORY), [""; 0]);
        assert_eq!(missing_fields(&entry["owner"], &SIMPLE_USER), [""; 0]);
    }
    let fields = |entry: &Value| {
        ["id", "name", "archived", "private", "visibility"].map(|field| entry[field].clone())
    };
    let seen: Vec<_> = entries.iter().map(fields).collect();
    assert_eq!(
        json!(seen),
        json!([
            [4, "a", false, false, "public"],
            [3, "b", true, true, "private"],
            [2, "C", false, false, "public"],
            [1, "d", false, true, "private"]
        ])
    );
}

#[tokio::test]
async fn repositories_are_selected_and_ordered_as_the_query_says() {
    let emulator = acme().await;
    for (query, expected) in [
        ("", "a b C d"),
        ("?direction=asc", "d C b a"),
        ("?sort=created&direction=desc", "a b C d"),
        ("?sort=full_name", "a b C d"),
        ("?sort=full_name&direction=desc", "d C b a"),
        ("?type=public", "a C"),
        ("?type=private&sort=full_name", "b d"),
        ("?type=forks", ""),
        ("?type=sources", "a b C d"),
        ("?type=member", "a b C d"),
        ("?per_page=3", "a b C"),
        ("?per_page=3&page=2", "d"),
        ("?per_page=3&page=3", ""),
        ("?per_page=none&page=0", "a b C d"),
    ] {
        let listed = names(get(&emulator, &format!("/orgs/acme/repos{query}")).await).await;
        assert_eq!(listed.join(" "), expected, "{query}");
    }
}

#[tokio::test]
async fn links_repeat_the_query() {
    let emulator = acme().await;
    let path = "/orgs/acme/repos?type=all&per_page=1&sort=full_name&page=2&direction=asc";

    let page = get(&emulator, path).await;

    let address = |page: u32| {
        format!(
            "{}/organizations/42/repos?type=all&per_page=1&sort=full_name&direction=asc&page={page}",
            emulator.url()
        )
    };
    let links = links(&page);
    let expected = [("first", 1), ("last", 4), ("next", 3), ("prev", 1)]
        .map(|(relation, page)| (relation.to_owned(), address(page)));
    assert_eq!(links, expected.into());
    let next = links["next"].strip_prefix(&emulator.url()).unwrap();
    assert_eq!(names(get(&emulator, next).await).await, ["C"]);
    assert_eq!(names(page).await, ["b"]);
}

#[tokio::test]
async fn a_token_sees_the_repositories_that_it_may_read() {
    let emulator = acme().await;
    for (token, expected) in [
        ("ghp_test", "a b C d"),
        ("ghp_none", "a C"),
        ("github_pat_blind", "a C"),
        ("ghs_app", "a b C d"),
    ] {
        let listed = names(get_as(&emulator, token, "/orgs/acme/repos").await).await;
        assert_eq!(listed.join(" "), expected, "{token}");
    }
}

#[tokio::test]
async fn a_thousand_repositories_are_listed_page_by_page() {
    let start = Organization::new("acme");
    let acme = (1..=1_000).fold(start, |acme, id| {
        acme.repository(Repository::new(id, format!("service-{id}")))
    });
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let mut listed = Vec::new();
    let mut path = Some("/orgs/acme/repos?per_page=100".to_owned());

    while let Some(target) = path {
        let page = get(&emulator, &target).await;
        let next = links(&page).remove("next");
        path = next.map(|next| next.strip_prefix(&emulator.url()).unwrap().to_owned());
        listed.extend(names(page).await);
    }

    let expected: Vec<_> = (1..=1_000)
        .rev()
        .map(|id| format!("service-{id}"))
        .collect();
    assert_eq!(listed, expected);
    assert_eq!(emulator.requests().len(), 10);
}
