//! Lists that come in pages, and single secrets found and deleted.

use std::sync::atomic::{AtomicUsize, Ordering};

use contract_tests::{Reply, Wire, github};
use github_secrets::{Action, Error, Pages, ResponseProblem, Secret, VisibilityKind};
use github_secrets_emulator::{
    Emulator, Fault, Matcher, Organization, Repository, Store, StoredSecret,
};
use serde_json::json;

/// An organization with this many secrets, the first of which has as many selected repositories.
async fn emulator(count: u64) -> Emulator {
    let ids = 1..=count;
    let mut acme = Organization::new("acme").secret_limit(count as usize);
    for id in ids.clone() {
        let secret = StoredSecret::new(format!("SECRET_{id}"), "value");
        acme = acme.repository(Repository::new(id, format!("repository-{id}")));
        let secret = match id {
            1 => secret.selected(ids.clone()),
            2 => secret.private(),
            _ => secret,
        };
        acme = acme.secret(Store::Codespaces, secret);
    }
    let emulator = Emulator::builder().organization(acme);
    emulator.start().await.expect("an emulator")
}

fn targets(emulator: &Emulator) -> Vec<String> {
    let requests = emulator.requests();
    requests
        .iter()
        .map(|request| request.target().to_owned())
        .collect()
}

#[tokio::test]
async fn a_list_of_250_secrets_takes_three_requests_along_the_servers_links() {
    let emulator = emulator(250).await;
    let secrets = github::secrets(emulator.url());
    let mut names: Vec<_> = secrets
        .list()
        .all()
        .await
        .expect("a list")
        .into_iter()
        .map(|secret| secret.name)
        .collect();
    names.sort_by_key(|name| name["SECRET_".len()..].parse::<u64>().ok());
    assert_eq!(
        names,
        Vec::from_iter((1..=250).map(|id| format!("SECRET_{id}")))
    );
    assert_eq!(
        targets(&emulator),
        [
            "/orgs/acme/codespaces/secrets?per_page=100",
            "/organizations/9001/codespaces/secrets?per_page=100&page=2",
            "/organizations/9001/codespaces/secrets?per_page=100&page=3",
        ]
    );
}

#[tokio::test]
async fn a_list_of_250_selected_repositories_is_whole() {
    let emulator = emulator(250).await;
    let secrets = github::secrets(emulator.url());
    let selected = secrets
        .repositories("SECRET_1")
        .expect("a name")
        .list()
        .all()
        .await;
    let selected = selected.expect("a list");
    let mut ids: Vec<_> = selected.iter().map(|repository| repository.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, Vec::from_iter(1..=250));
    let seventh = selected
        .iter()
        .find(|repository| repository.id == 7)
        .expect("the seventh");
    assert_eq!(seventh.full_name, "acme/repository-7");
    assert_eq!(seventh.private, Some(true));
    assert_eq!(emulator.requests().len(), 3);
}

#[tokio::test]
async fn a_list_is_fetched_as_it_is_read() {
    let emulator = emulator(250).await;
    let secrets = github::secrets(emulator.url());
    let mut list = secrets.list();
    assert_eq!(emulator.requests().len(), 0);
    for _ in 0..100 {
        list.next().await.expect("an entry").expect("a secret");
    }
    assert_eq!(emulator.requests().len(), 1);
    list.next().await.expect("an entry").expect("a secret");
    assert_eq!(emulator.requests().len(), 2);
    assert_eq!(list.all().await.expect("the rest").len(), 149);
}

#[tokio::test]
async fn an_empty_list_is_no_error() {
    let emulator = Emulator::start().await.expect("an emulator");
    let secrets = github::secrets(emulator.url());
    assert_eq!(secrets.list().all().await.expect("a list"), []);
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test]
async fn after_an_error_on_a_later_page_there_is_nothing_more_to_read() {
    let emulator = emulator(250).await;
    emulator.fault(Fault::status(503).on(Matcher::path("/organizations/")));
    let mut list = github::secrets(emulator.url()).list();
    for _ in 0..100 {
        list.next().await.expect("an entry").expect("a secret");
    }
    let error = list.next().await.expect("an error").expect_err("an error");
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    assert_eq!(error.operation(), Some(github::operation(Action::List)));
    assert!(list.next().await.is_none());
}

