//! A key for each place: no value is ever sealed to another place's key.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::{Reply, Request, Wire, github, oracle::KeyPair};
use github_secrets::{
    Error, GitHub, NewRegistry, Owner, RegistryAuth, RegistryType, Repositories, Secrets, Store,
    Token, Visibility,
};
use serde_json::json;

/// A server that has a key pair of libsodium's for each place, and opens what it is sent with it.
struct Server {
    wire: Wire,
    places: Arc<Mutex<BTreeMap<String, Place>>>,
}

/// What a place was sent.
struct Place {
    pair: KeyPair,
    keys_fetched: usize,
    opened: Vec<Option<String>>,
}

impl Server {
    fn new() -> Self {
        let places = Arc::new(Mutex::new(BTreeMap::new()));
        let serving = Arc::clone(&places);
        let wire = Wire::serve(move |request| {
            let mut places = serving.lock().unwrap_or_else(PoisonError::into_inner);
            match place_of(request) {
                Some(name) => places.entry(name).or_insert_with(Place::new).serve(request),
                None => github::success(request),
            }
        });
        Self { wire, places }
    }

    fn github(&self) -> GitHub {
        let github = github::builder(self.wire.url());
        github.build().expect("settings")
    }

    /// The place with the path that begins so: how often its key was fetched, and what came.
    fn place(&self, name: &str) -> (usize, Vec<Option<String>>) {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places
            .get(name)
            .unwrap_or_else(|| panic!("{name} was not called"));
        (place.keys_fetched, place.opened.clone())
    }

    fn names(&self) -> Vec<String> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.keys().cloned().collect()
    }
}

/// The part of a path that says where a key belongs, in the form in which spellings are equal.
fn place_of(request: &Request) -> Option<String> {
    let path = request.path().to_lowercase();
    match path
        .split_once("/secrets")
        .or_else(|| path.split_once("/public-key"))
    {
        Some((place, _)) => Some(place.to_owned()),
        None => path.ends_with("/private-registries").then_some(path),
    }
}

impl Place {
    fn new() -> Self {
        Self {
            pair: KeyPair::random(),
            keys_fetched: 0,
            opened: Vec::new(),
        }
    }

    fn serve(&mut self, request: &Request) -> Reply {
        if request.path().ends_with("/public-key") {
            self.keys_fetched += 1;
            let key = STANDARD.encode(self.pair.public);
            return Reply::json(200, &json!({ "key_id": "1", "key": key }));
        }
        if let Some(sealed) = request.json()["encrypted_value"].as_str() {
            let sealed = STANDARD.decode(sealed).expect("base64");
            let opened = self.pair.open(&sealed);
            self.opened
                .push(opened.map(|value| String::from_utf8(value).expect("text")));
        }
        github::success(request)
    }
}

/// Sets a secret in every place and creates a registry, with a value that says where.
async fn set_everywhere(github: &GitHub, org: &str, name: &str) -> Result<(), Error> {
    let (acme, repo) = (github.org(org)?, github.repo(format!("{org}/website"))?);
    for store in Store::ALL {
        let value = format!("{store} of the organization {name}");
        acme.secrets(store)
            .set(name, value, Visibility::Private)
            .await?;
        plain(
            &repo.secrets(store),
            name,
            &format!("{store} of the repository {name}"),
        )
        .await?;
    }
    plain(
        &repo.environment("Production")?,
        name,
        &format!("environment {name}"),
    )
    .await?;
    let user = github.user().codespaces();
    user.set(name, format!("user {name}"), Repositories::none())
        .await?;
    let auth = RegistryAuth::token(format!("registry {name}"));
    let url = "https://npm.acme.example";
    let new = NewRegistry::new(RegistryType::NpmRegistry, url, auth, Visibility::All)?;
    acme.private_registries().create(new).await.map(drop)
}

async fn plain<O: Owner<Access = ()>>(
    secrets: &Secrets<O>,
    name: &str,
    value: &str,
) -> Result<(), Error> {
    secrets.set(name, value).await.map(drop)
}

