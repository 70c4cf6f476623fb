//! What a stop ends, and what it says of what was sent.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use contract_tests::{
    Reply, Wire, calls,
    github::{self, builder},
};
use github_secrets::{
    Error, GitHub, LimitKind, NewSecret, NotTried, Place, RegistryUpdate, RetryPolicy, Store,
    Visibility, WaitReason,
};
use github_secrets_emulator::{Emulator, Fault, Matcher};

/// Longer than anything here takes; what hangs fails.
async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let bounded = tokio::time::timeout(Duration::from_secs(60), work).await;
    bounded.expect("it comes to an end")
}

/// Longer than the time that a test has.
const LONG: Duration = Duration::from_secs(600);

type Call = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Calls that begin with a read, by what they are.
fn reading(github: &GitHub) -> Vec<(&'static str, Call)> {
    fn call(work: impl Future<Output = Result<(), Error>> + Send + 'static) -> Call {
        Box::pin(work)
    }
    let org = github.org("acme").expect("a login");
    let secrets = || org.actions();
    let (s, r) = (secrets, || org.private_registries());
    let (set, named, rotate, access) = (s(), s(), s(), s());
    let (find, list, key) = (s(), s(), s());
    let (create, update, show) = (r(), r(), r());
    let add = s().repositories("A").expect("a name");
    let website = || Visibility::selected(["website"]);
    vec![
        (
            "set",
            call(async move { set.set("A", "value", Visibility::All).await.map(|_| ()) }),
        ),
        (
            "set with names",
            call(async move { named.set("A", "value", website()).await.map(|_| ()) }),
        ),
        (
            "rotate",
            call(async move { rotate.rotate("A", "value").await }),
        ),
        (
            "set_access",
            call(async move { access.set_access("A", Visibility::All).await.map(|_| ()) }),
        ),
        ("add", call(async move { add.add("website").await })),
        (
            "find",
            call(async move { find.find("A").await.map(|_| ()) }),
        ),
        (
            "list",
            call(async move { list.list().all().await.map(|_| ()) }),
        ),
        (
            "public_key",
            call(async move { key.public_key().await.map(|_| ()) }),
        ),
        (
            "create",
            call(async move { create.create(calls::new_registry()).await.map(|_| ()) }),
        ),
        (
            "update",
            call(async move {
                update
                    .update("NPM", RegistryUpdate::new().value("value"))
                    .await
            }),
        ),
        (
            "find a registry",
            call(async move { show.find("NPM").await.map(|_| ()) }),
        ),
    ]
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_every_read_at_once() {
    let emulator = Emulator::start().await.expect("an emulator");
    emulator.fault(Fault::delay(LONG).on(Matcher::method("GET")).always());
    let settings = || builder(emulator.url()).timeout(LONG).build();
    let count = reading(&settings().expect("settings")).len();
    for index in 0..count {
        let github = settings().expect("settings");
        let (what, call) = reading(&github).swap_remove(index);
        emulator.forget_requests();
        let call = tokio::spawn(call);
        while emulator.requests().is_empty() {
            tokio::task::yield_now().await;
        }

        github.stop();

        let ended = in_time(call).await.expect("no panic");
        assert!(
            matches!(ended, Err(Error::NotTried(NotTried::Stopped))),
            "{what}: {ended:?}"
        );
    }
}

/// Settings with a policy that waits for limits, and whether a call waits for one.
fn waiting(url: impl Into<String>) -> (github_secrets::GitHubBuilder, Arc<AtomicBool>) {
    let waits = Arc::new(AtomicBool::new(false));
    let said = Arc::clone(&waits);
    let builder = builder(url).retry(RetryPolicy::default().deadline(LONG * 2));
    let builder = builder.on_wait(move |wait| {
        if matches!(wait.reason, WaitReason::RateLimit(_)) {
            said.store(true, Ordering::SeqCst);
        }
    });
    (builder, waits)
}

async fn wait_for(flag: &AtomicBool) {
    while !flag.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
}

/// Returns the error of a write that is stopped while it waits.
async fn stopped_while_it_waits(emulator: &Emulator) -> Error {
    let (builder, waits) = waiting(emulator.url());
    let github = builder.build().expect("settings");
    let secrets = github.org("acme").expect("a login").codespaces();
    let set = tokio::spawn(async move { secrets.set("A", "value", Visibility::All).await });
    wait_for(&waits).await;

    github.stop();

    in_time(set).await.expect("no panic").expect_err("stopped")
}

#[tokio::test]
async fn a_write_that_met_a_limit_and_was_stopped_says_that_it_met_a_limit() {
    for (limit, kind) in [
        (Fault::primary_limit(LONG), LimitKind::Primary),
        (
            Fault::primary_limit(LONG).too_many_requests(),
            LimitKind::Primary,
        ),
        (Fault::secondary_limit(Some(LONG)), LimitKind::Secondary),
    ] {
        let emulator = Emulator::start().await.expect("an emulator");
        emulator.fault(limit.on(Matcher::method("PUT")).always());
        let error = stopped_while_it_waits(&emulator).await;
        let Error::RateLimited(limited) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(limited.kind, kind);
        assert!(limited.wait <= LONG + Duration::from_secs(3), "{limited:?}");
        assert!(!error.may_have_taken_effect());
        assert!(error.is_retryable());
        assert!(error.to_string().contains("rate limit lasts"), "{error}");
    }
}

#[tokio::test]
async fn a_write_that_waits_for_the_limit_of_another_request_was_never_tried() {
    let emulator = Emulator::start().await.expect("an emulator");
    let limit = Fault::secondary_limit(Some(LONG)).on(Matcher::path("public-key"));
    emulator.fault(limit.always());
    let error = stopped_while_it_waits(&emulator).await;
    assert!(
        matches!(error, Error::NotTried(NotTried::Stopped)),
        "{error:?}"
    );
}

#[tokio::test]
async fn in_a_batch_that_is_stopped_only_what_was_never_sent_was_not_tried() {
    let emulator = Emulator::start().await.expect("an emulator");
    let limit = Fault::secondary_limit(Some(LONG)).on(Matcher::method("PUT"));
    emulator.fault(limit.always());
    let (builder, waits) = waiting(emulator.url());
    let secrets = github::codespaces(builder);
    let new =
        (0..20).map(|index| github::new_secret(format!("S_{index}"), "value", Visibility::All));
    let mut batch = secrets.set_all(new).await.expect("a key");
    tokio::select! {
        item = batch.next() => panic!("{item:?}"),
        () = wait_for(&waits) => {}
    }

    batch.stop();

    let report = in_time(batch.finish()).await.expect_err("stopped");
    let requests = emulator.requests();
    let sent = requests.iter().filter(|request| request.method() == "PUT");
    let limited = report
        .items
        .iter()
        .filter(|item| matches!(item.result, Err(Error::RateLimited(_))));
    assert_eq!(limited.count(), sent.count());
    assert!((12..20).contains(&report.not_tried()), "{report}");
    let stopped = |item: &&github_secrets::BatchItem| {
        matches!(item.result, Err(Error::NotTried(NotTried::Stopped)))
    };
    assert_eq!(
        report.items.iter().filter(stopped).count(),
        report.not_tried()
    );
}

/// How far the two secrets of the attic have come.
#[derive(Default)]
struct Attic {
    second_was_sent: bool,
    first_waits: bool,
}

/// A place that has ended stops its other secrets, and they say that they met a limit. That is no
/// reason to give up on other places: the limit ends.
#[tokio::test]
async fn a_limit_that_a_place_which_has_ended_did_not_wait_for_ends_no_other_place() {
    let attic = Arc::new((Mutex::new(Attic::default()), Condvar::new()));
    let change = |attic: &(Mutex<Attic>, Condvar), change: fn(&mut Attic)| {
        change(&mut attic.0.lock().unwrap_or_else(PoisonError::into_inner));
        attic.1.notify_all();
    };
    let wait_until = |attic: &(Mutex<Attic>, Condvar), is: fn(&Attic) -> bool| {
        let state = attic.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(attic.1.wait_while(state, |state| !is(state)));
    };
    let seen = Arc::clone(&attic);
    let wire = Wire::serve(move |request| {
        let path = request.path();
        if request.method == "GET" {
            github::public_key()
        } else if path.contains("/attic/") && path.ends_with("/FIRST") {
            wait_until(&seen, |attic| attic.second_was_sent);
            github::refusal(429, "Slow down").header("retry-after", "1")
        } else if path.contains("/attic/") {
            change(&seen, |attic| attic.second_was_sent = true);
            wait_until(&seen, |attic| attic.first_waits);
            github::refusal(403, "Repository was archived so is read-only.")
        } else {
            Reply::status(201)
        }
    });
    let builder = builder(wire.url()).retry(RetryPolicy::default());
    let builder = builder.on_wait(move |wait| {
        if matches!(wait.reason, WaitReason::RateLimit(_)) {
            change(&attic, |attic| attic.first_waits = true);
        }
    });
    let github = builder.build().expect("settings");
    let place = |name| Place::repository(name, Store::Actions).expect("a name");
    let new = |name: String| NewSecret::new(name, "value").expect("a name");
    let website = (0..20).map(|index| (place("acme/website"), new(format!("S_{index}"))));
    let secrets = ["FIRST", "SECOND"].map(|name| (place("acme/attic"), new(name.to_owned())));
    let batch = github.set_all(secrets.into_iter().chain(website));
    let batch = batch.expect("valid secrets").concurrency(3);

    let report = in_time(batch.finish()).await;

    let report = report.expect_err("the attic is archived");
    assert_eq!((report.created(), report.not_tried()), (20, 0), "{report}");
    let of = |name: &str| {
        let item = report.items.iter().find(|item| item.name.as_str() == name);
        item.expect("a result").result.as_ref()
    };
    let (first, second) = (of("FIRST"), of("SECOND"));
    assert!(matches!(first, Err(Error::RateLimited(_))), "{first:?}");
    assert!(matches!(second, Err(Error::NotAuthorized(_))), "{second:?}");
}
