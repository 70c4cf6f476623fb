//! Every command is stopped, at every point where it waits, by every signal.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    thread,
};

use crate::{
    program::{Ran, file},
    server::{Reply, Server},
};

/// A command, with how the request begins that it waits for first, and the one that changes
/// something.
struct Case {
    arguments: String,
    first: &'static str,
    write: &'static str,
}

fn changing() -> Vec<Case> {
    let import = file("stopping.env", "A=1\n");
    let case = |arguments: &str, first, write| Case {
        arguments: arguments.to_owned(),
        first,
        write,
    };
    let create = "registries create --org acme --type npm_registry --url https://npm.acme.example \
                  --visibility all";
    vec![
        case(
            "set A --repo acme/website",
            "GET /repos/acme/website/actions/secrets/public-key",
            "PUT",
        ),
        case(
            "set A --org acme --repos website",
            "GET /repos/acme/website",
            "PUT",
        ),
        case(
            "rotate A --org acme",
            "GET /orgs/acme/actions/secrets/A",
            "PUT",
        ),
        case(
            "access A --org acme --visibility all",
            "GET /orgs/acme/actions/secrets/A",
            "PUT",
        ),
        case(
            "access A --org acme --add-repos 2",
            "GET /orgs/acme/actions/secrets/A",
            "PUT",
        ),
        case(
            "access A --org acme --remove-repos website",
            "GET /repos/acme/website",
            "DELETE",
        ),
        case(
            "access A --user --no-repos-selected --yes",
            "GET /user/codespaces/secrets/A",
            "PUT",
        ),
        case("delete A --repo acme/website", "DELETE", "DELETE"),
        case(
            &format!("import {import} --repo acme/website"),
            "GET",
            "PUT",
        ),
        case(create, "GET /orgs/acme/private-registries", "POST"),
        case(
            "registries update NPM_REGISTRY_SECRET --org acme --new-value",
            "GET /orgs/acme/private-registries",
            "PATCH",
        ),
        case(
            "registries delete NPM_REGISTRY_SECRET --org acme",
            "DELETE",
            "DELETE",
        ),
    ]
}

const READING: [&str; 8] = [
    "list --org acme",
    "list -R acme/website,acme/api --app all",
    "audit --org acme",
    "set A -R acme/svc-*",
    "show A --org acme",
    "key --org acme",
    "seal A --org acme",
    "registries list --org acme",
];

const SIGNALS: [&str; 4] = ["-INT", "-TERM", "-HUP", "-QUIT"];

fn start(mut command: Command) -> Child {
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(b"value");
    child
}

