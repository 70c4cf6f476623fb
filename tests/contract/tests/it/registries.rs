//! Private registries: created once, and found again if the response was lost.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use contract_tests::{Reply, Wire, calls, github};
use github_secrets::{
    Deleted, Error, NewRegistry, PrivateRegistries, RegistryAuth, RegistryType, RetryPolicy,
    Visibility, VisibilityKind,
};
use github_secrets_emulator::{Emulator, Fault, Matcher};
use serde_json::json;

const URL: &str = "https://npm.acme.example";

fn registries(url: impl Into<String>) -> PrivateRegistries {
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let github = github::builder(url).retry(retry).build().expect("settings");
    github.org("acme").expect("a login").private_registries()
}

fn new(url: &str, visibility: Visibility) -> NewRegistry {
    let auth = RegistryAuth::token("value");
    NewRegistry::new(RegistryType::NpmRegistry, url, auth, visibility).expect("settings")
}

fn create_operation() -> Matcher {
    Matcher::operation("private-registries/create-org-private-registry")
}

fn posts(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    requests
        .iter()
        .filter(|request| request.method() == "POST")
        .count()
}

#[tokio::test]
async fn a_registry_is_created_with_its_value_and_its_repositories() {
    let emulator = Emulator::start().await.expect("an emulator");
    let registries = registries(emulator.url());
    let website = Visibility::selected(["website"]);
    let created = registries.create(new(URL, website)).await.expect("created");
    assert_eq!(created.visibility, VisibilityKind::Selected);
    assert_eq!(created.selected_repository_ids, Some(vec![1_296_280]));
    let held = emulator.registries("acme");
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].name(), created.name);
    assert_eq!(held[0].value(), Some(&b"value"[..]));
    assert_eq!(held[0].selected_repository_ids(), [1_296_280]);
    // GitHub says the ids once only.
    let found = registries.find(&created.name).await.expect("a response");
    assert_eq!(found.expect("a registry").selected_repository_ids, None);
}

#[tokio::test]
async fn a_creation_whose_response_was_lost_is_looked_up_and_not_repeated() {
    for lost in [
        Fault::dropped(),
        Fault::status(502),
        Fault::status(500).body("Server Error"),
        Fault::truncated(),
        Fault::status(408),
    ] {
        let emulator = Emulator::start().await.expect("an emulator");
        let registries = registries(emulator.url());
        let other = registries.create(new(URL, Visibility::All)).await;
        let other = other.expect("another of the type and the address");
        emulator.fault(lost.after_write().on(create_operation()));

        let visibility = Visibility::selected([1_296_280]);
        let created = registries.create(new(URL, visibility)).await;
        let created = created.expect("found in the list");
        assert_ne!(created.name, other.name);
        assert_eq!(created.selected_repository_ids, Some(vec![1_296_280]));
        assert_eq!(emulator.registries("acme").len(), 2);
        assert_eq!(posts(&emulator), 2);
    }
}

#[tokio::test]
async fn a_creation_that_is_not_in_the_list_is_an_error_in_doubt() {
    for (there_before, lost) in [
        (false, Fault::dropped()),
        (false, Fault::status(503)),
        // It could be taken for the new one, and is not.
        (true, Fault::dropped()),
    ] {
        let emulator = Emulator::start().await.expect("an emulator");
        let registries = registries(emulator.url());
        if there_before {
            let created = registries.create(new(URL, Visibility::All)).await;
            created.expect("created");
        }
        emulator.forget_requests();
        emulator.fault(lost.on(create_operation()).always());

        let error = registries.create(new(URL, Visibility::All)).await;
        let error = error.expect_err("nothing was created");
        assert!(
            matches!(error, Error::Connection(_) | Error::Unavailable(_)),
            "{error:?}"
        );
        assert!(error.may_have_taken_effect(), "{error:?}");
        let message = error.to_string();
        assert!(
            message.contains("it may have taken effect, so check before you repeat it"),
            "{message}"
        );
        assert!(!message.contains("safe"), "{message}");
        assert_eq!(posts(&emulator), 1);
    }
}

/// Lets somebody else create a registry of the same type and address while ours is created.
fn theirs_meanwhile() -> Fault {
    let theirs = json!({
        "registry_type": "npm_registry",
        "url": URL,
        "visibility": "all",
        "auth_type": "oidc_azure",
        "tenant_id": "t",
        "client_id": "c",
    });
    let path = "/orgs/acme/private-registries";
    let meanwhile = Fault::meanwhile("POST", path, theirs.to_string());
    meanwhile.on(Matcher::operation("private-registries/get-org-public-key"))
}

#[tokio::test]
async fn of_two_new_registries_of_one_type_and_address_ours_is_the_one_that_has_what_was_sent() {
    let emulator = Emulator::start().await.expect("an emulator");
    let registries = registries(emulator.url());
    emulator.fault(theirs_meanwhile());
    emulator.fault(Fault::dropped().after_write().on(create_operation()));
    let ours = registries.create(new(URL, Visibility::All)).await;
    assert_eq!(ours.expect("created").auth_type, "token");
    assert_eq!(emulator.registries("acme").len(), 2);
}

