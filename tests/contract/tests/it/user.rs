//! The Codespaces secrets of the token's user: always for selected repositories.

use contract_tests::{Reply, Request, Wire, github};
use github_secrets::{
    Error, NewSecret, Reason, Repositories, RepositoryError, Secrets, User, VisibilityKind,
};
use github_secrets_emulator::{Access, Emulator, Place, StoredSecret, Token};
use serde_json::{Value, json};

const NAME: &str = "DOTFILES_TOKEN";

fn user(url: impl Into<String>) -> Secrets<User> {
    let github = github::builder(url).build().expect("settings");
    github.user().codespaces()
}

async fn emulator(repositories: impl IntoIterator<Item = u64>) -> Emulator {
    let secret = StoredSecret::new(NAME, "old").selected(repositories);
    let emulator = Emulator::builder().secret(Place::user(), secret);
    emulator.start().await.expect("an emulator")
}

fn held(emulator: &Emulator) -> (Vec<u8>, Vec<u64>) {
    let secret = emulator.secret(&Place::user(), NAME).expect("a secret");
    (secret.value().to_vec(), secret.selected_repository_ids())
}

/// The bodies of all writes, without the sealed boxes.
fn bodies(requests: &[Request]) -> Vec<Value> {
    let writes = requests.iter().filter(|request| request.method == "PUT");
    let bodies = writes.map(|request| {
        let mut body = request.json();
        body.as_object_mut()
            .expect("an object")
            .remove("encrypted_value");
        body
    });
    bodies.collect()
}

#[tokio::test]
async fn every_write_sends_its_repositories_the_empty_list_as_well_and_no_visibility() {
    for (repositories, ids) in [
        (Repositories::none(), json!([])),
        (Repositories::selected([7, 1, 7]), json!([1, 7])),
        (Repositories::selected(["acme/website"]), json!([7])),
    ] {
        let expected = [json!({ "key_id": "012345678912345678", "selected_repository_ids": ids })];
        let wire = Wire::serve(github::success);
        let set = user(wire.url())
            .set(NAME, "value", repositories.clone())
            .await;
        set.expect("set");
        assert_eq!(bodies(&wire.requests()), expected);

        let wire = Wire::serve(github::success);
        let new = NewSecret::new(NAME, "value").expect("a name");
        let batch = user(wire.url())
            .set_all([new.repositories(repositories)])
            .await;
        batch.expect("a batch").finish().await.expect("set");
        assert_eq!(bodies(&wire.requests()), expected);
    }
}

#[tokio::test]
async fn a_rotation_writes_the_repositories_back_the_empty_list_as_well() {
    for ids in [vec![], vec![1_296_280], vec![1_296_269, 1_296_280]] {
        let emulator = emulator(ids.clone()).await;
        let rotated = user(emulator.url()).rotate(NAME, "new").await;
        rotated.expect("rotated");
        assert_eq!(held(&emulator), (b"new".to_vec(), ids.clone()));
        let requests: Vec<_> = emulator.requests().iter().map(Request::from).collect();
        assert_eq!(bodies(&requests)[0]["selected_repository_ids"], json!(ids));
    }
}

/// GitHub documents neither `page` nor `per_page` for it.
#[tokio::test]
async fn the_repositories_of_a_secret_are_listed_without_query_parameters() {
    let wire = Wire::serve(github::success);
    let secrets = user(wire.url());
    let selected = secrets.repositories(NAME).expect("a name");
    let list = selected.list().all().await.expect("a list");
    assert_eq!(list.len(), 2);
    assert_eq!(
        wire.lines(),
        [format!("GET /user/codespaces/secrets/{NAME}/repositories")]
    );
}

#[tokio::test]
async fn the_repositories_of_a_secret_are_read_along_the_servers_links_all_the_same() {
    let page = |id: u64| {
        let repository = json!({ "id": id, "name": "a", "full_name": "octocat/a" });
        Reply::json(
            200,
            &json!({ "total_count": 2, "repositories": [repository] }),
        )
    };
    let wire = Wire::script([
        page(1).header("Link", "</user/1/secrets?page=2>; rel=\"next\""),
        page(2),
    ]);
    let secrets = user(wire.url());
    let selected = secrets.repositories(NAME).expect("a name");
    let list = selected.list().all().await.expect("a list");
    let ids: Vec<_> = list.iter().map(|repository| repository.id).collect();
    assert_eq!(ids, [1, 2]);
    assert_eq!(wire.lines()[1], "GET /user/1/secrets?page=2");
}

#[tokio::test]
async fn selected_repositories_are_set_added_and_removed() {
    let emulator = emulator([1_296_269]).await;
    let secrets = user(emulator.url());
    let selected = secrets.repositories(NAME).expect("a name");
    selected.add("acme/website").await.expect("added");
    assert_eq!(held(&emulator).1, [1_296_269, 1_296_280]);
    selected.remove(1_296_269).await.expect("removed");
    assert_eq!(held(&emulator).1, [1_296_280]);
    selected.set(["acme/Hello-World"]).await.expect("set");
    assert_eq!(held(&emulator), (b"old".to_vec(), vec![1_296_269]));
}

/// The repositories of a user's secret can belong to anybody, so a bare name says nothing.
#[tokio::test]
async fn a_repository_is_named_with_its_owner() {
    let wire = Wire::script([]);
    let bare = Repositories::selected(["website", "acme/website", "api"]);
    let error = user(wire.url()).set(NAME, "value", bare).await;
    let error = error.expect_err("whose website?");
    let Error::Repository(RepositoryError::NoOwner(names)) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(names, &["website", "api"]);
    let message = error.to_string();
    assert!(
        message.contains("without an owner; give `owner/name`"),
        "{message}"
    );
    assert_eq!(wire.connections(), 0);
}

#[tokio::test]
async fn the_visibility_of_a_secret_is_selected() {
    let emulator = emulator([1_296_280]).await;
    let found = user(emulator.url()).find(NAME).await.expect("a response");
    let found = found.expect("a secret");
    assert_eq!(found.visibility, Some(VisibilityKind::Selected));
}

#[tokio::test]
async fn the_token_of_an_installation_has_no_user() {
    let app = Token::app("ghs_app").permission("codespaces_user_secrets", Access::Write);
    let emulator = Emulator::builder().token(app).start().await;
    let emulator = emulator.expect("an emulator");
    let github = github::builder(emulator.url()).token("ghs_app").build();
    let secrets = github.expect("settings").user().codespaces();
    let error = secrets.public_key().await.expect_err("no user");
    assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
    assert_eq!(error.reason(), Some(Reason::MissingPermission));
    let message = error.to_string();
    assert!(
        message.contains("codespaces_user_secrets=read"),
        "{message}"
    );
}
