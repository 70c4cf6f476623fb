//! The texts of the errors that need a server or a token provider, word for word.

use std::{
    future,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use contract_tests::{Reply, Wire, github};
use github_secrets::{
    Error, GitHub, Pages, Place, ResponseProblem, SecretName, Store, Timestamp, Token, Visibility,
};
use serde_json::{Value, json};

/// Puts texts on lines of their own, without the id of a request.
fn lines(texts: impl IntoIterator<Item = impl ToString>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| text.to_string()).collect();
    texts.join("\n")
}

/// The message of an error and those of its sources.
fn chain(error: &dyn std::error::Error) -> String {
    let messages = std::iter::successors(Some(error), |error| error.source());
    let messages: Vec<_> = messages.map(ToString::to_string).collect();
    messages.join(": ")
}

fn connect(wire: &Wire) -> GitHub {
    github::builder(wire.url()).build().expect("settings")
}

fn listed(name: &str) -> Value {
    let time = "2019-08-10T14:59:22Z";
    json!({ "name": name, "created_at": time, "updated_at": time, "visibility": "all" })
}

fn page(total: i64, names: &[&str]) -> Reply {
    let secrets: Vec<_> = names.iter().map(|name| listed(name)).collect();
    Reply::json(200, &json!({ "total_count": total, "secrets": secrets }))
}

/// The mismatch that a list ends with.
async fn problem<T>(list: Pages<T>) -> ResponseProblem {
    match list.all().await {
        Err(Error::UnexpectedResponse(unexpected)) => unexpected.problem,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("the list is whole"),
    }
}