#[tokio::test]
async fn a_later_page_is_tried_again_like_the_first() {
    let emulator = emulator(250).await;
    emulator.fault(Fault::dropped().on(Matcher::path("/organizations/")));
    let secrets = github::patient_secrets(emulator.url());
    assert_eq!(secrets.list().all().await.expect("a list").len(), 250);
}

#[tokio::test]
async fn a_list_whose_links_are_lost_on_the_way_is_an_error_and_not_a_shorter_list() {
    let emulator = emulator(250).await;
    emulator.fault(Fault::without_headers(["link"]));
    let list = github::secrets(emulator.url()).list().all().await;
    let error = list.expect_err("150 secrets are missing");
    let Error::UnexpectedResponse(unexpected) = &error else {
        panic!("{error:?}");
    };
    let (expected, found) = (250, 100);
    assert_eq!(
        unexpected.problem,
        ResponseProblem::Count { expected, found }
    );
    assert!(
        error.to_string().contains("100 entries instead of 250"),
        "{error}"
    );
}

/// A page with one of two secrets, another one each time, and this as its links.
fn page(link: &str) -> Reply {
    static PAGES: AtomicUsize = AtomicUsize::new(0);
    let secret = json!({
        "name": format!("S_{}", PAGES.fetch_add(1, Ordering::Relaxed)),
        "created_at": "2019-08-10T14:59:22Z",
        "updated_at": "2019-08-10T14:59:22Z",
        "visibility": "all",
    });
    let page = json!({ "total_count": 2, "secrets": [secret] });
    Reply::json(200, &page).header("Link", link)
}

fn next_page(to: &str) -> Reply {
    page(&format!("<{to}>; rel=\"next\""))
}

