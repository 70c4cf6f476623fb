//! Ctrl-C, a closed pipe and a full disk in the middle of an import.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use github_secrets_emulator::{Emulator, Fault, Matcher, Organization, Repository};

use crate::program::{Ran, emulator, file, on};

/// An emulator that answers this many writes at once and the others late.
async fn slow_after(writes: u32, delay: Duration) -> Emulator {
    let emulator = emulator().await;
    let slow = Fault::delay(delay).on(Matcher::method("PUT"));
    emulator.fault(slow.after(writes).always());
    emulator
}

fn import(emulator: &Emulator, name: &str, secrets: usize) -> Command {
    let lines: String = (0..secrets)
        .map(|index| format!("S_{index}=value\n"))
        .collect();
    let path = file(name, lines);
    let mut command = on(
        emulator,
        &format!("import {path} --org acme --visibility all"),
    );
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn stdout_of(child: &mut Child) -> BufReader<ChildStdout> {
    BufReader::new(child.stdout.take().unwrap())
}

fn read_lines(reader: &mut impl BufRead, lines: usize) -> String {
    let mut text = String::new();
    for _ in 0..lines {
        reader.read_line(&mut text).unwrap();
    }
    text
}

fn interrupt(child: &Child, signal: &str) {
    let kill = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// Reads the rest of the output and waits for the end.
fn finish(mut child: Child, mut stdout: impl Read, begun: String) -> Ran {
    let mut output = begun;
    stdout.read_to_string(&mut output).unwrap();
    let mut ran = Ran::new({
        child.stdout = None;
        child.wait_with_output().unwrap()
    });
    ran.stdout = output;
    ran
}

/// The names in rows that begin with this word.
fn names<'a>(rows: &'a str, word: &str) -> BTreeSet<&'a str> {
    let rows = rows.lines().filter_map(|row| row.split_once('\t'));
    rows.filter(|row| row.0 == word).map(|row| row.1).collect()
}

fn stored(emulator: &Emulator) -> BTreeSet<String> {
    let secrets = emulator.all_secrets().into_iter();
    secrets
        .map(|(_, secret)| secret.name().to_owned())
        .collect()
}

fn owned(names: &BTreeSet<&str>) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn after_an_interruption_what_is_under_way_ends_and_the_rest_is_not_tried() {
    for signal in ["-INT", "-TERM", "-HUP", "-QUIT"] {
        let emulator = slow_after(3, Duration::from_secs(1)).await;
        let mut child = import(&emulator, "interrupted.env", 60).spawn().unwrap();
        let mut stdout = stdout_of(&mut child);
        let begun = read_lines(&mut stdout, 3);

        interrupt(&child, signal);
        let ran = finish(child, stdout, begun);

        let (created, not_tried) = (
            names(&ran.stdout, "created"),
            names(&ran.stdout, "not tried"),
        );
        assert_eq!(ran.code, 3, "{ran}");
        assert_eq!(created.len() + not_tried.len(), 60, "{ran}");
        assert!(created.len() > 3 && not_tried.len() >= 40, "{ran}");
        assert_eq!(stored(&emulator), owned(&created));
        let summary = format!(
            "60 secrets: {} created, {} not tried\n",
            created.len(),
            not_tried.len()
        );
        assert!(
            ran.stderr
                .ends_with(&format!("error: interrupted\n{summary}")),
            "{ran}"
        );
    }
}

#[tokio::test]
async fn a_standard_output_that_nobody_reads_keeps_no_one_from_stopping_it() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let emulator = emulator().await;
        let mut command = import(&emulator, "blocked.env", 60);
        let (reader, mut full) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut full, &[b'x'; 64 * 1024]).unwrap();
        let mut child = command.stdout(full).spawn().unwrap();
        drop(command);
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut messages = read_lines(&mut stderr, 1);
        while emulator.all_secrets().is_empty() {
            std::thread::yield_now();
        }

        interrupt(&child, signal);
        stderr.read_to_string(&mut messages).unwrap();
        let code = child.wait().unwrap().code();

        assert_eq!(code, Some(3), "{messages}");
        assert_eq!(
            stored(&emulator),
            owned(&names(&messages, "created")),
            "{messages}"
        );
        assert!(stored(&emulator).len() < 60);
        assert!(
            messages.contains("error: interrupted\n60 secrets: "),
            "{messages}"
        );
        drop(reader);
    }
}