#[tokio::test]
async fn a_list_without_what_needs_single_sign_on_says_for_which_organizations() {
    let mut said = Vec::new();
    for sso in [
        "partial-results",
        "partial-results; organizations=21955855",
        "partial-results; organizations=21955855,20582480",
    ] {
        let partial = page(1, &["A"]).header("X-GitHub-SSO", sso);
        let wire = Wire::script([
            partial.header("x-github-request-id", "C0FE:1234:56789A:BCDEF0:12345678")
        ]);
        let list = github::secrets(wire.url()).list().all().await;
        said.push(list.expect_err("secrets are missing"));
    }
    insta::assert_snapshot!(lines(said), @"
    could not list the Codespaces secrets of acme: GitHub left out what the token has no access to without single sign-on; authorize the token for the organizations (status 200, request C0FE:1234:56789A:BCDEF0:12345678)
    could not list the Codespaces secrets of acme: GitHub left out what the token has no access to without single sign-on; authorize the token for the organization with the id 21955855 (status 200, request C0FE:1234:56789A:BCDEF0:12345678)
    could not list the Codespaces secrets of acme: GitHub left out what the token has no access to without single sign-on; authorize the token for the organizations with the ids 21955855, 20582480 (status 200, request C0FE:1234:56789A:BCDEF0:12345678)
    ");
}

/// A server whose secret is for some repositories before a write, and for others after it. After
/// it the secret is gone if there are none.
fn changing(status: u16, before: &'static [u64], after: Option<&'static [u64]>) -> Wire {
    let is_written = AtomicBool::new(false);
    Wire::serve(move |request| {
        if request.method != "GET" {
            is_written.store(true, Ordering::Relaxed);
            return Reply::status(status);
        }
        let ids = match is_written.load(Ordering::Relaxed) {
            true => after,
            false => Some(before),
        };
        match (ids, request.path()) {
            (_, path) if path.ends_with("/public-key") => github::public_key(),
            (None, _) => github::refusal(404, "Not Found"),
            (Some(ids), path) if path.ends_with("/repositories") => {
                github::repositories(ids.iter().copied())
            }
            _ => github::secret("selected"),
        }
    })
}

#[tokio::test]
async fn a_secret_that_somebody_else_changed_says_what_has_changed() {
    let mut said = Vec::new();
    for (status, before, after) in [
        (204, &[1, 2][..], Some(&[1][..])),
        (204, &[1], Some(&[1, 2, 3])),
        (204, &[1, 2, 3], Some(&[4])),
        (204, &[1], None),
        (201, &[1], Some(&[1])),
    ] {
        let wire = changing(status, before, after);
        let secrets = github::secrets(wire.url());
        let rotated = secrets.rotate("DB_PASSWORD", "new");
        said.push(rotated.await.expect_err("a change by somebody else"));
    }
    for (status, after) in [(204, Some(&[3][..])), (204, None), (201, Some(&[1]))] {
        let wire = changing(status, &[1], after);
        let secrets = github::secrets(wire.url());
        let change = secrets.set_access("DB_PASSWORD", Visibility::Private);
        said.push(change.await.expect_err("a change by somebody else"));
    }
    for error in &said {
        assert!(matches!(error, Error::SecretChanged(_)), "{error:?}");
    }
    insta::assert_snapshot!(lines(said), @"
    the access of the secret DB_PASSWORD is selected with 1 repository instead of selected with 2 repositories, without 2; somebody else changed it at the same time, and the new value is stored: check who can use it
    the access of the secret DB_PASSWORD is selected with 3 repositories instead of selected with 1 repository, and also has 2 and 1 more; somebody else changed it at the same time, and the new value is stored: check who can use it
    the access of the secret DB_PASSWORD is selected with 1 repository instead of selected with 3 repositories, without 1 and 2 more, and also has 4; somebody else changed it at the same time, and the new value is stored: check who can use it
    the value of the secret DB_PASSWORD was stored, but the secret no longer exists: somebody else deleted it at the same time; set it again
    the secret DB_PASSWORD was deleted, and this call recreated it; somebody else changed it at the same time, and the new value is stored: check who can use it
    the access of the secret DB_PASSWORD is selected with 1 repository instead of private, and also has 3; somebody else changed it at the same time, and the value is unchanged: check who can use it, and try again
    the secret DB_PASSWORD no longer exists: somebody else deleted it at the same time
    the secret DB_PASSWORD was deleted, and this call recreated it; somebody else changed it at the same time, and the value is unchanged: check who can use it, and try again
    ");
}

#[tokio::test]
async fn what_is_wrong_with_the_link_to_the_next_page_is_said() {
    let mut said = Vec::new();
    for link in [
        "/2; rel=\"next\"",
        "</2; rel=\"next\"",
        "</2> rel=\"next\"",
        "</2>; rel=\"next",
        "</2>; rel=\"ne\u{e9}xt\"",
        "<http://[>; rel=\"next\"",
        "<https://acme.example/2>; rel=\"next\"",
        "</orgs/acme/codespaces/secrets?per_page=100>; rel=\"next\"",
    ] {
        let wire = Wire::serve(move |_| page(2, &["A"]).header("Link", link));
        said.push(problem(github::secrets(wire.url()).list()).await);
    }
    insta::assert_snapshot!(lines(said), @"
    the link to the next page is malformed: no address in angle brackets
    the link to the next page is malformed: its address does not end
    the link to the next page is malformed: something follows its address
    the link to the next page is malformed: a quotation does not end
    the link to the next page is not text
    the link to the next page is no address
    the link to the next page leads away from the API's own address
    the link to the next page leads back to a page that was read already
    ");
}

#[tokio::test]
async fn a_response_that_contradicts_itself_says_how() {
    let mut said = Vec::new();
    let many: Vec<_> = (0..101).map(|number| format!("S_{number}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let mut timeless = listed("A");
    timeless["updated_at"] = json!("yesterday");
    let timeless = Reply::json(200, &json!({ "total_count": 1, "secrets": [timeless] }));
    for reply in [page(-1, &["A"]), page(101, &many), timeless] {
        let wire = Wire::script([reply]);
        said.push(problem(github::secrets(wire.url()).list()).await);
    }
    let repository = json!([{ "id": -1, "name": "a", "full_name": "acme/a" }]);
    let wire = Wire::script([Reply::json(200, &repository)]);
    let organization = connect(&wire).org("acme").expect("a login");
    said.push(problem(organization.repositories()).await);
    let environment = |id: i64| json!([{ "id": id, "name": "production" }]);
    let negative = json!({ "total_count": 1, "environments": environment(-1) });
    let counted = json!({ "total_count": 2, "environments": environment(1) });
    let counted = Reply::json(200, &counted).header("Link", "</2>; rel=\"next\"");
    let uncounted = json!({ "environments": [{ "id": 2, "name": "staging" }] });
    for replies in [
        vec![Reply::json(200, &negative)],
        vec![counted, Reply::json(200, &uncounted)],
    ] {
        let wire = Wire::script(replies);
        let repository = connect(&wire).repo("acme/website").expect("a name");
        said.push(problem(repository.environments()).await);
    }
    let mut registry = github::registry("NPM_REGISTRY_SECRET");
    registry["created_at"] = json!("yesterday");
    let registries = json!({ "total_count": 1, "configurations": [registry] });
    let wire = Wire::script([Reply::json(200, &registries)]);
    let organization = connect(&wire).org("acme").expect("a login");
    said.push(problem(organization.private_registries().list()).await);
    insta::assert_snapshot!(lines(said), @"
    the list has a negative number of entries
    the page has more entries than were asked for
    a secret has an invalid time
    a repository has a negative id
    an environment has a negative id
    only some pages say how many entries there are
    a registry has an invalid time
    ");
}

#[tokio::test]
async fn an_id_a_name_or_a_visibility_that_cannot_be_is_said() {
    let mut said = Vec::new();
    let wire = Wire::script([Reply::json(200, &json!({ "id": -1, "login": "octocat" }))]);
    said.push(connect(&wire).user().id().await.err());
    for (id, full_name) in [(0, "acme/website"), (1, "website")] {
        let found = json!({ "id": id, "name": "website", "full_name": full_name });
        let wire = Wire::serve(move |request| match request.path() {
            "/repos/acme/website" => Reply::json(200, &found),
            _ => github::public_key(),
        });
        let secrets = github::secrets(wire.url());
        let set = secrets.set("A", "value", Visibility::selected(["website"]));
        said.push(set.await.err());
    }
    let wire = Wire::serve(|request| match request.path() {
        path if path.ends_with("/public-key") => github::public_key(),
        path if path.ends_with("/repositories") => github::repositories([]),
        _ => github::secret("internal"),
    });
    let secrets = github::secrets(wire.url());
    let rotated = secrets.rotate("DB_PASSWORD", "new");
    said.push(rotated.await.err());
    insta::assert_snapshot!(lines(said.into_iter().flatten()), @"
    could not look up the user: the user has a negative id; check that the API address is GitHub's (status 200)
    could not look up the repository acme/website: the repository has no valid id; check that the API address is GitHub's (status 200)
    could not look up the repository acme/website: the repository has no valid name; check that the API address is GitHub's (status 200)
    could not read the Codespaces secret DB_PASSWORD of acme: this version of the library does not know the secret's visibility; check that the API address is GitHub's (status 200)
    ");
}

#[tokio::test]
async fn a_list_that_never_agrees_with_its_count_says_so() {
    let totals = AtomicUsize::new(2);
    let wire = Wire::serve(move |request| {
        let total = totals.fetch_add(1, Ordering::Relaxed);
        let total = i64::try_from(total).unwrap_or_default();
        match request.path() {
            "/2" => page(total, &["B"]),
            _ => page(total, &["A"]).header("Link", "</2>; rel=\"next\""),
        }
    });
    let list = github::secrets(wire.url()).list().all().await;
    insta::assert_snapshot!(list.expect_err("no two readings agree"), @"
    could not list the Codespaces secrets of acme: the list changed while it was read; try again (status 200)
    ");
}

#[tokio::test(start_paused = true)]
async fn a_token_provider_that_returns_nothing_says_why() {
    let wire = Wire::serve(github::success);
    let builder = || github::builder(wire.url());
    let silent = builder().token_provider(future::pending::<Result<Token, std::io::Error>>);
    let broken = builder().token_provider(async || -> Result<Token, std::io::Error> {
        panic!("this provider is broken, as the test wants it")
    });
    let sealed = builder().token_provider(async || -> Result<Token, std::io::Error> {
        Err(std::io::Error::other("the vault is sealed"))
    });
    let mut said = Vec::new();
    for provided in [silent, broken, sealed] {
        let error = github::codespaces(provided).find("A").await;
        said.push(chain(&error.expect_err("no token")));
    }
    insta::assert_snapshot!(lines(said), @"
    the token provider failed or returned an unusable token: no token within 30s
    the token provider failed or returned an unusable token: the provider panicked, or the async runtime shut down
    the token provider failed or returned an unusable token: the vault is sealed
    ");
    assert!(wire.requests().is_empty());
}

#[test]
fn what_a_text_has_to_be_is_said_of_a_number() {
    let seven = || json!(7);
    let said = [
        serde_json::from_value::<Place>(seven()).err(),
        serde_json::from_value::<SecretName>(seven()).err(),
        serde_json::from_value::<Store>(seven()).err(),
        serde_json::from_value::<Timestamp>(seven()).err(),
    ];
    assert!(said.iter().all(Option::is_some));
    insta::assert_snapshot!(lines(said.into_iter().flatten()), @"
    invalid type: integer `7`, expected a place, such as orgs/acme/actions
    invalid type: integer `7`, expected the name of a secret
    invalid type: integer `7`, expected actions, agents, codespaces or dependabot
    invalid type: integer `7`, expected a time, such as 2019-08-10T14:59:22Z
    ");
}
