//! Places whose secrets GitHub does not find, in the file and in the state only.

use github_secrets_emulator::{Change, Emulator, Fault, Matcher};

use crate::{
    assert_ran,
    sync::{Platform, web_and_api},
};

const WEB: &str = "[[set]]\nrepos = ['acme/web']\nsecrets = ['A']\n";
const OTHERS: &str = "
[[set]]
repos = ['acme/api']
secrets = ['A']
[[set]]
repos = ['acme/web']
env = 'production'
secrets = ['A']
[[set]]
org = 'acme'
access = 'private'
secrets = ['A']
";

/// Everything was applied, and of all this only `web` is left in the file.
async fn left(name: &str) -> (Emulator, Platform) {
    let emulator = Emulator::builder()
        .organization(web_and_api())
        .start()
        .await
        .unwrap();
    let mut platform = Platform::new(&format!("absent-{name}"), &format!("{WEB}{OTHERS}"));
    platform.set("A", "first");
    platform.applied(&emulator);
    platform.write(WEB);
    (emulator, platform)
}

/// Lets the server find nothing below this path.
fn hide(emulator: &Emulator, path: &str) {
    emulator.fault(Fault::status(404).on(Matcher::path(path)).always());
}

#[tokio::test]
async fn a_place_of_the_state_that_is_not_found_is_a_problem_if_its_owner_exists() {
    let (emulator, platform) = left("hidden").await;
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
    hide(&emulator, "/repos/acme/api/actions/secrets");
    hide(&emulator, "/environments/production/secrets");
    hide(&emulator, "/orgs/acme/actions/secrets");

    assert_ran!(platform.run(&emulator, "plan --check"), @r#"
    exit code 3
    [stdout]
    x orgs/acme/actions                       not found    acme exists, but GitHub does not find its Actions secrets: the server does not have that store, or the token has no access to it
    x repos/acme/api/actions                  not found    acme/api exists, but GitHub does not find its Actions secrets: the server does not have that store, or the token has no access to it
    x repos/acme/web/environments/production  not found    the environment "production" of acme/web exists, but GitHub does not find its Actions secrets: the server does not have that store, or the token has no access to it

    3 secrets of the state are in places that no longer exist or are hidden from the token
    0 to write, 0 to delete, 1 unchanged
    "#);
    assert_eq!(platform.run(&emulator, "apply").code, 3);
}

#[tokio::test]
async fn a_place_of_the_state_that_is_gone_is_no_problem() {
    let (emulator, platform) = left("gone").await;
    emulator
        .change(Change::delete_repository("acme/api"))
        .unwrap();
    let environment = Change::delete_environment("acme/web", "production");
    emulator.change(environment).unwrap();
    hide(&emulator, "/orgs/acme/actions/secrets");
    hide(&emulator, "/orgs/acme/repos");

    assert_ran!(platform.run(&emulator, "plan --check"), @"
    exit code 0
    [stdout]
    3 secrets of the state are in places that no longer exist or are hidden from the token
    0 to write, 0 to delete, 1 unchanged
    ");
    assert_eq!(platform.run(&emulator, "apply").code, 0);
}

#[tokio::test]
async fn a_place_of_the_state_that_may_be_there_is_a_problem() {
    let (emulator, platform) = left("unknown").await;
    hide(&emulator, "/environments/production/secrets");
    let environments = Matcher::path("/repos/acme/web/environments");
    emulator.fault(Fault::status(403).on(environments).always());

    assert_eq!(platform.run(&emulator, "plan --check").code, 3);
}

#[tokio::test]
async fn a_server_without_a_store_is_one_problem_that_names_it() {
    let (emulator, platform) = left("store").await;
    let text = "[[set]]\nrepos = ['acme/web']\napps = ['actions', 'agents']\nsecrets = ['A']\n";
    platform.write(&format!(
        "{text}[[set]]\norg = 'acme'\napps = ['codespaces']\naccess = 'all'\nsecrets = ['A']\n"
    ));
    hide(&emulator, "/agents/");
    hide(&emulator, "/codespaces/");

    assert_ran!(platform.run(&emulator, "plan"), @"
    exit code 3
    [stdout]
    ? A                      left alone   3 places: orgs/acme/actions, repos/acme/api/actions, repos/acme/web/environments/production; no longer in the file; prune = true deletes it
    x orgs/acme/codespaces   not found    acme exists, but GitHub does not find its Codespaces secrets: the server does not have that store, or the token has no access to it
    x repos/acme/web/agents  not found    acme/web exists, but GitHub does not find its Agents secrets: the server does not have that store, or the token has no access to it

    0 to write, 0 to delete, 3 left alone, 1 unchanged
    ");
}
