//! The memory of the living program, searched for a value that was stored.
//!
//! Standard output is a pipe that is full, so the program waits there when it has nothing more to
//! do with the value.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::unix::fs::FileExt,
    process::{Child, Command, Stdio},
};

use crate::{
    program::file,
    server::{Reply, Server},
    sync::{KEY, Platform},
};

const CANARY_BYTES: usize = 32;
const LARGEST: usize = 49_104;

/// A text that exists in no other place.
fn canary() -> String {
    let mut random = [0; CANARY_BYTES];
    File::open("/dev/urandom")
        .unwrap()
        .read_exact(&mut random)
        .unwrap();
    random
        .iter()
        .map(|byte| char::from(b'A' + byte % 26))
        .collect()
}

/// How many copies there are in all memory that the process can write to.
fn copies(child: &Child, canary: &str) -> usize {
    let folder = format!("/proc/{}", child.id());
    let maps = fs::read_to_string(format!("{folder}/maps")).unwrap();
    let memory = File::open(format!("{folder}/mem")).unwrap();
    let mut copies = 0;
    for (begin, end) in maps.lines().filter_map(writable) {
        let mut region = vec![0; (end - begin) as usize];
        // Some regions are not there to be read.
        if memory.read_exact_at(&mut region, begin).is_ok() {
            let first = canary.as_bytes()[0];
            let starts = region
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == first);
            copies += starts
                .filter(|(at, _)| region[*at..].starts_with(canary.as_bytes()))
                .count();
        }
    }
    copies
}

fn writable(line: &str) -> Option<(u64, u64)> {
    let mut parts = line.split_ascii_whitespace();
    let (begin, end) = parts.next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    let is_writable = parts.next()?.starts_with("rw");
    is_writable.then_some((number(begin)?, number(end)?))
}

/// Waits until a thread of the process writes to standard output.
fn wait_until_it_writes(child: &Child) {
    let writes = |call: String| {
        let mut fields = call.split_ascii_whitespace();
        // write, by its numbers on x86-64 and on AArch64.
        matches!(fields.next(), Some("1" | "64")) && fields.next() == Some("0x1")
    };
    loop {
        let threads = fs::read_dir(format!("/proc/{}/task", child.id())).unwrap();
        let mut calls = threads
            .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("syscall")).ok());
        if calls.any(writes) {
            return;
        }
        std::thread::yield_now();
    }
}

/// Runs a command that stores a value, and searches its memory before and after.
fn leaves_nothing(arguments: &str, input: &str, canary: &str) {
    let server = Server::start(|line| match line.starts_with("GET") {
        true => Reply::Success,
        false => Reply::Held,
    });
    let (reader, mut full) = std::io::pipe().unwrap();
    full.write_all(&[b'x'; 64 * 1024]).unwrap();
    let mut command: Command = server.program(arguments);
    command.env("SECRETS_STATE_KEY", KEY);
    command.stdin(Stdio::piped()).stdout(full);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    drop(command);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();

    // A call keeps the value until GitHub has responded: the search finds it.
    server.wait_for(" /");
    while server.writes().is_empty() {
        server.wait_for(" /");
    }
    assert_ne!(copies(&child, canary), 0, "{arguments}");

    server.release();
    wait_until_it_writes(&child);
    assert_eq!(copies(&child, canary), 0, "{arguments}");

    let mut output = String::new();
    { reader }.read_to_string(&mut output).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_value_that_was_stored_is_gone_wherever_it_came_from() {
    for size in [CANARY_BYTES, 4_096, LARGEST] {
        let canary = canary();
        let value: String = canary.chars().cycle().take(size).collect();
        let path = file("memory.txt", format!("{value}\n"));
        let create = "registries create --org acme --type npm_registry --visibility all --url \
                      https://npm.acme.example";

        leaves_nothing("set A --repo acme/website", &value, &canary);
        leaves_nothing("set A --repo acme/website", &format!("{value}\n"), &canary);
        leaves_nothing(
            &format!("set A -R acme/website --value-file {path}"),
            "",
            &canary,
        );
        leaves_nothing("rotate A --org acme", &value, &canary);
        leaves_nothing(create, &value, &canary);
    }
}

#[test]
fn the_values_of_a_file_are_gone_when_they_are_stored() {
    let canary = canary();
    let lines = vec![canary.as_str(); 50];
    let json = format!("{{\"A\": \"{}\\u20ac\"}}", lines.join("\\n"));
    let largest: String = canary.chars().cycle().take(LARGEST).collect();

    leaves_nothing("import - --repo acme/website", &json, &canary);
    let plain = format!("{{\"A\": \"{largest}\"}}");
    leaves_nothing("import - --repo acme/website", &plain, &canary);
    for text in [
        format!("A={largest}\n"),
        format!("A='{}'\n", lines.join("\n")),
        format!("A=\"{}\"\n", lines.join("\\n")),
    ] {
        leaves_nothing("import - --repo acme/website", &text, &canary);
    }
}

#[test]
fn the_values_of_a_sync_are_gone_when_they_are_stored() {
    let canary = canary();
    let value = canary.repeat(50);
    let escaped = vec![canary.as_str(); 50].join("\\n");
    for (source, text) in [
        ("stdin:", format!("{value}\n")),
        (
            "stdin:#a",
            format!("{{\"a\": \"{escaped}\", \"b\": \"other\"}}"),
        ),
        ("file:value.txt", format!("{value}\n")),
    ] {
        let file = format!("[[set]]\nrepos = ['acme/website']\nsecrets = {{ A = '{source}' }}\n");
        let platform = Platform::new("memory", &file);
        fs::write(platform.path("value.txt"), &text).unwrap();
        let path = platform.path("platform.toml");

        leaves_nothing(&format!("apply {}", path.display()), &text, &canary);
    }
}

#[test]
fn a_value_for_many_places_is_in_memory_once() {
    let copies_with = |places: &str, count| {
        let canary = canary();
        let server = Server::start(|line| match line.starts_with("GET") {
            true => Reply::Success,
            false => Reply::Held,
        });
        let mut command = server.program(&format!("set A -R {places}"));
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(canary.as_bytes()).unwrap();
        drop(stdin);
        while server.writes().len() < count {
            server.wait_for(" /");
        }
        let copies = copies(&child, &canary);
        server.release();
        assert!(child.wait().unwrap().success());
        copies
    };

    let one = copies_with("acme/a", 1);
    let many = copies_with("acme/a,acme/b,acme/c,acme/d,acme/e", 5);
    assert_eq!((one, many), (1, 1));
}
