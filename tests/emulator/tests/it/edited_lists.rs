//! Lists that leave entries out, or report another number of them.

use github_secrets_emulator::{
    Emulator, Fault, Matcher, Organization, Repository, Store, StoredSecret,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{SECRETS, control, get, json_of, links};

const REPOSITORIES: &str = "/orgs/acme/codespaces/secrets/TOKEN/repositories";

/// The organization `acme` with 25 repositories, all of which are selected for a secret.
async fn emulator() -> Emulator {
    let acme = (1..=25).fold(Organization::new("acme"), |acme, id| {
        acme.repository(Repository::new(id, format!("repository-{id}")))
    });
    let secret = StoredSecret::new("TOKEN", "value").selected(1..=25);
    Emulator::builder()
        .organization(acme.secret(Store::Codespaces, secret))
        .start()
        .await
        .unwrap()
}

/// The ids on all pages, and the total that each page reports.
async fn pages(emulator: &Emulator) -> (Vec<u64>, Vec<u64>) {
    let (mut ids, mut totals) = (Vec::new(), Vec::new());
    let mut path = format!("{REPOSITORIES}?per_page=10");
    loop {
        let page = get(emulator, &path).await;
        let next = links(&page).remove("next");
        let list = json_of(page).await;
        totals.push(list["total_count"].as_u64().unwrap());
        let repositories = list["repositories"].as_array().unwrap();
        ids.extend(repositories.iter().map(|it| it["id"].as_u64().unwrap()));
        match next {
            Some(next) => path = next.strip_prefix(&emulator.url()).unwrap().to_owned(),
            None => return (ids, totals),
        }
    }
}

fn without(hidden: [u64; 3]) -> Vec<u64> {
    (1..=25).filter(|id| !hidden.contains(id)).collect()
}

#[tokio::test]
async fn entries_are_hidden_by_id_and_by_name_on_every_page() {
    let emulator = emulator().await;
    let hidden = ["5", "Repository-11", "acme/repository-25"];
    emulator.fault(Fault::hidden_entries(hidden).always());

    let (ids, totals) = pages(&emulator).await;

    assert_eq!(ids, without([5, 11, 25]));
    assert_eq!(totals, [22; 3]);
    emulator.clear_faults();
    assert_eq!(pages(&emulator).await.0.len(), 25);
}

#[tokio::test]
async fn partial_results_name_the_organizations_on_a_success() {
    let emulator = emulator().await;
    let list = Matcher::operation("codespaces/list-selected-repos-for-org-secret");
    let partial = Fault::partial_results([1, 2], [5, 11, 25]).on(list);
    emulator.fault(partial.always());

    let (ids, totals) = pages(&emulator).await;
    let success = get(&emulator, REPOSITORIES).await;
    let absent = get(&emulator, &REPOSITORIES.replace("TOKEN", "NONE")).await;
    let other = get(&emulator, SECRETS).await;

    assert_eq!(ids, without([5, 11, 25]));
    assert_eq!(totals, [22; 3]);
    assert_eq!(success.status(), 200);
    let header = &success.headers()["x-github-sso"];
    assert_eq!(header, "partial-results; organizations=1,2");
    assert_eq!(absent.status(), 404);
    assert!(!absent.headers().contains_key("x-github-sso"));
    assert!(!other.headers().contains_key("x-github-sso"));
}

#[tokio::test]
async fn partial_results_can_report_the_whole_number() {
    let emulator = emulator().await;
    let partial = Fault::partial_results([1], [5, 11, 25]).with_total_count(25);
    emulator.fault(partial.always());

    let (ids, totals) = pages(&emulator).await;

    assert_eq!(ids.len(), 22);
    assert_eq!(totals, [25; 3]);
}

#[tokio::test]
async fn each_page_can_report_another_total() {
    let emulator = emulator().await;
    for total in [25, 24, 26] {
        emulator.fault(Fault::total_count(total));
    }

    let (ids, totals) = pages(&emulator).await;

    assert_eq!(ids, (1..=25).collect::<Vec<_>>());
    assert_eq!(totals, [25, 24, 26]);
}

#[tokio::test]
async fn lists_are_edited_in_json_too() {
    let emulator = emulator().await;
    for fault in [
        json!({ "fault": "hidden_entries", "entries": [5, "repository-11", 25], "times": 3 }),
        json!({
            "fault": "partial_results", "organizations": [1, 2], "entries": [5, 11, 25],
            "total_count": 25, "times": 3
        }),
        json!({ "fault": "total_count", "total_count": 0, "times": 3 }),
    ] {
        let added = control(&emulator, Method::POST, "faults", &fault).await;
        assert_eq!(added.status(), 204, "{fault}");
    }

    assert_eq!(pages(&emulator).await, (without([5, 11, 25]), vec![22; 3]));
    assert_eq!(pages(&emulator).await, (without([5, 11, 25]), vec![25; 3]));
    assert_eq!(pages(&emulator).await, ((1..=25).collect(), vec![0; 3]));
}

#[tokio::test]
async fn what_is_not_a_list_is_not_edited() {
    let emulator = emulator().await;
    let right: Value = json_of(get(&emulator, &format!("{SECRETS}/TOKEN")).await).await;
    emulator.fault(Fault::hidden_entries(["TOKEN"]).with_total_count(7));

    let read: Value = json_of(get(&emulator, &format!("{SECRETS}/TOKEN")).await).await;

    assert_eq!(read, right);
}
