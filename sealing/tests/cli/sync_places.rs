//! Places that are not what they were, and lists that are not whole.

use github_secrets_emulator::{Change, Emulator, Fault, Matcher, Organization, Repository, Store};

use crate::{
    assert_ran,
    program::{opened, writes},
    sync::{Platform, actions, foreign, held, web_and_api},
};

const BOTH: &str = "[[set]]\nrepos = ['acme/web', 'acme/api']\nsecrets = ['A']\n";

/// A file that was applied to two repositories, beside an organization without any.
async fn applied(name: &str) -> (Emulator, Platform) {
    let builder = Emulator::builder()
        .organization(web_and_api())
        .organization(Organization::new("other"));
    let emulator = builder.start().await.unwrap();
    let mut platform = Platform::new(&format!("places-{name}"), BOTH);
    platform.set("A", "first");
    platform.applied(&emulator);
    (emulator, platform)
}

fn change(emulator: &Emulator, change: Change) {
    emulator.change(change).unwrap();
    emulator.forget_requests();
}

#[tokio::test]
async fn a_renamed_repository_is_recognized() {
    let (emulator, mut platform) = applied("renamed").await;
    change(&emulator, Change::rename_repository("acme/web", "site"));

    assert_ran!(platform.run(&emulator, "plan --check"), @"
    exit code 0
    [stdout]
    repos/acme/web/actions was renamed to repos/acme/site/actions
    0 to write, 0 to delete, 2 unchanged
    ");
    platform.write(&BOTH.replace("web", "site"));
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
    platform.write(BOTH);
    platform.set("A", "second");
    platform.applied(&emulator);
    assert_eq!(
        held(&emulator),
        [
            "repos/acme/api/actions/A=second",
            "repos/acme/site/actions/A=second"
        ]
    );
}

#[tokio::test]
async fn a_repository_that_is_named_twice_is_written_once() {
    let (emulator, mut platform) = applied("twice").await;
    change(&emulator, Change::rename_repository("acme/web", "site"));
    let text = "[[set]]\nrepos = ['acme/web', 'acme/site']\nsecrets = ['A']\n";
    platform.write(text);
    platform.set("A", "second");

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/site/actions→A
    [stderr]
    ~ A                       update       repos/acme/site/actions; new value
    ? A                       left alone   repos/acme/api/actions; no longer in the file; prune = true deletes it
    x repos/acme/web/actions  duplicate    it is the same as repos/acme/site/actions, which is listed as well; list it once

    1 to write, 0 to delete, 1 left alone
    about 5 requests
    1 secret: 1 updated
    ");
    assert_eq!(writes(&emulator), 1);
}

#[tokio::test]
async fn nothing_is_sent_to_the_new_owner_of_a_transferred_repository() {
    let (emulator, mut platform) = applied("transferred").await;
    change(&emulator, Change::transfer_repository("acme/web", "other"));
    platform.set("A", "second");

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/api/actions→A
    [stderr]
    ~ A                       update       repos/acme/api/actions; new value
    x repos/acme/web/actions  unreadable   could not look up the repository acme/web: acme/web was transferred to other/web, and nothing was sent there; if the secret belongs there, use the new name

    1 secret of the state is in a place that no longer exists or is hidden from the token
    1 to write, 0 to delete
    about 5 requests
    1 secret: 1 updated
    ");
    assert_eq!(
        held(&emulator),
        [
            "repos/acme/api/actions/A=second",
            "repos/other/web/actions/A=first"
        ]
    );
}

#[tokio::test]
async fn a_repository_that_was_made_anew_is_another_one() {
    let (emulator, mut platform) = applied("anew").await;
    change(&emulator, Change::delete_repository("acme/web"));
    platform.set("A", "second");
    assert_ran!(platform.run(&emulator, "plan"), @"
    exit code 3
    [stdout]
    ~ A                       update       repos/acme/api/actions; new value
    x repos/acme/web/actions  unreadable   could not look up the repository acme/web: acme/web does not exist, or the token has no access to it (status 404, request ID)

    1 secret of the state is in a place that no longer exists or is hidden from the token
    1 to write, 0 to delete
    about 5 requests
    ");
    assert_eq!(platform.run(&emulator, "apply").code, 3);

    let anew = Repository::new(7, "web").secret(Store::Actions, foreign("A"));
    change(&emulator, Change::create_repository("acme", anew));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stderr]
    ? A  left alone   repos/acme/web/actions; exists, and was not written from this file; --take-over overwrites it

    1 secret of the state is in a place that no longer exists or is hidden from the token
    0 to write, 0 to delete, 1 left alone, 1 unchanged
    ");
    assert_eq!(
        opened(&emulator, "repos/acme/web/actions", "A").as_deref(),
        Some("foreign")
    );
    change(&emulator, Change::delete_secret(actions("web"), "A"));
    assert_ran!(platform.applied(&emulator), @"
    exit code 0
    [stdout]
    created→repos/acme/web/actions→A
    [stderr]
    + A  create       repos/acme/web/actions

    1 secret of the state is in a place that no longer exists or is hidden from the token
    1 to write, 0 to delete, 1 unchanged
    about 5 requests
    1 secret: 1 created
    ");
    // The old one may come back: what was written in it is remembered.
    assert!(
        platform.state().contains("\"repository\":1}"),
        "{}",
        platform.state()
    );
}

#[tokio::test]
async fn an_archived_repository_is_a_problem_if_it_is_named_and_no_match_of_a_pattern() {
    let (emulator, mut platform) = applied("archived").await;
    change(&emulator, Change::archive_repository("acme/web"));
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);

    platform.set("A", "second");
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/api/actions→A
    not tried→repos/acme/web/actions→A
    [stderr]
    ~ A                       update       repos/acme/api/actions; new value
    x repos/acme/web/actions  archived     the repository is archived, so GitHub refuses writes; 1 secret is skipped

    1 to write, 0 to delete, 1 skipped
    about 5 requests
    error: 1 secret not tried: the place has a problem
    2 secrets in 2 places: 1 updated, 1 not tried
    ");
    platform.write(&format!(
        "prune = true\n{}",
        BOTH.replace("'acme/web', 'acme/api'", "'acme/*'")
    ));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 0
    [stderr]
    ? A  left alone   repos/acme/web/actions; no longer in the file; the repository is archived

    acme/* (line 4) matches 1 repository, 0 of them not in the state yet
    0 to write, 0 to delete, 1 left alone, 1 unchanged
    nothing had to be changed
    ");
    platform.write(&BOTH.replace("'acme/web', 'acme/api'", "'acme/we*'"));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/places-archived/platform.toml has a fault, and nothing was written:
      line 3: acme/we* matches no repository that is not archived
    ");
    assert_eq!(
        opened(&emulator, "repos/acme/web/actions", "A").as_deref(),
        Some("first")
    );
}

#[tokio::test]
async fn an_environment_that_does_not_exist_is_not_created() {
    let (emulator, platform) = applied("environment").await;
    platform.write(&format!(
        "{BOTH}[[set]]\nrepos = ['acme/web']\nenv = 'staging'\nsecrets = ['A']\n"
    ));
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply"), @r#"
    exit code 3
    [stderr]
    x repos/acme/web/environments/staging  unreadable   could not list the Actions secrets of the environment "staging" of acme/web: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it (status 404, request ID)

    0 to write, 0 to delete, 2 unchanged
    "#);
    assert_eq!(writes(&emulator), 0);
    let created = Change::create_environment("acme/web", "staging");
    change(&emulator, created);
    platform.applied(&emulator);
}

#[tokio::test]
async fn a_list_of_repositories_without_one_that_exists_is_refused() {
    let (emulator, platform) = applied("hidden").await;
    let text = BOTH.replace("'acme/web', 'acme/api'", "'acme/*'");
    platform.write(&format!("prune = true\n{text}"));
    let list = Matcher::path("/orgs/acme/repos");
    emulator.fault(Fault::hidden_entries(["web"]).on(list).always());
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: the list of acme's repositories is incomplete: acme/web exists but is missing from it; run it again
    ");
    assert_eq!((writes(&emulator), held(&emulator).len()), (0, 2));
}

#[tokio::test]
async fn a_list_of_secrets_without_one_that_exists_deletes_and_creates_nothing() {
    let (emulator, platform) = applied("hidden-secret").await;
    let list = Matcher::operation("actions/list-repo-secrets");
    let hidden = Fault::hidden_entries(["A"]).with_total_count(1).on(list);
    emulator.fault(hidden.always());
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stderr]
    x repos/acme/api/actions  unreadable   could not list the Actions secrets of acme/api: the list has 0 entries instead of 1: pages are missing, or the list changed while it was read; try again (status 200, request ID)
    x repos/acme/web/actions  unreadable   could not list the Actions secrets of acme/web: the list has 0 entries instead of 1: pages are missing, or the list changed while it was read; try again (status 200, request ID)

    2 secrets of the state are in places that no longer exist or are hidden from the token
    0 to write, 0 to delete
    ");
    assert_eq!(writes(&emulator), 0);
}

/// More than three pages, of which each has a link to the next one, or has lost it.
#[tokio::test]
async fn a_pattern_takes_301_repositories_also_if_a_link_is_lost() {
    let mut acme = Organization::new("acme");
    for number in 1..=301 {
        let repository = Repository::new(number, format!("svc-{number}"));
        acme = acme.repository(match number {
            1 => repository,
            _ => repository.secret(Store::Actions, foreign("A")),
        });
    }
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let mut platform = Platform::new(
        "places-301",
        "[[set]]\nrepos = ['acme/svc-*']\nsecrets = ['A']\n",
    );
    platform.set("A", "first");
    let list = Matcher::path("/orgs/acme/repos");
    emulator.fault(Fault::without_headers(["link"]).on(list).always());

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    created→repos/acme/svc-1/actions→A
    [stderr]
    there is no state FOLDER/places-301/platform.state yet: existing secrets are treated as written by somebody else
    + A  create       repos/acme/svc-1/actions
    ? A  left alone   300 places: 300 repositories, actions; exists, and was not written from this file; --take-over overwrites it

    acme/svc-* (line 3) matches 301 repositories, 301 of them not in the state yet
    1 to write, 0 to delete, 300 left alone
    about 5 requests
    1 secret: 1 created
    ");
    let written = held(&emulator)
        .iter()
        .filter(|it| it.ends_with("first"))
        .count();
    assert_eq!(
        (held(&emulator).len(), written, writes(&emulator)),
        (301, 1, 1)
    );
}