/// `2>&1 | less`: not even a message can be written.
#[tokio::test]
async fn the_second_signal_ends_it_although_nobody_reads_any_output() {
    for signals in [["-INT", "-TERM"], ["-TERM", "-HUP"]] {
        let emulator = emulator().await;
        let mut command = import(&emulator, "both-blocked.env", 500);
        let (reader, mut full) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut full, &[b'x'; 60 * 1024]).unwrap();
        command.stderr(full.try_clone().unwrap()).stdout(full);
        let mut child = command.spawn().unwrap();
        drop(command);
        while emulator.all_secrets().is_empty() {
            std::thread::yield_now();
        }

        for signal in signals {
            interrupt(&child, signal);
        }
        assert_eq!(child.wait().unwrap().code(), Some(3), "{signals:?}");
        drop(reader);
    }
}

#[tokio::test]
async fn a_second_interruption_ends_at_once_and_says_what_is_not_known() {
    let emulator = slow_after(3, Duration::from_secs(120)).await;
    let mut child = import(&emulator, "twice.env", 60).spawn().unwrap();
    let mut stdout = stdout_of(&mut child);
    let begun = read_lines(&mut stdout, 3);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());

    interrupt(&child, "-INT");
    let notes = read_lines(&mut stderr, 2);
    assert!(notes.contains("press Ctrl-C again"), "{notes}");
    interrupt(&child, "-INT");
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    let ran = finish(child, stdout, begun);

    let (created, unknown) = (names(&ran.stdout, "created"), names(&ran.stdout, "unknown"));
    assert_eq!((ran.code, created.len(), unknown.len()), (3, 3, 8), "{ran}");
    assert_eq!(names(&ran.stdout, "not tried").len(), 49);
    assert!(
        rest.ends_with("60 secrets: 3 created, 8 unknown, 49 not tried\n"),
        "{rest}"
    );
}

#[tokio::test]
async fn a_pipe_that_is_closed_early_stops_the_import_and_the_rows_are_on_standard_error() {
    let emulator = slow_after(1, Duration::from_millis(500)).await;
    let mut child = import(&emulator, "closed.env", 60).spawn().unwrap();
    let mut stdout = stdout_of(&mut child);
    let begun = read_lines(&mut stdout, 1);
    drop(stdout);

    let ran = Ran::new(child.wait_with_output().unwrap());

    let mut created = names(&ran.stderr, "created");
    created.extend(names(&begun, "created"));
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(stored(&emulator), owned(&created), "{ran}");
    let not_tried = names(&ran.stderr, "not tried").len();
    assert!(not_tried >= 40 && created.len() + not_tried == 60, "{ran}");
    assert!(
        ran.stderr
            .contains("error: standard output cannot be written: Broken pipe"),
        "{ran}"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_stops_the_import_and_the_rows_are_on_standard_error() {
    let emulator = emulator().await;
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = import(&emulator, "full.env", 60);

    let ran = Ran::new(command.stdout(full).output().unwrap());

    let created = names(&ran.stderr, "created");
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(stored(&emulator), owned(&created), "{ran}");
    assert!(!created.is_empty() && created.len() < 60, "{ran}");
    assert!(ran.stderr.contains("No space left on device"), "{ran}");
    assert!(!ran.stderr.contains("panicked"), "{ran}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn one_secret_that_is_stored_is_reported_although_the_disk_is_full() {
    let emulator = emulator().await;
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = on(&emulator, "set A --repo acme/website --value-env A");
    command
        .env("A", "value")
        .stderr(Stdio::piped())
        .stdout(full);

    let ran = Ran::new(command.output().unwrap());

    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.starts_with("created A in the Actions secrets"),
        "{ran}"
    );
    assert!(ran.stderr.contains("the change is made, but"), "{ran}");
    assert_eq!(stored(&emulator).len(), 1);
}

#[tokio::test]
async fn one_secret_that_is_stored_is_reported_although_the_pipe_is_closed() {
    let emulator = emulator().await;
    let mut command = on(&emulator, "set A --repo acme/website --value-env A");
    command.env("A", "value").stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());

    let ran = Ran::new(child.wait_with_output().unwrap());

    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            0,
            "created A in the Actions secrets of the repository acme/website\n"
        )
    );
}