#[tokio::test]
async fn each_place_has_a_key_of_its_own_and_is_sealed_to_no_other() {
    let server = Server::new();
    let github = server.github();
    for name in ["FIRST", "SECOND"] {
        // A second spelling is the same place.
        let org = if name == "FIRST" { "acme" } else { "ACME" };
        set_everywhere(&github, org, name).await.expect("all set");
    }
    let both = |value: &str| {
        ["FIRST", "SECOND"]
            .map(|name| Some(format!("{value} {name}")))
            .to_vec()
    };
    let mut expected = vec![
        ("/orgs/acme/private-registries".to_owned(), both("registry")),
        (
            "/repos/acme/website/environments/production".to_owned(),
            both("environment"),
        ),
        ("/user/codespaces".to_owned(), both("user")),
    ];
    for store in Store::ALL {
        let (org, repo) = (
            format!("{store} of the organization"),
            format!("{store} of the repository"),
        );
        expected.push((format!("/orgs/acme/{store}"), both(&org)));
        expected.push((format!("/repos/acme/website/{store}"), both(&repo)));
    }
    for (place, values) in &expected {
        assert_eq!(server.place(place), (1, values.clone()), "{place}");
    }
    assert_eq!(server.names().len(), expected.len());
}

#[tokio::test]
async fn two_owners_of_each_kind_have_two_keys() {
    let server = Server::new();
    let github = server.github();
    let set = async |owner: &str, repository: &str, environment: &str| -> Result<(), Error> {
        let org = github.org(owner)?.actions();
        org.set("A", "value", Visibility::All).await?;
        let repo = github.repo(format!("{owner}/{repository}"))?;
        repo.actions().set("A", "value").await?;
        repo.environment(environment)?
            .set("A", "value")
            .await
            .map(drop)
    };
    for (owner, repository, environment) in [
        ("acme", "website", "production"),
        ("acme", "website", "staging"),
        ("acme", "api", "production"),
        ("rival", "website", "production"),
    ] {
        set(owner, repository, environment).await.expect("set");
    }
    let names = server.names();
    assert_eq!(names.len(), 2 + 3 + 4, "{names:?}");
    for name in names {
        let (keys_fetched, opened) = server.place(&name);
        assert_eq!(keys_fetched, 1, "{name}");
        assert!(opened.iter().all(Option::is_some), "{name}");
    }
}

/// Names of environments that differ in case only are one to GitHub, whatever the letters.
#[tokio::test]
async fn an_environment_has_one_key_whatever_the_case_of_its_name() {
    let server = Server::new();
    let repo = server.github().repo("acme/website").expect("a name");
    for name in ["Übung", "übung", "ÜBUNG"] {
        let environment = repo.environment(name).expect("a name");
        environment.set("A", "value").await.expect("set");
    }
    let fetched = server
        .wire
        .lines()
        .into_iter()
        .filter(|line| line.ends_with("/public-key"));
    assert_eq!(
        fetched.collect::<Vec<_>>(),
        ["GET /repos/acme/website/environments/%C3%9Cbung/secrets/public-key"]
    );
}

/// The path of a user's secrets does not say whose they are.
#[tokio::test]
async fn the_key_of_a_user_is_fetched_anew_with_another_token() {
    let revoked = Arc::new(AtomicBool::new(false));
    let asking = Arc::clone(&revoked);
    let wire = Wire::serve(move |request| {
        let first = request.header("authorization") == Some("Bearer ghu_0");
        if first && asking.load(Ordering::Relaxed) {
            return Reply::status(401);
        }
        github::success(request)
    });
    let tokens = AtomicUsize::new(0);
    let github = github::builder(wire.url()).token_provider(move || {
        let token = format!("ghu_{}", tokens.fetch_add(1, Ordering::Relaxed));
        async move { Ok::<_, std::convert::Infallible>(Token::new(token)) }
    });
    let user = github.build().expect("settings").user().codespaces();
    let set = async || {
        user.set("A", "value", Repositories::none())
            .await
            .expect("set")
    };
    let keys = || {
        wire.lines()
            .iter()
            .filter(|line| line.ends_with("/public-key"))
            .count()
    };
    set().await;
    set().await;
    assert_eq!(keys(), 1);
    revoked.store(true, Ordering::Relaxed);
    user.find("A").await.expect("read with the second token");
    set().await;
    assert_eq!(keys(), 2);
}
