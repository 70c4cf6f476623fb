use github_secrets_emulator::{Emulator, Place, Store, StoredSecret};

use crate::{
    assert_ran,
    program::{Run, emulator, on, opened, writes},
};

#[tokio::test]
async fn a_new_value_leaves_the_access_as_it_is() {
    let place = Place::organization("acme", Store::Dependabot);
    let before = StoredSecret::new("TOKEN", "old").selected([1_296_269]);
    let builder = Emulator::builder().secret(place.clone(), before);
    let emulator = builder.start().await.unwrap();

    let ran = on(&emulator, "rotate TOKEN --org acme --app dependabot").run("new");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    updated TOKEN in the Dependabot secrets of the organization acme
    ");
    assert_eq!(
        opened(&emulator, "orgs/acme/dependabot", "TOKEN").unwrap(),
        "new"
    );
    let after = emulator.secret(&place, "TOKEN").unwrap();
    assert_eq!(after.selected_repository_ids(), [1_296_269]);
}

#[tokio::test]
async fn a_secret_that_does_not_exist_is_not_created() {
    let emulator = emulator().await;

    let ran = on(&emulator, "rotate TOKEN --repo acme/website").run("new");

    assert_ran!(ran, @"
    exit code 1
    [stderr]
    error: could not read the Actions secret TOKEN of acme/website: it does not exist, or the token has no access to it (status 404, request ID)
    ");
    assert_eq!(writes(&emulator), 0);
}
