//! What a server can make the library keep.

use std::sync::atomic::{AtomicUsize, Ordering};

use contract_tests::{Reply, Wire, github};
use github_secrets::{Error, ResponseProblem, Visibility};
use serde_json::json;

#[tokio::test]
async fn an_error_keeps_16_kib_of_a_message_of_megabytes() {
    let message = "ä".repeat(1024 * 1024);
    let wire = Wire::serve(move |request| match request.method.as_str() {
        "PUT" => Reply::json(400, &json!({ "message": message, "errors": [message] })),
        _ => github::success(request),
    });
    let secrets = github::secrets(wire.url());
    let set = secrets.set("A", "value", Visibility::All).await;
    let error = set.expect_err("a refusal");
    let kept = error.github_message().expect("a message").expose();
    assert_eq!(kept.len(), 16 * 1024);
    assert!(kept.chars().all(|c| c == 'ä'));
}

#[tokio::test]
async fn a_list_ends_with_an_error_after_64_mib() {
    let pages = AtomicUsize::new(0);
    let wire = Wire::serve(move |_| {
        let page = pages.fetch_add(1, Ordering::Relaxed);
        let secret = json!({
            "name": format!("S_{page}"),
            "created_at": "2019-08-10T14:59:22Z",
            "updated_at": "2019-08-10T14:59:22Z",
        });
        let body = json!({ "total_count": 1_000, "secrets": [secret] }).to_string();
        let padding = " ".repeat(7 * 1024 * 1024);
        let link = format!("</page/{page}>; rel=\"next\"");
        Reply::text(200, "application/json", body + &padding).header("Link", &link)
    });
    let list = github::secrets(wire.url()).list().all().await;
    let Err(Error::UnexpectedResponse(unexpected)) = list else {
        panic!("a list of more than 64 MiB was expected to be an error: {list:?}");
    };
    let limit = 64 * 1024 * 1024;
    assert_eq!(unexpected.problem, ResponseProblem::TooLarge { limit });
    assert_eq!(wire.requests().len(), 10);
}
