//! Two runtimes over one client: a connection belongs to the runtime that opened it, and the other
//! one sends through it as well.

use std::{
    collections::BTreeMap,
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use contract_tests::github;
use github_secrets::{Error, Visibility};
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};

use super::{
    builder, new, secrets,
    server::{Fate, Server},
};

/// As the policy has it by default.
const ATTEMPTS: usize = 4;

/// A hang, on any machine.
const FOR_EVER: Duration = Duration::from_secs(60);

/// A runtime that goes on by itself.
fn driven() -> Runtime {
    let builder = &mut Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build();
    runtime.expect("a runtime")
}

/// A runtime that stands still unless something is awaited on it.
fn undriven() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

/// How often each secret was written.
fn writes(server: &Server) -> BTreeMap<String, usize> {
    let mut writes = BTreeMap::new();
    for path in server.requests("PUT") {
        *writes.entry(path).or_default() += 1;
    }
    writes
}

#[test]
fn a_runtime_that_ends_in_a_batch_of_another_loses_no_secret() {
    let (serving, first, second) = (driven(), driven(), driven());
    let (tell, told) = mpsc::channel();
    let (say, ended) = mpsc::channel();
    let ended = Mutex::new(ended);
    let server = serving.block_on(Server::start(move |request| {
        if (request.method, request.number) == ("PUT", 5) {
            tell.send(()).expect("the test goes on");
            let ended = ended.lock().expect("no panic");
            ended.recv().expect("the first runtime ends");
        }
        Fate::Response
    }));
    let secrets = secrets(&server);
    let stored = first.block_on(secrets.set("FIRST", "value", Visibility::All));
    stored.expect("stored");
    assert_eq!(server.connections(), 1);

    let ending = thread::spawn(move || {
        told.recv().expect("a write of the second runtime");
        drop(first);
        say.send(()).expect("the server goes on");
    });
    let report = second.block_on(async {
        let batch = secrets.set_all(new(32)).await.expect("a key");
        timeout(FOR_EVER, batch.finish()).await.expect("an end")
    });
    ending.join().expect("no panic");

    assert_eq!(report.expect("all of them").created(), 32);
    assert!(server.connections() > 1);
    let writes = writes(&server);
    assert_eq!(writes.len(), 33);
    assert!(writes.values().sum::<usize>() > 33, "nothing was lost");
    assert!(
        writes.values().all(|times| *times <= ATTEMPTS),
        "{writes:?}"
    );
}

#[test]
fn a_runtime_that_is_not_driven_lets_calls_of_another_fail_and_not_hang() {
    let (serving, first, second) = (driven(), undriven(), undriven());
    let server = serving.block_on(Server::start(|_| Fate::Response));
    let secrets = github::codespaces(builder(&server).timeout(Duration::from_millis(500)));
    let stored = first.block_on(secrets.set("FIRST", "value", Visibility::All));
    stored.expect("stored");

    let report = second.block_on(async {
        let batch = secrets.set_all(new(8)).await.expect("the key is at hand");
        timeout(FOR_EVER, batch.finish()).await.expect("an end")
    });
    let report = report.unwrap_or_else(|report| report);
    for item in report.items {
        let fits = match &item.result {
            Ok(_) => true,
            Err(error) => matches!(error, Error::Connection(_) | Error::NotTried(_)),
        };
        assert!(fits, "{}: {:?}", item.name, item.result);
    }
    // It goes on, with what is still wanted.
    let stored = first.block_on(secrets.set("LAST", "value", Visibility::All));
    stored.expect("stored");

    let writes = writes(&server);
    assert!(
        writes.values().all(|times| *times <= ATTEMPTS),
        "{writes:?}"
    );
    assert!(writes.len() <= 10, "{writes:?}");
}