fn signal(child: &Child, signal: &str) {
    let kill = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// Reads standard error until it holds this, or to its end.
fn wait_for(stderr: &mut impl BufRead, part: &str) -> String {
    let mut text = String::new();
    while !text.contains(part) {
        let mut line = String::new();
        if stderr.read_line(&mut line).unwrap() == 0 {
            break;
        }
        text.push_str(&line);
    }
    text
}

/// Waits for the end, and returns everything that was printed.
fn finish(child: Child, begun: String, mut stderr: impl Read + Send + 'static) -> Ran {
    let rest = thread::spawn(move || {
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        rest
    });
    let mut ran = Ran::new(child.wait_with_output().unwrap());
    ran.stderr = begun + &rest.join().unwrap();
    ran
}

const UNDER_WAY: &str = "press Ctrl-C again";

#[test]
fn before_the_write_is_sent_a_stop_means_that_nothing_is_changed() {
    for case in changing() {
        if case.first == case.write {
            continue;
        }
        for number in SIGNALS {
            let first = case.first;
            let server = Server::start(move |line| match line.starts_with(first) {
                true => Reply::Held,
                false => Reply::Success,
            });
            let mut child = start(server.program(&case.arguments));
            let stderr = BufReader::new(child.stderr.take().unwrap());
            server.wait_for(case.first);

            signal(&child, number);
            // The response to a read is not waited for, so it never has to come.
            let ran = finish(child, String::new(), stderr);

            let arguments = &case.arguments;
            assert_eq!(ran.code, 1, "{number} {arguments}: {ran}");
            assert!(
                ran.stderr.contains("interrupted"),
                "{number} {arguments}: {ran}"
            );
            assert_eq!(server.writes(), [""; 0], "{number} {arguments}: {ran}");
        }
    }
}

#[test]
fn what_was_sent_is_waited_for_and_reported() {
    for case in changing() {
        for number in SIGNALS {
            let write = case.write;
            let server = Server::start(move |line| match line.starts_with(write) {
                true => Reply::Held,
                false => Reply::Success,
            });
            let mut child = start(server.program(&case.arguments));
            let mut stderr = BufReader::new(child.stderr.take().unwrap());
            server.wait_for(case.write);

            signal(&child, number);
            let begun = wait_for(&mut stderr, UNDER_WAY);
            assert!(begun.contains(UNDER_WAY), "{begun}");
            server.release();
            let ran = finish(child, begun, stderr);

            let arguments = &case.arguments;
            assert_eq!(server.writes().len(), 1, "{number} {arguments}: {ran}");
            // What has to be read back after the write is not, and that is said.
            let done = ["updated", "created", "deleted", "added", "removed"];
            let is_reported = done.iter().any(|done| ran.stdout.contains(done));
            assert!(is_reported || ran.code == 3, "{number} {arguments}: {ran}");
        }
    }
}

#[test]
fn a_second_signal_ends_at_once_and_says_that_the_outcome_is_not_known() {
    for case in changing() {
        let write = case.write;
        let server = Server::start(move |line| match line.starts_with(write) {
            true => Reply::Held,
            false => Reply::Success,
        });
        let mut child = start(server.program(&case.arguments));
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        server.wait_for(case.write);

        signal(&child, "-INT");
        let begun = wait_for(&mut stderr, UNDER_WAY);
        signal(&child, "-TERM");
        let ran = finish(child, begun, stderr);

        let arguments = &case.arguments;
        assert_eq!(ran.code, 3, "{arguments}: {ran}");
        let says = ran.stderr.contains("may have been made") || ran.stdout.contains("unknown\t");
        assert!(says, "{arguments}: {ran}");
        server.release();
    }
}

#[test]
fn while_it_waits_for_a_limit_or_an_attempt_a_stop_ends_it_at_once() {
    for (reply, waits) in [
        (Reply::Status(429, "retry-after: 100"), "waiting 2 minutes"),
        (Reply::Status(503, "retry-after: 100"), "waiting 2 minutes"),
    ] {
        for case in changing() {
            for first in [case.first, case.write] {
                // A creation that may have taken effect is not repeated.
                if first == "POST" && matches!(reply, Reply::Status(503, _)) {
                    continue;
                }
                for number in SIGNALS {
                    let response = reply.clone();
                    let server = Server::start(move |line| match line.starts_with(first) {
                        true => response.clone(),
                        false => Reply::Success,
                    });
                    let mut command = server.program(&case.arguments);
                    command.args(["--deadline", "1h"]);
                    let mut child = start(command);
                    let mut stderr = BufReader::new(child.stderr.take().unwrap());
                    let begun = wait_for(&mut stderr, waits);
                    assert!(begun.contains(waits), "{}: {begun}", case.arguments);

                    signal(&child, number);
                    let ran = finish(child, begun, stderr);

                    let arguments = &case.arguments;
                    let writes = usize::from(first == case.write);
                    assert_eq!(server.writes().len(), writes, "{number} {arguments}: {ran}");
                    assert!(matches!(ran.code, 1 | 3), "{number} {arguments}: {ran}");
                    assert!(!ran.stdout.contains("created"), "{ran}");
                    assert!(!ran.stdout.contains("updated"), "{ran}");
                    if writes > 0 && matches!(reply, Reply::Status(429, _)) {
                        assert!(ran.stderr.contains("rate limit lasts"), "{ran}");
                        assert!(!ran.stdout.contains("not tried"), "{ran}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_only_reads_ends_at_once() {
    for arguments in READING {
        for number in SIGNALS {
            let server = Server::start(|_| Reply::Held);
            let mut child = start(server.program(arguments));
            let stderr = child.stderr.take().unwrap();
            server.wait_for("GET");

            signal(&child, number);
            let ran = finish(child, String::new(), stderr);

            assert_eq!(
                (ran.code, ran.stdout.as_str()),
                (1, ""),
                "{number} {arguments}: {ran}"
            );
            assert!(
                ran.stderr.contains("interrupted"),
                "{number} {arguments}: {ran}"
            );
        }
    }
}

#[test]
fn a_signal_that_was_ignored_from_the_beginning_stays_ignored() {
    let server = Server::start(|line| match line.starts_with("PUT") {
        true => Reply::Held,
        false => Reply::Success,
    });
    let program = server.program("set A --repo acme/website");
    let mut command = Command::new("nohup");
    command.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child = start(command);
    let stderr = child.stderr.take().unwrap();
    server.wait_for("PUT");

    signal(&child, "-HUP");
    server.release();
    let ran = finish(child, String::new(), stderr);

    assert_eq!(
        (ran.code, ran.stderr.contains(UNDER_WAY)),
        (0, false),
        "{ran}"
    );
}

#[test]
fn deletions_end_with_the_first_error_that_every_other_one_would_meet() {
    let names: Vec<_> = (0..20).map(|index| format!("S_{index:02}")).collect();
    let delete = format!("delete {} --repo acme/website", names.join(" "));
    let server = Server::start(|_| Reply::Status(401, ""));
    let ran = finish(start(server.program(&delete)), String::new(), &b""[..]);

    assert_eq!((ran.code, server.writes().len()), (1, 1), "{ran}");
    assert_eq!(ran.stdout.matches("not tried\t").count(), 19, "{ran}");

    // One name that is not there says nothing about the others.
    let server = Server::start(|line| match line.ends_with("S_03") {
        true => Reply::Status(404, ""),
        false => Reply::Success,
    });
    let ran = finish(start(server.program(&delete)), String::new(), &b""[..]);
    assert_eq!((ran.code, server.writes().len()), (3, 20), "{ran}");

    // Where nothing listens, two names are enough to know.
    let mut nowhere = crate::program::program(&delete);
    nowhere.args(["--api-url", "http://127.0.0.1:1", "--attempts", "1"]);
    nowhere.env("GH_TOKEN", "ghp_any");
    let ran = finish(start(nowhere), String::new(), &b""[..]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(ran.stdout.matches("failed\t").count(), 2, "{ran}");
    assert_eq!(ran.stdout.matches("not tried\t").count(), 18, "{ran}");
}