/// Reads to the end, which has to be an error with a link, and gives what is said of the link.
async fn broken_link(mut list: Pages<Secret>) -> &'static str {
    loop {
        match list.next().await.expect("an error before the end") {
            Ok(_) => {}
            Err(Error::UnexpectedResponse(unexpected)) => {
                assert!(list.next().await.is_none());
                match unexpected.problem {
                    ResponseProblem::NextPage(fault) => return fault,
                    other => panic!("{other:?}"),
                }
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_are_an_error() {
    let path = "/orgs/acme/codespaces/secrets?per_page=100";
    for circle in [
        vec![path],
        vec!["/2", path],
        vec!["/2", "/3", "/2"],
        vec!["/2", "/2"],
    ] {
        let wire = Wire::serve(move |request| {
            let at = circle.iter().rposition(|at| *at == request.target);
            let next = at.map_or(0, |at| at + 1) % circle.len();
            next_page(circle[next])
        });
        let fault = broken_link(github::secrets(wire.url()).list()).await;
        assert!(fault.contains("leads back"), "{fault}");
        assert!(wire.requests().len() <= 4);
    }
}

#[tokio::test]
async fn pages_without_end_are_an_error() {
    let wire = Wire::serve(|request| {
        let page = request
            .query()
            .and_then(|query| query.strip_prefix("page="));
        let page: u64 = page.and_then(|page| page.parse().ok()).unwrap_or_default();
        next_page(&format!("/pages?page={}", page + 1))
    });
    let fault = broken_link(github::secrets(wire.url()).list()).await;
    assert!(fault.contains("more pages than"), "{fault}");
}

#[tokio::test]
async fn a_link_to_another_origin_is_an_error_and_nothing_is_sent_there() {
    let elsewhere = Wire::script([page("")]);
    for to in [
        elsewhere.url(),
        elsewhere.url().replace("http:", "https:"),
        elsewhere.url().replace("http:", ""),
        elsewhere.url().replace("127.0.0.1", "localhost"),
        "file:///etc/passwd".into(),
    ] {
        let wire = Wire::script([next_page(&to)]);
        let fault = broken_link(github::secrets(wire.url()).list()).await;
        assert!(fault.contains("leads away"), "{to}: {fault}");
    }
    assert_eq!(elsewhere.bytes(), b"");
}

#[tokio::test]
async fn a_link_that_cannot_be_read_is_an_error_and_not_the_end() {
    for link in [
        "</2; rel=\"next\"",
        "</2>; rel=\"next",
        "/2; rel=\"next\"",
        "</2> rel=\"next\"",
        "<http://[>; rel=\"next\"",
        "</2>; rel=\"ne\u{e9}xt\"",
        ", nonsense",
    ] {
        let wire = Wire::script([page(link)]);
        let fault = broken_link(github::secrets(wire.url()).list()).await;
        assert!(fault.starts_with("is "), "{link}: {fault}");
    }
}

#[tokio::test]
async fn a_link_can_be_relative_and_stand_among_others() {
    for link in [
        "</first>; rel=\"first\", </2>; rel=\"next\", </last>; rel=\"last\"",
        "</2>;rel=next",
        "</first>; rel=\"first\"; title=\"a, b; c\", </2>; title=\"x\"; REL=\"next last\"",
    ] {
        let wire = Wire::script([page(link), page("</1>; rel=\"prev\"")]);
        let list = github::secrets(wire.url()).list().all().await;
        assert_eq!(list.expect("a list").len(), 2);
        assert_eq!(wire.lines()[1], "GET /2");
    }
}

#[tokio::test]
async fn a_repository_whose_id_is_negative_is_an_unexpected_response() {
    let repository = json!({ "id": -1, "name": "a", "full_name": "acme/a" });
    let page = json!({ "total_count": 1, "repositories": [repository] });
    let wire = Wire::script([Reply::json(200, &page)]);
    let selected = github::secrets(wire.url())
        .repositories("A")
        .expect("a name");
    let error = selected.list().all().await.expect_err("a negative id");
    assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
    assert!(error.to_string().contains("negative id"), "{error}");
}

#[tokio::test]
async fn a_secret_is_found_by_its_name_in_any_case() {
    let emulator = emulator(2).await;
    let secrets = github::secrets(emulator.url());
    let found = secrets
        .find("secret_2")
        .await
        .expect("a response")
        .expect("a secret");
    assert_eq!(found.name, "SECRET_2");
    assert_eq!(found.visibility, Some(VisibilityKind::Private));
    assert_eq!(secrets.find("SECRET_3").await.expect("a response"), None);
}

#[tokio::test]
async fn a_visibility_that_github_adds_later_is_handed_on() {
    let wire = Wire::script([github::secret("internal")]);
    let found = github::secrets(wire.url()).find("DB_PASSWORD").await;
    let found = found.expect("a response").expect("a secret");
    assert_eq!(
        found.visibility,
        Some(VisibilityKind::Other("internal".into()))
    );
}

#[tokio::test]
async fn a_deleted_secret_is_gone_and_cannot_be_deleted_again() {
    let emulator = emulator(2).await;
    let secrets = github::secrets(emulator.url());
    secrets.delete("secret_2").await.expect("deleted");
    assert!(emulator.secret(&github::place(), "SECRET_2").is_none());
    let error = secrets.delete("secret_2").await.expect_err("gone");
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    assert!(error.to_string().contains("secret_2 of acme"), "{error}");
}

#[tokio::test]
async fn a_secret_whose_deletion_had_no_response_is_deleted() {
    let emulator = emulator(2).await;
    emulator.fault(
        Fault::dropped()
            .after_write()
            .on(Matcher::operation("codespaces/delete-org-secret")),
    );
    let secrets = github::patient_secrets(emulator.url());
    secrets.delete("SECRET_2").await.expect("deleted");
    assert!(emulator.secret(&github::place(), "SECRET_2").is_none());
    assert_eq!(emulator.requests().len(), 2);
}
