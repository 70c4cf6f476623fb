use github_secrets_emulator::{Emulator, Place, Store, StoredSecret, Visibility};

use crate::{
    assert_ran,
    program::{Run, emulator, on, writes},
};

#[tokio::test]
async fn the_access_of_an_organizations_secret_changes_without_its_value() {
    let place = Place::organization("acme", Store::Actions);
    let builder = Emulator::builder().secret(place.clone(), StoredSecret::new("TOKEN", "value"));
    let emulator = builder.start().await.unwrap();

    let narrowed = on(&emulator, "access TOKEN --org acme --repos website --yes").run("");
    assert_ran!(narrowed, @"
    exit code 0
    [stdout]
    updated the access of TOKEN in the Actions secrets of the organization acme, for the repository website
    [stderr]
    1 repository loses TOKEN: acme/Hello-World
    ");
    let secret = emulator.secret(&place, "TOKEN").unwrap();
    assert_eq!(secret.selected_repository_ids(), [1_296_280]);

    let widened = on(&emulator, "access TOKEN --org acme --visibility private").run("");
    assert_eq!(widened.code, 0);
    let secret = emulator.secret(&place, "TOKEN").unwrap();
    assert_eq!(secret.visibility(), Some(Visibility::Private));
    assert_eq!(secret.value(), b"value");

    let before = writes(&emulator);
    let same = on(&emulator, "access TOKEN --org acme --visibility private").run("");
    assert_ran!(same, @"
    exit code 0
    [stdout]
    TOKEN in the Actions secrets of the organization acme, for private and internal repositories: nothing to change
    ");
    assert_eq!(writes(&emulator), before);
}

#[tokio::test]
async fn the_repositories_of_a_users_secret_change_without_its_value() {
    let builder = Emulator::builder().secret(Place::user(), StoredSecret::new("TOKEN", "value"));
    let emulator = builder.start().await.unwrap();

    let ran = on(
        &emulator,
        "access TOKEN --user --repos acme/website,1296269",
    )
    .run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    updated the access of TOKEN in the user's Codespaces secrets, for the repositories acme/website, 1296269 (an id)
    ");
    let secret = emulator.secret(&Place::user(), "TOKEN").unwrap();
    assert_eq!(secret.selected_repository_ids(), [1_296_269, 1_296_280]);
    assert_eq!(secret.value(), b"value");
}

#[tokio::test]
async fn a_repository_has_no_access_to_change() {
    let emulator = emulator().await;

    let ran = on(
        &emulator,
        "access TOKEN --repo acme/website --repos website",
    )
    .run("");

    assert_ran!(ran, @"
    exit code 2
    [stderr]
    error: the secrets of a repository or an environment belong to it alone, so there is no access to change; use --org or --user
    ");
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn without_a_word_about_access_it_says_which_options_change_it() {
    let emulator = emulator().await;
    assert_ran!(on(&emulator, "access TOKEN --org acme").run(""), @"
    exit code 2
    [stderr]
    error: say who can use it: with --visibility, --repos or --no-repos-selected, or with --add-repos and --remove-repos
    ");
    let create = "registries create --org acme --type npm_registry --url https://a.example";
    assert_ran!(on(&emulator, create).run("value"), @"
    exit code 2
    [stderr]
    error: a private registry needs --visibility all or private, --repos or --no-repos-selected
    ");
    assert_eq!(emulator.requests().len(), 0);
}

pub(crate) fn place() -> Place {
    Place::organization("acme", Store::Actions)
}

/// An emulator with a secret for these repositories.
pub(crate) async fn shared(ids: &[u64]) -> Emulator {
    let secret = StoredSecret::new("TOKEN", "value").selected(ids.iter().copied());
    let builder = Emulator::builder().secret(place(), secret);
    builder.start().await.unwrap()
}

pub(crate) fn selected(emulator: &Emulator) -> Vec<u64> {
    let secret = emulator.secret(&place(), "TOKEN").unwrap();
    secret.selected_repository_ids()
}

#[tokio::test]
async fn repositories_that_lose_a_secret_are_named_before_they_do() {
    let emulator = shared(&[1_296_269, 1_296_280]).await;
    let selected = || selected(&emulator);

    let refused = on(&emulator, "access TOKEN --org acme --repos WEBSITE").run("");
    assert_ran!(refused, @"
    exit code 2
    [stderr]
    error: nothing was changed; with --yes, 1 repository loses TOKEN: acme/Hello-World
    ");
    assert_eq!((writes(&emulator), selected().len()), (0, 2));

    let none = on(
        &emulator,
        "access TOKEN --org acme --no-repos-selected --yes",
    )
    .run("");
    assert_eq!(
        (none.code, none.stderr.as_str()),
        (
            0,
            "2 repositories lose TOKEN: acme/Hello-World, acme/website\n"
        )
    );
    assert!(selected().is_empty());

    // Who gets a secret does not have to agree.
    let more = on(&emulator, "access TOKEN --org acme --repos website").run("");
    assert_eq!((more.code, more.stderr.as_str()), (0, ""));
    let all = on(&emulator, "access TOKEN --org acme --visibility all").run("");
    assert_eq!((all.code, all.stderr.as_str()), (0, ""));
}
