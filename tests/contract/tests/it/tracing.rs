//! Spans have the fields that the front page of the documentation lists.

use std::time::Duration;

use contract_tests::{Capture, Reply, Wire, github};
use github_secrets::RetryPolicy;

const FRONT_PAGE: &str = include_str!("../../../../sealing/src/lib.md");

/// The fields that the page lists, without what it says of them.
fn listed_fields() -> Vec<&'static str> {
    let (_, section) = FRONT_PAGE.split_once("# Tracing\n").expect("the section");
    let rows = section.lines().skip_while(|line| !line.starts_with("|---"));
    rows.skip(1)
        .map_while(|row| row.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|fields| fields.split(", "))
        .map(|field| field.trim_matches('`'))
        .collect()
}

/// What is traced when a secret of the environment is set and GitHub is unavailable.
async fn trace_of_a_failure() -> String {
    let capture = Capture::start();
    let wire = Wire::serve(|_| Reply::status(503));
    let retry = RetryPolicy::none()
        .attempts(2)
        .deadline(Duration::from_secs(60))
        .first_wait(Duration::ZERO);
    let builder = github::builder(wire.url()).retry(retry);
    let repo = builder.build().expect("settings").repo("acme/website");
    let environment = repo.expect("a name").environment("review/eu west");
    let secrets = environment.expect("a name");
    let found = secrets.find("DB_PASSWORD").await;
    found.expect_err("GitHub is unavailable");
    capture.text()
}

#[tokio::test]
async fn a_span_has_every_field_that_the_front_page_lists() {
    let trace = trace_of_a_failure().await;
    let fields = listed_fields();
    assert!(fields.contains(&"github.owner"), "{fields:?}");
    for field in fields {
        assert!(trace.contains(&format!("{field}=")), "{field}: {trace}");
    }
}

#[tokio::test]
async fn the_owner_is_labelled_as_its_place_begins() {
    let trace = trace_of_a_failure().await;
    let owner = "github.owner=\"repos/acme/website/environments/review/eu west\"";
    assert!(trace.contains(owner), "{trace}");
}
