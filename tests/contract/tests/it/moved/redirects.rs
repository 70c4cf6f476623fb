//! Redirects that are not followed: of other owners, without end, and by a client of the caller's.

use contract_tests::{Reply, Wire};
use github_secrets::{Error, RegistryUpdate, Repositories, ResponseProblem};

use super::{github, sealed};

#[tokio::test]
async fn a_redirected_write_of_a_user_or_to_a_registry_is_refused() {
    let wire = Wire::serve(|request| match request.method.as_str() {
        "GET" => github::success(request),
        _ => Reply::status(307).header("Location", "/elsewhere"),
    });
    let github = github(wire.url());
    let user = github.user().codespaces();
    let registries = github.org("acme").expect("a login").private_registries();
    let value = RegistryUpdate::new().value("value");
    let selected = user.repositories("A").expect("a name");
    for error in [
        user.set("A", "value", Repositories::none())
            .await
            .expect_err("set"),
        user.delete("A").await.expect_err("delete"),
        selected.set([1]).await.expect_err("set"),
        registries
            .create(contract_tests::calls::new_registry())
            .await
            .expect_err("create"),
        registries.update("A", value).await.expect_err("update"),
        registries.delete("A").await.expect_err("delete"),
    ] {
        let Error::UnexpectedResponse(unexpected) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(unexpected.problem, ResponseProblem::Redirect);
        assert!(!error.may_have_taken_effect(), "{error:?}");
    }
    assert!(!wire.lines().iter().any(|line| line.ends_with("/elsewhere")));
}

#[tokio::test]
async fn redirects_of_a_repository_without_end_are_refused() {
    let wire = Wire::serve(|request| match request.path() {
        "/repos/acme/website" => github::success(request),
        path => Reply::status(307).header("Location", &format!("{path}/again")),
    });
    let secrets = github(wire.url())
        .repo("acme/website")
        .expect("a name")
        .actions();
    let error = secrets.set("A", "value").await.expect_err("no end");
    let Error::UnexpectedResponse(unexpected) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(unexpected.problem, ResponseProblem::Redirect);
    assert!(wire.requests().len() < 10);
    assert!(!wire.requests().iter().any(sealed));
}

/// A client that was passed in can follow redirects by itself; where it went is told afterwards.
#[tokio::test]
async fn a_write_that_a_given_client_took_elsewhere_is_no_success() {
    let wire = Wire::serve(|request| match request.method.as_str() {
        "PUT" if request.path().starts_with("/repos/") => {
            Reply::status(307).header("Location", "/repositories/8/actions/secrets/A")
        }
        _ => github::success(request),
    });
    let following = github::builder(wire.url()).http_client(reqwest::Client::new());
    let repo = following.build().expect("settings").repo("acme/website");
    let set = repo.expect("a name").actions().set("A", "value").await;
    let error = set.expect_err("nothing says whom it reached");
    let Error::UnexpectedResponse(unexpected) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(unexpected.problem, ResponseProblem::Redirect);
    assert!(error.may_have_taken_effect(), "{error:?}");
}