#[tokio::test]
async fn somebody_elses_registry_of_the_same_type_and_address_is_not_taken_for_ours() {
    let emulator = Emulator::start().await.expect("an emulator");
    let registries = registries(emulator.url());
    emulator.fault(theirs_meanwhile());
    emulator.fault(Fault::dropped().on(create_operation()).always());
    let error = registries.create(new(URL, Visibility::All)).await;
    let error = error.expect_err("ours was not created");
    assert!(error.may_have_taken_effect(), "{error:?}");
    assert_eq!(emulator.registries("acme").len(), 1);
}

#[tokio::test]
async fn a_list_that_fails_after_a_lost_response_leaves_the_error_in_doubt() {
    let lists = AtomicUsize::new(0);
    let wire = Wire::serve(move |request| match request.method.as_str() {
        "POST" => Reply::closed(),
        "GET" if request.path().ends_with("/private-registries") => {
            match lists.fetch_add(1, Ordering::Relaxed) {
                0 => github::success(request),
                _ => github::refusal(403, "Forbidden"),
            }
        }
        _ => github::success(request),
    });
    let error = registries(wire.url())
        .create(new(URL, Visibility::All))
        .await;
    let error = error.expect_err("no response");
    assert!(matches!(error, Error::Connection(_)), "{error:?}");
    assert!(error.may_have_taken_effect(), "{error:?}");
}

#[tokio::test]
async fn a_creation_that_is_refused_is_not_in_doubt() {
    for status in [403, 404, 422] {
        let wire = Wire::serve(move |request| match request.method.as_str() {
            "POST" => github::refusal(status, "Secret names are odd"),
            _ => github::success(request),
        });
        let error = registries(wire.url())
            .create(new(URL, Visibility::All))
            .await;
        let error = error.expect_err("refused");
        assert!(!error.may_have_taken_effect(), "{error:?}");
        let lists = wire
            .lines()
            .into_iter()
            .filter(|line| line.starts_with("GET ") && line.contains("/private-registries?"));
        assert_eq!(lists.count(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_value_that_github_cannot_open_is_sealed_anew_for_a_registry_too() {
    let emulator = Emulator::start().await.expect("an emulator");
    let registries = registries(emulator.url());
    registries.public_key().await.expect("a key");
    emulator.rotate_registry_key("acme");
    let created = registries.create(new(URL, Visibility::All)).await;
    let name = created.expect("created with the new key").name;
    emulator.rotate_registry_key("acme");
    let update = github_secrets::RegistryUpdate::new().value("another");
    registries
        .update(&name, update)
        .await
        .expect("updated with the new key");
    assert_eq!(
        emulator.registries("acme")[0].value(),
        Some(&b"another"[..])
    );
}

#[tokio::test]
async fn a_deletion_whose_response_was_lost_says_that_it_may_have_been_another() {
    let emulator = Emulator::start().await.expect("an emulator");
    let registries = registries(emulator.url());
    let created = registries
        .create(calls::new_registry())
        .await
        .expect("created");
    let delete = Matcher::operation("private-registries/delete-org-private-registry");
    emulator.fault(Fault::dropped().after_write().on(delete));
    let deleted = registries.delete(&created.name).await;
    assert_eq!(deleted.ok(), Some(Deleted::DeletedOrMissing));
    assert_eq!(emulator.registries("acme").len(), 0);
    let error = registries.delete(&created.name).await.expect_err("gone");
    assert!(matches!(error, Error::NotFound(_)), "{error:?}");
}

/// An address of this machine that no other socket uses: a port that is free stays free.
const OWN_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 19, 61, 80);

/// Serves one response for each connection, closing it, and stops listening after the last one.
fn serve(listener: TcpListener, replies: Vec<Reply>, seen: Arc<Mutex<Vec<String>>>) {
    thread::spawn(move || {
        let mut listener = Some(listener);
        let mut left = replies.len();
        for reply in replies {
            let Some((mut stream, _)) = listener.as_ref().and_then(|it| it.accept().ok()) else {
                return;
            };
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.extend(byte);
            }
            let line = String::from_utf8_lossy(&head);
            let line = line.lines().next().unwrap_or_default().to_owned();
            seen.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
            left -= 1;
            if left == 0 {
                // Before the response: the next connection is refused for certain.
                listener = None;
            }
            let _ = stream.write_all(reply.header("connection", "close").bytes());
        }
    });
}

#[tokio::test]
async fn a_creation_that_cannot_have_been_sent_is_repeated() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind((OWN_ADDRESS, 0)).expect("a loopback port");
    let address: SocketAddr = listener.local_addr().expect("its address");
    let list = Reply::json(200, &json!({ "total_count": 0, "configurations": [] }));
    serve(
        listener,
        vec![list, github::public_key()],
        Arc::clone(&seen),
    );
    let again = Arc::clone(&seen);
    let retry = RetryPolicy::default().first_wait(Duration::from_millis(1));
    let github = github::builder(format!("http://{address}"))
        .retry(retry)
        .on_wait(move |_| {
            let listener = TcpListener::bind(address).expect("its own port");
            let created = Reply::json(201, &github::registry("NPM_REGISTRY_SECRET"));
            serve(listener, vec![created], Arc::clone(&again));
        });
    let github = github.build().expect("settings");
    let registries = github.org("acme").expect("a login").private_registries();
    let created = registries.create(new(URL, Visibility::All)).await;
    assert_eq!(created.expect("created").name, "NPM_REGISTRY_SECRET");
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let posts = seen.iter().filter(|line| line.starts_with("POST "));
    assert_eq!(posts.count(), 1, "{seen:?}");
}