#[tokio::test]
async fn a_list_whose_reader_has_gone_ends_without_a_word() {
    let emulator = emulator().await;
    let mut child = on(&emulator, "list --org acme --json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());

    let ran = Ran::new(child.wait_with_output().unwrap());

    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[tokio::test]
async fn an_import_of_5000_lines_says_how_long_it_takes_and_how_far_it_is() {
    let emulator = emulator().await;
    let mut child = import(&emulator, "long.env", 5_000).spawn().unwrap();
    let mut stdout = stdout_of(&mut child);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());

    let beginning = read_lines(&mut stderr, 1);
    // The 80 writes of a minute are sent, and the others wait for their turn; which is said before
    // or after the rows have been written.
    let begun = read_lines(&mut stdout, 80);
    let messages = read_lines(&mut stderr, 2);
    interrupt(&child, "-INT");
    let mut rest = String::new();
    let reading = std::thread::spawn(move || {
        stderr.read_to_string(&mut rest).unwrap();
        rest
    });
    let ran = finish(child, stdout, begun);
    let rest = reading.join().unwrap();

    assert_eq!(
        beginning,
        "importing 5000 secrets into the Actions secrets of the organization acme, for all \
         repositories; within GitHub's rate limits this takes about 9 hours\n"
    );
    assert!(
        messages.contains("50 of 5000 done, about 9 hours left\n"),
        "{messages}"
    );
    assert!(
        messages.contains("waiting ") && messages.contains("GitHub's rate limits\n"),
        "{messages}"
    );
    assert_eq!(ran.code, 3);
    assert_eq!(names(&ran.stdout, "created").len(), 80);
    assert!(
        rest.ends_with("5000 secrets: 80 created, 4920 not tried\n"),
        "{rest}"
    );
}

#[tokio::test]
async fn in_many_places_what_is_not_known_is_what_was_sent_and_got_no_response() {
    let mut acme = Organization::new("acme");
    for id in 1..=10 {
        acme = acme.repository(Repository::new(id, format!("svc-{id}")));
    }
    let builder = Emulator::builder().organization(acme);
    let emulator = builder.start().await.unwrap();
    let slow = Fault::delay(Duration::from_secs(120)).on(Matcher::method("PUT"));
    emulator.fault(slow.after(3).always());
    let path = file("places-twice.env", "A=1\nB=2\nC=3\nD=4\nE=5\n");
    let mut command = on(&emulator, &format!("import {path} -R acme/svc-*"));
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = stdout_of(&mut child);
    let begun = read_lines(&mut stdout, 3);
    let sent = |emulator: &Emulator| -> BTreeSet<String> {
        let requests = emulator.requests();
        let writes = requests.iter().filter(|request| request.method() == "PUT");
        let paths = writes.map(|request| request.path().to_owned());
        paths.collect()
    };
    while sent(&emulator).len() < 11 {
        std::thread::yield_now();
    }

    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    interrupt(&child, "-INT");
    let notes = read_lines(&mut stderr, 3);
    assert!(notes.contains("press Ctrl-C again"), "{notes}");
    interrupt(&child, "-INT");
    let ran = finish(child, stdout, begun);

    let of = |word| -> BTreeSet<String> {
        let rows = ran.rows().into_iter().filter(|row| row[0] == word);
        rows.map(|row| {
            let place = row[1].strip_suffix("/actions").unwrap();
            format!("/{place}/actions/secrets/{}", row[2])
        })
        .collect()
    };
    let known: BTreeSet<String> = of("created").union(&of("unknown")).cloned().collect();
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!((of("created").len(), of("unknown").len()), (3, 8), "{ran}");
    assert_eq!(known, sent(&emulator));
    assert_eq!(of("not tried").len(), 39);
}
